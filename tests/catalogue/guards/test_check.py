"""Every guard does something: with all of them the planted case is found, without that one it passes."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.catalogue.guards.items import of_row
from tests.catalogue.language.forms import DATA
from xiangyue.catalogue.guards.check import ITEM_GUARDS, SCHEME_GUARDS, findings
from xiangyue.catalogue.guards.finding import Finding, ItemGuard, SchemeGuard, Weight
from xiangyue.catalogue.language.report import check_file
from xiangyue.catalogue.rules.balances import Base
from xiangyue.catalogue.rules.model import Item, Sharing, Validity
from xiangyue.catalogue.rules.redeeming import Benefit
from xiangyue.catalogue.rules.scheme import Scheme, Stage, Way
from xiangyue.catalogue.rules.standing import Grade, Grades, Threshold
from xiangyue.catalogue.rules.terms import Bar, Direction, Receiver
from xiangyue.catalogue.rules.times import ForGood, ToYearEnd
from xiangyue.catalogue.rules.worth import Reset, Veto

DEDUCTED = of_row("扣", "参与赌博")
VETOED = Item("1", "参与赌博", Direction.VETO, Veto(ToYearEnd()), basis=DEDUCTED.basis)
RESET = Item("1", "参与赌博", Direction.RESET, Reset(), basis=DEDUCTED.basis, term="1年")
BARRED = (Threshold(6000, frozenset({Bar.REDEMPTION})),)

# code of the guard: the item and the scheme in which it alone finds something
PLANTED: dict[str, tuple[Item, Scheme]] = {
    "statutory-benefits": (of_row("扣", "参与赌博", "取消低保"), Scheme()),
    "public-services": (of_row("扣", "参与赌博", "不给盖章"), Scheme()),
    "members-rights": (of_row("扣", "参与赌博", "取消年终分红"), Scheme()),
    "village-rights": (of_row("扣", "参与赌博", "取消选举权"), Scheme()),
    "minors": (of_row("扣", "孩子辍学"), Scheme()),
    "religion": (of_row("扣", "信教"), Scheme()),
    "ethnic-group": (of_row("扣", "不讲普通话"), Scheme()),
    "family-planning": (of_row("加", "生育三孩"), Scheme()),
    "illness": (of_row("扣", "家中有精神病人"), Scheme()),
    "poverty": (of_row("扣", "家庭困难"), Scheme()),
    "collective-punishment": (of_row("扣", "直系亲属犯罪"), Scheme()),
    "petitioning": (of_row("扣", "越级上访"), Scheme()),
    "complaints": (of_row("扣", "对公示结果提出异议"), Scheme()),
    "informers": (of_row("加", "监视邻居"), Scheme()),
    "fines": (of_row("扣", "参与赌博", "罚款50元"), Scheme()),
    "public-shaming": (of_row("扣", "参与赌博", "大喇叭点名通报"), Scheme()),
    "credit-information": (of_row("扣", "参与赌博", "纳入个人征信"), Scheme()),
    "installs": (of_row("扣", "未下载反诈APP"), Scheme()),
    "compulsory-giving": (of_row("扣", "不捐款"), Scheme()),
    "private-evidence": (of_row("加", "做好事", evidence="身份证复印件"), Scheme()),
    "kind-of-person-deducted": (replace(DEDUCTED, only_kinds=frozenset({"贫困户"})), Scheme()),
    "relatives-charged": (
        replace(DEDUCTED, sharing=Sharing(to=frozenset({Receiver.DOER, Receiver.PARENTS}))),
        Scheme(),
    ),
    "deduction-without-basis": (replace(DEDUCTED, basis=""), Scheme()),
    "deduction-without-term": (replace(DEDUCTED, term="", validity=Validity()), Scheme()),
    "deduction-without-repair": (replace(DEDUCTED, repair=""), Scheme()),
    "event-without-basis": (replace(VETOED, basis=""), Scheme()),
    "event-without-term": (replace(RESET, term=""), Scheme()),
    "threshold-without-way-back": (
        DEDUCTED,
        Scheme(thresholds=(Threshold(6000, frozenset({Bar.SCHEME})),)),
    ),
    "floor-below-zero": (DEDUCTED, Scheme(floor=None, thresholds=BARRED)),
    "exclusion-without-term": (DEDUCTED, Scheme(base=Base(10000, excluded_for=ForGood()))),
    "no-notice": (DEDUCTED, Scheme(way=Way(stages=(Stage.SELF, Stage.MEETING)))),
    "nobody-else-decides": (DEDUCTED, Scheme(way=Way(stages=(Stage.SELF, Stage.NOTICE)))),
    "benefit-behind-points": (DEDUCTED, Scheme(benefits=(Benefit("申请低保", 8000),))),
    "shaming-grade": (DEDUCTED, Scheme(grades=Grades((Grade("一星", 9000), Grade("落后户", None))))),
    "points-called-credit": (DEDUCTED, Scheme(account="征信分")),
    "other-consequences": (of_row("扣", "参与赌博", "以后没他的份"), Scheme()),
}


def without(code: str) -> list[Finding]:
    """Give what the planted case of a guard raises where that guard is taken out of the list."""
    item, scheme = PLANTED[code]

    def kept(guard: ItemGuard | SchemeGuard) -> bool:
        return guard is not GUARDS[code]

    return findings(
        [item],
        scheme,
        item_guards=[guard for guard in ITEM_GUARDS if kept(guard)],
        scheme_guards=[guard for guard in SCHEME_GUARDS if kept(guard)],
    )


def _guards() -> dict[str, Callable[..., object]]:
    """Give the guard that each planted case's code comes from, by asking each one alone."""
    found: dict[str, Callable[..., object]] = {}
    for code, (item, scheme) in PLANTED.items():
        for guard in ITEM_GUARDS:
            if any(each.code == code for each in guard(item, scheme)):
                found[code] = guard
        for scheme_guard in SCHEME_GUARDS:
            if any(each.code == code for each in scheme_guard(scheme, [item])):
                found[code] = scheme_guard
    return found


