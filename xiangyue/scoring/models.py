"""Scoring: the way of a deed from what happened to posted points (DOMAIN §3).

Deeds and their shares, meetings that decide them, notices that show the decisions, objections, settlement.
Points are signed centipoints everywhere: an award is positive, a deduction negative.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiangyue.catalogue.models import Indicator
from xiangyue.kernel.actors import ACTOR_KINDS
from xiangyue.kernel.ids import public_id
from xiangyue.ledger.models import Batch
from xiangyue.people.models import Household, Level, Resident, Unit
from xiangyue.records.models import StoredFile
from xiangyue.users.models import User


class ScoringRules(models.Model):
    """How this jurisdiction scores: one row, from its preset (DOMAIN §3).

    judging_level: the level at which it judges and gives notice. notice_days: how long a notice hangs, 3 to 15.
    quorum_percent: how many of the committee must be at a meeting. unit_word: what a point is called here.
    """

    judging_level = models.CharField(max_length=20, choices=Level.choices)
    notice_days = models.PositiveSmallIntegerField(default=5)
    quorum_percent = models.PositiveSmallIntegerField(default=50)
    unit_word = models.CharField(max_length=10)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(notice_days__range=(3, 15)), name="notice_hangs_3_to_15_days"),
            models.CheckConstraint(condition=Q(quorum_percent__range=(1, 100)), name="quorum_in_percent"),
        )


class Source(models.TextChoices):
    """Who brought a deed, and how (DOMAIN §3)."""

    SELF = "self", _("自己申报")
    NEIGHBOUR = "neighbour", _("邻居推荐")
    LEADER = "leader", _("网格员记录")
    SHEET = "sheet", _("表格导入")


class DeedState(models.TextChoices):
    """Where a deed is on its way. On notice and posted are derived from its notice lines, never stored."""

    SUBMITTED = "submitted", _("待核实")
    RETURNED = "returned", _("退回补充")
    WITHDRAWN = "withdrawn", _("已撤回")
    VERIFIED = "verified", _("待评议")
    APPROVED = "approved", _("已评定")
    REJECTED = "rejected", _("未通过")


class Deed(models.Model):
    """One act on a day to which an indicator applies, good or bad (积分事项).

    unit: the judging unit that decides it. day: of the act; the catalogue's version and caps go by it.
    activity: what limits for each activity count by. fact: what it is about, where the same fact may fall under
    several items, of which the highest counts. brought_by_*: who brought it; never who decides it.
    key: idempotency key of the request that brought it.
    """

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    source = models.CharField(max_length=20, choices=Source.choices)
    brought_by_kind = models.CharField(max_length=10, choices=ACTOR_KINDS)
    brought_by_id = models.BigIntegerField()
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


class Meeting(models.Model):
    """A committee's session that decides deeds of a period (评议会), with its minutes."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=7)
    held_on = models.DateField()
    members = models.PositiveSmallIntegerField()  # of the committee on that day, present or not
    minutes = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=120)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key",), name="one_meeting_of_a_key"),)
        indexes = (models.Index(fields=("unit", "period")),)


class Attendance(models.Model):
    """A committee member was at a meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("meeting", "user"), name="attends_once"),)


class Verdict(models.TextChoices):
    APPROVE = "approve", _("通过")
    ADJUST = "adjust", _("调整")
    REJECT = "reject", _("不通过")


class Decision(models.Model):
    """What a meeting decided on one share. Those whom it concerns did not vote (回避).

    decided_by: who recorded it. votes_*: of those who could vote; recused is how many could not.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    share = models.OneToOneField(Share, on_delete=models.PROTECT, related_name="decision")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reason = models.TextField(blank=True)
    votes_for = models.PositiveSmallIntegerField()
    votes_against = models.PositiveSmallIntegerField()
    recused = models.PositiveSmallIntegerField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()


class Notice(models.Model):
    """The frozen public list of a period for a judging unit (公示), in one edition (版次).

    A correction makes the next edition. deadline: the last day on which one may object, of the first edition.
    digest: SHA-256 over the sheets' digests.
    """

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=7)
    edition = models.PositiveSmallIntegerField(default=1)
    issued_on = models.DateField()
    deadline = models.DateField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("-period", "-edition")
        constraints = (
            models.UniqueConstraint(fields=("unit", "period", "edition"), name="one_notice_a_period"),
            # An objection may be answered, and a correction issued, after the first edition's deadline.
            models.CheckConstraint(
                condition=Q(edition__gt=1) | Q(deadline__gte=F("issued_on")), name="deadline_after_issue"
            ),
        )


