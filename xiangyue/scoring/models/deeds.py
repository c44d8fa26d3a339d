"""Deeds, what they mean for households, and what shows them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from xiangyue.catalogue.models import Indicator
from xiangyue.kernel.actors import ACTOR_KINDS
from xiangyue.kernel.ids import public_id
from xiangyue.people.models import Household, Resident, Unit
from xiangyue.records.models import StoredFile
from xiangyue.users.models import User


class Source(models.TextChoices):
    """Who brought a deed, and how (DOMAIN §3)."""

    SELF = "self", _("自己申报")
    NEIGHBOUR = "neighbour", _("邻居推荐")
    GROUP = "group", _("小组上报")
    LEADER = "leader", _("网格员记录")
    CADRE = "cadre", _("干部记录")
    ATTENDANCE = "attendance", _("活动签到")
    INSPECTION = "inspection", _("检查评分")
    SHEET = "sheet", _("表格导入")


class DeedState(models.TextChoices):
    """Where a deed is on its way. On notice and posted are derived from its notice lines, never stored."""

    SUBMITTED = "submitted", _("待核实")
    RETURNED = "returned", _("退回补充")
    WITHDRAWN = "withdrawn", _("已撤回")
    VERIFIED = "verified", _("待评议")
    JUDGED = "judged", _("待确认")
    APPROVED = "approved", _("已评定")
    REJECTED = "rejected", _("未通过")


class Deed(models.Model):
    """One act on a day to which an indicator applies, good or bad (积分事项).

    unit: the judging unit that decides it. day: of the act; the catalogue's version and caps go by it.
    activity: what limits for each activity count by. fact: what it is about, where the same fact may fall under
    several items, of which the highest counts. brought_by_*: who brought it; never who decides it. is_on_behalf:
    somebody with an office declared it for a household that could not (代办).
    key: idempotency key of the request that brought it.
    """

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    source = models.CharField(max_length=20, choices=Source.choices)
    brought_by_kind = models.CharField(max_length=10, choices=ACTOR_KINDS)
    brought_by_id = models.BigIntegerField()
    is_on_behalf = models.BooleanField(default=False)
    description = models.TextField(blank=True)
    activity = models.CharField(max_length=60, blank=True)
    fact = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=20, choices=DeedState.choices)
    submitted_at = models.DateTimeField()
    key = models.CharField(max_length=120)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key",), name="one_deed_of_a_key"),)
        indexes = (models.Index(fields=("unit", "state")),)


class Share(models.Model):
    """What a deed means for one household, and where it matters for one resident of it (份额).

    The facts, as far as the indicator asks for them (`catalogue.rules.facts.Facts`): proposed: points asked for where
    it leaves a range. amount: of what is counted, in base units of its unit (minutes, fen, hundredths). level, rank,
    severity, row: of a table. scores: of the judges whose median counts. reason: why at discretion so many. side: of
    an item with two. like: the item that it is scored like. faulty: a fault was found where full marks are given
    without one. role: played where several people are charged differently. part: given of what is shared.
    verified_by: who vouched for it: somebody responsible for the household's unit, and not of the household.
    points: what was decided, after limits; None until then. asked: what it would have been without them. counted: the
    amount that counts after limits on amounts. cuts: what each limit took, as the catalogue writes it.
    sentence: why, in words a villager understands.
    """

    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="shares")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, null=True, related_name="+")
    verified_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    proposed = models.BigIntegerField(null=True)
    amount = models.BigIntegerField(null=True)
    level = models.CharField(max_length=20, blank=True)
    rank = models.PositiveSmallIntegerField(null=True)
    severity = models.CharField(max_length=10, blank=True)
    row = models.CharField(max_length=60, blank=True)
    scores = ArrayField(models.BigIntegerField(), default=list)
    reason = models.TextField(blank=True)
    side = models.CharField(max_length=10, blank=True)
    like = models.ForeignKey(Indicator, on_delete=models.PROTECT, null=True, related_name="+")
    faulty = models.BooleanField(default=False)
    role = models.CharField(max_length=60, blank=True)
    part = models.BigIntegerField(null=True)
    points = models.BigIntegerField(null=True)
    asked = models.BigIntegerField(null=True)
    counted = models.BigIntegerField(null=True)
    cuts = models.JSONField(default=list)
    sentence = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=("household", "deed")),)
        constraints = (
            models.UniqueConstraint(
                fields=("deed", "household", "resident"), nulls_distinct=False, name="one_share_each"
            ),
        )


class Evidence(models.Model):
    """A file that shows a deed (证明材料). Seen by the household and those who judge, never in public."""

    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("deed", "file"), name="evidence_once"),)
