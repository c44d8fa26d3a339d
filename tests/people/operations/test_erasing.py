import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import TestCase

from tests.people.cast import RESIDENTS, small_village, somebody, user_called
from tests.people.numbers import PHONE, id_of
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.masking import STAR
from xiangyue.people import person
from xiangyue.people.jobs import keep_to_terms
from xiangyue.people.models import (
    Card,
    Circumstance,
    Consent,
    Contribution,
    Gift,
    Hardship,
    Household,
    Kin,
    Kinship,
    Membership,
    PeopleRules,
    Resident,
    Standing,
    Unit,
)
from xiangyue.people.offices import Office
from xiangyue.people.operations import erasing
from xiangyue.people.operations.appointments import end_all_offices
from xiangyue.people.operations.cards import issue_card
from xiangyue.people.operations.circumstances import record_circumstance
from xiangyue.people.operations.consents import give_consent
from xiangyue.people.operations.erasing import Ground, erase_due, erase_resident, forget_old_sheets
from xiangyue.people.operations.relations import assign_mentor, record_contribution, register_kin
from xiangyue.people.operations.residents import correct_resident, record_departure, take_back
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.person import Erased, Keeper, register_keeper
from xiangyue.people.private_refusals import NoSuchResident, StillInOffice
from xiangyue.records.models import LoggedAct, StoredFile
from xiangyue.records.operations import log_act, store_file
from xiangyue.records.storage import local_path
from xiangyue.users.operations import create_user

TODAY = date(2026, 11, 2)
NAME, ID = "田禾生", id_of()
TRACES = (NAME, "tianhesheng", PHONE, "199 0000 0001", ID, "三巷18号")


@pytest.fixture
def homes(village: Unit) -> dict[str, Household]:
    PeopleRules.objects.all().delete()
    PeopleRules.objects.create(keeps_id_numbers=True, retention_years=3)
    return small_village(village)


def one(name: str) -> Resident:
    return Resident.objects.get(name=name)


@pytest.fixture
def tian(homes: dict[str, Household]) -> Resident:
    """田禾生, of whom everything is kept that can be, alone in his household."""
    resident, home = one(NAME), homes["018"]
    for other in Resident.objects.filter(household=home).exclude(id=resident.pk):
        Resident.objects.filter(id=other.pk).update(household=homes["004"])
    resident.user = create_user(login="tianhesheng", name=NAME, password="fields and rice")
    resident.save()
    correct_resident(
        actor=SYSTEM,
        resident_id=resident.pk,
        facts={"phone": PHONE, "id_number": ID},
        reason=f"{NAME}来电 199 0000 0001 更正",
    )
    register_kin(actor=SYSTEM, resident_id=resident.pk, other_id=one("榆钱多").pk, kin=Kin.SIBLING)
    record_contribution(
        actor=SYSTEM, resident_id=resident.pk, gift=Gift.MONEY, what=f"{NAME}捐款", given_on=TODAY, fen=5000
    )
    record_contribution(
        actor=SYSTEM, resident_id=one("榆钱多").pk, gift=Gift.IDEA, what=f"和{NAME}提议修渠", given_on=TODAY
    )
    record_circumstance(actor=SYSTEM, resident_id=resident.pk, hardship=Hardship.ILLNESS, note=NAME)
    give_consent(
        actor=Actor.card(home.pk),
        household_id=home.pk,
        receiver="丰收银行",
        purpose=f"{NAME}授信",
        until=date(2027, 1, 1),
    )
    Standing.objects.create(household=home, name="红榜", is_honour=True, basis=f"{NAME}救火", since=TODAY)
    log_act(actor=SYSTEM, act="describe", subject="household", subject_ids=[home.pk], reason=f"{NAME}说的")
    log_act(actor=SYSTEM, act="open", subject="shop", subject_ids=[1], reason=f"{NAME}，电话{PHONE}")
    issue_card(actor=SYSTEM, household_id=home.pk)
    log_act(actor=SYSTEM, act="open", subject="unit", subject_ids=[1], reason=f"抄自证件{ID}")
    store_file(name=f"{NAME}的证明.txt", content="证明".encode())
    return resident


def dumped() -> str:
    """Give every row of every table of the county, as COPY writes it."""
    parts = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
        for (table,) in cursor.fetchall():
            with cursor.copy(f'COPY "{table}" TO STDOUT') as rows:
                parts += [bytes(block).decode() for block in rows]
    return "\n".join(parts)


