import io
import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from tests.people.cast import small_village, somebody, user_called
from tests.people.numbers import PHONE, id_of
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people import person
from xiangyue.people.models import (
    Appointment,
    FormerHousehold,
    Gift,
    Hardship,
    Household,
    Kin,
    PeopleRules,
    Resident,
    Standing,
    Unit,
)
from xiangyue.people.offices import Office
from xiangyue.people.operations.circumstances import read_circumstances, record_circumstance
from xiangyue.people.operations.consents import give_consent
from xiangyue.people.operations.relations import assign_mentor, end_kin, record_contribution, register_kin
from xiangyue.people.operations.residents import correct_resident, record_death, record_departure, take_out
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.person import (
    Erased,
    Keeper,
    Section,
    acts_about,
    acts_shown,
    as_data,
    as_workbook,
    due_below,
    due_for_erasure,
    households_near,
    households_near_users,
    kept_of,
    last_kept_day,
    register_keeper,
    resident_by_id,
)
from xiangyue.people.private_refusals import NoSuchResident
from xiangyue.users.operations import create_user

TODAY = date(2026, 11, 2)


@pytest.fixture
def homes(village: Unit) -> dict[str, Household]:
    return small_village(village)


def one(name: str) -> Resident:
    return Resident.objects.get(name=name)


@pytest.fixture
def secretary(homes: dict[str, Household]) -> Resident:
    """榆钱多, of whom the county keeps something of everything."""
    PeopleRules.objects.all().delete()
    PeopleRules.objects.create(keeps_id_numbers=True, retention_years=3)
    resident, home = one("榆钱多"), homes["103"]
    correct_resident(
        actor=SYSTEM,
        resident_id=resident.pk,
        facts={"phone": PHONE, "id_number": id_of("19700102"), "sex": "F"},
        reason="补登记",
    )
    register_kin(actor=SYSTEM, resident_id=resident.pk, other_id=one("田禾生").pk, kin=Kin.CHILD)
    assign_mentor(actor=SYSTEM, household_id=homes["004"].pk, user_id=user_called("榆钱多").pk)
    record_contribution(
        actor=SYSTEM, resident_id=resident.pk, gift=Gift.MONEY, what="修路", given_on=TODAY, fen=5000
    )
    give_consent(
        actor=Actor.card(home.pk),
        household_id=home.pk,
        receiver="丰收银行",
        purpose="授信参考",
        until=date(2027, 1, 1),
    )
    record_circumstance(actor=SYSTEM, resident_id=resident.pk, hardship=Hardship.ALONE, note="儿女在外")
    Standing.objects.create(
        household=home, name="红榜", is_honour=True, basis="村规民约（2026-01-01）", since=TODAY
    )
    FormerHousehold.objects.create(
        resident=resident, household=homes["018"], relation="other", until=date(2026, 1, 1)
    )
    return resident


def test_everything_that_is_kept_of_a_person_is_given_as_plain_data(
    secretary: Resident, admin: Actor
) -> None:
    data: dict[str, Any] = as_data(take_out(actor=admin, resident_id=secretary.pk))
    (own,) = data["person"]
    assert own["name"] == "榆钱多"
    assert (own["id_number"], own["phone"]) == (id_of("19700102"), PHONE)
    assert (own["sex"], own["party_member"], own["login"]) == ("女", True, "榆钱多")
    assert data["household"][0]["number"] == "103"
    assert data["former_households"][0]["number"] == "018"
    assert {row["office"] for row in data["appointments"]} == {"村党组织书记", "评议委员"}
    assert [(row["kin"], row["name"]) for row in data["kin"]] == [("子女", "田禾生")]
    assert data["mentoring"][0]["number"] == "004"
    assert data["contributions"][0]["fen"] == 5000
    assert data["consents"][0]["receiver"] == "丰收银行"
    assert data["standings"][0]["basis"] == "村规民约（2026-01-01）"
    assert data["circumstances"][0]["note"] == "儿女在外"
    assert data["acts"][0]["act"] == "take-out"
    assert json.loads(json.dumps(data, default=str))["person"][0]["phone"] == PHONE


def test_the_other_of_a_pair_reads_the_same_from_their_side(secretary: Resident) -> None:
    assert [
        (row["kin"], row["name"]) for row in as_data(kept_of(resident_by_id(one("田禾生").pk)))["kin"]
    ] == [("父母", "榆钱多")]


def test_the_person_gets_a_workbook_with_a_sheet_for_each_part(secretary: Resident) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_workbook(kept_of(resident_by_id(secretary.pk)))))
    assert book.sheet_names[:2] == ["本人", "所在户"]
    rows = book.get_sheet_by_name("本人").to_python()
    told = dict(zip(rows[0], rows[1], strict=True))
    assert (told["姓名"], told["电话"], told["党员"]) == ("榆钱多", PHONE, "是")
    assert "困难情况" in book.sheet_names
    plain = CalamineWorkbook.from_filelike(io.BytesIO(as_workbook(kept_of(resident_by_id(one("田豆苗").pk)))))
    assert "困难情况" not in plain.sheet_names


def test_who_read_it_is_told_by_name(secretary: Resident, admin: Actor) -> None:
    read_circumstances(actor=admin, resident_id=secretary.pk)
    take_out(actor=admin, resident_id=secretary.pk)
    everything = acts_shown(actor=admin, resident_id=secretary.pk)
    assert [(row["act"], row["subject"], row["who"]) for row in everything[:3]] == [
        ("take-out", "resident", "管理员"),
        ("read", "circumstance", "管理员"),
        ("read", "resident", "管理员"),
    ]
    assert {"correct-phone", "register", "give", "record"} <= {row["act"] for row in everything}
    assert not {"read", "take-out"} & {row["act"] for row in acts_about(one("田豆苗"))}


