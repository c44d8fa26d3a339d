"""Residents: who they are, who is near to whom, what they consented to, gave, and what must be kept apart."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiangyue.people.models.households import Household
from xiangyue.users.models import User


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


INDEX_LENGTH = 32  # hex digits of an HMAC cut to 128 bits


class Resident(models.Model):
    """A person of a household (村民).

    born: full date for adults; for children only the year is asked for, and kept as its first of January.
    pinyin, initials: of the name, plain letters in lower case (tianhesheng, ths), to search by.
    id_number, phone: encrypted with the county's key (people/private.py); *_index finds the whole, *_tail the last
    four characters, both as HMACs. Empty where not asked for: ID numbers are off by default (CONDUCT "Little data").
    left_on: the last day in the village (moved away, or died_on). erased_on: since then the row holds no personal
    data; it stays since deeds and shares name it.
    user: with whom they sign in, if they do.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="residents")
    name = models.CharField(max_length=60)
    pinyin = models.CharField(max_length=200, blank=True)
    initials = models.CharField(max_length=60, blank=True)
    sex = models.CharField(max_length=1, choices=Sex.choices, blank=True)
    born = models.DateField(null=True)
    relation = models.CharField(max_length=10, choices=Relation.choices)
    is_party_member = models.BooleanField(default=False)
    lives_elsewhere = models.BooleanField(default=False)
    id_number = models.BinaryField(null=True)
    id_index = models.CharField(max_length=INDEX_LENGTH, null=True)  # noqa: DJ001 - NULLs are many and not equal
    id_tail = models.CharField(max_length=INDEX_LENGTH, null=True)  # noqa: DJ001
    phone = models.BinaryField(null=True)
    phone_index = models.CharField(max_length=INDEX_LENGTH, null=True)  # noqa: DJ001
    phone_tail = models.CharField(max_length=INDEX_LENGTH, null=True)  # noqa: DJ001
    left_on = models.DateField(null=True)
    died_on = models.DateField(null=True)
    erased_on = models.DateField(null=True)
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("household_id", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("household",), condition=Q(relation="head", left_on=None), name="one_head"
            ),
            models.UniqueConstraint(
                fields=("id_index",),
                condition=Q(id_index__isnull=False, left_on=None),
                name="one_resident_of_an_id",
            ),
        )
        # One more is made in a migration, on the name read backwards: by a given name people search too.
        indexes = (
            models.Index(fields=("name",), name="resident_name", opclasses=("varchar_pattern_ops",)),
            models.Index(fields=("pinyin",), name="resident_pinyin", opclasses=("varchar_pattern_ops",)),
            models.Index(fields=("initials",), name="resident_initials", opclasses=("varchar_pattern_ops",)),
            models.Index(fields=("id_tail",), condition=Q(id_tail__isnull=False), name="resident_id_tail"),
            models.Index(fields=("phone_index",), condition=Q(phone__isnull=False), name="resident_phone"),
            models.Index(
                fields=("phone_tail",), condition=Q(phone__isnull=False), name="resident_phone_tail"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_head(self) -> bool:
        return self.relation == Relation.HEAD


class FormerHousehold(models.Model):
    """Of which household a resident was until a day. Of which one now stands in the resident's own row."""

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="former_households")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="former_residents")
    relation = models.CharField(max_length=10, choices=Relation.choices)
    until = models.DateField()

    class Meta:
        ordering = ("resident_id", "until")
        constraints = (
            models.UniqueConstraint(fields=("resident", "until"), name="one_household_until_a_day"),
        )


class Kin(models.TextChoices):
    """What `other` is to `resident`: near relatives, for whom nobody decides (DOMAIN §3)."""

    SPOUSE = "spouse", _("配偶")
    PARENT = "parent", _("父母")
    CHILD = "child", _("子女")
    SIBLING = "sibling", _("兄弟姐妹")
    GRANDPARENT = "grandparent", _("祖父母、外祖父母")
    GRANDCHILD = "grandchild", _("孙子女、外孙子女")
    IN_LAW = "in_law", _("近姻亲")


class Kinship(models.Model):
    """Two residents are near relatives, as registered; one row a pair, the lower resident id first."""

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    kin = models.CharField(max_length=20, choices=Kin.choices)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(resident__lt=F("other")), name="a_pair_has_an_order"),
            models.UniqueConstraint(
                fields=("resident", "other"), condition=Q(until=None), name="one_kinship_of_a_pair"
            ),
        )


class Consent(models.Model):
    """A household lets a receiver (a bank, a merchant) have its points for a purpose until a day (CONDUCT "Consent").

    given_by_*: who gave it; never somebody on the household's behalf. withdrawn_at: from then on it is void.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="consents")
    receiver = models.CharField(max_length=60)
    purpose = models.CharField(max_length=120)
    given_at = models.DateTimeField()
    given_by_kind = models.CharField(max_length=10)
    given_by_id = models.BigIntegerField()
    until = models.DateField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("household", "receiver", "purpose"),
                condition=Q(withdrawn_at=None),
                name="one_consent_of_a_kind",
            ),
        )


class Gift(models.TextChoices):
    MONEY = "money", _("钱款")
    GOODS = "goods", _("物品")
    IDEA = "idea", _("建议")
    LABOUR = "labour", _("出工")


class Contribution(models.Model):
    """What a resident gave to the village (party members who live elsewhere give money, goods and ideas).

    fen: its worth where it is money.
    """

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="contributions")
    gift = models.CharField(max_length=10, choices=Gift.choices)
    what = models.CharField(max_length=200)
    fen = models.BigIntegerField(null=True)
    given_on = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(gift="money", fen__gt=0) | (~Q(gift="money") & Q(fen=None)),
                name="money_has_an_amount",
            ),
        )


class Hardship(models.TextChoices):
    POVERTY = "poverty", _("生活困难")
    ILLNESS = "illness", _("重病")
    DISABILITY = "disability", _("残疾")
    ALONE = "alone", _("独居")


class Circumstance(models.Model):
    """Poverty or illness of a resident: apart from everything else, and every reading of it is logged."""

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    hardship = models.CharField(max_length=20, choices=Hardship.choices)
    note = models.BinaryField(null=True)  # encrypted
    since = models.DateField()
    until = models.DateField(null=True)
