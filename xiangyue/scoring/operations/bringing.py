"""Bringing deeds: by the household, a neighbour, a leader, a list of who was there, or a sheet of many (DOMAIN §3)."""

from collections.abc import Collection, Sequence
from typing import Final

from django.db import IntegrityError, transaction

from xiangyue.catalogue.rules.terms import Proof
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Household
from xiangyue.people.operations.own import acting_for
from xiangyue.people.operations.units import hold_villages
from xiangyue.people.queries import households_of
from xiangyue.records.models import StoredFile
from xiangyue.records.operations import log_act
from xiangyue.scoring.facts import columns_of
from xiangyue.scoring.models import Decision, Deed, DeedState, Evidence, Share, Source
from xiangyue.scoring.preparing import (
    MOST_EVIDENCE,
    NAME_LENGTH,
    NOTE_LENGTH,
    NewDeed,
    NewShare,
    Prepared,
    prepared,
)
from xiangyue.scoring.proofs import kept_files, lacking, media_type_of, proofs_text
from xiangyue.scoring.refusals import HouseholdMoved, NotTheBringer, PartlyDecided, TooManyPhotos, UnknownDeed
from xiangyue.scoring.source_refusals import DescriptionTooLong, EvidenceMissing, PlaceMissing
from xiangyue.scoring.sources import SOURCES, Bringing, require_may_bring
from xiangyue.scoring.states import ACT_WORDS, DeedAct, advance, next_state
from xiangyue.scoring.vouching import Matter, Voucher

__all__ = [
    "NewDeed",
    "NewShare",
    "bring_deeds",
    "declared_for",
    "may_change",
    "resubmit_deed",
    "withdraw_deed",
]

Files = Sequence[tuple[str, bytes]]
NO_FILES: Final[Files] = ()


def bring_deeds(
    *, actor: Actor, deeds: Sequence[NewDeed], source: Source, evidence: Files = NO_FILES
) -> list[Deed]:
    """Bring deeds, whole or not at all; give their rows in the order of the input.

    Who may is the source's to say (`sources`), and the catalogue's row where it names somebody. What is recorded by
    someone who may verify there is born verified, except for their own household; what a household declares, a
    neighbour recommends or a group reports never is. Shares that follow from the one who is named are made here.
    evidence: (name, bytes), attached to each deed; what the indicator demands has to be among it where a deed is
    brought by itself.
    Raises: NoShares, ShareRepeated, SeveralVillages, UnknownResident, NameTooLong, DayInFuture, DoerMissing,
    NobodyReceives, MinorNotDeducted, IndicatorNotInForce, NoCatalogueInForce, NotAllowed, OwnHousehold, NotBySource,
    OneHouseholdOnBehalf, TooManyTogether, AskFirst, RecommendsOnly, NotTheNamedBringer, DeductionsElsewhere,
    DescriptionTooLong, TooManyPhotos, EvidenceMissing, PlaceMissing, HouseholdMoved, FileTooLarge; the refusals of
    `catalogue.rules` for what an indicator asks for.
    """
    try:
        return _bring(actor, deeds, source, evidence)
    except IntegrityError:  # the same request, sent twice, was quicker
        return _bring(actor, deeds, source, evidence)


@transaction.atomic
def _bring(actor: Actor, deeds: Sequence[NewDeed], source: Source, evidence: Files) -> list[Deed]:
    known = {deed.key: deed for deed in Deed.objects.filter(key__in=[deed.key for deed in deeds])}
    fresh = prepared([deed for deed in deeds if deed.key not in known])
    bringing = require_may_bring(actor, source, fresh.households, fresh.claims)
    if SOURCES[source].is_single:
        for deed in fresh.deeds:
            _require_bearable(deed.description, evidence, most=NAME_LENGTH + 1 + NOTE_LENGTH)
            _require_evidence(deed, evidence)
    files = kept_files(evidence) if fresh.deeds else []
    vouched = _vouched(bringing.actor, fresh, source)
    made = _create(bringing, fresh, source, vouched)
    _require_still_there(fresh)
    _attach(made, files)
    _log(bringing, fresh, made)
    known.update({row.key: row for row in made})
    return [known[deed.key] for deed in deeds]


