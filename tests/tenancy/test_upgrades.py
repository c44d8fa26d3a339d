import pytest
from django.db import connection, transaction
from django_tenants.utils import schema_context

from tests.tenancy.twins import rows, tables
from xiangyue.kernel import clock
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.tenancy.upgrades import behind, upgrade_all


@pytest.fixture
def both(founded: Jurisdiction, peopled: Jurisdiction, db: None) -> list[str]:
    """The schemas of both counties."""
    return [founded.schema_name, peopled.schema_name]


def forget(schema: str, app: str) -> None:
    """Let a schema be as it was before an app's last migration, as far as Django knows."""
    with schema_context(schema), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations WHERE app = %s)",
            [app],
        )


def test_nothing_is_behind_after_founding(both: list[str]) -> None:
    assert behind() == []


def test_a_county_that_is_behind_is_named(both: list[str]) -> None:
    forget(both[1], "redemption")
    assert behind() == [both[1]]


def test_while_the_shared_tables_are_behind_no_county_is_asked(both: list[str]) -> None:
    forget("public", "tenancy")
    forget(both[0], "redemption")
    assert behind() == ["public"]


def test_a_county_without_a_schema_is_behind(both: list[str]) -> None:
    Jurisdiction.objects.create(
        schema_name="county_lost",
        slug="lost",
        name="失地",
        division_code="440783104",
        preset="cangcheng",
        founded_on=clock.today(),
    )
    assert behind() == ["county_lost"]


def test_upgrading_goes_through_public_and_then_every_county(both: list[str]) -> None:
    before = {schema: tables(schema) for schema in ("public", *both)}
    everywhere = ["public", *Jurisdiction.objects.values_list("schema_name", flat=True)]
    assert set(both) < set(everywhere)
    assert list(upgrade_all()) == everywhere
    assert {schema: tables(schema) for schema in before} == before
    assert behind() == []


def test_upgrading_brings_back_what_a_county_lacks(both: list[str]) -> None:
    """The newest tables of one county are taken away, as if the program had just learned of them."""
    with transaction.atomic():
        with schema_context(both[0]), connection.cursor() as cursor:
            for table in sorted(name for name in tables(both[0]) if name.startswith("redemption_")):
                cursor.execute(f"DROP TABLE {table} CASCADE")
            cursor.execute("DELETE FROM django_migrations WHERE app = 'redemption'")
        assert behind() == [both[0]]
        list(upgrade_all())
        assert behind() == []
        assert tables(both[0]) == tables(both[1])
        assert rows(f"SELECT 1 FROM {both[0]}.redemption_shop") == []
        transaction.set_rollback(True)
