from datetime import date

import pytest

from tests.cast import Cast
from tests.scoring.cast import DEADLINE, ISSUED, PERIOD, household, october, standing
from tests.scoring.operations.test_notices import sha256
from xiangyue.auditor.audit import audit
from xiangyue.kernel import clock
from xiangyue.people.operations.units import locked_unit
from xiangyue.scoring.models import Notice, NoticeLine, NoticeSheet, NoticeTotal
from xiangyue.scoring.operations.editions import issue_edition
from xiangyue.scoring.operations.hanging import public_form
from xiangyue.scoring.queries import line_of, newest_edition, newest_notices, notice_of

CORRECTED, NEW_DEADLINE = date(2026, 11, 4), date(2026, 11, 8)
Figures = tuple[int, str, int, int, int]


@pytest.fixture
def first(cast: Cast) -> Notice:
    return october(cast.village)


def corrected(notice: Notice, corrections: dict[int, int], *, on: date = CORRECTED) -> Notice:
    with clock.as_of(on):
        locked_unit(notice.unit_id)
        return issue_edition(
            notice, {line_of(notice, number): points for number, points in corrections.items()}
        )


def third(notice: Notice) -> NoticeSheet:
    return notice.sheets.get(unit__name="第三网格")


def figures(sheet: NoticeSheet) -> list[Figures]:
    return list(sheet.totals.values_list("rank", "number", "plus", "minus", "honour"))


def frozen(notice: Notice) -> list[object]:
    """Everything that hangs of an edition."""
    return [
        Notice.objects.filter(pk=notice.pk).values().get(),
        list(notice.sheets.order_by("id").values()),
        list(NoticeTotal.objects.filter(sheet__notice=notice).order_by("id").values()),
        list(NoticeLine.objects.filter(sheet__notice=notice).order_by("id").values()),
    ]


def test_the_edition_that_hangs_is_never_changed(first: Notice) -> None:
    before = frozen(first)
    second = corrected(first, {5: 0})
    middle = frozen(second)
    corrected(second, {2: 0})
    assert frozen(first) == before
    assert frozen(second) == middle


def test_only_the_changed_paper_is_new(first: Notice) -> None:
    second = corrected(first, {5: 1000})
    assert (second.edition, second.issued_on, second.deadline) == (2, CORRECTED, DEADLINE)
    for old, new in zip(first.sheets.all(), second.sheets.all(), strict=True):
        assert (old.unit, old.position) == (new.unit, new.position)
        kept = (old.digest, old.lines_digest, old.issued_on, old.deadline) == (
            new.digest,
            new.lines_digest,
            new.issued_on,
            new.deadline,
        )
        assert kept == (new.unit.name != "第三网格")
        assert new.totals.count() == old.totals.count()
    changed = third(second)
    assert (changed.issued_on, changed.deadline) == (CORRECTED, NEW_DEADLINE)
    assert changed.digest != third(first).digest


def test_only_changed_lines_are_new(cast: Cast, first: Notice) -> None:
    second = corrected(first, {5: 1000})
    line = NoticeLine.objects.get(sheet__notice=second)
    assert (line.number, line.points, line.deadline, line.household) == (
        5,
        1000,
        NEW_DEADLINE,
        household(cast.village, "018"),
    )
    assert line.replaces == NoticeLine.objects.get(sheet__notice=first, number=5)
    assert [points for _number, _of, points in standing(second)] == [500, -1000, 1500, 800, 1000, 800, 800]
    untouched = NoticeLine.objects.filter(sheet__notice=first)
    assert set(untouched.values_list("deadline", flat=True)) == {DEADLINE}


@pytest.mark.parametrize(
    ("corrections", "rows"),
    [
        (
            {5: 0},
            [
                (1, "013", 800, 0, 800),
                (1, "018", 800, 0, 800),
                (1, "050", 800, 0, 800),
                (4, "004", 1500, 1000, 500),
            ],
        ),
        (
            {2: 0},
            [
                (1, "018", 2300, 0, 2300),
                (2, "004", 1500, 0, 1500),
                (3, "013", 800, 0, 800),
                (3, "050", 800, 0, 800),
            ],
        ),
        (
            {2: -2000, 6: -300},
            [
                (1, "018", 1500, 300, 1200),
                (2, "013", 800, 0, 800),
                (2, "050", 800, 0, 800),
                (21, "004", 1500, 2000, -500),
            ],
        ),
    ],
)
def test_totals_honour_and_ranks_are_corrected(
    first: Notice, corrections: dict[int, int], rows: list[Figures]
) -> None:
    found = figures(third(corrected(first, corrections)))
    assert [row for row in found if row[2] or row[3]] == rows
    assert len(found) == 21


def test_the_new_digests_can_be_computed_again(first: Notice) -> None:
    second = corrected(first, {5: 1000})
    sheet = third(second)
    lines = [
        [line.number, line.share_id, line.points, line.deadline.isoformat()]
        for line in sorted(
            [*third(first).lines.exclude(number=5), *sheet.lines.all()], key=lambda line: line.number
        )
    ]
    assert sheet.lines_digest == sha256(lines)
    assert sheet.digest == sha256(public_form(sheet, sheet.totals.all()))
    assert second.digest == sha256([each.digest for each in second.sheets.order_by("position")])
    assert second.digest != first.digest
    assert list(audit()) == []


def test_a_third_edition_stands_on_the_second(first: Notice) -> None:
    """First the third grid's sheet, then the first grid's: the other keeps what the second edition gave it."""
    second = corrected(first, {5: 1000})
    last = corrected(first, {1: 0}, on=date(2026, 11, 5))
    assert last.edition == 3
    assert [points for _number, _of, points in standing(first)] == [0, -1000, 1500, 800, 1000, 800, 800]
    kept = third(last)
    assert (kept.digest, kept.issued_on, kept.deadline) == (third(second).digest, CORRECTED, NEW_DEADLINE)
    assert last.sheets.get(position=1).issued_on == date(2026, 11, 5)
    assert list(audit()) == []


def test_a_line_can_be_corrected_again(first: Notice) -> None:
    second = corrected(first, {5: 1000})
    last = corrected(second, {5: 1500}, on=date(2026, 11, 5))
    assert figures(third(last)) == figures(third(first))
    assert third(last).lines_digest != third(first).lines_digest
    line = line_of(last, 5)
    assert line.replaces == NoticeLine.objects.get(sheet__notice=second)
    assert list(audit()) == []


def test_the_newest_edition_is_the_one_that_is_shown(cast: Cast, first: Notice) -> None:
    second = corrected(first, {5: 0})
    assert newest_edition(first) == newest_edition(second) == notice_of(cast.village, PERIOD) == second
    assert list(newest_notices(cast.village)) == [second]
    assert (notice_of(cast.village, PERIOD, edition=1), first.issued_on) == (first, ISSUED)