def test_the_log_about_a_person_is_for_them_and_for_who_manages_people_there(
    secretary: Resident, village: Unit
) -> None:
    assert secretary.user_id is not None
    assert acts_shown(actor=Actor.user(secretary.user_id), resident_id=secretary.pk)
    for stranger in (somebody(Office.AUDITOR, village), Actor.card(secretary.household_id)):
        with pytest.raises(NotAllowed):
            acts_shown(actor=stranger, resident_id=secretary.pk)
        with pytest.raises(NotAllowed):
            due_below(actor=stranger, unit=village)


def test_who_died_in_office_is_due_all_the_same(homes: dict[str, Household]) -> None:
    leader = Resident.objects.filter(user__isnull=False).order_by("id")[0]
    assert Appointment.objects.filter(user=leader.user_id, until=None).exists()
    record_death(actor=SYSTEM, resident_id=leader.pk, on=TODAY)
    assert list(due_for_erasure(date(2029, 11, 1))) == []
    assert list(due_for_erasure(date(2029, 11, 2))) == [leader]


def test_rooms_above_give_and_erase_what_is_theirs(
    secretary: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(person, "_keepers", {})
    told: list[Erased] = []
    deeds = Section("deeds", "积分事项", {"what": "什么事"}, [{"what": "修路"}])
    for _ in range(2):  # the same room once more is still one
        register_keeper("scoring", Keeper(kept=lambda _resident: [deeds], erase=told.append))
    assert as_data(kept_of(resident_by_id(secretary.pk)))["deeds"] == [{"what": "修路"}]
    assert len(person.keepers()) == 1


def test_nobody_is_found_who_is_erased(secretary: Resident) -> None:
    Resident.objects.filter(id=secretary.pk).update(erased_on=TODAY)
    for wanted in (secretary.pk, 0):
        with pytest.raises(NoSuchResident):
            resident_by_id(wanted)


def test_own_households_and_those_of_near_relatives_are_near(homes: dict[str, Household]) -> None:
    user, numbers = user_called("榆钱多"), {home.pk: number for number, home in homes.items()}

    def near(actor: Actor) -> list[str]:
        return sorted(numbers[each] for each in households_near(actor))

    assert near(Actor.user(user.pk)) == ["103"]
    kinship = register_kin(
        actor=SYSTEM, resident_id=one("田禾生").pk, other_id=one("榆钱多").pk, kin=Kin.PARENT
    )
    assert near(Actor.user(user.pk)) == ["018", "103"]
    assert near(Actor.card(homes["018"].pk)) == ["018", "103"]
    assert near(Actor.card(homes["004"].pk)) == ["004"]
    assert near(SYSTEM) == []
    assert near(Actor.user(create_user(login="路人", name="路人").pk)) == []
    end_kin(actor=SYSTEM, kinship_id=kinship.pk, until=TODAY, reason="登记错了")
    assert near(Actor.user(user.pk)) == ["018", "103"]  # its last day counts
    with clock.as_of(date(2026, 11, 3)):
        assert near(Actor.user(user.pk)) == ["103"]


def test_a_relative_who_left_makes_no_household_near(homes: dict[str, Household]) -> None:
    user = user_called("榆钱多")
    register_kin(actor=SYSTEM, resident_id=one("田禾生").pk, other_id=one("榆钱多").pk, kin=Kin.PARENT)
    record_departure(actor=SYSTEM, resident_id=one("田禾生").pk, on=TODAY)
    assert households_near(Actor.user(user.pk)) == {homes["103"].pk}


def test_many_users_are_asked_about_in_two_queries(homes: dict[str, Household]) -> None:
    register_kin(actor=SYSTEM, resident_id=one("麦穗香").pk, other_id=one("榆钱多").pk, kin=Kin.SIBLING)
    users = [user_called(login).pk for login in ("榆钱多", "穗香", "admin")]
    with CaptureQueriesContext(connection) as queries:
        near = households_near_users(users)
    assert len(queries) == 2
    both = {homes["103"].pk, homes["004"].pk}
    assert near == {users[0]: both, users[1]: both}


def test_data_are_kept_for_the_schemes_years_after_somebody_left(homes: dict[str, Household]) -> None:
    PeopleRules.objects.all().delete()
    PeopleRules.objects.create(retention_years=2)
    leaving = one("田禾生")
    record_departure(actor=SYSTEM, resident_id=leaving.pk, on=date(2026, 10, 1))
    assert list(due_for_erasure(date(2028, 9, 30))) == []
    assert list(due_for_erasure(date(2028, 10, 1))) == [leaving]
    assert list(due_for_erasure()) == []


def test_whoever_is_left_in_an_ended_household_is_due_with_it(homes: dict[str, Household]) -> None:
    Household.objects.filter(number="018").update(left_on=TODAY)
    due = {each.name for each in due_for_erasure(date(2030, 1, 1))}
    assert due == {"田禾生", "麦春芽", "田豆苗"}


def test_who_holds_an_office_is_not_due(homes: dict[str, Household]) -> None:
    leader = one("榆钱多")
    record_departure(actor=SYSTEM, resident_id=leader.pk, on=date(2026, 10, 1))
    assert list(due_for_erasure(date(2040, 1, 1))) == []
    Appointment.objects.filter(user_id=leader.user_id or 0).update(until=date(2026, 12, 1))
    assert list(due_for_erasure(date(2029, 11, 1))) == []
    assert list(due_for_erasure(date(2029, 12, 2))) == [leader]


def test_a_leap_day_has_a_day_that_many_years_before(county: object) -> None:
    PeopleRules.objects.all().delete()
    assert last_kept_day(date(2028, 2, 29)) == date(2025, 2, 28)
