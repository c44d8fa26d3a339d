"""Importing a county's roster of fourteen columns: read, checked, written with accounts and a log, or not at all.

Against the same file read by calamine, copied into one table of text, and merged from there into the same tables
without any check, pinyin, sealing or report. Both make sure of all foreign keys, and are undone after each run.
"""

import io
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import connection, transaction
from django_tenants.utils import schema_context
from python_calamine import CalamineWorkbook

from bench import report
from bench.county import County
from bench.memory import peak
from bench.scale import Scale
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Unit
from xiangyue.people.operations.roster import Mode, import_rosters
from xiangyue.people.roster_form import full_workbook

FAMILY = (
    ("户主", "男", "1984-03-09"),
    ("配偶", "女", "1986"),
    ("子女", "", "2018"),
)
SURNAMES, GIVEN = "田麦豆石白秋兰榆帆林江河山水云", "禾生春芽苗穗香榴红露清满仓幽钱多正远知微书文武安宁"
LARGE = 25  # of so many households, two have three people: 143,700 in 69,100
GRID, GROUP = 64, 8  # households
COUNTY = (
    50_000  # households from which on the goal counts: opening a file takes its time, however small it is
)
AWAY, MEMBERS, TAGGED = 5, 14, 10  # of so many, one

TABLE = """
    DROP TABLE IF EXISTS pg_temp.bare_roster;
    CREATE TEMP TABLE bare_roster (
        village text, number text, grid text, part text, name text, relation text, sex text, born text, id_number text,
        phone text, party text, elsewhere text, tags text, address text
    )
"""
HOUSEHOLDS = """
    WITH holder AS (
        INSERT INTO ledger_holder (public_id)
        SELECT gen_random_uuid() FROM (SELECT DISTINCT village, number FROM bare_roster) home RETURNING id
    ),
    account AS (
        INSERT INTO ledger_account
            (id, holder_id, kind, currency, balance, held, arrears, honour, floor, redeem_floor)
        SELECT nextval(pg_get_serial_sequence('ledger_account', 'id')), id, 'points', 'POINT', 0, 0, 0, 0, 0, 0
        FROM holder
    )
    INSERT INTO people_household (public_id, unit_id, village_id, number, address, tags, holder_id, joined_on)
    SELECT gen_random_uuid(), unit.id, unit.id, home.number, home.address, '{}', holder.id, date '2026-11-02'
    FROM (
        SELECT village, number, max(address) AS address, row_number() OVER () AS place
        FROM bare_roster GROUP BY village, number
    ) home
    JOIN people_unit unit ON unit.code = home.village
    JOIN (SELECT id, row_number() OVER () AS place FROM holder) holder USING (place)
"""
RESIDENTS = """
    INSERT INTO people_resident (household_id, name, pinyin, initials, sex, born, relation, is_party_member,
        lives_elsewhere, phone, phone_index, phone_tail)
    SELECT household.id, row.name, '', '', CASE row.sex WHEN '男' THEN 'M' WHEN '女' THEN 'F' ELSE '' END,
        to_date(row.born, 'YYYY-MM-DD'),
        CASE row.relation WHEN '户主' THEN 'head' WHEN '配偶' THEN 'spouse' ELSE 'other' END,
        row.party = '是', row.elsewhere = '是', nullif(convert_to(row.phone, 'UTF8'), ''),
        md5(nullif(row.phone, '')), md5(right(nullif(row.phone, ''), 4))
    FROM bare_roster row
    JOIN people_unit unit ON unit.code = row.village
    JOIN people_household household ON household.village_id = unit.id AND household.number = row.number
"""
ALONE = "import sys, django; django.setup(); from bench.roster import alone; alone(*sys.argv[1:])"
FILLED = ("people_household", "people_resident", "people_unit", "ledger_holder", "ledger_account")


