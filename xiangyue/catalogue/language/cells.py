"""The cells of one row, each read by itself by the language of its column. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import columns
from xiangyue.catalogue.language.caps import Limits
from xiangyue.catalogue.language.parse import (
    NotUnderstood,
    parse_limits,
    parse_multipliers,
    parse_term,
    parse_when,
)
from xiangyue.catalogue.language.plain import blank, plain
from xiangyue.catalogue.language.subjects import (
    Counted,
    Who,
    parse_direction,
    parse_subject,
    parse_unit,
)
from xiangyue.catalogue.language.times import When
from xiangyue.catalogue.language.titles import value_under
from xiangyue.catalogue.language.values import Value
from xiangyue.catalogue.rules.model import Multiplier, Validity
from xiangyue.catalogue.rules.terms import Direction
from xiangyue.sheets.problems import Problems
from xiangyue.sheets.read import Row

_T = TypeVar("_T")
_MINUS_RANGE = re.compile(r"-[0-9.]+分?[至到~—][0-9.]+分?")  # -10至50 beside 扣 takes 10 to 50
_TOTALS = {"合计", "总计", "小计", "总分", "共计"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in its catalogue. number: as written, or given."""

    family: str
    category: str
    number: str


class Refusal(Exception):  # noqa: N818 - one cell's, gathered by the row
    """A cell that can't be said in the rules. Carries its column, a stable code and a sentence."""

    def __init__(self, header: str, code: str, text: str) -> None:
        self.header, self.code, self.text = header, code, text
        super().__init__(code)


@dataclass
class Cells:
    """What the cells of a row say, each by itself."""

    value: Value | None
    direction: Direction | None
    counted: Counted
    limits: Limits
    multipliers: tuple[Multiplier, ...]
    who: Who
    when: When
    validity: Validity


def check_texts(row: Row, problems: Problems) -> None:
    title = plain(row.text(columns.TITLE))
    if not title:
        problems.add(row, columns.TITLE, "title-missing", _("没写指标的名称。不是指标的行请删掉。"))
    if title in _TOTALS:
        problems.add(row, columns.TITLE, "row-is-a-total", _("这一行是合计，不是指标，请删掉。"))
    for header, most in columns.LENGTHS.items():
        if len(row.text(header)) > most:
            problems.add(row, header, "too-long", _("最多%(most)s个字。") % {"most": most})


def cells_of(row: Row, problems: Problems) -> Cells:
    def read(header: str, rule: Callable[[str], _T], without: _T) -> _T:
        try:
            return rule(row.text(header))
        except NotUnderstood as unread:
            problems.add(row, header, unread.code, unread.text)
            return without

    direction = read(columns.DIRECTION, parse_direction, None)
    title = row.text(columns.TITLE)
    bounded = direction is Direction.DEDUCTION and _MINUS_RANGE.fullmatch(plain(row.text(columns.VALUE)))
    named = direction in (Direction.RESET, Direction.VETO) and blank(row.text(columns.VALUE))
    return Cells(
        value=None
        if named
        else read(columns.VALUE, lambda text: value_under(title, plain(text)[1:] if bounded else text), None),
        direction=direction,
        counted=read(columns.UNIT, parse_unit, Counted()),
        limits=read(columns.LIMITS, parse_limits, Limits()),
        multipliers=read(columns.MULTIPLIER, parse_multipliers, ()),
        who=read(columns.SUBJECT, parse_subject, Who()),
        when=read(columns.SEASON, parse_when, When()),
        validity=read(columns.TERM, parse_term, Validity()),
    )
