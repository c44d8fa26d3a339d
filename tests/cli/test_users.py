import json
from typing import Any

import pytest
from click.testing import CliRunner
from django.contrib.auth import authenticate

from tests.people.cast import small_village
from xiangyue.cli.users import user
from xiangyue.people.models import Resident, Unit
from xiangyue.users.models import User

VILLAGE = "440783104220"
PASSWORD = "风调雨顺五谷丰登好年景"
GIVEN = ("--password", PASSWORD)


@pytest.fixture(autouse=True)
def people(village: Unit) -> None:
    small_village(village)


def run(*words: object, typed: str | None = None) -> Any:
    return CliRunner().invoke(user, [*map(str, words), "--county", "cangcheng"], input=typed)


def told(*words: object) -> str:
    result = run(*words)
    assert result.exit_code == 0, result.output
    return str(result.stdout)


def refusal(*words: object) -> str:
    result = run(*words, "--json")
    assert result.exit_code == 1
    return str(json.loads(result.stdout)["refusal"]["code"])


def test_accounts_are_listed() -> None:
    assert "榆钱多" in told("list")
    found = json.loads(told("list", "帆", "--json"))
    assert found == {"users": [{"login": "帆正远", "name": "帆正远", "active": True}]}
    assert refusal("list", "--as", "榆钱多") == "not-allowed"


def test_staff_and_villagers_get_accounts() -> None:
    words = told("add", "云帆远", "--name", "云帆远", "--unit", VILLAGE, *GIVEN)
    assert words.strip() == "云帆远的账号开好了，登录名是“云帆远”。"
    assert authenticate(username="云帆远", password=PASSWORD) == User.objects.get(login="云帆远")
    here = ("--village", VILLAGE, "--household", "018", "--name", "田禾生")
    told("add-villager", "禾生", *here, *GIVEN)
    assert Resident.objects.get(name="田禾生").user == User.objects.get(login="禾生")
    assert refusal("add-villager", "禾生二", *here, *GIVEN) == "resident-has-user"
    assert refusal("add-villager", "禾生", *here, *GIVEN, "--as", "榆钱多") == "not-allowed"
    assert refusal("add", "新人", "--name", "新人", "--unit", VILLAGE, "--password", "123") == "password-weak"


def test_a_password_is_asked_for_twice_and_never_shown() -> None:
    asked = run("password", "榆钱多", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert asked.exit_code == 0, asked.output
    assert PASSWORD not in asked.output
    assert authenticate(username="榆钱多", password=PASSWORD) == User.objects.get(login="榆钱多")
    assert run("password", "榆钱多", typed=f"{PASSWORD}\n打错了\n").exit_code != 0


def test_an_account_is_renamed_and_switched_off_and_on() -> None:
    assert "改成了榆钱来" in told("rename", "榆钱多", "--name", "榆钱来")
    assert told("switch-off", "榆钱多", "--reason", "换届").strip() == "榆钱来的账号停用了。"
    assert [each["login"] for each in json.loads(told("list", "--off", "--json"))["users"]] == ["榆钱多"]
    assert refusal("switch-off", "榆钱多", "--reason", "换届") == "user-already-off"
    assert told("switch-on", "榆钱多", "--reason", "又选上了").strip() == "榆钱来的账号又能用了。"
    assert refusal("switch-on", "榆钱多", "--reason", "又选上了") == "user-already-on"
    assert refusal("switch-off", "榆钱多", "--reason", " ") == "user-reason-needed"
    assert refusal("switch-off", "admin", "--reason", "走了") == "last-administrator"
