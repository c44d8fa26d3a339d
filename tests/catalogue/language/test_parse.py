import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalogue.language.forms import forms
from xiangyue.catalogue.language import noise_words, words
from xiangyue.catalogue.language.parse import (
    NotUnderstood,
    parse_limits,
    parse_multipliers,
    parse_term,
    parse_value,
    parse_when,
)
from xiangyue.catalogue.language.tokens import LONGEST
from xiangyue.catalogue.language.writing import (
    written,
    written_limits,
    written_multipliers,
    written_term,
    written_when,
)
from xiangyue.catalogue.rules.terms import Counting, Direction, Layer, Level, Measure, Whose, Window
from xiangyue.catalogue.rules.times import Lasting, ToYearEnd, Yearly
from xiangyue.catalogue.rules.worth import (
    HOUR,
    YUAN,
    Band,
    Bands,
    Both,
    ByKind,
    CaseByCase,
    Discretion,
    Fixed,
    FromFull,
    Levels,
    Named,
    PerUnit,
    Range,
    Ranks,
    StepTable,
    Unit,
)

HOUSEHOLD = Whose.HOUSEHOLD


def refused(text: str, rule: Callable[[str], object] = parse_value) -> str:
    with pytest.raises(NotUnderstood) as caught:
        rule(text)
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "direction", "meaning", "limits", "multipliers", "besides"), forms("values")
)
def test_values_as_villages_write_them(
    text: str, direction: str, meaning: str, limits: str, multipliers: str, besides: str
) -> None:
    value = parse_value(text)
    unit = getattr(value.worth, "unit", None)
    assert (value.direction.value if value.direction else "") == direction
    assert written(value.worth) == meaning
    assert parse_value(meaning).worth == value.worth
    assert written_limits(tuple(cap.limit(HOUSEHOLD) for cap in value.caps), unit) == limits
    assert written_multipliers(value.multipliers) == multipliers
    said = [
        value.whose.value if value.whose else "",
        "kept" if value.kept else "",
        "highest" if value.highest else "",
        "to_nothing" if value.to_nothing else "",
        "roles" if value.sharing else "",
        f"deed {value.deed}" if value.deed else "",
        *value.guesses,
    ]
    assert " ".join(filter(None, said)) == besides


@pytest.mark.parametrize(("text", "meaning", "besides"), forms("limits"))
def test_limits_as_villages_write_them(text: str, meaning: str, besides: str) -> None:
    found = parse_limits(text)
    unit = next((cap.unit for cap in found.caps if cap.unit), None)
    settled = (cap.settled(Fixed(1))[0] for cap in found.caps)
    assert written_limits(tuple(cap.limit(HOUSEHOLD) for cap in settled), unit) == meaning
    said = [
        f"least {found.least}" if found.least else "",
        "to_nothing" if found.to_nothing else "",
        f"full {found.full}" if found.full else "",
        "highest" if found.highest else "",
    ]
    assert "+".join(filter(None, said)) == besides


@pytest.mark.parametrize(("text", "meaning", "_besides"), forms("multipliers"))
def test_multipliers_as_villages_write_them(text: str, meaning: str, _besides: str) -> None:
    assert written_multipliers(parse_multipliers(text)) == meaning


@pytest.mark.parametrize(("text", "meaning", "_besides"), forms("whens"))
def test_seasons_as_villages_write_them(text: str, meaning: str, _besides: str) -> None:
    found = parse_when(text)
    assert written_when(found.spans, found.seasons) == meaning


@pytest.mark.parametrize(("text", "meaning", "_besides"), forms("terms"))
def test_terms_as_villages_write_them(text: str, meaning: str, _besides: str) -> None:
    assert written_term(parse_term(text)) == meaning


RULES: dict[str, Callable[[str], object]] = {
    "value": parse_value,
    "limits": parse_limits,
    "multiplier": parse_multipliers,
    "when": parse_when,
    "term": parse_term,
}


