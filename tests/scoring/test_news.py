"""Who is told what of a month: from deeds that are sent back to points in the account."""

from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import COMMITTEE, Cast
from tests.messages.cast import sms_by
from tests.messages.vendors import aliyun, running
from tests.scoring.cast import (
    LABOUR,
    PERIOD,
    RUBBISH,
    a_deed,
    a_meeting,
    actor,
    approve,
    bring,
    household,
    october,
    settled,
    verified,
)
from tests.scoring.objecting import OFFICIAL, SUPERVISOR, lodge
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.messages.models import Delivery, Message
from xiangyue.messages.templates import known_templates, text_of, title_of
from xiangyue.people.models import Household
from xiangyue.records.models import OutboxMessage
from xiangyue.records.operations import deliver_waiting
from xiangyue.scoring.models import Deed, DeedState, Source, Verdict
from xiangyue.scoring.operations.calling import call_meeting, cancel_call
from xiangyue.scoring.operations.escalating import escalate_objections
from xiangyue.scoring.operations.meetings import Ruling, decide_deeds
from xiangyue.scoring.operations.notices import issue_notice
from xiangyue.scoring.operations.objections import admit_objection, dismiss_objection, uphold_objection
from xiangyue.scoring.operations.reminding import remind_county
from xiangyue.scoring.operations.review import reject_deed, return_deed
from xiangyue.scoring.operations.supervising import answer_remark, remark
from xiangyue.scoring.queries import decidable_by, line_of, total_of

TOO_LATE = date(2026, 12, 28)


def deliver() -> None:
    """Deliver the outbox, also what was sent some days ahead of the clock."""
    with clock.as_of(clock.now() + timedelta(days=10)):
        deliver_waiting()


def told(number: str) -> list[tuple[str, str]]:
    """Deliver the outbox, and give what a household was told: titles and texts."""
    deliver()
    rows = Message.objects.filter(household__number=number).order_by("id")
    return [(title_of(row.template), text_of(row.template, row.facts)) for row in rows]


def told_to(login: str) -> list[str]:
    deliver()
    rows = Message.objects.filter(user__login=login).order_by("id")
    return [text_of(row.template, row.facts) or row.template for row in rows]


def own_deed(cast: Cast, *numbers: str, by: Actor | None = None, source: Source = Source.SELF) -> Deed:
    (deed,) = bring(by or cast.villager, a_deed(cast.village, *numbers or ("018",)), source=source)
    return deed


def test_each_piece_of_news_has_words(cast: Cast) -> None:
    """Each fact that a text names is given by its teller: seen in what follows; no text is left without its title."""
    codes = [template.code for template in known_templates()]
    assert len(codes) == len(set(codes))
    assert {"deed-returned", "notice-hung", "points-posted", "card-stopped", "member-joined"} <= set(codes)


def test_a_deed_that_is_sent_back_or_turned_down(cast: Cast) -> None:
    deed = own_deed(cast)
    return_deed(actor=cast.grid_leader, deed_id=deed.pk, reason="照片看不清，田禾生再拍一张")
    assert told("018") == [
        ("有一件退回来了", "10月12日的“参加公共劳动”退回来了，还要补充。缺什么，里面写着。")
    ]
    message = Message.objects.get()
    assert message.facts == {"deed": str(deed.public_id), "title": "参加公共劳动", "day": "2026-10-12"}
    other = own_deed(cast)
    reject_deed(actor=cast.grid_leader, deed_id=other.pk, reason="没有这回事")
    assert [title for title, _text in told("018")] == ["有一件退回来了", "有一件没通过"]


def test_whoever_brought_it_is_told(cast: Cast) -> None:
    by_leader = own_deed(cast, "018", "004", by=cast.grid_leader, source=Source.LEADER)
    reject_deed(actor=cast.secretary, deed_id=by_leader.pk, reason="重复了")
    assert told("018") == told("004") == []
    assert told_to("桑叶青") == ["10月12日的“参加公共劳动”没有通过。为什么，里面写着。"]
    by_neighbour = own_deed(cast, "018", by=cast.neighbour, source=Source.NEIGHBOUR)
    return_deed(actor=cast.grid_leader, deed_id=by_neighbour.pk, reason="写清楚是哪天")
    assert told("018") == []
    assert [title for title, _text in told("004")] == ["有一件退回来了"]


def test_what_the_committee_turns_down(cast: Cast) -> None:
    deed = own_deed(cast)
    (share,) = deed.shares.all()
    Deed.objects.filter(pk=deed.pk).update(state=DeedState.VERIFIED)
    meeting = a_meeting(cast.village)
    ruling = Ruling(share.pk, Verdict.REJECT, reason="没到场", votes_against=5)
    decide_deeds(actor=actor(COMMITTEE[0]), meeting_id=meeting.pk, rulings=[ruling])
    assert [title for title, _text in told("018")] == ["有一件没通过"]


def test_a_notice_tells_each_household_its_own_total(cast: Cast) -> None:
    notice = october(cast.village)
    assert told("018") == [("您家的分张榜了", "10月您家+23分，正在公示。不对的话，11月6日前可以提异议。")]
    assert told("004") == [
        ("您家的分张榜了", "10月您家+5分，里面有扣分，正在公示。不对的话，11月6日前可以提异议。")
    ]
    assert (
        Message.objects.filter(template__startswith="notice-hung").count() == 5
    )  # nothing to say to the others
    facts = Message.objects.get(household__number="018").facts
    assert (facts["notice"], facts["position"]) == (
        str(notice.public_id),
        total_of(notice, "018").sheet.position,
    )


def test_only_a_deduction_costs_an_sms(cast: Cast) -> None:
    with running(aliyun()) as vendor:
        sms_by(vendor)
        october(cast.village)
        deliver_waiting()
    assert list(Delivery.objects.values_list("recipient", flat=True)) == [
        f"household:{household(cast.village, '004').pk}"
    ]


