"""Notices as they hung, and the posting of what stood on them."""

from django.db import models
from django.db.models import F, Q

from xiangyue.kernel.ids import public_id
from xiangyue.ledger.models import Batch
from xiangyue.people.models import Household, Unit
from xiangyue.scoring.models.deeds import Share


class Notice(models.Model):
    """The frozen public list of a period for a judging unit (公示), in one edition (版次).

    A correction makes the next edition. special: 0 for the period's regular notice; urgent good deeds may have
    notices of their own, numbered from 1, with the reason. deadline: the last day to object, of the first edition.
    digest: SHA-256 over the sheets' digests.
    """

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=7)
    special = models.PositiveSmallIntegerField(default=0)
    reason = models.TextField(blank=True)
    edition = models.PositiveSmallIntegerField(default=1)
    issued_on = models.DateField()
    deadline = models.DateField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("-period", "-special", "-edition")
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "period", "special", "edition"), name="one_notice_a_period"
            ),
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

    sheet = models.ForeignKey(  # its index is the first half of another
        NoticeSheet, on_delete=models.PROTECT, related_name="totals", db_index=False
    )
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

    sheet = models.ForeignKey(  # its index is the first half of another
        NoticeSheet, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
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


class Settlement(models.Model):
    """One part of a sheet was posted to the ledger (入账). Its batch is None where all its lines were zero or held."""

    sheet = models.ForeignKey(  # its index is the first half of another
        NoticeSheet, on_delete=models.PROTECT, related_name="settlements", db_index=False
    )
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
