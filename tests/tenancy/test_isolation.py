"""One county never sees or touches another's data (DOMAIN §7): not by page, command, query, job or file.

The twins have the same people under the same ids, so that a row of the wrong county would be found, not missed.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as configured
from django.db import connection, transaction
from django_tenants.utils import schema_context
from procrastinate.contrib.django import app

from tests.cast import VILLAGE, Cast, settle_in
from tests.cli.terminal import facts, refusal, run, told
from tests.setup.folders import files_folder
from tests.tenancy.twins import PERIOD, Twin, go_on_from_the_rows, rows, snapshot, tables
from tests.web import NOBODYS_HOST, Visitor
from xiangyue.kernel import clock
from xiangyue.people.models import Card, Household, Resident
from xiangyue.people.refusals import UnknownHousehold
from xiangyue.records.models import StoredFile
from xiangyue.records.operations import store_file
from xiangyue.records.storage import local_path
from xiangyue.scoring.models import Deed
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.tenancy.schemas import current_schema
from xiangyue.users.operations import create_user

OTHER_NAME = "对照人"
SESSION = configured.SESSION_COOKIE_NAME


@dataclass(frozen=True)
class Twins:
    """`ours` is where the tests act; `theirs` is the one that must not notice. Household 018 has other heads."""

    ours: Twin
    theirs: Twin


@pytest.fixture
def twins(cast: Cast, peopled: Jurisdiction, founded: Jurisdiction) -> Twins:
    go_on_from_the_rows(founded.schema_name)
    go_on_from_the_rows(peopled.schema_name)
    with schema_context(founded.schema_name):
        settle_in()
        Resident.objects.filter(household__number="018", relation="head").update(name=OTHER_NAME)
    return Twins(Twin(peopled), Twin(founded))


@pytest.fixture
def nobody(twins: Twins) -> Visitor:
    """A browser on a host that is nobody's."""
    return Visitor(twins.ours.jurisdiction, NOBODYS_HOST)


def ids(schema: str) -> list[tuple[int, ...]]:
    return rows(f'SELECT id, holder_id, unit_id FROM "{schema}".people_household ORDER BY id')


def browser(twin: Twin) -> Visitor:
    return Visitor(twin.jurisdiction)


@transaction.atomic
def refused_after_reading() -> None:
    """The first statement, and with it what chooses the schema, is rolled back."""
    Household.objects.count()
    raise UnknownHousehold(number="", village="")


def signed_in(twin: Twin) -> Visitor:
    """A browser that a household's card opened."""
    card = facts("card", "issue", "018", *twin.village)
    client = browser(twin)
    entered = client.post(card["address"], {"pin": card["pin"]})
    assert entered.status_code == 302
    assert entered.headers["location"] == "/my/home/"
    return client


def test_the_twins_have_the_same_ids(twins: Twins) -> None:
    assert ids(twins.ours.schema) == ids(twins.theirs.schema)
    assert twins.ours.bring() == twins.theirs.bring()
    assert twins.ours.judge()["notice"] != twins.theirs.judge()["notice"]


# Commands


def test_commands_write_in_their_county_alone(twins: Twins) -> None:
    deed = twins.theirs.bring()
    before = snapshot(twins.theirs.schema)
    assert twins.ours.bring() == deed
    notice = twins.ours.judge()
    here = (*twins.ours.village, "--period", PERIOD)
    about = ("--household", "004", "--line", 1, "--text", "没看见", "--as", "柳成荫")
    objection = facts("objection", "lodge", *here, *about)["objection"]
    answer = ("--dismiss", "--text", "有人作证", "--as", "竹有节")
    told("objection", "reply", objection, *twins.ours.here, *answer)
    with clock.as_of(clock.today() + timedelta(days=9)):
        settled = facts("notice", "settle", *twins.ours.here, "--unit", VILLAGE, "--as", "柳成荫")
        shop = (*twins.ours.village, "--shop", "小店")
        told("shop", "open", "小店", *twins.ours.village)
        told("shop", "receive", "香皂", *shop, "--price", "5", "--quantity", 3)
        told("shop", "redeem", "香皂", *shop, "--household", "018", "--as", "仓有余")
    told("card", "issue", "018", *twins.ours.village)
    told("office", "end", 2, *twins.ours.here)
    assert (notice["households"], settled["lines"]) == (62, 1)
    assert snapshot(twins.theirs.schema) == before


def test_commands_read_in_their_county_alone(twins: Twins) -> None:
    twins.theirs.bring()
    twins.theirs.judge()
    village = twins.ours.village
    assert OTHER_NAME in told("household", "show", "018", *twins.theirs.village)
    assert OTHER_NAME not in told("household", "show", "018", *village)
    assert "田禾生" in told("household", "list", *village)
    assert facts("deed", "list", *village, "--state", "approved")["deeds"] == []
    assert refusal("notice", "show", *village, "--period", PERIOD)["code"] == "no-notice"
    assert OTHER_NAME not in told("ledger", "statement", "018", *village)


