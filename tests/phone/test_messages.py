"""What a household was told: the list, what was seen, and by what else it is told."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast
from tests.messages.cast import POSTED, QUIET, at, known_news, posted, sms_by, wechat_by
from tests.messages.vendors import aliyun, running
from tests.web import Visitor, signed_in
from xiangyue.kernel import clock
from xiangyue.messages.models import Message, Preference
from xiangyue.messages.news import News
from xiangyue.messages.operations.notifying import notify
from xiangyue.messages.queries import unread_count
from xiangyue.messages.templates import known_templates
from xiangyue.phone.messages import MATTERS
from xiangyue.records.models import LoggedAct
from xiangyue.tenancy.models import Jurisdiction

PAGE = "/my/messages/"


@pytest.fixture(autouse=True)
def news() -> Iterator[None]:
    with known_news():
        yield


def tell(cast: Cast, count: int = 1, number: str = "018", key: str = "k") -> list[Message]:
    household = cast.household(number)
    notify(news=[posted(household, 100 * (place + 1), about=str(place)) for place in range(count)], key=key)
    return list(Message.objects.filter(household=household).order_by("id"))


def unread(cast: Cast, number: str = "018") -> int:
    return unread_count(household_id=cast.household(number).pk)


def test_nothing_yet(villager: Visitor) -> None:
    page = villager.read(PAGE)
    assert "还没有消息" in page
    assert "都看过了" not in page
    assert "还用什么提醒您" not in page


def test_news_is_listed_the_last_first(villager: Visitor, cast: Cast) -> None:
    with clock.as_of(at(9, 5, day=1)):
        tell(cast, 1, key="yesterday")
    tell(cast, 1, key="today")
    page = villager.read(PAGE)
    assert re.findall(r'<span class="xs dim num">([^<]+)<', page) == ["今天12:00", "11月1日"]
    assert page.count("没看过") == 2
    assert "积分入账了" in page
    assert "+1分，11月6日入账" in page


def test_opening_one_notes_that_it_was_seen_and_leads_to_its_matter(villager: Visitor, cast: Cast) -> None:
    first, second = tell(cast, 2)
    Message.objects.filter(pk=first.pk).update(template="points-posted")
    response = villager.post(PAGE, {"message": str(first.pk)})
    assert (response.status_code, response["Location"]) == (302, "/my/ledger/")
    assert (unread(cast), villager.read(PAGE).count("没看过")) == (1, 1)
    assert villager.post(PAGE, {"message": str(second.pk)})["Location"] == PAGE  # it has no page of its own
    assert unread(cast) == 0
    assert 'class="cell" href="/my/ledger/"' in villager.read(PAGE)


def test_all_at_once(villager: Visitor, cast: Cast) -> None:
    tell(cast, 30)
    tell(cast, 1, number="004", key="other")
    assert villager.post(PAGE, {"all": "1"})["Location"] == PAGE
    assert (unread(cast), unread(cast, "004")) == (0, 1)
    assert "都看过了" not in villager.read(PAGE)


@pytest.mark.parametrize("text", ["", "x", "0", "9" * 30, "-1", "１"])
def test_what_is_no_message_is_not_found(villager: Visitor, text: str) -> None:
    assert villager.post(PAGE, {"message": text}).status_code == 404


def test_anothers_message_is_not_found(villager: Visitor, cast: Cast) -> None:
    (others,) = tell(cast, 1, number="004")
    assert villager.post(PAGE, {"message": str(others.pk)}).status_code == 404
    assert unread(cast, "004") == 1
    assert "积分入账了" not in villager.read(PAGE)


def test_page_by_page(villager: Visitor, cast: Cast) -> None:
    tell(cast, 45)
    page, seen = villager.read(PAGE), []
    while True:
        seen += re.findall(r"(\+[\d]+)分，11月6日", page)
        older = re.search(r'href="(/my/messages/\?before=\d+)" rel="next"', page)
        if not older:
            break
        page = villager.read(older[1])
        assert f'href="{PAGE}" rel="prev"' in page
    assert seen == [f"+{number}" for number in range(45, 0, -1)]
    assert villager.get(PAGE, {"before": "nonsense"}).status_code == 200


def test_a_hundred_cost_what_one_costs(villager: Visitor, cast: Cast) -> None:
    with running(aliyun()) as vendor:
        sms_by(vendor)
        tell(cast, 1)
        villager.read(PAGE)
        with CaptureQueriesContext(connection) as one:
            villager.read(PAGE)
        tell(cast, 100, key="more")
        with CaptureQueriesContext(connection) as hundred:
            villager.read(PAGE)
    assert len(hundred) == len(one)


def test_somebody_who_signed_in_finds_their_own_too(peopled: Jurisdiction, cast: Cast) -> None:
    user = cast.user("桑叶青")
    notify(news=[News(QUIET.code, user=user.pk)], key="u")
    leader = signed_in(peopled, user)
    assert str(QUIET.title) in leader.read(PAGE)
    message = Message.objects.get()
    leader.post(PAGE, {"message": str(message.pk)})
    message.refresh_from_db()
    assert message.read_at is not None


def test_who_helps_out_reads_and_has_seen_nothing_for_the_household(
    peopled: Jurisdiction, cast: Cast
) -> None:
    (told,) = tell(cast, 1)
    user = cast.user("桑叶青")
    notify(news=[News(QUIET.code, user=user.pk)], key="u")
    leader = signed_in(peopled, user)
    household = cast.household("018")
    assert (
        leader.post("/my/helping/", {"household": str(household.public_id), "reason": "眼睛不好"}).status_code
        == 302
    )
    page = leader.read(PAGE)
    assert "积分入账了" in page
    assert str(QUIET.title) not in page
    assert "都看过了" not in page
    assert leader.post(PAGE, {"message": str(told.pk)}).status_code == 302
    leader.post(PAGE, {"all": "1"})
    assert unread(cast) == 1


def test_the_household_says_by_what_else(villager: Visitor, cast: Cast) -> None:
    with running(aliyun()) as vendor:
        sms_by(vendor)
        page = villager.read(PAGE)
        assert "发短信提醒" in page
        assert "微信里提醒" not in page
        wechat_by(vendor)
        assert villager.read(PAGE).count(" checked") == 2
        assert villager.post("/my/messages/ways/", {"way": "wechat"})["Location"] == PAGE
        wish = Preference.objects.get()
        assert (wish.household, wish.sms, wish.wechat) == (cast.household("018"), False, True)
        assert villager.read(PAGE).count(" checked") == 1
        villager.post("/my/messages/ways/", {"way": ["sms", "pigeon"]})
    wish.refresh_from_db()
    assert (wish.sms, wish.wechat) == (True, False)
    assert LoggedAct.objects.filter(act="choose-channels", subject_id=wish.household_id).count() == 2


def test_each_matter_leads_somewhere_or_says_all_by_itself() -> None:
    codes = {template.code for template in known_templates()} - {POSTED.code, QUIET.code}
    assert set(MATTERS) <= codes
    facts: dict[str, Any] = {
        "deed": "0199f1c2-0000-7000-8000-000000000001",
        "objection": "0199f1c2-0000-7000-8000-000000000001",
        "notice": "0199f1c2-0000-7000-8000-000000000001",
        "position": 2,
        "line": 58,
    }
    leads = {code: address(facts) for code, (_icon, address) in MATTERS.items()}
    assert leads["deed-returned"] == reverse("phone:deed", args=[facts["deed"]])
    assert leads["notice-hung-minus"] == reverse("gate:notice", args=[facts["notice"], 2])
    assert leads["line-corrected"] == "/my/ledger/line/58/"
    assert leads["objection-upheld"] == reverse("phone:objected", args=[facts["objection"]])
    assert leads["meeting-called"] == ""
    assert MATTERS["deed-returned"][1]({}) == ""
