"""What people were reminded of."""

from django.db import models

from xiangyue.people.models import Unit


class Reminder(models.Model):
    """A unit was reminded of what is due on a day (到期提醒); once for each matter, day and degree.

    matter: a `scoring.rhythm.Matter`. subject: the period, or the id of what it is about. overdue: the day had
    passed when it was sent.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    matter = models.CharField(max_length=20)
    subject = models.CharField(max_length=40)
    due = models.DateField()
    overdue = models.BooleanField(default=False)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "matter", "subject", "due", "overdue"), name="reminded_once"
            ),
        )
