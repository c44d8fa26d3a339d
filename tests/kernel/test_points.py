from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyue.kernel.points import NotPoints, format_points, parse_points, times


@pytest.mark.parametrize(
    ("text", "centipoints"),
    [
        ("5", 500),
        ("0.5", 50),
        (".5", 50),
        ("5.", 500),
        ("0.05", 5),
        ("1.500", 150),
        ("+3", 300),
        ("-2", -200),
        ("−2", -200),
        ("＋３", 300),
        ("－２．５", -250),
        (" 5 分 ", 500),
        ("5分", 500),
        ("1,000", 100_000),
        ("1，000", 100_000),
        ("12,345,678.9", 1_234_567_890),
        ("999999999.99", 99_999_999_999),
        ("0", 0),
        ("-0", 0),
    ],
)
def test_points_are_read_as_people_write_them(text: str, centipoints: int) -> None:
    assert parse_points(text) == centipoints


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "分",
        ".",
        "-",
        "五",
        "5分半",
        "0.005",
        "0.01" + "0" * 40 + "1",
        "1,5",
        "10,00",
        "1,000,000,000",
        "1000000000",
        "1e3",
        "1e999999",
        "1_000",
        "--5",
        "5 5",
        "nan",
        "Infinity",
        "0x10",
    ],
)
def test_what_is_no_number_is_refused_as_it_was_written(text: str) -> None:
    with pytest.raises(NotPoints) as caught:
        parse_points(text)
    assert caught.value.facts == {"text": text}


@pytest.mark.parametrize(
    ("centipoints", "plain", "signed"),
    [
        (0, "0", "0"),
        (18_600, "186", "+186"),
        (50, "0.5", "+0.5"),
        (5, "0.05", "+0.05"),
        (123_400, "1,234", "+1,234"),
        (100_000_025, "1,000,000.25", "+1,000,000.25"),
        (-200, "−2", "−2"),
        (-50, "−0.5", "−0.5"),
        (-1, "−0.01", "−0.01"),
    ],
)
def test_points_are_written_without_needless_zeros(centipoints: int, plain: str, signed: str) -> None:
    assert format_points(centipoints) == plain
    assert format_points(centipoints, signed=True) == signed


@given(st.integers(-99_999_999_999, 99_999_999_999), st.booleans())
def test_what_is_written_can_be_read_again(centipoints: int, signed: bool) -> None:
    assert parse_points(format_points(centipoints, signed=signed)) == centipoints


@pytest.mark.parametrize(
    ("centipoints", "factor", "product"),
    [
        (1000, "1.5", 1500),
        (333, "1.5", 500),  # 499.5
        (-333, "1.5", -500),
        (1, "0.5", 1),
        (1, "0.4999", 0),
        (-1, "0.5", -1),
        (7, "0", 0),
    ],
)
def test_a_product_is_rounded_half_away_from_zero(centipoints: int, factor: str, product: int) -> None:
    assert times(centipoints, Decimal(factor)) == product
