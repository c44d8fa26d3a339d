"""A household's statement of a year as a workbook: to keep, to print, to hold beside its proof."""

from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from xiangyue.insight.posted import PostedLine, posted_in
from xiangyue.insight.proofs import Sealed, seals_of
from xiangyue.kernel.ids import check_code, grouped
from xiangyue.kernel.points import format_points
from xiangyue.ledger.queries import balances_of
from xiangyue.people.models import Household
from xiangyue.sheets.write import Column, SheetForm, Value, write_workbook

CHINESE: Final = "zh-hans"  # as all that is written into workbooks, whatever language is active


def statement_workbook(household: Household, year: int) -> bytes:
    """Write what was posted for a household in a year, oldest first, each line with the seal that holds it."""
    with translation.override(CHINESE):
        lines = posted_in(household, year)[::-1]
        seals = seals_of({line.batch_id for line in lines})
        columns = (
            Column(_("日期"), 6, as_text=False),
            Column(_("事项"), 16),
            Column(_("说明"), 20),
            Column(_("怎么算的"), 30),
            Column(_("可用积分"), 5),
            Column(_("荣誉积分"), 5),
            Column(_("记完还有"), 5),
            Column(_("哪一笔"), 8),
            Column(_("第几次封存"), 6),
            Column(_("那一天的校验码"), 12),
        )
        rows = [_row(line, seals.get(line.batch_id)) for line in lines]
        name = _("%(year)s年积分账") % {"year": year}
        return write_workbook([SheetForm(name, columns, rows, notes=_notes(household))])


def _row(line: PostedLine, sealed: Sealed | None) -> tuple[Value, ...]:
    return (
        line.day,
        line.title,
        line.detail,
        line.sentence,
        format_points(line.points, signed=True),
        format_points(line.honour, signed=True),
        format_points(line.after),
        f"{line.batch_id}:{line.line}",
        str(sealed.number) if sealed else _("还没封存"),
        grouped(check_code(sealed.day_digest).upper()) if sealed else "",
    )


def _notes(household: Household) -> tuple[str, ...]:
    balances = balances_of([household.holder_id])[household.holder_id]
    facts = {
        "village": household.village.name,
        "number": household.number,
        "redeemable": format_points(balances.redeemable),
        "honour": format_points(balances.honour),
    }
    return (
        _("%(village)s%(number)s号户的积分账。写这份表时可兑换%(redeemable)s分，累计荣誉%(honour)s分。")
        % facts,
        _("每一条都封存过：哪一天的校验码，和村里公布的比；一样，就没有人改过。"),
        _("要一条一条核对，用“积分证明”那份文件和核对程序，不用上网。"),
    )
