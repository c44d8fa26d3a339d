"""Every deadline of an objection's way, the day before its last day, on it, and the day after (DOMAIN §3).

The table is written by hand. Its rows are those of what there is (targets, instances, notices, editions): a
combination that is missing, or one too many, fails.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import product
from typing import get_args

import pytest

from tests.cast import Cast
from tests.scoring.cast import (
    DEADLINE,
    ISSUED,
    PERIOD,
    SWEEPING,
    a_deed,
    a_meeting,
    approve,
    october,
    verified,
)
from tests.scoring.objecting import admit, dismiss, lodge, uphold
from xiangyue.catalogue.rules.scheme import Way
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.refusals import Refusal
from xiangyue.scoring.instances import ORDER
from xiangyue.scoring.models import Instance, Notice, NoticeLine, NoticeTotal, Objection, ScoringRules
from xiangyue.scoring.objection_queries import overdue_objections
from xiangyue.scoring.operations.escalating import escalate_objections
from xiangyue.scoring.operations.objections import Target
from xiangyue.scoring.operations.settlement import settle_due
from xiangyue.scoring.operations.special import issue_special
from xiangyue.scoring.operations.supervising import answer_remark, remark
from xiangyue.scoring.queries import current_lines, is_public, line_of, newest_edition, posted_lines, total_of

DAY = timedelta(days=1)
DAYS = {"before": -DAY, "on": timedelta(0), "after": DAY}
TARGETS: dict[type[Target], str] = {NoticeLine: "line", NoticeTotal: "total", Notice: "whole"}
NOTICES, EDITIONS = ("regular", "special"), ("first", "corrected")
CORRECTED, NEW_DEADLINE = date(2026, 11, 4), date(2026, 11, 8)
WHO = {Instance.VILLAGE: "柳成荫", Instance.SUPERVISION: "竹有节", Instance.TOWN: "云帆远"}
STRIKE_DAYS, PUBLIC_DAYS = 3, 30

TABLE = """
matter                          before      on          after

object line regular first       lodged      lodged      deadline-passed
object line regular corrected   lodged      lodged      deadline-passed
object line special first       lodged      lodged      deadline-passed
object line special corrected   lodged      lodged      deadline-passed
object total regular first      lodged      lodged      deadline-passed
object total regular corrected  lodged      lodged      deadline-passed
object total special first      lodged      lodged      deadline-passed
object total special corrected  lodged      lodged      deadline-passed
object whole regular first      lodged      lodged      deadline-passed
object whole regular corrected  lodged      lodged      deadline-passed
object whole special first      lodged      lodged      deadline-passed
object whole special corrected  lodged      lodged      deadline-passed

settle free regular first       waits       waits       posted
settle free regular corrected   waits       waits       posted
settle free special first       waits       waits       posted
settle free special corrected   waits       waits       posted
settle line regular first       waits       waits       held
settle line regular corrected   waits       waits       held
settle line special first       waits       waits       held
settle line special corrected   waits       waits       held
settle total regular first      waits       waits       held
settle total regular corrected  waits       waits       held
settle total special first      waits       waits       held
settle total special corrected  waits       waits       held
settle whole regular first      waits       waits       held
settle whole regular corrected  waits       waits       held
settle whole special first      waits       waits       held
settle whole special corrected  waits       waits       held
settle remark regular first     waits       waits       held
settle remark regular corrected waits       waits       held
settle remark special first     waits       waits       held
settle remark special corrected waits       waits       held

answer village village          answered    answered    passed-on
answer village supervision      answered    answered    answered
answer village town             answered    answered    answered
answer supervision village      passed-on   passed-on   passed-on
answer supervision supervision  answered    answered    passed-on
answer supervision town         answered    answered    answered
answer town village             passed-on   passed-on   passed-on
answer town supervision         passed-on   passed-on   passed-on
answer town town                answered    answered    answered

admit supervision village       not-allowed not-allowed not-allowed
admit supervision supervision   admitted    admitted    not-allowed
admit supervision town          not-allowed not-allowed admitted
admit town village              not-allowed not-allowed not-allowed
admit town supervision          not-allowed not-allowed not-allowed
admit town town                 admitted    admitted    admitted

pass-on village                 village     village     supervision
pass-on supervision             supervision supervision town
pass-on town                    town        town        overdue

strike                          allowed     allowed     refused

retire regular                  public      public      gone
retire special                  public      public      gone
"""
HEAD, *LINES = [line.rsplit(maxsplit=len(DAYS)) for line in TABLE.strip().splitlines() if line]
EXPECTED = {
    (" ".join(line[0].split()), day): told for line in LINES for day, told in zip(DAYS, line[1:], strict=True)
}


def matters() -> Iterator[str]:
    """Give every matter there is: from the models' choices and the targets of the operation."""
    hung = list(product(NOTICES, EDITIONS))
    for what, (of, edition) in product(TARGETS.values(), hung):
        yield f"object {what} {of} {edition}"
    for held, (of, edition) in product(("free", *TARGETS.values(), "remark"), hung):
        yield f"settle {held} {of} {edition}"
    for instance, who in product(Instance, Instance):
        yield f"answer {instance} {who}"
        if instance is not Instance.VILLAGE:  # a whole notice begins with the supervision group
            yield f"admit {instance} {who}"
    for instance in Instance:
        yield f"pass-on {instance}"
    yield "strike"
    for of in NOTICES:
        yield f"retire {of}"