def test_ids_of_one_county_mean_nothing_in_the_other(twins: Twins) -> None:
    deed = twins.theirs.bring()
    twins.theirs.judge()
    about = ("--household", "018", "--line", 1, "--text", "少记了", "--as", "柳成荫")
    month = (*twins.theirs.village, "--period", PERIOD)
    lodged = facts("objection", "lodge", *month, *about)["objection"]
    before = snapshot(twins.theirs.schema)
    ours = twins.ours.here
    reasons = ("--reason", "不对", "--as", "柳成荫")
    assert refusal("deed", "reject", deed, *ours, *reasons)["code"] == "unknown-deed"
    assert refusal("deed", "return", deed, *ours, *reasons)["code"] == "unknown-deed"
    assert refusal("deed", "verify", deed, *twins.ours.village, "--as", "桑叶青")["code"] == "unknown-deed"
    answer = ("--dismiss", "--text", "没有", "--as", "竹有节")
    assert refusal("objection", "reply", lodged, *ours, *answer)["code"] == "unknown-objection"
    assert snapshot(twins.theirs.schema) == before


def test_a_login_of_one_county_acts_in_no_other(twins: Twins) -> None:
    with schema_context(twins.theirs.schema):
        create_user(login="外县人", name="外县人")
    assert refusal("household", "list", *twins.ours.village, "--as", "外县人")["code"] == "unknown-user"


def test_a_command_leaves_the_connection_where_it_was(twins: Twins) -> None:
    with schema_context(twins.ours.schema):
        told("household", "list", *twins.theirs.village)
        refusal("household", "show", "999", *twins.theirs.village)
        assert current_schema() == twins.ours.schema
        assert Resident.objects.get(household__number="018", relation="head").name == "田禾生"


# Pages


GUESSES = "people_doortry"


def test_a_card_opens_nothing_at_the_other_county(twins: Twins) -> None:
    card = facts("card", "issue", "018", *twins.ours.village)
    theirs = facts("card", "issue", "018", *twins.theirs.village)
    before = snapshot(twins.theirs.schema)
    stranger = browser(twins.theirs)
    for pin in (card["pin"], theirs["pin"]):
        refused = stranger.post(card["address"], {"pin": pin})
        assert refused.status_code == 404
        assert OTHER_NAME not in refused.content.decode()
    after = snapshot(twins.theirs.schema)
    assert before.pop(GUESSES) != after.pop(GUESSES)  # the network address guessed
    assert after == before  # no try at a card is counted: there is no such card


def test_a_session_of_one_county_is_none_in_the_other(twins: Twins) -> None:
    ours, theirs = signed_in(twins.ours), signed_in(twins.theirs)
    assert "田禾生" in ours.get("/my/home/").content.decode()
    assert OTHER_NAME in theirs.get("/my/home/").content.decode()
    cookie = ours.cookies[SESSION].value
    for path in ("/my/home/", "/my/ledger/"):
        ours.cookies[SESSION] = cookie
        carried = ours.get(path, headers={"host": twins.theirs.host})
        assert (carried.status_code, carried.headers["location"]) == (302, f"/sign-in/?next={path}")
    ours.cookies[SESSION] = cookie
    assert "田禾生" in ours.get("/my/home/").content.decode()  # and it wasn't ended by trying


def test_signing_out_elsewhere_ends_no_session(twins: Twins) -> None:
    ours = signed_in(twins.ours)
    cookie = ours.cookies[SESSION].value
    ours.post("/my/sign-out/", headers={"host": twins.theirs.host})
    ours.cookies[SESSION] = cookie
    assert ours.get("/my/home/").status_code == 200


def test_a_cookie_names_no_domain(twins: Twins) -> None:
    for cookie in signed_in(twins.ours).cookies.values():
        assert cookie["domain"] == ""


def test_a_notice_hangs_at_its_own_county_alone(twins: Twins) -> None:
    twins.ours.bring()
    path = f"/notice/{twins.ours.judge()['notice']}/1/"
    for page in (path, f"{path}data.json", f"{path}print/a3/", f"{path}print/a4/"):
        assert browser(twins.ours).get(page).status_code == 200
        assert browser(twins.theirs).get(page).status_code == 404
    assert path in browser(twins.ours).get("/").content.decode()
    assert path not in browser(twins.theirs).get("/").content.decode()


def test_one_connection_serves_hosts_in_turn(twins: Twins) -> None:
    ours, theirs = signed_in(twins.ours), signed_in(twins.theirs)
    wrong = facts("card", "issue", "004", *twins.ours.village)["address"]
    for _round in range(3):
        assert "田禾生" in ours.get("/my/home/").content.decode()
        assert OTHER_NAME in theirs.get("/my/home/").content.decode()
        assert ours.post(wrong, {"pin": "1"}).status_code == 422  # refused in the middle of a transaction
        assert (
            browser(twins.theirs).get(wrong).status_code == 200
        )  # a door says nothing about who lives there


