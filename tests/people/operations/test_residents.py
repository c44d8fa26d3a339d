import contextlib
import threading
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django_tenants.utils import schema_context

from tests.people.cast import small_village, somebody, user_called
from tests.people.numbers import PHONE, id_of
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Household, PeopleRules, Relation, Resident, Unit
from xiangyue.people.offices import Act, Office
from xiangyue.people.operations import residents
from xiangyue.people.operations.residents import (
    Facts,
    add_resident,
    correct_resident,
    record_death,
    record_departure,
    take_back,
    take_out,
)
from xiangyue.people.permissions import NotAllowed, may
from xiangyue.people.private import keys
from xiangyue.people.private_refusals import (
    AlreadyLeft,
    BadIdNumber,
    BadPhoneNumber,
    BadResidentName,
    BornDiffers,
    DayToCome,
    HeadNeeded,
    HeadThere,
    IdNumbersNotKept,
    IdNumberTaken,
    NoSuchResident,
    NotLeft,
    ReasonNeeded,
    ResidentRepeated,
    TermBackwards,
)
from xiangyue.people.refusals import LastAdministrator, UnknownHousehold
from xiangyue.people.tree_refusals import HouseholdLeft
from xiangyue.records.models import LoggedAct
from xiangyue.tenancy.models import Jurisdiction

TODAY = date(2026, 11, 2)
WHY = "登记时写错了"


@pytest.fixture
def homes(village: Unit) -> dict[str, Household]:
    return small_village(village)


@pytest.fixture
def tian(homes: dict[str, Household]) -> Resident:
    return Resident.objects.get(name="田禾生")


@pytest.fixture
def ids_kept(county: Jurisdiction) -> None:
    PeopleRules.objects.all().delete()
    PeopleRules.objects.create(keeps_id_numbers=True)


def acts(resident: Resident) -> list[tuple[str, str, str]]:
    lines = LoggedAct.objects.filter(subject="resident", subject_id=resident.pk).order_by("id")
    return list(lines.values_list("act", "from_state", "to_state"))


def correct(resident: Resident, **facts: Any) -> Resident:
    given = Facts(**facts)  # type: ignore[typeddict-item]
    return correct_resident(actor=SYSTEM, resident_id=resident.pk, facts=given, reason=WHY)


def test_a_person_is_taken_in_with_everything_that_follows(
    homes: dict[str, Household], admin: Actor, ids_kept: None
) -> None:
    number = id_of("19900102")
    made = add_resident(
        actor=admin,
        household_id=homes["018"].pk,
        facts={
            "name": " 单 禾 ",
            "relation": Relation.PARENT,
            "sex": "F",
            "phone": "199 0000 0001",
            "id_number": number.lower(),
            "is_party_member": True,
        },
        reason="嫁入",
    )
    made.refresh_from_db()
    assert (made.name, made.pinyin, made.initials) == ("单禾", "shanhe", "sh")
    assert (made.relation, made.sex, made.is_party_member) == ("parent", "F", True)
    assert made.born == date(1990, 1, 2)  # as the number says
    assert made.phone is not None
    assert made.id_number is not None
    assert (keys().open(made.phone), keys().open(made.id_number)) == (PHONE, number)
    assert made.phone_index == keys().index("phone", PHONE)
    assert made.phone_tail == keys().index("phone-tail", "0001")
    assert made.id_index == keys().index("id", number)
    assert made.id_tail == keys().index("id-tail", number[-4:])
    assert acts(made) == [("add", "", "")]


def test_a_correction_keeps_spelling_and_indexes_in_step_and_logs_codes_only(
    tian: Resident, admin: Actor
) -> None:
    correct_resident(
        actor=admin,
        resident_id=tian.pk,
        facts={
            "name": "仇禾",
            "sex": "F",
            "born": date(1984, 3, 10),
            "is_party_member": True,
            "lives_elsewhere": True,
            "phone": PHONE,
        },
        reason=WHY,
    )
    tian.refresh_from_db()
    assert (tian.name, tian.pinyin, tian.initials) == ("仇禾", "qiuhe", "qh")
    assert (tian.sex, tian.born, tian.is_party_member, tian.lives_elsewhere) == (
        "F",
        date(1984, 3, 10),
        True,
        True,
    )
    assert acts(tian) == [
        ("correct-name", "", ""),
        ("correct-sex", "M", "F"),
        ("correct-is-party-member", "no", "yes"),
        ("correct-lives-elsewhere", "no", "yes"),
        ("correct-phone", "none", "kept"),
        ("correct-born", "", ""),
    ]
    lines = LoggedAct.objects.filter(subject="resident", subject_id=tian.pk)
    assert set(lines.values_list("reason", flat=True)) == {WHY}


