"""What the rules themselves say, whatever their words: who pays, and how a scheme bars, notices and names."""

from dataclasses import replace
from typing import Any

import pytest

from tests.catalogue.guards.items import of_row
from xiangyue.catalogue.guards import schemes
from xiangyue.catalogue.guards.check import SCHEME_GUARDS, findings
from xiangyue.catalogue.guards.finding import Weight
from xiangyue.catalogue.language import columns
from xiangyue.catalogue.rules.balances import Base
from xiangyue.catalogue.rules.model import Evidence, Item, Multiplier, Sharing
from xiangyue.catalogue.rules.redeeming import Benefit
from xiangyue.catalogue.rules.scheme import Scheme, Stage, Way
from xiangyue.catalogue.rules.standing import Grade, Grades, Threshold
from xiangyue.catalogue.rules.terms import Bar, Circumstance, Direction, Proof, Receiver, Side
from xiangyue.catalogue.rules.times import Lasting, UntilCorrected
from xiangyue.catalogue.rules.worth import Both, ByKind, CaseByCase, Fixed

DEDUCTED = of_row("扣", "参与赌博")
AWARDED = of_row("加", "做好事")


def codes(*items: Item, **scheme: Any) -> list[tuple[str, Weight, str]]:
    return [(each.code, each.weight, each.words) for each in findings(items, Scheme(**scheme))]


# ---- kinds of people
@pytest.mark.parametrize(
    "kind", ["贫困户", "低保户", "未成年人", "在校学生", "残疾人", "回族", "信教群众", "老年人"]
)
def test_nobody_is_deducted_for_what_they_are(kind: str) -> None:
    only = replace(DEDUCTED, only_kinds=frozenset({kind}))
    assert codes(only) == [("kind-of-person-deducted", Weight.REFUSED, kind)]
    twice = replace(DEDUCTED, multipliers=(Multiplier(Circumstance.KIND, 200, kind=kind),))
    assert codes(twice) == [("kind-of-person-deducted", Weight.REFUSED, kind)]


def test_awards_for_a_kind_and_smaller_deductions_are_lawful() -> None:
    assert codes(replace(AWARDED, only_kinds=frozenset({"贫困户"}))) == []
    assert codes(replace(DEDUCTED, multipliers=(Multiplier(Circumstance.KIND, 50, kind="贫困户"),))) == []
    only_awards = Multiplier(Circumstance.KIND, 200, Side.AWARD, "贫困户")
    assert codes(replace(DEDUCTED, multipliers=(only_awards,))) == []
    assert codes(replace(DEDUCTED, only_kinds=frozenset({"村干部", "商户"}))) == []


@pytest.mark.parametrize(
    ("poor", "others", "refused"), [(500, 1000, False), (500, 500, False), (1000, 500, True)]
)
def test_a_table_by_kind_may_take_less_from_the_poor_and_not_more(
    poor: int, others: int, refused: bool
) -> None:
    table = ByKind((("贫困户", Fixed(poor)), ("一般农户", Fixed(others))))
    expected = [("kind-of-person-deducted", Weight.REFUSED, "贫困户")] if refused else []
    assert codes(replace(DEDUCTED, worth=table)) == expected
    both = replace(DEDUCTED, direction=Direction.BOTH, worth=Both(Fixed(100), table))
    assert codes(both) == expected


def test_a_table_without_bound_or_without_others_takes_more() -> None:
    for table in (ByKind((("贫困户", CaseByCase()),), Fixed(500)), ByKind((("贫困户", Fixed(500)),))):
        assert codes(replace(DEDUCTED, worth=table)) == [
            ("kind-of-person-deducted", Weight.REFUSED, "贫困户")
        ]


# ---- relatives
@pytest.mark.parametrize(
    ("receiver", "words"),
    [
        (Receiver.PARENTS, "父母"),
        (Receiver.SPOUSE, "配偶"),
        (Receiver.CHILDREN, "子女"),
        (Receiver.MEMBERS, "全家每个人"),
    ],
)
def test_relatives_do_not_pay_but_may_be_rewarded(receiver: Receiver, words: str) -> None:
    shared = Sharing(to=frozenset({receiver}))
    assert codes(replace(DEDUCTED, sharing=shared)) == [("relatives-charged", Weight.REFUSED, words)]
    assert codes(replace(AWARDED, sharing=shared)) == []