def erase(resident: Resident, actor: Actor = SYSTEM) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        erase_resident(actor=actor, resident_id=resident.pk)


def test_nothing_of_a_person_is_left_in_any_table(tian: Resident, homes: dict[str, Household]) -> None:
    tian.refresh_from_db()
    indexes = [tian.phone_index, tian.phone_tail, tian.id_index, tian.id_tail]
    sealed = [bytes(each).hex() for each in (tian.phone, tian.id_number) if each]
    before = dumped()
    looked_for = [*TRACES, *sealed, *filter(None, indexes)]
    assert [each for each in looked_for if each not in before] == []
    erase(tian)
    after = dumped()
    assert [each for each in looked_for if each in after] == []


def test_what_others_wrote_stays_with_a_star_for_the_name(tian: Resident) -> None:
    erase(tian)
    assert Contribution.objects.get(gift=Gift.IDEA).what == f"和{STAR}提议修渠"
    assert LoggedAct.objects.get(subject="shop").reason == f"{STAR}，电话{STAR}"
    assert StoredFile.objects.get(media_type="text/plain").name == f"{STAR}的证明.txt"


def test_the_row_stays_and_holds_nothing_personal(tian: Resident) -> None:
    with clock.as_of(date(2026, 12, 1)):
        erase(tian)
    tian.refresh_from_db()
    personal = (tian.name, tian.pinyin, tian.initials, tian.sex, tian.born, tian.died_on, tian.user)
    assert personal == ("", "", "", "", None, None, None)
    assert (tian.left_on, tian.erased_on) == (date(2026, 12, 1), date(2026, 12, 1))
    assert (tian.is_party_member, tian.lives_elsewhere, tian.relation) == (False, False, "other")
    assert not Circumstance.objects.exists()
    assert not Kinship.objects.exists()
    money = Contribution.objects.get(gift=Gift.MONEY)
    assert (money.what, money.fen) == ("", 5000)
    with pytest.raises(NoSuchResident):
        erase_resident(actor=SYSTEM, resident_id=tian.pk)
    with pytest.raises(NoSuchResident):
        take_back(actor=SYSTEM, resident_id=tian.pk, reason="弄错了")


def test_a_household_where_nobody_is_left_tells_nothing_and_opens_nothing(
    tian: Resident, homes: dict[str, Household]
) -> None:
    erase(tian)
    home = Household.objects.get(id=homes["018"].pk)
    assert (home.address, home.tags, home.number) == ("", [], "018")
    assert Standing.objects.get().basis == ""
    consent = Consent.objects.get()
    assert (consent.receiver, consent.purpose) == ("", "")
    assert consent.withdrawn_at is not None
    assert not Card.objects.filter(household=home, revoked_at=None).exists()


def test_a_household_of_others_keeps_what_is_theirs(tian: Resident, homes: dict[str, Household]) -> None:
    Resident.objects.filter(name="麦春芽").update(household=homes["018"])
    erase(tian)
    home = Household.objects.get(id=homes["018"].pk)
    assert home.address == "三巷18号"
    assert Standing.objects.get().basis == f"{STAR}救火"
    consent = Consent.objects.get()
    assert (consent.receiver, consent.purpose, consent.withdrawn_at) == ("丰收银行", f"{STAR}授信", None)
    assert Card.objects.filter(household=home, revoked_at=None).exists()


def test_their_user_is_an_id_with_which_nobody_signs_in(tian: Resident) -> None:
    user = tian.user
    assert user
    erase(tian)
    user.refresh_from_db()
    assert (user.login, user.name, user.is_active) == (f"erased-{user.pk}", "", False)
    assert not user.has_usable_password()


def test_who_is_in_office_is_not_erased_before_it_ended(homes: dict[str, Household]) -> None:
    secretary = one("榆钱多")
    assign_mentor(actor=SYSTEM, household_id=homes["004"].pk, user_id=user_called("榆钱多").pk)
    with pytest.raises(StillInOffice):
        erase_resident(actor=SYSTEM, resident_id=secretary.pk)
    end_all_offices(actor=SYSTEM, user_id=user_called("榆钱多").pk, until=date(2026, 11, 1))
    erase(secretary)
    assert "榆钱多" not in dumped()


