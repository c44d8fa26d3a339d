from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.cli.terminal import facts as facts_of
from tests.cli.terminal import refusal as refusal_of
from tests.cli.terminal import run, told
from tests.people.cast import small_village
from tests.people.numbers import PHONE
from xiangyue.people.models import Circumstance, Consent, Household, Kinship, Mentorship, Resident, Unit
from xiangyue.records.models import LoggedAct

VILLAGE = "440783104220"
COUNTY = ("--county", "cangcheng")
HERE = ("--village", VILLAGE)


@pytest.fixture(autouse=True)
def households(village: Unit) -> dict[str, Household]:
    return small_village(village)


def facts(*words: object, login: str = "admin") -> Any:
    return facts_of("resident", *words, *COUNTY, "--as", login)


def refusal(*words: object, login: str = "admin") -> str:
    found: str = refusal_of("resident", *words, *COUNTY, "--as", login)["code"]
    return found


def one(name: str) -> Resident:
    return Resident.objects.get(name=name)


def test_people_are_found_by_whatever_is_typed() -> None:
    found = facts("find", "田禾生", "--unit", VILLAGE)
    assert [(each["name"], each["number"], each["label"]) for each in found["found"]] == [
        ("田禾生", "018", "第三网格·第二联户组")
    ]
    assert found["more"] is False
    assert "田禾生" in told("resident", "find", "018", "--unit", VILLAGE, *COUNTY)
    assert refusal("find", " ", "--unit", VILLAGE) == "search-empty"
    assert refusal("find", "田", "--unit", "0") == "unit-unknown"


def test_a_person_is_added_corrected_found_gone_and_taken_back() -> None:
    added = facts(
        "add", *HERE, "--household", "018", "--name", "田新苗", "--relation", "child", "--born", "2020-05-06"
    )
    child = Resident.objects.get(id=added["id"])
    assert (child.name, child.born) == ("田新苗", date(2020, 1, 1))
    facts("correct", child.pk, "--phone", PHONE, "--party", "--elsewhere", "--sex", "F", "--reason", "补登记")
    child.refresh_from_db()
    assert (child.is_party_member, child.lives_elsewhere, child.sex) == (True, True, "F")
    assert facts("find", "0001", "--unit", VILLAGE)["found"][0]["resident"] == child.pk
    facts("correct", child.pk, "--no-party", "--here", "--phone", "", "--reason", "补登记")
    child.refresh_from_db()
    assert (child.is_party_member, child.lives_elsewhere, child.phone) == (False, False, None)
    assert facts("left", child.pk, "--on", "2026-11-01")["left_on"] == "2026-11-01"
    assert facts("find", "田新苗", "--unit", VILLAGE)["found"] == []
    assert facts("find", "田新苗", "--unit", VILLAGE, "--gone")["found"][0]["left_on"] == "2026-11-01"
    assert facts("back", child.pk, "--reason", "回来了")["left_on"] is None
    assert facts("died", child.pk)["left_on"] == "2026-11-02"
    assert refusal("correct", 0, "--sex", "F", "--reason", "补登记") == "resident-none"
    assert refusal("correct", child.pk, "--id-number", "1", "--reason", "补登记") == "id-numbers-not-kept"


def test_nothing_to_correct_is_a_wrong_use() -> None:
    assert run("resident", "correct", 1, "--reason", "补登记", *COUNTY).exit_code == 2


def test_a_person_gets_all_that_is_kept_and_who_read_it(tmp_path: Path) -> None:
    tian = one("田禾生")
    shown = facts("show", tian.pk)
    assert shown["person"][0]["name"] == "田禾生"
    assert "三巷18号" in told("resident", "show", tian.pk, *COUNTY)
    file = tmp_path / "本人.xlsx"
    facts("show", tian.pk, "--file", file)
    assert CalamineWorkbook.from_path(file).sheet_names[0] == "本人"
    acts = facts("readers", tian.pk)["acts"]
    assert [each["act"] for each in acts] == ["take-out"] * 3
    assert acts[0]["who"] == "管理员"
    assert refusal("show", tian.pk, login="穗香") == "not-allowed"
    assert refusal("readers", tian.pk, login="穗香") == "not-allowed"
    own = one("麦穗香")
    assert facts("show", own.pk, login="穗香")["person"][0]["name"] == "麦穗香"
    assert facts("readers", own.pk, login="穗香")["acts"]


def test_a_person_is_erased_only_when_confirmed() -> None:
    tian = one("田禾生")
    assert run("resident", "erase", tian.pk, *COUNTY, typed="n\n").exit_code == 1
    assert one("田禾生") == tian
    assert facts("erase", tian.pk, "--error", "--yes") == {"erased": tian.pk}
    assert not Resident.objects.filter(name="田禾生").exists()
    assert LoggedAct.objects.get(act="erase", subject="resident").to_state == "error"
    assert refusal("erase", one("榆钱多").pk, "--yes") == "erase-still-in-office"


def test_who_is_due_is_listed() -> None:
    tian = one("田禾生")
    Resident.objects.filter(id=tian.pk).update(left_on=date(2020, 1, 1))
    due = facts("due", "--unit", VILLAGE)["due"]
    assert [(each["id"], each["number"], each["left_on"]) for each in due] == [(tian.pk, "018", "2020-01-01")]
    assert refusal("due", "--unit", VILLAGE, login="穗香") == "not-allowed"


def test_relatives_mentors_gifts_and_hardships_begin_and_end() -> None:
    tian, mai = one("田禾生"), one("麦穗香")
    kinship = facts("kin", tian.pk, mai.pk, "--kin", "sibling")["kinship"]
    facts("kin-end", kinship, "--reason", "登记错了")
    assert Kinship.objects.get().until == date(2026, 11, 2)
    mentorship = facts("mentor", "榆钱多", *HERE, "--household", "018")["mentorship"]
    facts("mentor-end", mentorship)
    assert Mentorship.objects.get().until == date(2026, 11, 2)
    gift = facts("gave", tian.pk, "--gift", "money", "--what", "修路", "--fen", "5000")["contribution"]
    assert facts("gave-strike", gift, "--reason", "记重了") == {"struck": gift}
    hardship = facts("hardship", tian.pk, "--kind", "illness", "--note", "常去医院")["hardship"]
    assert facts("hardships", tian.pk)["hardships"][0]["note"] == "常去医院"
    facts("hardship-end", hardship)
    assert Circumstance.objects.get().until == date(2026, 11, 2)
    assert refusal("hardships", tian.pk, login="穗香") == "not-allowed"


def test_a_household_consents_for_itself_alone() -> None:
    words = ("--receiver", "丰收银行", "--purpose", "授信参考", "--until", "2027-11-01")
    assert refusal("consent", *HERE, "--household", "004", *words) == "consent-on-behalf"
    given = facts("consent", *HERE, "--household", "004", *words, login="穗香")
    assert refusal("consent-withdraw", given["consent"]) == "consent-on-behalf"
    facts("consent-withdraw", given["consent"], login="穗香")
    assert Consent.objects.get().withdrawn_at is not None
