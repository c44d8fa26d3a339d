"""What a village publishes beside its notices, put into words: plan, bodies, meetings, redemptions, drafts.

Everything here is public (DOMAIN §8: plan, scoring and redemption are all public), so that nobody is named, no reason
of a deduction stands beside anybody, and who redeemed is masked as on the board.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from xiangyue.catalogue.diff import difference
from xiangyue.catalogue.models import Catalogue, State
from xiangyue.catalogue.queries import indicators_of, present_and_draft, scheme_for
from xiangyue.catalogue.refusals import NoCatalogueInForce
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.scheme import Stage
from xiangyue.catalogue.rules.tariffs import tariff
from xiangyue.catalogue.rules.terms import Window
from xiangyue.kernel import clock
from xiangyue.kernel.ids import check_code
from xiangyue.kernel.masking import mask_name
from xiangyue.kernel.periods import Period
from xiangyue.ledger.models import Batch, Cause, Seal
from xiangyue.people.models import Appointment, Body, Capacity, Level, OfficeRule, SeatRule, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.register import RegisteredOffice, RegisteredSeat
from xiangyue.people.queries import household_heads, in_force, paths_to
from xiangyue.redemption.models import Order
from xiangyue.redemption.queries import goods_of_orders
from xiangyue.scoring.models import Attendance, Confirmation, Decision, Meeting, ScoringRules, Verdict
from xiangyue.setup import presets
from xiangyue.setup.presets.telling import Chapter, chapters
from xiangyue.tenancy.models import Jurisdiction

ANY_PRESET = "blank"  # where a county brought a scheme of its own, what the tables don't say is left plain
MOST_CHANGES = 50
TECHNICAL = (Office.ADMINISTRATOR,)  # who looks after the program has no part in the scheme


def plan_of(jurisdiction: Jurisdiction, village: Unit) -> list[Chapter]:
    """Tell the scheme by which a village is judged today: the preset's words, with what is set and in force here."""
    rules = ScoringRules.objects.get()
    told = chapters(_as_it_is(jurisdiction, village, rules))
    return [*told, Chapter(_("排不排名"), (_whether_ranked(village, rules),))]


def _whether_ranked(village: Unit, rules: ScoringRules) -> str:
    if not village.is_ranked:
        return _("村里定了不排名。")
    if not rules.ranked:
        return _("方案没有定排名。")
    return _("村里按一年里得的荣誉积分给各户排名，不愿意上榜的户不列。")


def _as_it_is(jurisdiction: Jurisdiction, village: Unit, rules: ScoringRules) -> presets.Preset:
    known = jurisdiction.preset in presets.names()
    preset = presets.load(jurisdiction.preset if known else ANY_PRESET)
    scheme = scheme_for(village)
    stages = tuple(Stage(stage) for stage in rules.stages) or scheme.way.stages
    way = replace(
        scheme.way, stages=stages, notice_days=rules.notice_days, objection_days=rules.objection_days
    )
    rhythm = replace(
        preset.rhythm,
        scored=Window(rules.scored),
        redeemed=_window(rules.redeemed),
        compared=_window(rules.compared),
        ranked=_window(rules.ranked) if village.is_ranked else None,
        reviewed=_window(rules.reviewed),
    )
    offices = [
        RegisteredOffice(Office(each.office), Level(each.level), each.title)
        for each in OfficeRule.objects.exclude(office__in=TECHNICAL).order_by("id")
    ]
    seats = [
        RegisteredSeat(Body(each.body), Capacity(each.capacity), each.least)
        for each in SeatRule.objects.order_by("body", "id")
    ]
    return replace(
        preset,
        judging_level=Level(rules.judging_level),
        quorum_percent=rules.quorum_percent,
        deductions_through=Stage(rules.deductions_through) if rules.deductions_through else None,
        rhythm=rhythm,
        scheme=replace(scheme, account=rules.unit_word, way=way),
        offices=tuple(offices) or preset.offices,
        seats=tuple(seats),
    )


def _window(often: str) -> Window | None:
    return Window(often) if often else None


@dataclass(frozen=True)
class Sitting:
    """A body of the village: how many sit in it, and for whom. Nobody is named, and who sits for two is one."""

    name: str
    members: int
    capacities: Sequence[tuple[str, int]]


def bodies_of(village: Unit, bodies: Iterable[Body] = (Body.EVALUATION, Body.SUPERVISION)) -> list[Sitting]:
    """Give who sits in a village's bodies today, by what they sit for; one query."""
    held = Appointment.objects.filter(
        in_force(), unit__path__startswith=village.path, body__in=list(bodies)
    ).order_by("body", "capacity")
    found: dict[str, dict[str, set[int]]] = {}
    for body, capacity, user_id in held.values_list("body", "capacity", "user"):
        found.setdefault(body, {}).setdefault(capacity, set()).add(user_id)
    return [
        Sitting(
            name=str(body.label),
            members=len(set().union(*found[body].values())),
            capacities=[
                (str(Capacity(capacity).label), len(users))
                for capacity, users in found[body].items()
                if capacity
            ],
        )
        for body in bodies
        if body in found
    ]


