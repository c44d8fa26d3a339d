"""A whole county of the demo: 69,100 households with 500,000 deeds of one month, judged and hung out.

No county types half a million deeds through one sheet in a demo, so that they are dealt and written here by a dozen
statements (`county_sql`), set by set; `catalogue.bulk` judges them, as the pure rules would. All else is done by the
operations: founding, the roster, admitting, meetings, and the notices, which hang since yesterday.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django_tenants.utils import schema_context

from xiangyue.catalogue.bulk import tables
from xiangyue.catalogue.bulk.judging import judge_in_bulk
from xiangyue.catalogue.bulk.reading import judgements_of
from xiangyue.catalogue.bulk.rule import Rule
from xiangyue.catalogue.models import Indicator
from xiangyue.catalogue.queries import indicators_of, rules_in_force, schemes_of
from xiangyue.catalogue.rules.tariffs import table_rows
from xiangyue.catalogue.rules.telling import tell
from xiangyue.catalogue.rules.worth import Fixed, PerUnit, Range, Table
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.periods import Period
from xiangyue.kernel.points import CENTIPOINTS_PER_POINT
from xiangyue.people.models import Appointment, Household, Resident, Unit
from xiangyue.people.offices import Office
from xiangyue.records.operations import log_act
from xiangyue.scoring.judging import kept_of
from xiangyue.scoring.operations.meetings import hold_meeting
from xiangyue.scoring.operations.notices import issue_notice
from xiangyue.setup import divisions
from xiangyue.setup.demo import county_sql as sql
from xiangyue.setup.demo.customs import CUSTOMS, Alone, Together
from xiangyue.setup.demo.days import DAY
from xiangyue.setup.demo.life import before
from xiangyue.setup.demo.loading import Loaded, is_lived_in, told_of
from xiangyue.setup.demo.places import PLACES, Place, Village
from xiangyue.setup.demo.saying import GROWN, is_of_people
from xiangyue.setup.demo.settling import administrator, settle_in
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.tenancy.upgrades import upgrade_shared

SLUG: Final = "qingchengxian"
HOUSEHOLDS, DEEDS = 69_100, 500_000  # that use the program, in DOMAIN §8; a month
STEPS: Final = 6
GRIDS: Final = 3  # of a village
ACTING: Final = (
    Office.VILLAGE_SECRETARY,
    Office.INFORMATION_ADMINISTRATOR,
    Office.COMMITTEE_MEMBER,
    Office.GRID_LEADER,
)


def load_county(
    *,
    households: int = HOUSEHOLDS,
    seed: int = 1,
    slug: str = SLUG,
    advance: Callable[[int], None] = lambda step: None,
) -> Loaded:
    """Make a county of so many households with a month of deeds on notice, unless there is one where people live.

    advance: told of each step, up to STEPS. Raises: as `found_jurisdiction`.
    """
    upgrade_shared()
    today = clock.today()
    place, period = county_place(households, slug), before(Period.of(today), 1)
    is_new = not is_lived_in(place, period.first)
    advance(1)
    if is_new:
        jurisdiction = Jurisdiction.objects.get(slug=slug)
        with schema_context(jurisdiction.schema_name), transaction.atomic():
            settle_in(place, on=period.first, seed=seed, at_once=True)
            advance(2)
            _fill(period, households * DEEDS // HOUSEHOLDS, seed, today, advance)
    return told_of(place, is_new=is_new)


def county_place(households: int, slug: str = SLUG) -> Place:
    """Give a county like `qingcheng` with so many households, in as many of its villages as it takes."""
    like = PLACES["qingcheng"]
    codes = [each.code for each in divisions.tree(like.division) if each.level is divisions.Level.VILLAGE]
    a_village = -(-HOUSEHOLDS // len(codes))
    villages, left = [], households
    for code in codes:
        here = min(left, a_village)
        left -= here
        parts = tuple(here // GRIDS + (place < here % GRIDS) for place in range(GRIDS))
        if here:
            villages.append(Village(code, tuple(part for part in parts if part)))
    return replace(like, slug=slug, villages=tuple(villages), has_shop=True)


def _fill(period: Period, lines: int, seed: int, today: date, advance: Callable[[int], None]) -> None:
    """Deal a month's deeds, judge them, write them, and hang them out."""
    held_on = today - DAY
    with clock.as_of(held_on):
        tables.run(sql.TABLES)
        tables.run("ANALYZE people_unit, people_household, people_resident, people_appointment")
        villages = _people(period, held_on)
        _deal(villages[0], period, lines, seed)
        advance(3)
        _judge(_rules(villages[0], period))
        advance(4)
        at = clock.noon(period.last)
        about = {"at": at, "milliseconds": int(at.timestamp() * 1000), "name": f"county:{period}:"}
        tables.run(sql.DEEDS, about)
        tables.run(sql.SHARES)
        tables.run(sql.DECISIONS, {"period": str(period), "at": clock.now()})
        tables.run(sql.ANALYZED)
        log_act(
            actor=administrator(),
            act="fill",
            subject="unit",
            subject_ids=[village.pk for village in villages],
            reason=f"demo:{period}",
        )
        advance(5)
        _hang(villages, period)
        advance(STEPS)


