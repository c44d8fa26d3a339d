"""On what a line that was on notice rests, and who had a hand in it: what its own household is told.

Staff are named, with the office that they held then. Other villagers never are, whatever they did.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from django.db.models import Count, Q, QuerySet

from xiangyue.catalogue.rules.terms import Circumstance, Side
from xiangyue.insight.passbook import photos_of
from xiangyue.insight.reasons import with_reasons
from xiangyue.insight.trace import NOTICED, Settled, settled
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.people.models import Appointment, Household, Unit
from xiangyue.people.offices import GRANTS, Act, Office
from xiangyue.people.queries import households_of, paths_to
from xiangyue.people.register import Register
from xiangyue.scoring.models import (
    Confirmation,
    Decision,
    Evidence,
    HeldLine,
    NoticeLine,
    Objection,
    ObjectionState,
    Remark,
    Settlement,
    Share,
    Source,
)
from xiangyue.scoring.queries import of_family
from xiangyue.users.models import User

_WHOLE: Final = 100  # a factor of one, in hundredths


class Who(StrEnum):
    """Whose hand it was."""

    OWN = "own"
    NEIGHBOUR = "neighbour"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True)
class Hand:
    """Who did something. name, office: of staff alone, the office as the place calls it, empty if none was held."""

    who: Who
    name: str = ""
    office: str = ""


@dataclass(frozen=True)
class Confirmed:
    """What the representatives' assembly said. present: who voted there; recused: who could not (回避)."""

    present: int
    votes_for: int
    votes_against: int
    recused: int
    is_confirmed: bool


@dataclass(frozen=True)
class Doubled:
    """A party member's deduction counts more (党员加倍). factor: in hundredths. usual: what it costs anybody else."""

    factor: int
    usual: int


@dataclass(frozen=True)
class Grounds:
    """basis, term, repair: of a deduction, as the catalogue writes them. decided: who decided a small matter alone.

    on_behalf: it was declared for the household (代办). documents: how many more show it, which only the village keeps:
    they may name others.
    """

    settled: Settled
    basis: str
    term: str
    repair: str
    brought: Hand
    on_behalf: bool
    vouched: Hand | None
    decided: Hand | None
    confirmed: Confirmed | None
    doubled: Doubled | None
    photos: Sequence[Evidence]
    documents: int


@dataclass(frozen=True)
class Hold:
    """What keeps a line from being posted. own: the household's own objections.

    disputed: another household objects to it; whole: somebody to the whole notice, which was admitted. Nobody is told
    who. remarked: a supervisor asked something about it.
    """

    own: Sequence[Objection] = ()
    disputed: bool = False
    whole: bool = False
    remarked: bool = False

    @property
    def is_objected(self) -> bool:
        return bool(self.own or self.disputed or self.whole)

    @property
    def holds(self) -> bool:
        return self.is_objected or self.remarked


def line_for(household: Household, line_id: int) -> NoticeLine | None:
    """Give a household's line with all that says why; the one that stands in its place, where it was corrected."""
    for line in with_reasons(_noticed(household)).filter(id=line_id):
        newest = of_family(line.sheet.notice, "sheet__notice__")
        return with_reasons(_noticed(household)).get(newest, number=line.number, replacement=None)
    return None


def posting_of(line: NoticeLine) -> tuple[int, int] | None:
    """Give under which (batch, line) a notice line was posted; None before, and where it was worth nothing."""
    held = HeldLine.objects.filter(line=line).first()
    if held:
        return (held.release_id, line.pk) if held.release_id else None
    batches = Settlement.objects.filter(sheet=line.sheet_id, part=line.part).values_list(
        "batch_id", flat=True
    )
    batch_id = batches.first()
    return (batch_id, line.pk) if batch_id and line.points else None


def is_settled(line: NoticeLine) -> bool:
    """Tell whether a line's way is over: posted, or worth nothing when it would have been."""
    held = HeldLine.objects.filter(line=line).first()
    if held:
        return held.released
    return Settlement.objects.filter(sheet=line.sheet_id, part=line.part).exists()


def grounds_of(line_id: int) -> Grounds:
    """Read on what a notice line rests; in a number of queries that depends on nothing."""
    line = NoticeLine.objects.select_related(*NOTICED, "share__household__unit").get(id=line_id)
    share, deed = line.share, line.share.deed
    item = deed.indicator.item
    photos = photos_of([deed.pk]).get(deed.pk, [])
    decision = Decision.objects.filter(share=share).select_related("decided_by").first()
    hands = _Hands(line, decision)
    return Grounds(
        settled=settled(line),
        basis=item.basis,
        term=item.term,
        repair=item.repair,
        brought=hands.brought(),
        on_behalf=deed.is_on_behalf,
        vouched=hands.of(share.verified_by_id, clock.local_day(deed.submitted_at), Act.VERIFY_DEEDS),
        decided=hands.decided(),
        confirmed=_confirmed(decision),
        doubled=_doubled(share),
        photos=photos,
        documents=deed.evidence.filter(file__erased_at=None).count() - len(photos),
    )


