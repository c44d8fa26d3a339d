"""Importing rosters: whole or not at all, in as many statements for a county as for one household."""

from enum import StrEnum
from typing import Final

import psycopg
from django.db import IntegrityError, transaction

from xiangyue.kernel.actors import Actor
from xiangyue.people import roster_form as form
from xiangyue.people.models import Level, Unit
from xiangyue.people.offices import Act
from xiangyue.people.operations.roster import changes, checks, merging
from xiangyue.people.operations.roster.offices import Offices, offices_of
from xiangyue.people.operations.roster.places import (
    Names,
    create_units,
    names_of_place,
    outside,
    read_units,
    stage_places,
    tree_of,
)
from xiangyue.people.operations.roster.reports import NewOffice, RosterReport
from xiangyue.people.operations.roster.staging import stage
from xiangyue.people.operations.units import known_unit, lock_villages, require_standing
from xiangyue.people.permissions import require
from xiangyue.people.person import people_rules
from xiangyue.people.refusals import NotAVillage
from xiangyue.people.roster_reading import Reading, day_of
from xiangyue.people.roster_refusals import RosterCollided
from xiangyue.people.roster_values import Cells
from xiangyue.records.operations import FILE_LIMIT, log_act, store_file
from xiangyue.records.refusals import FileTooLarge
from xiangyue.sheets.problems import Problems
from xiangyue.sheets.refusals import EmptySheet, MissingSheet
from xiangyue.sheets.stream import Stream, Streams, open_streams

LEAF_LEVELS: Final = (Level.GRID, Level.GROUP)

# What another may write in the same moment, as no common lock keeps them apart: the same person in another village.
RACED: Final = "one_resident_of_an_id"


class Mode(StrEnum):
    """What a roster may do with households that are there already.

    NEW: nothing; a number that is taken is a fault. UPDATE: what the file says of them is taken over.
    """

    NEW = "new"
    UPDATE = "update"


def import_roster(
    *,
    actor: Actor,
    village_id: int,
    content: bytes,
    name: str,
    leaf_levels: tuple[Level, ...] = LEAF_LEVELS,
    mode: Mode = Mode.NEW,
    missing_leave: bool = False,
    dry_run: bool = False,
) -> RosterReport:
    """Take over one village's households, residents, grids and appointments, as `import_rosters` does.

    Raises: UnknownUnit, NotAVillage, and what `import_rosters` raises.
    """
    village = known_unit(village_id)
    if village.level != Level.VILLAGE:
        require(actor, Act.MANAGE_PEOPLE, village)
        raise NotAVillage(unit=village.code, name=village.name)
    return import_rosters(
        actor=actor,
        unit_id=village_id,
        content=content,
        name=name,
        leaf_levels=leaf_levels,
        mode=mode,
        missing_leave=missing_leave,
        dry_run=dry_run,
    )


def import_rosters(
    *,
    actor: Actor,
    unit_id: int,
    content: bytes,
    name: str,
    leaf_levels: tuple[Level, ...] = LEAF_LEVELS,
    mode: Mode = Mode.NEW,
    missing_leave: bool = False,
    dry_run: bool = False,
) -> RosterReport:
    """Take over households, residents, grids and appointments of a unit of any level from one sheet (`roster_form`).

    leaf_levels: what the columns 网格 and 联户组 stand for in this scheme. Units are found by name, or made.
    missing_leave: with an update, residents whom the file does not have, of households that it has, left today; else
    they are reported, and stay. Households that the file does not have are never touched.
    dry_run: check everything, give the same report, and store nothing.
    Raises: UnknownUnit, UnitEnded, NotAllowed; SheetRefused with every problem; UnreadableSheet, EmptySheet,
    MissingSheet, MissingColumns, RepeatedColumns, StrayText; FileTooLarge; KeyMissing; LoginTaken and RosterCollided
    if another was quicker.
    """
    try:
        with transaction.atomic():
            unit = known_unit(unit_id)
            require_standing(unit)
            require(actor, Act.MANAGE_PEOPLE, unit)
            return _Import(
                actor, unit, content, name, leaf_levels, mode is Mode.UPDATE, missing_leave, dry_run
            ).run()
    except IntegrityError as error:
        if not _broken_by(error).startswith(RACED):  # Citus puts a shard's number behind the name
            raise
        raise RosterCollided from None


def _broken_by(error: IntegrityError) -> str:
    """Name the constraint that was broken."""
    cause = error.__cause__
    return cause.diag.constraint_name or "" if isinstance(cause, psycopg.Error) else ""


