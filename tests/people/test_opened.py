from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Card, Household
from xiangyue.people.opened import household_of_card
from xiangyue.people.operations.cards import issue_card, revoke_card


def facts(household: Household) -> list[dict[str, object]]:
    return [
        {field.attname: getattr(each, field.attname) for field in each._meta.concrete_fields}
        for each in (household, household.unit, household.village)
    ]


def test_a_card_opens_its_household_whole_in_one_query(cast: Cast) -> None:
    home = cast.household("018")
    home.tags = ["五保", "渔"]
    home.save(update_fields=["tags"])
    issue_card(actor=SYSTEM, household_id=home.pk)
    card = Card.objects.get(household=home, revoked_at=None)
    household_of_card(card.pk)  # plans its statement
    with CaptureQueriesContext(connection) as caught:
        found = household_of_card(card.pk)
        assert found is not None
        told = facts(found)
    assert len(caught) == 1
    asked = Household.objects.select_related("unit", "village").get(pk=home.pk)
    assert told == facts(asked)
    assert {type(value) for each in told for value in each.values()} == {
        type(value) for each in facts(asked) for value in each.values()
    }
    found.save()  # it is a row like any other


def test_a_revoked_card_opens_nothing(cast: Cast) -> None:
    home = cast.household("018")
    issue_card(actor=SYSTEM, household_id=home.pk)
    card = Card.objects.get(household=home, revoked_at=None)
    revoke_card(actor=SYSTEM, household_id=home.pk)
    assert household_of_card(card.pk) is None
    assert household_of_card(0) is None
