"""The open page: the scheme as it is meant and carried out, and nobody named on it."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from tests.cast import Cast
from tests.catalogue.cast import drafted
from tests.redemption.shop import Counter
from tests.scoring.cast import (
    LABOUR,
    PERIOD,
    RUBBISH,
    SWEEPING,
    a_deed,
    a_meeting,
    approve,
    verified,
)
from tests.web import Visitor, masked, told_names, told_phones
from xiangyue.catalogue.operations.deliberating import deliberate
from xiangyue.gate import open as open_views
from xiangyue.gate.plan import bodies_of, open_drafts
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.ids import check_code, grouped
from xiangyue.ledger.operations.sealing import seal_all
from xiangyue.people.models import Appointment, Body, Capacity, Unit
from xiangyue.people.operations.wishes import set_village_ranking
from xiangyue.redemption.models import Order
from xiangyue.scoring.models import Meeting, ScoringRules, Verdict
from xiangyue.scoring.operations.appeals import ReversalReason, reverse_posting
from xiangyue.scoring.operations.meetings import Ruling, decide_deeds
from xiangyue.scoring.operations.special import issue_special
from xiangyue.setup import presets
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.models import User

EMPTY = "440783104220"
CELL = re.compile(r'<div class="cell">.*?</div></div>', re.DOTALL)


@pytest.fixture
def counter(cast: Cast) -> Counter:
    return Counter.open(cast)


def page_of(visitor: Visitor, village: Unit, **asked: str) -> str:
    return visitor.read("/open/", village=village.code, **asked)


def queries(visitor: Visitor, path: str) -> int:
    visitor.read(path)
    with CaptureQueriesContext(connection) as caught:
        visitor.read(path)
    return len(caught)


def test_where_there_are_several_villages_one_chooses(cast: Cast, visitor: Visitor) -> None:
    page = visitor.read("/open/")
    assert "看哪个村的公开" in page
    assert page.count('<a class="cell" href="/open/?village=') == 13
    found = visitor.read("/open/", q="lianhe")
    assert re.findall(r'href="/open/\?village=(\d+)"', found) == [cast.village.code]
    assert "没有找到这个村" in visitor.read("/open/", q="没有")
    assert told_names(page) == []


def test_a_villager_comes_to_the_own_village_at_once(cast: Cast, villager: Visitor) -> None:
    page = villager.read("/open/")
    assert "<title>联和村公开</title>" in page
    assert "看别的村" not in page


@pytest.mark.parametrize("code", ["1", "440783104", "x" * 500])
def test_a_village_that_is_not_there_is_not_found(cast: Cast, visitor: Visitor, code: str) -> None:
    for path in ("/open/", "/rules/"):
        assert visitor.get(path, {"village": code}).status_code == 404


def test_the_plan_is_told_as_it_is_set_here(cast: Cast, visitor: Visitor) -> None:
    """The preset's words, with what the county has changed since."""
    page = page_of(visitor, cast.village)
    for words in ("积分怎么记", "怎么评、多久一次", "谁来评", "怎么兑换", "公示5天，有异议的5个工作日里答复"):
        assert words in page
    ScoringRules.objects.update(notice_days=9, quorum_percent=77, redeemed="half_year")
    changed = page_of(visitor, cast.village)
    for words in ("公示9天", "到会77%才算数", "每半年兑换"):
        assert words in changed
        assert words not in page


def test_whether_households_are_ranked_is_told(cast: Cast, visitor: Visitor) -> None:
    page = page_of(visitor, cast.village)
    assert "村里按一年里得的荣誉积分给各户排名" in page
    assert "每年排名" in page
    ScoringRules.objects.update(ranked="")
    assert "方案没有定排名" in page_of(visitor, cast.village)
    ScoringRules.objects.update(ranked="year")
    set_village_ranking(actor=SYSTEM, village_id=cast.village.pk, is_ranked=False)
    page = page_of(visitor, cast.village)
    assert "村里定了不排名" in page
    assert "每年排名" not in page
    assert "村里按一年里得的荣誉积分给各户排名" in page_of(visitor, Unit.objects.get(code=EMPTY))


@pytest.mark.parametrize("preset", presets.names())
def test_every_scheme_can_be_told(cast: Cast, visitor: Visitor, peopled: Jurisdiction, preset: str) -> None:
    Jurisdiction.objects.filter(pk=peopled.pk).update(preset=preset)
    assert page_of(visitor, cast.village).count('<ul class="says-so">') >= 4