def test_what_stays_the_same_is_neither_written_nor_logged(tian: Resident) -> None:
    correct(tian, phone=PHONE)
    tian.refresh_from_db()
    sealed = tian.phone
    correct(tian, phone="199-0000-0001", name="田禾生", sex="M", born=date(1984, 3, 9))
    tian.refresh_from_db()
    assert tian.phone == sealed
    assert acts(tian) == [("correct-phone", "none", "kept")]


def test_a_phone_is_taken_away_with_its_indexes(tian: Resident) -> None:
    correct(tian, phone=PHONE)
    correct(tian, phone="")
    tian.refresh_from_db()
    assert (tian.phone, tian.phone_index, tian.phone_tail) == (None, None, None)
    assert acts(tian)[-1] == ("correct-phone", "kept", "none")


def test_of_children_only_the_year_is_kept(tian: Resident, homes: dict[str, Household]) -> None:
    child = add_resident(
        actor=SYSTEM,
        household_id=homes["018"].pk,
        facts={"name": "田新苗", "relation": Relation.CHILD, "born": date(2008, 11, 3)},
    )
    assert child.born == date(2008, 1, 1)  # of age tomorrow
    correct(child, born=date(2008, 11, 2))
    child.refresh_from_db()
    assert child.born == date(2008, 11, 2)  # of age today


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        ({"name": " "}, BadResidentName),
        ({"name": "禾" * 61}, BadResidentName),
        ({"name": "田\x00生"}, BadResidentName),
        ({"name": "麦春芽"}, ResidentRepeated),
        ({"relation": Relation.CHILD}, HeadNeeded),
        ({"born": date(2026, 11, 3)}, DayToCome),
        ({"phone": "12"}, BadPhoneNumber),
        ({"phone": "12900000001"}, BadPhoneNumber),
        ({"id_number": id_of()}, IdNumbersNotKept),
    ],
)
def test_what_can_not_be_is_refused_and_nothing_is_written(
    tian: Resident, facts: dict[str, Any], refused: type[Refusal]
) -> None:
    with pytest.raises(refused):
        correct(tian, **{"sex": "F", **facts})
    tian.refresh_from_db()
    assert (tian.name, tian.sex, acts(tian)) == ("田禾生", "M", [])


def test_a_second_head_is_refused(tian: Resident, homes: dict[str, Household]) -> None:
    with pytest.raises(HeadThere):
        correct(Resident.objects.get(name="麦春芽"), relation=Relation.HEAD)
    with pytest.raises(HeadThere):
        add_resident(
            actor=SYSTEM,
            household_id=homes["018"].pk,
            facts={"name": "田新苗", "relation": Relation.HEAD},
        )


def test_a_household_whose_head_died_gets_a_new_one(tian: Resident) -> None:
    record_death(actor=SYSTEM, resident_id=tian.pk, on=TODAY)
    wife = Resident.objects.get(name="麦春芽")
    correct(wife, relation=Relation.HEAD)
    assert acts(wife) == [("correct-relation", "spouse", "head")]


def test_id_numbers_are_refused_unless_the_scheme_keeps_them_and_may_always_go(
    tian: Resident, ids_kept: None
) -> None:
    correct(tian, id_number=id_of())
    PeopleRules.objects.update(keeps_id_numbers=False)
    with pytest.raises(IdNumbersNotKept):
        correct(tian, id_number=id_of(serial="003"))
    correct(tian, id_number="")
    tian.refresh_from_db()
    assert (tian.id_number, tian.id_index, tian.id_tail) == (None, None, None)


@pytest.mark.parametrize("number", ["12", "99999919840309001A", "999999198402300014"])
def test_a_wrong_id_number_is_told_in_words(tian: Resident, ids_kept: None, number: str) -> None:
    with pytest.raises(BadIdNumber) as refusal:
        correct(tian, id_number=number)
    assert refusal.value.facts["problem"].startswith("id-")
    assert number not in str(refusal.value)


def test_an_id_number_names_the_day_of_birth_that_is_kept(tian: Resident, ids_kept: None) -> None:
    with pytest.raises(BornDiffers):
        correct(tian, id_number=id_of("19850309"))
    correct(tian, id_number=id_of("19840309"))
    with pytest.raises(BornDiffers):
        correct(tian, born=date(1985, 3, 9))
    correct(tian, born=date(1984, 1, 1))  # only the year is known of some