def hold_on(line: NoticeLine, household: Household) -> Hold:
    """Tell what holds a household's line; as `scoring.queries.held_back`, told apart. In two queries."""
    open_ones = Objection.objects.filter(
        of_family(line.sheet.notice, "sheet__notice__"), state=ObjectionState.OPEN
    )
    this = Q(line__number=line.number) | Q(total__household=household)
    own: list[Objection] = []
    others: list[Objection] = []
    for each in open_ones.filter(this | Q(line=None, total=None)):
        (own if each.household_id == household.pk else others).append(each)
    remarks = Remark.objects.filter(share=line.share_id, holds=True, answered_at=None)
    return Hold(
        own=own,
        disputed=any(not each.is_to_all for each in others),
        whole=any(each.is_to_all and each.admitted_at for each in others),
        remarked=remarks.exists(),
    )


def _noticed(household: Household) -> QuerySet[NoticeLine]:
    return NoticeLine.objects.filter(household=household)


class _Hands:
    """Names who had a hand in a line: users, offices and their titles are read once for all of them."""

    def __init__(self, line: NoticeLine, decision: Decision | None) -> None:
        self._deed, self._household, self._decision = line.share.deed, line.share.household, decision
        users = {line.share.verified_by_id, decision.decided_by_id if decision else None}
        if self._deed.brought_by_kind == ActorKind.USER:
            users.add(self._deed.brought_by_id)
        ids = [user_id for user_id in users if user_id is not None]
        self._names = dict(User.objects.filter(id__in=ids).values_list("id", "name"))
        self._appointments = _appointments(ids, [self._household.unit, line.sheet.notice.unit])
        self._register = Register()

    def brought(self) -> Hand:
        deed = self._deed
        if deed.source == Source.NEIGHBOUR:
            return Hand(Who.NEIGHBOUR)
        if deed.brought_by_kind == ActorKind.SYSTEM:
            return Hand(Who.OWN if deed.source == Source.SELF else Who.SYSTEM)
        if deed.brought_by_kind == ActorKind.CARD or (deed.source == Source.SELF and not deed.is_on_behalf):
            # Of a deed that another household declared for both, this one learns no more than that.
            own = households_of(Actor(ActorKind(deed.brought_by_kind), deed.brought_by_id))
            return Hand(Who.OWN if self._household.pk in own else Who.NEIGHBOUR)
        return self._staff(deed.brought_by_id, clock.local_day(deed.submitted_at), Act.BRING_DEEDS)

    def decided(self) -> Hand | None:
        """Name who decided a small matter; a meeting's recorder decided nothing alone."""
        if self._decision is None or self._decision.meeting_id is not None:
            return None
        return self._staff(
            self._decision.decided_by_id, clock.local_day(self._decision.decided_at), Act.JUDGE_SMALL
        )

    def of(self, user_id: int | None, day: date, act: Act) -> Hand | None:
        return None if user_id is None else self._staff(user_id, day, act)

    def _staff(self, user_id: int, day: date, act: Act) -> Hand:
        held = [
            each
            for each in self._appointments
            if each.user_id == user_id and each.since <= day and (each.until is None or day <= each.until)
        ]
        # The office by which it was done; whoever held none by then is named without.
        held.sort(key=lambda each: act not in GRANTS[Office(each.office)])
        title = self._register.title(Office(held[0].office), held[0].unit.level) if held else ""  # type: ignore[arg-type]
        return Hand(Who.STAFF, self._names.get(user_id, ""), title)


def _appointments(user_ids: Collection[int], units: Collection[Unit]) -> list[Appointment]:
    """Give the offices that users ever held above some units, the nearest unit's first."""
    above = {path for unit in units for path in paths_to(unit)}
    held = Appointment.objects.filter(user__in=user_ids, unit__path__in=above).select_related("unit")
    return sorted(held, key=lambda each: (-len(each.unit.path), each.pk))


def _confirmed(decision: Decision | None) -> Confirmed | None:
    if decision is None:
        return None
    voters = Count("meeting__attendances", filter=Q(meeting__attendances__observes=False))
    for each in Confirmation.objects.filter(decision=decision).annotate(present=voters):
        return Confirmed(each.present, each.votes_for, each.votes_against, each.recused, each.is_confirmed)
    return None


def _doubled(share: Share) -> Doubled | None:
    """Tell what a party member's deduction would have cost anybody else; None where nothing was made more of."""
    if not share.asked or share.asked > 0 or share.resident is None or not share.resident.is_party_member:
        return None
    for rule in share.deed.indicator.item.multipliers:
        on_deductions = rule.side in (Side.EACH, Side.DEDUCTION)
        if rule.when is Circumstance.PARTY_MEMBER and on_deductions and rule.factor > _WHOLE:
            usual, rest = divmod(share.asked * _WHOLE, rule.factor)
            return None if rest else Doubled(rule.factor, usual)
    return None
