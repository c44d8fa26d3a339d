from dataclasses import replace

from xiangyue.catalogue.diff import difference
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.terms import Direction
from xiangyue.catalogue.rules.worth import Fixed, Range

SNOW = Item("1", "扫雪", Direction.AWARD, Fixed(500))
TREES = Item("2", "植树", Direction.AWARD, Fixed(800))
BRIDGE = Item("3", "修桥", Direction.AWARD, Range(1000, 5000))


def test_the_same_has_no_difference() -> None:
    assert difference([SNOW, TREES], [TREES, SNOW]).is_none


def test_what_is_new_gone_and_otherwise() -> None:
    dearer = replace(TREES, worth=Fixed(1000), remarks="树苗自备")
    found = difference([SNOW, TREES], [dearer, BRIDGE])
    assert (found.added, found.removed) == ((BRIDGE,), (SNOW,))
    (changed,) = found.changed
    assert (changed.old, changed.new) == (TREES, dearer)
    assert changed.cells == {"分值": ("8", "10"), "备注": ("", "树苗自备")}
    assert not found.is_none
