"""Tracing one line of the ledger: back to what caused it, and on to what its points were used for."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from django.db import connection
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from xiangyue.catalogue.entry import unit_of
from xiangyue.catalogue.language.writing import written_limits
from xiangyue.catalogue.rules.tariffs import tariff
from xiangyue.insight.reasons import Reasons, line_name
from xiangyue.kernel import clock
from xiangyue.kernel.actors import ActorKind
from xiangyue.ledger.models import Account, AccountKind, Batch, Book, Cause, Currency, Transfer
from xiangyue.ledger.refusals import UnknownBatch, UnknownLine
from xiangyue.people.models import Household, Unit
from xiangyue.records.models import StoredFile
from xiangyue.redemption.models import Order, Shop
from xiangyue.redemption.queries import goods_of_orders
from xiangyue.scoring.models import Decision, NoticeLine, Source, Verdict
from xiangyue.scoring.objection_queries import ListedRemark, remarks_on
from xiangyue.scoring.queries import sheet_code
from xiangyue.users.models import User

SHOWN: Final = 20  # uses of a credit
NOTICED: Final = (  # what `settled` asks of a notice line, fetched with it
    "sheet__notice__unit",
    "share__deed__indicator__catalogue",
    "share__deed__indicator__category",
    "share__resident",
    "replaces",
)

# By the ledger's rule (DOMAIN §5): what expires first is used first, and debits use it in the order of their batches.
# A reversal takes back what it reverses: neither of them counts.
USES = """
    WITH movement AS (
        SELECT transfer.batch_id, transfer.line, transfer.amount, transfer.expires_on, transfer.is_credit
        FROM (
            SELECT *, true AS is_credit FROM ledger_transfer WHERE credit_id = %(account)s AND credit_id > 0
            UNION ALL
            SELECT *, false FROM ledger_transfer WHERE debit_id = %(account)s AND debit_id > 0
        ) transfer JOIN ledger_batch batch ON batch.id = transfer.batch_id
        WHERE transfer.book <> 'honour' AND batch.cause <> 'reversal' AND NOT EXISTS (
            SELECT FROM ledger_batch undoing JOIN ledger_transfer undone ON undone.batch_id = undoing.id
            WHERE undoing.cause = 'reversal' AND undoing.cause_id = transfer.batch_id
              AND undone.line = transfer.line
        )
    ),
    credit AS (
        SELECT *, sum(amount) OVER (ORDER BY expires_on NULLS LAST, batch_id, line) AS up_to
        FROM movement WHERE is_credit
    ),
    debit AS (
        SELECT *, sum(amount) OVER (ORDER BY batch_id, line) AS up_to FROM movement WHERE NOT is_credit
    ),
    used AS (
        SELECT debit.batch_id, debit.line,
               least(credit.up_to, debit.up_to)
               - greatest(credit.up_to - credit.amount, debit.up_to - debit.amount) AS amount
        FROM credit JOIN debit
            ON debit.up_to > credit.up_to - credit.amount AND debit.up_to - debit.amount < credit.up_to
        WHERE credit.batch_id = %(batch)s AND credit.line = %(line)s
    )
    SELECT used.batch_id, used.line, batch.cause, batch.cause_id, batch.day, used.amount::bigint,
           (sum(used.amount) OVER ())::bigint, count(*) OVER ()
    FROM used JOIN ledger_batch batch ON batch.id = used.batch_id
    ORDER BY used.batch_id, used.line LIMIT %(shown)s