def meetings_in(village: Unit) -> QuerySet[Meeting]:
    """Give the meetings of a village and what lies below it, the newest first."""
    below = Meeting.objects.filter(unit__path__startswith=village.path)
    return below.select_related("unit").order_by("-held_on", "-id")


def meeting_rows(meetings: Iterable[Meeting]) -> list[dict[str, Any]]:
    """Put minutes in short: when, how many were there, what was decided, in figures. Three queries for all of them."""
    found = list(meetings)
    came = _counts(Attendance.objects.filter(meeting__in=found, observes=False), "meeting")
    watched = _counts(Attendance.objects.filter(meeting__in=found, observes=True), "meeting")
    decided = _counts(Decision.objects.filter(meeting__in=found), "meeting", "verdict")
    confirmed = _counts(Confirmation.objects.filter(meeting__in=found), "meeting", "is_confirmed")
    return [
        {
            "held_on": meeting.held_on,
            "period": Period.parse(meeting.period),
            "unit_name": meeting.unit.name,
            "body": meeting.get_body_display(),
            "members": meeting.members,
            "came": came.get((meeting.pk,), 0),
            "watched": watched.get((meeting.pk,), 0),
            "approved": decided.get((meeting.pk, Verdict.APPROVE), 0),
            "adjusted": decided.get((meeting.pk, Verdict.ADJUST), 0),
            "rejected": decided.get((meeting.pk, Verdict.REJECT), 0),
            "confirmed": confirmed.get((meeting.pk, True), 0),
            "refused": confirmed.get((meeting.pk, False), 0),
        }
        for meeting in found
    ]


def _counts(rows: QuerySet[Any, Any], *by: str) -> dict[tuple[Any, ...], int]:
    counted = rows.order_by().values_list(*by).annotate(count=Count("id"))
    return {tuple(key): count for *key, count in counted}


def orders_in(village: Unit) -> QuerySet[Order]:
    """Give what was redeemed at a village's shops, as long ago as a notice may hang in public; the newest first.

    What was taken back since is not there.
    """
    undoing = Batch.objects.filter(cause=Cause.REVERSAL, cause_id=OuterRef("batch_id"))
    since = clock.today() - timedelta(days=ScoringRules.objects.get().public_days)
    sold = Order.objects.filter(
        ~Exists(undoing), shop__unit__path__startswith=village.path, sold_on__gte=since
    )
    return sold.select_related("shop", "household").order_by("-sold_on", "-id")


def order_rows(orders: Iterable[Order]) -> list[dict[str, Any]]:
    """Put redemptions into lines: masked head, number, goods, points. Two queries for all of them."""
    found = list(orders)
    goods = goods_of_orders([order.pk for order in found])
    heads = household_heads({order.household_id for order in found})
    return [
        {
            "day": order.sold_on,
            "shop": order.shop.name,
            "masked_name": mask_name(heads.get(order.household_id, "")),
            "number": order.household.number,
            "goods": goods.get(order.pk, ""),
            "points": -order.total,
        }
        for order in found
    ]


def code_rows(seals: Iterable[Seal]) -> list[dict[str, Any]]:
    """Put days' last seals into lines: the day, and the code that is compared with it."""
    return [{"day": seal.day, "code": check_code(seal.digest)} for seal in seals]


@dataclass(frozen=True)
class Change:
    """An item of which a draft says something else. before, after: its points in words, empty where it is not there."""

    title: str
    before: str
    after: str


@dataclass(frozen=True)
class OpenDraft:
    """A draft on which villagers are asked. more: changes beyond those that are listed."""

    name: str
    unit_name: str
    until: date
    changes: Sequence[Change]
    more: int


def open_drafts(village: Unit) -> list[OpenDraft]:
    """Give the drafts that concern a village and on which one may say something today (征求意见)."""
    asked = Catalogue.objects.filter(
        state=State.DELIBERATED, feedback_until__gte=clock.today(), unit__path__in=paths_to(village)
    )
    return [_draft(draft) for draft in asked.select_related("unit").order_by("feedback_until", "id")]


def _draft(draft: Catalogue) -> OpenDraft:
    try:
        before, after = present_and_draft(draft)
        old = [each.item for each in indicators_of(*before)]
    except NoCatalogueInForce:
        old, after = [], (draft,)
    found = difference(old, [each.item for each in indicators_of(*after)])
    changes = [
        *(Change(each.new.title, points_text(each.old), points_text(each.new)) for each in found.changed),
        *(Change(item.title, "", points_text(item)) for item in found.added),
        *(Change(item.title, points_text(item), "") for item in found.removed),
    ]
    assert draft.feedback_until
    return OpenDraft(
        draft.name,
        draft.unit.name,
        draft.feedback_until,
        changes[:MOST_CHANGES],
        max(len(changes) - MOST_CHANGES, 0),
    )


def points_text(item: Item) -> str:
    """Say what an item gives or takes: 每次8分, 每小时2分."""
    return tariff(item.worth, item.direction, item.unit)
