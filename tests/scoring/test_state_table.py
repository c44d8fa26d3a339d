"""Who may do what with a deed in which state: state × act × cast, every combination written down (DOMAIN §3, §7).

The deed is of household 018, and the information administrator brought it. Each line of the table is an act on a deed
in a state; each column somebody of the cast; each cell what comes of it: the state it goes to (`=` where it stays), or
the code of the refusal, by the letters below.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import pytest
from django.db import transaction
from django_tenants.utils import schema_context

from tests.cast import Cast
from tests.scoring.cast import PERIOD, PRESENT, a_deed, a_meeting, approve, bring
from tests.scoring.operations.test_confirming import assemble, seat_assembly
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.scoring.models import Deed, DeedState, Meeting, ScoringRules, Verdict
from xiangyue.scoring.operations.bringing import resubmit_deed, withdraw_deed
from xiangyue.scoring.operations.confirming import Refused, confirm_decisions
from xiangyue.scoring.operations.meetings import Ruling, decide_deeds
from xiangyue.scoring.operations.review import reject_deed, return_deed, verify_deeds
from xiangyue.scoring.operations.small_matters import decide_small
from xiangyue.scoring.operations.supervising import remark
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.tenancy.schemas import current_schema

CODES = {
    "no": "not-allowed",
    "ws": "wrong-state",
    "own": "own-household",
    "br": "brought-by-actor",
    "nb": "not-the-bringer",
    "nm": "not-at-meeting",
    "ud": "unknown-deed",
    "sm": "not-a-small-matter",
    "um": "unknown-meeting",
    "na": "no-assembly",
    "pd": "partly-decided",
    "us": "unknown-share",
}
CAST = (
    "villager", "neighbour", "grid_leader", "other_grid_leader", "clerk", "committee_member", "secretary",
    "supervisor", "shopkeeper", "town_official", "auditor", "administrator", "outsider", "other_county",
)  # fmt: skip
TABLE = """
submitted  verify     own  no  verified  no        no         no        verified  no  no  no  no  no  no  ud
submitted  return     own  no  returned  no        no         no        returned  no  no  no  no  no  no  ud
submitted  reject     own  no  rejected  no        no         no        rejected  no  no  no  no  no  no  ud
submitted  withdraw   nb   nb  nb        nb        withdrawn  nb        nb        nb  nb  nb  nb  nb  nb  ud
submitted  resubmit   nb   nb  nb        nb        ws         nb        nb        nb  nb  nb  nb  nb  nb  ud
submitted  approve    nm   nm  nm        nm        nm         ws        nm        nm  nm  nm  nm  nm  nm  um
submitted  vote-down  nm   nm  nm        nm        nm         ws        nm        nm  nm  nm  nm  nm  nm  um
submitted  small      no   no  ws        ws        no         no        ws        no  no  no  no  no  no  no
submitted  confirm    nm   nm  nm        =         nm         =         nm        nm  nm  nm  nm  nm  nm  na
submitted  refuse     nm   nm  nm        ud        nm         ud        nm        nm  nm  nm  nm  nm  nm  na
submitted  remark     no   no  no        no        no         no        no        =   no  no  no  no  no  us
returned   verify     own  no  ws        no        no         no        ws        no  no  no  no  no  no  ud
returned   return     own  no  ws        no        no         no        ws        no  no  no  no  no  no  ud
returned   reject     own  no  ws        no        no         no        ws        no  no  no  no  no  no  ud
returned   withdraw   nb   nb  nb        nb        withdrawn  nb        nb        nb  nb  nb  nb  nb  nb  ud
returned   resubmit   nb   nb  nb        nb        submitted  nb        nb        nb  nb  nb  nb  nb  nb  ud
returned   approve    nm   nm  nm        nm        nm         ws        nm        nm  nm  nm  nm  nm  nm  um
returned   vote-down  nm   nm  nm        nm        nm         ws        nm        nm  nm  nm  nm  nm  nm  um
returned   small      no   no  ws        ws        no         no        ws        no  no  no  no  no  no  no
returned   confirm    nm   nm  nm        =         nm         =         nm        nm  nm  nm  nm  nm  nm  na
returned   refuse     nm   nm  nm        ud        nm         ud        nm        nm  nm  nm  nm  nm  nm  na
returned   remark     no   no  no        no        no         no        no        =   no  no  no  no  no  us
withdrawn  verify     own  no  ws        no        no         no        ws        no  no  no  no  no  no  ud
withdrawn  return     own  no  ws        no        no         no        ws        no  no  no  no  no  no  ud
withdrawn  reject     own  no  ws        no        no         no        ws        no  no  no  no  no  no  ud
withdrawn  withdraw   nb   nb  nb        nb        ws         nb        nb        nb  nb  nb  nb  nb  nb  ud
withdrawn  resubmit   nb   nb  nb        nb        ws         nb        nb        nb  nb  nb  nb  nb  nb  ud
withdrawn  approve    nm   nm  nm        nm        nm         ws        nm        nm  nm  nm  nm  nm  nm  um
withdrawn  vote-down  nm   nm  nm        nm        nm         ws        nm        nm  nm  nm  nm  nm  nm  um
withdrawn  small      no   no  ws        ws        no         no        ws        no  no  no  no  no  no  no
withdrawn  confirm    nm   nm  nm        =         nm         =         nm        nm  nm  nm  nm  nm  nm  na
withdrawn  refuse     nm   nm  nm        ud        nm         ud        nm        nm  nm  nm  nm  nm  nm  na
withdrawn  remark     no   no  no        no        no         no        no        ws  no  no  no  no  no  us
verified   verify     own  no  ws        no        no         no        ws        no  no  no  no  no  no  ud
verified   return     own  no  returned  no        no         no        returned  no  no  no  no  no  no  ud
verified   reject     own  no  rejected  no        no         no        rejected  no  no  no  no  no  no  ud
verified   withdraw   nb   nb  nb        nb        withdrawn  nb        nb        nb  nb  nb  nb  nb  nb  ud
verified   resubmit   nb   nb  nb        nb        ws         nb        nb        nb  nb  nb  nb  nb  nb  ud
verified   approve    nm   nm  nm        nm        nm         judged    nm        nm  nm  nm  nm  nm  nm  um
verified   vote-down  nm   nm  nm        nm        nm         rejected  nm        nm  nm  nm  nm  nm  nm  um
verified   small      no   no  sm        sm        no         no        sm        no  no  no  no  no  no  no
verified   confirm    nm   nm  nm        =         nm         =         nm        nm  nm  nm  nm  nm  nm  na
verified   refuse     nm   nm  nm        ud        nm         ud        nm        nm  nm  nm  nm  nm  nm  na
verified   remark     no   no  no        no        no         no        no        =   no  no  no  no  no  us
judged     verify     own  no  ws        no        no         no        ws        no  no  no  no  no  no  ud
judged     return     own  no  ws        no        no         no        ws        no  no  no  no  no  no  ud
judged     reject     own  no  pd        no        no         no        pd        no  no  no  no  no  no  ud
judged     withdraw   nb   nb  nb        nb        ws         nb        nb        nb  nb  nb  nb  nb  nb  ud
judged     resubmit   nb   nb  nb        nb        ws         nb        nb        nb  nb  nb  nb  nb  nb  ud
judged     approve    nm   nm  nm        nm        nm         ws        nm        nm  nm  nm  nm  nm  nm  um
judged     vote-down  nm   nm  nm        nm        nm         ws        nm        nm  nm  nm  nm  nm  nm  um
judged     small      no   no  ws        ws        no         no        ws        no  no  no  no  no  no  no
judged     confirm    nm   nm  nm        approved  nm         approved  nm        nm  nm  nm  nm  nm  nm  na
judged     refuse     nm   nm  nm        rejected  nm         rejected  nm        nm  nm  nm  nm  nm  nm  na
judged     remark     no   no  no        no        no         no        no        =   no  no  no  no  no  us
approved   verify     own  no  ws        no        no         no        ws        no  no  no  no  no  no  ud
approved   return     own  no  ws        no        no         no        ws        no  no  no  no  no  no  ud
approved   reject     own  no  ws        no        no         no        ws        no  no  no  no  no  no  ud
approved   withdraw   nb   nb  nb        nb        ws         nb        nb        nb  nb  nb  nb  nb  nb  ud
approved   resubmit   nb   nb  nb        nb        ws         nb        nb        nb  nb  nb  nb  nb  nb  ud
approved   approve    nm   nm  nm        nm        nm         ws        nm        nm  nm  nm  nm  nm  nm  um
approved   vote-down  nm   nm  nm        nm        nm         ws        nm        nm  nm  nm  nm  nm  nm  um
approved   small      no   no  ws        ws        no         no        ws        no  no  no  no  no  no  no
approved   confirm    nm   nm  nm        =         nm         =         nm        nm  nm  nm  nm  nm  nm  na
approved   refuse     nm   nm  nm        ud        nm         ud        nm        nm  nm  nm  nm  nm  nm  na
approved   remark     no   no  no        no        no         no        no        =   no  no  no  no  no  us
rejected   verify     own  no  ws        no        no         no        ws        no  no  no  no  no  no  ud
rejected   return     own  no  ws        no        no         no        ws        no  no  no  no  no  no  ud
rejected   reject     own  no  ws        no        no         no        ws        no  no  no  no  no  no  ud
rejected   withdraw   nb   nb  nb        nb        ws         nb        nb        nb  nb  nb  nb  nb  nb  ud
rejected   resubmit   nb   nb  nb        nb        ws         nb        nb        nb  nb  nb  nb  nb  nb  ud
rejected   approve    nm   nm  nm        nm        nm         ws        nm        nm  nm  nm  nm  nm  nm  um
rejected   vote-down  nm   nm  nm        nm        nm         ws        nm        nm  nm  nm  nm  nm  nm  um
rejected   small      no   no  ws        ws        no         no        ws        no  no  no  no  no  no  no
rejected   confirm    nm   nm  nm        =         nm         =         nm        nm  nm  nm  nm  nm  nm  na
rejected   refuse     nm   nm  nm        ud        nm         ud        nm        nm  nm  nm  nm  nm  nm  na
rejected   remark     no   no  no        no        no         no        no        ws  no  no  no  no  no  us
"""
LINES = [line.split() for line in TABLE.strip().splitlines()]
EXPECTED = {(line[0], line[1], who): cell for line in LINES for who, cell in zip(CAST, line[2:], strict=True)}


@dataclass(frozen=True)
class Ids:
    """What an act names: also where these are another county's."""

    deed: int
    share: int
    unit: int
    meeting: int
    assembly: int

    def ruling(self, verdict: Verdict) -> list[Ruling]:
        return [Ruling(self.share, verdict, reason="" if verdict == Verdict.APPROVE else "不实")]


