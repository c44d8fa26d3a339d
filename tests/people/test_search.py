from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people.cast import small_village, somebody
from tests.people.numbers import PHONE, id_of
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.ledger.operations.opening import open_households
from xiangyue.people import search as module
from xiangyue.people.models import Household, PeopleRules, Relation, Resident, Unit
from xiangyue.people.names import pinyin_of
from xiangyue.people.offices import Office
from xiangyue.people.operations.erasing import erase_resident
from xiangyue.people.operations.residents import add_resident, correct_resident, record_departure
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.private_refusals import NothingToSearch
from xiangyue.people.search import search

TODAY = date(2026, 11, 2)


@pytest.fixture
def homes(village: Unit) -> dict[str, Household]:
    found = small_village(village)
    PeopleRules.objects.all().delete()
    PeopleRules.objects.create(keeps_id_numbers=True)
    for name, phone, born in (("田禾生", PHONE, "19840309"), ("榆钱多", "19900000002", "19700102")):
        correct_resident(
            actor=SYSTEM,
            resident_id=Resident.objects.get(name=name).pk,
            facts={"phone": phone, "id_number": id_of(born), "born": None},
            reason="补登记",
        )
    for resident in Resident.objects.all():  # whatever the roster did
        resident.pinyin, resident.initials = pinyin_of(resident.name)
        resident.save()
    return found


def names(unit: Unit, text: str, *, with_gone: bool = False) -> list[str]:
    return [each.name for each in search(actor=SYSTEM, unit=unit, text=text, with_gone=with_gone).lines]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("田禾生", ["田禾生"]),
        (" 田 ", ["田禾生", "田豆苗"]),
        ("禾生", ["田禾生"]),
        ("豆苗", ["田豆苗"]),
        ("生", ["田禾生"]),
        ("禾", []),
        ("tian", ["田禾生", "田豆苗"]),
        ("TianHe", ["田禾生"]),
        ("tian he sheng", ["田禾生"]),
        ("ths", ["田禾生"]),
        ("m", ["麦春芽", "麦穗香"]),
        ("018", ["田禾生"]),
        ("18", ["田禾生"]),
        ("1", ["榆钱多"]),
        ("0", ["麦穗香", "田禾生"]),
        (PHONE, ["田禾生"]),
        ("199 0000 0001", ["田禾生"]),
        ("＋86 19900000001", ["田禾生"]),
        ("0001", ["田禾生"]),
        ("0002", ["榆钱多"]),
        (id_of(), ["田禾生"]),
        (id_of()[-4:].lower(), ["田禾生"]),
        ("9999", []),
        ("100%", []),
        ("田_", []),
        ("%田", []),
        ("没有", []),
    ],
)
def test_one_box_finds_by_whatever_is_typed(
    village: Unit, homes: dict[str, Household], text: str, found: list[str]
) -> None:
    assert sorted(names(village, text)) == sorted(found)


def test_what_is_meant_exactly_comes_first(village: Unit, homes: dict[str, Household]) -> None:
    add_resident(actor=SYSTEM, household_id=homes["004"].pk, facts={"name": "田禾"})
    add_resident(actor=SYSTEM, household_id=homes["004"].pk, facts={"name": "禾"})
    assert names(village, "田禾") == ["田禾", "田禾生"]
    assert names(village, "禾") == ["禾", "田禾"]


def test_given_names_of_compound_surnames_are_found_too(village: Unit, homes: dict[str, Household]) -> None:
    add_resident(actor=SYSTEM, household_id=homes["004"].pk, facts={"name": "欧阳稻香"})
    assert names(village, "稻香") == ["欧阳稻香"]


def test_a_line_says_where_and_what(village: Unit, homes: dict[str, Household]) -> None:
    (line,) = search(actor=SYSTEM, unit=village, text="田禾生").lines
    assert (line.number, line.label, line.village) == ("018", "第三网格·第二联户组", village.name)
    assert (line.household, line.is_head, line.left_on) == (homes["018"].pk, True, None)


def test_only_a_unit_and_what_lies_below_it_is_searched(village: Unit, homes: dict[str, Household]) -> None:
    third = Unit.objects.get(parent=village, name="第三网格")
    first = Unit.objects.get(parent=village, name="第一网格")
    other = Unit.objects.get(code="440783104221")
    assert village.parent
    assert [names(unit, "田禾生") for unit in (village.parent, third, first, other)] == [
        ["田禾生"],
        ["田禾生"],
        [],
        [],
    ]
    assert [names(unit, "18") for unit in (third, first)] == [["田禾生"], []]


