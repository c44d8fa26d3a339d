from datetime import date
from typing import Any

import pytest
from django.db.models import Model

from tests.cli.terminal import facts, refusal, run, told
from tests.people.tree import NORTH, SOUTH, give, north, points, south, unit
from xiangyue.kernel import clock
from xiangyue.people.models import Household, Joining, Resident, Unit
from xiangyue.users.operations import create_user

COUNTY = ("--county", "cangcheng")
HERE = (*COUNTY, "--village", NORTH)
LATER = date(2026, 12, 8)
ON = ("--on", "2026-12-01")


@pytest.fixture(autouse=True)
def households(county: object) -> Any:
    """Both villages with people, five weeks on."""
    made = north()
    south("001", grid="第二网格")
    give(made["018"], 1500)
    with clock.as_of(LATER):
        yield made


KINDS: tuple[type[Model], ...] = (Unit, Household, Resident)


def everything() -> list[list[dict[str, Any]]]:
    return [list(kind._default_manager.order_by("pk").values()) for kind in KINDS]


# Units


def test_the_tree_is_listed_on_a_day() -> None:
    shown = told("unit", "list", NORTH, *COUNTY)
    assert "大罗村　2026-12-08" in shown
    assert "　　第二联户组" in shown
    assert "已验收" in shown
    rows = facts("unit", "list", NORTH, *COUNTY)["units"]
    assert rows[0] == {
        "code": NORTH,
        "name": "大罗村",
        "level": "village",
        "joining": "admitted",
        "since": "2026-11-02",
        "until": None,
        "depth": 0,
    }
    assert [row["name"] for row in rows[1:]] == ["第一网格", "第三网格", "第一联户组", "第二联户组"]
    assert facts("unit", "list", NORTH, *COUNTY, "--on", "2026-11-01")["units"] == []


def test_units_are_added_renamed_and_ended() -> None:
    made = facts("unit", "add", NORTH, "--level", "grid", "--short", "9", "--name", "第九网格", *COUNTY)
    assert (made["code"], made["since"]) == (f"{NORTH}-9", "2026-12-08")
    assert "设好了：一组（440783104220-9-1）。" in told(
        "unit", "add", made["code"], "--level", "group", "--short", "1", "--name", "一组", *COUNTY
    )
    assert "现在叫河东网格。" in told("unit", "rename", made["code"], "河东网格", *COUNTY)
    assert refusal("unit", "end", made["code"], *COUNTY)["code"] == "unit-has-parts"
    with clock.as_of(date(2026, 12, 9)):
        assert "一组撤了，最后一天是2026-12-08。" in told("unit", "end", f"{made['code']}-1", *COUNTY)
        assert facts("unit", "end", made["code"], *COUNTY)["until"] == "2026-12-08"
        assert refusal("unit", "end", made["code"], *COUNTY)["code"] == "unit-ended"
    assert refusal("unit", "end", f"{NORTH}-1", *COUNTY)["code"] == "unit-lived-in"


def test_a_merger_is_previewed_then_done(households: dict[str, Household]) -> None:
    before = everything()
    words = ("unit", "merge", NORTH, SOUTH, *ON, *COUNTY)
    preview = told(*words, "--dry-run")
    assert "这是预览，什么都没有改。" in preview
    assert "从2026-12-01起：3户换了单位；结束任职4个，其中1个在新单位接着担任。" in preview
    assert everything() == before
    foreseen = facts(*words, "--dry-run")
    done = facts(*words)
    assert {**foreseen, "dry_run": False} == done
    assert done["ended"][0] == {
        "code": NORTH,
        "name": "大罗村",
        "new_code": SOUTH,
        "new_name": unit(SOUTH).name,
    }
    assert refusal(*words)["code"] == "unit-ended"
    moved = Household.objects.get(pk=households["018"].pk)
    assert (moved.village.code, points(moved)) == (SOUTH, (1500, 1500))


