"""Other points for the frame's items: what a change may say, and how far it may go."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.catalogue.rules.items import DONATION, SERVICE, award, deduction, times
from xiangyue.catalogue.codec import item_from_json, item_to_json
from xiangyue.catalogue.rules.changes import (
    PointBounds,
    beyond_change,
    bounds_on,
    changed,
    said_otherwise,
    same_points,
)
from xiangyue.catalogue.rules.facts import Facts
from xiangyue.catalogue.rules.figures import points_in, shape_of
from xiangyue.catalogue.rules.judging import judge
from xiangyue.catalogue.rules.local import Beyond, LocalBounds, beyond_bounds
from xiangyue.catalogue.rules.model import Item, RolePoints, Season, Sharing
from xiangyue.catalogue.rules.telling import tell
from xiangyue.catalogue.rules.terms import BadRule, Direction, Level, Receiver, Split, Subject, Window
from xiangyue.catalogue.rules.times import Yearly
from xiangyue.catalogue.rules.worth import (
    HOUR,
    Both,
    ByAnalogy,
    CaseByCase,
    Discretion,
    Fixed,
    FromFull,
    Levels,
    Named,
    PerUnit,
    Range,
    Ranks,
    Reset,
    Worth,
)

SNOW = award(Fixed(500), "扫雪", category="村务", family="五美", unit="户", limits=(times(2, Window.MONTH),))
FIFTH = PointBounds(percent=20)


def with_points(worth: Worth, frame: Item = SNOW) -> Item:
    return changed(frame, replace(frame, worth=worth))


@pytest.mark.parametrize(
    ("worth", "points"),
    [
        (Fixed(500), [500]),
        (Range(100, 1000), [100, 1000]),
        (CaseByCase(None, 300), [None, 300]),
        (PerUnit(HOUR, 60, 200, whole=True), [200]),
        (FromFull(1000, Fixed(50)), [1000, 50]),
        (Both(Fixed(300), Discretion(100, 200)), [300, 100, 200]),
        (Levels(((Level.TOWN, Fixed(500)), (Level.COUNTY, Range(600, 700)))), [500, 600, 700]),
        (Ranks(((1, Fixed(500)), (2, Fixed(300)))), [500, 300]),
        (ByAnalogy(), []),
        (Reset(to=100), []),
        (SERVICE.worth, [200, 500, 1000, 1500, 2000, 2500, 3000, 4000, 5000]),
        (DONATION.worth, [100, 100, 100, 100]),
    ],
)
def test_all_points_of_a_form_are_found(worth: Worth, points: list[int | None]) -> None:
    assert list(points_in(worth)) == points


def test_forms_of_one_shape_differ_in_points_alone() -> None:
    hourly = PerUnit(HOUR, 60, 200, whole=True)
    assert shape_of(hourly) == shape_of(replace(hourly, points=300))
    for other in (replace(hourly, per=120), replace(hourly, whole=False), Fixed(200)):
        assert shape_of(hourly) != shape_of(other)
    prizes = Ranks(((1, Fixed(500)), (2, Fixed(300))))
    assert shape_of(prizes) == shape_of(Ranks(((1, Fixed(600)), (2, Fixed(100)))))
    assert shape_of(prizes) != shape_of(Ranks(((1, Fixed(500)), (3, Fixed(300)))))


@pytest.mark.parametrize(
    ("bounds", "fits", "fits_not"),
    [
        (PointBounds(percent=20), (400, 450, 600), (399, 601)),
        (PointBounds(by=50), (450, 550), (449, 551)),
        (PointBounds(low=300, high=800), (300, 800), (299, 801)),
        (PointBounds(low=300), (300, 90_000), (299,)),
        (PointBounds(high=600, percent=50), (250, 600), (249, 601)),
    ],
)
def test_points_move_as_far_as_the_frame_says(
    bounds: PointBounds, fits: tuple[int, ...], fits_not: tuple[int, ...]
) -> None:
    """DOMAIN §4, Inheritance: change points within the bounds the frame allows, never beyond."""
    assert [beyond_change(with_points(Fixed(points)), (bounds,)) for points in fits] == [None] * len(fits)
    codes = [beyond_change(with_points(Fixed(points)), (bounds,)) for points in fits_not]
    assert codes == ["points-changed-too-far"] * len(fits_not)


def test_every_point_of_a_table_keeps_to_the_bounds() -> None:
    frame = award(Ranks(((1, Fixed(1000)), (2, Fixed(500)))))
    assert beyond_change(with_points(Ranks(((1, Fixed(1200)), (2, Fixed(400)))), frame), (FIFTH,)) is None
    second = with_points(Ranks(((1, Fixed(1000)), (2, Fixed(399)))), frame)
    assert beyond_change(second, (FIFTH,)) == "points-changed-too-far"
    open_end = award(CaseByCase(None, 500))
    assert beyond_change(with_points(CaseByCase(100, 500), open_end), (FIFTH,)) == "points-changed-too-far"


def test_the_narrowest_bounds_hold() -> None:
    general, category = PointBounds(percent=20), PointBounds(category="村务", by=10)
    of_family = PointBounds(category="村务", family="五美", by=20)
    item = PointBounds(number="1", by=30)
    elsewhere = PointBounds(category="村务", family="别处", by=40)
    assert bounds_on(SNOW, (general, category, of_family, item, elsewhere)) is item
    assert bounds_on(SNOW, (general, category, of_family, elsewhere)) is of_family
    assert bounds_on(SNOW, (elsewhere, category, general)) is category
    assert bounds_on(SNOW, (elsewhere,)) is None
    assert beyond_change(with_points(Fixed(501)), (elsewhere,)) == "points-not-changeable"


def test_what_has_no_points_cannot_be_changed() -> None:
    frame = Item("3", "谎报", Direction.RESET, Reset())
    assert beyond_change(with_points(Reset(to=100), frame), (FIFTH,)) == "points-not-changeable"
    assert (
        beyond_change(with_points(PerUnit(HOUR, 60, 500, whole=True)), (FIFTH,)) == "changes-more-than-points"
    )


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"number": "1", "category": "村务", "by": 1}, "change-of-what"),
        ({"family": "五美", "by": 1}, "change-of-what"),
        ({"category": "村务"}, "change-without-bound"),
        ({"by": 0}, "points-out-of-bounds"),
        ({"low": 5, "high": 4}, "range-backwards"),
        ({"percent": 101}, "change-percent"),
    ],
)
def test_bounds_that_say_nothing_are_refused(facts: dict[str, Any], code: str) -> None:
    with pytest.raises(BadRule) as caught:
        PointBounds(**facts)
    assert caught.value.code == code
    with pytest.raises(BadRule) as caught:
        LocalBounds(changes=(FIFTH, PointBounds(by=1)))
    assert caught.value.code == "change-twice"


def test_a_change_inherits_all_but_its_points() -> None:
    item = changed(SNOW, award(Fixed(600), "扫雪", limits=()))
    assert item.worth == Fixed(600)
    assert item.frame is not None
    assert item.frame.worth == Fixed(500)
    assert replace(item, worth=SNOW.worth, frame=None) == SNOW
    assert item_from_json(item_to_json(item)) == item
    roles = Named((("书记", Fixed(500)), ("主任", Fixed(300))))
    frame = deduction(roles, sharing=Sharing(Split.BY_ROLE, roles=(RolePoints("书记", Fixed(500)),)))
    mine = replace(frame, sharing=replace(frame.sharing, roles=(RolePoints("书记", Fixed(600)),)))
    assert not same_points(frame, mine)
    assert changed(frame, mine).sharing.roles == mine.sharing.roles


def test_what_is_said_beside_the_points_must_not_contradict() -> None:
    blank = award(Fixed(500), "扫雪")

    def contradicted(**more: Any) -> list[str]:
        return list(said_otherwise(SNOW, award(Fixed(600), "扫雪", **more), blank))

    assert contradicted() == []
    assert contradicted(category="村务", unit="户", limits=SNOW.limits) == []
    assert contradicted(category="环境") == ["category"]
    assert contradicted(limits=(times(3, Window.MONTH),), subject=Subject.PERSON) == ["subject", "limits"]
    assert contradicted(sharing=Sharing(Split.EQUAL)) == ["sharing"]
    assert contradicted(sharing=Sharing(to=frozenset({Receiver.HEAD}))) == ["sharing"]
    other = award(PerUnit(HOUR, 60, 500, whole=True), "扫雪")
    assert list(said_otherwise(SNOW, other, blank)) == ["worth"]


def test_changed_items_are_no_items_of_the_village_s_own() -> None:
    far = with_points(Fixed(900))
    bounds = LocalBounds(awards=0, most=100, purposes=frozenset({"别处"}), changes=(FIFTH,))
    assert beyond_bounds([with_points(Fixed(600))], bounds) == []
    assert beyond_bounds([far], bounds) == [Beyond("points-changed-too-far", far)]
    assert beyond_bounds([far], LocalBounds()) == [Beyond("points-not-changeable", far)]


def test_the_sentence_says_what_the_frame_gives() -> None:
    said = tell(judge(with_points(Fixed(600)), Facts(date(2026, 10, 14))))
    assert said == "扫雪，每户6分（本地改过，上面定的是每户5分），这次加6分。"
    assert "本地改过" not in tell(judge(SNOW, Facts(date(2026, 10, 14))))
    autumn = Season(Yearly((9, 1), (11, 30)), "秋忙", worth=Fixed(900))
    seasonal = replace(with_points(Fixed(600)), seasons=(autumn,))
    assert "本地改过" not in tell(judge(seasonal, Facts(date(2026, 10, 14))))
    assert "本地改过" in tell(judge(seasonal, Facts(date(2026, 12, 14))))
