"""A shop goes along when its village is merged, and holds up what would leave it without a place."""

from datetime import date

import pytest

from tests.cast import Cast
from tests.redemption.shop import Counter
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.offices import Office
from xiangyue.people.operations.appointments import appoint
from xiangyue.people.operations.departures import Departure, follow, require_free
from xiangyue.people.operations.reorganising import merge_villages
from xiangyue.people.queries import unit_by_code
from xiangyue.people.tree_refusals import UnitEnded
from xiangyue.records.models import LoggedAct
from xiangyue.redemption.models import Shop
from xiangyue.redemption.operations import open_shop
from xiangyue.redemption.refusals import ShopStillOpen

ON = date(2026, 12, 1)
OTHER = "440783104220"


@pytest.fixture
def counter(cast: Cast) -> Counter:
    return Counter.open(cast)


def test_a_shop_goes_on_in_the_village_that_takes_over(counter: Counter) -> None:
    cast, into = counter.cast, unit_by_code(OTHER)
    before = (
        Shop.objects.filter(pk=counter.shop.pk).values("name", "holder_id", "goods__stock").order_by("goods")
    )
    kept = list(before)
    with clock.as_of(ON):
        merge_villages(actor=SYSTEM, from_id=cast.village.pk, into_id=into.pk, on=ON)
        assert Shop.objects.get(pk=counter.shop.pk).unit == into
        assert list(before.all()) == kept
        keeper = cast.shopkeeper.user_id
        assert keeper is not None
        appoint(actor=SYSTEM, user_id=keeper, office=Office.SHOPKEEPER, unit_id=into.pk, since=ON)
    log = LoggedAct.objects.get(subject="shop", act="follow")
    assert (log.subject_id, log.reason) == (counter.shop.pk, f"to:{into.pk}")


def test_a_name_that_is_taken_there_tells_where_the_shop_comes_from(counter: Counter) -> None:
    cast, into = counter.cast, unit_by_code(OTHER)
    open_shop(actor=SYSTEM, unit_id=into.pk, name=counter.shop.name)
    with clock.as_of(ON):
        merge_villages(actor=SYSTEM, from_id=cast.village.pk, into_id=into.pk, on=ON)
    names = set(Shop.objects.filter(unit=into).values_list("name", flat=True))
    assert names == {counter.shop.name, f"{cast.village.name}{counter.shop.name}"}


def test_nothing_ends_around_a_shop(counter: Counter) -> None:
    with pytest.raises(ShopStillOpen) as caught:
        require_free(Departure(ending=frozenset({counter.cast.village.pk})))
    assert (
        str(caught.value)
        == "联和村还有积分超市“联和村积分超市”，不能撤。并到或者划到别的单位时，超市会跟着过去。"
    )
    elsewhere = Departure(ending=frozenset({unit_by_code(OTHER).pk}))
    require_free(elsewhere)
    follow(SYSTEM, elsewhere)
    assert Shop.objects.get().unit_id == counter.cast.village.pk


def test_names_that_are_taken_with_the_old_units_name_too_are_numbered(counter: Counter) -> None:
    cast, into = counter.cast, unit_by_code(OTHER)
    for name in (counter.shop.name, f"{cast.village.name}{counter.shop.name}"):
        open_shop(actor=SYSTEM, unit_id=into.pk, name=name)
    with clock.as_of(ON):
        merge_villages(actor=SYSTEM, from_id=cast.village.pk, into_id=into.pk, on=ON)
    counter.shop.refresh_from_db()
    assert (counter.shop.unit, counter.shop.name) == (into, f"{cast.village.name}联和村积分超市2")


def test_no_shop_opens_in_a_village_that_has_ended(cast: Cast) -> None:
    into = unit_by_code(OTHER)
    with clock.as_of(ON):
        merge_villages(actor=SYSTEM, from_id=cast.village.pk, into_id=into.pk, on=ON)
        with pytest.raises(UnitEnded):
            open_shop(actor=SYSTEM, unit_id=cast.village.pk, name="村口超市")
