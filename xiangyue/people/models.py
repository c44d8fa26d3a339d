"""A county's people: the tree of units, households with their residents and cards, and who holds which office."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.ids import public_id
from xiangyue.ledger.models import Holder
from xiangyue.people.offices import Office
from xiangyue.users.models import User


class Level(models.TextChoices):
    """Levels of the tree, from the top down. A scheme may leave levels out (DOMAIN §2 "unit")."""

    CITY = "city", _("市")
    COUNTY = "county", _("县")
    TOWN = "town", _("镇")
    VILLAGE = "village", _("行政村")
    GRID_VILLAGE = "grid_village", _("网格村")
    GRID = "grid", _("网格")
    MICRO_GRID = "micro_grid", _("微网格")
    GROUP = "group", _("联户小组")


class Unit(models.Model):
    """A node of the jurisdiction's tree.

    code: the official division code down to the village (names repeat within a county, codes don't);
    below it the parent's code with a short part of our own: `440783104220-3`.
    path: codes from the root down to this unit, `/440783104/440783104220/`, so that "everything below" is a
    prefix, and a whole tree can be inserted without asking for ids first.
    holder: under which the ledger knows a judging unit that issues points; None for all others.
    """

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    level = models.CharField(max_length=20, choices=Level.choices)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    path = models.CharField(max_length=250, unique=True)
    holder = models.OneToOneField(Holder, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("path",)
        indexes = (
            models.Index(fields=("path",), name="unit_path_prefix", opclasses=("varchar_pattern_ops",)),
        )

    def __str__(self) -> str:
        return self.name

    def contains(self, other: "Unit") -> bool:
        """Tell whether the other unit is this one or lies below it."""
        return other.path.startswith(self.path)


class Household(models.Model):
    """A household (农户), the account holder: "一户一档".

    number: as painted on the door; unique within its village. Kept as text, zeros in front count.
    village: the unit of level village above `unit`; kept here because the number's uniqueness hangs on it.
    holder: under which the ledger knows it.
    """

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)
    address = models.CharField(max_length=120, blank=True)
    holder = models.OneToOneField(Holder, on_delete=models.PROTECT, related_name="+")
    joined_on = models.DateField()

    class Meta:
        ordering = ("village_id", "number")
        constraints = (
            models.UniqueConstraint(fields=("village", "number"), name="household_number_in_village"),
        )

    def __str__(self) -> str:
        return self.number


class Sex(models.TextChoices):
    FEMALE = "F", _("女")
    MALE = "M", _("男")


class Relation(models.TextChoices):
    """What a resident is to the head of the household."""

    HEAD = "head", _("户主")
    SPOUSE = "spouse", _("配偶")
    CHILD = "child", _("子女")
    PARENT = "parent", _("父母")
    OTHER = "other", _("其他")


class Resident(models.Model):
    """A person of a household (村民).

    born: full date for adults; for children only the year is asked for, and kept as its first of January.
    user: with whom they sign in, if they do.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="residents")
    name = models.CharField(max_length=60)
    sex = models.CharField(max_length=1, choices=Sex.choices, blank=True)
    born = models.DateField(null=True)
    relation = models.CharField(max_length=10, choices=Relation.choices)
    is_party_member = models.BooleanField(default=False)
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("household_id", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("household",), condition=Q(relation=Relation.HEAD), name="one_head"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_head(self) -> bool:
        return self.relation == Relation.HEAD


class Appointment(models.Model):
    """Someone holds an office at a unit from one day to another (任职). Every staff permission derives from one.

    until: the last day, or None while it lasts.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    office = models.CharField(max_length=30, choices=Office.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        indexes = (models.Index(fields=("user", "office")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="appointment_runs_forward"
            ),
        )


class Card(models.Model):
    """A household's card. Its address holds 128 random bits of which only the hash is stored; the PIN is argon2.

    A card is never changed, only revoked and issued anew.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64)
    pin_hash = models.CharField(max_length=128)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("token_hash",), name="one_card_of_a_token"),
            models.UniqueConstraint(
                fields=("household",), condition=Q(revoked_at=None), name="one_valid_card"
            ),
        )


class CardTry(models.Model):
    """One try of a PIN at a card. Lock-outs are counted from rows, so that they hold across all processes."""

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="tries")
    at = models.DateTimeField()
    succeeded = models.BooleanField()

    class Meta:
        indexes = (models.Index(fields=("card", "at")),)