def test_an_id_number_belongs_to_one_person_who_lives_here(tian: Resident, ids_kept: None) -> None:
    other = Resident.objects.get(name="榆钱多")
    correct(tian, id_number=id_of())
    with pytest.raises(IdNumberTaken) as refusal:
        correct(other, id_number=id_of())
    assert "田" not in str(refusal.value)
    record_departure(actor=SYSTEM, resident_id=tian.pk, on=TODAY)
    correct(other, id_number=id_of())
    with pytest.raises(IdNumberTaken):
        take_back(actor=SYSTEM, resident_id=tian.pk, reason="回来了")


def test_a_death_is_recorded_and_nobody_signs_in_as_the_dead(
    village: Unit, homes: dict[str, Household]
) -> None:
    head = Resident.objects.get(name="榆钱多")
    user = user_called("榆钱多")
    assert head.user_id == user.pk
    record_death(actor=SYSTEM, resident_id=head.pk, on=date(2026, 11, 1))
    head.refresh_from_db()
    user.refresh_from_db()
    assert (head.died_on, head.left_on, user.is_active) == (date(2026, 11, 1), date(2026, 11, 1), False)
    assert not may(Actor.user(user.pk), Act.READ_HOUSEHOLDS, village)
    with pytest.raises(AlreadyLeft):
        record_death(actor=SYSTEM, resident_id=head.pk, on=TODAY)


def test_who_moved_away_may_still_be_recorded_dead(tian: Resident) -> None:
    record_departure(actor=SYSTEM, resident_id=tian.pk, on=date(2026, 5, 1))
    with pytest.raises(AlreadyLeft):
        record_departure(actor=SYSTEM, resident_id=tian.pk, on=TODAY)
    record_death(actor=SYSTEM, resident_id=tian.pk, on=date(2026, 10, 1))
    tian.refresh_from_db()
    assert (tian.left_on, tian.died_on) == (date(2026, 5, 1), date(2026, 10, 1))
    assert acts(tian) == [("moved-away", "", "left"), ("died", "", "died")]


@pytest.mark.parametrize("record", [record_death, record_departure])
def test_nobody_leaves_tomorrow(tian: Resident, record: Any) -> None:
    with pytest.raises(DayToCome):
        record(actor=SYSTEM, resident_id=tian.pk, on=date(2026, 11, 3))


def test_who_left_by_error_is_taken_back_as_a_plain_member_where_there_is_a_new_head(tian: Resident) -> None:
    with pytest.raises(NotLeft):
        take_back(actor=SYSTEM, resident_id=tian.pk, reason=WHY)
    record_death(actor=SYSTEM, resident_id=tian.pk, on=TODAY)
    correct(Resident.objects.get(name="麦春芽"), relation=Relation.HEAD)
    take_back(actor=SYSTEM, resident_id=tian.pk, reason=WHY)
    tian.refresh_from_db()
    assert (tian.left_on, tian.died_on, tian.relation) == (None, None, Relation.OTHER)
    assert acts(tian)[-1] == ("take-back", "died", "")


def test_nobody_is_taken_into_a_household_that_ended(tian: Resident, homes: dict[str, Household]) -> None:
    record_departure(actor=SYSTEM, resident_id=tian.pk, on=TODAY)
    Household.objects.filter(id=homes["018"].pk).update(left_on=TODAY)
    with pytest.raises(HouseholdLeft):
        add_resident(actor=SYSTEM, household_id=homes["018"].pk, facts={"name": "田新苗"})
    with pytest.raises(HouseholdLeft):
        take_back(actor=SYSTEM, resident_id=tian.pk, reason=WHY)


def test_each_asks_for_the_right_and_a_reason(
    tian: Resident, village: Unit, homes: dict[str, Household]
) -> None:
    reader = somebody(Office.SUPERVISOR, village, login="某监督员")
    card = Actor.card(homes["018"].pk)
    for actor in (reader, card):
        for call in (
            lambda who: add_resident(actor=who, household_id=homes["018"].pk, facts={"name": "田新苗"}),
            lambda who: correct_resident(actor=who, resident_id=tian.pk, facts={"sex": "F"}, reason=WHY),
            lambda who: record_death(actor=who, resident_id=tian.pk, on=TODAY),
            lambda who: record_departure(actor=who, resident_id=tian.pk, on=TODAY),
            lambda who: take_back(actor=who, resident_id=tian.pk, reason=WHY),
            lambda who: take_out(actor=who, resident_id=tian.pk),
        ):
            with pytest.raises(NotAllowed):
                call(actor)
    with pytest.raises(ReasonNeeded):
        correct_resident(actor=SYSTEM, resident_id=tian.pk, facts={"sex": "F"}, reason=" ")


