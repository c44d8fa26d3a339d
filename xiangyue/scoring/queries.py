"""Reads on scoring: what waits for whom, what is on notice, what is due, what is posted."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import BooleanField, Count, Exists, F, Func, OuterRef, Q, QuerySet, Sum

from xiangyue.catalogue.rules.scheme import Stage
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.ids import check_code
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Body, Unit
from xiangyue.people.offices import Act
from xiangyue.people.permissions import require
from xiangyue.people.person import households_near
from xiangyue.scoring.models import (
    Decision,
    DeedState,
    HeldLine,
    Inspection,
    Meeting,
    Notice,
    NoticeLine,
    NoticeSheet,
    NoticeTotal,
    Objection,
    ObjectionState,
    Remark,
    ScoringRules,
    Settlement,
    Share,
    Verdict,
)
from xiangyue.scoring.permissions import is_recused
from xiangyue.scoring.refusals import NoMeeting, NoNotice, UnknownLine, UnknownTotal
from xiangyue.scoring.rhythm import Event, events
from xiangyue.scoring.source_refusals import UnknownInspection

# A sheet's parts are leapt through by the index on (sheet, part): its lines, of which a county has millions, are not
# read. All lines of a sheet have its deadline.
DUE_PARTS = """
    WITH RECURSIVE due (sheet_id, part) AS (
        SELECT sheet.id, (SELECT min(line.part) FROM scoring_noticeline line WHERE line.sheet_id = sheet.id)
        FROM scoring_noticesheet sheet
        JOIN scoring_notice notice ON notice.id = sheet.notice_id
        JOIN people_unit unit ON unit.id = notice.unit_id
        WHERE sheet.deadline < %(today)s AND starts_with(unit.path, %(path)s)
        UNION ALL
        SELECT due.sheet_id, (
            SELECT min(line.part) FROM scoring_noticeline line
            WHERE line.sheet_id = due.sheet_id AND line.part > due.part
        )
        FROM due WHERE due.part IS NOT NULL
    )
    SELECT sheet_id, part FROM due
    WHERE part IS NOT NULL AND NOT EXISTS (
        SELECT FROM scoring_settlement settled WHERE settled.sheet_id = due.sheet_id AND settled.part = due.part
    )
    ORDER BY sheet_id, part
"""


def shares_in_state(unit: Unit, state: DeedState) -> QuerySet[Share]:
    """Give the shares of the deeds in a state, judged at or below a unit, with what a list shows; in one query."""
    return (
        Share.objects.filter(deed__unit__path__startswith=unit.path, deed__state=state)
        .select_related("deed__indicator", "household", "resident")
        .order_by("deed__day", "id")
    )


def inspection_by_id(inspection_id: int, *, actor: Actor) -> Inspection:
    """Give a round with its unit and indicator, to whoever brings deeds there.

    Raises: UnknownInspection, NotAllowed.
    """
    rows = Inspection.objects.select_related("unit", "indicator__category", "indicator__catalogue")
    found = rows.filter(id=inspection_id).first()
    if found is None:
        raise UnknownInspection(inspection=inspection_id)
    require(actor, Act.BRING_DEEDS, found.unit)
    return found


def unverified_shares_in(unit: Unit) -> int:
    """Count the shares of a judging unit's submitted deeds that nobody has vouched for yet."""
    return shares_in_state(unit, DeedState.SUBMITTED).filter(verified_by=None).count()


def decidable_by(actor: Actor, unit: Unit) -> list[int]:
    """Give the ids of the verified shares that the actor may record a meeting's decision on."""
    near = households_near(actor)
    waiting = shares_in_state(unit, DeedState.VERIFIED).filter(decision=None)
    return [share.pk for share in waiting if not is_recused(actor, share, near)]


def confirms_by_assembly() -> bool:
    """Tell whether the representatives' assembly confirms here what the committee decided (guyuan)."""
    return Stage.ASSEMBLY.value in ScoringRules.objects.get().stages