def test_a_scheme_of_ones_own_is_told_from_what_is_set(
    cast: Cast, visitor: Visitor, peopled: Jurisdiction
) -> None:
    Jurisdiction.objects.filter(pk=peopled.pk).update(preset="taoyuan")
    assert "公示5天" in page_of(visitor, cast.village)


def test_who_sits_in_a_body_is_told_by_numbers(cast: Cast, visitor: Visitor) -> None:
    (evaluation, *_rest) = bodies_of(cast.village)
    assert (evaluation.name, evaluation.members) == ("评议小组", 7)
    twice = Appointment.objects.filter(body=Body.EVALUATION)[0]
    twice.pk, twice.capacity = None, Capacity.NOTABLE
    twice.save()
    (again, *_rest) = bodies_of(cast.village)
    assert again.members == 7  # who sits for two is one
    assert dict(again.capacities)[str(Capacity.NOTABLE.label)] == 1
    User.objects.filter(id=twice.user_id).update(is_active=False)
    assert bodies_of(cast.village)[0].members == 6
    Appointment.objects.filter(body=Body.EVALUATION).update(until=date(2020, 1, 1), since=date(2019, 1, 1))
    assert "评议小组" not in [each.name for each in bodies_of(cast.village)]
    page = page_of(visitor, cast.village)
    assert told_names(page) == []


def decided(cast: Cast) -> Meeting:
    """A meeting that approves two deeds and rejects one."""
    shares = verified(*(a_deed(cast.village, "018", of=of) for of in (LABOUR, SWEEPING, RUBBISH)))
    meeting = a_meeting(cast.village)
    verdicts = (Verdict.APPROVE, Verdict.APPROVE, Verdict.REJECT)
    rulings = [
        Ruling(share.pk, verdict, reason="田禾生没有来")
        for share, verdict in zip(shares, verdicts, strict=True)
    ]
    decide_deeds(actor=cast.committee_member, meeting_id=meeting.pk, rulings=rulings)
    return meeting


def test_minutes_tell_when_how_many_and_what_was_decided_in_figures(cast: Cast, visitor: Visitor) -> None:
    meeting = decided(cast)
    for asked in ({}, {"part": "meetings"}):
        page = page_of(visitor, cast.village, **asked)
        text = re.sub(r"\s+", " ", strip_tags(page))
        for words in ("评议小组", "应到7人，到会5人", "通过2件", "不通过1件"):
            assert words in text
        for words in (LABOUR, RUBBISH, "没有来"):
            assert words not in page
        assert told_names(page) == []
    assert meeting.members == 7


def test_a_village_without_anything_says_so(cast: Cast, visitor: Visitor) -> None:
    empty = Unit.objects.get(code=EMPTY)
    page = page_of(visitor, empty)
    assert "还没有开过会" in page
    assert "最近没有兑换" in page
    assert "最近没有封过账" in page
    for part, words in (("meetings", "还没有开过会"), ("orders", "最近没有兑换")):
        assert words in page_of(visitor, empty, part=part)
    assert "方案" in page_of(visitor, empty, part="nonsense")


def test_redemptions_are_masked_and_recent(cast: Cast, visitor: Visitor, counter: Counter) -> None:
    counter.award("018", 20000)
    counter.sell("018", {counter.soap: 2})
    for asked in ({}, {"part": "orders"}):
        page = page_of(visitor, cast.village, **asked)
        for words in ("田＊生", "018号", "洗衣液2千克×2", "−40"):
            assert words in page
        assert masked(page) == 1
        assert told_names(page) + told_phones(page) == []
    Order.objects.update(sold_on=date(2026, 1, 1))
    assert masked(page_of(visitor, cast.village)) == 0


def test_what_was_taken_back_was_not_redeemed(cast: Cast, visitor: Visitor, counter: Counter) -> None:
    counter.award("018", 20000)
    order = counter.sell("018", {counter.soap: 2}).order
    counter.sell("018", {counter.noodles: 1}, key="stays")
    assert order.batch_id
    reverse_posting(
        actor=SYSTEM, batch_id=order.batch_id, line=None, reason=ReversalReason.TILL_ERROR, key="undo"
    )
    for asked in ({}, {"part": "orders"}):
        page = page_of(visitor, cast.village, **asked)
        assert masked(page) == 1
        assert "挂面礼包" in page


