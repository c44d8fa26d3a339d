"""What a household's first page shows, in two queries: it is the page that a whole county opens in one evening.

`passbook` gives every line with its reason; this gives sums alone, and costs the same for one line as for a thousand.
Its statements are written out, since putting them together anew for each visitor would cost more than running them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from xiangyue.kernel import clock
from xiangyue.kernel.periods import Period
from xiangyue.kernel.prepared import Prepared
from xiangyue.ledger.models import AccountKind
from xiangyue.ledger.queries import Balances, balances_from
from xiangyue.messages.templates import own_only
from xiangyue.people.models import Household
from xiangyue.people.queries import LABEL_JOINT, paths_to

NEWEST: Final = 12  # notices of the village that are looked at; who wants more opens the board

# What is on notice and not posted is told as in `scoring.queries.posted_lines`, an honour that holds as in
# `people.operations.standings.holding_on`: who changes the one changes the other (tests/insight/test_front_page.py).
_OWN_TEXT: Final = """
    WITH waiting AS (
        SELECT line.points, notice.period
        FROM scoring_noticeline line
        JOIN scoring_noticesheet sheet ON sheet.id = line.sheet_id
        JOIN scoring_notice notice ON notice.id = sheet.notice_id
        WHERE line.household_id = %(household)s
          AND NOT EXISTS (SELECT FROM scoring_noticeline newer WHERE newer.replaces_id = line.id)
          AND (
              EXISTS (SELECT FROM scoring_heldline held WHERE held.line_id = line.id AND NOT held.released)
              OR NOT EXISTS (
                  SELECT FROM scoring_settlement settled
                  WHERE settled.sheet_id = line.sheet_id AND settled.part = line.part
              )
          )
    ),
    rank AS (
        -- On a special notice stand the few that it is about; there is no rank among them.
        SELECT DISTINCT ON (notice.period) notice.period, sheet.unit_id AS unit, total.rank AS place
        FROM scoring_noticetotal total
        JOIN scoring_noticesheet sheet ON sheet.id = total.sheet_id
        JOIN scoring_notice notice ON notice.id = sheet.notice_id
        WHERE total.household_id = %(household)s AND notice.special = 0
        ORDER BY notice.period DESC, notice.edition DESC
        LIMIT 2
    )
    SELECT
        (SELECT name FROM people_resident
         WHERE household_id = %(household)s AND relation = 'head' AND left_on IS NULL),
        (SELECT array_agg(name ORDER BY path) FROM people_unit WHERE path = ANY(%(way)s)),
        (SELECT name FROM people_standing
         WHERE household_id = %(household)s AND is_honour AND since <= %(today)s
           AND (until IS NULL OR until >= %(today)s) AND (ended_on IS NULL OR ended_on > %(today)s)
         ORDER BY since DESC, id DESC LIMIT 1),
        (SELECT coalesce(sum(points), 0)::bigint FROM waiting),
        (SELECT max(period) FROM waiting),
        (SELECT count(*) FROM messages_message
         WHERE read_at IS NULL AND (household_id = %(household)s OR user_id = %(user)s)
           AND template <> ALL(%(withheld)s)),
        EXISTS (SELECT FROM scoring_objection WHERE household_id = %(household)s AND state = 'open'),
        EXISTS (
            SELECT FROM scoring_share share JOIN scoring_deed deed ON deed.id = share.deed_id
            WHERE share.household_id = %(household)s
              AND deed.state IN ('submitted', 'returned', 'verified', 'judged')
        ),
        (SELECT json_agg(rank ORDER BY period DESC) FROM rank),
        account.honour, account.balance, account.arrears, account.held, account.redeem_floor
    FROM (SELECT 1) AS one
    LEFT JOIN ledger_account account ON account.holder_id = %(holder)s AND account.kind = %(points)s
"""

# As `scoring.queries.public_notices`, with the household's own sheet.
_HANGING_TEXT: Final = """
    SELECT notice.public_id, unit.name, notice.period, notice.special, notice.issued_on,
           coalesce(own.position, 1), coalesce(own.deadline, last.deadline), own.position IS NOT NULL
    FROM scoring_notice notice
    JOIN people_unit unit ON unit.id = notice.unit_id
    CROSS JOIN LATERAL (
        SELECT max(deadline) AS deadline FROM scoring_noticesheet sheet WHERE sheet.notice_id = notice.id
    ) last
    LEFT JOIN LATERAL (
        SELECT sheet.position, sheet.deadline
        FROM scoring_noticesheet sheet JOIN scoring_noticetotal total ON total.sheet_id = sheet.id
        WHERE sheet.notice_id = notice.id AND total.household_id = %(household)s
        ORDER BY sheet.position LIMIT 1
    ) own ON true
    WHERE unit.path LIKE %(below)s
      AND NOT EXISTS (
          SELECT FROM scoring_notice newer
          WHERE newer.unit_id = notice.unit_id AND newer.period = notice.period
            AND newer.special = notice.special AND newer.edition > notice.edition
      )
      AND EXISTS (
          SELECT FROM scoring_noticesheet seen JOIN scoring_notice edition ON edition.id = seen.notice_id
          WHERE edition.unit_id = notice.unit_id AND edition.period = notice.period
            AND edition.special = notice.special
            AND seen.deadline >= %(today)s::date - (SELECT public_days::integer FROM scoring_scoringrules)
      )
    ORDER BY notice.period DESC, unit.path, notice.special
    LIMIT %(most)s
