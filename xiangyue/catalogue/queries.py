"""Reads on catalogues."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.db.models.functions import Length

from xiangyue.catalogue.arithmetic import Rule
from xiangyue.catalogue.limits import Limit
from xiangyue.catalogue.models import Catalogue, Indicator, State
from xiangyue.catalogue.refusals import AmbiguousIndicator, NoCatalogueInForce, NoDraft, UnknownIndicator
from xiangyue.catalogue.terms import Direction, Form, Measure, Subject, Window
from xiangyue.catalogue.tokens import plain
from xiangyue.people.models import Unit
from xiangyue.people.queries import paths_to


def catalogue_in_force(unit: Unit, day: date) -> Catalogue:
    """Find the catalogue by which acts of a day are judged in a unit: its own, or the nearest above it.

    Raises: NoCatalogueInForce.
    """
    found = (
        Catalogue.objects.exclude(state=State.DRAFT)
        .filter(Q(in_force_until=None) | Q(in_force_until__gte=day), in_force_from__lte=day)
        .filter(unit__path__in=paths_to(unit))
        .select_related("unit")
        .order_by(Length("unit__path").desc())
        .first()
    )
    if found is None:
        raise NoCatalogueInForce(unit=unit.name, day=day.isoformat())
    return found


def newest_draft(unit: Unit) -> Catalogue:
    """Find the draft that was imported last for this very unit. Raises: NoDraft."""
    draft = Catalogue.objects.filter(unit=unit, state=State.DRAFT).order_by("-id").first()
    if draft is None:
        raise NoDraft(unit=unit.name)
    return draft


def indicators_of(catalogue: Catalogue) -> list[Indicator]:
    """Give a catalogue's indicators in their order, with category and caps; two queries."""
    return list(catalogue.indicators.select_related("category").prefetch_related("caps"))


def indicators_in_force(unit: Unit, day: date) -> list[Indicator]:
    """Give the indicators that may be applied to acts of a day in a unit. Raises: NoCatalogueInForce."""
    return indicators_of(catalogue_in_force(unit, day))


def find_indicator(catalogue: Catalogue, text: str) -> Indicator:
    """Find an indicator by its number or exact title. Raises: UnknownIndicator, AmbiguousIndicator."""
    return pick_indicator(catalogue, indicators_of(catalogue), text)


def pick_indicator(catalogue: Catalogue, indicators: Iterable[Indicator], text: str) -> Indicator:
    """Pick one of a catalogue's indicators as `find_indicator` does, for many texts without many queries."""
    wanted = plain(text)
    named = []
    for indicator in indicators:
        if plain(indicator.number) == wanted:
            return indicator
        if plain(indicator.title) == wanted:
            named.append(indicator)
    if not named:
        raise UnknownIndicator(catalogue=catalogue.name, text=text)
    if len(named) > 1:
        numbers = "、".join(indicator.number for indicator in named)
        raise AmbiguousIndicator(catalogue=catalogue.name, text=text, numbers=numbers)
    return named[0]


def rule_of(indicator: Indicator) -> Rule:
    """See an indicator as the pure arithmetic does; no query if its caps were fetched with it."""
    limits = (
        Limit(Window(cap.window), Measure(cap.measure), cap.amount, Subject(cap.scope))
        for cap in indicator.caps.all()
    )
    return Rule(
        number=indicator.number,
        title=indicator.title,
        direction=Direction(indicator.direction),
        form=Form(indicator.form),
        minimum=indicator.points_min,
        maximum=indicator.points_max,
        unit=indicator.unit,
        subject=Subject(indicator.subject),
        limits=tuple(limits),
    )
