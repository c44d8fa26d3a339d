"""An activity's attendance list: one deed, in which everyone who was there has a share."""

from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from xiangyue.catalogue.models import Indicator
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Unit
from xiangyue.scoring.deed_sheet import KnownVillage, read_amount, read_household, read_resident
from xiangyue.scoring.facts import Given
from xiangyue.scoring.judging import require_possible
from xiangyue.scoring.preparing import NewDeed, NewShare
from xiangyue.sheets.problems import Problems
from xiangyue.sheets.read import Row, read_tables
from xiangyue.sheets.write import Column, SheetForm, write_workbook

SHEET: Final = "签到表"
AMOUNT: Final = "时长"
COLUMNS: Final = (
    Column("户号", 8, "和户册上一样"),
    Column("姓名", 10, "谁来的；一户算一次、不分人的，空着"),
    Column(AMOUNT, 8, "按小时计分的，写几小时；按次计分的，空着", as_text=False),
)
REQUIRED: Final = ("户号",)


def attendance_form() -> bytes:
    """Give an empty workbook for who was there, with instructions."""
    return write_workbook([SheetForm(SHEET, COLUMNS)])


def read_attendance(
    unit: Unit, content: bytes, name: str, *, indicator: Indicator, day: date, activity: str, key: str
) -> NewDeed:
    """Read who was at an activity. key: the deed's.

    Raises: SheetRefused with every problem by sheet, row, column and value; what is no such sheet raises. A list of
    nobody gives a deed without shares, which `bring_deeds` refuses.
    """
    problems, known = Problems(), KnownVillage.of(unit)
    shares: dict[tuple[int, int | None], NewShare] = {}
    for table in read_tables(content, name):
        table.require(REQUIRED)
        for row in table.rows:
            share = _share(row, indicator, day, known, problems)
            if share is None:
                continue
            who = (share.household.pk, share.resident.pk if share.resident else None)
            if who in shares:
                column = "姓名" if share.resident else "户号"
                problems.add(row, column, "share-repeated", _("同一次活动里，这一户（这个人）写了两次"))
            shares[who] = share
    problems.raise_if_any()
    return NewDeed(key, indicator, day, tuple(shares.values()), description=activity, activity=activity)


def _share(
    row: Row, indicator: Indicator, day: date, known: KnownVillage, problems: Problems
) -> NewShare | None:
    before = len(problems)
    household = read_household(row, known, problems)
    resident = read_resident(row, household, known, problems)
    given = Given(amount=read_amount(row, AMOUNT, indicator.item, problems))
    if household is None or len(problems) > before:
        return None
    try:
        scheme = known.scheme_of(indicator)
        require_possible(indicator, day, household, resident, given, known.people, scheme)
    except Refusal as refusal:
        column = AMOUNT if refusal.field in ("quantity", "points") else "姓名" if row.text("姓名") else "户号"
        problems.add(row, column, refusal.code, str(refusal))
        return None
    return NewShare(household, resident, given)