def test_a_namesakes_texts_are_left_alone_but_for_the_own_household(
    tian: Resident, homes: dict[str, Household]
) -> None:
    Membership.objects.filter(resident=one("麦穗香")).delete()
    one("麦穗香").delete()
    Resident.objects.create(household=homes["004"], name=NAME, relation="head")
    log_act(
        actor=SYSTEM, act="describe", subject="household", subject_ids=[homes["004"].pk], reason=f"{NAME}说的"
    )
    erase(tian)
    assert LoggedAct.objects.get(subject="household", subject_id=homes["004"].pk).reason == f"{NAME}说的"
    shop = LoggedAct.objects.get(subject="shop").reason
    assert shop == f"{NAME}，电话{STAR}"  # the number is nobody else's
    own = LoggedAct.objects.filter(subject="household", subject_id=homes["018"].pk)
    assert not own.filter(reason__contains=NAME).exists()


@pytest.mark.parametrize("name", ["和平", "Tom"])
def test_a_name_that_may_be_a_word_is_struck_at_home_only(homes: dict[str, Household], name: str) -> None:
    person_ = one(NAME)
    correct_resident(actor=SYSTEM, resident_id=person_.pk, facts={"name": name}, reason="更名")
    for number in ("018", "004"):
        log_act(
            actor=SYSTEM,
            act="describe",
            subject="household",
            subject_ids=[homes[number].pk],
            reason=f"{name}路",
        )
    erase(person_)
    found = LoggedAct.objects.filter(act="describe").order_by("id").values_list("reason", flat=True)
    assert list(found) == [f"{STAR}路", f"{name}路"]


def test_a_name_with_signs_is_no_pattern(homes: dict[str, Household]) -> None:
    resident = one(NAME)
    correct_resident(actor=SYSTEM, resident_id=resident.pk, facts={"name": "A.B (C)"}, reason="更名")
    log_act(actor=SYSTEM, act="open", subject="shop", subject_ids=[1], reason="AxB (C)，A.B (C)")
    erase(resident)
    assert LoggedAct.objects.get(subject="shop").reason == f"AxB (C)，{STAR}"


def test_the_sheets_that_hold_everybody_go_with_the_first_who_is_erased(tian: Resident) -> None:
    (sheet,) = _sheets()
    assert local_path(sheet.sha256).exists()
    erase(tian)
    sheet.refresh_from_db()
    assert (sheet.name, bool(sheet.erased_at)) == ("", True)
    assert not local_path(sheet.sha256).exists()


def test_sheets_are_kept_for_a_term_and_then_removed(homes: dict[str, Household]) -> None:
    (sheet,) = _sheets()
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert forget_old_sheets() == 0
        with clock.as_of(TODAY + erasing.SHEET_TERM + timedelta(days=1)):
            assert forget_old_sheets() == 1
            assert forget_old_sheets() == 0
    assert not local_path(sheet.sha256).exists()


def test_a_sheet_that_is_evidence_too_stays(
    homes: dict[str, Household], monkeypatch: pytest.MonkeyPatch
) -> None:
    (sheet,) = _sheets()
    monkeypatch.setattr(erasing, "_needed", lambda ids: {sheet.pk})
    with clock.as_of(TODAY + timedelta(days=60)):
        assert forget_old_sheets() == 0
    assert local_path(sheet.sha256).exists()


def test_what_refers_to_a_file_is_found_in_every_room(homes: dict[str, Household]) -> None:
    from xiangyue.scoring.models import Meeting

    minutes = store_file(name="记录.txt", content=b"minutes")
    (sheet,) = _sheets()
    Meeting.objects.create(
        unit=homes["018"].village, period="2026-10", held_on=TODAY, members=3, minutes=minutes, key="k"
    )
    assert erasing._needed({minutes.pk, sheet.pk}) == {minutes.pk}


