import json
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from tests.people.cast import small_village
from xiangyue.cli.offices import office
from xiangyue.cli.people import card, household
from xiangyue.people.models import Household, Unit
from xiangyue.people.operations.cards import open_with_card
from xiangyue.people.refusals import CardUnknown
from xiangyue.users.operations import create_user

VILLAGE = "440783104220"
HERE = ("--village", VILLAGE)


@pytest.fixture(autouse=True)
def households(village: Unit) -> dict[str, Household]:
    return small_village(village)


def run(group: click.Group, *args: object) -> Result:
    return CliRunner().invoke(group, [*(str(arg) for arg in args), "--county", "cangcheng"])


def facts(group: click.Group, *args: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(group, *args, "--json").stdout)
    return found


def refusal(group: click.Group, *args: object) -> str:
    result = run(group, *args, "--json")
    assert result.exit_code == 1
    code: str = json.loads(result.stdout)["refusal"]["code"]
    return code


def test_households_are_listed(village: Unit) -> None:
    result = run(household, "list", *HERE)
    assert result.exit_code == 0, result.output
    assert f"{village.name}　3户" in result.stdout
    assert "田禾生" in result.stdout
    assert facts(household, "list", *HERE)["households"][1] == {
        "number": "018",
        "head": "田禾生",
        "unit": "第三网格·第二联户组",
        "residents": 3,
        "party_members": 1,
    }


def test_one_household_is_shown(households: dict[str, Household]) -> None:
    result = run(household, "show", "018", *HERE)
    assert result.exit_code == 0, result.output
    assert "018　第三网格·第二联户组　三巷18号" in result.stdout
    assert "麦春芽" in result.stdout
    found = facts(household, "show", "018", *HERE)
    assert found["id"] == str(households["018"].public_id)
    assert found["residents"][2] == {
        "name": "田豆苗",
        "sex": "",
        "born": "2018-01-01",
        "head": False,
        "party_member": False,
    }
    assert refusal(household, "show", "999", *HERE) == "household-unknown"


def test_names_are_shown_only_to_who_may_read_them() -> None:
    create_user(login="路人", name="路人")
    for args in (("list",), ("show", "018")):
        assert refusal(household, *args, *HERE, "--as", "路人") == "not-allowed"
    assert refusal(office, "list", "--unit", VILLAGE, "--as", "路人") == "not-allowed"
    assert refusal(card, "issue", "018", *HERE, "--as", "路人") == "not-allowed"


def test_a_card_is_issued_and_revoked(households: dict[str, Household]) -> None:
    made = facts(card, "issue", "018", *HERE)
    token = made["address"].removeprefix("/card/").removesuffix("/")
    assert open_with_card(token=token, pin=made["pin"]) == households["018"]
    result = run(card, "revoke", "018", *HERE)
    assert "018户的卡作废了。" in result.stdout
    with pytest.raises(CardUnknown):
        open_with_card(token=token, pin=made["pin"])
    assert refusal(card, "revoke", "018", *HERE) == "card-none"


def test_the_pin_is_told_to_people_once() -> None:
    result = run(card, "issue", "018", *HERE)
    assert "/card/" in result.stdout
    assert "以后查不到" in result.stdout


def test_offices_are_listed(village: Unit) -> None:
    result = run(office, "list", "--unit", VILLAGE)
    assert result.exit_code == 0, result.output
    assert "村党组织书记" in result.stdout
    found = facts(office, "list", "--unit", VILLAGE)["appointments"]
    assert [(each["login"], each["office"], each["unit_name"]) for each in found] == [
        ("榆钱多", "committee_member", village.name),
        ("帆正远", "town_official", village.name),
        ("榆钱多", "village_secretary", village.name),
        ("穗香", "grid_leader", "第三网格"),
    ]


def test_someone_is_appointed_and_the_term_ended(village: Unit) -> None:
    grid = Unit.objects.get(parent=village, name="第一网格")
    args = ("appoint", "穗香", "--office", "grid_leader", "--unit", grid.code, "--until", "2026-12-31")
    made = facts(office, *args)
    assert (made["name"], made["unit_name"], made["since"], made["until"]) == (
        *("麦穗香", "第一网格", "2026-11-02", "2026-12-31"),
    )
    assert refusal(office, *args) == "already-appointed"
    result = run(office, "end", made["id"])
    assert "麦穗香担任第一网格的网格员，到2026-11-02为止。" in result.stdout
    assert refusal(office, "end", 0) == "appointment-unknown"
    assert refusal(office, "appoint", "没有这人", *args[2:]) == "unknown-user"