GUARDS = _guards()


def test_every_guard_has_its_planted_case() -> None:
    beside = {"photos-everywhere"}  # needs ten items; see test_schemes
    assert len(GUARDS) == len(PLANTED) == len(ITEM_GUARDS) + len(SCHEME_GUARDS) - len(beside)
    assert len({id(guard) for guard in GUARDS.values()}) == len(GUARDS)


LAST_NET = ("other-consequences", Weight.QUESTION)  # asks of whatever else is taken beside points


@pytest.mark.parametrize("code", PLANTED)
def test_a_planted_case_is_found_and_passes_without_its_guard(code: str) -> None:
    item, scheme = PLANTED[code]
    assert {each.code for each in findings([item], scheme)} == {code}
    assert {(each.code, each.weight) for each in without(code)} <= {LAST_NET}


def test_findings_come_in_the_order_of_the_items_and_then_the_scheme() -> None:
    items = [of_row("扣", "未下载反诈APP"), of_row("加", "做好事"), of_row("扣", "越级上访")]
    found = findings(items, Scheme(account="征信分"))
    assert [each.item for each in found] == [items[0], items[2], None]
    assert found[-1].code == "points-called-credit"


def test_what_is_in_order_raises_nothing() -> None:
    assert findings([of_row("扣", "参与赌博"), of_row("加", "做好事"), VETOED, RESET], Scheme()) == []


GROUNDS = ["deduction-without-basis", "deduction-without-term", "deduction-without-repair"]
OF_EVENTS = ["event-without-basis", "event-without-term"]


@pytest.mark.parametrize(
    ("name", "beside_grounds"),
    [
        ("luoyu", []),
        ("wendeng-community", [("credit-information", "53", "信用信息")]),
        ("wendeng-person-selected", []),
        ("poverty-mart", []),
        ("longtian", []),
    ],
)
def test_published_catalogues_lack_grounds_and_little_else(
    name: str, beside_grounds: list[tuple[str, str | None, str]]
) -> None:
    path = DATA / f"{name}.csv"
    report = check_file(path.read_bytes(), path.name)
    found = findings(report.items, Scheme())
    told = [each for each in found if each.code not in (*GROUNDS, *OF_EVENTS)]
    assert [
        (each.code, each.item.number if each.item else None, each.words) for each in told
    ] == beside_grounds
    assert {each.weight for each in told} <= {Weight.QUESTION}
    deductions = sum(item.direction is Direction.DEDUCTION for item in report.items)
    assert [sum(each.code == code for each in found) for code in GROUNDS] == [deductions] * 3
