import pytest

from xiangyue.people.unit_codes import ordinal, short_parts


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("第三网格", 3),
        ("第十网格", 10),
        ("十二组", 12),
        ("第二十网格", 20),
        ("第二十一网格", 21),
        ("7组", 7),
        ("第12微网格", 12),
        ("东头", None),
        ("第一二三网格", None),
        ("123组", None),
        ("第十十网格", None),
        ("", None),
    ],
)
def test_the_number_in_a_name(name: str, number: int | None) -> None:
    assert ordinal(name) == number


def test_codes_follow_the_names_where_they_can() -> None:
    assert short_parts(["第三网格", "第一网格", "东头", "第三组"], []) == ["3", "1", "2", "4"]
    assert short_parts(["第一网格", "西头"], ["440783104220-1", "440783104220-2"]) == ["3", "4"]
    assert short_parts([], []) == []
