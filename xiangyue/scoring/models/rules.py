"""The one row of settings by which a jurisdiction scores."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.people.models import Level


class Rhythm(models.TextChoices):
    """How often something is done."""

    WEEK = "week", _("每周")
    MONTH = "month", _("每月")
    TWO_MONTHS = "two_months", _("每两个月")
    QUARTER = "quarter", _("每季")
    HALF_YEAR = "half_year", _("每半年")
    YEAR = "year", _("每年")


class ScoringRules(models.Model):
    """How this jurisdiction scores: one row, from its preset (DOMAIN §3).

    judging_level: the level at which it judges and gives notice. quorum_percent: how many of the committee must be at
    a meeting. unit_word: what a point is called here. stages: the way of a deed (`catalogue.rules.scheme.Stage`); with
    `assembly` what a meeting decided is confirmed by the representatives' assembly before it is noticed, with
    `grid_leader` deeds are vouched for by the judging unit's own grid leader alone. deductions_through: the stage
    without which nothing is deducted, if any. notice_days: how long a notice hangs, 3 to 15. objection_days: working
    days in which each instance answers an objection. public_days: how long after its deadline a notice can still be
    seen in public. scored to reviewed: the scheme's rhythm, empty for what has none.
    """

    judging_level = models.CharField(max_length=20, choices=Level.choices)
    quorum_percent = models.PositiveSmallIntegerField(default=50)
    unit_word = models.CharField(max_length=10)
    stages = ArrayField(models.CharField(max_length=20), default=list)
    deductions_through = models.CharField(max_length=20, blank=True)
    notice_days = models.PositiveSmallIntegerField(default=5)
    objection_days = models.PositiveSmallIntegerField(default=5)
    public_days = models.PositiveSmallIntegerField(default=90)
    scored = models.CharField(max_length=10, choices=Rhythm.choices, default=Rhythm.MONTH)
    redeemed = models.CharField(max_length=10, choices=Rhythm.choices, blank=True)
    compared = models.CharField(max_length=10, choices=Rhythm.choices, blank=True)
    ranked = models.CharField(max_length=10, choices=Rhythm.choices, blank=True)
    reviewed = models.CharField(max_length=10, choices=Rhythm.choices, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(notice_days__range=(3, 15)), name="notice_hangs_3_to_15_days"),
            models.CheckConstraint(condition=Q(quorum_percent__range=(1, 100)), name="quorum_in_percent"),
            models.CheckConstraint(
                condition=Q(objection_days__range=(1, 60)), name="objection_days_in_bounds"
            ),
        )
