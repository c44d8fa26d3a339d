"""Re-organisation on a date: villages merged, parts moved, grids redrawn (DOMAIN §2 "unit").

A unit is never changed into another. Old ones end with the day before, new ones begin below their new parent, and
households note where they lived. Their holders, and with them points and history, stay as they are; so do the holders
of the units that judged. Everything is set-based: a village of 700 households costs the statements of one of 7.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

from django.db import transaction

from xiangyue.kernel.actors import Actor
from xiangyue.ledger.models import AccountKind
from xiangyue.ledger.operations.opening import open_pools
from xiangyue.people.models import Household, Joining, JoiningStep, Level, Unit
from xiangyue.people.offices import Act
from xiangyue.people.operations.departures import Departure, follow, require_free
from xiangyue.people.operations.successions import (
    ONE_DAY,
    Place,
    end_units,
    last_change_of_households,
    last_change_of_offices,
    move_households,
    offices_at,
    pass_on_offices,
    require_day,
)
from xiangyue.people.operations.units import (
    BATCH,
    fitting_name,
    known_unit,
    lock_units,
    lock_villages,
    require_standing,
    unit_below,
)
from xiangyue.people.permissions import require
from xiangyue.people.queries import units_below
from xiangyue.people.refusals import LevelNotBelow, NotAVillage, UnitNameTaken, UnknownUnit
from xiangyue.people.tree_refusals import (
    AlreadyThere,
    BadNumber,
    HouseholdsNotHere,
    HouseholdsUnplaced,
    IntoItself,
    NumbersClash,
    PlaceEnding,
)
from xiangyue.people.unit_codes import short_parts
from xiangyue.records.operations import log_act

NUMBER_LENGTH: Final = 20


@dataclass(frozen=True)
class NewPart:
    """A unit that a redrawing makes. key: by which it is named in the mapping. below: the id of a unit that is there,
    or the key of one made before it; None for the village itself."""

    key: str
    name: str
    level: Level = Level.GRID
    below: int | str | None = None


@dataclass(frozen=True)
class Succession:
    """A unit that ends, and what it became or became a part of; nothing where its households went to several."""

    code: str
    name: str
    new_code: str
    new_name: str


@dataclass(frozen=True)
class Reorganisation:
    """What a re-organisation did, or would do.

    ended: units that end. begun: codes and names of those that begin. renumbered: (old, new) household numbers.
    offices_ended: terms that end; offices_continued: those of them that go on at the heir.
    receiver_admitted: whether the village that receives may issue points.
    """

    on: date
    from_unit: str
    into_unit: str
    ended: tuple[Succession, ...]
    begun: tuple[tuple[str, str], ...]
    households: int
    renumbered: tuple[tuple[str, str], ...]
    offices_ended: int
    offices_continued: int
    receiver_admitted: bool
    dry_run: bool

    def as_dict(self) -> dict[str, Any]:
        """Give the report as plain data."""
        return asdict(self)


@dataclass
class _Plan:
    """What is to be written. heirs: of the ending units, by id. continued: those that go on as their heir."""

    actor: Actor
    act: str
    on: date
    source: Unit
    target: Unit
    from_village: Unit
    village: Unit
    ending: list[Unit]
    households: list[Household]
    heirs: dict[int, Unit | None] = field(default_factory=dict)
    continued: set[int] = field(default_factory=set)
    new: list[Unit] = field(default_factory=list)
    homes: dict[int, Unit] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)

    @property
    def changes_village(self) -> bool:
        return self.from_village.pk != self.village.pk

    @property
    def moved(self) -> list[Household]:
        """The households that will live in another unit than now."""
        return [each for each in self.households if self.homes[each.pk].pk != each.unit_id]


@transaction.atomic
def merge_villages(
    *, actor: Actor, from_id: int, into_id: int, on: date, prefix: str = "", dry_run: bool = False
) -> Reorganisation:
    """Merge a village into another: from `on` its grids, households and open deeds are the other's.

    Offices of the whole village end, those of its parts go on. prefix: put before the numbers of its households, where
    some are taken. dry_run: check everything, give the same report, and store nothing.
    Raises: UnknownUnit, NotAllowed, UnitEnded, NotAVillage, IntoItself, DayAhead, ChangedSince, NumbersClash,
    BadNumber, UnitNameTaken; what other rooms have in flight there (`departures`).
    """
    actor, source, target = _two_locked(actor, from_id, into_id)
    for unit in (source, target):
        if unit.level != Level.VILLAGE:
            raise NotAVillage(unit=unit.code, name=unit.name)
    ending = _locked_subtree(source)
    plan = _Plan(actor, "merge", on, source, target, source, target, ending, _locked_households(ending))
    plan.heirs[source.pk] = target
    _grow(plan, [unit for unit in ending if unit.pk != source.pk])
    _send_to_heirs(plan, prefix)
    return _finish(plan, dry_run=dry_run)


@transaction.atomic
def move_unit(
    *, actor: Actor, unit_id: int, to_id: int, on: date, prefix: str = "", dry_run: bool = False
) -> Reorganisation:
    """Move a grid, with all below it, to another village or another unit of its own from a day on.

    prefix: put before the numbers of its households, where some are taken in the other village. dry_run: as above.
    Raises: UnknownUnit, NotAllowed, UnitEnded, LevelNotBelow, IntoItself, AlreadyThere, DayAhead, ChangedSince,
    NumbersClash, BadNumber, UnitNameTaken, UnitCodeTooLong; what other rooms have in flight (`departures`).
    """
    actor, source, target = _two_locked(actor, unit_id, to_id)
    from_village, village = _village_of(source), _village_of(target)
    if source.pk == from_village.pk:
        raise LevelNotBelow(level=Level.VILLAGE.label, parent_level=Level(target.level).label)
    if source.contains(target):
        raise IntoItself(name=source.name)
    if source.parent_id == target.pk:
        raise AlreadyThere(name=source.name, place=target.name)
    ending = _locked_subtree(source)
    plan = _Plan(actor, "move", on, source, target, from_village, village, ending, _locked_households(ending))
    _grow(plan, ending)
    _send_to_heirs(plan, prefix if plan.changes_village else "")
    return _finish(plan, dry_run=dry_run)


@transaction.atomic
def redraw_grids(
    *,
    actor: Actor,
    village_id: int,
    on: date,
    moves: Mapping[int, int | str],
    new: Sequence[NewPart] = (),
    ending: Collection[int] = (),
    dry_run: bool = False,
) -> Reorganisation:
    """Redraw a village's grids from a day on: new ones begin, old ones end, households go where the mapping says.

    moves: household id -> the id of a unit of the village, or the key of a new one. Everybody who lives in a unit
    that ends, or below it, has to be in it. Numbers stay. Offices at ended units end. dry_run: as above.
    Raises: UnknownUnit, NotAllowed, UnitEnded, NotAVillage, LevelNotBelow, BadUnitName, UnitNameTaken,
    UnitCodeTooLong, HouseholdsNotHere, HouseholdsUnplaced, PlaceEnding, DayAhead, ChangedSince.
    """
    village = known_unit(village_id)
    actor = require(actor, Act.MANAGE_PEOPLE, village)
    lock_villages([village], with_key=True)
    village.refresh_from_db()
    require_standing(village)
    if village.level != Level.VILLAGE:
        raise NotAVillage(unit=village.code, name=village.name)
    there = {unit.pk: unit for unit in units_below(village)}
    ended = lock_units([unit.pk for unit in _subtrees(there, ending)])
    ended.sort(key=lambda unit: unit.path)
    households = _affected(village, moves, {unit.pk for unit in ended})
    plan = _Plan(actor, "redraw", on, village, village, village, village, ended, households)
    made = _planned_parts(plan, there, new)
    for household in households:
        plan.homes[household.pk] = _home(moves[household.pk], there, made, ended)
        plan.numbers[household.pk] = household.number
    for unit in ended:
        lived = {household.pk for household in households if household.unit_id == unit.pk}
        homes = {plan.homes[pk].path: plan.homes[pk] for pk in lived}
        plan.heirs[unit.pk] = next(iter(homes.values())) if len(homes) == 1 else None
    return _finish(plan, dry_run=dry_run)


def _two_locked(actor: Actor, from_id: int, to_id: int) -> tuple[Actor, Unit, Unit]:
    """Lock the villages of two units, and read both as they are then; give the actor with the office for it too."""
    found = [known_unit(from_id), known_unit(to_id)]
    for unit in found:
        actor = require(actor, Act.MANAGE_PEOPLE, unit)
    if from_id == to_id:
        raise IntoItself(name=found[0].name)
    lock_villages(found, with_key=True)
    source, target = (Unit.objects.get(id=unit.pk) for unit in found)
    require_standing(source)
    require_standing(target)
    return actor, source, target


def _village_of(unit: Unit) -> Unit:
    village = lock_villages([unit], with_key=True)  # it is locked already
    if not village:
        raise NotAVillage(unit=unit.code, name=unit.name)
    return village[0]


def _locked_subtree(unit: Unit) -> list[Unit]:
    """Lock a unit and what goes on below it, parents before their children."""
    locked = lock_units(list(units_below(unit).values_list("id", flat=True)))
    return sorted(locked, key=lambda each: each.path)


def _subtrees(there: Mapping[int, Unit], tops: Collection[int]) -> list[Unit]:
    unknown = [pk for pk in tops if pk not in there]
    if unknown:
        raise UnknownUnit(unit=unknown[0])
    for pk in tops:
        if there[pk].level == Level.VILLAGE:
            raise IntoItself(name=there[pk].name)
    return [unit for unit in there.values() if any(there[top].contains(unit) for top in tops)]


def _locked_households(units: Collection[Unit]) -> list[Household]:
    living = Household.objects.filter(unit_id__in=[unit.pk for unit in units], left_on=None)
    return list(living.select_for_update(no_key=True).order_by("id"))


def _affected(village: Unit, moves: Mapping[int, object], ended: set[int]) -> list[Household]:
    """Lock the households of a mapping, and insist that nobody is left in a unit that ends."""
    living = Household.objects.filter(village=village, left_on=None)
    households = list(living.filter(id__in=moves).select_for_update(no_key=True).order_by("id"))
    if len(households) < len(moves):
        raise HouseholdsNotHere(village=village.name, count=len(moves) - len(households))
    left = living.filter(unit_id__in=ended).exclude(id__in=moves).order_by("number")
    numbers = list(left.values_list("number", flat=True))
    if numbers:
        raise HouseholdsUnplaced(count=len(numbers), numbers="、".join(numbers))
    return households


def _home(wanted: int | str, there: Mapping[int, Unit], made: Mapping[str, Unit], ended: list[Unit]) -> Unit:
    home = made.get(wanted) if isinstance(wanted, str) else there.get(wanted)
    if home is None:
        raise UnknownUnit(unit=wanted)
    if home in ended:
        raise PlaceEnding(name=home.name)
    return home


def _grow(plan: _Plan, old_units: Sequence[Unit]) -> None:
    """Plan a new unit below the target for each old one; the topmost get numbers and names that are free there."""
    old_ids = {unit.pk for unit in old_units}
    tops = [unit for unit in old_units if unit.parent_id not in old_ids]
    beside = list(Unit.objects.filter(parent=plan.target))
    names = _free_names(plan, tops, {unit.name for unit in beside if unit.until is None})
    shorts = dict(zip(names, short_parts(list(names.values()), [unit.code for unit in beside]), strict=True))
    made: dict[int, Unit] = {}
    for old in old_units:
        parent = made.get(old.parent_id or 0, plan.target)
        new = unit_below(
            parent,
            level=Level(old.level),
            short=shorts.get(old.pk) or old.code.rsplit("-", 1)[-1],
            name=names.get(old.pk, old.name),
            since=plan.on,
        )
        new.joining = old.joining
        made[old.pk] = plan.heirs[old.pk] = new
    plan.continued = old_ids
    plan.new = list(made.values())


def _free_names(plan: _Plan, tops: Sequence[Unit], taken: set[str]) -> dict[int, str]:
    """Name the topmost new units; one whose name is taken there gets the name of its old village before it."""
    names: dict[int, str] = {}
    for unit in tops:
        name = unit.name if unit.name not in taken else fitting_name(f"{plan.from_village.name}{unit.name}")
        if name in taken:
            raise UnitNameTaken(name=name, parent=plan.target.name)
        taken.add(name)
        names[unit.pk] = name
    return names


def _planned_parts(plan: _Plan, there: Mapping[int, Unit], new: Sequence[NewPart]) -> dict[str, Unit]:
    """Plan the units that a redrawing makes; those that end make no room for a name or a number."""
    made: dict[str, Unit] = {}
    beside: dict[str, list[tuple[str, str | None]]] = {}  # by parent's path: code, and name if it goes on
    ending = {unit.code for unit in plan.ending}
    known = Unit.objects.filter(parent__in=there).values_list("parent__path", "code", "name", "until")
    for path, code, name, until in known:
        beside.setdefault(path, []).append((code, None if until or code in ending else name))
    for part in new:
        parent = plan.target if part.below is None else _home(part.below, there, made, plan.ending)
        neighbours, name = beside.setdefault(parent.path, []), fitting_name(part.name)
        if name in [other for _code, other in neighbours]:
            raise UnitNameTaken(name=name, parent=parent.name)
        (short,) = short_parts([name], [code for code, _name in neighbours])
        made[part.key] = unit = unit_below(parent, level=part.level, short=short, name=name, since=plan.on)
        neighbours.append((unit.code, name))
    plan.new = list(made.values())
    return made


def _send_to_heirs(plan: _Plan, prefix: str) -> None:
    """Plan that every household goes where its unit goes; numbers that are taken there are refused, all at once."""
    for household in plan.households:
        heir = plan.heirs[household.unit_id]
        assert heir is not None  # every unit that is moved or merged has one
        plan.homes[household.pk] = heir
        plan.numbers[household.pk] = number = f"{prefix}{household.number}"
        if len(number) > NUMBER_LENGTH:
            raise BadNumber(number=number, most=NUMBER_LENGTH)
    if not plan.changes_village:
        return
    others = Household.objects.filter(village=plan.village, left_on=None)
    taken = (
        others.filter(number__in=plan.numbers.values()).order_by("number").values_list("number", flat=True)
    )
    if taken:
        raise NumbersClash(village=plan.village.name, count=len(taken), numbers="、".join(taken))


def _finish(plan: _Plan, *, dry_run: bool) -> Reorganisation:
    """Check the day and what is in flight, write everything, and report it."""
    ending, households = [unit.pk for unit in plan.ending], [each.pk for each in plan.moved]
    begins = [unit.since for unit in plan.ending]
    last = max(
        plan.target.since - ONE_DAY,
        *(home.since - ONE_DAY for home in plan.homes.values()),
        *begins,
        last_change_of_households(households),
        last_change_of_offices(ending),
    )
    require_day(plan.on, last)
    departure = Departure(
        ending=frozenset(ending),
        households=frozenset(households if plan.changes_village else ()),
        from_village_id=plan.from_village.pk,
        to_village_id=plan.village.pk,
    )
    require_free(departure)
    report = _report(plan, dry_run=dry_run)
    if not dry_run:
        _write(plan, departure)
    return report


def _write(plan: _Plan, departure: Departure) -> None:
    _insert(plan)
    heirs = {pk: heir.pk if heir else None for pk, heir in plan.heirs.items()}
    end_units(heirs, on=plan.on)
    places = [
        Place(each.pk, plan.homes[each.pk].pk, plan.village.pk, plan.numbers[each.pk]) for each in plan.moved
    ]
    move_households(places, on=plan.on)
    continued = {pk: heir for pk, heir in heirs.items() if pk in plan.continued and heir}
    pass_on_offices(actor=plan.actor, unit_ids=departure.ending, continued=continued, on=plan.on)
    follow(plan.actor, departure)
    log_act(
        actor=plan.actor,
        act=plan.act,
        subject="unit",
        subject_ids=[plan.source.pk, *sorted(departure.ending - {plan.source.pk})],
        reason=f"on:{plan.on} to:{plan.target.pk}",
    )
    log_act(
        actor=plan.actor,
        act="move",
        subject="household",
        subject_ids=[place.household_id for place in places],
        reason=f"on:{plan.on} to:{plan.target.pk}",
    )


def _insert(plan: _Plan) -> None:
    """Write the new units, parents first. A unit that judged goes on judging, with pools of its own."""
    judging = [unit for unit in plan.new if unit.joining == Joining.ADMITTED]
    for unit, holder_id in zip(
        judging, open_pools(count=len(judging), kinds=[AccountKind.ISSUED]), strict=True
    ):
        unit.holder_id = holder_id
    by_depth: dict[int, list[Unit]] = {}
    for unit in plan.new:
        by_depth.setdefault(unit.path.count("/"), []).append(unit)
    for depth in sorted(by_depth):
        for unit in by_depth[depth]:
            unit.parent = unit.parent  # now that it has an id
        Unit.objects.bulk_create(by_depth[depth], batch_size=BATCH)
    code_of = {heir.pk: old.code for old in plan.ending if (heir := plan.heirs[old.pk]) and heir in plan.new}
    JoiningStep.objects.bulk_create(
        JoiningStep(unit=unit, joining=unit.joining, since=plan.on, basis=f"承接{code_of[unit.pk]}")
        for unit in plan.new
        if unit.joining != Joining.OUTSIDE
    )


def _report(plan: _Plan, *, dry_run: bool) -> Reorganisation:
    ended = []
    for unit in plan.ending:
        heir = plan.heirs[unit.pk]
        ended.append(Succession(unit.code, unit.name, heir.code if heir else "", heir.name if heir else ""))
    return Reorganisation(
        on=plan.on,
        from_unit=plan.source.name,
        into_unit=plan.target.name,
        ended=tuple(ended),
        begun=tuple((unit.code, unit.name) for unit in plan.new),
        households=len(plan.moved),
        renumbered=tuple(
            (each.number, plan.numbers[each.pk])
            for each in plan.moved
            if plan.numbers[each.pk] != each.number
        ),
        offices_ended=offices_at([unit.pk for unit in plan.ending], on=plan.on),
        offices_continued=offices_at(plan.continued, on=plan.on),
        receiver_admitted=plan.village.joining == Joining.ADMITTED,
        dry_run=dry_run,
    )
