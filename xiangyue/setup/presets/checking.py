"""Checking a preset's two files, each by itself and against the other: everything that is wrong, told at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from django.utils.translation import gettext as _

from xiangyue.catalogue.guards.check import findings
from xiangyue.catalogue.guards.finding import Finding
from xiangyue.catalogue.language import columns
from xiangyue.catalogue.language.report import Report, check_file
from xiangyue.catalogue.rules.model import Item, Validity, ValidityRow
from xiangyue.catalogue.rules.terms import Direction
from xiangyue.catalogue.rules.worth import CaseByCase, Downgrade
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Level
from xiangyue.people.offices import Office
from xiangyue.people.register import OFFICE_OF
from xiangyue.setup.presets.model import Preset
from xiangyue.setup.presets.refusals import Fault
from xiangyue.setup.presets.scheme_toml import Faulty, read
from xiangyue.sheets.problems import Problem

_ROOTS: Final = (
    Level.CITY,
    Level.COUNTY,
    Level.TOWN,
)  # of a jurisdiction, which founding gives an administrator


@dataclass(frozen=True)
class Checked:
    """A preset, if its files can be read at all, and what is wrong with it. notes: what to look at."""

    preset: Preset | None
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)


def check_files(key: str, source: bytes, table: Callable[[str], bytes]) -> Checked:
    """Check a TOML file and its table. table: gives the content of a file beside it; may raise OSError."""
    try:
        preset = replace(read(source, f"{key}.toml"), key=key, source=source)
    except Faulty as faulty:
        return Checked(None, faulty.faults)
    faults = list(_scheme_faults(preset))
    name = preset.catalogue_file
    if not name.strip() or name != name.replace("\\", "/").rpartition("/")[2] or name.startswith("."):
        text = _("细则表要放在同一个文件夹里，这里只写文件名，例如 taoyuan.csv。")
        return Checked(preset, [*faults, _fault(preset, "catalogue_file", "catalogue-elsewhere", text)])
    try:
        preset = replace(preset, catalogue=table(name))
        report = check_file(preset.catalogue, name)
    except OSError:
        text = _("同一个文件夹里没有细则表%(file)s，或者打不开。") % {"file": name}
        return Checked(preset, [*faults, _fault(preset, "catalogue_file", "catalogue-missing", text)])
    except Refusal as refusal:
        return Checked(preset, [*faults, Fault(name, "", refusal.code, str(refusal))])
    faults += [_cell_fault(name, problem) for problem in report.refusals]
    faults += _table_faults(preset, report)
    return Checked(preset, faults, [_cell_fault(name, problem) for problem in report.warnings])


def _scheme_faults(preset: Preset) -> Iterator[Fault]:
    """Give what contradicts itself within the TOML file."""
    yield from _office_faults(preset)
    yield from _sanction_faults(preset)
    stages = preset.scheme.way.stages
    for stage in preset.steps:
        if stage not in stages:
            text = _("scheme.way.stages里没有这一步。")
            yield _fault(preset, f"steps.{stage.value}", "step-not-in-way", text)
    if preset.deductions_through and preset.deductions_through not in stages:
        text = _("scheme.way.stages里没有这一步。")
        yield _fault(preset, "deductions_through", "step-not-in-way", text)
    clearing = preset.scheme.clearing
    if clearing and clearing.to_base and preset.scheme.base is None:
        text = _("清零退到基础分，先要写基础分（scheme.base）。")
        yield _fault(preset, "scheme.clearing.to_base", "clearing-to-no-base", text)


def _office_faults(preset: Preset) -> Iterator[Fault]:
    at = [(each.office, each.level) for each in preset.offices]
    for level in _ROOTS:
        if (Office.ADMINISTRATOR, level) not in at:
            facts = {"level": level.label}
            text = _("%(level)s一级没有设管理员，辖区建不起来。") % facts
            yield _fault(preset, "offices", "no-administrator", text)
    if (Office.COMMITTEE_MEMBER, preset.judging_level) not in at:
        text = _("评议单位这一级没有设评议委员。")
        yield _fault(preset, "offices", "no-judges", text)
    if all(office is not Office.SUPERVISOR for office, _level in at):
        yield _fault(preset, "offices", "no-supervisors", _("没有设监督员。"))
    for place in dict.fromkeys(place for place in at if at.count(place) > 1):
        facts = {"office": place[0].value, "level": place[1].value}
        text = _("%(office)s在%(level)s一级写了两回。") % facts
        yield _fault(preset, "offices", "office-twice", text)
    needed = {each.office for each in preset.offices if each.is_needed}
    for body in dict.fromkeys(seat.body for seat in preset.seats if OFFICE_OF[seat.body] not in needed):
        facts = {"body": body.value, "office": OFFICE_OF[body].value}
        text = _("写了%(body)s里要有谁，就要设职务%(office)s，并写is_needed = true。") % facts
        yield _fault(preset, "seats", "seats-without-office", text)


def _table_faults(preset: Preset, report: Report) -> Iterator[Fault]:
    """Give what the table says otherwise than the TOML file, and what can't be put in force."""
    there = {(item.family, item.category) for item in report.items}
    for position, category in enumerate(preset.scheme.categories, start=1):
        if (category.family, category.name) not in there:
            facts = {"category": category.name, "file": preset.catalogue_file}
            text = _("%(file)s里没有板块“%(category)s”（大类也要一样），是不是写错了？") % facts
            yield _fault(preset, f"scheme.categories[{position}]", "category-not-in-table", text)
    for purpose in sorted(preset.scheme.local.purposes - {category for _family, category in there}):
        facts = {"category": purpose, "file": preset.catalogue_file}
        text = _("%(file)s里没有板块“%(category)s”。") % facts
        yield _fault(preset, "scheme.local.purposes", "category-not-in-table", text)
    yield from _change_faults(preset, report)
    for checked in report.rows:
        yield from _grade_faults(preset, checked.row, checked.item)
    yield from _conduct_faults(preset, report)