def unconfirmed(unit: Unit, period: Period) -> QuerySet[Decision]:
    """Give what a meeting approved for a period of a judging unit and the assembly has not spoken on, by id."""
    return (
        Decision.objects.filter(unit=unit, period=str(period), confirmation=None)
        .exclude(verdict=Verdict.REJECT)
        .select_related("share__deed__indicator", "share__household")
        .order_by("share_id")
    )


def noticeable_shares(unit: Unit, period: Period) -> QuerySet[Share]:
    """Give the shares that were decided for a period of a judging unit and can be hung out.

    Approved or adjusted, and confirmed by the assembly where the scheme has it do so; hung out already or not.
    """
    decided = Decision.objects.filter(
        unit=unit, period=str(period), verdict__in=(Verdict.APPROVE, Verdict.ADJUST)
    )
    if confirms_by_assembly():
        decided = decided.filter(confirmation__is_confirmed=True)
    # As an array, shares are looked up by their ids; joined, a county's shares would be read for each of its villages.
    ids = ArraySubquery(decided.values("share_id"))
    among = {"arg_joiner": " = ANY(", "template": "%(expressions)s)", "output_field": BooleanField()}
    return Share.objects.filter(Func(F("id"), ids, **among))


def rhythm_events(first: date, last: date) -> list[Event]:
    """Give what this scheme does at its fixed times between two days (日程)."""
    rules = ScoringRules.objects.get()
    return events(
        first,
        last,
        scored=rules.scored,
        redeemed=rules.redeemed,
        compared=rules.compared,
        ranked=rules.ranked,
        reviewed=rules.reviewed,
    )


def newest_meeting(unit: Unit, period: Period, body: Body = Body.EVALUATION) -> Meeting:
    """Give the meeting of a body for a period that was opened last. Raises: NoMeeting."""
    meeting = Meeting.objects.filter(unit=unit, period=str(period), body=body).order_by("-id").first()
    if meeting is None:
        raise NoMeeting(unit=unit.name, period=str(period))
    return meeting


def of_family(notice: Notice, way: str = "") -> Q:
    """Give the condition for what belongs to a notice's family: to any edition of the same regular or special notice.

    way: of lookups from the row to its notice, `sheet__notice__`.
    """
    identity = {"unit": notice.unit_id, "period": notice.period, "special": notice.special}
    return Q(**{way + field: value for field, value in identity.items()})


def same_family(way: str, outer: str) -> Q:
    """Give the condition, inside a subquery, that a row belongs to the family of the row outside."""
    return Q(**{way + field: OuterRef(outer + field) for field in ("unit", "period", "special")})


def notice_of(unit: Unit, period: Period, edition: int | None = None, *, special: int = 0) -> Notice:
    """Give a period's regular notice, or a special one: the newest edition, or the one asked for. Raises: NoNotice."""
    editions = Notice.objects.filter(unit=unit, period=str(period), special=special).select_related(
        "unit__parent"
    )
    if edition is not None:
        editions = editions.filter(edition=edition)
    notice = editions.order_by("-edition").first()
    if notice is None:
        raise NoNotice(unit=unit.name, period=str(period))
    return notice


def newest_edition(notice: Notice) -> Notice:
    """Give the newest edition of the notice that this is an edition of."""
    return Notice.objects.filter(of_family(notice)).order_by("-edition")[0]


def current_lines(notice: Notice) -> QuerySet[NoticeLine]:
    """Give the lines that stand, over all editions of this notice: those that none has replaced."""
    standing = NoticeLine.objects.filter(of_family(notice, "sheet__notice__"), replacement=None)
    return standing.order_by("number")


def line_of(notice: Notice, number: int) -> NoticeLine:
    """Give the line that stands under a number. Raises: UnknownLine."""
    line = current_lines(notice).filter(number=number).first()
    if line is None:
        raise UnknownLine(number=number)
    return line