def test_nobody_is_no_resident(county: Jurisdiction) -> None:
    with pytest.raises(NoSuchResident):
        record_death(actor=SYSTEM, resident_id=0, on=TODAY)
    with pytest.raises(UnknownHousehold):
        add_resident(actor=SYSTEM, household_id=0, facts={"name": "田新苗"})


def test_the_person_takes_out_all_of_theirs_and_it_is_logged(homes: dict[str, Household]) -> None:
    own = Resident.objects.get(name="榆钱多")
    sections = take_out(actor=Actor.user(user_called("榆钱多").pk), resident_id=own.pk)
    assert sections[0].rows[0]["name"] == "榆钱多"
    assert acts(own) == [("take-out", "", "")]
    with pytest.raises(NotAllowed):
        take_out(actor=Actor.user(user_called("穗香").pk), resident_id=Resident.objects.get(name="田禾生").pk)


def test_two_that_make_heads_at_once_leave_one(
    committed: Jurisdiction, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One waits for the household's row; without its lock both would find no head, and the second be a fault."""
    household = small_village(Unit.objects.get(code="440783104220"))["018"]
    head = Resident.objects.get(name="田禾生")
    record_death(actor=SYSTEM, resident_id=head.pk, on=TODAY)
    both = list(Resident.objects.filter(household=household, left_on=None).values_list("id", flat=True))
    assert len(both) == 2

    def race() -> list[str]:
        Resident.objects.filter(id__in=both).update(relation=Relation.OTHER)
        barrier, heard = threading.Barrier(2, timeout=2), []
        plain = residents._has_other_head

        def looked(resident: Resident, home: Household) -> bool:
            found = plain(resident, home)
            with contextlib.suppress(threading.BrokenBarrierError):
                barrier.wait()  # both have looked before either writes, unless one waits for the lock
            return found

        def make(resident_id: int) -> None:
            try:
                with schema_context(committed.schema_name):
                    correct_resident(
                        actor=SYSTEM, resident_id=resident_id, facts={"relation": Relation.HEAD}, reason=WHY
                    )
                heard.append("made")
            except Refusal as refusal:
                heard.append(refusal.code)
            except Exception as fault:
                heard.append(type(fault).__name__)
            finally:
                connection.close()

        with monkeypatch.context() as patch:
            patch.setattr(residents, "_has_other_head", looked)
            threads = [threading.Thread(target=make, args=(each,)) for each in both]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        return sorted(heard)

    assert race() == ["head-there", "made"]
    unlocked = Household.objects.select_related("unit", "village")
    monkeypatch.setattr(residents, "locked_household", lambda household_id: unlocked.get(id=household_id))
    assert race() == ["IntegrityError", "made"]


def test_a_person_who_moves_households_meanwhile_is_locked_where_they_are(
    homes: dict[str, Household], monkeypatch: pytest.MonkeyPatch
) -> None:
    mai, plain = Resident.objects.get(name="麦穗香"), residents.locked_household

    def moved(household_id: int) -> Household:
        Resident.objects.filter(id=mai.pk).update(household=homes["018"], relation=Relation.OTHER)
        return plain(household_id)

    monkeypatch.setattr(residents, "locked_household", moved)
    with transaction.atomic():
        assert residents.locked_resident(mai.pk).household == homes["018"]


def test_nobody_dies_before_they_were_born(tian: Resident) -> None:
    tian.born = date(1984, 3, 9)
    tian.save()
    with pytest.raises(TermBackwards):
        record_death(actor=SYSTEM, resident_id=tian.pk, on=date(1984, 3, 8))
    assert record_death(actor=SYSTEM, resident_id=tian.pk, on=date(1984, 3, 9)).died_on == date(1984, 3, 9)


def test_a_death_switches_nobody_off_whom_one_may_not(
    homes: dict[str, Household], village: Unit, admin: Actor
) -> None:
    """Neither the last administrator, nor somebody with an office above one's own."""
    tian = Resident.objects.get(name="田禾生")
    tian.user_id = admin.user_id
    tian.save()
    with pytest.raises(LastAdministrator):
        record_death(actor=SYSTEM, resident_id=tian.pk, on=TODAY)
    local = somebody(Office.ADMINISTRATOR, village)
    with pytest.raises(NotAllowed):
        record_death(actor=local, resident_id=tian.pk, on=TODAY)
    tian.refresh_from_db()
    assert tian.died_on is None
