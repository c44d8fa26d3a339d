import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyue.catalogue.limits import MOST_TIMES, Limit, format_limits, parse_limits
from xiangyue.catalogue.refusals import LimitNotUnderstood
from xiangyue.catalogue.terms import Measure, Subject, Window
from xiangyue.catalogue.values import MOST

HOUSEHOLD, PERSON = Subject.HOUSEHOLD, Subject.PERSON
TIMES, POINTS = Measure.TIMES, Measure.POINTS


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("", []),
        ("不限", []),
        ("每月2次", [Limit(Window.MONTH, TIMES, 2, HOUSEHOLD)]),
        ("每月两次", [Limit(Window.MONTH, TIMES, 2, HOUSEHOLD)]),
        ("每天1次。", [Limit(Window.DAY, TIMES, 1, HOUSEHOLD)]),
        ("每周10分", [Limit(Window.WEEK, POINTS, 1000, HOUSEHOLD)]),
        ("每季10分", [Limit(Window.QUARTER, POINTS, 1000, HOUSEHOLD)]),
        ("年度40", [Limit(Window.YEAR, POINTS, 4000, HOUSEHOLD)]),
        ("每年40分", [Limit(Window.YEAR, POINTS, 4000, HOUSEHOLD)]),
        ("每年最多40分封顶", [Limit(Window.YEAR, POINTS, 4000, HOUSEHOLD)]),
        ("全年累计不超过40分", [Limit(Window.YEAR, POINTS, 4000, HOUSEHOLD)]),
        ("一次性", [Limit(Window.ONCE, TIMES, 1, HOUSEHOLD)]),
        ("每人一次性", [Limit(Window.ONCE, TIMES, 1, PERSON)]),
        ("终身3次", [Limit(Window.ONCE, TIMES, 3, HOUSEHOLD)]),
        ("每户每月40分", [Limit(Window.MONTH, POINTS, 4000, HOUSEHOLD)]),
        ("每月每人０.５分", [Limit(Window.MONTH, POINTS, 50, PERSON)]),
        ("每人每次10分", [Limit(Window.TIME, POINTS, 1000, PERSON)]),
        (
            "每人每月2次；每户每年40分",
            [Limit(Window.MONTH, TIMES, 2, PERSON), Limit(Window.YEAR, POINTS, 4000, HOUSEHOLD)],
        ),
        (
            "每周10分、每月40分\n每年200分",
            [
                Limit(Window.WEEK, POINTS, 1000, HOUSEHOLD),
                Limit(Window.MONTH, POINTS, 4000, HOUSEHOLD),
                Limit(Window.YEAR, POINTS, 20_000, HOUSEHOLD),
            ],
        ),
    ],
)
def test_limits_as_villages_write_them(text: str, limits: list[Limit]) -> None:
    assert parse_limits(text, HOUSEHOLD) == tuple(limits)


def test_a_limit_that_names_nobody_counts_for_whom_the_indicator_scores() -> None:
    assert parse_limits("每月2次", PERSON) == (Limit(Window.MONTH, TIMES, 2, PERSON),)
    assert parse_limits("每户每月2次", PERSON) == (Limit(Window.MONTH, TIMES, 2, HOUSEHOLD),)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("看情况", "从“看情况”起看不懂"),
        ("每月", "话没说完"),
        ("；", "从“;”起看不懂"),
        ("2次", "没写多久算一回"),
        ("每户40分", "没写多久算一回"),
        ("每月0次", "次数要写从1到10000的整数"),
        ("每月2.5次", "次数要写从1到10000的整数"),
        ("每月0分", "分值不能是0"),
        ("每月0.001分", "最多两位小数"),
        ("每月-2次", "从“-2次”起看不懂"),
        ("每次2次", "每次的上限只能写几分"),
        ("半年1次", "从“半年1次”起看不懂"),
        ("每两个月1次", "从“每两个月1次”起看不懂"),
        ("每组每年1户", "从“每组每年1户”起看不懂"),
        ("每年最多3/5/10分", "从“/5/10分”起看不懂"),
        ("每月每年2次", "从“每年2次”起看不懂"),
        ("每月2次每年3次", "从“每年3次”起看不懂"),
        ("一次性20分", "从“20分”起看不懂"),
        ("每月2次；每月3次", "同一种上限写了两回"),
        ("不限每月2次", "从“每月2次”起看不懂"),
    ],
)
def test_what_is_not_understood_is_refused(text: str, reason: str) -> None:
    with pytest.raises(LimitNotUnderstood) as caught:
        parse_limits(text, HOUSEHOLD)
    assert reason in caught.value.facts["reason"]
    assert "能看懂的写法：每月2次" in str(caught.value)


def limits() -> st.SearchStrategy[Limit]:
    times = st.builds(
        Limit,
        st.sampled_from([window for window in Window if window is not Window.TIME]),
        st.just(TIMES),
        st.integers(1, MOST_TIMES),
        st.sampled_from(Subject),
    )
    points = st.builds(
        Limit, st.sampled_from(Window), st.just(POINTS), st.integers(1, MOST), st.sampled_from(Subject)
    )
    return times | points


@given(
    st.lists(limits(), max_size=5, unique_by=lambda limit: (limit.window, limit.measure, limit.scope)),
    st.sampled_from(Subject),
)
def test_what_is_written_out_is_read_back(several: list[Limit], subject: Subject) -> None:
    assert parse_limits(format_limits(tuple(several)), subject) == tuple(several)


@given(st.text(alphabet="每人户月年周天季度次分一性两十0123456789.,；、不限最多 \n", max_size=14))
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        found = parse_limits(text, HOUSEHOLD)
    except LimitNotUnderstood:
        return
    assert all(limit.amount > 0 for limit in found)
    assert parse_limits(format_limits(found), PERSON) == found
