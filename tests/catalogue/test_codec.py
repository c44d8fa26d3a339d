"""Rules as JSON: everything survives, nothing else is taken."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from cattrs.errors import ClassValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalogue.language import strategies
from tests.catalogue.rules.items import award
from xiangyue.catalogue.codec import item_from_json, item_to_json, scheme_from_json, scheme_to_json
from xiangyue.catalogue.rules.balances import Base, Clearing, GiftRatio
from xiangyue.catalogue.rules.local import LocalBounds
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.scheme import Scheme, Stage, Way
from xiangyue.catalogue.rules.terms import BadRule, Direction, Trait
from xiangyue.catalogue.rules.times import Lasting
from xiangyue.catalogue.rules.worth import Fixed, Worth

SCHEME = Scheme(
    account="山药豆",
    base=Base(100_000, excluded_for=Lasting(years=1)),
    floor=None,
    clearing=Clearing(days=((1, 10), (12, 31)), to_base=True, carried=20),
    gift_ratios=(("低收入户", GiftRatio(1, 5)), ("", GiftRatio(1, 1))),
    excluded=frozenset({Trait.MOVED, Trait.DECEASED}),
    local=LocalBounds(awards=5, deductions=5, most=200, purposes=frozenset({"村庄建设", "家风"})),
    way=Way((Stage.SELF, Stage.ASSEMBLY, Stage.NOTICE), notice_days=7),
)


def through_json(data: object) -> dict[str, object]:
    kept: dict[str, object] = json.loads(json.dumps(data))
    return kept


@settings(max_examples=400, deadline=None)
@given(strategies.worths, st.sampled_from(Direction))
def test_every_item_survives(worth: Worth, direction: Direction) -> None:
    try:
        item = Item("1", "做了一件事", direction, worth)
    except BadRule:
        return
    kept = through_json(item_to_json(item))
    assert item_from_json(kept) == item
    assert through_json(item_to_json(item_from_json(kept))) == kept


def test_a_scheme_survives() -> None:
    kept = through_json(scheme_to_json(SCHEME))
    assert scheme_from_json(kept) == SCHEME
    assert scheme_from_json({}) == Scheme()


def test_what_is_usual_is_left_out() -> None:
    item = Item("1", "扫雪", Direction.AWARD, Fixed(500))
    assert item_to_json(item) == {
        "number": "1",
        "title": "扫雪",
        "direction": "award",
        "worth": {"form": "Fixed", "points": 500},
    }


def test_sets_are_written_in_one_order() -> None:
    kinds = [f"第{n}类" for n in range(20)]
    one = replace(award(Fixed(1)), only_kinds=frozenset(kinds))
    assert item_to_json(one)["only_kinds"] == sorted(kinds)


def behind(problem: BaseException) -> Iterator[BaseException]:
    """Give a problem, and all that it wraps."""
    yield problem
    for inner in problem.exceptions if isinstance(problem, BaseExceptionGroup) else ():
        yield from behind(inner)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"worth": {"form": "Fixed", "points": 0}}, BadRule),
        ({"worth": {"form": "Nothing"}}, KeyError),
        ({"colour": "red"}, ClassValidationError),
        ({"direction": "sideways"}, ValueError),
    ],
)
def test_what_is_no_rule_is_not_read(wrong: dict[str, object], error: type[Exception]) -> None:
    good = item_to_json(Item("1", "扫雪", Direction.AWARD, Fixed(500)))
    with pytest.raises(Exception) as caught:  # noqa: PT011 - cattrs wraps what the classes raise
        item_from_json({**good, **wrong})
    assert error in {type(each) for each in behind(caught.value)}
