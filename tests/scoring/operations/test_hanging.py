"""What the database lays out, masks and seals, against the same laid out in plain Python, for villages of any kind."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.cast import Cast
from tests.scoring.cast import DAY, DEADLINE, ISSUED, PERIOD, indicator
from tests.scoring.operations.test_notices import sha256
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.masking import MASKED_SQL, mask_name
from xiangyue.ledger.models import Account
from xiangyue.ledger.operations.opening import open_households
from xiangyue.people.models import Household, Level, Relation, Resident, Unit
from xiangyue.scoring.models import (
    Decision,
    Deed,
    DeedState,
    Notice,
    NoticeLine,
    NoticeTotal,
    Share,
    Source,
    Verdict,
)
from xiangyue.scoring.operations import hanging
from xiangyue.scoring.operations.notices import issue_notice
from xiangyue.scoring.operations.special import issue_special
from xiangyue.users.queries import user_by_login

ANYHOW: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck)}
PART = 2  # households of a part, so that small villages have several
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
# Where a household lives: on the village's own sheet, in grids, in a group of one, in a grid that ended, elsewhere.
PLACES = ("", "-b", "-a", "-a-1", "-old", "elsewhere")


@dataclass
class Home:
    """A household as it is drawn. former: an earlier head's name. honour: centipoints before."""

    place: str
    number: str
    name: str | None
    former: str | None
    honour: int
    left: bool
    id: int = 0
    shares: list[tuple[date, int, int]] = field(default_factory=list)  # day, id, centipoints


@dataclass
class Given:
    """A share as it is drawn. home: index. special: whether it is to hang on a notice of its own."""

    home: int
    days: int
    points: int | None
    verdict: Verdict
    special: bool


