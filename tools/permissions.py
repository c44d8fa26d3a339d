"""The permission table in docs/, from the one place where permissions are written (`xiangyue/people/offices.py`).

python -m tools.permissions          write docs/permissions.md and docs/permissions.zh.md anew
python -m tools.permissions check    exit with 1 and name the page that is not up to date
"""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xiangyue.people.offices import Act, Office

ROOT = Path(__file__).resolve().parent.parent
MAY, MAY_NOT = "●", "·"


@dataclass(frozen=True)
class Page:
    """A page's own words; those for offices and acts come from the sources."""

    language: str
    file: Path
    title: str
    other: str
    opening: str
    office: str
    legend: tuple[str, str]
    units: str
    places: Sequence[tuple[str, str]]
    place_columns: tuple[str, str]
    together: str
    together_columns: tuple[str, str]
    joint: str


PAGES = (
    Page(
        language="en",
        file=ROOT / "docs" / "permissions.md",
        title="Who may do what, and where",
        other="[中文](permissions.zh.md)",
        opening="""\
This page is generated from `xiangyue/people/offices.py` by `python -m tools.permissions`; a test fails when it is not
up to date. Which offices a place has at which level, and what it calls them, is the scheme's data
(`xiangyue/setup/presets/`); what an office allows is the same everywhere.""",
        office="office",
        legend=("no.", "act"),
        units="Where and when",
        places=(
            ("the unit of the appointment, and every unit below it", "yes"),
            ("a unit above it, beside it, in another village", "no"),
            ("another jurisdiction", "no: nobody is known there"),
            ("from the first day of the term to the last, both included", "yes"),
            ("before the first day and after the last", "no"),
            ("after the last day of the unit that the appointment names", "no"),
            ("while the user is switched off", "no"),
            ("by a household's card, or without an appointment", "no"),
        ),
        place_columns=("asked about", "allowed"),
        together="Never held together",
        together_columns=("office", "in the same place, at the same time, the same person can't hold"),
        joint=", ",
    ),
    Page(
        language="zh-hans",
        file=ROOT / "docs" / "permissions.zh.md",
        title="谁在哪里能办什么",
        other="[English](permissions.md)",
        opening="""\
这一页由 `python -m tools.permissions` 从 `xiangyue/people/offices.py` 写出来，过时了测试就不通过。
一个地方在哪一级设哪些职务、叫什么，是方案的数据（`xiangyue/setup/presets/`）；一个职务能办什么，哪里都一样。""",
        office="职务",
        legend=("号", "能办的事"),
        units="在哪里，什么时候",
        places=(
            ("任职的单位和它下面的所有单位", "能"),
            ("上面的、旁边的单位，别的村", "不能"),
            ("别的辖区", "不能：那里没有这个人"),
            ("任职的第一天到最后一天，头尾都算", "能"),
            ("第一天以前、最后一天以后", "不能"),
            ("任职的单位撤了以后", "不能"),
            ("账号停用期间", "不能"),
            ("用农户的卡，或者没有任职", "不能"),
        ),
        place_columns=("问的是", "能不能"),
        together="不能兼任",
        together_columns=("职务", "同一个人在同一个地方、同一时间不能担任"),
        joint="、",
    ),
)


def text_of(page: Page) -> str:
    """Write a page."""
    from django.utils import translation

    from xiangyue.people.offices import GRANTS, Act, Office, clashing_with

    with translation.override("zh-hans"):
        acts, offices = list(Act), list(Office)
        rights = [
            (_named(page, office), *(MAY if act in GRANTS[office] else MAY_NOT for act in acts))
            for office in offices
        ]
        legend = [(number, _named(page, act)) for number, act in enumerate(acts, 1)]
        together = [
            (_named(page, office), page.joint.join(_words(page, each) for each in clashing_with(office)))
            for office in offices
            if clashing_with(office)
        ]
    parts = (
        f"# {page.title}",
        page.other,
        page.opening,
        _table((page.office, *(str(number) for number, _act in legend)), rights),
        _table(page.legend, legend),
        f"## {page.units}",
        _table(page.place_columns, page.places),
        f"## {page.together}",
        _table(page.together_columns, together),
    )
    return "\n\n".join(parts) + "\n"


def stale() -> Iterator[str]:
    """Name the pages that are not what the sources say."""
    for page in PAGES:
        if not page.file.exists() or page.file.read_text(encoding="utf-8") != text_of(page):
            yield page.file.name


def _words(page: Page, each: "Office | Act") -> str:
    return str(each.label) if page.language == "zh-hans" else str(each.value).replace("_", " ")


def _named(page: Page, each: "Office | Act") -> str:
    return f"{_words(page, each)} `{each.value}`" if page.language == "zh-hans" else _words(page, each)


def _table(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [columns, ["---"] * len(columns), *([str(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiangyue.config.settings")
    django.setup()
    if sys.argv[1:] == ["check"]:
        found = list(stale())
        print("\n".join(found), end="\n" if found else "")
        sys.exit(bool(found))
    for page in PAGES:
        page.file.write_text(text_of(page), encoding="utf-8")


if __name__ == "__main__":
    main()
