"""How notices are put into words for the board: what the templates of the web faces are given."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from xiangyue.kernel import clock
from xiangyue.kernel.ids import check_code
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Unit
from xiangyue.scoring.models import Notice, NoticeLine, NoticeSheet, NoticeTotal
from xiangyue.scoring.queries import (
    figures_of,
    newest_edition,
    objections_to,
    of_family,
    public_notices,
)

TOP = 3


@dataclass(frozen=True)
class BoardEntry:
    """A notice in the list of the board. special: its number, if it is a special one. plus, minus: magnitudes.

    grids: name and address of each of its sheets, where they were asked for and there are several.
    """

    url: str
    unit_name: str
    period: Period
    issued_on: date
    deadline: date
    special: int
    edition: int
    household_count: int
    plus: int
    minus: int
    grids: tuple[tuple[str, str], ...] = ()

    @property
    def period_label(self) -> str:
        return period_label(self.period)

    @property
    def serial(self) -> str:
        return serial(self.period, self.special)

    @property
    def days_left(self) -> int:
        return days_left(self.deadline)

    @property
    def state(self) -> str:
        return "open" if self.deadline >= clock.today() else "closed"


def hanging(root: Unit, condition: Q) -> QuerySet[Notice]:
    """Give the notices that hang in public where a condition holds, those that one may still object to first."""
    still = NoticeSheet.objects.filter(notice=OuterRef("pk"), deadline__gte=clock.today())
    found = public_notices(root).filter(condition).annotate(is_open=Exists(still))
    return found.order_by("-is_open", "-period", "unit__path", "special")


def with_query(path: str, **asked: str) -> str:
    """Give an address with what is asked for; what is empty is left out."""
    told = urlencode({name: value for name, value in asked.items() if value})
    return f"{path}?{told}" if told else path


def leafing(page: Page[Any], **asked: str) -> dict[str, str | None]:
    """Give the addresses before and after a page of a long list, which keep what else was asked for."""

    def at(number: int) -> str:
        return with_query("", **asked, page=str(number))

    return {
        "newer_url": at(page.previous_page_number()) if page.has_previous() else None,
        "older_url": at(page.next_page_number()) if page.has_next() else None,
    }


def entries(notices: Iterable[Notice], *, with_grids: bool = False) -> list[BoardEntry]:
    """Put notices into the list's form; a constant number of queries for all of them.

    with_grids: also name their sheets, where there are several.
    """
    found = list(notices)
    figures = figures_of(found)
    latest = _last_deadlines(found)
    grids = _grids(found) if with_grids else {}
    listed = [
        BoardEntry(
            url=sheet_url(notice, 1),
            unit_name=notice.unit.name,
            period=Period.parse(notice.period),
            issued_on=notice.issued_on,
            deadline=latest.get(notice.pk, notice.deadline),
            special=notice.special,
            edition=notice.edition,
            household_count=figures[notice.pk].households,
            plus=figures[notice.pk].plus,
            minus=figures[notice.pk].minus,
            grids=tuple(grids.get(notice.pk, ())),
        )
        for notice in found
    ]
    return sorted(listed, key=lambda entry: entry.state == "closed")


def describe(
    sheet: NoticeSheet, totals: Iterable[NoticeTotal], changed: Sequence[NoticeLine]
) -> dict[str, object]:
    """Describe one sheet of a notice, as `gate/notice.html` documents it. changed: by its last correction."""
    notice = sheet.notice
    newest = newest_edition(notice)
    rows = list(totals)
    plus, minus = sum(row.plus for row in rows), sum(row.minus for row in rows)
    period = Period.parse(notice.period)
    is_old = not newest.sheets.filter(unit=sheet.unit_id, digest=sheet.digest).exists()
    whole = sheet.unit_id == notice.unit_id
    return {
        "unit_name": notice.unit.name,
        "sheet_name": "" if whole else sheet.unit.name,
        "town_name": notice.unit.parent.name if notice.unit.parent else "",
        "period": period,
        "period_label": period_label(period),
        "serial": serial(period, notice.special),
        "special": notice.special,
        "edition": changed[0].sheet.notice.edition if changed else 1,
        "changes": [_change(line) for line in changed],
        "issued_on": sheet.issued_on,
        "deadline": sheet.deadline,
        "days_left": days_left(sheet.deadline),
        "days_passed": min((clock.today() - sheet.issued_on).days, _days(sheet)),
        "days_total": _days(sheet),
        "state": "superseded" if is_old else "open" if sheet.deadline >= clock.today() else "closed",
        "superseded_by": sheet_url(newest, sheet.position) if is_old else None,
        "households": len(rows),
        "plus": plus,
        "minus": minus,
        "net": plus - minus,
        "objections": objections_to(notice).filter(sheet__unit=sheet.unit_id).count(),
        "code": check_code(sheet.digest),
        "digest": sheet.digest,
    }


def _change(line: NoticeLine) -> dict[str, object]:
    """Tell what a correction changed: 第58条 5分 → 3分. Figures only, as everything on the board."""
    assert line.replaces
    return {"number": line.number, "before": line.replaces.points, "after": line.points}


def poster_rows(totals: Iterable[NoticeTotal], changed: Sequence[NoticeLine]) -> list[dict[str, object]]:
    """Give a sheet's rows as the list and the poster show them.

    The first three ranks are marked, and the households of which the last correction changed a line.
    """
    corrected = {line.household_id for line in changed}
    return [
        {
            "rank": total.rank,
            "top": total.rank <= TOP,
            "changed": total.household_id in corrected,
            "masked_name": total.masked_name,
            "number": total.number,
            "plus": total.plus,
            "minus": total.minus,
            "net": total.net,
            "honour": total.honour,
        }
        for total in totals
    ]


def standing_lines(sheet: NoticeSheet) -> QuerySet[NoticeLine]:
    """Give a sheet's lines by number, as they stood when its edition was hung: what that corrected is left out."""
    lines = NoticeLine.objects.filter(
        of_family(sheet.notice, "sheet__notice__"),
        sheet__unit=sheet.unit_id,
        sheet__notice__edition__lte=sheet.notice.edition,
    )
    newer = NoticeLine.objects.filter(
        replaces=OuterRef("pk"), sheet__notice__edition__lte=sheet.notice.edition
    )
    return lines.filter(~Exists(newer)).order_by("number")


