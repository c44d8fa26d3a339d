"""Catalogues (积分细则): what a deed is worth in a unit and below it (DOMAIN §4).

A catalogue is a version: drafted, deliberated, voted, in force from a day until the next one. What its indicators say
is kept as `codec` writes the pure rules; nothing of it is kept twice.
"""

from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiangyue.catalogue.codec import item_from_json, item_to_json, scheme_from_json
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.scheme import Scheme
from xiangyue.kernel.actors import ACTOR_KINDS
from xiangyue.people.models import Household, Unit
from xiangyue.records.models import StoredFile
from xiangyue.users.models import User


class State(models.TextChoices):
    """Where a catalogue is on its way."""

    DRAFT = "draft", _("草案")
    DELIBERATED = "deliberated", _("征求意见")
    ADOPTED = "adopted", _("表决通过")
    IN_FORCE = "in_force", _("施行中")
    SUPERSEDED = "superseded", _("已被新细则替代")


class Catalogue(models.Model):
    """One version of a unit's rules. Once in force it never changes; a deed keeps the one it was judged by.

    is_local: adds items of the unit's own to the frame above it, and gives items of the frame other points, within
    the bounds that the frame sets; otherwise it is a frame itself, and stands in for the one above. scheme: what
    holds beside the indicators, as `codec` writes it.
    feedback_until: the last day on which villagers may say what they think of it.
    in_force_from, in_force_until: the first and the last day of acts that it judges. A catalogue that has a
    successor is superseded as soon as that one is enacted, and still judges the days up to its last.
    source: the file it was imported from. minutes: of the meeting that adopted it.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    is_local = models.BooleanField(default=False)
    scheme = models.JSONField(default=dict)
    feedback_until = models.DateField(null=True)
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
                condition=Q(
                    state__in=(State.DRAFT, State.DELIBERATED, State.ADOPTED),
                    in_force_from=None,
                    in_force_until=None,
                )
                | Q(state=State.IN_FORCE, in_force_from__isnull=False, in_force_until=None)
                | Q(
                    state=State.SUPERSEDED,
                    in_force_from__isnull=False,
                    in_force_until__isnull=False,
                    in_force_until__gte=F("in_force_from"),
                ),
                name="catalogue_state_has_days",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DELIBERATED) | Q(feedback_until__isnull=False),
                name="deliberation_has_an_end",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @cached_property
    def rules(self) -> Scheme:
        """What holds beside the indicators: limits of categories and of all, base, floor, bounds of local items."""
        return scheme_from_json(self.scheme)

    def holds_on(self, day: date) -> bool:
        """Tell whether it judges acts of a day."""
        begun = self.in_force_from is not None and self.in_force_from <= day
        return begun and (self.in_force_until is None or day <= self.in_force_until)


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


# What of an item has columns of its own, or follows from the catalogue, and isn't repeated in its rule.
_COLUMNS = ("number", "title", "category", "family", "local")


class Indicator(models.Model):
    """One scorable matter (指标). rule: all that it says, as `codec` writes it; `item` gives it back.

    changes: the frame's indicator in whose place it stands in the unit and below, with points of the unit's own. Its
    rule says what it inherits too, so that a deed finds all that it was judged by; neither ever changes.
    """

    catalogue = models.ForeignKey(Catalogue, on_delete=models.PROTECT, related_name="indicators")
    changes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="indicators")
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    rule = models.JSONField()

    class Meta:
        ordering = ("catalogue_id", "position")
        constraints = (
            models.UniqueConstraint(fields=("catalogue", "number"), name="indicator_numbered_once"),
            models.UniqueConstraint(fields=("catalogue", "position"), name="indicator_has_its_place"),
        )

    def __str__(self) -> str:
        return self.title

    @cached_property
    def item(self) -> Item:
        """The indicator as the pure rules know it; no query if its category and catalogue were fetched with it."""
        item = item_from_json({**self.rule, "number": self.number, "title": self.title})
        return replace(
            item,
            category=self.category.name,
            family=self.category.family,
            local=self.catalogue.is_local and self.changes_id is None,
        )


def rule_of(item: Item) -> dict[str, Any]:
    """Give what an indicator's `rule` keeps of an item."""
    return {name: value for name, value in item_to_json(item).items() if name not in _COLUMNS}


class Feedback(models.Model):
    """What a villager said about a draft (征求意见), and how the unit answered.

    number: of the indicator that is meant; empty where the whole is. household: of who said it; null for a user who
    holds an office.
    """

    catalogue = models.ForeignKey(Catalogue, on_delete=models.PROTECT, related_name="feedback")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.CharField(max_length=20, blank=True)
    text = models.TextField()
    said_by_kind = models.CharField(max_length=10, choices=ACTOR_KINDS)
    said_by_id = models.BigIntegerField()
    said_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=120)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("catalogue", "said_by_kind", "said_by_id", "key"), name="one_feedback_of_a_key"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="feedback_answered_or_not",
            ),
        )


class Vote(models.Model):
    """A vote on a draft: who could vote, who was there, how they voted. More than half of those there carry it."""

    catalogue = models.ForeignKey(Catalogue, on_delete=models.PROTECT, related_name="votes")
    held_on = models.DateField()
    eligible = models.PositiveIntegerField()
    present = models.PositiveIntegerField()
    votes_for = models.PositiveIntegerField()
    votes_against = models.PositiveIntegerField()
    abstained = models.PositiveIntegerField()
    carried = models.BooleanField()
    minutes = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(present__gt=0, present__lte=F("eligible")), name="voters_were_there"
            ),
            models.CheckConstraint(
                condition=Q(present=F("votes_for") + F("votes_against") + F("abstained")),
                name="votes_add_up",
            ),
        )


class Clearance(models.Model):
    """A county's reviewer cleared a question that the word list had raised (CONDUCT); never a matter of rights.

    number: of the indicator. words: those that raised it. reason: why it may stand.
    """

    catalogue = models.ForeignKey(Catalogue, on_delete=models.PROTECT, related_name="clearances")
    number = models.CharField(max_length=20, blank=True)
    code = models.CharField(max_length=60)
    words = models.CharField(max_length=200)
    reason = models.TextField()
    cleared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    cleared_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("catalogue", "number", "code", "words"), name="a_question_cleared_once"
            ),
        )


class Review(models.Model):
    """A quarter's look at a catalogue (每季修订): what was found, with the minutes.

    quarter: its first day. findings: what the meeting said about what each item was used for.
    """

    catalogue = models.ForeignKey(Catalogue, on_delete=models.PROTECT, related_name="reviews")
    quarter = models.DateField()
    held_on = models.DateField()
    findings = models.TextField()
    minutes = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("catalogue", "quarter"), name="a_quarter_reviewed_once"),
        )