def total_of(notice: Notice, number: str) -> NoticeTotal:
    """Give the row of the household with a number. Raises: UnknownTotal."""
    total = NoticeTotal.objects.filter(sheet__notice=notice, number=number).first()
    if total is None:
        raise UnknownTotal(number=number)
    return total


def objections_to(notice: Notice) -> QuerySet[Objection]:
    """Give the objections to a notice, in any of its editions, oldest first."""
    return (
        Objection.objects.filter(of_family(notice, "sheet__notice__"))
        .select_related("line", "total")
        .order_by("id")
    )


def held_back(lines: QuerySet[NoticeLine]) -> QuerySet[NoticeLine]:
    """Keep the lines that must not settle: what an open objection or a supervisor's open remark holds, or replaced.

    An objection holds in all editions of its family: the line of its number, the lines of its total's household, or,
    once it is admitted, all of them. In one query, whose cost for a part is that of its lines and of the open
    objections' rows; the numbers of objected lines are looked up for corrected lines alone.
    """
    open_ones = Objection.objects.filter(state=ObjectionState.OPEN)
    objections = open_ones.filter(same_family("sheet__notice__", "sheet__notice__"))
    to_line = Exists(open_ones.filter(line=OuterRef("id")))
    to_number = Exists(objections.filter(line__number=OuterRef("number")))
    totals = objections.filter(total__isnull=False)
    to_total = Exists(totals.filter(total__household=OuterRef("household")))
    to_all = Exists(objections.filter(line=None, total=None, admitted_at__isnull=False))
    remarks = Exists(Remark.objects.filter(share=OuterRef("share"), holds=True, answered_at=None))
    newer = Exists(NoticeLine.objects.filter(replaces=OuterRef("id")))
    corrected = Q(replaces__isnull=False) & Q(to_number)
    return lines.filter(Q(to_line) | corrected | Q(to_total) | Q(to_all) | Q(remarks) | Q(newer))


# Whether `held_back` may find anything among a sheet's lines, told by looking at what is open and not at the lines:
# hardly any of a county's sheets has something to hold, and to ask for each line would take as long as posting it.
# Whoever adds to the one adds to the other (tests/scoring/test_holding.py counts).
CONTESTED = """(
    EXISTS (
        SELECT FROM scoring_objection objection
        JOIN scoring_noticesheet lodged_at ON lodged_at.id = objection.sheet_id
        JOIN scoring_notice objected ON objected.id = lodged_at.notice_id
        WHERE objection.state = 'open' AND objected.unit_id = notice.unit_id AND objected.period = notice.period
          AND objected.special = notice.special
    ) OR EXISTS (
        SELECT FROM scoring_notice newer
        WHERE newer.unit_id = notice.unit_id AND newer.period = notice.period AND newer.special = notice.special
          AND newer.edition > notice.edition
    ) OR EXISTS (
        SELECT FROM scoring_remark remark JOIN scoring_noticeline line ON line.share_id = remark.share_id
        WHERE remark.holds AND remark.answered_at IS NULL AND line.sheet_id = sheet.id
    )
)"""


def due_parts(unit: Unit, today: date) -> list[tuple[int, int]]:
    """Give (sheet id, part) of everything below a unit whose deadline has passed and that is not settled yet."""
    with connection.cursor() as cursor:
        cursor.execute(DUE_PARTS, {"path": unit.path, "today": today})
        return [(sheet_id, part) for sheet_id, part in cursor.fetchall()]


def released_lines(unit: Unit) -> QuerySet[NoticeLine]:
    """Give the lines below a unit that were held when their part settled, and that nothing holds any more."""
    waiting = NoticeLine.objects.filter(held__released=False, sheet__notice__unit__path__startswith=unit.path)
    return waiting.exclude(id__in=held_back(waiting).values("id"))


