"""Reads on catalogues."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from xiangyue.catalogue.language.plain import plain
from xiangyue.catalogue.models import Catalogue, Feedback, Indicator, State
from xiangyue.catalogue.refusals import (
    AmbiguousIndicator,
    NoCatalogueInForce,
    NoDraft,
    NoFrame,
    UnknownCatalogue,
    UnknownIndicator,
)
from xiangyue.catalogue.rules.scheme import Scheme
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Unit
from xiangyue.people.offices import Act
from xiangyue.people.permissions import require
from xiangyue.people.queries import paths_to

WAITING = (State.DRAFT, State.DELIBERATED, State.ADOPTED)


@dataclass(frozen=True)
class InForce:
    """What judges the acts of a day in a unit: the nearest frame, and own items of the units between it and this one.

    own: from the frame's downwards.
    """

    frame: Catalogue
    own: tuple[Catalogue, ...]

    @property
    def catalogues(self) -> tuple[Catalogue, ...]:
        return (self.frame, *self.own)

    def holds(self, indicator: Indicator) -> bool:
        """Tell whether an indicator may be applied."""
        return indicator.catalogue_id in {catalogue.pk for catalogue in self.catalogues}


def rules_in_force(unit: Unit, day: date) -> InForce:
    """Find what judges acts of a day in a unit, in one query. Raises: NoCatalogueInForce."""
    frame: Catalogue | None = None
    own: list[Catalogue] = []
    for catalogue in _valid(day).filter(unit__path__in=paths_to(unit)).order_by(Length("unit__path").desc()):
        if not catalogue.is_local:
            frame = catalogue
            break
        own.insert(0, catalogue)
    if frame is None:
        raise NoCatalogueInForce(unit=unit.name, day=day.isoformat())
    return InForce(frame, tuple(own))


def catalogue_in_force(unit: Unit, day: date) -> Catalogue:
    """Find the frame by which acts of a day are judged in a unit: its own, or the nearest above it.

    Raises: NoCatalogueInForce.
    """
    return rules_in_force(unit, day).frame


def frame_above(unit: Unit, day: date | None = None) -> Catalogue:
    """Find the frame beside which a unit may have items of its own on a day (today): above it. Raises: NoFrame."""
    paths = [path for path in paths_to(unit) if path != unit.path]
    frames = _valid(day or clock.today()).filter(unit__path__in=paths, is_local=False)
    frame = frames.order_by(Length("unit__path").desc()).first()
    if frame is None:
        raise NoFrame(unit=unit.name)
    return frame


def scheme_for(unit: Unit) -> Scheme:
    """Give what holds beside the indicators in a unit today; the plainest scheme where nothing is in force yet."""
    try:
        return catalogue_in_force(unit, clock.today()).rules
    except NoCatalogueInForce:
        return Scheme()


def began(unit: Unit) -> date | None:
    """Give the first day on which any catalogue was in force in a unit."""
    ever = Catalogue.objects.filter(unit__path__in=paths_to(unit), in_force_from__isnull=False)
    return ever.order_by("in_force_from").values_list("in_force_from", flat=True).first()


def newest_draft(unit: Unit) -> Catalogue:
    """Find what was imported last for this very unit and isn't in force yet. Raises: NoDraft."""
    waiting = Catalogue.objects.select_related("unit").filter(unit=unit, state__in=WAITING)
    draft = waiting.order_by("-id").first()
    if draft is None:
        raise NoDraft(unit=unit.name)
    return draft


def catalogue_by_id(catalogue_id: int) -> Catalogue:
    """Find a catalogue. Raises: UnknownCatalogue."""
    found = Catalogue.objects.select_related("unit").filter(pk=catalogue_id).first()
    if found is None:
        raise UnknownCatalogue(catalogue=catalogue_id)
    return found


def feedback_of(catalogue: Catalogue, *, actor: Actor) -> list[Feedback]:
    """Give what was said of a draft, in order, for whoever has to answer it. Raises: NotAllowed."""
    require(actor, Act.MANAGE_CATALOGUE, catalogue.unit)
    return list(catalogue.feedback.select_related("household").order_by("id"))


def indicators_of(*catalogues: Catalogue) -> list[Indicator]:
    """Give catalogues' indicators in their order, with all that `item` needs; one query."""
    found = Indicator.objects.filter(catalogue__in=catalogues).select_related("category", "catalogue__unit")
    place = {catalogue.pk: index for index, catalogue in enumerate(catalogues)}
    return sorted(found, key=lambda indicator: (place[indicator.catalogue_id], indicator.position))


def indicators_in_force(unit: Unit, day: date) -> list[Indicator]:
    """Give the indicators that may be applied to acts of a day in a unit. Raises: NoCatalogueInForce."""
    return indicators_of(*rules_in_force(unit, day).catalogues)


def find_indicator(catalogues: Catalogue | InForce, text: str) -> Indicator:
    """Find an indicator by its number or exact title. Raises: UnknownIndicator, AmbiguousIndicator."""
    several = (catalogues,) if isinstance(catalogues, Catalogue) else catalogues.catalogues
    return pick_indicator(several[0], indicators_of(*several), text)


def pick_indicator(catalogue: Catalogue, indicators: Iterable[Indicator], text: str) -> Indicator:
    """Pick one of some indicators as `find_indicator` does, for many texts without many queries."""
    wanted, known = plain(text), list(indicators)
    numbered = [indicator for indicator in known if plain(indicator.number) == wanted]
    named = numbered or [indicator for indicator in known if plain(indicator.title) == wanted]
    if not named:
        raise UnknownIndicator(catalogue=catalogue.name, text=text)
    if len(named) > 1:
        numbers = "、".join(indicator.number for indicator in named)
        raise AmbiguousIndicator(catalogue=catalogue.name, text=text, numbers=numbers)
    return named[0]


def schemes_of(indicators: Sequence[Indicator]) -> dict[int, Scheme]:
    """Give for each catalogue of some indicators the scheme that holds beside them: a local one's is its frame's,
    on the day from which it is in force."""
    schemes: dict[int, Scheme] = {}
    for catalogue in {indicator.catalogue_id: indicator.catalogue for indicator in indicators}.values():
        frame = frame_above(catalogue.unit, catalogue.in_force_from) if catalogue.is_local else catalogue
        schemes[catalogue.pk] = frame.rules
    return schemes


def _valid(day: date) -> QuerySet[Catalogue]:
    ended = Q(in_force_until__lt=day)
    return (
        Catalogue.objects.exclude(state__in=WAITING)
        .filter(~ended, in_force_from__lte=day)
        .select_related("unit")
    )
