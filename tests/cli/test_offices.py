import pytest

from tests.cli.terminal import facts, refusal, told
from tests.people.cast import small_village
from xiangyue.people.models import Appointment, Level, OfficeRule, Unit
from xiangyue.people.offices import Office
from xiangyue.users.operations import create_user

VILLAGE = "440783104220"
HERE = ("--unit", VILLAGE, "--county", "cangcheng")
COUNTY = ("--county", "cangcheng")


@pytest.fixture(autouse=True)
def people(village: Unit) -> Unit:
    small_village(village)
    create_user(login="葛藤长", name="葛藤长")
    return village


def leader() -> Appointment:
    return Appointment.objects.get(office=Office.GRID_LEADER)


def test_a_member_of_a_council_is_appointed(people: Unit) -> None:
    command = ("office", "appoint", "葛藤长", "--office", "council_member", *HERE)
    made = facts(*command, "--body", "moral", "--capacity", "notable")
    assert (made["title"], made["body"], made["capacity"]) == ("村里各会成员", "moral", "notable")
    assert "道德" in told("office", "list", *HERE)
    (listed,) = (row for row in facts("office", "list", *HERE)["appointments"] if row["id"] == made["id"])
    assert listed == made
    assert refusal(*command)["code"] == "office-body-wrong"
    assert (
        refusal("office", "appoint", "葛藤长", "--office", "department", *HERE)["code"] == "office-not-here"
    )


def test_offices_go_by_the_place_s_words(people: Unit) -> None:
    OfficeRule.objects.filter(office=Office.GRID_LEADER, level=Level.GRID).update(title="网格长")
    assert "网格长" in told("office", "list", *HERE)
    assert "麦穗香担任第三网格的网格长" in told("office", "end", leader().pk, *COUNTY)


def test_an_office_is_handed_over() -> None:
    command = ("office", "hand-over", leader().pk, "--to", "葛藤长", *COUNTY)
    made = facts(*command)
    assert (made["name"], made["since"], made["until"]) == ("葛藤长", "2026-11-03", None)
    assert str(leader_until()) == "2026-11-02"
    words = told("office", "hand-over", made["id"], "--to", "穗香", "--on", "2026-12-01", *COUNTY)
    assert words.strip() == "第三网格的网格员交接了：从2026-12-01起是麦穗香。"
    assert refusal("office", "hand-over", 0, "--to", "葛藤长", *COUNTY)["code"] == "appointment-unknown"


def leader_until() -> object:
    return Appointment.objects.filter(office=Office.GRID_LEADER).order_by("id")[0].until


def test_who_leaves_loses_all_offices() -> None:
    assert told("office", "end-all", "榆钱多", *COUNTY).strip() == "榆钱多的2个职务，到2026-11-02为止。"
    assert facts("office", "end-all", "榆钱多", "--until", "2026-11-02", *COUNTY)["ended"] == []
    assert refusal("office", "end-all", "admin", *COUNTY)["code"] == "last-administrator"
    assert refusal("office", "end-all", "没有这人", *COUNTY)["code"] == "unknown-user"


def test_gaps_and_terms_that_run_out_are_listed() -> None:
    Appointment.objects.filter(pk=leader().pk).update(until="2026-11-20")
    shown = told("office", "gaps", *HERE)
    assert "第一网格" in shown
    assert "缺网格员" in shown
    assert "快到期的任职" in shown
    found = facts("office", "gaps", *HERE)
    assert {(gap["unit_name"], gap["office"], gap["lack"]) for gap in found["gaps"]} >= {
        ("第一网格", "grid_leader", "vacant"),
        ("第三网格·第二联户组", "group_leader", "vacant"),
    }
    (term,) = found["ending"]
    assert (term["login"], term["ends_on"], term["title"]) == ("穗香", "2026-11-20", "网格员")
    assert {gap["unit_name"] for gap in facts("office", "gaps", *HERE, "--on", "2026-11-21")["gaps"]} >= {
        *("第一网格", "第三网格")
    }


def test_where_nobody_is_missing_it_says_so(people: Unit) -> None:
    OfficeRule.objects.update(is_needed=False, party_only=False)
    assert told("office", "gaps", *HERE).strip() == f"{people.name}不缺人。"


def test_bodies_are_listed_with_whom_they_lack() -> None:
    shown = told("office", "bodies", *HERE)
    assert "评议小组" in shown
    assert "榆钱多" in shown
    found = {each["body"]: each for each in facts("office", "bodies", *HERE)["bodies"]}
    assert len(found) == 7
    assert found["evaluation"]["members"] == [{"name": "榆钱多", "login": "榆钱多", "capacity": None}]
    assert found["supervision"]["missing"] == [
        {"capacity": "households", "least": 1, "seated": 0},
        {"capacity": "notable", "least": 1, "seated": 0},
    ]
    assert found["supervision"]["words"] == "还缺村民代表1人、乡贤、退休干部1人"


def test_a_seat_is_written_down() -> None:
    member = Appointment.objects.get(office=Office.COMMITTEE_MEMBER)
    words = told("office", "seat", member.pk, "--capacity", "two_committees", *COUNTY)
    assert words.strip() == "榆钱多在大罗村：评议小组，村两委干部。"
    assert refusal("office", "seat", leader().pk, "--body", "moral", *COUNTY)["code"] == "office-body-wrong"


@pytest.mark.parametrize("command", ["list", "gaps", "bodies"])
def test_the_register_is_read_only_by_who_may(command: str) -> None:
    assert refusal("office", command, *HERE, "--as", "葛藤长")["code"] == "not-allowed"