def measure(county: County, scale: Scale) -> None:
    """Print how long a roster takes, a second one with one change in a hundred, and how much memory."""
    villages = list(Unit.objects.filter(id__in=list(county.empty)).order_by("path"))
    codes = [village.code for village in villages]
    content, people = _content(county.households, codes, changed=False)
    mine, raw = report.in_turns(
        scale.runs,
        lambda: _undone(lambda: _import(content)),
        lambda: _undone(lambda: _bare(content)),
        warm=False,
    )
    size = f"{county}, {people:,} people"
    seconds, ratio, peak = statistics.median(mine), report.ratio_of(mine, raw), _peak_of_a_process(content)
    verdicts = [report.at_most(1.6, ratio)] if county.households >= COUNTY else []
    report.line(
        "roster",
        size,
        f"{seconds:,.3f} s",
        "bare",
        f"{statistics.median(raw):,.3f} s",
        ratio,
        *verdicts,
        f"{seconds / people * 1e6:,.1f} us a line",
        f"{peak:,.0f} MB at most",
        report.at_most(600, peak, " MB"),
    )
    _import(content)
    report.calm(*FILLED)
    changed, _people_again = _content(county.households, codes, changed=True)
    again = [_undone(lambda: _import(changed, update=True)) for _run in range(scale.runs)]
    slower = report.ratio_of(again, mine)
    report.line(
        "roster again, 1 % changed",
        size,
        f"{statistics.median(again):,.3f} s",
        "first",
        f"{seconds:,.3f} s",
        slower,
        report.at_most(1, slower),
    )


def _content(households: int, codes: list[str], *, changed: bool) -> tuple[bytes, int]:
    people = list(_people(households, codes, changed=changed))
    return full_workbook(people), len(people)


def _people(households: int, codes: list[str], *, changed: bool) -> Iterator[tuple[str, ...]]:
    """Invent people. Every hundredth household has, when changed, moved next door, and its head another phone."""
    in_village = -(-households // len(codes))
    for home in range(households):
        village, door = divmod(home, in_village)
        is_other = changed and home % 100 == 0
        for place, (relation, sex, born) in enumerate(FAMILY[: 3 if home % LARGE < 2 else 2]):
            person = home * 3 + place
            surname = SURNAMES[home % len(SURNAMES)]
            name = surname + GIVEN[person % len(GIVEN)] + GIVEN[person // len(GIVEN) % len(GIVEN)]
            yield (
                codes[village],
                f"{door + 1:04d}",
                f"第{door // GRID + 1}网格",
                f"第{door % GRID // GROUP + 1}联户组",
                name,
                relation,
                sex,
                born,
                "",
                f"199{person + 50_000_000 * is_other:08d}" if place == 0 else "",
                "是" if person % MEMBERS == 0 else "",
                "是" if person % AWAY == 0 else "",
                "光荣之家" if home % TAGGED == 0 and place == 0 else "",
                f"{door + 1}号{'旁' if is_other else ''}" if place == 0 else "",
            )


def _undone(work: Callable[[], None]) -> float:
    """Time some work with all its foreign keys, then undo it, and sweep up what is left of it."""
    with transaction.atomic():
        seconds = report.timed(work) + report.timed(_assure)
        transaction.set_rollback(True)
    report.calm(*FILLED)
    return seconds


def _assure() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _import(content: bytes, *, update: bool = False) -> None:
    root = Unit.objects.get(parent=None)
    mode = Mode.UPDATE if update else Mode.NEW
    import_rosters(actor=SYSTEM, unit_id=root.pk, content=content, name="roster.xlsx", mode=mode)


def _bare(content: bytes) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = book.get_sheet_by_name("户册").to_python()[1:]
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        with cursor.copy("COPY bare_roster FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(HOUSEHOLDS)
        cursor.execute(RESIDENTS)


def _peak_of_a_process(content: bytes) -> float:
    """Import in a process of its own, undone; give the most memory that it ever had, in megabytes."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(content)
        file.flush()
        schema = connection.schema_name  # type: ignore[attr-defined]
        words = [sys.executable, "-c", ALONE, schema, file.name]
        done = subprocess.run(words, capture_output=True, text=True, check=True, env=dict(os.environ))
    return float(done.stdout.split()[-1])


def alone(schema: str, path: str) -> None:
    """Import a file into a county, undo it, and print the most memory that the process ever had, in megabytes."""
    with schema_context(schema), transaction.atomic():
        _import(Path(path).read_bytes())
        transaction.set_rollback(True)
    print(peak())