ACTS: dict[str, Callable[[Actor, Ids], object]] = {
    "verify": lambda actor, ids: verify_deeds(actor=actor, deed_ids=[ids.deed]),
    "return": lambda actor, ids: return_deed(actor=actor, deed_id=ids.deed, reason="缺照片"),
    "reject": lambda actor, ids: reject_deed(actor=actor, deed_id=ids.deed, reason="不实"),
    "withdraw": lambda actor, ids: withdraw_deed(actor=actor, deed_id=ids.deed),
    "resubmit": lambda actor, ids: resubmit_deed(actor=actor, deed_id=ids.deed, description="补了照片"),
    "approve": lambda actor, ids: decide_deeds(
        actor=actor, meeting_id=ids.meeting, rulings=ids.ruling(Verdict.APPROVE)
    ),
    "vote-down": lambda actor, ids: decide_deeds(
        actor=actor, meeting_id=ids.meeting, rulings=ids.ruling(Verdict.REJECT)
    ),
    "small": lambda actor, ids: decide_small(
        actor=actor, unit_id=ids.unit, period=PERIOD, rulings=ids.ruling(Verdict.APPROVE)
    ),
    "confirm": lambda actor, ids: confirm_decisions(actor=actor, meeting_id=ids.assembly),
    "refuse": lambda actor, ids: confirm_decisions(
        actor=actor, meeting_id=ids.assembly, refusals=[Refused(ids.share, "不实")]
    ),
    "remark": lambda actor, ids: remark(actor=actor, share_id=ids.share, text="请核对", holds=True, key="k"),
}


