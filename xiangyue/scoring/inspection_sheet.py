"""Judges' scores of an inspection round from a sheet: a row for each household, a column for each judge."""

from collections.abc import Sequence
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from xiangyue.kernel.points import parse_points
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Household
from xiangyue.people.queries import household_heads
from xiangyue.scoring.models import Inspection
from xiangyue.scoring.rounds import NewScore, Round
from xiangyue.scoring.source_refusals import UnknownJudges
from xiangyue.sheets.problems import Problems
from xiangyue.sheets.read import Row, Table, header_of, read_tables
from xiangyue.sheets.write import Column, SheetForm, write_workbook
from xiangyue.users.models import User

SHEET: Final = "检查评分"
NUMBER, HEAD, NOTE = "户号", "户主", "说明"
_OTHER: Final = (NUMBER, HEAD, NOTE)


def inspection_form(inspection: Inspection, judges: Sequence[User]) -> bytes:
    """Give a workbook with the round's households, and a column for each judge to fill in."""
    living = Household.objects.filter(left_on=None, unit__path__startswith=inspection.unit.path)
    households = list(living.order_by("unit__path", "number"))
    heads = household_heads(household.pk for household in households)
    columns = [
        Column(NUMBER, 8, "和户册上一样"),
        Column(HEAD, 8),
        *(Column(judge.login, 8, "这个人评的分；没有评的空着", as_text=False) for judge in judges),
        Column(NOTE, 30, "为什么评这么多，可以空着"),
    ]
    rows = [
        [household.number, heads.get(household.pk, ""), *[""] * len(judges), ""] for household in households
    ]
    return write_workbook([SheetForm(SHEET, columns, rows)])


def read_scores(inspection: Inspection, content: bytes, name: str) -> list[NewScore]:
    """Read judges' scores. A judge's column is headed by their login, or by their name if nobody else has it.

    Raises: SheetRefused with every problem by sheet, row, column and value; UnknownJudges; what is no such sheet
    raises.
    """
    tables = read_tables(content, name)
    for table in tables:
        table.require((NUMBER,))
    judges = _judges(inspection, tables)
    living = Household.objects.filter(left_on=None, unit__path__startswith=inspection.unit.path)
    households = {each.number: each for each in living.select_related("unit")}
    scoring = Round(inspection, judges.values(), households.values())
    strangers = [header for header, judge in judges.items() if not scoring.is_judge(judge)]
    if strangers:
        raise UnknownJudges(names="、".join(strangers))
    problems, found, seen = Problems(), [], set()
    for table in tables:
        for row in table.rows:
            household = households.get(row.text(NUMBER))
            if household is None:
                problems.add(row, NUMBER, "unknown-household", _("这次检查的范围里没有这个户号"))
                continue
            if household.number in seen:
                problems.add(row, NUMBER, "scored-twice", _("这个户号写了两行"))
            seen.add(household.number)
            found += _scores(row, household, judges, scoring, problems)
    problems.raise_if_any()
    return found


def _scores(
    row: Row, household: Household, judges: dict[str, int], scoring: Round, problems: Problems
) -> list[NewScore]:
    found = []
    for header, judge in judges.items():
        text = row.text(header)
        if not text:
            continue
        try:
            score = NewScore(judge, household, abs(parse_points(text)), row.text(NOTE))
            scoring.require(score)
        except Refusal as refusal:
            problems.add(row, header, refusal.code, str(refusal))
        else:
            found.append(score)
    return found


def _judges(inspection: Inspection, tables: Sequence[Table]) -> dict[str, int]:
    """Find whose columns there are. Raises: UnknownJudges."""
    headers = dict.fromkeys(header for table in tables for header in table.headers if header not in _OTHER)
    users = User.objects.filter(Q(login__in=headers) | Q(name__in=headers), is_active=True)
    logins = {header_of(user.login): user.pk for user in users}
    names: dict[str, list[int]] = {}
    for user in users:
        names.setdefault(header_of(user.name), []).append(user.pk)
    found, unknown = {}, []
    for header in headers:
        named = names.get(header, [])
        if header in logins:
            found[header] = logins[header]
        elif len(named) == 1:
            found[header] = named[0]
        else:
            unknown.append(header)
    if unknown or not found:
        raise UnknownJudges(names="、".join(unknown) or inspection.name)
    return found
