from datetime import date

import pytest
from django_tenants.utils import schema_context

from tests.people.cast import small_village
from tests.people.numbers import PHONE, id_of
from xiangyue.kernel import clock
from xiangyue.people import private
from xiangyue.people.models import PeopleRules, Resident, Unit
from xiangyue.people.private import (
    Keys,
    born_of,
    id_problem,
    keys,
    masked_id,
    masked_phone,
    normal_id,
    normal_phone,
    phone_problem,
)
from xiangyue.people.private_refusals import SealBroken
from xiangyue.tenancy.keys import KeyMissing, WrongKey, find_key, key_path
from xiangyue.tenancy.models import Jurisdiction

KEY = bytes(range(32))


def test_what_was_sealed_opens_and_looks_different_each_time() -> None:
    box = Keys("county_a", KEY)
    one, other = box.seal("田禾生 199"), box.seal("田禾生 199")
    assert one != other
    assert one[:1] == other[:1] == b"\x01"
    assert box.open(one) == box.open(memoryview(other)) == "田禾生 199"
    assert "禾".encode() not in one


def test_nothing_opens_in_another_county_or_with_another_key_or_once_changed() -> None:
    box = Keys("county_a", KEY)
    sealed = box.seal(PHONE)
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for other, whole in (
        (Keys("county_b", KEY), sealed),
        (Keys("county_a", KEY[::-1]), sealed),
        (box, changed),
        (box, b"\x02" + sealed[1:]),
        (box, sealed[:5]),
        (box, b""),
    ):
        with pytest.raises(SealBroken):
            other.open(whole)


def test_an_index_is_the_same_each_time_and_another_for_each_kind_and_key() -> None:
    box = Keys("county_a", KEY)
    assert box.index("phone", PHONE) == Keys("county_a", KEY).index("phone", PHONE)
    found = {box.index(kind, "0001") for kind in ("id", "id-tail", "phone", "phone-tail")}
    assert len(found) == 4
    assert all(len(each) == 32 and int(each, 16) >= 0 for each in found)
    assert box.index("phone", PHONE) != Keys("county_a", KEY[::-1]).index("phone", PHONE)


def test_a_tail_is_found_by_the_whole_and_by_what_is_typed_of_it() -> None:
    box = Keys("county_a", KEY)
    assert box.index("phone-tail", PHONE) == box.index("phone-tail", "0001")


def test_a_county_has_keys_of_its_own_kept_in_the_process(
    county: Jurisdiction, peopled: Jurisdiction
) -> None:
    assert keys() is keys()
    here = keys().index("phone", PHONE)
    with schema_context(peopled.schema_name):
        assert keys().index("phone", PHONE) != here


def test_a_county_that_holds_sealed_data_never_gets_a_new_key(village: Unit) -> None:
    small_village(village)
    path = key_path(county_schema := "county_cangcheng")
    resident = Resident.objects.first()
    assert resident
    resident.phone = keys().seal(PHONE)
    resident.save()
    kept = path.read_text()
    try:
        path.unlink()
        private._keys_of.cache_clear()
        with pytest.raises(KeyMissing) as refusal:
            keys()
        assert str(path) in str(refusal.value)
        assert find_key(county_schema) is None
    finally:
        path.write_text(kept)
        path.chmod(0o600)
        private._keys_of.cache_clear()
    assert keys().open(resident.phone) == PHONE


def test_a_county_is_sealed_with_one_key_only(village: Unit) -> None:
    """Also before it holds anything: a machine that looks into another folder is told at once."""
    path = key_path("county_cangcheng")
    kept = path.read_text()
    PeopleRules.objects.update(key_check="")
    private._keys_of.cache_clear()
    first = keys()
    assert PeopleRules.objects.get().key_check == first.check()
    try:
        path.write_text(KEY.hex())
        private._keys_of.cache_clear()
        with pytest.raises(WrongKey) as refusal:
            keys()
        assert str(path) in str(refusal.value)
    finally:
        path.write_text(kept)
        private._keys_of.cache_clear()
    assert keys().check() == first.check()


def test_a_county_that_holds_none_gets_one_at_the_first_use(village: Unit) -> None:
    path = key_path("county_cangcheng")
    kept = path.read_text()
    PeopleRules.objects.update(key_check="")
    try:
        path.unlink()
        private._keys_of.cache_clear()
        assert keys().open(keys().seal(PHONE)) == PHONE
        assert path.read_text() != kept
    finally:
        path.unlink(missing_ok=True)
        path.write_text(kept)
        path.chmod(0o600)
        private._keys_of.cache_clear()


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("999999 19840309 001x", "99999919840309001X"),
        ("９９９９９９１９８４０３０９００１ｘ", "99999919840309001X"),
        ("999999-1984-0309-0010", "999999198403090010"),
    ],
)
def test_id_numbers_have_one_form(written: str, normal: str) -> None:
    assert normal_id(written) == normal


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        (id_of(), None),
        (id_of("20000229"), None),
        ("999999840309001", "id-length"),
        ("", "id-length"),
        ("99999919840309001A", "id-characters"),
        ("9999991984030900X1", "id-characters"),
        ("999999198402300014", "id-birth"),
        ("999999190102290014", "id-birth"),
        ("999999187901010014", "id-birth"),
        (id_of()[:17] + ("0" if id_of()[17] != "0" else "1"), "id-checksum"),
    ],
)
def test_what_is_wrong_with_an_id_number(number: str, problem: str | None) -> None:
    with clock.as_of(date(2026, 11, 2)):
        assert id_problem(number) == problem


def test_the_standards_own_example_is_right() -> None:
    assert id_problem("11010519491231002X") is None  # GB 11643-1999, annex


def test_nobody_is_born_in_the_future() -> None:
    with clock.as_of(date(2030, 1, 1)):
        tomorrow = id_of("20290101")
    with clock.as_of(date(2026, 11, 2)):
        assert id_problem(tomorrow) == "id-birth"


def test_an_id_number_names_a_day_of_birth() -> None:
    assert born_of(id_of("19840309")) == date(1984, 3, 9)
    with pytest.raises(ValueError, match="day"):
        born_of("999999198402300014")


@pytest.mark.parametrize(
    ("written", "normal", "problem"),
    [
        ("199 0000 0001", PHONE, None),
        ("+86 199-0000-0001", PHONE, None),
        ("0086 19900000001", PHONE, None),
        ("１９９００００００１", "1990000001", "phone-form"),
        ("(0750) 555 0001", "07505550001", None),
        ("5550001", "5550001", None),
        ("12900000001", "12900000001", "phone-form"),
        ("555", "555", "phone-length"),
        ("1990000000100", "1990000000100", "phone-length"),
        ("199转1", "199转1", "phone-characters"),
    ],
)
def test_phones_have_one_form_and_may_be_wrong(written: str, normal: str, problem: str | None) -> None:
    assert normal_phone(written) == normal
    assert phone_problem(normal) == problem


def test_numbers_are_shown_as_far_as_they_tell_people_apart() -> None:
    assert masked_phone(PHONE) == "199****0001"
    assert masked_phone("5550001") == "****0001"
    assert masked_id(id_of()) == "*" * 14 + id_of()[-4:]