@transaction.atomic
def withdraw_deed(*, actor: Actor, deed_id: int, reason: str = "") -> Deed:
    """Take back a deed that one brought, as long as nothing of it is decided.

    What a household declared, it takes back by its card or by any member who signs in, and so does whoever helps it
    just then (代办).
    Raises: UnknownDeed, NotTheBringer, WrongState, PartlyDecided.
    """
    deed = locked_deed(deed_id)
    bringing = _require_bringer(actor, deed)
    require_undecided(deed, DeedAct.WITHDRAW)
    advance(
        [deed],
        DeedAct.WITHDRAW,
        actor=bringing.actor,
        reason=reason,
        on_behalf_of=declared_for(deed) if bringing.is_on_behalf else None,
    )
    return deed


@transaction.atomic
def resubmit_deed(*, actor: Actor, deed_id: int, description: str, evidence: Files = NO_FILES) -> Deed:
    """Bring a returned deed again with what was missing; evidence comes beside what there is.

    Who may is as for `withdraw_deed`. Whoever does it on behalf counts as who brought it, and vouches for nothing of
    it. Raises: UnknownDeed, NotTheBringer, WrongState, DescriptionTooLong, TooManyPhotos, FileTooLarge, and the
    refusals of `store_file`.
    """
    _require_bearable(description, evidence, most=NOTE_LENGTH)
    files = kept_files(evidence)
    deed = locked_deed(deed_id)
    bringing = _require_bringer(actor, deed)
    advance(
        [deed],
        DeedAct.RESUBMIT,
        actor=bringing.actor,
        on_behalf_of=declared_for(deed) if bringing.is_on_behalf else None,
    )
    deed.description = description
    if bringing.is_on_behalf:
        deed.brought_by_kind, deed.brought_by_id, deed.is_on_behalf = actor.kind, actor.id, True
    deed.submitted_at = clock.now()  # whoever verifies has their days from now; the log keeps the first time
    deed.save(
        update_fields=["description", "brought_by_kind", "brought_by_id", "is_on_behalf", "submitted_at"]
    )
    deed.shares.update(verified_by=None)
    _attach([deed], files)
    return deed


def may_change(actor: Actor, deed: Deed) -> bool:
    """Tell whether somebody may take a deed back, or bring it again once it is returned; its state is not asked."""
    try:
        _require_bringer(actor, deed)
    except NotTheBringer:
        return False
    return True


def _require_bringer(actor: Actor, deed: Deed) -> Bringing:
    """Insist on who brought a deed, or on whoever acts for the household that declared it (`people.operations.own`).

    Raises: NotTheBringer.
    """
    if (deed.brought_by_kind, deed.brought_by_id) == (actor.kind, actor.id):
        return Bringing(actor, is_on_behalf=deed.is_on_behalf)
    home = declared_for(deed)
    if home is None:
        raise NotTheBringer
    household = Household.objects.select_related("unit").get(pk=home)
    try:
        acting, on_behalf_of = acting_for(actor, household)
    except Refusal:
        raise NotTheBringer from None
    return Bringing(acting, is_on_behalf=on_behalf_of is not None)


def declared_for(deed: Deed) -> int | None:
    """Give the household that declared a deed, or for which it was declared on behalf; None where none did."""
    if deed.source != Source.SELF:
        return None
    if deed.brought_by_kind == ActorKind.CARD:
        return deed.brought_by_id
    homes = list(deed.shares.order_by("id").values_list("household_id", flat=True))
    if deed.is_on_behalf:
        return homes[0]
    own = households_of(Actor(ActorKind(deed.brought_by_kind), deed.brought_by_id))
    return next((home for home in homes if home in own), None)


def locked_deed(deed_id: int) -> Deed:
    """Give a deed, locked until the transaction ends. Raises: UnknownDeed."""
    deed = Deed.objects.select_for_update().filter(id=deed_id).first()
    if deed is None:
        raise UnknownDeed(deed=deed_id)
    return deed


def require_undecided(deed: Deed, act: DeedAct) -> None:
    """Refuse to stop a deed of which a meeting has decided a share: that share goes on notice.

    Raises: WrongState, PartlyDecided.
    """
    next_state(deed, act)
    if Decision.objects.filter(share__deed=deed).exists():
        raise PartlyDecided(act=ACT_WORDS[act])