def test_long_lists_are_leafed_through_at_a_constant_cost(
    cast: Cast, visitor: Visitor, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_views, "ROWS_OF_A_PAGE", 2)
    counter.award("018", 20000)
    counter.sell("018", {counter.soap: 1}, key="0")
    decided(cast)
    paths = [f"/open/?village={cast.village.code}{part}" for part in ("", "&part=orders", "&part=meetings")]
    few = [queries(visitor, path) for path in paths]
    for number in range(1, 4):
        counter.sell("018", {counter.soap: 1}, key=str(number))
        a_meeting(cast.village)
    assert [queries(visitor, path) for path in paths] == few
    page = page_of(visitor, cast.village, part="orders")
    assert masked(page) == 2
    assert f'href="?village={cast.village.code}&amp;part=orders&amp;page=2" rel="next"' in page
    assert masked(page_of(visitor, cast.village, part="orders", page="2")) == 2


def sealed_on(counter: Counter, *days: date) -> list[str]:
    """Sell and seal something on some days; give their codes as they are shown."""
    codes = []
    counter.award("018", 20000)
    for day in days:
        with clock.as_of(day):
            counter.sell("018", {counter.soap: 1}, key=f"{day}")
            codes.append(grouped(check_code(seal_all()[-1].digest)))
    return codes


def codes_on(page: str) -> list[str]:
    return re.findall(r'<p class="t digest">([0-9A-F ]{19})</p>', page)


def test_each_day_that_is_over_has_its_code(cast: Cast, visitor: Visitor, counter: Counter) -> None:
    today, yesterday = date(2026, 11, 20), date(2026, 11, 19)
    codes = sealed_on(counter, *(yesterday - timedelta(days=ago) for ago in (30, 29, 9, 0)), today)
    address = f'href="/open/?village={cast.village.code}&amp;part=codes'
    with clock.as_of(today):
        page = page_of(visitor, cast.village)
        assert codes_on(page) == codes[3:0:-1]
        assert f'{address}">最近30天' in page
        page = page_of(visitor, cast.village, part="codes")
        assert codes_on(page) == codes[3:0:-1]
        assert 'rel="prev"' not in page
        older = page_of(visitor, cast.village, part="codes", until="2026-10-20")
        assert f'{address}&amp;until=2026-10-20" rel="next"' in page
        assert (codes_on(older), 'rel="next"' in older) == (codes[:1], False)
        assert f'{address}&amp;until=2026-11-19" rel="prev"' in older
        for beyond in ("2030-01-01", "2026-11-20", "x", "2026-13-45"):
            assert codes_on(page_of(visitor, cast.village, part="codes", until=beyond)) == codes_on(page)
        assert "这些天没有封过账" in page_of(visitor, cast.village, part="codes", until="0001-01-01")
    with clock.as_of(today + timedelta(days=1)):
        assert codes_on(page_of(visitor, cast.village))[0] == codes[4]


def test_a_draft_is_told_while_one_may_speak_of_it(cast: Cast, visitor: Visitor) -> None:
    draft = drafted(SYSTEM, cast.village, {"编号": "901", "指标": "扫雪", "分值": "5"}, name="新细则.csv")
    assert "征求意见" not in page_of(visitor, cast.village)
    until = date(2026, 11, 20)
    deliberate(actor=SYSTEM, catalogue_id=draft.pk, until=until)
    page = page_of(visitor, cast.village)
    for words in ("征求意见", "11月20日以前都可以提意见", "扫雪", "新加：每次5分"):
        assert words in page
    assert "征求意见" not in page_of(visitor, Unit.objects.get(code=EMPTY))
    with clock.as_of(date(2026, 11, 21)):
        assert "征求意见" not in page_of(visitor, cast.village)


def test_of_a_first_catalogue_everything_is_new(cast: Cast) -> None:
    draft = drafted(SYSTEM, cast.village, {"编号": "901", "指标": "扫雪", "分值": "5"}, name="新细则.csv")
    deliberate(actor=SYSTEM, catalogue_id=draft.pk, until=date(2026, 11, 20))
    with clock.as_of(date(2020, 1, 1)):  # nothing was in force then
        (told,) = open_drafts(cast.village)
    assert [(each.title, each.before, each.after) for each in told.changes] == [("扫雪", "", "每次5分")]


def test_special_notices_stand_there_without_their_reason(cast: Cast, visitor: Visitor) -> None:
    (share,) = approve(a_meeting(cast.village), verified(a_deed(cast.village, "018")))
    assert "专项公示" not in page_of(visitor, cast.village)
    special = issue_special(
        actor=SYSTEM, unit_id=cast.village.pk, period=PERIOD, share_ids=[share.pk], reason="田禾生下河救人"
    )
    page = page_of(visitor, cast.village)
    assert f'href="/notice/{special.public_id}/1/"' in page
    assert "下河" not in page
