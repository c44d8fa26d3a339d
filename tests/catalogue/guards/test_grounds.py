"""Basis, term and repair: what counts as one, and what only looks like it."""

from dataclasses import replace

import pytest

from tests.catalogue.guards.items import COMPACT, of_row
from xiangyue.catalogue.guards.check import findings
from xiangyue.catalogue.guards.finding import Weight
from xiangyue.catalogue.guards.grounds import is_basis
from xiangyue.catalogue.language import columns
from xiangyue.catalogue.rules.model import Item, Validity, ValidityRow
from xiangyue.catalogue.rules.scheme import Scheme
from xiangyue.catalogue.rules.terms import Direction
from xiangyue.catalogue.rules.times import ForGood, Lasting, Term, ToYearEnd, UntilCorrected
from xiangyue.catalogue.rules.worth import Both, Downgrade, Fixed, FromFull, Reset, Veto, Worth

DEDUCTED = of_row("扣", "参与赌博")


def codes(item: Item) -> list[str]:
    found = findings([item], Scheme())
    assert {each.weight for each in found} <= {Weight.MISSING}
    return [each.code for each in found]


def event(direction: Direction, worth: Worth, **more: str) -> Item:
    facts = {"basis": COMPACT, "term": "1年"} | more
    return Item("1", "参与赌博", direction, worth, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        COMPACT,
        "村规民约(2026-03-05村民代表会议通过)第12条",
        "《田庄村村规民约》（2025年12月1日村民会议通过）第三条",
        "居民公约，2026.3.5通过",
        "村规民约（二〇二六年三月五日村民会议通过）",
        "《田庄村积分管理办法》（2026年3月5日村民代表会议通过）",
        "《中华人民共和国治安管理处罚法》第七十条",
        "治安管理处罚法第70条",
        "村民委员会组织法",
        "《中华人民共和国村民委员会组织法》",
        "《村庄和集镇规划建设管理条例》",
        "土地管理法、村规民约",
        "《殡葬管理条例》",
        "森林防火条例第25条",
        "国办发〔2020〕49号",
        "《农村人居环境整治办法》",
    ],
)
def test_a_law_or_a_dated_compact_is_a_basis(text: str) -> None:
    assert is_basis(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "村规民约",
        "村规民约第12条",
        "村规民约（2026年13月5日通过）",
        "村规民约（2026年2月30日村民会议通过）",
        "示例:村规民约(示例条款)",
        "示例：村规民约（2026年3月5日村民会议通过）",
        "《田庄村积分管理办法》",
        "《社区居民公约》",
        "领导要求",
        "村里的老办法",
        "村里一直这样做",
        "两委会研究决定",
        "这样做合法",
        "上级文件精神",
        "2026年3月5日",
        "村委会说法",
    ],
)
def test_what_only_sounds_like_a_basis_is_none(text: str) -> None:
    assert not is_basis(text)
    assert codes(replace(DEDUCTED, basis=text)) == ["deduction-without-basis"]


@pytest.mark.parametrize("text", ["长期", "永久", "终身有效", "永 远"])
def test_a_term_that_never_ends_is_missing(text: str) -> None:
    assert codes(replace(DEDUCTED, term=text)) == ["deduction-without-term"]


@pytest.mark.parametrize("lasts", [Lasting(years=1), ToYearEnd(), ToYearEnd(1, True), UntilCorrected()])
def test_a_term_that_ends_will_do_with_or_without_words(lasts: Term) -> None:
    validity = Validity((ValidityRow(lasts),))
    assert codes(replace(DEDUCTED, term="", validity=validity)) == []


def test_one_row_for_good_is_enough_to_miss_the_end() -> None:
    validity = Validity((ValidityRow(Lasting(years=1), up_to=4000), ValidityRow(ForGood())))
    assert codes(replace(DEDUCTED, validity=validity)) == ["deduction-without-term"]


@pytest.mark.parametrize("text", ["", "无", "不予修复", "不可恢复", "待定", "没有"])
def test_no_repair_is_missing(text: str) -> None:
    assert codes(replace(DEDUCTED, repair=text)) == ["deduction-without-repair"]


def test_a_repair_may_say_what_it_is_not_given_for() -> None:
    assert codes(replace(DEDUCTED, repair="改正后可申请，再犯的不予修复")) == []


def test_an_item_with_two_sides_needs_grounds_for_its_deduction() -> None:
    both = replace(
        DEDUCTED, direction=Direction.BOTH, worth=Both(Fixed(300), Fixed(200)), basis="", repair=""
    )
    assert codes(both) == ["deduction-without-basis", "deduction-without-repair"]


@pytest.mark.parametrize("worth", [Fixed(500), FromFull(1000, Fixed(50))])
def test_awards_and_full_marks_need_no_grounds(worth: Worth) -> None:
    direction = Direction.AWARD if worth == Fixed(500) else Direction.BASE
    assert codes(Item("1", "门前整洁", direction, worth)) == []


@pytest.mark.parametrize(
    ("direction", "worth"),
    [
        (Direction.VETO, Veto(UntilCorrected())),
        (Direction.VETO, Veto(ToYearEnd(unless_corrected=True))),
    ],
)
def test_a_veto_that_does_not_end_by_itself_is_missing_its_term(direction: Direction, worth: Worth) -> None:
    assert codes(event(direction, worth)) == ["event-without-term"]


@pytest.mark.parametrize(
    ("direction", "worth"),
    [
        (Direction.VETO, Veto(ToYearEnd(1))),
        (Direction.DOWNGRADE, Downgrade("B", term=Lasting(years=1))),
        (Direction.DOWNGRADE, Downgrade(steps=1, term=UntilCorrected())),
        (Direction.RESET, Reset()),
    ],
)
def test_events_with_basis_and_term_are_in_order(direction: Direction, worth: Worth) -> None:
    assert codes(event(direction, worth)) == []
    assert codes(event(direction, worth, basis="村规民约")) == ["event-without-basis"]
    assert codes(event(direction, worth, term="永久")) == ["event-without-term"]


def test_a_finding_names_the_column_and_what_stood_there() -> None:
    (finding,) = findings([replace(DEDUCTED, basis="领导\n要求")], Scheme())
    assert (finding.field, finding.words) == (columns.BASIS, "领导 要求")
    assert "领导 要求" in finding.reason
    assert "2026年3月5日" in finding.instead