def test_the_table_is_complete() -> None:
    assert ["matter", *DAYS] == HEAD
    assert set(EXPECTED) == set(product(matters(), DAYS))
    assert len(EXPECTED) == len(LINES) * len(DAYS)
    assert set(TARGETS) == set(get_args(Target))
    assert set(WHO) == set(ORDER) == set(Instance)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("matter", list(matters()))
def test_every_deadline(cast: Cast, matter: str, day: str) -> None:
    sort, *details = matter.split()
    try:
        told = HAPPENS[sort](cast, DAYS[day], *details)
    except Refusal as refusal:
        told = refusal.code
    assert told == EXPECTED[matter, day]


def hung(cast: Cast, of: str) -> Notice:
    """On notice until the 6th: household 001 with one line, number 1, and others."""
    if of == "regular":
        return october(cast.village)
    deeds = (a_deed(cast.village, "001", of=SWEEPING), a_deed(cast.village, "018"))
    shares = approve(a_meeting(cast.village), verified(*deeds))
    notice = issue_special(
        actor=SYSTEM,
        unit_id=cast.village.pk,
        period=PERIOD,
        share_ids=[share.pk for share in shares],
        reason="抢险",
    )
    assert (notice.issued_on, notice.deadline, notice.special) == (ISSUED, DEADLINE, 1)
    return notice


def edited(cast: Cast, of: str, edition: str) -> tuple[Notice, date]:
    """Give the newest edition, and the last day to object to line 1 in it."""
    notice = hung(cast, of)
    if edition == "first":
        return notice, DEADLINE
    with clock.as_of(CORRECTED):
        uphold(lodge(cast, line_of(notice, 1), of="050", key="earlier"), {1: 400})
    return newest_edition(notice), NEW_DEADLINE


def target(notice: Notice, what: str) -> Target:
    if what == "whole":
        return notice
    return line_of(notice, 1) if what == "line" else total_of(notice, "001")


def objecting(cast: Cast, late: timedelta, what: str, of: str, edition: str) -> str:
    notice, last = edited(cast, of, edition)
    if what == "whole":
        last = DEADLINE  # its other lines have not changed, and are posted after their own
    with clock.as_of(last + late):
        lodge(cast, target(notice, what))
    return "lodged"


def settling(cast: Cast, late: timedelta, held: str, of: str, edition: str) -> str:
    notice, last = edited(cast, of, edition)
    if held == "remark":
        remark(
            actor=cast.supervisor, share_id=line_of(notice, 1).share_id, text="没见到人", holds=True, key="k"
        )
    elif held != "free":
        with clock.as_of(CORRECTED):
            objection = lodge(cast, target(notice, held))
            if held == "whole":
                admit(objection)
    line = current_lines(notice).filter(number=1)
    with clock.as_of(last + late):
        settle_due(actor=SYSTEM, unit_id=cast.village.pk)
        if posted_lines(line).exists():
            return "posted"
        return "held" if line.filter(held__released=False).exists() else "waits"


def open_at(cast: Cast, instance: str, to: Target) -> Objection:
    objection = lodge(cast, to)
    Objection.objects.filter(pk=objection.pk).update(instance=instance)
    return objection


def answering(cast: Cast, late: timedelta, instance: str, who: str) -> str:
    objection = open_at(cast, instance, line_of(hung(cast, "regular"), 1))
    with clock.as_of(objection.answer_by + late):
        dismiss(objection, by=WHO[Instance(who)])
    return "answered"


def admitting(cast: Cast, late: timedelta, instance: str, who: str) -> str:
    objection = open_at(cast, instance, hung(cast, "regular"))
    with clock.as_of(objection.answer_by + late):
        admit(objection, by=WHO[Instance(who)])
    return "admitted"


def passing_on(cast: Cast, late: timedelta, instance: str) -> str:
    objection = open_at(cast, instance, line_of(hung(cast, "regular"), 1))
    with clock.as_of(objection.answer_by + late):
        done = escalate_objections(actor=SYSTEM)
        assert overdue_objections(cast.village).count() == done.overdue
    objection.refresh_from_db()
    return "overdue" if done.overdue else objection.instance


def striking(cast: Cast, late: timedelta) -> str:
    """A resident has an own award struck within days; the day on which it was entered counts."""
    last = ISSUED + timedelta(days=STRIKE_DAYS - 1)
    return "allowed" if Way(strike_days=STRIKE_DAYS).may_strike(ISSUED, last + late) else "refused"


def retiring(cast: Cast, late: timedelta, of: str) -> str:
    ScoringRules.objects.update(public_days=PUBLIC_DAYS)
    notice = hung(cast, of)
    with clock.as_of(DEADLINE + timedelta(days=PUBLIC_DAYS) + late):
        return "public" if is_public(notice) else "gone"


HAPPENS: dict[str, Callable[..., str]] = {
    "object": objecting,
    "settle": settling,
    "answer": answering,
    "admit": admitting,
    "pass-on": passing_on,
    "strike": striking,
    "retire": retiring,
}


def test_what_held_a_line_past_its_deadline_lets_it_go_when_it_is_answered(cast: Cast) -> None:
    """Nothing is skipped silently: what was held when its day came is posted by the next run."""
    notice = hung(cast, "special")
    held = remark(
        actor=cast.supervisor, share_id=line_of(notice, 1).share_id, text="没见到人", holds=True, key="k"
    )
    settle(cast, DEADLINE + DAY)
    answer_remark(actor=cast.secretary, remark_id=held.pk, answer="有照片")
    settle(cast, DEADLINE + DAY)
    assert posted_lines(current_lines(notice)).count() == 2


def settle(cast: Cast, day: date) -> None:
    with clock.as_of(day):
        settle_due(actor=SYSTEM, unit_id=cast.village.pk)