class _Import:
    """One import, from the file to the report."""

    def __init__(
        self,
        actor: Actor,
        unit: Unit,
        content: bytes,
        name: str,
        levels: tuple[Level, ...],
        is_update: bool,
        leave: bool,
        dry_run: bool,
    ) -> None:
        self.actor, self.content, self.name, self.levels = actor, content, name, levels
        self.is_update, self.leave, self.dry_run = is_update, is_update and leave, dry_run
        self.tree = tree_of(unit)
        self.problems = Problems()
        self.keeps_ids = people_rules().keeps_id_numbers
        self.offices = Offices(self.tree, levels, self.problems, is_update)

    def run(self) -> RosterReport:
        if len(self.content) > FILE_LIMIT:  # what a dry run lets pass can be stored
            raise FileTooLarge(name=self.name, megabytes=len(self.content) >> 20, limit=FILE_LIMIT >> 20)
        streams = open_streams(self.content, self.name)
        people = self._people(streams)
        cells = Cells(keeps_ids=self.keeps_ids, day_of=day_of)
        reading = stage(people, self.tree.scope(self.levels), cells, self.problems)
        if not reading.residents:
            raise EmptySheet(name=people.sheet)
        sheet = streams.find(form.APPOINTMENTS) if people.sheet != form.APPOINTMENTS else None
        ignored = reading.ignored + self.offices.read(sheet.table() if sheet else None)
        # Whoever changes anything below a village locks it first; what is read from here on stays as it is.
        codes = {code for code, _grid, _group in reading.places if code} | self.offices.villages()
        for village in lock_villages([self.tree.villages[code] for code in codes]):
            require_standing(village)
        read_units(self.tree)
        self.offices.lock_above()
        new_units = stage_places(self.tree, reading.places)
        if self.is_update:
            changes.compare(reading.columns, keeps_ids=self.keeps_ids)
        self._check(people, reading)
        self.offices.check(new_units)
        self.problems.raise_if_any()
        report = self._report(reading, new_units, ignored)
        if not self.dry_run:
            self._write(reading, new_units, report)
        return report

    def _people(self, streams: Streams) -> Stream:
        people = streams.find(form.RESIDENTS) or streams.only()
        if people is None:
            raise MissingSheet(name=self.name, sheet=form.RESIDENTS)
        people.require((form.NUMBER, form.NAME, form.RELATION))
        return people

    def _check(self, people: Stream, reading: Reading) -> None:
        inspector = checks.Inspector(people, self.problems)
        inspector.apply(checks.NUMBER_REPEATED)
        if self.is_update:
            inspector.apply(checks.HOUSEHOLD_OUTSIDE, {"path": self.tree.unit.path})
            if not self.leave:
                inspector.apply(checks.HEAD_STAYS)
        else:
            inspector.apply(checks.NUMBER_TAKEN)
        beyond = outside(self.tree, reading.places)
        if beyond:
            inspector.apply(checks.PLACE_OUTSIDE, {"places": beyond})
        if self.keeps_ids and form.ID_NUMBER in reading.columns:
            inspector.apply(checks.ID_REPEATED)
            inspector.apply(checks.ID_TAKEN, {"leave": self.leave, "within": self.tree.unit.path})
        inspector.finish()

    def _write(self, reading: Reading, new_units: list[Names], report: RosterReport) -> None:
        create_units(self.tree, new_units, reading.places, self.levels)
        if self.is_update:
            merging.change(actor=self.actor, leave=self.leave)
        if report.counts.new_residents:
            merging.insert(households=report.counts.new_households)
        self.offices.write()
        stored = store_file(name=self.name, content=self.content)
        log_act(
            actor=self.actor,
            act="import",
            subject="unit",
            subject_ids=[self.tree.unit.pk],
            reason=f"file:{stored.pk}",
        )

    def _report(self, reading: Reading, new_units: list[Names], ignored: tuple[str, ...]) -> RosterReport:
        told: list[changes.Change] = []
        counts = changes.Counts(reading.households, reading.residents, 0, 0, 0)
        if self.is_update:
            counts = changes.count()
            told = changes.told(
                {unit.path: self.tree.label(names) for names, unit in self.tree.units.items()},
                {number: self.tree.label(names_of_place(place)) for place, number in reading.places.items()},
            )
        return RosterReport(
            village=self.tree.unit.name,
            households=reading.households,
            residents=reading.residents,
            party_members=reading.party_members,
            units=tuple(self.tree.label(names) for names in new_units),
            appointments=tuple(
                NewOffice(each.name, each.login, str(each.term.office.label), each.term.unit)
                for each in offices_of(self.offices.found)
                if each.term
            ),
            ignored=ignored,
            dry_run=self.dry_run,
            counts=counts,
            changes=tuple(told),
            left=self.leave,
        )
