"""The tree of units, and where each judging unit stands in joining the scheme."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiangyue.kernel import clock
from xiangyue.ledger.models import Holder


class Level(models.TextChoices):
    """Levels of the tree, from the top down. A scheme may leave levels out (DOMAIN §2 "unit")."""

    CITY = "city", _("市")
    COUNTY = "county", _("县")
    TOWN = "town", _("镇")
    VILLAGE = "village", _("行政村")
    GRID_VILLAGE = "grid_village", _("网格村")
    GRID = "grid", _("网格")
    MICRO_GRID = "micro_grid", _("微网格")
    GROUP = "group", _("联户小组")


class Joining(models.TextChoices):
    """How far a judging unit has come into the scheme (DOMAIN §2). Only an admitted one issues points."""

    OUTSIDE = "outside", _("未加入")
    PILOT = "pilot", _("试点")
    DEMONSTRATION = "demonstration", _("示范")
    ADMITTED = "admitted", _("已验收")


class Unit(models.Model):
    """A node of the jurisdiction's tree.

    code: the official division code down to the village (names repeat within a county, codes don't);
    below it the parent's code with a short part of our own: `440783104220-3`.
    path: codes from the root down to this unit, `/440783104/440783104220/`, so that "everything below" is a
    prefix, and a whole tree can be inserted without asking for ids first.
    holder: under which the ledger knows a judging unit that issues points; None for all others.
    since, until: its first and its last day. A unit is never changed into another one: when villages are merged or
    grids redrawn, it ends, and `successor` is what it became or became a part of.
    joining: of a judging unit; its history stands in JoiningStep.
    is_ranked: whether a village ranks its households in public (CONDUCT "No burden"); it may leave that to others.
    """

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    level = models.CharField(max_length=20, choices=Level.choices)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    path = models.CharField(max_length=250, unique=True)
    holder = models.OneToOneField(Holder, on_delete=models.PROTECT, null=True, related_name="+")
    since = models.DateField(default=clock.today)
    until = models.DateField(null=True)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="predecessors")
    joining = models.CharField(max_length=20, choices=Joining.choices, default=Joining.OUTSIDE)
    is_ranked = models.BooleanField(default=True, db_default=True)

    class Meta:
        ordering = ("path",)
        indexes = (
            models.Index(fields=("path",), name="unit_path_prefix", opclasses=("varchar_pattern_ops",)),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="unit_runs_forward"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def contains(self, other: "Unit") -> bool:
        """Tell whether the other unit is this one or lies below it."""
        return other.path.startswith(self.path)


class JoiningStep(models.Model):
    """A judging unit's state from a day on, and what it rests on (a check's minutes, a decision)."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="joining_steps")
    joining = models.CharField(max_length=20, choices=Joining.choices)
    since = models.DateField()
    basis = models.CharField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("unit", "since"), name="one_step_a_day"),)
