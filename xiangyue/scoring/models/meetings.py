"""Meetings: who was called and came, what they decided, what the assembly confirmed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiangyue.people.models import Body, Unit
from xiangyue.records.models import StoredFile
from xiangyue.scoring.models.deeds import Share
from xiangyue.users.models import User


class Call(models.Model):
    """A committee is called to a meeting on a day (召集). cancelled_at: it will not be held."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    body = models.CharField(max_length=20, choices=Body.choices, default=Body.EVALUATION)
    period = models.CharField(max_length=7)
    day = models.DateField()
    place = models.CharField(max_length=60, blank=True)
    called_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=120)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key",), name="one_call_of_a_key"),)
        indexes = (models.Index(fields=("unit", "period")),)


class Meeting(models.Model):
    """A body's session that decides deeds of a period, or confirms what was decided (评议会), with its minutes.

    body: the evaluation committee, or the representatives' assembly. round: the week of the month, from 1, in which it
    was held. members: of the body on that day, present or not. call: by which it was called, if it was.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    body = models.CharField(max_length=20, choices=Body.choices, default=Body.EVALUATION)
    period = models.CharField(max_length=7)
    round = models.PositiveSmallIntegerField(default=1)
    held_on = models.DateField()
    members = models.PositiveSmallIntegerField()
    call = models.OneToOneField(Call, on_delete=models.PROTECT, null=True, related_name="meeting")
    minutes = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=120)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key",), name="one_meeting_of_a_key"),)
        indexes = (models.Index(fields=("unit", "period")),)


class Attendance(models.Model):
    """Somebody was at a meeting: a member who votes, or a supervisor who watches (observes) and never does."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    observes = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("meeting", "user"), name="attends_once"),)


class Verdict(models.TextChoices):
    APPROVE = "approve", _("通过")
    ADJUST = "adjust", _("调整")
    REJECT = "reject", _("不通过")


class Decision(models.Model):
    """What was decided on one share, for a period of a judging unit. Those whom it concerns did not vote (回避).

    meeting: of the committee that decided it; None for a small matter, which the role decides that the indicator
    names. decided_by: who recorded it, or decided it. votes_*: of those who could vote; recused is how many could not.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=7)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, related_name="decisions")
    share = models.OneToOneField(Share, on_delete=models.PROTECT, related_name="decision")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reason = models.TextField(blank=True)
    votes_for = models.PositiveSmallIntegerField()
    votes_against = models.PositiveSmallIntegerField()
    recused = models.PositiveSmallIntegerField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("unit", "period")),)


class Confirmation(models.Model):
    """What the representatives' assembly said to a decision (村民代表会议确认): it stands, or the share gets nothing.

    reason: demanded where it is refused. votes_*, recused: as of a decision.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="confirmations")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="confirmation")
    is_confirmed = models.BooleanField()
    reason = models.TextField(blank=True)
    votes_for = models.PositiveSmallIntegerField()
    votes_against = models.PositiveSmallIntegerField()
    recused = models.PositiveSmallIntegerField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
