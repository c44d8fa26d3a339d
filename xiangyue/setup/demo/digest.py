"""One figure over all that a jurisdiction has made public: two demos of one seed and day have the same."""

from xiangyue.kernel.ids import digest
from xiangyue.ledger.queries import balances_of
from xiangyue.people.models import Household
from xiangyue.scoring.models import Notice, NoticeLine, NoticeTotal


def public_digest() -> str:
    """Give the SHA-256 over all notices with their rows and lines, and over what every household has, in the schema."""
    notices = Notice.objects.order_by("unit__code", "period", "special", "edition").values_list(
        "unit__code", "period", "special", "edition", "issued_on", "deadline", "digest"
    )
    totals = NoticeTotal.objects.order_by("sheet__notice__unit__code", "sheet_id", "number").values_list(
        "sheet__position", "number", "masked_name", "rank", "plus", "minus", "honour"
    )
    lines = NoticeLine.objects.order_by("sheet_id", "number").values_list(
        "number", "household__number", "points", "share__sentence"
    )
    homes = Household.objects.order_by("village__code", "number")
    balances = balances_of(list(homes.values_list("holder_id", flat=True)))
    have = [
        [code, number, balances[holder].honour, balances[holder].spendable]
        for code, number, holder in homes.values_list("village__code", "number", "holder_id")
    ]
    dated = [[*row[:4], *(day.isoformat() for day in row[4:6]), row[6]] for row in notices]
    return digest([dated, [list(row) for row in totals], [list(row) for row in lines], have])