"""


@dataclass(frozen=True)
class End:
    """One end of a transfer. number: of the household, empty for a pool. name: of the village, unit or shop."""

    account: int
    kind: AccountKind
    number: str
    name: str


@dataclass(frozen=True)
class Settled:
    """A line that was on notice: where it hung, what happened, by which rule, and who decided it.

    points: centipoints, as noticed; before_caps: without caps; replaced: of the line that this one corrected.
    rule, caps: what the indicator says, in words. decision: in words; None if there is none, which must not be.
    remarks: what supervisors thought of it, with the answers.
    """

    unit: str
    period: str
    edition: int
    sheet: int
    sheet_code: str
    line: int
    name: str
    deadline: date
    points: int
    before_caps: int | None
    replaced: int | None
    deed: int
    deed_day: date
    source: str
    description: str
    resident: str
    indicator: str
    title: str
    rule: str
    caps: str
    catalogue: str
    in_force_from: date | None
    evidence: tuple[tuple[str, str], ...]
    sentence: str
    decision: "Decided | None"
    remarks: tuple[ListedRemark, ...]


@dataclass(frozen=True)
class Decided:
    """What was decided on the share, and who was there.

    meeting: None for a small matter, which one person decides; held_on is the day of that, then.
    """

    meeting: int | None
    held_on: date
    members: int
    present: int
    verdict: Verdict
    votes_for: int
    votes_against: int
    recused: int
    reason: str
    decided_by: str


@dataclass(frozen=True)
class Sold:
    """An order at the till. total: centipoints. goods: in words."""

    order: str
    shop: str
    day: date
    total: int
    goods: str


@dataclass(frozen=True)
class Opened:
    """The sheet from which an opening balance was taken."""

    file: int
    name: str
    sha256: str
    day: date


@dataclass(frozen=True)
class Use:
    """What a part of a credit was used for: a line of the ledger and its reason, in centipoints."""

    batch_id: int
    line: int
    cause: Cause
    cause_id: int
    day: date
    amount: int
    title: str
    detail: str


@dataclass(frozen=True)
class Trace:
    """One line of the ledger with its past and its future.

    amount: centipoints, or the currency's smallest unit. by: who posted it, in words. reason: a reversal's code.
    why: what caused it; None where the cause alone says all. reverses: what it takes back. reversed_by: batch and line
    that took it back. uses: up to 20 debits that used this credit; used: what all of them used, use_count: how many.
    households: ids of the households at its ends.
    """

    batch_id: int
    line: int
    cause: Cause
    cause_id: int
    day: date
    by: str
    reason: str
    debit: End
    credit: End
    amount: int
    currency: Currency
    book: Book
    expires_on: date | None
    title: str
    detail: str
    why: Settled | Sold | Opened | None
    reverses: "Trace | None"
    reversed_by: tuple[int, int] | None
    uses: tuple[Use, ...]
    used: int
    use_count: int
    households: tuple[int, ...]

    @property
    def left(self) -> int | None:
        """What of this credit is not used yet; None if it is no household's, or was taken back, or is honour only."""
        is_spendable = self.book != Book.HONOUR and self.cause is not Cause.REVERSAL
        return (
            self.amount - self.used if self.credit.number and is_spendable and not self.reversed_by else None
        )

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain data."""
        return asdict(self) | {"left": self.left}


@dataclass(frozen=True)
class _Line:
    """A line as `Reasons` asks for it."""

    batch_id: int
    line: int
    cause: Cause
    cause_id: int


def trace(batch_id: int, line: int) -> Trace:
    """Trace one transfer; a reversal with what it reverses. As many queries for much history as for little.

    Raises: UnknownBatch, UnknownLine.
    """
    joined = Transfer.objects.select_related("batch", "debit", "credit")
    found = joined.filter(batch_id=batch_id, line=line).first()
    if found is None:
        is_batch = Transfer.objects.filter(batch_id=batch_id).exists()
        raise UnknownLine(line=line) if is_batch else UnknownBatch(batch=batch_id)
    batch, cause = found.batch, Cause(found.batch.cause)
    households = _households(found)
    holder_id = found.credit.holder_id if found.credit_id > 0 else found.debit.holder_id
    posted = _Line(batch_id, line, cause, batch.cause_id)
    reason = Reasons([posted]).of(posted, holder_id)
    undone = Transfer.objects.filter(
        batch__cause=Cause.REVERSAL, batch__cause_id=batch_id, line=line
    ).values_list("batch_id", "line")
    uses, used, count = _uses(found)
    return Trace(
        batch_id=batch_id,
        line=line,
        cause=cause,
        cause_id=batch.cause_id,
        day=batch.day,
        by=_by(batch),
        reason=batch.reason,
        debit=_end(found.debit, households),
        credit=_end(found.credit, households),
        amount=found.amount,
        currency=Currency(found.currency),
        book=Book(found.book),
        expires_on=found.expires_on,
        title=reason.title,
        detail=reason.detail,
        why=_why(cause, batch.cause_id, line),
        reverses=trace(batch.cause_id, line) if cause is Cause.REVERSAL else None,
        reversed_by=undone.first(),
        uses=uses,
        used=used,
        use_count=count,
        households=tuple(sorted(each.pk for each in households.values())),
    )


def _by(batch: Batch) -> str:
    if batch.actor_kind == ActorKind.SYSTEM:
        return _("系统")
    if batch.actor_kind == ActorKind.CARD:
        known = Household.objects.filter(id=batch.actor_id).values_list("number", flat=True)
        return _("%(number)s号户") % {"number": known.first() or batch.actor_id}
    return User.objects.filter(id=batch.actor_id).values_list("name", flat=True).first() or str(
        batch.actor_id
    )


def _households(found: Transfer) -> dict[int, Household]:
    """Give the households at a transfer's ends, by holder."""
    holders = [end.holder_id for end in (found.debit, found.credit) if end.pk > 0]
    at_ends = Household.objects.filter(holder_id__in=holders).select_related("village")
    return {household.holder_id: household for household in at_ends}