def test_a_correction_tells_whose_line_changed(cast: Cast) -> None:
    notice = october(cast.village)
    objection = lodge(cast, line_of(notice, 6))
    told("018")
    uphold_objection(
        actor=actor(SUPERVISOR), objection_id=objection.pk, answer="核对了，少算了", corrections={6: 1000}
    )
    assert told("018")[1:] == [
        ("您提的异议成立", "榜上改过了。怎么答复的，里面写着。"),
        ("榜上您家有一条改了", "第6条从+8分改成+10分。不对的话，11月6日前可以提异议。"),
    ]
    assert len(told("004")) == 1


def test_who_objects_hears_every_step_and_who_answers_hears_no_name(cast: Cast) -> None:
    notice = october(cast.village)
    objection = lodge(cast, line_of(notice, 2))
    assert told_to("柳成荫")[-1:] == ["联和村有1件异议，请在11月9日前答复。"]
    assert "018" not in str(Message.objects.get(template="objection-to-answer").facts)
    with clock.as_of(TOO_LATE):
        escalate_objections(actor=SYSTEM)
        (passed_on,) = [text for title, text in told("018") if title == "您提的异议转上去了"]
        assert passed_on.startswith("没有按时答复，转给监督小组了，")
        assert told_to(SUPERVISOR)[-1].startswith("联和村有1件异议")
        escalate_objections(actor=SYSTEM)
    with clock.as_of(date(2027, 2, 1)):
        escalate_objections(actor=SYSTEM)
        assert any("异议" in text for text in told_to(OFFICIAL))
        dismiss_objection(actor=actor(OFFICIAL), objection_id=objection.pk, answer="核对过，没有错")
        assert told("018")[-1] == ("您提的异议有答复了", "没有改。为什么，里面写着。")


def test_an_objection_to_all_is_told_when_it_is_looked_into(cast: Cast) -> None:
    notice = october(cast.village)
    objection = lodge(cast, notice)
    admit_objection(actor=actor(SUPERVISOR), objection_id=objection.pk)
    assert told("018")[-1] == ("您提的异议受理了", "整张榜先不入账，等查清楚了答复您。")


def test_points_in_the_account(cast: Cast) -> None:
    notice = october(cast.village)
    objection = lodge(cast, line_of(notice, 6))
    told("018")
    settled(cast.village)
    assert told("018")[-1] == ("积分入账了", "10月的+15分记进您家的账了。")
    assert told("004")[-1] == ("积分入账了", "10月的+5分记进您家的账了。")
    dismiss_objection(actor=actor(SUPERVISOR), objection_id=objection.pk, answer="核对过，没有错")
    settled(cast.village)
    assert told("018")[-1] == ("积分入账了", "10月的+8分记进您家的账了。")
    assert [title for title, _text in told("004")].count("积分入账了") == 1


def test_the_committee_is_called_and_called_off(cast: Cast) -> None:
    call = call_meeting(
        actor=cast.secretary, unit_id=cast.village.pk, period=PERIOD, day=date(2026, 11, 4), key="c"
    )
    for login in COMMITTEE:
        assert told_to(login)[-1] == "联和村评议小组11月4日开会，议10月的事。"
    assert told_to(SUPERVISOR) == []
    cancel_call(actor=cast.secretary, call_id=call.pk)
    assert told_to(COMMITTEE[0])[-1] == "联和村评议小组原定11月4日的会不开了。"


def test_supervisors_remarks_go_back_and_forth(cast: Cast) -> None:
    (share,) = verified(a_deed(cast.village, "018"))
    made = remark(actor=actor(SUPERVISOR), share_id=share.pk, text="请核对", holds=False, key="r")
    assert told_to("柳成荫") == ["联和村的监督员提了意见。"]
    answer_remark(actor=cast.secretary, remark_id=made.pk, answer="核对过")
    assert told_to(SUPERVISOR) == ["怎么答复的，里面写着。"]


def test_what_is_due_is_told_to_whose_turn_it_is(cast: Cast) -> None:
    bring(SYSTEM, a_deed(cast.village, "018"))
    with clock.as_of(date(2026, 11, 20)):
        remind_county()
        assert any(text.startswith("联和村：核实，") for text in told_to("桑叶青"))
        assert "桑叶青" not in COMMITTEE
        assert told_to(COMMITTEE[0]) == []


def test_a_month_costs_a_teller_the_same_for_many(cast: Cast) -> None:
    def delivered() -> int:
        with CaptureQueriesContext(connection) as queries:
            deliver_waiting()
        return len(queries)

    approve(a_meeting(cast.village), verified(a_deed(cast.village, "018")))
    issue_notice(actor=SYSTEM, unit_id=cast.village.pk, period=PERIOD)
    OutboxMessage.objects.exclude(topic="notice-issued").delete()
    one = delivered()
    numbers = list(
        Household.objects.filter(village=cast.village, left_on=None).values_list("number", flat=True)
    )
    period = PERIOD.next()
    deeds = [a_deed(cast.village, number, of=of) for number in numbers for of in (LABOUR, RUBBISH)]
    with clock.as_of(date(2026, 12, 2)):
        shares = verified(*deeds)
        meeting = a_meeting(cast.village, period=period)
        mine = set(decidable_by(actor(COMMITTEE[0]), cast.village))
        approve(meeting, [share for share in shares if share.pk in mine])
        issue_notice(actor=SYSTEM, unit_id=cast.village.pk, period=period)
        OutboxMessage.objects.filter(delivered_at=None).exclude(topic="notice-issued").delete()
        assert delivered() == one
    assert Message.objects.filter(template="notice-hung-minus").count() > 10
