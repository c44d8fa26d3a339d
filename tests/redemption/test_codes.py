"""One-time codes: shown by the household itself, used once at a till, and worth nothing afterwards."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django_tenants.utils import schema_context

from tests.cast import TODAY, Cast
from tests.people.cast import small_village
from tests.people.members import member_of, membership
from tests.redemption.shop import Counter
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.ids import token_hash
from xiangyue.people.models import Household, Unit
from xiangyue.people.tree_refusals import HouseholdLeft
from xiangyue.records.models import LoggedAct
from xiangyue.redemption.models import CodeTry, Order, ShownCode
from xiangyue.redemption.operations import (
    CODE_LIFE,
    CODES_AT_ONCE,
    DIGITS_LOCK,
    MAX_WRONG_DIGITS,
    Shown,
    household_by_code,
    open_shop,
    show_code,
)
from xiangyue.redemption.refusals import CodesLocked, CodeUnknown, MayNotRedeem, NotOwnCode
from xiangyue.tenancy.models import Jurisdiction

NOON = clock.noon(TODAY)


@contextmanager
def later(by: timedelta) -> Iterator[datetime]:
    with clock.as_of(NOON + by):
        yield NOON + by


@pytest.fixture
def shown(cast: Cast) -> Iterator[Shown]:
    """The code that 018 shows by its card at noon; the clock stands there."""
    with clock.as_of(NOON):
        yield show_code(actor=cast.villager, household_id=cast.household("018").pk)


def scanned(counter: Counter, code: str) -> Household:
    return household_by_code(actor=counter.cast.shopkeeper, shop_id=counter.shop.pk, code=code)


def wrong_digits(*living: Shown) -> str:
    return next(f"{n:06d}" for n in range(1000) if f"{n:06d}" not in {each.digits for each in living})


def test_the_till_learns_by_a_code_whose_it_is(counter: Counter, shown: Shown) -> None:
    household = scanned(counter, shown.token)
    assert household == counter.cast.household("018")
    used = ShownCode.objects.get()
    assert (used.shop, used.used_at is not None) == (counter.shop, True)
    (act,) = LoggedAct.objects.filter(act="use-code")
    assert (act.actor_id, act.subject, act.subject_id) == (
        counter.cast.shopkeeper.id,
        "household",
        household.pk,
    )
    assert not Order.objects.exists()  # to know who stands there is not to sell


def test_only_the_tokens_hash_is_kept(shown: Shown) -> None:
    kept = ShownCode.objects.get()
    assert kept.token_hash == token_hash(shown.token)
    assert shown.token not in str(ShownCode.objects.values_list().get())
    assert len(shown.token) == 32  # 128 bits in hex digits, which a gun types under any keyboard's language
    assert kept.expires_at - kept.shown_at == CODE_LIFE


@pytest.mark.parametrize("form", ["{0}", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}", " {0}\n"])
def test_six_digits_do_as_well(counter: Counter, shown: Shown, form: str) -> None:
    assert scanned(counter, form.format(shown.digits)) == counter.cast.household("018")


def test_a_gun_may_type_small_letters_and_wide_ones(counter: Counter, shown: Shown) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in shown.token.lower())
    assert scanned(counter, wide) == counter.cast.household("018")


@pytest.mark.parametrize("again", ["token", "digits"])
@pytest.mark.parametrize("first", ["token", "digits"])
def test_a_code_that_was_used_yields_nothing(counter: Counter, shown: Shown, first: str, again: str) -> None:
    scanned(counter, getattr(shown, first))
    with pytest.raises(CodeUnknown):
        scanned(counter, getattr(shown, again))


@pytest.mark.parametrize("what", ["token", "digits"])
def test_after_a_minute_a_code_yields_nothing(counter: Counter, shown: Shown, what: str) -> None:
    lasts = shown.expires_at - NOON  # a minute, and what has passed since noon: the clock runs
    assert CODE_LIFE <= lasts < CODE_LIFE + timedelta(seconds=30)
    with later(lasts), pytest.raises(CodeUnknown):
        scanned(counter, getattr(shown, what))
    with later(lasts - timedelta(seconds=1)):
        assert scanned(counter, getattr(shown, what)) == counter.cast.household("018")


def test_a_new_code_leaves_the_one_under_the_gun_alone(counter: Counter, shown: Shown) -> None:
    with later(timedelta(seconds=50)):
        newer = show_code(actor=counter.cast.villager, household_id=counter.cast.household("018").pk)
        assert newer.token != shown.token
        assert scanned(counter, shown.token) == scanned(counter, newer.token)


def test_whoever_reloads_for_ever_does_not_fill_the_table(cast: Cast, shown: Shown) -> None:
    for _time in range(CODES_AT_ONCE * 2):
        show_code(actor=cast.villager, household_id=cast.household("018").pk)
    assert ShownCode.objects.count() == CODES_AT_ONCE
    assert not ShownCode.objects.filter(token_hash=token_hash(shown.token)).exists()
    with later(timedelta(minutes=5)):
        show_code(actor=cast.villager, household_id=cast.household("018").pk)
    assert ShownCode.objects.count() == 1


def test_a_code_of_another_county_yields_nothing(
    counter: Counter, founded: Jurisdiction, peopled: Jurisdiction
) -> None:
    with clock.as_of(NOON):
        with schema_context(founded.schema_name):
            theirs = small_village(Unit.objects.get(code="440783104220"))["018"]
            foreign = show_code(actor=Actor.card(theirs.pk), household_id=theirs.pk)
        with schema_context(peopled.schema_name):
            for code in (foreign.token, foreign.digits):
                with pytest.raises(CodeUnknown):
                    scanned(counter, code)


@pytest.mark.parametrize("code", ["", " ", "12345", "1234567", "１２３", "x" * 5000, "请点开再扫", "\0"])
def test_what_is_no_code_yields_nothing(counter: Counter, shown: Shown, code: str) -> None:
    with pytest.raises(CodeUnknown):
        scanned(counter, code)
    assert not CodeTry.objects.exists()  # nobody guesses six digits by that


def test_digits_can_be_guessed_at_a_few_times_only(counter: Counter, shown: Shown) -> None:
    for _time in range(MAX_WRONG_DIGITS):
        with pytest.raises(CodeUnknown):
            scanned(counter, wrong_digits(shown))
    with pytest.raises(CodesLocked) as caught:
        scanned(counter, shown.digits)
    assert re.search(r"12:1\d以后再输", str(caught.value))
    assert (
        CodeTry.objects.filter(shop=counter.shop, by_id=counter.cast.shopkeeper.id).count()
        == MAX_WRONG_DIGITS
    )
    assert scanned(counter, shown.token) == counter.cast.household("018")  # nobody guesses 128 bits
    with later(DIGITS_LOCK + timedelta(minutes=1)):
        fresh = show_code(actor=counter.cast.villager, household_id=counter.cast.household("018").pk)
        assert scanned(counter, fresh.digits) == counter.cast.household("018")


def test_one_shops_guesses_do_not_lock_another(counter: Counter, shown: Shown) -> None:
    for _time in range(MAX_WRONG_DIGITS):
        with pytest.raises(CodeUnknown):
            scanned(counter, wrong_digits(shown))
    other = open_shop(actor=SYSTEM, unit_id=counter.cast.village.pk, name="流动兑换点")
    found = household_by_code(actor=counter.cast.shopkeeper, shop_id=other.pk, code=shown.digits)
    assert found == counter.cast.household("018")


def test_digits_count_where_the_household_lives(cast: Cast, shown: Shown) -> None:
    elsewhere = Unit.objects.get(code="440783104220")
    shop = open_shop(actor=SYSTEM, unit_id=elsewhere.pk, name="大罗村积分超市")
    with pytest.raises(CodeUnknown):
        household_by_code(actor=SYSTEM, shop_id=shop.pk, code=shown.digits)
    assert household_by_code(actor=SYSTEM, shop_id=shop.pk, code=shown.token) == cast.household("018")


def test_two_with_the_same_digits_are_nobody(counter: Counter, shown: Shown) -> None:
    twin = show_code(actor=counter.cast.neighbour, household_id=counter.cast.household("004").pk)
    ShownCode.objects.filter(token_hash=token_hash(twin.token)).update(digits=shown.digits)
    with pytest.raises(CodeUnknown):
        scanned(counter, shown.digits)
    assert scanned(counter, twin.token) == counter.cast.household("004")


def test_a_member_shows_a_code_unless_the_household_has_said_no(cast: Cast) -> None:
    household = cast.household("018")
    member = member_of(household)
    assert show_code(actor=member, household_id=household.pk).digits
    own = membership(member, household)
    own.may_redeem = False
    own.save(update_fields=["may_redeem"])
    with pytest.raises(MayNotRedeem):
        show_code(actor=member, household_id=household.pk)
    with pytest.raises(NotOwnCode):
        show_code(actor=member, household_id=cast.household("004").pk)


def test_the_system_shows_no_code(cast: Cast) -> None:
    with pytest.raises(NotOwnCode):
        show_code(actor=SYSTEM, household_id=cast.household("018").pk)


def test_who_has_left_shows_no_code(cast: Cast) -> None:
    household = cast.household("018")
    Household.objects.filter(pk=household.pk).update(left_on=TODAY)
    with pytest.raises(HouseholdLeft):
        show_code(actor=Actor.card(household.pk), household_id=household.pk)
    assert not ShownCode.objects.exists()