def a_deed_in(state: DeedState, cast: Cast) -> Deed:
    """Take a deed of household 018, brought by the clerk, to a state; it is vouched for by the secretary."""
    (deed,) = bring(cast.clerk, a_deed(cast.village, "018"))
    if state == DeedState.RETURNED:
        return_deed(actor=cast.secretary, deed_id=deed.pk, reason="缺照片")
    elif state == DeedState.WITHDRAWN:
        withdraw_deed(actor=cast.clerk, deed_id=deed.pk)
    elif state != DeedState.SUBMITTED:
        verify_deeds(actor=cast.secretary, deed_ids=[deed.pk])
    if state == DeedState.REJECTED:
        reject_deed(actor=cast.secretary, deed_id=deed.pk, reason="不实")
    if state in (DeedState.JUDGED, DeedState.APPROVED):
        approve(a_meeting(cast.village, PRESENT), deed.shares.all(), by="柏长青")
    if state == DeedState.APPROVED:
        confirm_decisions(actor=cast.actor("荷田田"), meeting_id=Meeting.objects.get(body="assembly").pk)
    found = Deed.objects.get(pk=deed.pk)
    assert found.state == state
    return found


def outcome(act: str, actor: Actor, deed: Deed, ids: Ids, schema: str) -> str:
    """Let somebody try; give what comes of it, and leave no trace."""
    letters = {code: letter for letter, code in CODES.items()}
    with transaction.atomic():
        try:
            with transaction.atomic(), schema_context(schema):
                ACTS[act](actor, ids)
            state = Deed.objects.get(pk=deed.pk).state
            return "=" if state == deed.state else state
        except Refusal as refusal:
            return letters[refusal.code]
        finally:
            transaction.set_rollback(True)