def _change_faults(preset: Preset, report: Report) -> Iterator[Fault]:
    """Give the bounds of changes that are about nothing in the table."""
    for position, bounds in enumerate(preset.scheme.local.changes, start=1):
        if not any(bounds.meant(item) for item in report.items):
            facts = {"what": bounds.number or bounds.category, "file": preset.catalogue_file}
            text = _("%(file)s里没有“%(what)s”这一项、这个板块，是不是写错了？") % facts
            yield _fault(preset, f"scheme.local.changes[{position}]", "change-of-nothing", text)


def _grade_faults(preset: Preset, row: int, item: Item) -> Iterator[Fault]:
    if isinstance(item.worth, Downgrade) and item.worth.to:
        grades = preset.scheme.grades.rows if preset.scheme.grades else ()
        if item.worth.to not in [grade.name for grade in grades]:
            facts = {"title": item.title, "grade": item.worth.to}
            text = _("“%(title)s”降为%(grade)s，scheme.grades里没有这一级。") % facts
            yield Fault(preset.catalogue_file, f"{columns.VALUE}{row}", "no-such-grade", text)


def _conduct_faults(preset: Preset, report: Report) -> Iterator[Fault]:
    """Give what CONDUCT keeps from being put in force; when a jurisdiction is founded, nobody is there to clear it."""
    rows = {checked.item.number: checked.row for checked in report.rows}
    for found in findings(report.items, preset.scheme):
        if found.item is None:
            text = _("%(field)s：%(reason)s%(instead)s") % _said(found)
            yield _fault(preset, "scheme", found.code, text)
        else:
            text = _("“%(title)s”：%(reason)s%(instead)s") % {**_said(found), "title": found.item.title}
            key = f"{found.field}{rows[found.item.number]}"
            yield Fault(preset.catalogue_file, key, found.code, text)


def _sanction_faults(preset: Preset) -> Iterator[Fault]:
    """Give what CONDUCT says against a consequence: it is held to the same as an item that deducts."""
    for position, sanction in enumerate(preset.sanctions, start=1):
        item = Item(
            number=str(position),
            title=f"{sanction.name}，{sanction.reason}"[:200],
            direction=Direction.DEDUCTION,
            worth=CaseByCase(),
            validity=Validity((ValidityRow(sanction.term),)),
            basis=sanction.basis,
            repair=sanction.repair,
        )
        for found in findings([item], preset.scheme, scheme_guards=()):
            text = _("“%(title)s”：%(reason)s%(instead)s") % {**_said(found), "title": sanction.name}
            yield _fault(preset, f"sanctions[{position}]", found.code, text)


def _said(found: Finding) -> dict[str, str]:
    return {"field": found.field, "reason": found.reason, "instead": found.instead}


def _fault(preset: Preset, key: str, code: str, text: str) -> Fault:
    return Fault(f"{preset.key}.toml", key, code, text)


def _cell_fault(file: str, problem: Problem) -> Fault:
    """Tell a cell of the table by its address, as a spreadsheet shows it (F12)."""
    return Fault(file, f"{problem.column}{problem.row}", problem.code, problem.text)
