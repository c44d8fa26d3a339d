"""What the recipients say: seen, and by what they want to be told."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.cast import Cast
from tests.messages.cast import QUIET, known_news, posted
from xiangyue.kernel.actors import Actor
from xiangyue.messages.models import Message, Preference
from xiangyue.messages.news import News
from xiangyue.messages.operations.notifying import notify
from xiangyue.messages.operations.reading import choose_channels, mark_read
from xiangyue.messages.queries import messages_of, preference_of, unread_count
from xiangyue.messages.refusals import NoSuchMessage
from xiangyue.people.models import Membership
from xiangyue.people.permissions import NotAllowed
from xiangyue.records.models import LoggedAct
from xiangyue.users.operations import create_user


@pytest.fixture(autouse=True)
def told(cast: Cast) -> Iterator[None]:
    with known_news():
        one, other = cast.household("018"), cast.household("004")
        for number in range(3):
            notify(news=[posted(one, 100 * number), posted(other)], key=str(number))
        yield


def unread(cast: Cast, number: str) -> int:
    return unread_count(household_id=cast.household(number).pk)


def test_the_last_first_page_by_page(cast: Cast, django_assert_num_queries: Any) -> None:
    household = cast.household("018").pk
    with django_assert_num_queries(1):
        page = messages_of(household_id=household, limit=2)
    assert [each.text for each in page] == ["+2分，11月6日入账", "+1分，11月6日入账"]
    assert [each.is_read for each in page] == [False, False]
    rest = messages_of(household_id=household, before=page[-1].id)
    assert [each.text for each in rest] == ["0分，11月6日入账"]
    assert messages_of(household_id=household, before=rest[-1].id) == []
    assert messages_of() == []


def test_somebody_of_a_household_reads_both(cast: Cast) -> None:
    notify(news=[News(QUIET.code, user=cast.secretary.user_id)], key="u")
    both = messages_of(household_id=cast.household("018").pk, user_id=cast.secretary.user_id)
    assert [each.title for each in both] == ["没什么大事", "积分入账了", "积分入账了", "积分入账了"]
    assert unread_count(user_id=cast.secretary.user_id) == 1


def test_a_card_has_seen_its_households(cast: Cast) -> None:
    household = cast.household("018").pk
    first = messages_of(household_id=household)[0]
    assert mark_read(actor=cast.villager, household_id=household, message_ids=[first.id]) == 1
    assert (unread(cast, "018"), unread(cast, "004")) == (2, 3)
    seen = Message.objects.get(id=first.id).read_at
    assert mark_read(actor=cast.villager, household_id=household, message_ids=[first.id]) == 0
    assert Message.objects.get(id=first.id).read_at == seen
    assert mark_read(actor=cast.villager, household_id=household) == 2
    assert (unread(cast, "018"), unread(cast, "004")) == (0, 3)


def test_nobody_marks_anothers(cast: Cast) -> None:
    household = cast.household("018").pk
    first = messages_of(household_id=household)[0]
    with pytest.raises(NoSuchMessage):
        mark_read(actor=cast.neighbour, household_id=cast.household("004").pk, message_ids=[first.id])
    with pytest.raises(NoSuchMessage):
        mark_read(actor=cast.neighbour, household_id=household, message_ids=[first.id])
    assert mark_read(actor=cast.neighbour, household_id=household) == 0
    assert unread(cast, "018") == 3


def test_a_member_has_seen_the_households_and_their_own(cast: Cast) -> None:
    user = create_user(login="禾生", name="田禾生")
    household = cast.household("018")
    notify(news=[News(QUIET.code, user=user.pk)], key="u")
    assert mark_read(actor=Actor.user(user.pk), household_id=household.pk) == 1
    Membership.objects.create(user=user, household=household, how="confirmed", since=date(2026, 11, 1))
    assert mark_read(actor=Actor.user(user.pk), household_id=household.pk) == 3
    assert unread(cast, "018") == 0


def test_who_acts_on_behalf_has_seen_nothing_for_the_household(cast: Cast) -> None:
    household = cast.household("018").pk
    assert mark_read(actor=cast.grid_leader, household_id=household) == 0
    assert unread(cast, "018") == 3


def test_a_household_says_by_what(cast: Cast) -> None:
    household = cast.household("018").pk
    before = preference_of(household)
    assert before._state.adding
    assert (before.sms, before.wechat) == (True, True)
    choose_channels(actor=cast.villager, household_id=household, sms=False, wechat=True)
    choose_channels(actor=cast.villager, household_id=household, sms=True, wechat=False)
    wish = Preference.objects.get()
    assert (wish.household_id, wish.sms, wish.wechat) == (household, True, False)
    lines = LoggedAct.objects.filter(act="choose-channels", subject="household", subject_id=household)
    assert [line.on_behalf_of for line in lines] == [None, None]
    with pytest.raises(NotAllowed):
        choose_channels(actor=cast.neighbour, household_id=household, sms=False, wechat=False)
