"""The small languages of 适用时间 and 期限: when an item applies, and how long an entry counts. Pure.

seasons  = season {sep season}
season   = [每年] [name] ["("] span [")"] [× number | 双倍 | [sign] points]
span     = date 至 date | date 起 | date 止 | month [至 month] | 第一季度 | 上半年 | year 年
validity = row {sep row}                  row = [level] [points 以下 | points 以上] term | 其余 term
term     = number (年 | 个月 | 天) … | 半年 | 当年 [，未改正顺延] | 改正为止 | 长期
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import calendar_words, words
from xiangyue.catalogue.language.amounts import some_points
from xiangyue.catalogue.language.multipliers import factor
from xiangyue.catalogue.language.tokens import Kind, NotFitting, Reader
from xiangyue.catalogue.rules.model import Season, Validity, ValidityRow
from xiangyue.catalogue.rules.terms import BadRule
from xiangyue.catalogue.rules.times import (
    Dates,
    ForGood,
    Lasting,
    Span,
    Term,
    ToYearEnd,
    UntilCorrected,
    Yearly,
)
from xiangyue.catalogue.rules.worth import Plain

_NUMERIC_DATE = re.compile(r"(?<![0-9])([0-9]{4})([-./])([0-9]{1,2})\2([0-9]{1,2})(?![0-9])")
_LEAP_YEAR = 2000


def with_words(text: str) -> str:
    """Write 2026-10-05, 2026.10.5 and 2026/10/5 with 年月日."""
    return _NUMERIC_DATE.sub(r"\1年\3月\4日", text)


@dataclass(frozen=True, slots=True)
class When:
    """What 适用时间 says: only within spans, or other points within seasons."""

    spans: tuple[Span, ...] = ()
    seasons: tuple[Season, ...] = ()


@dataclass(frozen=True, slots=True)
class _Day:
    """A day or a month as it is written. None: not said."""

    year: int | None
    month: int
    day: int | None


def when(reader: Reader, worth: Callable[[Reader], Plain]) -> When:
    """Take all of 适用时间. worth: the rule that reads points of a season's own. Raises: NotFitting."""
    found = [_season(reader, worth)]
    while reader.accept(words.SEPARATORS):
        if not reader.done:
            found.append(_season(reader, worth))
    reader.end()
    spans = tuple(span for span, season in found if season is None)
    return When(spans, tuple(season for _span, season in found if season is not None))


def _season(reader: Reader, worth: Callable[[Reader], Plain]) -> tuple[Span, Season | None]:
    reader.accept(calendar_words.EVERY_YEAR)
    quoted = reader.accept_kind(Kind.QUOTED)
    name = quoted.text if quoted else reader.accept(calendar_words.SEASON_NAMES) or ""
    bracket = reader.accept({"("})
    reader.accept({":"})
    reader.accept(calendar_words.EVERY_YEAR)
    if reader.done and name:
        reader.misfit("season-without-dates", _("没写几月到几月，例如农忙（5月至6月）"))
    found = span(reader)
    if bracket:
        reader.expect({")"})
    if reader.done or (reader.next is not None and reader.next.text in words.SEPARATORS):
        reader.kept = reader.kept or bool(name)
        return found, None
    reader.accept({"的"})
    reader.accept({":"})
    try:
        if (times := reader.attempt(factor)) is not None:
            return found, Season(found, name, factor=times)
        return found, Season(found, name, worth=worth(reader))
    except BadRule:
        raise NotFitting from None


def span(reader: Reader) -> Span:
    """Take one stretch of time. Raises: NotFitting."""
    for rule in (_quarter, _until, _from_to, _whole_year):
        if (found := reader.attempt(rule)) is not None:
            return found
    raise NotFitting


def _quarter(reader: Reader) -> Span:
    if word := reader.accept(calendar_words.HALVES):
        first, length = calendar_words.HALVES[word], 6
    else:
        first, length = calendar_words.QUARTERS[reader.expect(calendar_words.QUARTERS)], 3
    return Yearly((first, 1), (first + length - 1, _last(_LEAP_YEAR, first + length - 1)))


def _until(reader: Reader) -> Span:
    reader.accept(calendar_words.UP_TO)
    day = _day(reader)
    reader.expect(calendar_words.UNTIL)
    if day.year is None:
        raise NotFitting
    return Dates(None, _end(day, day.year))


def _from_to(reader: Reader) -> Span:
    since = reader.accept(calendar_words.FROM)
    first = _start(reader)
    if since and (reader.next is None or reader.next.text not in calendar_words.SINCE | words.DASHES):
        raise NotFitting
    if reader.accept(calendar_words.SINCE):
        if first.year is None:
            reader.misfit("date-without-year", _("没写哪一年，例如2026年1月1日起"))
        return Dates(_begin(first, first.year), None)
    last = first
    if reader.accept(words.DASHES):
        later = bool(reader.accept(calendar_words.NEXT_YEAR))
        last = _day(reader)
        reader.accept({"止", "底", "末"})
        if later and last.year is None and first.year is not None:
            last = _Day(first.year + 1, last.month, last.day)
    return _stretch(reader, first, last)


def _stretch(reader: Reader, first: _Day, last: _Day) -> Span:
    try:
        if first.year is None and last.year is None:
            end = last.day or _last(_LEAP_YEAR, last.month)
            return Yearly((first.month, first.day or 1), (last.month, end))
        if first.year is None:
            raise NotFitting
        return Dates(_begin(first, first.year), _end(last, last.year or first.year))
    except BadRule:
        reader.misfit("no-such-day", _("没有这样的日子，或者后一个日子在前一个之前"))


