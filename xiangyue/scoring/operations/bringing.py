"""Bringing deeds: by the household, a neighbour, a leader, or a sheet of many (DOMAIN §3)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from xiangyue.catalogue.arithmetic import Facts, judge
from xiangyue.catalogue.models import Indicator
from xiangyue.catalogue.queries import rule_of
from xiangyue.catalogue.terms import Form
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.people.models import Household, Resident, Unit
from xiangyue.people.offices import Act
from xiangyue.people.permissions import NotAllowed, may, require
from xiangyue.people.queries import households_of
from xiangyue.records.models import StoredFile
from xiangyue.records.operations import log_act, store_file
from xiangyue.scoring.models import Deed, DeedState, Evidence, Share, Source
from xiangyue.scoring.refusals import DayInFuture, NoShares, NotTheBringer, UnknownDeed
from xiangyue.scoring.states import DeedAct, advance

HUNDREDTHS = 100


@dataclass(frozen=True)
class NewShare:
    """For whom a deed counts. proposed: centipoints, where the indicator leaves a range or the case open.

    quantity: in hundredths, where the indicator counts units (250 is two and a half hours).
    """

    household: Household
    resident: Resident | None = None
    proposed: int | None = None
    quantity: int | None = None


@dataclass(frozen=True)
class NewDeed:
    """A deed as it is brought. key: idempotency key; the same key again brings nothing new."""

    key: str
    indicator: Indicator
    day: date
    shares: Sequence[NewShare]
    description: str = ""


@transaction.atomic
def bring_deeds(
    *,
    actor: Actor,
    deeds: Sequence[NewDeed],
    source: Source,
    evidence: Sequence[tuple[str, bytes]] = (),
) -> list[Deed]:
    """Bring deeds, whole or not at all; give their rows in the order of the input.

    A household brings its own; everyone else needs an office at the household. What is recorded by someone who may
    verify there is born verified, except for their own household. evidence: (name, bytes), attached to each deed.
    Raises: NoShares, DayInFuture, NotAllowed, PointsOutsideBounds, QuantityMissing, FileTooLarge.
    """
    known = {deed.key: deed for deed in Deed.objects.filter(key__in=[deed.key for deed in deeds])}
    fresh = [deed for deed in deeds if deed.key not in known]
    for deed in fresh:
        _require_sound(deed)
    households = {share.household for deed in fresh for share in deed.shares}
    _require_may_bring(actor, households, source)
    verifiable = _verifiable(actor, households, source)
    rows = [_row(actor, deed, source, verifiable) for deed in fresh]
    made = Deed.objects.bulk_create(rows)
    Share.objects.bulk_create(
        Share(
            deed=row,
            household=share.household,
            resident=share.resident,
            verified_by_id=actor.user_id if share.household.pk in verifiable else None,
            proposed=share.proposed,
            quantity=share.quantity,
        )
        for row, deed in zip(made, fresh, strict=True)
        for share in deed.shares
    )
    _attach(made, [store_file(name=name, content=content) for name, content in evidence])
    for state in {row.state for row in made}:
        ids = [row.pk for row in made if row.state == state]
        log_act(actor=actor, act="bring", subject="deed", subject_ids=ids, to_state=state)
    known.update({row.key: row for row in made})
    return [known[deed.key] for deed in deeds]


@transaction.atomic
def withdraw_deed(*, actor: Actor, deed_id: int, reason: str = "") -> Deed:
    """Take back a deed that one brought, as long as it is not decided. Raises: UnknownDeed, NotTheBringer, WrongState."""
    deed = locked_deed(deed_id)
    if (deed.brought_by_kind, deed.brought_by_id) != (actor.kind, actor.id):
        raise NotTheBringer
    advance([deed], DeedAct.WITHDRAW, actor=actor, reason=reason)
    return deed


@transaction.atomic
def resubmit_deed(*, actor: Actor, deed_id: int, description: str) -> Deed:
    """Bring a returned deed again with what was missing. Raises: UnknownDeed, NotTheBringer, WrongState."""
    deed = locked_deed(deed_id)
    if (deed.brought_by_kind, deed.brought_by_id) != (actor.kind, actor.id):
        raise NotTheBringer
    advance([deed], DeedAct.RESUBMIT, actor=actor)
    deed.description = description
    deed.save(update_fields=["description"])
    deed.shares.update(verified_by=None)
    return deed


def facts_of(day: date, proposed: int | None, quantity: int | None) -> Facts:
    """Give what the catalogue has to know of a share. quantity: in hundredths."""
    return Facts(
        day=day, proposed=proposed, quantity=None if quantity is None else Decimal(quantity) / HUNDREDTHS
    )


def locked_deed(deed_id: int) -> Deed:
    """Give a deed, locked until the transaction ends. Raises: UnknownDeed."""
    deed = Deed.objects.select_for_update().filter(id=deed_id).first()
    if deed is None:
        raise UnknownDeed(deed=deed_id)
    return deed


def _require_sound(deed: NewDeed) -> None:
    if not deed.shares:
        raise NoShares
    if deed.day > clock.today():
        raise DayInFuture(day=deed.day)
    rule = rule_of(deed.indicator)
    for share in deed.shares:
        # Where the meeting sets the points, nothing has to be proposed; what is proposed must be possible.
        if share.proposed is not None or rule.form in (Form.FIXED, Form.PER_UNIT):
            judge(rule, facts_of(deed.day, share.proposed, share.quantity), ())


def _require_may_bring(actor: Actor, households: Collection[Household], source: Source) -> None:
    if actor.kind is ActorKind.SYSTEM:
        return
    if source in (Source.SELF, Source.NEIGHBOUR):
        own = households_of(actor)
        if source == Source.SELF and any(household.pk not in own for household in households):
            raise NotAllowed(act=Source.SELF.label, unit="、".join(sorted(str(h) for h in households)))
        return
    for unit in _units_of(households):
        require(actor, Act.BRING_DEEDS, unit)


def _verifiable(actor: Actor, households: Collection[Household], source: Source) -> set[int]:
    """Give the households for which the actor may vouch: in their office's units, and not their own."""
    if source in (Source.SELF, Source.NEIGHBOUR) or actor.kind is not ActorKind.USER:
        return set()
    own = households_of(actor)
    units = {unit.pk for unit in _units_of(households) if may(actor, Act.VERIFY_DEEDS, unit)}
    return {household.pk for household in households if household.unit_id in units} - own


def _units_of(households: Collection[Household]) -> list[Unit]:
    return list(Unit.objects.filter(id__in={household.unit_id for household in households}))


def _row(actor: Actor, deed: NewDeed, source: Source, verifiable: set[int]) -> Deed:
    verified = all(share.household.pk in verifiable for share in deed.shares)
    return Deed(
        unit_id=deed.shares[0].household.village_id,
        indicator=deed.indicator,
        day=deed.day,
        source=source,
        brought_by_kind=actor.kind,
        brought_by_id=actor.id,
        description=deed.description,
        state=DeedState.VERIFIED if verified else DeedState.SUBMITTED,
        submitted_at=clock.now(),
        key=deed.key,
    )


def _attach(deeds: Sequence[Deed], files: Sequence[StoredFile]) -> None:
    Evidence.objects.bulk_create(Evidence(deed=deed, file=file) for deed in deeds for file in files)