def test_a_merger_tells_what_stands_in_its_way() -> None:
    Household.objects.filter(village__code=SOUTH).update(number="018")
    words = ("unit", "merge", NORTH, SOUTH, *ON, *COUNTY)
    refused = refusal(*words)
    assert (refused["code"], refused["facts"]["numbers"]) == ("household-numbers-clash", "018")
    Unit.objects.filter(code=SOUTH).update(joining=Joining.PILOT)
    shown = told(*words, "--prefix", "北-")
    assert "改的户号：" in shown
    assert "018→北-018" in shown
    assert "还没有验收" in shown
    assert refusal("unit", "merge", f"{SOUTH}-2", NORTH, *COUNTY)["code"] == "unit-not-village"


def test_a_grid_is_moved() -> None:
    shown = told("unit", "move", f"{NORTH}-3", SOUTH, *ON, *COUNTY)
    assert "第三网格" in shown
    assert f"{SOUTH}-3" in shown
    assert "办好了，以前的账和记录都没有动。" in shown
    assert refusal("unit", "move", f"{NORTH}-1", NORTH, *ON, *COUNTY)["code"] == "tree-already-there"
    assert refusal("unit", "move", f"{NORTH}-1", SOUTH, "--on", "2026-12-09", *COUNTY)["code"] == (
        "tree-day-ahead"
    )


def test_grids_are_redrawn() -> None:
    words = ("unit", "redraw", NORTH, "--new", "东片", "--end", f"{NORTH}-3", *ON, *COUNTY)
    assert refusal(*words)["code"] == "households-unplaced"
    where = ("--all", f"{NORTH}-3=东片", "--put", f"004={NORTH}-1")
    assert "新设的单位：东片（440783104220-2）" in told(*words, *where, "--dry-run")
    assert facts(*words, *where)["households"] == 2
    found = Household.objects.filter(village__code=NORTH).order_by("number")
    assert list(found.values_list("number", "unit__name")) == [
        ("004", "第一网格"),
        ("018", "东片"),
        ("103", "第一网格"),
    ]
    assert refusal("unit", "redraw", NORTH, "--put", "999=x", *COUNTY)["code"] == "household-unknown"
    assert refusal("unit", "redraw", NORTH, "--put", "018=x", *COUNTY)["code"] == "unit-unknown"
    assert run("unit", "redraw", NORTH, "--put", "018", *COUNTY).exit_code == 2


def test_a_village_joins_and_is_suspended() -> None:
    words = ("unit", "join", NORTH, "demonstration", "--basis", "三个月没有公示", *COUNTY)
    done = facts(*words)
    assert (done["before"], done["joining"], done["since"]) == ("admitted", "demonstration", "2026-12-08")
    assert refusal(*words)["code"] == "joining-not-next"
    with clock.as_of(date(2026, 12, 9)):
        assert "大罗村从2026-12-09起是“已验收”。依据：复验纪要" in told(
            "unit", "join", NORTH, "admitted", "--basis", "复验纪要", *COUNTY
        )
    assert refusal("unit", "join", f"{NORTH}-3", "pilot", "--basis", "x", *COUNTY)["code"] == (
        "unit-not-judging"
    )


# Households


def test_a_household_is_opened() -> None:
    words = ("household", "open", "201", "--unit", f"{NORTH}-1", "--head", "谷满仓", *COUNTY)
    made = facts(*words, "--member", "桃红柳=spouse", "--tag", "党员户", "--address", "四巷1号", *ON)
    assert (made["number"], made["unit"], made["tags"], made["joined_on"]) == (
        *("201", f"{NORTH}-1", ["党员户"], "2026-12-01"),
    )
    assert Resident.objects.filter(household__number="201").count() == 2
    assert refusal(*words)["code"] == "household-number-taken"
    assert run(*words, "--member", "桃红柳").exit_code == 2
    assert run(*words, "--member", "桃红柳=head").exit_code == 2