@pytest.mark.parametrize(("column", "text", "code"), forms("refused"))
def test_what_is_not_understood_is_refused_by_name(column: str, text: str, code: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        RULES[column](text)
    assert caught.value.code == code
    assert "能看懂的写法" in caught.value.text
    assert caught.value.text.count("。") == 2
    assert caught.value.text.endswith("。")


def test_there_are_enough_forms() -> None:
    understood = sum(len(forms(name)) for name in ("values", "limits", "multipliers", "whens", "terms"))
    assert len(forms("values")) >= 300
    assert understood >= 600
    assert len(forms("refused")) >= 80


# What the canonical words of the tables above stand for, so that table and words can't drift together.
def test_meanings_in_full() -> None:
    assert parse_value("0.5").worth == Fixed(50)
    assert parse_value("1-10").worth == Range(100, 1000)
    assert parse_value("酌情10-50").worth == Discretion(1000, 5000)
    assert parse_value("一事一议").worth == CaseByCase()
    assert parse_value("5分以内").worth == CaseByCase(None, 500)
    assert parse_value("每小时2").worth == PerUnit(HOUR, 60, 200, whole=False)
    assert parse_value("每50个烟头1分").worth == PerUnit(Unit("个烟头"), 5000, 100, whole=True)
    assert parse_value("每满500元加1分").worth == PerUnit(YUAN, 50_000, 100, whole=True)
    assert parse_value("村级5/镇级10/县级20").worth == Levels(
        ((Level.VILLAGE, Fixed(500)), (Level.TOWN, Fixed(1000)), (Level.COUNTY, Fixed(2000)))
    )
    assert parse_value("第一名3、第二名2").worth == Ranks(((1, Fixed(300)), (2, Fixed(200))))
    assert parse_value("考上本科30、考上专科20").worth == Named(
        (("考上本科", Fixed(3000)), ("考上专科", Fixed(2000)))
    )
    assert parse_value("+5/-2").worth == Both(Fixed(500), Fixed(200))
    fault = PerUnit(Unit("处"), 100, 50, whole=False)
    assert parse_value("满分8分，每处扣0.5分，扣完为止").worth == FromFull(800, fault)
    assert parse_value("1001—5000元，每400元1分").worth == Bands(YUAN, (Band(100_000, 500_000, 40_000, 100),))
    assert parse_value("贫困户50、其他20").worth == ByKind((("贫困户", Fixed(5000)),), Fixed(2000))


def test_look_alikes_are_not_confused() -> None:
    assert parse_value("1-10").worth == Range(100, 1000)
    assert refused("10-1") == "range-backwards"
    assert parse_value("-10").direction is Direction.DEDUCTION
    assert parse_value("-10").worth == Fixed(1000)
    assert refused("-1-10") == "range-ambiguous"
    (per_activity,) = parse_limits("2小时/次").caps
    assert (per_activity.counting, per_activity.amount, per_activity.window) == (
        Counting.AMOUNT,
        120,
        Window.TIME,
    )
    assert refused("2次/小时", parse_limits) == "limit-without-window"
    (monthly,) = parse_limits("每月2次").caps
    assert (monthly.counting, monthly.amount, monthly.window) == (Counting.TIMES, 2, Window.MONTH)
    (two_monthly,) = parse_limits("每2月1次").caps
    assert (two_monthly.counting, two_monthly.amount, two_monthly.window) == (
        Counting.TIMES,
        1,
        Window.TWO_MONTHS,
    )
    assert refused("2月1次", parse_limits) == "limit-without-window"
    assert refused("5/10/20") == "figures-without-labels"
    assert parse_value("5/次").worth == Fixed(500)
    assert refused("5/2小时") == "figures-without-labels"
    assert parse_value("每2小时5分").worth == PerUnit(HOUR, 120, 500, whole=True)
    assert refused("2小时5分") == "batch-without-each"
    steps = parse_value("满2小时5分").worth
    assert isinstance(steps, StepTable)
    assert steps.steps[0].start == 120
    assert parse_value("每1,000元1分").worth == PerUnit(YUAN, 100_000, 100, whole=True)
    assert refused("5，100") == "figures-without-labels"  # a full-width comma never stands between thousands


def test_figures_that_only_look_like_figures_are_none() -> None:
    assert refused("①5") == "value-not-understood"
    assert parse_value("每m²1").worth == PerUnit(Unit("平方米"), 100, 100, whole=False)
    assert refused("٥") == "value-not-understood"
    assert refused("5²") == "value-not-understood"
    assert refused("一千五") == "figures-without-labels"


def test_line_breaks_part_clauses_or_only_make_a_text_fit() -> None:
    assert parse_value("每月\n2分") == parse_value("每月2分")
    assert parse_value("村级5\n镇级10").worth == parse_value("村级5、镇级10").worth
    assert refused("5\n10") == "figures-without-labels"
    assert len(parse_limits("每月2次\n每年10次").caps) == 2


def test_terms_and_seasons_in_full() -> None:
    assert parse_term("1年").rows[0].term == Lasting(years=1)
    assert parse_term("至当年12月31日，未改正顺延").rows[0].term == ToYearEnd(unless_corrected=True)
    rows = parse_term("40分以下1年，40分以上2年").rows
    assert [(row.up_to, row.term) for row in rows] == [(4000, Lasting(years=1)), (None, Lasting(years=2))]
    assert parse_when("11月至次年2月").spans == (Yearly((11, 1), (2, 29)),)
    (season,) = parse_when("农忙（5月至6月）×1.5").seasons
    assert (season.name, season.factor, season.worth) == ("农忙", 150, None)


def test_a_season_may_have_points_of_its_own_and_nothing_else() -> None:
    (season,) = parse_when("6-8月：每小时3").seasons
    assert season.worth == PerUnit(HOUR, 60, 300, whole=False)
    assert refused("6-8月：每月最多3次", parse_when) == "season-not-understood"
    assert refused("6-8月：5分，党员双倍", parse_when) == "season-not-understood"


def test_limits_for_others_than_the_subject() -> None:
    (quota,) = parse_limits("每组每年1户").caps
    assert (quota.whose, quota.counting, quota.amount) == (Whose.GROUP, Counting.TIMES, 1)
    (shared,) = parse_limits("本类每年最多40分").caps
    assert (shared.layer, shared.whose, shared.amount) == (Layer.CATEGORY, None, 4000)
    (hours,) = parse_limits("单次活动最多计2小时").caps
    assert (hours.window, hours.unit, hours.amount) == (Window.ACTIVITY, HOUR, 120)
    assert hours.unit is not None
    assert hours.unit.measure is Measure.MINUTES


def test_a_bracket_without_end_is_refused() -> None:
    for text in ("5和（", "5（", "5（每次", "（5", "5）", "一等奖（10"):
        assert refused(text)


def test_a_cell_has_an_end() -> None:
    assert refused("5" * (LONGEST + 1)) == "cell-too-long"
    assert refused("") == "cell-empty"
    assert refused(" \n ") == "cell-empty"


LETTERS = (
    "0123456789.,，-−~～至到/、；每次分加扣酌情一事议清零倍 小时亩元十两半\n年月日%±级村镇县等奖名第前满"
    "超过以上下以内最多封顶党员（）：「」"
)
WORDS = words.STRUCTURE | words.COUNTED | noise_words.NOISE
PIECES = sorted(word for word in WORDS if len(word) > 1)
noise = st.text(max_size=40) | st.text(alphabet=LETTERS, max_size=24)
sentences = st.lists(st.sampled_from([*PIECES, *"0123456789/-、，；（）"]), max_size=14).map("".join)


@settings(max_examples=500, deadline=None)
@given(noise | sentences)
def test_random_text_is_understood_or_refused(text: str) -> None:
    told = []
    for rule in RULES.values():
        try:
            rule(text)
        except NotUnderstood as unread:
            told.append(unread)
    assert all(unread.code and unread.text.endswith("。") for unread in told)


@settings(max_examples=500, deadline=None)
@given(noise | sentences)
def test_what_random_text_means_can_be_written_and_read_again(text: str) -> None:
    try:
        value = parse_value(text)
    except NotUnderstood:
        return
    assert parse_value(written(value.worth)).worth == value.worth


@pytest.mark.parametrize(
    "piece",
    [
        "每",
        "（",
        "村级5、",
        "加5扣",
        "5-",
        "满10小时",
        "每月最多",
        "甲5、",
        "100—200元每",
        "酌情",
        "「",
        "党员",
    ],
)
def test_long_nonsense_takes_no_time(piece: str) -> None:
    text = (piece * LONGEST)[: 1000 // len(piece) * len(piece)]
    start = time.perf_counter()
    for rule in RULES.values():
        try:
            rule(text)
        except NotUnderstood:
            continue
    assert time.perf_counter() - start < 10
