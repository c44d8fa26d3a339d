"""Judging shares by the catalogue, after all that counts already: the input of `catalogue.rules`, which computes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from xiangyue.catalogue.codec import rules_converter
from xiangyue.catalogue.entry import unit_of
from xiangyue.catalogue.models import Indicator
from xiangyue.catalogue.queries import began, makers_of, schemes_of
from xiangyue.catalogue.rules import sets
from xiangyue.catalogue.rules.clamping import Held, Spot
from xiangyue.catalogue.rules.facts import Facts
from xiangyue.catalogue.rules.judgement import ByLimit, ByRival, Judgement
from xiangyue.catalogue.rules.judging import adds_up_over, ask, side_of, stands_apart
from xiangyue.catalogue.rules.model import Item, Limit
from xiangyue.catalogue.rules.refusals import (
    AmountMissing,
    BalanceMissing,
    JudgesMissing,
    PartsDoNotAddUp,
    PointsNotChosen,
    ReasonForPointsMissing,
)
from xiangyue.catalogue.rules.scheme import Scheme
from xiangyue.catalogue.rules.telling import tell
from xiangyue.catalogue.rules.terms import Circumstance, Counting, Layer, Side, Split, Trait, Window
from xiangyue.catalogue.rules.times import window_of
from xiangyue.catalogue.rules.validity import counts_on, term_of
from xiangyue.catalogue.rules.worth import MOST_AMOUNT, Reset
from xiangyue.ledger.queries import balances_of
from xiangyue.people.models import Household, Resident
from xiangyue.scoring.facts import Given, People, facts_of, given_of, people_of
from xiangyue.scoring.models import Decision, NoticeLine, Share, Verdict
from xiangyue.scoring.receiving import makes_shares, receivers_text
from xiangyue.scoring.refusals import MinorNotDeducted

# Of each deed the places of its shares, from 0, by their ids, and the parts that were given to them.
Parts = Mapping[int, tuple[dict[int, int], tuple[int, ...]]]

# What the meeting says, or what is known only when it decides.
_LATER = (PointsNotChosen, JudgesMissing, ReasonForPointsMissing, BalanceMissing, PartsDoNotAddUp)


@dataclass(frozen=True)
class Ruled:
    """A share to be judged, with what the meeting says about it. points: centipoints, where it sets them."""

    share: Share
    points: int | None = None
    scores: tuple[int, ...] = ()
    reason: str = ""


def require_possible(
    indicator: Indicator,
    day: date,
    household: Household,
    resident: Resident | None,
    given: Given,
    people: People,
    scheme: Scheme | None = None,
) -> Side:
    """Refuse what no meeting could approve; where the meeting sets the points, nothing has to be proposed.

    scheme: beside the indicator (`schemes_of`), which may leave people outside of everything; read for many shares at
    once. Gives the side on which it counts. Nothing is deducted from a minor, whatever the catalogue says (CONDUCT
    "Named and refused").
    Raises: MinorNotDeducted; the refusals of `catalogue.rules` for facts that are missing or don't fit.
    """
    if given.amount is not None and not 0 < given.amount <= MOST_AMOUNT:
        raise AmountMissing(
            title=indicator.title, unit=unit.name if (unit := unit_of(indicator.item)) else ""
        )
    facts = facts_of(given, day, household, resident, people)
    item = indicator.item
    if Trait.MINOR in facts.traits:
        _require_no_deduction(item, facts)
    if scheme and scheme.excluded & facts.traits:
        item = scheme.narrowed(item)
    can_be_told(item, facts)
    return side_of(item, facts)


def require_not_from_minor(
    indicator: Indicator, day: date, household: Household, doer: Resident, given: Given, people: People
) -> None:
    """Refuse to charge to others what a minor did. Raises: MinorNotDeducted, SideMissing, LikeItemMissing."""
    facts = facts_of(given, day, household, doer, people)
    if Trait.MINOR in facts.traits:
        _require_no_deduction(indicator.item, facts)


def can_be_told(item: Item, facts: Facts) -> bool:
    """Tell whether what a share asks for can be told before the meeting; not where the meeting says how much.

    Raises: the refusals of `catalogue.rules` for facts that are missing or don't fit.
    """
    try:
        ask(item, facts, facts.amount, 0)
    except _LATER:
        return False
    return True


def _require_no_deduction(item: Item, facts: Facts) -> None:
    if side_of(item, facts) is Side.DEDUCTION:
        raise MinorNotDeducted(title=item.title)


def judge_ruled(ruled: Sequence[Ruled]) -> dict[int, Judgement]:
    """Judge the shares of one meeting, by id, in the order day of the act, id, after all that is decided already.

    In a number of queries that doesn't grow with the shares. Raises: the refusals of `catalogue.rules`.
    """
    if not ruled:
        return {}
    work = _Work([each.share for each in ruled])
    shares = [work.rule_share(each) for each in ruled]
    return sets.judge_set(work.with_history(shares), work.held)


def judge_ahead(shares: Sequence[Share]) -> dict[int, Judgement]:
    """Judge shares that are not decided yet, by id, after all that is decided already, as a meeting would today.

    shares: all of their deeds. Those that are not brought yet are never saved, with ids of their own that are no
    others'; so are their deeds. Those whose points the meeting
    has to say are left out. In a number of queries that doesn't grow with the shares.
    Raises: the refusals of `catalogue.rules` for facts that are missing or don't fit.
    """
    if not shares:
        return {}
    work = _Work(shares, _given_parts(shares))
    asked = work.with_history([work.rule_share(Ruled(share)) for share in shares])
    return sets.judge_set([share for share in asked if can_be_told(share.item, share.facts)], work.held)


def judge_each_ahead(shares: Sequence[Share]) -> dict[int, Judgement]:
    """Judge shares that are not brought yet, by id, each as if the others were not brought either.

    As `judge_ahead`, with the same number of queries. Raises: as there.
    """
    if not shares:
        return {}
    work = _Work(shares, _given_parts(shares))
    asked = [each for share in shares for each in work.with_history([work.rule_share(Ruled(share))])]
    return {
        share.id: sets.judge_next(share, work.held) for share in asked if can_be_told(share.item, share.facts)
    }


def sentence_of(judgement: Judgement) -> str:
    """Say why a share is worth what it is, and to whom the indicator gives it where that is not just the doer."""
    sharing = judgement.item.sharing
    if not makes_shares(judgement.item):
        return tell(judgement)
    return tell(judgement) + _("这一项记给%(receivers)s。") % {"receivers": receivers_text(sharing)}


def kept_of(judgement: Judgement) -> dict[str, object]:
    """Give what a share keeps of its judgement, beside the sentence."""
    asked = judgement.before_limits
    for note in judgement.notes:
        if isinstance(note, ByRival):
            asked = note.points if asked > 0 else -note.points
    return {
        "points": judgement.points,
        "asked": asked,
        "counted": judgement.amount,
        "cuts": rules_converter().unstructure(judgement.cuts, tuple[ByLimit, ...]),
    }


@dataclass(frozen=True)
class _Earlier:
    """A share that was decided before. points: signed, as it stands now."""

    share: Share
    item: Item
    facts: Facts
    points: int
    is_corrected: bool


class _Work:
    """Everything that the shares at hand have to be judged by, read for all of them together."""

    def __init__(self, shares: Sequence[Share], parts: Parts | None = None) -> None:
        self.shares = shares
        indicators = [share.deed.indicator for share in shares]
        self.items: dict[int, Item] = {}
        self.makers = set(makers_of(indicators).values())
        self.schemes = schemes_of(indicators)
        for indicator in indicators:
            if indicator.pk not in self.items:  # reading a rule takes longer than judging by it
                self.items[indicator.pk] = self.schemes[indicator.catalogue_id].narrowed(indicator.item)
        self.beside = {share.pk: self._beside(share) for share in shares}
        self.earlier = self._earlier()
        self.people = people_of({each.household for each in (*shares, *(one.share for one in self.earlier))})
        self.parts = parts or _parts([share.deed_id for share in shares])
        self.began = self._began()
        self.balances = self._balances()
        self.held = [self._held(entry) for entry in self.earlier]

    def item(self, share: Share) -> Item:
        return self.items[share.deed.indicator_id]

    def rule_share(self, ruled: Ruled) -> sets.Share:
        """Put together a share for the arithmetic, but for what happened before."""
        share, given = ruled.share, given_of(ruled.share)
        if ruled.points is not None:
            given = replace(given, proposed=ruled.points)
        if ruled.scores:
            given = replace(given, scores=ruled.scores)
        given = replace(given, reason=given.reason or ruled.reason)
        facts = self._facts(share, given)
        places, parts = self.parts[share.deed_id]
        facts = replace(
            facts,
            place=places[share.pk],
            participants=len(places),
            began=self.began.get(share.deed.unit_id),
        )
        if self.item(share).sharing.split is Split.GIVEN:
            facts = replace(facts, parts=parts)
        return sets.Share(
            batch=0,
            id=share.pk,
            item=self.item(share),
            facts=facts,
            where=self.people.where(share.household, share.resident_id, share.deed.fact),
            limits=self.beside[share.pk],
        )

    def with_history(self, shares: Iterable[sets.Share]) -> list[sets.Share]:
        """Add to shares, in their order, what only the past tells: whether a fault is repeated, what a reset clears."""
        found: list[sets.Share] = []
        for share in sorted(shares, key=lambda each: each.order):
            facts = share.facts
            if any(rule.when is Circumstance.REPEAT for rule in share.item.multipliers):
                facts = replace(facts, repeated=self._is_repeated(share, found))
            if isinstance(share.item.worth, Reset):
                facts = replace(facts, balance=self._cleared(share, share.item.worth))
            found.append(replace(share, facts=facts))
        return found

    def _facts(self, share: Share, given: Given) -> Facts:
        deed = share.deed
        return facts_of(given, deed.day, share.household, share.resident, self.people, deed.activity)

    def _beside(self, share: Share) -> tuple[Limit, ...]:
        scheme: Scheme = self.schemes[share.deed.indicator.catalogue_id]
        return scheme.limits_beside(self.item(share))

    def _began(self) -> dict[int, date | None]:
        counts = any(
            rule.when is Circumstance.FIRST_MONTH for item in self.items.values() for rule in item.multipliers
        )
        units = {share.deed.unit_id: share.deed.unit for share in self.shares} if counts else {}
        return {unit_id: began(unit) for unit_id, unit in units.items()}

    def _limits(self, share: Share) -> tuple[Limit, ...]:
        return (*self.item(share).limits, *self.beside[share.pk])

    def _first_day(self) -> date:
        """Give the first day that matters to any window, term or reset of the shares at hand."""
        days = [date.max]
        for share in self.shares:
            item, day = self.item(share), share.deed.day
            windows: list[Window] = [
                limit.window for limit in self._limits(share) if limit.window is not Window.TIME
            ]
            windows += [Window.ONCE for rule in item.multipliers if rule.when is Circumstance.REPEAT]
            windows += [item.worth.window] if isinstance(item.worth, Reset) else []
            adding = adds_up_over(item, _bare_facts(share))
            windows += [adding] if adding else []
            windows = [Window.ONCE if window is Window.ACTIVITY else window for window in windows]
            days += [window_of(window, day)[0] for window in windows]
        return min(days)

    def _decided(self) -> QuerySet[Share]:
        """Read what is decided already and may matter, in the order of the decisions: as it stands on the notice."""
        standing = NoticeLine.objects.filter(share=OuterRef("id"), replacement=None).values("points")[:1]
        facts = {share.deed.fact for share in self.shares} - {""}
        when = Q(deed__day__gte=self._first_day()) | Q(deed__fact__in=facts)
        approved = Decision.objects.filter(verdict__in=(Verdict.APPROVE, Verdict.ADJUST))
        found = Share.objects.filter(self._whose(), when, decision__in=approved)
        return (
            found.exclude(pk__in=[share.pk for share in self.shares])
            .annotate(stands=Coalesce(Subquery(standing), "points"))
            .select_related("deed__indicator__category", "deed__indicator__catalogue", "household", "like")
            .order_by("decision__id")
        )

    def _whose(self) -> Q:
        """Say whose earlier shares matter: the households', and everyone's where a limit is shared."""
        whose = Q(household__in={share.household_id for share in self.shares})
        shared = {
            share.household.village_id
            for share in self.shares
            if any(limit.shared for limit in self._limits(share))
        }
        return whose | Q(household__village__in=shared) if shared else whose

    def _earlier(self) -> list[_Earlier]:
        decided = list(self._decided())
        makers = makers_of(share.deed.indicator for share in decided)
        return [self._as_earlier(share, makers[share.deed.indicator_id]) for share in decided]

    def _as_earlier(self, share: Share, maker: int) -> _Earlier:
        indicator = share.deed.indicator
        if indicator.pk not in self.items:
            self.items[indicator.pk] = indicator.item
        item = self.items[indicator.pk]
        if maker not in self.makers:
            # Another village's own number 7 is another matter.
            item = replace(item, number=f"{maker}~{item.number}"[:20])
        points: int = share.stands  # type: ignore[attr-defined]
        return _Earlier(share, item, _bare_facts(share), points, points != share.points)

    def _held(self, entry: _Earlier) -> Held:
        share = entry.share
        where = self.people.where(share.household, share.resident_id, share.deed.fact)
        apart = stands_apart(entry.item, entry.facts)
        spot = Spot(entry.item, entry.facts, where, side_of(entry.item, entry.facts), apart)
        if entry.is_corrected:
            return Held(spot, share.counted or 0, abs(entry.points))
        cuts = rules_converter().structure(share.cuts, tuple[ByLimit, ...])
        return Held(
            spot,
            share.amount or 0,
            abs(share.asked or 0),
            tuple((cut.limit.rank, cut.points) for cut in cuts if cut.limit.counting is Counting.AMOUNT),
            tuple((cut.limit.rank, cut.points) for cut in cuts if cut.limit.counting is not Counting.AMOUNT),
        )

    def _is_repeated(self, share: sets.Share, before: Sequence[sets.Share]) -> bool:
        """Tell whether an earlier fault of the same subject under the item is still valid on the day of the act."""
        who = (share.where.household, share.where.person)
        for entry in self.earlier:
            same = entry.item.number == share.item.number and entry.points < 0
            if same and (entry.share.household_id, entry.share.resident_id) == who:
                term = term_of(entry.item, entry.points, entry.facts.level)
                if counts_on(term, share.facts.day, entry.facts.day):
                    return True
        return any(
            other.item.number == share.item.number
            and (other.where.household, other.where.person) == who
            and side_of(other.item, other.facts) is Side.DEDUCTION
            for other in before
        )

    def _balances(self) -> dict[int, int]:
        """Give what households can spend, where a reset may clear it."""
        if not any(isinstance(item.worth, Reset) for item in self.items.values()):
            return {}
        holders = {share.household_id: share.household.holder_id for share in self.shares}
        spendable = balances_of(holders.values())
        return {household: spendable[holder].spendable for household, holder in holders.items()}

    def _cleared(self, share: sets.Share, reset: Reset) -> int:
        """Give what a reset finds: all that can be spent, or what a category or a stretch of time brought."""
        if reset.what is Layer.ALL and reset.window is Window.ONCE:
            return self.balances[share.where.household]
        first, last = window_of(reset.window, share.facts.day)
        return max(0, sum(
            entry.points
            for entry in self.earlier
            if entry.share.household_id == share.where.household
            and first <= entry.facts.day <= last
            and (reset.what is Layer.ALL or entry.item.category == share.item.category)
        ))  # fmt: skip


def _parts(deed_ids: Collection[int]) -> Parts:
    """Read the places and parts of deeds' shares."""
    rows = Share.objects.filter(deed_id__in=set(deed_ids)).order_by("id").values_list("deed_id", "id", "part")
    return _grouped(rows)


def _given_parts(shares: Iterable[Share]) -> Parts:
    """Give the same of shares that are not saved."""
    rows = [(share.deed_id, share.pk, share.part) for share in shares]
    return _grouped(sorted(rows, key=lambda row: row[1]))


def _grouped(rows: Iterable[tuple[int, int, int | None]]) -> Parts:
    found: dict[int, tuple[dict[int, int], list[int]]] = defaultdict(lambda: ({}, []))
    for deed_id, share_id, part in rows:
        places, parts = found[deed_id]
        places[share_id] = len(parts)
        parts.append(part or 0)
    return {deed_id: (places, tuple(parts)) for deed_id, (places, parts) in found.items()}


def _bare_facts(share: Share) -> Facts:
    """Give the facts that tell where in the windows a share stands."""
    given = given_of(share)
    return Facts(
        day=share.deed.day,
        activity=share.deed.activity,
        side=given.side,
        role=given.role,
        like=given.like.item if given.like else None,
        level=given.level,
    )
