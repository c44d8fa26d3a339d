from datetime import date

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from xiangyue.kernel.prepared import Prepared
from xiangyue.tenancy.models import Jurisdiction

SUM = {"first": "bigint", "second": "bigint"}


def test_a_statement_is_planned_at_its_first_use_on_a_connection(db: None) -> None:
    added = Prepared("tests_added", "SELECT %(first)s + %(second)s, %(first)s", SUM)
    with CaptureQueriesContext(connection) as caught:
        found = [added.rows({"second": 2, "first": first}) for first in (1, 40)]
    assert found == [[(3, 1)], [(42, 40)]]
    ran = [query["sql"].split()[0] for query in caught]
    assert [word for word in ran if word != "SET"] == ["PREPARE", "EXECUTE", "EXECUTE"]


def test_a_new_connection_begins_anew(committed: Jurisdiction) -> None:
    told = Prepared("tests_told", "SELECT %(day)s, %(words)s", {"day": "date", "words": "text[]"})
    facts = {"day": date(2026, 11, 2), "words": ["一", "100%"], "other": 7}
    assert told.rows(facts) == [(date(2026, 11, 2), ["一", "100%"])]
    connection.close()
    assert told.rows(facts) == [(date(2026, 11, 2), ["一", "100%"])]


def test_it_reads_the_county_that_is_entered(founded: Jurisdiction, peopled: Jurisdiction, db: None) -> None:
    """One connection, two counties in turn, more often than PostgreSQL waits before it keeps one plan for all."""
    counted = Prepared(
        "tests_counted", "SELECT count(*) FROM people_resident WHERE id > %(id)s", {"id": "bigint"}
    )
    found = []
    for _turn in range(8):
        for jurisdiction in (founded, peopled):
            with schema_context(jurisdiction.schema_name):
                found.append(counted.rows({"id": 0})[0][0])
    assert set(found[::2]) == {0}
    assert len(set(found[1::2])) == 1
    assert found[1] > 0


def test_what_is_undone_leaves_the_statement_known(committed: Jurisdiction) -> None:
    one = Prepared("tests_one", "SELECT %(id)s", {"id": "bigint"})
    with transaction.atomic():
        assert one.rows({"id": 1}) == [(1,)]
        transaction.set_rollback(True)
    assert one.rows({"id": 2}) == [(2,)]
