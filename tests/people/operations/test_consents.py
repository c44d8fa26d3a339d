from datetime import date
from typing import Any

import pytest

from tests.people.cast import small_village, somebody, user_called
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import Consent, Household, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.consents import give_consent, read_for_receiver, withdraw_consent
from xiangyue.people.person import consent_in_force, consents_in_force
from xiangyue.people.private_refusals import (
    BadConsent,
    ConsentOnBehalf,
    NoConsent,
    UnknownConsent,
)
from xiangyue.people.refusals import UnknownHousehold
from xiangyue.people.tree_refusals import HouseholdLeft
from xiangyue.records.models import LoggedAct

BANK: dict[str, Any] = {"receiver": "丰收银行", "purpose": "授信参考"}
YEAR = date(2027, 11, 2)


@pytest.fixture
def homes(village: Unit) -> dict[str, Household]:
    return small_village(village)


def give(household: Household, actor: Actor | None = None, **changed: Any) -> Consent:
    facts: dict[str, Any] = {**BANK, "until": YEAR, **changed}
    return give_consent(actor=actor or Actor.card(household.pk), household_id=household.pk, **facts)


def test_a_household_consents_by_its_card_or_by_whoever_belongs_to_it(homes: dict[str, Household]) -> None:
    by_card = give(homes["018"])
    assert (by_card.given_by_kind, by_card.given_by_id) == ("card", homes["018"].pk)
    own = Actor.user(user_called("穗香").pk)
    assert give(homes["004"], own).given_by_id == own.id


def test_nobody_consents_or_withdraws_for_another(
    homes: dict[str, Household], admin: Actor, village: Unit
) -> None:
    made = give(homes["018"])
    others = (
        admin,
        SYSTEM,
        somebody(Office.SUPERVISOR, village),
        Actor.card(homes["004"].pk),
        Actor.user(user_called("穗香").pk),
    )
    for actor in others:
        with pytest.raises(ConsentOnBehalf):
            give(homes["018"], actor)
        with pytest.raises(ConsentOnBehalf):
            withdraw_consent(actor=actor, consent_id=made.pk)
    assert Consent.objects.get().withdrawn_at is None


def test_it_is_in_force_until_its_last_day_or_until_it_is_withdrawn(homes: dict[str, Household]) -> None:
    home = homes["018"]
    made = give(home, until=date(2026, 11, 9))
    wanted: dict[str, Any] = {"household_id": home.pk, **BANK}
    assert consent_in_force(**wanted) == made
    assert consent_in_force(**wanted, on=date(2026, 11, 9)) == made
    assert consent_in_force(**wanted, on=date(2026, 11, 10)) is None
    assert consent_in_force(**wanted | {"purpose": "推销"}) is None
    assert consent_in_force(**wanted | {"receiver": "别的银行"}) is None
    withdraw_consent(actor=Actor.card(home.pk), consent_id=made.pk)
    assert consent_in_force(**wanted) is None
    with pytest.raises(UnknownConsent):
        withdraw_consent(actor=Actor.card(home.pk), consent_id=made.pk)


def test_the_same_again_is_one_and_another_day_replaces_it(homes: dict[str, Household]) -> None:
    first = give(homes["018"])
    assert give(homes["018"], receiver=" 丰收银行 ") == first
    longer = give(homes["018"], until=date(2028, 1, 1))
    first.refresh_from_db()
    assert first.withdrawn_at is not None
    assert list(consents_in_force(**BANK)) == [longer]


@pytest.mark.parametrize(
    "changed",
    [
        {"receiver": " "},
        {"purpose": ""},
        {"receiver": "行" * 61},
        {"purpose": "行" * 121},
        {"until": date(2026, 11, 1)},
        {"until": date(2029, 12, 1)},
    ],
)
def test_a_consent_names_receiver_purpose_and_a_day(
    homes: dict[str, Household], changed: dict[str, Any]
) -> None:
    with pytest.raises(BadConsent):
        give(homes["018"], **changed)


def test_an_ended_household_consents_to_nothing(homes: dict[str, Household]) -> None:
    give(homes["018"])
    Household.objects.filter(id=homes["018"].pk).update(left_on=clock.today())
    assert consent_in_force(household_id=homes["018"].pk, **BANK) is None
    with pytest.raises(HouseholdLeft):
        give(homes["018"], until=date(2027, 1, 1))
    with pytest.raises(UnknownHousehold):
        give_consent(actor=Actor.card(0), household_id=0, **BANK, until=YEAR)


def test_every_reading_by_a_receiver_is_logged_at_the_consent(
    homes: dict[str, Household], admin: Actor
) -> None:
    made = [give(homes["018"]), give(homes["004"])]
    wanted = [homes["018"].pk, homes["004"].pk]
    read = read_for_receiver(actor=admin, **BANK, household_ids=wanted)
    assert {each.number for each in read} == {"018", "004"}
    lines = LoggedAct.objects.filter(act="read", subject="consent", actor_id=admin.id)
    assert sorted(lines.values_list("subject_id", flat=True)) == sorted(each.pk for each in made)


def test_nothing_is_read_where_one_of_them_did_not_consent(homes: dict[str, Household], admin: Actor) -> None:
    give(homes["018"])
    with pytest.raises(NoConsent) as refusal:
        read_for_receiver(
            actor=admin, **BANK, household_ids=[homes["018"].pk, homes["004"].pk, homes["103"].pk]
        )
    assert refusal.value.facts["households"] == 2
    assert not LoggedAct.objects.filter(act="read").exists()
