"""What may be declared today, and what stands against the rest."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.catalogue.cast import in_force
from tests.phone.declaring import done_before, family, indicator, put_in_force
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.records.models import LoggedAct
from xiangyue.scoring.models import Deed
from xiangyue.scoring.operations.offering import Offer, is_declarable, offers_to

OPEN = ("清理河道", "投工修路", "评上文明家庭", "新修道路", "捐物", "种树", "监督台")


@pytest.fixture
def rules(cast: Cast) -> Cast:
    put_in_force(cast)
    return cast


def offers(cast: Cast, *titles: str, by: Actor | None = None) -> dict[str, Offer]:
    found = offers_to(
        actor=by or cast.villager,
        household=cast.household("018"),
        indicators=[indicator(cast, title) for title in titles],
    )
    return {offer.indicator.title: offer for offer in found}


def test_what_nothing_stands_against_is_open(rules: Cast) -> None:
    assert all(offer.is_open for offer in offers(rules, *OPEN).values())


def test_what_stands_against_the_rest_is_named(rules: Cast) -> None:
    found = offers(rules, "巡河防溺水", "孝老爱亲", "党员带头")
    codes = {title: offer.refusal.code for title, offer in found.items() if offer.refusal}
    assert codes == {
        "巡河防溺水": "item-not-applicable-then",
        "孝老爱亲": "not-the-named-bringer",
        "党员带头": "kind-not-meant",
    }


def test_each_is_tried_by_itself(rules: Cast) -> None:
    """What a household may earn in all is not used up by the indicators that stand higher in the list."""
    rows = [
        {
            "板块": "一",
            "编号": str(place),
            "指标": f"第{place}件",
            "分值": "5",
            "上限": "每月5分",
            "对象": "户",
        }
        for place in range(1, 4)
    ]
    in_force(SYSTEM, rules.village, date(2026, 3, 1), *rows)
    titles = [row["指标"] for row in rows]
    assert all(offer.is_open for offer in offers(rules, *titles).values())
    done_before(rules, "第2件", date(2026, 11, 1))
    assert [offer.full for offer in offers(rules, *titles).values()] == ["", "本月这一项已记5分，满了", ""]


def test_a_limit_of_amounts_and_of_a_household(rules: Cast) -> None:
    done_before(rules, "投工修路", date(2026, 11, 1), amount=600)
    (offer,) = offers(rules, "投工修路").values()
    assert offer.full == "最多算10小时，已经满了"


def test_somebody_of_the_household_for_whom_it_would_count_is_enough(rules: Cast) -> None:
    for _time in range(2):
        done_before(rules, "清理河道", date(2026, 11, 1))
    assert not offers(rules, "清理河道")["清理河道"].is_open
    family(rules, "田豆苗")
    assert offers(rules, "清理河道")["清理河道"].is_open


def test_whoever_holds_the_named_office_may_declare_it_on_behalf(rules: Cast) -> None:
    row = {"板块": "一", "编号": "1", "指标": "开会", "分值": "5", "申报人": "网格员", "对象": "户"}
    in_force(SYSTEM, rules.village, date(2026, 3, 1), row)
    assert not offers(rules, "开会")["开会"].is_open
    assert offers(rules, "开会", by=rules.grid_leader)["开会"].is_open


def test_nothing_is_written_and_the_cost_does_not_grow(rules: Cast) -> None:
    logged = LoggedAct.objects.count()
    counts = []
    home = rules.household("018")
    chosen = [[indicator(rules, title) for title in titles] for titles in (("清理河道",), OPEN)]
    for indicators in chosen:
        offers_to(actor=rules.villager, household=home, indicators=indicators)
        with CaptureQueriesContext(connection) as caught:
            offers_to(actor=rules.villager, household=home, indicators=indicators)
        counts.append(len(caught))
        assert all(query["sql"].lstrip().startswith("SELECT") for query in caught)
    assert counts[0] == counts[1] <= 20
    assert not Deed.objects.exists()
    assert LoggedAct.objects.count() == logged


@pytest.mark.parametrize(
    ("title", "declarable"), [("清理河道", True), ("监督台", True), ("捐物", True), ("乱堆垃圾", False)]
)
def test_deductions_are_nothing_to_declare(rules: Cast, title: str, declarable: bool) -> None:
    assert is_declarable(indicator(rules, title).item) is declarable
