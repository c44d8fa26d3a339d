"""Reads on catalogues."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
    NoOwnCatalogue,
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
    """What judges the acts of a day in a unit: the nearest frame, and what the units between it and this one have of
    their own.

    own: from the frame's downwards. changed: for each of the frame's indicators that one of them changes, what stands
    in its place; the nearest unit's counts.
    """

    frame: Catalogue
    own: tuple[Catalogue, ...]
    changed: Mapping[int, int] = field(default_factory=dict, hash=False)

    @property
    def catalogues(self) -> tuple[Catalogue, ...]:
        return (self.frame, *self.own)

    def holds(self, indicator: Indicator) -> bool:
        """Tell whether an indicator may be applied: not one that another stands in for, here or nearer."""
        if indicator.catalogue_id not in {catalogue.pk for catalogue in self.catalogues}:
            return False
        if indicator.changes_id is None:
            return indicator.pk not in self.changed
        return self.changed.get(indicator.changes_id) == indicator.pk


def rules_in_force(unit: Unit, day: date) -> InForce:
    """Find what judges acts of a day in a unit, in one query, or two where a unit has something of its own.

    Raises: NoCatalogueInForce.
    """
    frame: Catalogue | None = None
    own: list[Catalogue] = []
    for catalogue in _valid(day).filter(unit__path__in=paths_to(unit)).order_by(Length("unit__path").desc()):
        if not catalogue.is_local:
            frame = catalogue
            break
        own.insert(0, catalogue)
    if frame is None:
        raise NoCatalogueInForce(unit=unit.name, day=day.isoformat())
    return InForce(frame, tuple(own), _changed(frame, own))


def present_and_draft(draft: Catalogue) -> tuple[tuple[Catalogue, ...], tuple[Catalogue, ...]]:
    """Give the catalogues that judge today in a draft's unit, and those that would with the draft in force.

    A frame is held against a frame; a local draft against all that holds in the unit, its own of today included.
    Raises: NoCatalogueInForce.
    """
    present = rules_in_force(draft.unit, clock.today())
    if not draft.is_local:
        return (present.frame,), (draft,)
    others = (each for each in present.own if each.unit_id != draft.unit_id)
    return present.catalogues, (present.frame, *others, draft)


def own_catalogue(unit: Unit, day: date) -> Catalogue:
    """Find what a unit has of its own beside the frame above it on a day. Raises: NoOwnCatalogue."""
    own = _valid(day).filter(unit=unit, is_local=True).first()
    if own is None:
        raise NoOwnCatalogue(unit=unit.name, day=day.isoformat())
    return own


def lapsed_changes(rules: InForce) -> int:
    """Count the changes that no longer hold: a change is of one version of the frame, and ends with it."""
    of_others = Indicator.objects.filter(catalogue__in=rules.own, changes__isnull=False)
    return of_others.exclude(changes__catalogue=rules.frame).count()


def catalogue_in_force(unit: Unit, day: date) -> Catalogue:
    """Find the frame by which acts of a day are judged in a unit: its own, or the nearest above it.

    Raises: NoCatalogueInForce.
    """
    return rules_in_force(unit, day).frame


def frame_above(unit: Unit, day: date | None = None) -> Catalogue:
    """Find the frame beside which a unit may have items of its own on a day (today): above it. Raises: NoFrame."""
    frames = _valid(day or clock.today()).filter(unit__path__in=paths_to(unit)[:-1], is_local=False)
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
    """Give catalogues' indicators in their order, with all that `item` needs; one query.

    What changes one of the frame's stands in its place, and what changes one of another frame's is left out; a local
    catalogue by itself gives all that it says.
    """
    found = Indicator.objects.filter(catalogue__in=catalogues).select_related("category", "catalogue__unit")
    place = {catalogue.pk: index for index, catalogue in enumerate(catalogues)}
    ordered = sorted(found, key=lambda indicator: (place[indicator.catalogue_id], indicator.position))
    if all(catalogue.is_local for catalogue in catalogues):
        return ordered
    stand_in = {each.changes_id: each for each in ordered if each.changes_id is not None}
    return [stand_in.get(each.pk, each) for each in ordered if each.changes_id is None]


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
    on the day from which it is in force. Two queries at most, however many catalogues there are.

    Raises: NoFrame.
    """
    catalogues = {indicator.catalogue_id: indicator.catalogue for indicator in indicators}
    local = [catalogue for catalogue in catalogues.values() if catalogue.is_local]
    frames = _frames_above(local)
    return {
        pk: (frames[pk] if catalogue.is_local else catalogue).rules for pk, catalogue in catalogues.items()
    }


def makers_of(indicators: Iterable[Indicator]) -> dict[int, int]:
    """Give for each indicator, by id, the unit that made it: of one that only changes points, the frame's.

    What one unit calls number 7 is one matter in all its versions and changes, and no other unit's number 7. One
    query at most.
    """
    known = list(indicators)
    makers = {indicator.pk: indicator.catalogue.unit_id for indicator in known}
    changing = [indicator.pk for indicator in known if indicator.changes_id is not None]
    if changing:
        rows = Indicator.objects.filter(pk__in=changing).values_list("pk", "changes__catalogue__unit_id")
        makers.update(rows)
    return makers


def _frames_above(local: Collection[Catalogue]) -> dict[int, Catalogue]:
    """Find for each of some local catalogues the frame above its unit on its first day, as `frame_above` does."""
    if not local:
        return {}
    units = Unit.objects.in_bulk({each.unit_id for each in local})
    above = {each.pk: paths_to(units[each.unit_id])[:-1] for each in local}
    paths = {path for several in above.values() for path in several}
    frames = list(
        Catalogue.objects.exclude(state__in=WAITING)
        .filter(unit__path__in=paths, is_local=False)
        .select_related("unit")
    )
    found = {}
    for each in local:
        day = each.in_force_from or clock.today()
        mine = [frame for frame in frames if frame.unit.path in above[each.pk] and frame.holds_on(day)]
        if not mine:
            raise NoFrame(unit=units[each.unit_id].name)
        found[each.pk] = max(mine, key=lambda frame: len(frame.unit.path))
    return found


def _changed(frame: Catalogue, own: Sequence[Catalogue]) -> dict[int, int]:
    """Give what stands in the place of the frame's indicators, the nearest unit's where several change one."""
    if not own:
        return {}
    place = {catalogue.pk: index for index, catalogue in enumerate(own)}
    rows = Indicator.objects.filter(catalogue__in=own, changes__catalogue=frame).values_list(
        "changes_id", "pk", "catalogue_id"
    )
    return {base: pk for base, pk, _place in sorted(rows, key=lambda row: place[row[2]])}


def _valid(day: date) -> QuerySet[Catalogue]:
    ended = Q(in_force_until__lt=day)
    return (
        Catalogue.objects.exclude(state__in=WAITING)
        .filter(~ended, in_force_from__lte=day)
        .select_related("unit")
    )
