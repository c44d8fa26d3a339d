"""Items whose grounds are in order, so that a test's own words alone are found."""

from typing import Any

from xiangyue.catalogue.rules.model import Evidence, Item, Validity, ValidityRow
from xiangyue.catalogue.rules.terms import Direction
from xiangyue.catalogue.rules.times import Lasting
from xiangyue.catalogue.rules.worth import Fixed

COMPACT = "村规民约（2026年3月5日村民会议通过）"
DIRECTIONS = {"加": Direction.AWARD, "扣": Direction.DEDUCTION}


def of_row(side: str, title: str, remarks: str = "", **more: Any) -> Item:
    """Give an item as a row says it, with basis, term and repair."""
    facts: dict[str, Any] = {
        "basis": COMPACT,
        "term": "1年",
        "repair": "改正后可申请",
        "validity": Validity((ValidityRow(Lasting(years=1)),)),
        "worth": Fixed(500),
        "evidence": "",
    } | more
    worth, evidence = facts.pop("worth"), Evidence(text=facts.pop("evidence"))
    return Item("1", title, DIRECTIONS[side], worth, remarks=remarks, evidence=evidence, **facts)