def test_rooms_above_are_told_who_goes_with_all_that_they_need(
    tian: Resident, homes: dict[str, Household], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(person, "_keepers", {})
    told: list[Erased] = []
    register_keeper("test", Keeper(kept=lambda _resident: [], erase=told.append))
    erase(tian)
    (erased,) = told
    assert erased.residents == {tian.pk}
    assert erased.households == erased.emptied == {homes["018"].pk}
    assert erased.users == {tian.user_id}
    assert erased.masked == {"田＊生"}
    assert re.search(erased.everywhere, f"找{NAME}")
    assert re.search(erased.at_home, "电话 199-0000-0001")


def test_a_room_that_fails_leaves_everything_as_it_was(
    tian: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_erased: Erased) -> None:
        raise RuntimeError("disk")

    monkeypatch.setattr(person, "_keepers", {"test": Keeper(kept=lambda _resident: [], erase=fail)})
    with pytest.raises(RuntimeError):
        erase_resident(actor=SYSTEM, resident_id=tian.pk)
    tian.refresh_from_db()
    assert (tian.name, tian.erased_on) == (NAME, None)


def test_who_may_not_manage_people_erases_nobody(tian: Resident, village: Unit) -> None:
    for actor in (somebody(Office.SUPERVISOR, village), Actor.card(tian.household_id)):
        with pytest.raises(NotAllowed):
            erase_resident(actor=actor, resident_id=tian.pk)


def test_the_log_keeps_that_it_was_done_and_why_by_a_code(tian: Resident, admin: Actor) -> None:
    erase(tian, admin)
    line = LoggedAct.objects.get(act="erase", subject="resident")
    assert (line.actor_id, line.subject_id, line.to_state, line.reason) == (
        admin.id,
        tian.pk,
        Ground.REQUEST,
        "",
    )


def test_the_job_erases_whose_term_is_over_and_nobody_else(homes: dict[str, Household]) -> None:
    gone = one(NAME)
    record_departure(actor=SYSTEM, resident_id=gone.pk, on=TODAY)
    with clock.as_of(date(2029, 11, 1)):
        assert erase_due() == 0
    with clock.as_of(date(2029, 11, 2)):
        keep_to_terms()
    gone.refresh_from_db()
    assert gone.erased_on == date(2029, 11, 2)
    assert LoggedAct.objects.get(act="erase", subject="resident").to_state == Ground.TERM
    assert sorted(Resident.objects.exclude(name="").values_list("name", flat=True)) == sorted(
        row[3] for row in RESIDENTS if row[3] != NAME
    )


def test_the_job_takes_some_at_a_time_until_nobody_is_left(
    homes: dict[str, Household], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "AT_ONCE", 2)
    Household.objects.filter(number__in=("018", "004")).update(left_on=TODAY)
    Resident.objects.filter(name="麦穗香").update(user=None)
    lots: list[int] = []
    plain = erasing._erase

    def counted(actor: Actor, residents: Any, ground: Ground) -> None:
        lots.append(len(residents))
        plain(actor, residents, ground)

    monkeypatch.setattr(erasing, "_erase", counted)
    with clock.as_of(date(2030, 1, 1)):
        assert erase_due() == 4
    assert lots == [2, 2]


def test_a_household_that_ended_empty_is_emptied_when_its_term_is_over(homes: dict[str, Household]) -> None:
    Resident.objects.filter(household=homes["018"]).update(household=homes["004"], relation="other")
    Household.objects.filter(number="018").update(left_on=TODAY, tags=["三巷"])
    erase_due()
    assert Household.objects.get(number="018").address == "三巷18号"
    with clock.as_of(date(2029, 11, 2)):
        erase_due()
    home = Household.objects.get(number="018")
    assert (home.address, home.tags) == ("", [])


def test_so_is_one_without_an_address_of_which_a_penalty_still_tells(homes: dict[str, Household]) -> None:
    Resident.objects.filter(household=homes["018"]).update(household=homes["004"], relation="other")
    Household.objects.filter(number="018").update(left_on=TODAY, address="", tags=[])
    Standing.objects.create(
        household=homes["018"], name="黄牌", is_honour=False, basis="村规民约", since=TODAY, until=TODAY
    )
    with clock.as_of(date(2029, 11, 2)):
        erase_due()
    assert Standing.objects.get().basis == ""


def _sheets() -> list[StoredFile]:
    """Give the roster that the small village was imported from; catalogues are imported too."""
    imports = LoggedAct.objects.filter(act="import", subject="unit", reason__startswith="file:")
    ids = [int(reason.removeprefix("file:")) for reason in imports.values_list("reason", flat=True)]
    return list(StoredFile.objects.filter(id__in=ids, name="户册.xlsx"))


def test_a_broken_seal_keeps_nobody_from_being_erased(tian: Resident) -> None:
    Resident.objects.filter(pk=tian.pk).update(phone=b"\x01 nobody can open this")
    erase_resident(actor=SYSTEM, resident_id=tian.pk)
    tian.refresh_from_db()
    assert (tian.name, tian.phone) == ("", None)