def test_a_household_is_split_once(households: dict[str, Household]) -> None:
    words = (
        "household",
        "split",
        "018",
        "--new",
        "019",
        "--head",
        "麦春芽",
        "--member",
        "田豆苗=child",
        *HERE,
    )
    more = ("--spendable", "5", "--honour", "3", *ON, "--key", "once")
    shown = told(*words, *more)
    assert "018户从2026-12-01起分出019户。" in shown
    assert "019户：可用积分5，荣誉积分3。" in shown
    again = facts(*words, *more)
    assert (again["made"]["spendable"], again["from"]["spendable"]) == (500, 1000)
    assert refusal("household", "split", "018", "--new", "019", "--head", "没有这人", *HERE)["code"] == (
        "resident-unknown"
    )
    assert refusal(*words[:4], "020", "--head", "没有这人", *HERE)["code"] == "resident-unknown"


def test_a_household_is_merged(households: dict[str, Household]) -> None:
    done = facts("household", "merge", "018", "--into", "004", *HERE, *ON)
    assert (done["from"]["left_on"], done["into"]["honour"]) == ("2026-11-30", 1500)
    assert refusal("household", "show", "018", *HERE)["code"] == "household-unknown"
    shown = told(
        "household", "merge", "103", "--into", "001", "--into-village", SOUTH, *HERE, *ON, "--key", "b"
    )
    assert "103户并到001户，最后一天是2026-11-30；它的卡作废了。" in shown


def test_a_household_moves_and_closes() -> None:
    assert "018户现在在第一网格，户号是018。" in told(
        "household", "move", "018", "--to", f"{NORTH}-1", *HERE, *ON
    )
    away = facts("household", "move", "103", "--to", f"{SOUTH}-2", "--number", "203", *HERE, *ON)
    assert (away["number"], away["village"]) == ("203", SOUTH)
    assert "004户销户了，最后一天是2026-11-30；它的卡作废了。" in told(
        "household", "close", "004", *HERE, *ON
    )


def test_head_address_and_tags_change() -> None:
    assert "018户的户主现在是麦春芽。" in told(
        "household", "head", "018", "--head", "麦春芽", "--former", "spouse", *HERE
    )
    shown = told("household", "edit", "018", "--address", "六巷1号", "--tag", "军属", *HERE)
    assert "018户：地址六巷1号，标签军属。" in shown
    assert refusal("household", "edit", "018", "--tag", "低保户", *HERE)["code"] == "household-tag-sensitive"
    assert facts("household", "edit", "018", "--no-tags", *HERE)["tags"] == []


def test_standings_are_given_listed_and_lifted() -> None:
    words = (
        "standing",
        "give",
        "018",
        "--name",
        "黄牌",
        "--basis",
        "示例：村规民约第八条",
        "--penalty",
        *HERE,
    )
    assert refusal(*words)["code"] == "standing-needs-end"
    assert "018户：黄牌，从2026-12-08到2027-01-31。" in told(*words, "--until", "2027-01-31")
    (held,) = facts("standing", "list", "018", *HERE)["standings"]
    assert (held["name"], held["honour"], held["until"]) == ("黄牌", False, "2027-01-31")
    assert "示例：村规民约第八条" in told("standing", "list", "018", *HERE)
    assert "“黄牌”从2026-12-08起解除了。" in told("standing", "lift", held["id"], *COUNTY)
    assert facts("standing", "list", "018", *HERE)["standings"] == []
    assert refusal("standing", "lift", 0, *COUNTY)["code"] == "standing-unknown"
    give_honour = ("standing", "give", "018", "--name", "红榜", "--basis", "示例", "--honour", *HERE)
    assert "从2026-12-08到长期。" in told(*give_honour)


def test_who_may_not_read_or_manage_is_refused() -> None:
    create_user(login="路人", name="路人")
    stranger = ("--as", "路人")
    for words in (
        ("unit", "list", NORTH, *COUNTY),
        ("unit", "merge", NORTH, SOUTH, *ON, *COUNTY),
        ("unit", "rename", NORTH, "新名", *COUNTY),
        ("household", "close", "018", *HERE),
        ("standing", "list", "018", *HERE),
    ):
        assert refusal(*words, *stranger)["code"] == "not-allowed"