def _end(account: Account, households: Mapping[int, Household]) -> End:
    kind = AccountKind(account.kind)
    household = households.get(account.holder_id)
    if household:
        return End(account.pk, kind, household.number, household.village.name)
    owner = (
        Unit.objects.filter(holder=account.holder_id).values_list("name", flat=True).first()
        or Shop.objects.filter(holder=account.holder_id).values_list("name", flat=True).first()
    )
    return End(account.pk, kind, "", owner or "")


def _why(cause: Cause, cause_id: int, line: int) -> Settled | Sold | Opened | None:
    if cause is Cause.SETTLEMENT:
        noticed = NoticeLine.objects.select_related(*NOTICED).filter(id=line).first()
        return settled(noticed) if noticed else None
    if cause is Cause.ORDER:
        return _sold(Order.objects.select_related("shop").filter(id=cause_id).first())
    if cause is Cause.OPENING:
        return _opened(StoredFile.objects.filter(id=cause_id).first())
    return None


def _sold(order: Order | None) -> Sold | None:
    if order is None:
        return None
    goods = goods_of_orders([order.pk]).get(order.pk, "")
    return Sold(str(order.public_id), order.shop.name, order.sold_on, order.total, goods)


def _opened(file: StoredFile | None) -> Opened | None:
    if file is None:
        return None
    return Opened(file.pk, file.name, file.sha256, clock.local_day(file.stored_at))


def settled(line: NoticeLine) -> Settled:
    """Say of a line on notice, posted or not, where it hangs, what happened, by which rule, and who decided it."""
    sheet, share, deed = line.sheet, line.share, line.share.deed
    indicator, item = deed.indicator, deed.indicator.item
    evidence = deed.evidence.order_by("id").values_list("file__name", "file__sha256")
    return Settled(
        unit=sheet.notice.unit.name,
        period=sheet.notice.period,
        edition=sheet.notice.edition,
        sheet=sheet.position,
        sheet_code=sheet_code(sheet),
        line=line.number,
        name=line_name(line),
        deadline=line.deadline,
        points=line.points,
        before_caps=share.asked,
        replaced=line.replaces.points if line.replaces else None,
        deed=deed.pk,
        deed_day=deed.day,
        source=str(Source(deed.source).label),
        description=deed.description,
        resident=share.resident.name if share.resident else "",
        indicator=indicator.number,
        title=indicator.title,
        rule=tariff(item.worth, item.direction, item.unit),
        caps=written_limits(item.limits, unit_of(item)),
        catalogue=indicator.catalogue.name,
        in_force_from=indicator.catalogue.in_force_from,
        evidence=tuple(evidence),
        sentence=share.sentence,
        decision=_decided(share.pk),
        remarks=tuple(remarks_on([share.pk])),
    )


def _decided(share_id: int) -> Decided | None:
    decisions = Decision.objects.filter(share=share_id).select_related("meeting", "decided_by")
    found = decisions.annotate(
        present=Count("meeting__attendances", filter=Q(meeting__attendances__observes=False))
    ).first()
    if found is None:
        return None
    return Decided(
        meeting=found.meeting_id,
        held_on=found.meeting.held_on if found.meeting else clock.local_day(found.decided_at),
        members=found.meeting.members if found.meeting else 0,
        present=found.present,
        verdict=Verdict(found.verdict),
        votes_for=found.votes_for,
        votes_against=found.votes_against,
        recused=found.recused,
        reason=found.reason,
        decided_by=found.decided_by.name,
    )


def _uses(found: Transfer) -> tuple[tuple[Use, ...], int, int]:
    """Give up to 20 debits that used a credit of a household, what all of them used of it, and how many they are."""
    values = {"account": found.credit_id, "batch": found.batch_id, "line": found.line, "shown": SHOWN}
    with connection.cursor() as cursor:
        cursor.execute(USES, values)
        rows = cursor.fetchall()
    posted = [_Line(batch, line, Cause(cause), cause_id) for batch, line, cause, cause_id, *_rest in rows]
    reasons = Reasons(posted)
    uses = []
    for each, (*_posted, day, amount, _used, _count) in zip(posted, rows, strict=True):
        reason = reasons.of(each, found.credit.holder_id)
        told = (day, amount, reason.title, reason.detail)
        uses.append(Use(each.batch_id, each.line, each.cause, each.cause_id, *told))
    return tuple(uses), rows[0][-2] if rows else 0, rows[0][-1] if rows else 0