def _whole_year(reader: Reader) -> Span:
    year = _integer(reader)
    reader.expect({"年", "年度"})
    if not 1900 < year < 2200:
        raise NotFitting
    return Dates(date(year, 1, 1), date(year, 12, 31))


def _start(reader: Reader) -> _Day:
    """Take the first of two days; of 6-8月 and 6月1-15日 it lacks words that the second one has."""
    if (found := reader.attempt(_bare_month)) is not None:
        return found
    return _day(reader)


def _bare_month(reader: Reader) -> _Day:
    month = _integer(reader)
    at = reader.at
    reader.expect(words.DASHES)
    last = _day(reader)
    if last.year is not None or last.day is not None or not 1 <= month <= 12:
        raise NotFitting
    reader.at = at
    return _Day(None, month, None)


def _day(reader: Reader) -> _Day:
    year = reader.attempt(_year)
    month = _integer(reader)
    reader.expect({"月", "月份"})
    day = reader.attempt(_of_month)
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= _last(year or _LEAP_YEAR, month)):
        reader.misfit("no-such-day", _("没有这样的日子，或者后一个日子在前一个之前"))
    return _Day(year, month, day)


def a_day(reader: Reader) -> bool:
    """Take a day of a year or of every year. Raises: NotFitting."""
    if _day(reader).day is None:
        raise NotFitting
    return True


def _year(reader: Reader) -> int:
    year = _integer(reader)
    reader.expect({"年"})
    if not 1900 < year < 2200:
        raise NotFitting
    return year


def _of_month(reader: Reader) -> int:
    day = _integer(reader)
    reader.expect({"日", "号"})
    return day


def _integer(reader: Reader) -> int:
    number = reader.number()
    if number.denominator != 1:
        raise NotFitting
    return int(number)


def _last(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def _begin(day: _Day, year: int) -> date:
    return date(year, day.month, day.day or 1)


def _end(day: _Day, year: int) -> date:
    return date(year, day.month, day.day or _last(year, day.month))


# ---- terms


def validity(reader: Reader) -> Validity:
    """Take all of 期限. Raises: NotFitting."""
    rows = [_row(reader)]
    while reader.accept(words.SEPARATORS):
        rows.append(_row(reader))
    reader.end()
    try:
        return Validity(tuple(rows))
    except BadRule:
        raise NotFitting from None


def _row(reader: Reader) -> ValidityRow:
    word = reader.accept(words.LEVELS)
    level = words.LEVELS[word] if word else None
    if level and reader.accept(words.OFFICE):
        level = words.OFFICES.get(level, level)
    up_to = reader.quietly(_size)
    if not word and up_to is None:
        reader.accept(words.OTHERS)
    reader.accept({":"})
    return ValidityRow(term(reader), up_to or None, level)


def _size(reader: Reader) -> int:
    """Take 40分以下 as centipoints; 40分以上 is 0, for whatever is larger."""
    found = some_points(reader)
    if reader.accept({"以上", "及以上"}):
        return 0
    reader.expect({"以下", "及以下", "(含)以下", "以内"})
    return found


def term(reader: Reader) -> Term:
    """Take how long something lasts. Raises: NotFitting."""
    reader.accept(calendar_words.TERM_STARTS)
    reader.accept({":", "为"})
    if reader.accept(calendar_words.FOR_GOOD):
        return ForGood()
    if reader.accept(calendar_words.UNTIL_CORRECTED):
        return UntilCorrected()
    if (fixed := reader.attempt(_last_of_december)) is not None:
        return fixed
    if word := reader.accept(calendar_words.YEAR_ENDS):
        return ToYearEnd(calendar_words.YEAR_ENDS[word], bool(reader.attempt(_unless_corrected)))
    if (found := reader.attempt(_year_ends)) is not None:
        return found
    return _lasting(reader)


def _year_ends(reader: Reader) -> Term:
    """Take 第3年年底: the end of the third year, that of the act being the first."""
    reader.expect({"第"})
    year = _integer(reader)
    reader.expect({"年年底"})
    if not 1 <= year <= 101:
        raise NotFitting
    return ToYearEnd(year - 1, bool(reader.attempt(_unless_corrected)))


def _last_of_december(reader: Reader) -> Term:
    """Take 至当年12月31日, 12月31日, 到次年12月31日."""
    reader.accept(calendar_words.UP_TO)
    word = reader.accept(calendar_words.ACT_YEARS)
    day = _day(reader)
    if (day.year, day.month, day.day) != (None, 12, 31):
        raise NotFitting
    years = calendar_words.ACT_YEARS[word] if word else 0
    return ToYearEnd(years, bool(reader.attempt(_unless_corrected)))


def _unless_corrected(reader: Reader) -> bool:
    reader.accept(words.SEPARATORS)
    reader.expect(calendar_words.UNLESS_CORRECTED)
    return True


def _lasting(reader: Reader) -> Term:
    parts = [_part(reader)]
    parts += reader.several(_part)
    reader.accept(calendar_words.TERM_ENDS)
    days, months, years = (sum(part[n] for part in parts) for n in range(3))
    try:
        return Lasting(days, months, years)
    except BadRule:
        raise NotFitting from None


def _part(reader: Reader) -> tuple[int, int, int]:
    if word := reader.accept(calendar_words.TERM_WORDS):
        return calendar_words.TERM_WORDS[word]
    many = reader.number()
    days, months, years = calendar_words.TERM_UNITS[reader.expect(calendar_words.TERM_UNITS)]
    if many.denominator != 1:
        raise NotFitting
    return days * int(many), months * int(many), years * int(many)