def line_rows(sheet: NoticeSheet, lines: Iterable[NoticeLine]) -> list[dict[str, object]]:
    """Put lines of a sheet into the list's form, with one query.

    Figures only: a line says whose it is, as masked as on the wall, and how many points; never what for, since what is
    hung out tells no reasons either (CONDUCT).
    """
    found = list(lines)
    rows = sheet.totals.filter(household__in={line.household_id for line in found})
    whose = {row.household_id: row for row in rows}
    return [
        {
            "line_no": line.number,
            "masked_name": whose[line.household_id].masked_name,
            "number": whose[line.household_id].number,
            "points": line.points,
            "changed": line.replaces_id is not None,
            "target": f"line-{line.pk}" if line.deadline >= clock.today() else "",
        }
        for line in found
        if line.household_id in whose
    ]


def sheet_url(notice: Notice, position: int) -> str:
    return reverse("gate:notice", args=[notice.public_id, position])


def period_label(period: Period) -> str:
    return _("%(month)s月") % {"month": period.month}


def serial(period: Period, special: int = 0) -> str:
    """Name the month's notice as people do: 第10期; a special one: 第10期专项第1次."""
    if special:
        return _("第%(serial)s期专项第%(special)s次") % {"serial": period.month, "special": special}
    return _("第%(serial)s期") % {"serial": period.month}


def days_left(deadline: date) -> int:
    """Give how many days may still pass until the deadline; 0 on its last day and after."""
    return max((deadline - clock.today()).days, 0)


def _days(sheet: NoticeSheet) -> int:
    return (sheet.deadline - sheet.issued_on).days + 1


def _grids(notices: Collection[Notice]) -> dict[int, list[tuple[str, str]]]:
    by_id = {notice.pk: notice for notice in notices}
    found: dict[int, list[tuple[str, str]]] = {}
    sheets = NoticeSheet.objects.filter(notice__in=by_id).order_by("notice_id", "position")
    for notice_id, name, position in sheets.values_list("notice_id", "unit__name", "position"):
        found.setdefault(notice_id, []).append((name, sheet_url(by_id[notice_id], position)))
    return {pk: several for pk, several in found.items() if len(several) > 1}


def _last_deadlines(notices: Iterable[Notice]) -> dict[int, date]:
    """A corrected sheet may hang longer than the first edition did."""
    latest: dict[int, date] = {}
    for notice_id, deadline in NoticeSheet.objects.filter(notice__in=list(notices)).values_list(
        "notice_id", "deadline"
    ):
        latest[notice_id] = max(deadline, latest.get(notice_id, deadline))
    return latest
