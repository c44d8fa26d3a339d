"""How single values of a preset's file are written: points as points, limits and terms as the catalogue's table has
them, days as 01-10. Each form reads what its other half writes.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Any, Final, TypeVar

from django.utils.translation import gettext as _

from xiangyue.catalogue.language.parse import NotUnderstood, parse_limits, parse_term, parse_when
from xiangyue.catalogue.language.writing import written_limits, written_span, written_term
from xiangyue.catalogue.rules.balances import GiftRatio
from xiangyue.catalogue.rules.model import Limit, Validity, ValidityRow
from xiangyue.catalogue.rules.redeeming import Rate
from xiangyue.catalogue.rules.terms import MOST, Counting, Layer, Whose
from xiangyue.catalogue.rules.times import Span, Term
from xiangyue.people.models import Body, Capacity, Level
from xiangyue.people.offices import Office
from xiangyue.people.operations.register import RegisteredOffice, RegisteredSeat

_T = TypeVar("_T")
UNBOUNDED: Final = "不限"
_DAY: Final = re.compile(r"(\d{2})-(\d{2})")
_MOST_YUAN: Final = 1_000_000
_TITLE, _MOST_MONTHS, _MOST_SEATS = 40, 120, 200


class Wrong(ValueError):  # noqa: N818 - what is wrong with one value
    """A value that isn't understood. code: stable, kebab-case. text: one sentence that says what would be right.
    key: the way to it from where it was read, where that is not the key itself."""

    def __init__(self, code: str, text: str, key: str = "") -> None:
        self.code, self.text, self.key = code, text, key
        super().__init__(code)


class Several(ValueError):  # noqa: N818 - what is wrong with several of a list
    """Everything that is wrong with a list's entries, by their keys."""

    def __init__(self, wrongs: Sequence[Wrong]) -> None:
        self.wrongs = list(wrongs)
        super().__init__(len(self.wrongs))


@dataclass(frozen=True, slots=True)
class Form:
    """Two halves: what stands in the file to what is meant, and back."""

    read: Callable[[Any], Any]
    write: Callable[[Any], Any]


# ---- plain values


