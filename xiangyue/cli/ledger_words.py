"""A traced line of the ledger, as the terminal tells it."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _
from rich.console import RenderableType

from xiangyue.cli.common import table
from xiangyue.insight.trace import Decided, End, Opened, Settled, Sold, Trace
from xiangyue.kernel.ids import grouped
from xiangyue.kernel.points import format_points
from xiangyue.ledger.models import Currency
from xiangyue.scoring.objection_queries import ListedRemark
from xiangyue.scoring.operations.appeals import ReversalReason

Fact = tuple[str, str]


def trace_in_words(found: Trace) -> list[RenderableType]:
    """Tell where a line comes from, what it takes back, and what its points were used for."""
    lines: list[RenderableType] = [table(_name(found), ("", ""), _facts(found))]
    if found.reverses:
        lines.append(
            table(
                _("冲正的是这一条：%(line)s") % {"line": _name(found.reverses)},
                ("", ""),
                _facts(found.reverses),
            )
        )
    if found.uses:
        rows = [
            (use.day, f"{use.batch_id}:{use.line}", use.title, use.detail, format_points(use.amount))
            for use in found.uses
        ]
        columns = (_("日期"), _("哪一笔"), _("事项"), _("为什么"), _("分"))
        lines.append(table(_("后来用到哪里（先到期的先用）"), columns, rows))
    if found.use_count > len(found.uses):
        lines.append(_("还有%(more)s条没有列出来") % {"more": found.use_count - len(found.uses)})
    if found.left is not None:
        facts = {"used": format_points(found.used), "left": format_points(found.left)}
        lines.append(_("用掉%(used)s分，还剩%(left)s分。") % facts)
    return lines


def _name(found: Trace) -> str:
    return f"{found.batch_id}:{found.line}　{found.cause.label}　{found.day}"


def _facts(found: Trace) -> Iterator[Fact]:
    yield _("事项"), "　".join(filter(None, (found.title, found.detail)))
    yield _("从哪里来"), _end(found.debit)
    yield _("到哪里去"), _end(found.credit)
    yield _("多少"), _amount(found)
    yield _("谁记的"), found.by
    if found.expires_on:
        yield _("最晚哪天用"), str(found.expires_on)
    if found.reason:
        known = found.reason in ReversalReason.values
        yield _("为什么"), str(ReversalReason(found.reason).label) if known else found.reason
    if isinstance(found.why, Settled):
        yield from _settled(found.why)
    elif isinstance(found.why, Sold):
        sold = found.why
        yield _("兑换单"), "　".join((sold.shop, str(sold.day), sold.goods, sold.order))
    elif isinstance(found.why, Opened):
        yield _("期初表"), f"{found.why.name}　SHA-256 {found.why.sha256}"
    if found.reversed_by:
        yield _("已冲正"), ":".join(map(str, found.reversed_by))


def _settled(why: Settled) -> Iterator[Fact]:
    facts = {
        "unit": why.unit,
        "period": why.period,
        "edition": why.edition,
        "sheet": why.sheet,
        "line": why.line,
    }
    noticed = _("%(unit)s%(period)s第%(edition)s版第%(sheet)s张榜第%(line)s条") % facts
    deadline = _("异议期到%(day)s") % {"day": why.deadline}
    yield _("公示"), "　".join((noticed, _("校验码%(code)s") % {"code": grouped(why.sheet_code)}, deadline))
    if why.replaced is not None:
        yield _("更正"), _("原来是%(points)s分") % {"points": format_points(why.replaced, signed=True)}
    yield _("怎么回事"), _joined(why.deed_day, why.resident, why.description, why.source)
    yield _("按哪一条"), _joined(why.indicator, why.title, why.rule, why.caps)
    since = _("%(day)s起施行") % {"day": why.in_force_from} if why.in_force_from else ""
    yield _("哪一版细则"), _joined(why.catalogue, since)
    yield _("怎么算的"), why.sentence
    yield _("证明材料"), _joined(*(f"{name} {sha256[:16]}" for name, sha256 in why.evidence)) or _("没有")
    yield _("谁定的"), _decided(why.decision) if why.decision else _("没有评议记录")
    for remark in why.remarks:
        yield _("监督意见"), remark_in_words(remark)


def remark_in_words(remark: ListedRemark) -> str:
    """Tell what a supervisor remarked, whether it holds, and what was answered by whom."""
    facts = {"by": remark.by, "text": remark.text, "name": remark.answered_by, "answer": remark.answer}
    held = _("答复以前先不入账") if remark.holds else ""
    answer = _("%(name)s答复：%(answer)s") % facts if remark.answered_on else _("还没有答复")
    return _joined(_("%(by)s：%(text)s") % facts, answer, held)


def _decided(decision: Decided) -> str:
    if decision.meeting is None:
        facts = {"day": decision.held_on, "name": decision.decided_by, "verdict": decision.verdict.label}
        return _joined(_("小事，%(name)s%(day)s评定：%(verdict)s") % facts, decision.reason)
    meeting = _("%(day)s评议会，委员%(members)s人，到会%(present)s人") % {
        "day": decision.held_on,
        "members": decision.members,
        "present": decision.present,
    }
    votes = _("%(verdict)s：同意%(votes_for)s票，反对%(votes_against)s票，回避%(recused)s人") % {
        "verdict": decision.verdict.label,
        "votes_for": decision.votes_for,
        "votes_against": decision.votes_against,
        "recused": decision.recused,
    }
    recorded = _("%(name)s记录") % {"name": decision.decided_by}
    return _joined(meeting, votes, decision.reason, recorded)


def _end(end: End) -> str:
    if end.number:
        return _("%(village)s%(number)s号户") % {"village": end.name, "number": end.number}
    return f"{end.name}　{end.kind.label}" if end.name else str(end.kind.label)


def _amount(found: Trace) -> str:
    if found.currency != Currency.POINT:
        return f"{found.amount}　{found.currency.label}"
    return _("%(points)s分，%(book)s") % {"points": format_points(found.amount), "book": found.book.label}


def _joined(*parts: str | date) -> str:
    return "　".join(str(part) for part in parts if part)
