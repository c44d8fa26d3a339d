"""What the scoring's tests share: short ways along the way of a deed, and villages of any size.

Unless a test is about who acts, the system brings, verifies, issues and settles; the meeting is always real people's.
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import product

from django.db.models import Count

from tests.cast import COMMITTEE
from tests.catalogue.cast import in_force
from tests.people.cast import appointment, resident
from xiangyue.catalogue.codec import scheme_to_json
from xiangyue.catalogue.models import Catalogue, Indicator
from xiangyue.catalogue.queries import catalogue_in_force, find_indicator
from xiangyue.catalogue.rules.scheme import Scheme
from xiangyue.catalogue.rules.terms import Trait
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.periods import Period
from xiangyue.ledger.queries import Balances, balances_of
from xiangyue.people.models import Household, Resident, Unit
from xiangyue.people.operations.roster import import_roster
from xiangyue.people.queries import household_by_number
from xiangyue.people.roster_form import roster_workbook
from xiangyue.scoring.facts import Given
from xiangyue.scoring.models import Deed, Meeting, Notice, Share, Source, Verdict
from xiangyue.scoring.operations.bringing import NewDeed, NewShare, bring_deeds
from xiangyue.scoring.operations.meetings import Ruling, decide_deeds, hold_meeting
from xiangyue.scoring.operations.notices import issue_notice
from xiangyue.scoring.operations.review import verify_deeds
from xiangyue.scoring.operations.settlement import SettlementReport, settle_due
from xiangyue.scoring.queries import current_lines
from xiangyue.users.queries import user_by_login

PERIOD = Period(2026, 10)
DAY = date(2026, 10, 12)
ISSUED, DEADLINE, AFTER = date(2026, 11, 2), date(2026, 11, 6), date(2026, 11, 7)

# Of the published catalogue that the cast lives under: fixed points, no caps.
LABOUR, SWEEPING, VOLUNTEERING, RUBBISH = "参加公共劳动", "参加环境清扫", "志愿服务", "乱堆垃圾不整治"

# One rule of each form, with caps of each kind.
CAPPED = (
    {"编号": "1", "指标": "大扫除", "分值": "5", "上限": "每月4次", "对象": "户"},
    {"编号": "2", "指标": "垃圾分类", "分值": "2-5", "上限": "每月10分", "对象": "户"},
    {"编号": "3", "指标": "修路", "分值": "每小时2", "上限": "每月40分", "对象": "户"},
    {"编号": "4", "指标": "捐物", "分值": "一事一议", "上限": "", "对象": "户"},
    {"编号": "6", "指标": "巡逻", "分值": "3", "上限": "每天1次；每月2次", "对象": "户"},
    {"编号": "5", "指标": "参军", "分值": "50", "上限": "一次性", "对象": "村民个人"},
)
PRESENT = COMMITTEE[:5]  # of seven: two thirds, rounded up
SURNAMES, GIVEN = "田麦谷桑柳松柏荷禾稻梅兰竹菊桃李杏枣", "禾穗雨叶荫海青甜香花苗露霜雪云月星山"


def actor(login: str) -> Actor:
    return Actor.user(user_by_login(login).pk)


def somebody(village: Unit, who: str) -> Actor:
    """Give who is meant: a login, `system`, or a household's card as `card 018`."""
    if who == "system":
        return SYSTEM
    number = who.removeprefix("card ")
    return actor(who) if number == who else Actor.card(household(village, number).pk)


def household(village: Unit, number: str) -> Household:
    return household_by_number(village=village, number=number)


def two_people(village: Unit) -> tuple[Resident, Resident]:
    """Give two residents of one household."""
    large = Household.objects.filter(village=village).annotate(people=Count("residents")).filter(people__gt=1)
    first, second, *_others = large[0].residents.all()
    return first, second


def indicator(village: Unit, text: str, day: date = DAY) -> Indicator:
    return find_indicator(catalogue_in_force(village, day), text)


def capped(village: Unit, *, on: date = date(2026, 2, 1)) -> Catalogue:
    """Put the catalogue with the caps in force, after the published one."""
    return in_force(SYSTEM, village, on, *CAPPED)


def leave_outside(village: Unit, trait: Trait, day: date = DAY) -> None:
    """Let the scheme in force on a day leave people outside of every item."""
    frame = catalogue_in_force(village, day)
    frame.scheme = scheme_to_json(Scheme(excluded=frozenset({trait})))
    frame.save()


