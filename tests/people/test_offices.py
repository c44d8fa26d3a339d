"""What an office allows, against a table written here by hand, from CONDUCT and DOMAIN, not from `GRANTS`."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from xiangyue.people.offices import GRANTS, Act, Office, clash, clashing_with, offices_that_grant

pages: Any = import_module("tools.permissions")
SOURCES = Path(__file__).resolve().parents[2] / "xiangyue"

EXPECTED = {
    "administrator": "manage_people read_households read_circumstances export_data manage_catalogue"
    " manage_shops settle",
    "leading_group": "read_households clear_catalogue answer_complaints",
    "department": "clear_catalogue",
    "town_official": "read_households manage_catalogue answer_objections answer_complaints",
    "village_secretary": "confirm_members help_households read_households read_circumstances bring_deeds"
    " verify_deeds hold_meetings judge"
    " judge_small issue_notices answer_objections answer_complaints settle manage_catalogue",
    "first_secretary": "read_households read_circumstances bring_deeds verify_deeds",
    "work_team": "read_households bring_deeds",
    "information_administrator": "confirm_members help_households bring_deeds",
    "grid_leader": "confirm_members help_households read_households bring_deeds verify_deeds judge_small",
    "group_leader": "read_households bring_deeds judge_small",
    "committee_member": "judge",
    "council_member": "confirm_decisions",
    "supervisor": "read_households answer_objections supervise",
    "operator": "manage_shops redeem",
    "shopkeeper": "redeem",
    "auditor": "read_households",
    "bank_officer": "",
}

DEEDS = "bring_deeds verify_deeds hold_meetings judge issue_notices answer_objections settle manage_catalogue"
SCORING = "bring_deeds verify_deeds hold_meetings judge judge_small"
IDENTITY = "manage_people read_households read_circumstances export_data"
HOUSEHOLDS = "confirm_members help_households"
WRITING = f"{DEEDS} {HOUSEHOLDS} manage_people manage_shops redeem"
# What must never be, and where it is written.
NEVER = [
    ("operator", DEEDS, "DOMAIN §2: never deeds"),
    ("operator", f"{IDENTITY} {HOUSEHOLDS}", "DOMAIN §2: never identity data"),
    ("supervisor", HOUSEHOLDS, "they look at what others do for a household"),
    ("administrator", HOUSEHOLDS, "who keeps the books of a county does not know who stands at the door"),
    ("supervisor", SCORING, "DOMAIN §3: they never score"),
    ("auditor", WRITING, "the auditor reads"),
    ("auditor", "read_circumstances export_data", "CONDUCT: little data"),
    ("shopkeeper", f"{DEEDS} {IDENTITY} {HOUSEHOLDS}", "CONDUCT: little data"),
    ("bank_officer", f"{WRITING} {IDENTITY}", "CONDUCT: nothing without a consent"),
    ("council_member", SCORING, "only the evaluation committee judges"),
    (
        "administrator",
        f"{SCORING} answer_objections issue_notices redeem",
        "who keeps the books does not score",
    ),
    ("town_official", SCORING, "DOMAIN §3: the village judges"),
    ("department", f"{WRITING} {IDENTITY}", "CONDUCT: little data"),
    ("leading_group", WRITING, "it oversees"),
    (
        "information_administrator",
        "verify_deeds judge hold_meetings manage_people",
        "DOMAIN §8: enters only",
    ),
    ("group_leader", "verify_deeds judge hold_meetings settle", "DOMAIN §3: someone else verifies"),
    ("grid_leader", "judge hold_meetings read_circumstances export_data", "CONDUCT: little data"),
    ("committee_member", "bring_deeds verify_deeds settle", "DOMAIN §3: nobody decides what they brought"),
]


def acts(words: str) -> set[Act]:
    return {Act(word) for word in words.split()}


def test_every_office_stands_in_the_table() -> None:
    assert set(EXPECTED) == {office.value for office in Office} == {office.value for office in GRANTS}


@pytest.mark.parametrize("office", Office)
def test_an_office_allows_what_the_table_says_and_nothing_else(office: Office) -> None:
    assert set(GRANTS[office]) == acts(EXPECTED[office])


@pytest.mark.parametrize(("office", "words", "why"), NEVER)
def test_what_an_office_must_never_allow(office: str, words: str, why: str) -> None:
    assert not GRANTS[Office(office)] & acts(words), why


@pytest.mark.parametrize("act", Act)
def test_every_act_is_allowed_to_somebody_and_asked_for_somewhere(act: Act) -> None:
    assert offices_that_grant(act)
    asked = re.compile(rf"\bAct\.{act.name}\b")
    rooms = (path for path in SOURCES.rglob("*.py") if path.name != "offices.py" or "cli" in path.parts)
    assert any(asked.search(path.read_text(encoding="utf-8")) for path in rooms)


def test_sensitive_data_is_for_few() -> None:
    assert set(offices_that_grant(Act.READ_CIRCUMSTANCES)) == {
        *(Office.ADMINISTRATOR, Office.VILLAGE_SECRETARY, Office.FIRST_SECRETARY),
    }
    assert (
        offices_that_grant(Act.EXPORT_DATA) == offices_that_grant(Act.MANAGE_PEOPLE) == [Office.ADMINISTRATOR]
    )


@pytest.mark.parametrize(
    ("one", "others"),
    [
        (
            Office.SUPERVISOR,
            {
                *(Office.COMMITTEE_MEMBER, Office.VILLAGE_SECRETARY, Office.GRID_LEADER, Office.GROUP_LEADER),
                *(Office.OPERATOR, Office.AUDITOR),
            },
        ),
        (Office.SHOPKEEPER, {Office.AUDITOR}),
        (Office.COUNCIL_MEMBER, {Office.OPERATOR, Office.AUDITOR}),
        (Office.GRID_LEADER, {Office.SUPERVISOR, Office.OPERATOR, Office.AUDITOR}),
    ],
)
def test_what_one_person_may_not_be_at_once(one: Office, others: set[Office]) -> None:
    assert set(clashing_with(one)) == others


def test_an_operator_may_be_a_shopkeeper_and_no_one_with_a_say() -> None:
    allowed = {other for other in Office if not clash(Office.OPERATOR, other)}
    assert allowed == {Office.OPERATOR, Office.SHOPKEEPER, Office.BANK_OFFICER}


def test_whether_two_clash_does_not_hang_on_the_order() -> None:
    assert [
        (one, other) for one in Office for other in Office if clash(one, other) != clash(other, one)
    ] == []
    assert not any(clash(office, office) for office in Office)


def test_the_pages_in_docs_are_up_to_date() -> None:
    """If not: python -m tools.permissions."""
    assert list(pages.stale()) == []


def test_the_pages_tell_every_office_and_every_act() -> None:
    english, chinese = (page.file.read_text(encoding="utf-8") for page in pages.PAGES)
    for each in (*Office, *Act):
        assert f"`{each.value}`" in chinese
        assert each.value.replace("_", " ") in english
    assert (
        english.count(pages.MAY)
        == chinese.count(pages.MAY)
        == sum(len(allowed) for allowed in GRANTS.values())
    )
