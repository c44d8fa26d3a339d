"""Inspection rounds: judges go from household to household and score each (检查评分)."""

from django.db import models

from xiangyue.catalogue.models import Indicator
from xiangyue.people.models import Household, Unit
from xiangyue.users.models import User


class Inspection(models.Model):
    """A round through a unit's households under one indicator. closed_at: its deeds are brought."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    name = models.CharField(max_length=60)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=120)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key",), name="one_inspection_of_a_key"),)


class InspectionScore(models.Model):
    """What one judge found at one household: centipoints (a magnitude), with a word why."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="scores")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    judge = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    points = models.BigIntegerField()
    note = models.CharField(max_length=200, blank=True)
    scored_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("inspection", "household", "judge"), name="a_judge_scores_once"),
        )