def a_deed(
    village: Unit,
    *numbers: str,
    of: str = LABOUR,
    day: date = DAY,
    proposed: int | None = None,
    amount: int | None = None,
    key: str = "",
    note: str = "",
) -> NewDeed:
    """A deed of the households with these numbers, as it is brought."""
    shares = [NewShare(household(village, n), given=Given(proposed=proposed, amount=amount)) for n in numbers]
    return NewDeed(key or secrets.token_hex(8), indicator(village, of, day), day, shares, note)


def bring(by: Actor, *deeds: NewDeed, source: Source = Source.SHEET) -> list[Deed]:
    return bring_deeds(actor=by, deeds=deeds, source=source)


def verified(*deeds: NewDeed, by: Actor = SYSTEM) -> list[Share]:
    """Bring deeds and vouch for them; give their shares, in the order of the input."""
    brought = bring(by, *deeds)
    verify_deeds(actor=SYSTEM, deed_ids=[deed.pk for deed in brought])
    return [share for deed in brought for share in deed.shares.order_by("id")]


def a_meeting(
    village: Unit,
    logins: Sequence[str] = PRESENT,
    *,
    period: Period = PERIOD,
    held_on: date | None = None,
    key: str = "",
) -> Meeting:
    return hold_meeting(
        actor=SYSTEM,
        unit_id=village.pk,
        period=period,
        held_on=held_on or clock.today(),
        attendee_ids=[user_by_login(login).pk for login in logins],
        key=key or secrets.token_hex(8),
    )


def approve(meeting: Meeting, shares: Iterable[Share], *, by: str = PRESENT[0]) -> list[Share]:
    """Let a meeting approve shares as they are; give them as they were decided."""
    rulings = [Ruling(share.pk, Verdict.APPROVE) for share in shares]
    decisions = decide_deeds(actor=actor(by), meeting_id=meeting.pk, rulings=rulings)
    return [decision.share for decision in decisions]


def noticed(
    village: Unit, *deeds: NewDeed, period: Period = PERIOD, committee: Sequence[str] = PRESENT
) -> Notice:
    """Take deeds all the way to the board."""
    approve(a_meeting(village, committee, period=period), verified(*deeds), by=committee[0])
    return issue_notice(actor=SYSTEM, unit_id=village.pk, period=period)


def settled(village: Unit, *, on: date = AFTER) -> SettlementReport:
    with clock.as_of(on):
        return settle_due(actor=SYSTEM, unit_id=village.pk)


def balance(village: Unit, number: str) -> Balances:
    holder = household(village, number).holder_id
    return balances_of([holder])[holder]


def populate(village: Unit, *, households: int, grids: int) -> list[str]:
    """Fill a village with one-person households in grids, of which the first four sit on its committee.

    Gives the numbers of the others; the committee's logins are the village's code with 1 to 4 behind.
    """
    names = ["".join(pair) for pair in product(SURNAMES, GIVEN)][:households]
    numbers = [f"{place:03d}" for place in range(1, households + 1)]
    rows = [
        resident(number, name, grid=f"第{place % grids + 1:02d}网格", group="")
        for place, (number, name) in enumerate(zip(numbers, names, strict=True))
    ]
    offices = [
        appointment(number, name, "评议委员", login=login)
        for number, name, login in zip(numbers, names, committee_of(village), strict=False)
    ]
    content = roster_workbook(rows, offices)
    import_roster(actor=SYSTEM, village_id=village.pk, content=content, name="户册.xlsx")
    return numbers[4:]


def committee_of(village: Unit) -> list[str]:
    """Give the logins of a populated village's committee."""
    return [f"{village.code}{place}" for place in range(1, 5)]


def october(village: Unit) -> Notice:
    """A month on the board: lines in the first grid (001) and in the third (004, 013, 018, 050)."""
    return noticed(
        village,
        a_deed(village, "001", of=SWEEPING),
        a_deed(village, "018", of=LABOUR, day=date(2026, 10, 12)),
        a_deed(village, "018", of=VOLUNTEERING, day=date(2026, 10, 3)),
        a_deed(village, "004", of=RUBBISH, day=date(2026, 10, 5)),
        a_deed(village, "004", of=VOLUNTEERING, day=date(2026, 10, 5)),
        a_deed(village, "050", "013", of=LABOUR, day=date(2026, 10, 20)),
    )


# What stands on it: number of the line, household, centipoints.
OCTOBER = (
    (1, "001", 500),
    (2, "004", -1000),
    (3, "004", 1500),
    (4, "013", 800),
    (5, "018", 1500),
    (6, "018", 800),
    (7, "050", 800),
)


def standing(notice: Notice) -> list[tuple[int, str, int]]:
    """Give what stands on a notice, over its editions."""
    return list(current_lines(notice).values_list("number", "household__number", "points"))
