"""Importing a village's roster: read, checked, and written with accounts and a log, whole or not at all.

Against the same file read by calamine and copied into one table of text. Here the village is as large as the county.
"""

from collections.abc import Iterator
from io import BytesIO

from django.db import connection
from python_calamine import CalamineWorkbook

from bench import report
from bench.county import County
from bench.scale import GRIDS, Scale
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people import roster_form
from xiangyue.people.operations.roster import import_roster

COPY = "COPY bare_resident FROM STDIN"
FAMILY = (
    ("田禾生", "户主", "男", "1984-03-09"),
    ("麦春芽", "配偶", "女", "1986"),
    ("田豆苗", "子女", "", "2018"),
)


def measure(county: County, scale: Scale) -> None:
    """Print how long a roster takes."""
    content = roster_form.roster_workbook(list(_residents(county.households)))
    mine, raw = [], []
    for _ in range(scale.runs):
        raw.append(report.timed(_copy, content))
        village = next(county.empty)
        taken = report.timed(
            import_roster, actor=SYSTEM, village_id=village, content=content, name="roster.xlsx"
        )
        mine.append(taken)
    rows = county.households * len(FAMILY)
    report.times("roster", f"{county}, {rows:,} rows", ours=mine, beside=raw, lines=rows)


def _residents(households: int) -> Iterator[tuple[str, ...]]:
    for place in range(households):
        number, grid = f"{place + 1:05d}", f"第{place % GRIDS + 1}网格"
        for name, relation, sex, born in FAMILY:
            yield number, grid, "", name, relation, sex, born, "", ""


def _copy(content: bytes) -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    rows = book.get_sheet_by_name(roster_form.RESIDENTS).to_python()[1:]
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for row in rows:
            copy.write_row(row)
