"""Where a roster waits to be checked and merged: temporary tables that end with the transaction.

roster_row: one row a resident. roster_home: one a household. roster_place: where they live (`units`).
roster_settled: which household of the county each is, or becomes. roster_pair: which resident each row is.
roster_missing: residents of these households whom the file does not have.
"""

from collections.abc import Sequence
from typing import Any, Final

from django.db import connection

from xiangyue.people.roster_reading import Reading, Scope, read_rows
from xiangyue.people.roster_values import Cells
from xiangyue.sheets.problems import Problems
from xiangyue.sheets.stream import Stream

Row = tuple[Any, ...]

TABLES: Final = """
    DROP TABLE IF EXISTS pg_temp.roster_row, pg_temp.roster_home, pg_temp.roster_place, pg_temp.roster_settled,
        pg_temp.roster_pair, pg_temp.roster_home_change, pg_temp.roster_change, pg_temp.roster_missing;
    CREATE TEMP TABLE roster_row (
        line int NOT NULL, home int NOT NULL, name text NOT NULL, pinyin text NOT NULL, initials text NOT NULL,
        sex text NOT NULL, born date, relation text NOT NULL, party boolean NOT NULL, elsewhere boolean NOT NULL,
        id_number bytea, id_index text, id_tail text, phone bytea, phone_index text, phone_tail text
    ) ON COMMIT DROP;
    CREATE TEMP TABLE roster_home (
        home int NOT NULL, line int NOT NULL, place int NOT NULL, number text NOT NULL, address text NOT NULL,
        tags text[] NOT NULL
    ) ON COMMIT DROP;
    CREATE TEMP TABLE roster_place (
        place int PRIMARY KEY, village_id bigint NOT NULL, unit_id bigint, path text NOT NULL
    ) ON COMMIT DROP;
    CREATE TEMP TABLE roster_settled (home int NOT NULL, household_id bigint NOT NULL, is_new boolean NOT NULL)
        ON COMMIT DROP;
    CREATE TEMP TABLE roster_pair (line int NOT NULL, resident_id bigint NOT NULL) ON COMMIT DROP;
    CREATE TEMP TABLE roster_missing (resident_id bigint NOT NULL, home int NOT NULL) ON COMMIT DROP;
"""
# A county's roster is joined by hashing tables of a few tens of megabytes; compiling queries takes longer than they do.
SETTINGS: Final = "SET LOCAL work_mem = '64MB'; SET LOCAL jit = off"

COPY_ROWS: Final = "COPY roster_row FROM STDIN"
COPY_HOMES: Final = "COPY roster_home FROM STDIN"
ANALYZE: Final = "ANALYZE roster_row (line, home); ANALYZE roster_home (home, place)"


def stage(stream: Stream, scope: Scope, cells: Cells, problems: Problems) -> Reading:
    """Walk through a sheet of people and copy it into the temporary tables, made anew; nothing else is written.

    Raises: StrayText, UnreadableSheet.
    """
    cells.warm()
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        cursor.execute(SETTINGS)
        with cursor.copy(COPY_ROWS) as copy:
            reading = read_rows(stream, scope, cells, problems, copy.write)
        with cursor.copy(COPY_HOMES) as copy:
            copy.write(reading.homes.getvalue())
        reading.homes.close()
        cursor.execute(ANALYZE)
    return reading


def run(statement: str, facts: dict[str, Any] | None = None) -> int:
    """Execute a statement; give how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return int(cursor.rowcount)


def rows_of(statement: str, facts: dict[str, Any] | None = None) -> Sequence[Row]:
    """Give a query's rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        found: list[Row] = cursor.fetchall()
    return found
