"""Objections to notices, and supervisors' remarks on shares."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.actors import ACTOR_KINDS
from xiangyue.kernel.ids import public_id
from xiangyue.people.models import Household
from xiangyue.records.models import StoredFile
from xiangyue.scoring.models.deeds import Share
from xiangyue.scoring.models.notices import Notice, NoticeLine, NoticeSheet, NoticeTotal
from xiangyue.users.models import User


class ObjectionState(models.TextChoices):
    OPEN = "open", _("等答复")
    UPHELD = "upheld", _("意见成立")
    DISMISSED = "dismissed", _("意见不成立")


class ObjectionWay(models.TextChoices):
    """How an objection came in."""

    CARD = "card", _("自己的页面")
    PHONE = "phone", _("电话")
    PAPER = "paper", _("纸上写的")
    PERSON = "person", _("当面说的")


class ObjectionKind(models.TextChoices):
    """What is wrong, in the objector's own words as far as a tap goes; who says more, writes it."""

    NOT_HAPPENED = "not-happened", _("事情没发生")
    MENDED = "mended", _("已经改了")
    NOT_OURS = "not-ours", _("不是我家")
    POINTS = "points", _("分数不对")
    OTHER = "other", _("别的")


class Instance(models.TextChoices):
    """Who has to answer an objection. One that is not answered in time goes to the next."""

    VILLAGE = "village", _("村里")
    SUPERVISION = "supervision", _("监督小组")
    TOWN = "town", _("镇里")


class Objection(models.Model):
    """A villager's complaint about a line, a household's total, or a whole notice (异议). It must be answered.

    line, total: what is meant; with a total all of the household's lines are held, with neither the whole notice is
    meant, which is held once the supervision group admits that (admitted_*). household: whose member objects; never
    shown in public. is_named: whether the village may be told who objects. way: how it came in. kind: what is wrong in
    short, empty where only words were given. instance: who has to answer it now, until answer_by (the last day).
    edition: the notice's edition that corrected what was justified.
    """

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    sheet = models.ForeignKey(NoticeSheet, on_delete=models.PROTECT, related_name="objections")
    line = models.ForeignKey(NoticeLine, on_delete=models.PROTECT, null=True, related_name="objections")
    total = models.ForeignKey(NoticeTotal, on_delete=models.PROTECT, null=True, related_name="objections")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    is_named = models.BooleanField(default=False)
    way = models.CharField(max_length=10, choices=ObjectionWay.choices)
    kind = models.CharField(max_length=20, choices=ObjectionKind.choices, blank=True)
    text = models.TextField(blank=True)
    lodged_by_kind = models.CharField(max_length=10, choices=ACTOR_KINDS)
    lodged_by_id = models.BigIntegerField()
    lodged_at = models.DateTimeField()
    admitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    admitted_at = models.DateTimeField(null=True)
    instance = models.CharField(max_length=20, choices=Instance.choices, default=Instance.VILLAGE)
    answer_by = models.DateField()
    state = models.CharField(max_length=10, choices=ObjectionState.choices, default=ObjectionState.OPEN)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    edition = models.OneToOneField(Notice, on_delete=models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=120)

    class Meta:
        indexes = (
            models.Index(fields=("answer_by",), condition=Q(state="open"), name="objections_to_answer"),
        )
        constraints = (
            models.UniqueConstraint(fields=("key",), name="one_objection_of_a_key"),
            models.CheckConstraint(condition=Q(line=None) | Q(total=None), name="objects_to_one_thing"),
        )

    @property
    def is_to_all(self) -> bool:
        """Whether the whole notice is meant."""
        return self.line_id is None and self.total_id is None


class ObjectionEvidence(models.Model):
    """A file that an objector showed. Seen by the household and those who answer it, never in public."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("objection", "file"), name="objection_evidence_once"),)


class Remark(models.Model):
    """What a supervisor remarks on a share (监督意见). It never scores.

    holds: until it is answered, the share does not settle.
    """

    share = models.ForeignKey(Share, on_delete=models.PROTECT, related_name="remarks")
    text = models.TextField()
    holds = models.BooleanField(default=False)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=120)

    class Meta:
        indexes = (
            models.Index(
                fields=("share",), condition=Q(holds=True, answered_at=None), name="remarks_that_hold"
            ),
        )
        constraints = (models.UniqueConstraint(fields=("key",), name="one_remark_of_a_key"),)
