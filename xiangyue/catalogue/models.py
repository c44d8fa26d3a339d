"""Catalogues (积分细则): what a deed is worth in a unit and below it (DOMAIN §4).

A catalogue is a version: drafted, deliberated, in force from a day until the next one.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiangyue.catalogue.terms import Direction, Form, Measure, Subject, Window
from xiangyue.people.models import Unit
from xiangyue.records.models import StoredFile


class State(models.TextChoices):
    DRAFT = "draft", _("草案")
    IN_FORCE = "in_force", _("施行中")
    SUPERSEDED = "superseded", _("已被新细则替代")


class Catalogue(models.Model):
    """One version of a unit's rules. Once in force it never changes; a deed keeps the one it was judged by.

    in_force_from, in_force_until: the first and the last day of acts that it judges. A catalogue that has a
    successor is superseded as soon as that one is enacted, and still judges the days up to its last.
    source: the file it was imported from. minutes: of the meeting that deliberated it.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    in_force_from = models.DateField(null=True)
    in_force_until = models.DateField(null=True)
    source = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    minutes = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = (models.Index(fields=("unit", "in_force_from")),)
        constraints = (
            models.UniqueConstraint(
                fields=("unit",), condition=Q(state=State.IN_FORCE), name="one_catalogue_in_force"
            ),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT, in_force_from=None, in_force_until=None)
                | Q(state=State.IN_FORCE, in_force_from__isnull=False, in_force_until=None)
                | Q(
                    state=State.SUPERSEDED,
                    in_force_from__isnull=False,
                    in_force_until__isnull=False,
                    in_force_until__gte=F("in_force_from"),
                ),
                name="catalogue_state_has_days",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """A grouping of indicators (板块). position, from 1, is also the index of its colour (LOOK §2)."""

    catalogue = models.ForeignKey(Catalogue, on_delete=models.PROTECT, related_name="categories")
    family = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("catalogue_id", "position")
        constraints = (
            models.UniqueConstraint(fields=("catalogue", "family", "name"), name="category_named_once"),
            models.UniqueConstraint(fields=("catalogue", "position"), name="category_has_its_place"),
        )

    def __str__(self) -> str:
        return self.name


class Indicator(models.Model):
    """One scorable matter (指标).

    points_min, points_max: bounds in centipoints, always positive (the direction says the sign); the same
    number twice where the points are fixed or come by unit; none where each case is decided by itself.
    unit: what is counted (次, 小时, 亩). Texts from `evidence` on are kept as the village wrote them.
    """

    catalogue = models.ForeignKey(Catalogue, on_delete=models.PROTECT, related_name="indicators")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="indicators")
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    direction = models.CharField(max_length=10, choices=Direction.choices)
    form = models.CharField(max_length=12, choices=Form.choices)
    points_min = models.BigIntegerField(null=True)
    points_max = models.BigIntegerField(null=True)
    unit = models.CharField(max_length=20)
    subject = models.CharField(max_length=10, choices=Subject.choices)
    evidence = models.TextField(blank=True)
    brought_by = models.TextField(blank=True)
    verified_by = models.TextField(blank=True)
    approved_by = models.TextField(blank=True)
    basis = models.TextField(blank=True)
    term = models.TextField(blank=True)
    repair = models.TextField(blank=True)
    remarks = models.TextField(blank=True)

    class Meta:
        ordering = ("catalogue_id", "position")
        constraints = (
            models.UniqueConstraint(fields=("catalogue", "number"), name="indicator_numbered_once"),
            models.UniqueConstraint(fields=("catalogue", "position"), name="indicator_has_its_place"),
            models.CheckConstraint(
                condition=Q(form=Form.CASE_BY_CASE, points_min=None, points_max=None)
                | Q(points_min__isnull=False, points_max__isnull=False, points_min__gt=0)
                & (
                    Q(form=Form.RANGE, points_max__gt=F("points_min"))
                    | Q(form__in=(Form.FIXED, Form.PER_UNIT), points_max=F("points_min"))
                ),
                name="indicator_points_fit_form",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Cap(models.Model):
    """The most that counts for an indicator within a window (上限).

    amount: times, or centipoints, as the measure says. scope: whose deeds are counted together.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="caps")
    window = models.CharField(max_length=8, choices=Window.choices)
    measure = models.CharField(max_length=8, choices=Measure.choices)
    amount = models.BigIntegerField()
    scope = models.CharField(max_length=10, choices=Subject.choices)

    class Meta:
        ordering = ("indicator_id", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("indicator", "window", "measure", "scope"), name="one_cap_of_a_kind"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="cap_amount_positive"),
        )
