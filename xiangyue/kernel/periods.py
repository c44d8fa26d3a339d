"""Periods: the calendar month whose decisions are put on notice together (周期, DOMAIN §2)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal

_FORM = re.compile(r"(\d{4})-(\d{2})")


class NotAPeriod(Refusal):
    code = "not-a-period"
    message = _("“%(text)s”不是月份。请写成 2026-10 这样。")
    field = "period"


@dataclass(frozen=True, order=True)
class Period:
    """One calendar month. Its text is `2026-10`."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2026-10`; years are 1000 to 2999. Raises: NotAPeriod."""
        match = _FORM.fullmatch(text.strip())
        if not match or not (1000 <= int(match[1]) <= 2999 and 1 <= int(match[2]) <= 12):
            raise NotAPeriod(text=text)
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        """Give the period that a day falls in."""
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return self.next().first - timedelta(days=1)

    def next(self) -> "Period":
        """Give the period after this one."""
        return Period(self.year + self.month // 12, self.month % 12 + 1)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"