def read_text(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong("not-a-text", _("这里要写字，两头加引号。"))
    return value


def read_whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Wrong("not-a-whole-number", _("这里要写整数，不加引号，例如 5。"))
    return value


def read_switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong("not-a-switch", _("这里只能写 true（是）或 false（不是）。"))
    return value


def listed(value: Any) -> list[Any]:
    """Give a value that has to be a list. Raises: Wrong."""
    if not isinstance(value, list):
        raise Wrong("not-a-list", _('这里要写方括号，里面可以有几样，例如 ["甲", "乙"]。'))
    return value


def each(value: Any, rule: Callable[[Any], Iterable[_T]]) -> tuple[_T, ...]:
    """Read every entry of a list; one may give several. Raises: Wrong, Several."""
    found: list[_T] = []
    wrongs = []
    for position, entry in enumerate(listed(value), start=1):
        try:
            found += rule(entry)
        except Wrong as wrong:
            wrongs.append(Wrong(wrong.code, wrong.text, f"[{position}]{wrong.key}"))
    if wrongs:
        raise Several(wrongs)
    return tuple(found)


def table(value: Any) -> dict[str, Any]:
    """Give a value that has to be a table of keys. Raises: Wrong."""
    if not isinstance(value, dict):
        raise Wrong("not-a-table", _("这里要分几项来写，每项一个名字、一个值。"))
    return value


# ---- points and money


def _hundredths(value: Any, most: int, code: str, text: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
        raise Wrong(code, text)
    exact = Decimal(value) * 100
    if exact != exact.to_integral_value() or not 0 <= exact <= most:
        raise Wrong(code, text)
    return int(exact)


def _number(hundredths: int) -> int | Decimal:
    whole, rest = divmod(hundredths, 100)
    return Decimal(hundredths) / 100 if rest else whole


def _read_points(value: Any) -> int | None:
    if value is None:
        return None
    text = _("分值要写数字，不加引号，不能是负数，最多两位小数，例如 10 或 0.5。")
    return _hundredths(value, MOST, "not-points", text)


def _read_floor(value: Any) -> int | None:
    if value == UNBOUNDED:
        return None
    try:
        return _read_points(value)
    except Wrong as wrong:
        raise Wrong(wrong.code, _("最低到几分要写数字，例如 0；可以扣成负数的，写“不限”。")) from None


def _read_yuan(value: Any) -> int:
    text = _("钱数要写数字，单位是元，不加引号，最多两位小数，例如 1 或 0.5。")
    return _hundredths(value, _MOST_YUAN * 100, "not-yuan", text)


POINTS: Final = Form(_read_points, lambda points: None if points is None else _number(points))
FLOOR: Final = Form(_read_floor, lambda points: UNBOUNDED if points is None else _number(points))
YUAN: Final = Form(_read_yuan, lambda fen: None if fen is None else _number(fen))
RATE: Final = Form(
    lambda value: Rate(_read_yuan(value)), lambda rate: None if rate is None else _number(rate.fen)
)


# ---- the table's words


def limits(layer: Layer) -> Form:
    """Make the form of limits that count everything, or everything of a category, together."""
    return Form(
        lambda value: each(value, lambda text: _read_limits(text, layer)),
        lambda limits: [_limit_words(one) for one in limits],
    )


def _read_limits(text: Any, layer: Layer) -> list[Limit]:
    read = _understood(parse_limits, text)
    bounded = all(
        cap.window is not None and cap.counting is not Counting.AMOUNT and cap.layer in (Layer.ITEM, layer)
        for cap in read.caps
    )
    if read.least or read.to_nothing or read.full or read.highest or not read.caps or not bounded:
        raise Wrong("not-a-limit", _("这里只能写多久最多几分或几次，例如 每户每月40分。"))
    return [replace(cap, layer=layer).limit(Whose.HOUSEHOLD) for cap in read.caps]


def _limit_words(limit: Limit) -> str:
    """Write a limit; that it counts everything together follows from where it stands."""
    return written_limits((replace(limit, layer=Layer.ITEM),))


def _understood(rule: Callable[[str], _T], text: Any) -> _T:
    """Read a text by a rule of the table's language. Raises: Wrong."""
    try:
        return rule(read_text(text))
    except NotUnderstood as unread:
        raise Wrong(unread.code, unread.text) from None


def _read_term(value: Any) -> Term:
    rows = _understood(parse_term, value).rows
    if len(rows) != 1 or rows[0] != ValidityRow(rows[0].term) or not value.strip():
        raise Wrong("term-not-one", _("这里只能写一个期限，例如 1年、6个月、改正为止。"))
    return rows[0].term


def _read_span(value: Any) -> Span:
    read = _understood(parse_when, value)
    if len(read.spans) != 1 or read.seasons:
        raise Wrong("span-not-one", _("这里只能写一段时间，例如 1月1日至1月31日。"))
    return read.spans[0]


TERM: Final = Form(_read_term, lambda term: written_term(Validity((ValidityRow(term),))))
SPAN: Final = Form(_read_span, written_span)


# ---- days


def _read_day(value: Any) -> list[tuple[int, int]]:
    parts = _DAY.fullmatch(value) if isinstance(value, str) else None
    if parts is None:
        raise Wrong("not-a-day", _('日子写成两位的月和日，两头加引号，例如 "01-10" 是1月10日。'))
    return [(int(parts[1]), int(parts[2]))]


DAYS: Final = Form(
    lambda value: each(value, _read_day), lambda days: [f"{month:02d}-{day:02d}" for month, day in days]
)


# ---- lists of tables that say the same of several


def _read_ratio(value: Any) -> list[tuple[str, GiftRatio]]:
    row = _row(value, ("kind", "earned", "gifted"))
    return [(read_text(row.get("kind", "")), GiftRatio(_whole_in(row, "earned"), _whole_in(row, "gifted")))]


def _write_ratios(ratios: tuple[tuple[str, GiftRatio], ...]) -> list[dict[str, Any]]:
    return [
        {**({"kind": kind} if kind else {}), "earned": ratio.earned, "gifted": ratio.gifted}
        for kind, ratio in ratios
    ]


def _read_office(value: Any) -> list[RegisteredOffice]:
    """Read an office: one table says the same about it at one level or several."""
    row = _row(value, ("office", "levels", "title", "is_needed", "party_only", "turn_months"))
    office = _word(Office, row.get("office"), ".office")
    title, levels = row.get("title", ""), row.get("levels")
    if not isinstance(title, str) or not 0 < len(title.strip()) <= _TITLE:
        text = _("职务要写叫什么，最多%(most)s个字。") % {"most": _TITLE}
        raise Wrong("office-title", text, ".title")
    turn = _whole_in(row, "turn_months") if "turn_months" in row else None
    if turn is not None and not 0 < turn <= _MOST_MONTHS:
        text = _("轮着当的，一轮写1到%(most)s个月。") % {"most": _MOST_MONTHS}
        raise Wrong("office-turn", text, ".turn_months")
    if not isinstance(levels, list) or not levels:
        raise Wrong("office-levels", _('职务要写在哪几级设，例如 ["village"]。'), ".levels")
    places = [_word(Level, level, f".levels[{position}]") for position, level in enumerate(levels, start=1)]
    flags = {name: read_switch(row[name]) for name in ("is_needed", "party_only") if name in row}
    return [RegisteredOffice(office, place, title.strip(), turn_months=turn, **flags) for place in places]


def _write_offices(offices: tuple[RegisteredOffice, ...]) -> list[dict[str, Any]]:
    def said(each: RegisteredOffice) -> tuple[Any, ...]:
        return each.office, each.title, each.is_needed, each.party_only, each.turn_months

    found = []
    for (office, title, is_needed, party_only, turn), same in groupby(offices, said):
        row: dict[str, Any] = {
            "office": office.value,
            "levels": [each.level.value for each in same],
            "title": title,
        }
        row |= {"is_needed": True} if is_needed else {}
        row |= {"party_only": True} if party_only else {}
        row |= {"turn_months": turn} if turn else {}
        found.append(row)
    return found


def _read_body(value: Any) -> list[RegisteredSeat]:
    """Read a body: one table says how many of which capacity it must have."""
    row = _row(value, ("body", *Capacity.values))
    body = _word(Body, row.pop("body", None), ".body")
    for capacity in row:
        if not 0 < _whole_in(row, capacity) <= _MOST_SEATS:
            text = _("一个会里至少要几个人，写1到%(most)s。") % {"most": _MOST_SEATS}
            raise Wrong("seats", text, f".{capacity}")
    return [RegisteredSeat(body, Capacity(capacity), least) for capacity, least in row.items()]


def _write_seats(seats: tuple[RegisteredSeat, ...]) -> list[dict[str, Any]]:
    return [
        {"body": body.value, **{seat.capacity.value: seat.least for seat in same}}
        for body, same in groupby(seats, lambda seat: seat.body)
    ]


def _row(value: Any, keys: Iterable[str]) -> dict[str, Any]:
    """Give a table that has no other keys. Raises: Wrong."""
    row = dict(table(value))
    if unknown := sorted(row.keys() - set(keys)):
        raise unknown_key(f".{unknown[0]}", keys)
    return row


def _whole_in(row: dict[str, Any], key: str) -> int:
    try:
        return read_whole(row.get(key))
    except Wrong as wrong:
        raise Wrong(wrong.code, wrong.text, f".{key}") from None


def unknown_key(key: str, known: Iterable[str]) -> Wrong:
    """Say that there is no such key, and which there are."""
    return Wrong(
        "unknown-key", _("没有这一项，是不是写错了？这里能写：%(known)s。") % {"known": "、".join(known)}, key
    )


def _word(words: Any, value: Any, key: str) -> Any:
    try:
        return read_word(words, value)
    except Wrong as wrong:
        raise Wrong(wrong.code, wrong.text, key) from None


def read_word(words: Any, value: Any) -> Any:
    """Read one of the words that an enumeration has. Raises: Wrong, with the words that there are."""
    try:
        return words(value)
    except ValueError:
        known = "、".join(word.value for word in words)
        text = _("“%(value)s”不是这里能写的词。能写：%(known)s。") % {"value": value, "known": known}
        raise Wrong("unknown-word", text) from None


RATIOS: Final = Form(lambda value: each(value, _read_ratio), _write_ratios)
OFFICES: Final = Form(lambda value: each(value, _read_office), _write_offices)
SEATS: Final = Form(lambda value: each(value, _read_body), _write_seats)
