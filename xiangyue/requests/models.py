"""What people ask of the scheme beside points: whom to call, and complaints about it or its staff."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.people.models import Household, Unit
from xiangyue.users.models import User


class ContactKind(models.TextChoices):
    """For what one calls a number."""

    GRID = "grid", _("网格员")
    VILLAGE = "village", _("村委会")
    SUPERVISION = "supervision", _("监督电话")
    HOTLINE = "hotline", _("热线")


class ContactLine(models.Model):
    """A phone that a unit answers, public as on the wall. label: what people call it; an office, never a name."""

    unit = models.ForeignKey(  # its index is the first half of another
        Unit, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=20, choices=ContactKind.choices)
    label = models.CharField(max_length=40)
    phone = models.CharField(max_length=20)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("unit", "kind"), name="one_line_of_a_kind"),)

    def __str__(self) -> str:
        return self.label


class ComplaintKind(models.TextChoices):
    """What a complaint is about."""

    POINTS = "points", _("积分不公平")
    STAFF = "staff", _("办事的人不对")
    MONEY = "money", _("钱和东西不清楚")
    PRIVACY = "privacy", _("说出了我家的事")
    BURDEN = "burden", _("硬要我做什么")
    OTHER = "other", _("别的事")


class ComplaintWay(models.TextChoices):
    """How a complaint came in."""

    PAGE = "page", _("网页")
    PHONE = "phone", _("电话")
    PAPER = "paper", _("纸上写的")
    PERSON = "person", _("当面说的")


class ComplaintState(models.TextChoices):
    OPEN = "open", _("等答复")
    ANSWERED = "answered", _("答复了")


class Complaint(models.Model):
    """A complaint about the scheme or its staff (投诉), to be answered by the level above the one complained about.

    unit: whose staff is meant. answer_unit: who has to answer it, until answer_by (the last day); the unit itself only
    where there is none above. household: who complains; None for who gave no name. is_hidden: who answers is not told
    which household it is. token_hash: of the 128 random bits in the address of its progress; whoever complained has
    them, and nobody else. recorded_by: who wrote down what was said on paper, by phone or in person.
    """

    token_hash = models.CharField(max_length=64)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    answer_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=ComplaintKind.choices)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    is_hidden = models.BooleanField(default=True)
    way = models.CharField(max_length=10, choices=ComplaintWay.choices)
    text = models.TextField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    lodged_at = models.DateTimeField()
    answer_by = models.DateField()
    state = models.CharField(max_length=10, choices=ComplaintState.choices, default=ComplaintState.OPEN)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("answer_by",), condition=Q(state="open"), name="complaints_to_answer"),
            models.Index(fields=("unit", "lodged_at")),
        )
        constraints = (
            models.UniqueConstraint(fields=("token_hash",), name="one_complaint_of_a_token"),
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None) | Q(state="answered", answered_at__isnull=False),
                name="a_complaint_is_answered_once",
            ),
        )