def test_a_rollback_does_not_lead_into_another_county(twins: Twins) -> None:
    with schema_context(twins.ours.schema):
        Household.objects.count()
        with schema_context(twins.theirs.schema):
            with pytest.raises(UnknownHousehold):
                refused_after_reading()
            assert Resident.objects.get(household__number="018", relation="head").name == OTHER_NAME
        assert Resident.objects.get(household__number="018", relation="head").name == "田禾生"


@pytest.mark.parametrize(
    "path", ["/my/home/", "/my/ledger/", "/notice/01991d6c-0000-7000-8000-000000000000/1/"]
)
def test_a_host_that_is_nobodys_shows_no_countys_pages(nobody: Visitor, twins: Twins, path: str) -> None:
    nobody.cookies[SESSION] = signed_in(twins.ours).cookies[SESSION].value
    assert nobody.get(path).status_code in (302, 404)


def test_the_landing_list_names_counties_and_figures_only(nobody: Visitor) -> None:
    listed = nobody.get("/").content.decode()
    assert "cangcheng.localhost" in listed
    assert "peopled.localhost" in listed
    assert "田禾生" not in listed
    assert OTHER_NAME not in listed


# Jobs, files, tables


def test_a_job_works_in_its_county_alone(twins: Twins) -> None:
    for twin in (twins.ours, twins.theirs):
        twin.bring()
        twin.judge()
    before = snapshot(twins.theirs.schema)
    with clock.as_of(clock.today() + timedelta(days=9)):
        app.tasks["settle.county"](schema=twins.ours.schema)
        assert snapshot(twins.theirs.schema) == before
        with schema_context(twins.ours.schema):
            assert Deed.objects.count() == 1
        assert facts("ledger", "statement", "018", *twins.ours.village)["balances"]["honour"] == 1000
        assert facts("ledger", "statement", "018", *twins.theirs.village)["balances"]["honour"] == 0


def test_the_same_file_is_kept_by_each_county_for_itself(twins: Twins) -> None:
    places = []
    for twin in (twins.ours, twins.theirs):
        with schema_context(twin.schema):
            stored = store_file(name="证明.txt", content=f"同样的证明 {id(twins)}".encode())
            places.append(local_path(stored.sha256))
            assert files_folder(twin.jurisdiction) in places[-1].parents
    assert places[0] != places[1]
    places[0].unlink()
    assert places[1].read_bytes().startswith("同样的证明".encode())
    with schema_context(twins.theirs.schema):
        assert StoredFile.objects.filter(sha256=places[1].name).exists()


def test_evidence_of_one_county_is_no_path_in_the_other(twins: Twins) -> None:
    with schema_context(twins.ours.schema):
        stored = store_file(name="照片.jpg", content=b"only ours")
    with schema_context(twins.theirs.schema):
        assert not local_path(stored.sha256).exists()
        assert not StoredFile.objects.filter(sha256=stored.sha256).exists()


def test_each_table_lives_in_public_or_in_the_counties_never_in_both(twins: Twins) -> None:
    in_public, in_county = tables("public"), tables(twins.ours.schema)
    # Django notes in each schema which migrations it has had; nothing else may be doubled.
    assert in_public & in_county == {"django_migrations"}
    assert in_county == tables(twins.theirs.schema)
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed:
            homes = (model._meta.db_table in in_public, model._meta.db_table in in_county)
            assert sum(homes) == 1, model


def test_no_function_of_a_county_can_reach_into_another(twins: Twins) -> None:
    """Triggers keep their own search path; an unqualified name once wrote one county's history into another's."""
    functions = rows(
        "SELECT n.nspname, p.proname, coalesce(array_to_string(p.proconfig, ' '), ''), p.prosrc"
        " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname LIKE 'county%%'"
    )
    assert functions
    for schema, name, fixed, body in functions:
        assert fixed.startswith("search_path="), name
        named = f"{fixed} {body}".replace(schema, "")
        assert "county_" not in named, name
    assert rows("SELECT 1 FROM pg_views WHERE schemaname LIKE 'county%%'") == []


def test_nothing_a_county_owns_is_in_public(twins: Twins) -> None:
    twins.ours.bring()
    before = snapshot("public")
    twins.ours.judge()
    assert snapshot("public") == before
    told_in_public = " ".join(str(row) for row in rows("SELECT * FROM public.tenancy_jurisdiction"))
    assert "田禾生" not in told_in_public


def test_a_card_row_is_not_found_by_a_twins_id(twins: Twins) -> None:
    facts("card", "issue", "018", *twins.theirs.village)
    with schema_context(twins.ours.schema):
        assert not Card.objects.exists()
    assert run("card", "revoke", "018", *twins.ours.village).exit_code == 1
    with schema_context(twins.theirs.schema):
        assert Card.objects.filter(revoked_at=None).count() == 1
    assert connection.needs_rollback is False


def test_files_of_a_county_lie_in_its_own_folder(founded: Jurisdiction, peopled: Jurisdiction) -> None:
    assert files_folder(founded) == Path(str(configured.HOME), "files", "county_cangcheng")
    assert files_folder(peopled) != files_folder(founded)
