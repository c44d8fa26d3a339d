"""The words of a catalogue: what an indicator may say. Shared by the tables and by the pure arithmetic."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Direction(TextChoices):
    AWARD = "award", _("加")
    DEDUCTION = "deduction", _("扣")


class Form(TextChoices):
    """How an indicator's points come about."""

    FIXED = "fixed", _("固定分")
    RANGE = "range", _("幅度内评分")
    PER_UNIT = "per_unit", _("按量计分")
    CASE_BY_CASE = "case_by_case", _("一事一议")


class Subject(TextChoices):
    """Who is scored by an indicator, and for whom a cap counts."""

    HOUSEHOLD = "household", _("农户")
    PERSON = "person", _("村民个人")


class Window(TextChoices):
    """The stretch of the calendar in which a cap counts, from the narrowest to the widest.

    TIME is one single deed, ONCE is for ever; the others are the calendar's day, week from Monday, month,
    quarter and year that hold the day of the act.
    """

    TIME = "time", _("每次")
    DAY = "day", _("每天")
    WEEK = "week", _("每周")
    MONTH = "month", _("每月")
    QUARTER = "quarter", _("每季")
    YEAR = "year", _("每年")
    ONCE = "once", _("一次性")


class Measure(TextChoices):
    TIMES = "times", _("次")
    POINTS = "points", _("分")