def test_who_may_not_read_the_households_finds_nobody(village: Unit, homes: dict[str, Household]) -> None:
    third = Unit.objects.get(parent=village, name="第三网格")
    leader = somebody(Office.GRID_LEADER, third)
    assert search(actor=leader, unit=third, text="田禾生").lines
    for actor, unit in (
        (leader, village),
        (somebody(Office.SHOPKEEPER, village, login="店员"), village),
        (Actor.card(homes["018"].pk), village),
    ):
        with pytest.raises(NotAllowed):
            search(actor=actor, unit=unit, text="田禾生")


def test_the_gone_are_found_only_when_asked_for(village: Unit, homes: dict[str, Household]) -> None:
    record_departure(actor=SYSTEM, resident_id=Resident.objects.get(name="麦春芽").pk, on=TODAY)
    Household.objects.filter(number="004").update(left_on=TODAY)
    for text in ("麦", "mai", "004", "4"):
        assert names(village, text) == []
    assert sorted(names(village, "麦", with_gone=True)) == ["麦春芽", "麦穗香"]
    (line,) = search(actor=SYSTEM, unit=village, text="004", with_gone=True).lines
    assert (line.name, line.left_on) == ("麦穗香", TODAY)


def test_a_household_without_a_head_is_found_by_its_number(
    village: Unit, homes: dict[str, Household]
) -> None:
    Resident.objects.filter(household=homes["004"]).update(relation=Relation.OTHER)
    (line,) = search(actor=SYSTEM, unit=village, text="004").lines
    assert (line.household, line.resident, line.name) == (homes["004"].pk, None, "")


def test_the_erased_are_found_by_nothing(village: Unit, homes: dict[str, Household]) -> None:
    erase_resident(actor=SYSTEM, resident_id=Resident.objects.get(name="田禾生").pk)
    for text in ("田禾生", "tianhesheng", "ths", PHONE, "0001", id_of()):
        assert names(village, text, with_gone=True) == []


@pytest.mark.parametrize("text", ["", " ", "%", "·-"])
def test_nothing_typed_finds_nothing(village: Unit, text: str) -> None:
    with pytest.raises(NothingToSearch):
        search(actor=SYSTEM, unit=village, text=text)


def test_more_than_one_can_look_through_is_cut(
    village: Unit, homes: dict[str, Household], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 1)
    found = search(actor=SYSTEM, unit=village, text="田")
    assert (len(found.lines), found.has_more) == (1, True)
    found = search(actor=SYSTEM, unit=village, text="田禾生")
    assert (len(found.lines), found.has_more) == (1, False)


def test_whatever_is_found_it_takes_three_queries(
    village: Unit, homes: dict[str, Household], admin: Actor
) -> None:
    for text in ("田", "tian", "018", "0001", PHONE, id_of(), "没有"):
        with CaptureQueriesContext(connection) as queries:
            search(actor=admin, unit=village, text=text)
        assert len(queries) <= 3, text


WAYS = {
    "田禾": {"resident_name"},
    "tianhe": {"resident_pinyin", "resident_initials"},
    "0001": {"resident_phone_tail", "resident_id_tail"},
    PHONE: {"resident_phone"},
    id_of(): {"one_resident_of_an_id"},
}


def test_each_way_has_an_index(village: Unit, homes: dict[str, Household]) -> None:
    """Where there are many rows, the server takes the index of each way, and reads none of them through."""
    many = range(5_000)
    Resident.objects.bulk_create(
        Resident(
            household=homes["004"],
            name=f"{place:x}",
            pinyin=f"{place:x}",
            initials=f"{place:x}",
            phone=b"1",
            phone_index=f"{place:032x}",
            phone_tail=f"{place:032x}",
            id_number=b"1",
            id_index=f"{place:032x}",
            id_tail=f"{place:032x}",
            relation=Relation.OTHER,
        )
        for place in many
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_resident")
    plans = {text: plan_of(text) for text in WAYS}
    assert {text: {name for name in WAYS[text] if name in plan} for text, plan in plans.items()} == WAYS, (
        plans
    )


def plan_of(text: str) -> str:
    sql, values = module.statement(Unit.objects.get(parent=None), text, with_gone=False)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", values)
        return "\n".join(line for (line,) in cursor.fetchall())


def test_the_number_that_was_typed_comes_first_however_many_begin_like_it(village: Unit) -> None:
    holders = iter(open_households(count=130))
    for number in [str(place) for place in (*range(100, 180), *range(10, 20))] + ["001", "1"]:
        Household.objects.create(
            unit=village, village=village, number=number, holder_id=next(holders), joined_on=TODAY
        )
    found = search(actor=SYSTEM, unit=village, text="1")
    assert found.has_more
    assert sorted(each.number for each in found.lines[:2]) == ["001", "1"]
