"""What was planted is there to be found. The figures are those of plans; a month's way through the rooms bends none."""

import random
from collections.abc import Iterator

import pytest

from xiangyue.setup.demo.planted import CASES, EXTRA_DEEDS, Bias


def leans(bias: Bias, number: str, part: str) -> Iterator[float]:
    chance = random.Random(1)
    return (bias.lean(chance.triangular(0, 1, 0.6), number, part) for _time in range(400))


def mean(figures: Iterator[float]) -> float:
    found = list(figures)
    return sum(found) / len(found)


def test_the_favoured_family_always_gets_the_most() -> None:
    bias = Bias("favoured", 0.5)
    assert mean(leans(bias, "053", "第一网格")) == 1
    assert mean(leans(bias, "006", "第一网格")) < 0.7
    assert [number for number in ("051", "052", "056", "057") if bias.is_favoured(number)] == ["052", "056"]
    assert EXTRA_DEEDS == 3


def test_the_strict_assessor_goes_a_fifth_of_the_way_that_others_go_from_least_to_most() -> None:
    bias = Bias("strict", 0.5)
    assert mean(leans(bias, "006", "第一网格")) == pytest.approx(mean(leans(bias, "006", "第二网格")) / 5)


def test_people_take_part_less_and_less_readily() -> None:
    shares = [Bias("falling", month / 5).takes_part() for month in range(6)]
    assert shares == sorted(shares, reverse=True)
    assert (shares[0], round(shares[-1], 6)) == (1, 0.2)


def test_a_village_without_a_case_is_bent_by_nothing() -> None:
    bias = Bias("", 1)
    assert bias.takes_part() == 1
    assert bias.lean(0.4, "001", "第一网格") == 0.4
    assert {case.key for case in CASES} == {"favoured", "strict", "falling"}