def _deal(village: Unit, period: Period, lines: int, seed: int) -> None:
    """Deal the month's deeds to the households, into a temporary table."""
    ways = list(_ways(village, period))  # nothing can be asked of the database while rows are copied into it
    tables.fill("demo_way", ways)
    homes = tables.run(sql.HOMES, {"grown": date(period.year - GROWN, 1, 1)})
    tables.run("ANALYZE demo_home")
    days = (period.last - period.first).days + 1
    facts = {"seed": seed, "lines": lines, "first": period.first, "days": days}
    tables.run(sql.DEAL, {**facts, "homes": homes, "ways": len(ways)})
    tables.run("ANALYZE demo_share")


def _judge(rules: dict[int, Rule]) -> None:
    """Judge what was dealt, and keep for each what its judgement says."""
    tables.open_tables()
    tables.run(sql.TO_JUDGE)
    judge_in_bulk(rules)
    tables.run(sql.JUDGED)
    tables.fill("demo_told", list(_told(rules)))
    tables.run("ANALYZE demo_judged")


def _people(period: Period, held_on: date) -> list[Unit]:
    """Hold each village's meeting, and keep for the statements who acts there; give the villages."""
    held: dict[tuple[int, str], list[int]] = defaultdict(list)
    for unit_id, office, user_id in (
        Appointment.objects.filter(office__in=ACTING)
        .order_by("id")
        .values_list("unit_id", "office", "user_id")
    ):
        held[unit_id, office].append(user_id)
    home_of = dict(Resident.objects.filter(user__isnull=False).values_list("user_id", "household_id"))
    villages = list(Unit.objects.filter(id__in=Household.objects.values("village")).order_by("path"))
    offices, voters = [], []
    for village in villages:
        (secretary, *_others) = held[village.pk, Office.VILLAGE_SECRETARY]
        present = held[village.pk, Office.COMMITTEE_MEMBER]
        meeting = hold_meeting(
            actor=Actor.user(secretary),
            unit_id=village.pk,
            period=period,
            held_on=held_on,
            attendee_ids=present,
            key=f"county:{village.code}:{period}",
        )
        first = present[0]
        other = next(each for each in present if home_of.get(each) != home_of.get(first))
        clerk = held[village.pk, Office.INFORMATION_ADMINISTRATOR][0]
        count = len(present)
        offices.append((village.pk, secretary, clerk, meeting.pk, count, first, home_of.get(first), other))
        voters += [(village.pk, home_of[each]) for each in present if each in home_of]
    leaders = [
        (unit_id, users[0], home_of.get(users[0]))
        for (unit_id, office), users in held.items()
        if office == Office.GRID_LEADER
    ]
    tables.fill("demo_office", offices)
    tables.fill("demo_voter", voters)
    tables.fill("demo_leader", leaders)
    return villages


def _rules(village: Unit, period: Period) -> dict[int, Rule]:
    """Give the county's rules for the judging, by indicator."""
    indicators = indicators_of(*rules_in_force(village, period.last).catalogues)
    schemes = schemes_of(indicators)
    return {
        each.pk: Rule(each.item, schemes[each.catalogue_id].limits_beside(each.item)) for each in indicators
    }


def _ways(village: Unit, period: Period) -> Iterator[tuple[Any, ...]]:
    """Give the ways in which a deed may be done, each as often as its custom is frequent."""
    catalogues = rules_in_force(village, period.last).catalogues
    by_number = {each.number: each for each in indicators_of(*catalogues)}
    customs, way = CUSTOMS["qingcheng"], 0
    often: list[tuple[Together | Alone, int]] = [(each, each.share) for each in customs.together]
    often += [(each, max(1, round(each.per_100))) for each in customs.alone]
    for custom, times in often:
        for turn in range(times):
            yield (way, *_way(by_number[custom.number], custom, turn))
            way += 1


def _way(indicator: Indicator, custom: Together | Alone, turn: int) -> tuple[Any, ...]:
    """Say how a deed under an item is dealt: the least points and steps above, or amounts, or a row of its table."""
    worth, personal = indicator.item.worth, is_of_people(indicator)
    low, steps, amount, spread = None, 0, None, 1
    level = rank = severity = None
    name = ""
    if isinstance(worth, Range):
        low, steps = worth.low, (worth.high - worth.low) // CENTIPOINTS_PER_POINT
    elif isinstance(worth, PerUnit) and isinstance(custom, Alone) and custom.amounts:
        amount, spread = custom.amounts[0], custom.amounts[1] // custom.amounts[0]
    elif isinstance(worth, Table):
        rows = table_rows(worth)
        row, _cell = rows[turn % len(rows)]
        level, rank, name = row.level and row.level.value, row.rank, row.name
        severity = row.severity and row.severity.value
    else:
        assert isinstance(worth, Fixed), indicator.number
    figures = (low, steps, amount, spread)
    return indicator.pk, personal, *figures, level, rank, severity, name, None, custom.note


def _told(rules: dict[int, Rule]) -> Iterator[tuple[Any, ...]]:
    """Give what is kept of each judgement that differs from all others, with its sentence."""
    first_of = dict(tables.rows_of(sql.FIRST_OF_EACH))
    judgements = judgements_of(rules, first_of.values())
    with translation.override(settings.LANGUAGE_CODE):
        for signature, share_id in first_of.items():
            judgement = judgements[share_id]
            kept = kept_of(judgement)
            cuts = json.dumps(kept["cuts"], ensure_ascii=False)
            yield signature, kept["points"], kept["asked"], kept["counted"], cuts, tell(judgement)


def _hang(villages: list[Unit], period: Period) -> None:
    secretaries = dict(tables.rows_of("SELECT village_id, secretary FROM demo_office"))
    for village in villages:
        issue_notice(actor=Actor.user(secretaries[village.pk]), unit_id=village.pk, period=period)