def test_the_head_answers_for_the_household_with_a_basis() -> None:
    charged = replace(DEDUCTED, title="涉家庭失信", sharing=Sharing(to=frozenset({Receiver.HEAD})))
    assert codes(charged) == []
    without = replace(charged, basis="")
    assert codes(without) == [("deduction-without-basis", Weight.MISSING, "")]


# ---- bars
def test_a_bar_that_can_be_earned_back_is_lawful() -> None:
    bars = frozenset({Bar.REDEMPTION, Bar.HONOURS, Bar.RANKING})
    assert codes(DEDUCTED, thresholds=(Threshold(6000, bars),)) == []


def test_out_of_the_scheme_nothing_is_earned_back() -> None:
    bars = frozenset({Bar.REDEMPTION, Bar.SCHEME})
    assert codes(thresholds=(Threshold(6000, bars),)) == [
        ("threshold-without-way-back", Weight.REFUSED, "60")
    ]


@pytest.mark.parametrize(("floor", "found"), [(None, True), (-100, True), (0, False), (6000, False)])
def test_debts_and_bars_do_not_go_together(floor: int | None, found: bool) -> None:
    bars = (Threshold(6000, frozenset({Bar.REDEMPTION})),)
    assert bool(codes(floor=floor, thresholds=bars)) is found
    assert codes(floor=floor) == []


def test_who_used_up_the_base_comes_back() -> None:
    assert codes(base=Base(10000)) == []
    assert codes(base=Base(10000, excluded_for=Lasting(months=3))) == []
    endless = Base(10000, excluded_for=UntilCorrected())
    assert codes(base=endless) == [("exclusion-without-term", Weight.MISSING, "")]


# ---- the way
def test_deductions_need_a_notice_and_awards_alone_do_not() -> None:
    unnoticed = Way(stages=(Stage.PEERS, Stage.MEETING))
    assert codes(DEDUCTED, way=unnoticed) == [("no-notice", Weight.REFUSED, "")]
    assert codes(AWARDED, way=unnoticed) == []


@pytest.mark.parametrize("stage", [Stage.MEETING, Stage.COMMITTEES, Stage.GRID_LEADER, Stage.PEERS])
def test_somebody_else_decides(stage: Stage) -> None:
    assert codes(way=Way(stages=(Stage.SELF, stage, Stage.NOTICE))) == []
    alone = Way(stages=(Stage.SELF, Stage.ADMINISTRATOR, Stage.NOTICE))
    assert codes(way=alone) == [("nobody-else-decides", Weight.REFUSED, "")]


# ---- names
@pytest.mark.parametrize(
    "name",
    ["享受低保", "申请宅基地", "开证明", "参加选举", "惠农补贴", "孩子入学", "用 水 用 电", "年终分红"],
)
def test_what_the_law_gives_does_not_wait_for_points(name: str) -> None:
    assert codes(benefits=(Benefit(name, 8000),)) == [("benefit-behind-points", Weight.REFUSED, name)]


@pytest.mark.parametrize("name", ["贷款参考", "免费耕地", "取暖补300元", "代缴医保", "水费减免", "金卡九折"])
def test_what_is_given_on_top_may_wait_for_points(name: str) -> None:
    assert codes(benefits=(Benefit(name, 8000),)) == []


def test_names_of_grades_shame_nobody() -> None:
    rows = (Grade("五星", 9000), Grade("黑榜户", None))
    assert codes(grades=Grades(rows)) == [("shaming-grade", Weight.QUESTION, "黑榜户")]
    assert codes(cards=Grades((Grade("金卡", 9000), Grade("普通卡", None)))) == []


@pytest.mark.parametrize(
    ("name", "weight"),
    [("征信分", Weight.REFUSED), ("信用分", Weight.QUESTION), ("山药豆", None), ("分", None)],
)
def test_points_are_not_called_credit(name: str, weight: Weight | None) -> None:
    expected = [("points-called-credit", weight, name)] if weight else []
    assert codes(account=name) == expected


# ---- photos
def test_photos_for_everything_are_asked_about() -> None:
    wanting = [replace(AWARDED, evidence=Evidence(frozenset({Proof.PHOTO})))] * 9
    assert [each.field for each in findings([*wanting, AWARDED], Scheme())] == [columns.EVIDENCE]
    others = [guard for guard in SCHEME_GUARDS if guard is not schemes.photos]
    assert findings([*wanting, AWARDED], Scheme(), scheme_guards=others) == []
    assert codes(*wanting) == []
    assert codes(*wanting, AWARDED, AWARDED) == []
    written = [replace(AWARDED, evidence=Evidence(text="照片或管理员确认"))] * 20
    assert codes(*written) == []