def actor_of(who: str, cast: Cast) -> Actor:
    """Give somebody of the cast; of the other county, whoever has the secretary's number there."""
    return cast.secretary if who == "other_county" else getattr(cast, who)


def test_no_combination_is_missing() -> None:
    assert set(EXPECTED) == set(product((state.value for state in DeedState), ACTS, CAST))
    assert set(EXPECTED.values()) <= {*CODES, *(state.value for state in DeedState), "="}


@pytest.mark.parametrize("state", list(DeedState))
def test_every_act_by_everyone(cast: Cast, founded: Jurisdiction, state: DeedState) -> None:
    ScoringRules.objects.update(stages=["self", "committees", "assembly", "notice"])
    seat_assembly(cast)
    meeting, assembly = a_meeting(cast.village, PRESENT), assemble(cast)
    deed = a_deed_in(state, cast)
    ids = Ids(deed.pk, deed.shares.get().pk, cast.village.pk, meeting.pk, assembly.pk)
    here, wrong = current_schema(), {}
    for act, who in product(ACTS, CAST):
        schema = founded.schema_name if who == "other_county" else here
        found = outcome(act, actor_of(who, cast), deed, ids, schema)
        if found != EXPECTED[state.value, act, who]:
            wrong[act, who] = found, EXPECTED[state.value, act, who]
    assert wrong == {}