homes = st.lists(
    st.builds(
        Home,
        place=st.sampled_from(PLACES),
        number=TEXT.filter(bool),
        name=st.none() | TEXT,
        former=st.none() | TEXT,
        honour=st.integers(-500, 500),
        left=st.booleans(),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda home: home.number,
)
shares = st.lists(
    st.builds(
        Given,
        home=st.integers(0, 7),
        days=st.integers(0, 3),
        points=st.none() | st.integers(-3, 3).map(lambda points: points * 100),
        verdict=st.sampled_from(Verdict),
        special=st.booleans(),
    ),
    max_size=12,
)


@given(TEXT)
@example("")
@example("田")
@example("田禾")
@example("田禾生")
@example("e\N{COMBINING ACUTE ACCENT}\N{PILE OF POO}")
@settings(max_examples=300, **ANYHOW)
def test_the_database_masks_as_python_does(cast: Cast, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {MASKED_SQL.format(name='name')} FROM (VALUES (%s::text)) given (name)", [name]
        )
        assert cursor.fetchone() == (mask_name(name),)


def test_whose_name_is_not_known_is_masked_too(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {MASKED_SQL.format(name='NULL::text')}")
        assert cursor.fetchone() == (mask_name(""),)


@given(homes=homes, given_=shares)
@settings(max_examples=60, **ANYHOW)
def test_a_village_is_laid_out_as_in_plain_python(cast: Cast, homes: list[Home], given_: list[Given]) -> None:
    with transaction.atomic():
        village = Unit.objects.get(code="440783104220")  # nobody lives there
        units = settle(village, homes)
        urgent, regular = decide(village, homes, given_)
        hanging_part, hanging.HOUSEHOLDS_OF_A_PART = hanging.HOUSEHOLDS_OF_A_PART, PART
        try:
            if urgent:
                notice = issue_special(
                    actor=SYSTEM, unit_id=village.pk, period=PERIOD, share_ids=urgent, reason="救人"
                )
                assert_laid_out(notice, village, units, homes, set(urgent), everyone=False)
            if regular:
                notice = issue_notice(actor=SYSTEM, unit_id=village.pk, period=PERIOD)
                assert_laid_out(notice, village, units, homes, set(regular), everyone=True)
        finally:
            hanging.HOUSEHOLDS_OF_A_PART = hanging_part
        transaction.set_rollback(True)


def settle(village: Unit, homes: list[Home]) -> dict[str, Unit]:
    """Write the places and who lives there; give the units by place."""
    units = {"": village, "elsewhere": Unit.objects.get(code="440783104222")}
    for place, parent in (("-b", ""), ("-a", ""), ("-a-1", "-a"), ("-old", "")):
        above = units[parent]
        units[place] = Unit.objects.create(
            parent=above,
            level=Level.GROUP if parent else Level.GRID,
            code=village.code + place,
            name=place,
            path=f"{above.path}{village.code}{place}/",
            since=DAY - timedelta(days=9),
            until=DAY if place == "-old" else None,
        )
    for home, holder in zip(homes, open_households(count=len(homes)), strict=True):
        Account.objects.filter(holder_id=holder).update(honour=home.honour, balance=max(home.honour, 0))
        unit = units[home.place]
        home.id = Household.objects.create(
            unit=unit,
            village=unit if home.place == "elsewhere" else village,
            number=home.number,
            holder_id=holder,
            joined_on=DAY,
            left_on=DAY if home.left else None,
        ).pk
        names = {home.former: DAY, home.name: None}
        Resident.objects.bulk_create(
            Resident(household_id=home.id, name=name, relation=Relation.HEAD, left_on=left_on)
            for name, left_on in names.items()
            if name is not None
        )
    return units


def decide(village: Unit, homes: list[Home], given_: list[Given]) -> tuple[list[int], list[int]]:
    """Write what was decided; give the ids of what is hung out on a special notice, and of what on the regular one."""
    urgent: list[int] = []
    regular: list[int] = []
    by = user_by_login("admin")
    for number, one in enumerate(given_):
        home = homes[one.home % len(homes)]
        deed = Deed.objects.create(
            unit=village,
            indicator=indicator(village, "1.2"),
            day=DAY + timedelta(days=one.days),
            source=Source.SHEET,
            brought_by_kind="system",
            brought_by_id=0,
            state=DeedState.APPROVED,
            submitted_at=f"{DAY}T12:00Z",
            key=f"drawn:{number}",
        )
        share = Share.objects.create(deed=deed, household_id=home.id, points=one.points)
        Decision.objects.create(
            unit=village,
            period=str(PERIOD),
            share=share,
            verdict=one.verdict,
            votes_for=3,
            votes_against=0,
            recused=0,
            decided_by=by,
            decided_at=f"{DAY}T12:00Z",
        )
        if one.verdict == Verdict.REJECT:
            continue
        is_urgent = one.special and (one.points or 0) > 0
        (urgent if is_urgent else regular).append(share.pk)
        home.shares.append((deed.day, share.pk, one.points or 0))
    return urgent, regular


def assert_laid_out(
    notice: Notice,
    village: Unit,
    units: dict[str, Unit],
    homes: list[Home],
    shares: set[int],
    *,
    everyone: bool,
) -> None:
    by_sheet: dict[str, list[tuple[Home, list[tuple[int, int]]]]] = defaultdict(list)
    for home in sorted(homes, key=lambda home: (home.number, home.id)):
        told = [(share, points) for _day, share, points in sorted(home.shares) if share in shares]
        if told or (everyone and not home.left and home.place != "elsewhere"):
            by_sheet[{"-b": "-b", "-a": "-a", "-a-1": "-a"}.get(home.place, "")].append((home, told))
    sheets: list[object] = []
    totals: list[object] = []
    lines: list[object] = []
    digests: list[str] = []
    for position, place in enumerate(sorted(by_sheet, key=lambda place: units[place].path), start=1):
        rows, unit = by_sheet[place], units[place]
        nets = sorted((sum(points for _share, points in told) for _home, told in rows), reverse=True)
        form_totals, form_lines = [], []
        for at, (home, told) in enumerate(rows):
            plus = sum(points for _share, points in told if points > 0)
            minus = -sum(points for _share, points in told if points < 0)
            honour = home.honour + plus - minus
            rank = nets.index(plus - minus) + 1
            name = home.name if home.name is not None else home.former or ""
            totals.append((position, home.id, rank, mask_name(name), home.number, plus, minus, honour))
            form_totals.append([home.number, plus, minus, honour])
            for share, points in told:
                number = len(lines) + 1
                lines.append((position, share, home.id, number, points, DEADLINE, at // PART, None))
                form_lines.append([number, share, points, DEADLINE.isoformat()])
        form = {
            "unit": unit.code,
            "period": str(PERIOD),
            "issued_on": ISSUED.isoformat(),
            "deadline": DEADLINE.isoformat(),
            "totals": sorted(form_totals),
            "lines_digest": sha256(form_lines),
        }
        digests.append(sha256(form))
        sheets.append((position, unit.pk, ISSUED, DEADLINE, sha256(form_lines), digests[-1]))
    found = notice.sheets.order_by("position")
    assert (
        list(found.values_list("position", "unit", "issued_on", "deadline", "lines_digest", "digest"))
        == sheets
    )
    of_notice = NoticeTotal.objects.filter(sheet__notice=notice).order_by("id")
    of_total = ("household", "rank", "masked_name", "number", "plus", "minus", "honour")
    assert list(of_notice.values_list("sheet__position", *of_total)) == totals
    hung = NoticeLine.objects.filter(sheet__notice=notice).order_by("id")
    of_line = ("share", "household", "number", "points", "deadline", "part", "replaces")
    assert list(hung.values_list("sheet__position", *of_line)) == lines
    assert Notice.objects.get(pk=notice.pk).digest == notice.digest == sha256(digests)