"""

_ABOUT: Final = {"household": "bigint", "today": "date"}
_OF_OWN: Final = {
    "holder": "bigint",
    "points": "text",
    "user": "bigint",
    "withheld": "text[]",
    "way": "text[]",
}
_OWN: Final = Prepared("front_page_own", _OWN_TEXT, _ABOUT | _OF_OWN)
_HANGING: Final = Prepared("front_page_hanging", _HANGING_TEXT, _ABOUT | {"below": "text", "most": "bigint"})


@dataclass(frozen=True, slots=True)
class Hanging:
    """A notice of the village that can be seen in public, in its newest edition.

    special: its number, or 0. position, deadline: of the household's own sheet if it stands on one (`is_own`), else
    the first sheet's position and the last deadline of all.
    """

    public_id: UUID
    unit_name: str
    period: Period
    special: int
    issued_on: date
    position: int
    deadline: date
    is_own: bool

    @property
    def is_open(self) -> bool:
        return self.deadline >= clock.today()


@dataclass(frozen=True, slots=True)
class FrontPage:
    """What a household's first page shows.

    head: of the household, or its number where nobody is. place: 第三网格·第二联户组. honour_title: an honour that it
    holds today, or empty. pending: centipoints on notice and not posted, of which the newest stand in pending_period.
    rank: on its sheet of the village's newest regular notice, if it stands there; rise: places won since the one before
    (negative: lost), None where it stood on another sheet or on none. unread: messages to it, or to who signed in.
    has_objections, has_deeds: whether an objection is open, a deed on its way; who has none need not be asked for them.
    """

    head: str
    place: str
    honour_title: str
    balances: Balances
    pending: int
    pending_period: Period | None
    rank: int | None
    rise: int | None
    notices: Sequence[Hanging]
    unread: int
    has_objections: bool
    has_deeds: bool


def front_page(household: Household, *, user_id: int | None = None, on_behalf: bool = False) -> FrontPage:
    """Read a household's first page. household: with its unit and village. user_id: of the member who signed in.

    on_behalf: as whoever acts for the household sees it. Nobody is ranked who wishes not to be, nor where the village
    decided so. In two queries, whatever there is.
    """
    facts = {
        "household": household.pk,
        "holder": household.holder_id,
        "points": AccountKind.POINTS.value,
        "user": user_id or 0,
        "withheld": own_only() if on_behalf else [],
        "way": [path for path in paths_to(household.unit) if len(path) > len(household.village.path)],
        "below": f"{household.village.path}%",  # codes are letters, digits and dashes
        "today": clock.today(),
        "most": NEWEST,
    }
    (own,) = _OWN.rows(facts)
    head, way, honour_title, pending, pending_period, unread, has_objections, has_deeds, ranks, *account = own
    notices = [
        Hanging(public_id, unit_name, Period.parse(period), *rest)
        for public_id, unit_name, period, *rest in _HANGING.rows(facts)
    ]
    is_ranked = household.is_ranked and household.village.is_ranked
    rank, rise = _rank(ranks or [], notices) if is_ranked else (None, None)
    return FrontPage(
        head=head or household.number,
        place=LABEL_JOINT.join(way or [household.unit.name]),
        honour_title=honour_title or "",
        balances=balances_from(*account),
        pending=pending,
        pending_period=Period.parse(pending_period) if pending_period else None,
        rank=rank,
        rise=rise,
        notices=notices,
        unread=unread,
        has_objections=has_objections,
        has_deeds=has_deeds,
    )


def _rank(ranks: Sequence[dict[str, Any]], notices: Sequence[Hanging]) -> tuple[int | None, int | None]:
    """Give the rank on the newest regular notice, and the places won since the one before."""
    newest = next((str(each.period) for each in notices if not each.special), None)
    if not ranks or ranks[0]["period"] != newest:
        return None, None
    now, *before = ranks
    is_comparable = bool(before) and before[0]["unit"] == now["unit"]
    return now["place"], before[0]["place"] - now["place"] if is_comparable else None
