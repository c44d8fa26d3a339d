"""Every way in which complaints and contact lines are refused: one row each. None of them leaves a trace."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps

from tests.cast import TODAY
from tests.requests.cast import Offices
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Unit
from xiangyue.people.refusals import NotAllowed, UnknownUnit
from xiangyue.people.tree_refusals import UnitEnded
from xiangyue.records.models import LoggedAct
from xiangyue.requests import refusals
from xiangyue.requests.models import ComplaintWay, ContactKind
from xiangyue.requests.operations import (
    LONGEST_TEXT,
    answer_complaint,
    pass_on,
    pass_on_overdue,
    remove_contact,
    set_contact,
)
from xiangyue.requests.refusals import (
    AnswerEmpty,
    BadContactLabel,
    BadContactPhone,
    ComplaintAnswered,
    ComplaintEmpty,
    ComplaintTooLong,
    NoContact,
    NoLevelAbove,
    NotOwnComplaint,
    PassingReasonEmpty,
    TooManyComplaints,
    UnknownComplaint,
)

Attempt = Callable[[Offices], object]


def ended(offices: Offices) -> Unit:
    unit = Unit.objects.exclude(pk=offices.village.pk).filter(level="village").first()
    assert unit
    Unit.objects.filter(pk=unit.pk).update(until=TODAY.replace(month=1), since=TODAY.replace(month=1))
    return unit


def contact(offices: Offices, **facts: Any) -> object:
    given: dict[str, Any] = {"label": "村委会", "phone": "12345", "actor": offices.cast.administrator} | facts
    return set_contact(unit_id=offices.village.pk, kind=ContactKind.VILLAGE, **given)


def answer(offices: Offices, text: str = "好", **facts: Any) -> object:
    given: dict[str, Any] = {
        "actor": offices.cast.town_official,
        "complaint_id": offices.complain().pk,
    } | facts
    return answer_complaint(answer=text, **given)


TABLE: list[tuple[type[Refusal], Attempt, str]] = [
    (ComplaintEmpty, lambda offices: offices.complain(text=" \n"), "请说说是什么事。"),
    (
        ComplaintTooLong,
        lambda offices: offices.complain(text="长" * (LONGEST_TEXT + 1)),
        "写得太长了，最多2000个字。请说最要紧的。",
    ),
    (
        NotOwnComplaint,
        lambda offices: offices.complain(
            actor=offices.cast.neighbour, household_id=offices.cast.household("018").pk
        ),
        "只能以自家的名义投诉。不想留名，就不写户号。",
    ),
    (
        NotOwnComplaint,
        lambda offices: offices.complain(household_id=offices.cast.household("018").pk),
        "只能以自家的名义投诉。不想留名，就不写户号。",
    ),
    (
        NotAllowed,
        lambda offices: offices.complain(actor=offices.cast.secretary, way=ComplaintWay.PAPER),
        "您没有在苍城镇答复投诉的职权。",
    ),
    (
        NotAllowed,
        lambda offices: offices.complain(way=ComplaintWay.PHONE),
        "您没有在苍城镇答复投诉的职权。",
    ),
    (UnknownUnit, lambda offices: offices.complain(Unit(pk=0)), "这个辖区里没有代码是“0”的单位。"),
    (AnswerEmpty, lambda offices: answer(offices, " "), "请写明怎么处理的。"),
    (
        ComplaintTooLong,
        lambda offices: answer(offices, "长" * (LONGEST_TEXT + 1)),
        "写得太长了，最多2000个字。请说最要紧的。",
    ),
    (
        UnknownComplaint,
        lambda offices: answer_complaint(actor=offices.cast.town_official, complaint_id=0, answer="好"),
        "没有要您答复的第0件投诉。",
    ),
    (
        NotAllowed,
        lambda offices: pass_on_overdue(actor=offices.cast.secretary),
        "您没有在苍城镇答复投诉的职权。",
    ),
    (
        BadContactPhone,
        lambda offices: contact(offices, phone="12"),
        "“12”不是电话号码。请写3到12位数字，例如 12345。",
    ),
    (
        BadContactPhone,
        lambda offices: contact(offices, phone="1-2"),
        "“1-2”不是电话号码。请写3到12位数字，例如 12345。",
    ),
    (
        BadContactPhone,
        lambda offices: contact(offices, phone="1234567890123"),
        "“1234567890123”不是电话号码。请写3到12位数字，例如 12345。",
    ),
    (
        BadContactPhone,
        lambda offices: contact(offices, phone="打这个"),
        "“打这个”不是电话号码。请写3到12位数字，例如 12345。",
    ),
    (
        BadContactLabel,
        lambda offices: contact(offices, label=" "),
        "请写这个电话叫什么，最多40个字，例如“村委会办公室”。",
    ),
    (
        BadContactLabel,
        lambda offices: contact(offices, label="长" * 41),
        "请写这个电话叫什么，最多40个字，例如“村委会办公室”。",
    ),
    (
        NotAllowed,
        lambda offices: contact(offices, actor=offices.cast.secretary),
        "您没有在联和村管理户册和任职的职权。",
    ),
    (
        NoContact,
        lambda offices: remove_contact(
            actor=offices.cast.administrator, unit_id=offices.village.pk, kind=ContactKind.HOTLINE
        ),
        "联和村没有登记“热线”。",
    ),
]


@pytest.mark.parametrize(("refusal", "attempt", "sentence"), TABLE)
def test_requests_are_refused(
    offices: Offices, refusal: type[Refusal], attempt: Attempt, sentence: str
) -> None:
    offices.complain(offices.grid)
    with pytest.raises(refusal) as caught:
        attempt(offices)
    assert str(caught.value) == sentence


def test_a_refusal_leaves_nothing(offices: Offices) -> None:
    before = everything()
    attempts: list[Attempt] = [
        lambda offices: offices.complain(text=""),
        lambda offices: contact(offices, phone="x"),
        lambda offices: offices.complain(
            actor=offices.cast.neighbour, household_id=offices.cast.household("018").pk
        ),
    ]
    for attempt in attempts:
        with pytest.raises(Refusal):
            attempt(offices)
    assert everything() == before


def test_an_ended_unit_is_complained_about_no_more(offices: Offices) -> None:
    with pytest.raises(UnitEnded):
        offices.complain(ended(offices))


def test_what_the_top_has_goes_nowhere(offices: Offices) -> None:
    complaint = offices.complain()
    with pytest.raises(NoLevelAbove) as caught:
        pass_on(actor=offices.cast.town_official, complaint_id=complaint.pk, reason="太难")
    assert str(caught.value) == "苍城镇上面没有可以转的了，请在这里答复。"
    with pytest.raises(PassingReasonEmpty):
        pass_on(actor=offices.cast.town_official, complaint_id=complaint.pk, reason=" ")
    with pytest.raises(UnknownComplaint):
        pass_on(actor=offices.cast.secretary, complaint_id=complaint.pk, reason="不是我的事")


def everything() -> tuple[object, ...]:
    counts = [model._default_manager.count() for model in apps.get_app_config("requests").get_models()]
    return counts, LoggedAct.objects.count()


def test_the_tables_have_every_refusal() -> None:
    known = {each for each in vars(refusals).values() if isinstance(each, type) and issubclass(each, Refusal)}
    tabled = {refusal for refusal, _attempt, _sentence in TABLE}
    tabled |= {NoLevelAbove, PassingReasonEmpty}  # above
    tabled |= {ComplaintAnswered, TooManyComplaints}  # in test_answering.py and test_lodging.py
    assert known - {Refusal} <= tabled
