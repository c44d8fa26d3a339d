"""What objections hold, and what their answers do to the settlement."""

from datetime import date

import pytest

from tests.cast import Cast
from tests.scoring.cast import (
    AFTER,
    PERIOD,
    balance,
    october,
    settled,
)
from tests.scoring.objecting import dismiss, lodge, uphold
from xiangyue.auditor.audit import audit
from xiangyue.kernel import clock
from xiangyue.scoring.models import (
    Notice,
)
from xiangyue.scoring.operations.objections import (
    Target,
    lines_touched_by,
)
from xiangyue.scoring.queries import line_of, notice_of, total_of
from xiangyue.scoring.refusals import (
    DeadlinePassed,
)


@pytest.fixture
def notice(cast: Cast) -> Notice:
    return october(cast.village)


def test_a_dismissed_objection_lets_the_line_settle_later(cast: Cast, notice: Notice) -> None:
    objection = lodge(cast, line_of(notice, 5))
    assert settled(cast.village).held == 1
    assert balance(cast.village, "018").honour == 800
    dismiss(objection)
    report = settled(cast.village)
    assert (report.lines, report.points, report.parts) == (1, 1500, 0)
    assert balance(cast.village, "018").honour == 2300
    assert list(audit()) == []


def test_an_objection_to_a_total_holds_the_household_s_lines_and_no_others(
    cast: Cast, notice: Notice
) -> None:
    objection = lodge(cast, total_of(notice, "004"))
    assert settled(cast.village).held == 2
    held = [balance(cast.village, number).honour for number in ("001", "004", "013", "018", "050")]
    assert held == [500, 0, 800, 2300, 800]
    dismiss(objection)
    settled(cast.village)
    assert balance(cast.village, "004").honour == 500
    assert list(audit()) == []


def test_a_corrected_line_posts_once_and_only_as_corrected(cast: Cast, notice: Notice) -> None:
    """The old line never posts; the new one after its own deadline; everything else meanwhile."""
    objection = lodge(cast, line_of(notice, 5))
    with clock.as_of(date(2026, 11, 5)):
        edition = uphold(objection, {5: 1000})
    corrected = line_of(edition, 5)
    assert corrected.deadline == date(2026, 11, 9)
    settled(cast.village, on=AFTER)
    assert balance(cast.village, "018").honour == 800
    assert settled(cast.village, on=date(2026, 11, 9)).lines == 0
    assert settled(cast.village, on=date(2026, 11, 10)).lines == 1
    assert balance(cast.village, "018").honour == 1800
    assert settled(cast.village, on=date(2026, 11, 30)).lines == 0
    assert list(audit()) == []


def test_an_objection_upheld_after_the_settlement_replaces_what_was_held(cast: Cast, notice: Notice) -> None:
    objection = lodge(cast, total_of(notice, "004"))
    settled(cast.village, on=AFTER)
    with clock.as_of(AFTER):
        uphold(objection, {2: 0})
    settled(cast.village, on=AFTER)
    assert balance(cast.village, "004").honour == 1500
    settled(cast.village, on=date(2026, 11, 20))
    assert balance(cast.village, "004").honour == 1500
    assert list(audit()) == []


def test_a_second_objection_to_the_same_line_holds_its_correction(cast: Cast, notice: Notice) -> None:
    """Two households object to one line. What comes of the first is held until the second is answered too."""
    first, second = (lodge(cast, line_of(notice, 5), of=of) for of in ("018", "004"))
    corrected = line_of(uphold(first, {5: 1000}), 5)
    assert settled(cast.village, on=date(2026, 11, 20)).held == 2  # the old line and the new one
    assert balance(cast.village, "018").honour == 800
    with clock.as_of(date(2026, 11, 20)):
        again = uphold(second, {5: 500})
    assert (again.edition, line_of(again, 5).replaces) == (3, corrected)
    settled(cast.village, on=date(2026, 11, 30))
    assert balance(cast.village, "018").honour == 1300
    assert list(audit()) == []


def test_a_correction_gives_no_second_chance_to_object_to_what_did_not_change(
    cast: Cast, notice: Notice
) -> None:
    """The third grid's sheet hangs until 9 November now, but only line 5 can still be objected to."""
    with clock.as_of(date(2026, 11, 5)):
        uphold(lodge(cast, line_of(notice, 5)), {5: 1000})
    newest = notice_of(cast.village, PERIOD)
    targets: list[Target] = [total_of(newest, "004"), total_of(newest, "018"), line_of(newest, 6)]
    for target in targets:
        with clock.as_of(AFTER), pytest.raises(DeadlinePassed):
            lodge(cast, target)
    settled(cast.village, on=AFTER)
    for target in targets:
        with clock.as_of(AFTER), pytest.raises(DeadlinePassed):
            lodge(cast, target)
    with clock.as_of(date(2026, 11, 9)):
        assert lodge(cast, line_of(newest, 5), of="004")
    assert list(audit()) == []


def test_an_objection_to_an_old_edition_s_line_is_about_what_stands_now(cast: Cast, notice: Notice) -> None:
    """Who still looks at the first edition objects to the number."""
    old = line_of(notice, 5)
    with clock.as_of(date(2026, 11, 5)):
        uphold(lodge(cast, old), {5: 1000})
    with clock.as_of(date(2026, 11, 9)):
        late = lodge(cast, old, of="004")
        assert [line.points for line in lines_touched_by(late)] == [1000]