def _require_bearable(description: str, evidence: Files, *, most: int) -> None:
    """Refuse more than whoever verifies will read and look at; a sheet of many tells what it tells."""
    if len(description) > most:
        raise DescriptionTooLong(most=most)
    if len(evidence) > MOST_EVIDENCE:
        raise TooManyPhotos(most=MOST_EVIDENCE)


def _require_evidence(deed: NewDeed, evidence: Files) -> None:
    """Refuse a deed without what its indicator demands, as far as who brings it can show it."""
    item = deed.indicator.item
    if not lacking(item, (), ""):
        return
    types = {media_type_of(name, content) for name, content in evidence}
    left = lacking(item, types, deed.description)
    if left == {Proof.PLACE}:
        raise PlaceMissing(title=item.title)
    if left:
        raise EvidenceMissing(title=item.title, proofs=proofs_text(left))


def _vouched(actor: Actor, fresh: Prepared, source: Source) -> set[tuple[int, int]]:
    """Give for which households, under which indicators, the actor's own record is born verified."""
    if not SOURCES[source].is_record or actor.kind is not ActorKind.USER:
        return set()
    matters = {
        (share.household.pk, deed.indicator.pk): Matter(
            share.household,
            fresh.judging_of(deed).path,
            deed.indicator.item.verified_by,
            deed.indicator.title,
        )
        for deed in fresh.deeds
        for share in deed.shares
    }
    voucher = Voucher(actor, matters.values())
    return {key for key, matter in matters.items() if voucher.may(matter)}


def _create(
    bringing: Bringing, fresh: Prepared, source: Source, vouched: Collection[tuple[int, int]]
) -> list[Deed]:
    rows = [
        Deed(
            unit=fresh.judging_of(deed),
            indicator=deed.indicator,
            day=deed.day,
            source=source,
            brought_by_kind=bringing.actor.kind,
            brought_by_id=bringing.actor.id,
            is_on_behalf=bringing.is_on_behalf,
            description=deed.description,
            activity=deed.activity,
            fact=deed.fact,
            state=DeedState.VERIFIED if _is_vouched(deed, vouched) else DeedState.SUBMITTED,
            submitted_at=clock.now(),
            key=deed.key,
        )
        for deed in fresh.deeds
    ]
    made = Deed.objects.bulk_create(rows)
    Share.objects.bulk_create(
        Share(
            deed=row,
            household=share.household,
            resident=share.resident,
            verified_by_id=bringing.actor.user_id
            if (share.household.pk, deed.indicator.pk) in vouched
            else None,
            **columns_of(share.given),
        )
        for row, deed in zip(made, fresh.deeds, strict=True)
        for share in deed.shares
    )
    return made


def _is_vouched(deed: NewDeed, vouched: Collection[tuple[int, int]]) -> bool:
    return all((share.household.pk, deed.indicator.pk) in vouched for share in deed.shares)


def _require_still_there(fresh: Prepared) -> None:
    """Refuse households that have ended, or went elsewhere while this waited for their village's row."""
    households = fresh.households
    hold_villages({household.village_id for household in households})
    there = Household.objects.filter(id__in=[each.pk for each in households], left_on=None)
    homes = dict(there.values_list("id", "unit__path"))
    for household in households:
        if not homes.get(household.pk, "").startswith(fresh.judging[household.unit_id].path):
            raise HouseholdMoved(number=household.number)


def _log(bringing: Bringing, fresh: Prepared, made: Sequence[Deed]) -> None:
    """Log each deed; one on behalf with the household for which it is, which is a single one (`sources`)."""
    behalf = next((household.pk for household in fresh.households), None) if bringing.is_on_behalf else None
    for state in {row.state for row in made}:
        log_act(
            actor=bringing.actor,
            act="bring",
            subject="deed",
            subject_ids=[row.pk for row in made if row.state == state],
            to_state=state,
            on_behalf_of=behalf,
        )


def _attach(deeds: Sequence[Deed], files: Collection[StoredFile]) -> None:
    kept = (
        set(Evidence.objects.filter(deed__in=deeds, file__in=files).values_list("deed", "file"))
        if files
        else ()
    )
    Evidence.objects.bulk_create(
        Evidence(deed=deed, file=file) for deed in deeds for file in files if (deed.pk, file.pk) not in kept
    )