class NoticeSheet(models.Model):
    """One sheet of a notice, for one grid, with a check code of its own (榜页).

    issued_on: when this paper was hung. digest: SHA-256 over its head and rows, without names. A sheet that a new
    edition did not change keeps both, so that the paper on the wall stays true.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="sheets")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    issued_on = models.DateField()
    deadline = models.DateField()
    lines_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("notice", "unit"), name="one_sheet_a_grid"),)


class NoticeTotal(models.Model):
    """A household's row on a sheet, frozen: masked head, number, centipoints of the period, honour with them.

    plus, minus: magnitudes. rank: within the sheet by plus − minus; ties share a rank.
    """

    sheet = models.ForeignKey(NoticeSheet, on_delete=models.PROTECT, related_name="totals")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveIntegerField()
    masked_name = models.CharField(max_length=10)
    number = models.CharField(max_length=20)
    plus = models.BigIntegerField()
    minus = models.BigIntegerField()
    honour = models.BigIntegerField()

    class Meta:
        ordering = ("rank", "number")
        constraints = (models.UniqueConstraint(fields=("sheet", "household"), name="one_total_each"),)

    @property
    def net(self) -> int:
        return self.plus - self.minus


class NoticeLine(models.Model):
    """One decided share on notice, frozen; what settles is lines (第10期第58条).

    number: counts through the period and unit. deadline: the last day on which one may object to it.
    part: lines of one sheet and part are posted together. replaces: the line that an upheld objection corrected.
    """

    sheet = models.ForeignKey(NoticeSheet, on_delete=models.PROTECT, related_name="lines")
    share = models.ForeignKey(Share, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    points = models.BigIntegerField()
    deadline = models.DateField()
    part = models.PositiveIntegerField()
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replacement")

    class Meta:
        ordering = ("number",)
        indexes = (models.Index(fields=("sheet", "part")), models.Index(fields=("household",)))
        constraints = (models.UniqueConstraint(fields=("sheet", "share"), name="one_line_a_share"),)


class ObjectionState(models.TextChoices):
    OPEN = "open", _("等答复")
    UPHELD = "upheld", _("意见成立")
    DISMISSED = "dismissed", _("意见不成立")


class Objection(models.Model):
    """A villager's complaint about a line, or about a household's total (异议). It must be answered.

    line: when one line is meant; otherwise total, and all of the household's lines are held.
    household: whose member objects; never shown in public.
    """

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    sheet = models.ForeignKey(NoticeSheet, on_delete=models.PROTECT, related_name="objections")
    line = models.ForeignKey(NoticeLine, on_delete=models.PROTECT, null=True, related_name="objections")
    total = models.ForeignKey(NoticeTotal, on_delete=models.PROTECT, null=True, related_name="objections")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    lodged_by_kind = models.CharField(max_length=10, choices=ACTOR_KINDS)
    lodged_by_id = models.BigIntegerField()
    lodged_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ObjectionState.choices, default=ObjectionState.OPEN)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=120)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("key",), name="one_objection_of_a_key"),
            models.CheckConstraint(
                condition=Q(line=None, total__isnull=False) | Q(line__isnull=False, total=None),
                name="objects_to_line_or_total",
            ),
        )


class Settlement(models.Model):
    """One part of a sheet was posted to the ledger (入账). Its batch is None where all its lines were zero or held."""

    sheet = models.ForeignKey(NoticeSheet, on_delete=models.PROTECT, related_name="settlements")
    part = models.PositiveIntegerField()
    settled_at = models.DateTimeField()
    batch = models.OneToOneField(Batch, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("sheet", "part"), name="a_part_settles_once"),)


class HeldLine(models.Model):
    """A line that was left out of its part's settlement, since an objection to it was open or had corrected it.

    released: it was posted later, once the objection was dismissed; release: by which batch (None if it was zero).
    """

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="held_lines")
    line = models.OneToOneField(NoticeLine, on_delete=models.PROTECT, related_name="held")
    released = models.BooleanField(default=False)
    release = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="+")
