"""Households: the account holders of the scheme, where they live, how they stand, who looks after them, their cards."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.ids import public_id
from xiangyue.ledger.models import Holder
from xiangyue.people.models.units import Unit
from xiangyue.users.models import User


class Household(models.Model):
    """A household (农户), the account holder: "一户一档".

    number: as painted on the door; unique within its village. Kept as text, zeros in front count.
    village: the unit of level village above `unit`; kept here because the number's uniqueness hangs on it.
    holder: under which the ledger knows it.
    tags: what the village sorts its households by; never poverty or illness, which stand in Circumstance.
    left_on: its last day as a household of its own; then it was closed, or merged into `successor`.
    is_ranked: whether it stands in public rankings. asks_first: nobody acts on its behalf without asking it. Both are
    for the household alone to say.
    """

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)
    address = models.CharField(max_length=120, blank=True)
    tags = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    holder = models.OneToOneField(Holder, on_delete=models.PROTECT, related_name="+")
    joined_on = models.DateField()
    left_on = models.DateField(null=True)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="predecessors")
    is_ranked = models.BooleanField(default=True, db_default=True)
    asks_first = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ("village_id", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("village", "number"), condition=Q(left_on=None), name="household_number_in_village"
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")), name="household_runs_forward"
            ),
        )
        indexes = (
            models.Index(
                fields=("number",), name="household_number_prefix", opclasses=("varchar_pattern_ops",)
            ),
        )

    def __str__(self) -> str:
        return self.number


class FormerPlace(models.Model):
    """Where a household lived, and under which number, until a day. Where it lives now stands in its own row."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="former_places")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)
    until = models.DateField()

    class Meta:
        ordering = ("household_id", "until")
        constraints = (models.UniqueConstraint(fields=("household", "until"), name="one_place_until_a_day"),)
        indexes = (models.Index(fields=("village", "number")),)


class Standing(models.Model):
    """How a household stands (红榜、黄牌…), on what basis, and for how long.

    basis: the law or the village compact with its date. until: the last day; None for what does not end by itself,
    which only an honour may be. ended_on: the day on which it was lifted early.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="standings")
    name = models.CharField(max_length=40)
    is_honour = models.BooleanField()
    basis = models.CharField(max_length=200)
    since = models.DateField()
    until = models.DateField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(is_honour=True) | Q(until__isnull=False), name="a_penalty_ends_by_itself"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="standing_runs_forward"
            ),
        )


class Mentorship(models.Model):
    """A party member or cadre looks after a household (包户) from one day to another."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="mentorships")
    mentor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("household", "mentor"), condition=Q(until=None), name="one_mentorship_of_a_pair"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="mentorship_runs_forward"
            ),
        )


class Card(models.Model):
    """A household's card. Its address holds 128 random bits of which only the hash is stored; all else is argon2.

    pin_hash: of the six digits to sign in. till_pin_hash: of the four digits at the till; empty on cards of before.
    code_hash: of the code that binds a phone, once; empty where none is open (code_used_at: since then).
    A lost card is revoked and another issued; the household itself may change its PINs.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64)
    pin_hash = models.CharField(max_length=128)
    till_pin_hash = models.CharField(max_length=128, blank=True, default="", db_default="")
    code_hash = models.CharField(max_length=128, blank=True, default="", db_default="")
    code_used_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("token_hash",), name="one_card_of_a_token"),
            models.UniqueConstraint(
                fields=("household",), condition=Q(revoked_at=None), name="one_valid_card"
            ),
        )


class Secret(models.TextChoices):
    """What one may try at a card; each has its own count."""

    SIGN_IN = "sign_in", _("登录密码")
    TILL = "till", _("兑换密码")
    CODE = "code", _("绑定码")


class CardTry(models.Model):
    """One try at a card. Lock-outs are counted from rows, so that they hold across all processes. tried: what."""

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="tries")
    tried = models.CharField(
        max_length=10, choices=Secret.choices, default=Secret.SIGN_IN, db_default=Secret.SIGN_IN.value
    )
    at = models.DateTimeField()
    succeeded = models.BooleanField()

    class Meta:
        indexes = (models.Index(fields=("card", "tried", "at")),)
