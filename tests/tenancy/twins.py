"""Two counties alike to the last id, and a way to see whether anything in one of them moved."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from tests.cast import COMMITTEE, VILLAGE
from tests.cli.terminal import facts
from xiangyue.tenancy.models import Jurisdiction

IDENTITIES = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = %s AND is_identity = 'YES' ORDER BY table_name
"""
TABLES = "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = %s ORDER BY tablename"
PERIOD = "2026-10"


def rows(query: str, *parameters: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def tables(schema: str) -> set[str]:
    return {name for (name,) in rows(TABLES, schema)}


def go_on_from_the_rows(schema: str) -> None:
    """Let the next id of each table be the one after the highest, as if nothing had ever been rolled back."""
    for table, column in rows(IDENTITIES, schema):
        # Pools of the ledger have negative ids from the same sequence.
        ((highest,),) = rows(f'SELECT coalesce(max(abs("{column}")), 0) FROM "{schema}"."{table}"')
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE "{schema}"."{table}" ALTER "{column}" RESTART WITH {highest + 1}')


def snapshot(schema: str) -> dict[str, str]:
    """Give a fingerprint of every table's rows."""
    counted = "SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, '' ORDER BY t::text), ''))"
    return {
        table: rows(f'{counted} FROM "{schema}"."{table}" t')[0][0]  # a fingerprint for each table
        for table in tables(schema)
    }


@dataclass(frozen=True)
class Twin:
    """A county with commands of its own."""

    jurisdiction: Jurisdiction

    @property
    def schema(self) -> str:
        return str(self.jurisdiction.schema_name)

    @property
    def host(self) -> str:
        return f"{self.jurisdiction.slug}.localhost"

    @property
    def here(self) -> tuple[str, ...]:
        return ("--county", self.jurisdiction.slug)

    @property
    def village(self) -> tuple[str, ...]:
        return (*self.here, "--village", VILLAGE)

    def bring(self) -> int:
        """The grid leader records that 田禾生 helped a neighbour, and so vouches for it; gives the deed's number."""
        words = (
            "--household",
            "018",
            "--indicator",
            "邻里帮扶",
            "--day",
            "2026-10-20",
        )
        return int(facts("deed", "add", *self.village, *words, "--as", "桑叶青")["deed"])

    def judge(self) -> dict[str, Any]:
        """The committee approves everything and its notice is hung; gives the notice's facts."""
        month = (*self.village, "--period", PERIOD)
        facts("meeting", "hold", *month, "--attend", ",".join(COMMITTEE), "--as", "柳成荫")
        facts("meeting", "decide", *month, "--all", "--as", COMMITTEE[0])
        issued: dict[str, Any] = facts("notice", "issue", *month, "--as", "柳成荫")
        return issued