def posted_lines(lines: QuerySet[NoticeLine]) -> QuerySet[NoticeLine]:
    """Keep the lines that are in the ledger. "Posted" is derived from the settlement of a line's part."""
    settled = Settlement.objects.filter(sheet=OuterRef("sheet"), part=OuterRef("part"))
    held = HeldLine.objects.filter(line=OuterRef("id"), released=False)
    return lines.filter(Exists(settled), ~Exists(held))


@dataclass(frozen=True)
class NoticeFigures:
    """A notice, or one sheet of it, in figures: households, centipoints added and deducted, objections lodged."""

    households: int
    plus: int
    minus: int
    objections: int

    @property
    def net(self) -> int:
        return self.plus - self.minus


def figures_of(notices: Collection[Notice]) -> dict[int, NoticeFigures]:
    """Give the figures of many notices in two queries."""
    sums = {
        row["sheet__notice"]: (row["households"], row["plus"], row["minus"])
        for row in NoticeTotal.objects.filter(sheet__notice__in=notices)
        .values("sheet__notice")
        .annotate(households=Count("id"), plus=Sum("plus"), minus=Sum("minus"))
    }
    objections = _objections_by_family(notices)
    return {
        notice.pk: NoticeFigures(
            *sums.get(notice.pk, (0, 0, 0)),
            objections.get((notice.unit_id, notice.period, notice.special), 0),
        )
        for notice in notices
    }


def _objections_by_family(notices: Iterable[Notice]) -> dict[tuple[int, str, int], int]:
    rows = (
        Objection.objects.filter(
            sheet__notice__unit__in={notice.unit_id for notice in notices},
            sheet__notice__period__in={notice.period for notice in notices},
        )
        .values(
            unit=F("sheet__notice__unit"),
            period=F("sheet__notice__period"),
            special=F("sheet__notice__special"),
        )
        .annotate(count=Count("id"))
    )
    return {(row["unit"], row["period"], row["special"]): row["count"] for row in rows}


def changed_lines(sheet: NoticeSheet) -> list[NoticeLine]:
    """Give the lines that the last correction of a sheet changed, each with the one it replaces; none before any.

    A sheet that an edition did not touch still hangs as its last correction left it.
    """
    of_sheet = NoticeLine.objects.filter(
        of_family(sheet.notice, "sheet__notice__"),
        sheet__unit=sheet.unit_id,
        sheet__notice__edition__lte=sheet.notice.edition,
        replaces__isnull=False,
    )
    lines = list(of_sheet.select_related("replaces", "sheet__notice").order_by("number"))
    last = max((line.sheet.notice.edition for line in lines), default=None)
    return [line for line in lines if line.sheet.notice.edition == last]


def sheet_code(sheet: NoticeSheet) -> str:
    """Give the check code of a sheet, as it stands on wall, phone and paper."""
    return check_code(sheet.digest)


def newest_notices(unit: Unit) -> QuerySet[Notice]:
    """Give the notices below a unit, each in its newest edition, latest period first.

    A period's special notices follow its regular one.
    """
    newer = Notice.objects.filter(same_family("", ""), edition__gt=OuterRef("edition"))
    return (
        Notice.objects.filter(~Exists(newer), unit__path__startswith=unit.path)
        .select_related("unit")
        .order_by("-period", "unit__path", "special")
    )


def public_notices(unit: Unit) -> QuerySet[Notice]:
    """Keep of the newest notices those that can be seen in public: whose last deadline is not too long ago.

    CONDUCT "Masking": notices leave the public pages after a set term (`ScoringRules.public_days`).
    """
    since = clock.today() - timedelta(days=ScoringRules.objects.get().public_days)
    seen = NoticeSheet.objects.filter(same_family("notice__", ""), deadline__gte=since)
    return newest_notices(unit).filter(Exists(seen))


def is_public(notice: Notice) -> bool:
    """Tell whether a notice, in any of its editions, can still be seen in public."""
    since = clock.today() - timedelta(days=ScoringRules.objects.get().public_days)
    return NoticeSheet.objects.filter(of_family(notice, "notice__"), deadline__gte=since).exists()
