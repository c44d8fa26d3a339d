"""One line of a household's account, in words: why, on which basis, who had a hand in it, and what can be done."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xiangyue.insight.grounds import Grounds, Hand, Hold, Who, grounds_of, hold_on
from xiangyue.insight.passbook import line_name, what_happened
from xiangyue.insight.posted import PostedLine, undone_by
from xiangyue.insight.trace import Decided, Settled
from xiangyue.kernel import clock
from xiangyue.kernel.periods import Period
from xiangyue.kernel.points import format_points
from xiangyue.ledger.models import Batch, Cause
from xiangyue.people.models import Household
from xiangyue.redemption.models import Order, OrderLine
from xiangyue.scoring.models import Deed, Evidence, NoticeLine
from xiangyue.scoring.operations.appeals import ReversalReason
from xiangyue.scoring.queries import is_public
from xiangyue.ui import board
from xiangyue.users.models import User

PLAIN_ICONS = {"spend": "gift", "other": "notebook"}  # kinds of lines that belong to no category


@dataclass
class Sheet:
    """The sheet of one entry (凭证), as `phone/ledger_entry.html` documents it."""

    where: str
    title: str
    points: int
    kind: str
    badge: str = ""
    badge_class: str = ""
    facts: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, str]] = field(default_factory=list)
    photos: list[dict[str, Any]] = field(default_factory=list)
    notice_url: str = ""
    object_url: str = ""
    object_by: date | None = None
    proof_url: str = ""

    def tell(self, name: str, *said: str, url: str = "") -> None:
        """Add what is to be said under a name; nothing where all of it is empty. url: where the first of it leads."""
        if lines := [each for each in said if each]:
            self.facts.append({"name": name, "lines": lines, "url": url})

    def note(self, text: str, *, icon: str = "info-circle", sort: str = "", url: str = "") -> None:
        self.notes.append({"text": text, "icon": icon, "sort": sort, "url": url})


def photo_facts(deed: Deed, photo: Evidence) -> dict[str, Any]:
    """Give what a template needs to show a photo of a deed."""
    taken = photo.file.taken_at
    return {
        "deed": deed.public_id,
        "file": photo.file_id,
        "day": clock.local_day(taken) if taken else None,
    }


# What hangs, and is not posted


def pending_sheet(line: NoticeLine, household: Household, *, is_over: bool) -> Sheet:
    """Describe a line that is not posted. is_over: it never will be, since it is worth nothing."""
    grounds, hold = grounds_of(line.pk), hold_on(line, household)
    period = Period.parse(line.sheet.notice.period)
    where = _("%(month)s月公示过") if is_over else _("%(month)s月公示中")
    sheet = Sheet(
        where=f"{where % {'month': period.month}}　{line_name(line)}",
        title=grounds.settled.title,
        points=line.points,
        kind="gain" if line.points > 0 else "loss" if line.points < 0 else "other",
    )
    if hold.holds:
        sheet.badge = _("有异议，先不入账") if hold.is_objected else _("先不入账")
        sheet.badge_class = "gold"
    elif not is_over:
        sheet.badge, sheet.badge_class = _("公示中"), "gold"
    _tell_grounds(sheet, line, grounds)
    if is_over:
        sheet.tell(_("入账"), _("这一条是0分，不用入账"))
    else:
        posts_on = _day(line.deadline + timedelta(days=1))
        unheld = _("没有人提异议，%(day)s入账") % {"day": posts_on}
        sheet.tell(_("哪天入账"), _("答复以后") if hold.holds else unheld)
    _note_hold(sheet, hold)
    if not hold.own and line.deadline >= clock.today():
        sheet.object_url = f"{reverse('phone:object')}?target=line-{line.pk}"
        sheet.object_by = line.deadline
    return sheet


def _note_hold(sheet: Sheet, hold: Hold) -> None:
    for objection in hold.own:
        text = _("您家提了异议，还在等答复；答复以前先不入账。")
        sheet.note(
            text,
            icon="message-report",
            sort="gold",
            url=reverse("phone:objected", args=[objection.public_id]),
        )
    if hold.disputed:
        sheet.note(_("有人对这一条提了异议，还在等答复；答复以前先不入账。"), icon="clock", sort="gold")
    if hold.whole:
        sheet.note(_("有人对整期公示提了异议，已经受理；答复以前先不入账。"), icon="clock", sort="gold")
    if hold.remarked:
        sheet.note(_("监督小组要村里把这一条说明白；说明白以前先不入账。"), icon="clock", sort="gold")


def _tell_grounds(sheet: Sheet, line: NoticeLine, grounds: Grounds) -> None:
    settled = grounds.settled
    sheet.tell(_("为什么"), what_happened(line))
    rule = _("细则%(number)s　%(title)s") % {"number": settled.indicator, "title": settled.title}
    worth = "，".join(filter(None, (settled.rule, settled.caps)))
    sheet.tell(
        _("依据"), rule, worth, grounds.basis, url=reverse("gate:rule", args=[line.share.deed.indicator_id])
    )
    sheet.tell(_("用的细则"), _edition(settled))
    sheet.tell(_("怎么算的"), settled.sentence, _cut(settled))
    sheet.tell(_("管多久"), grounds.term)
    sheet.tell(_("怎么补救"), grounds.repair)
    sheet.tell(_("谁记的"), brought_text(grounds))
    if grounds.vouched:
        sheet.tell(_("谁核实的"), hand_text(grounds.vouched))
    sheet.tell(_("谁评的"), *judged_lines(settled.decision, grounds))
    if grounds.documents:
        sheet.tell(_("证明材料"), _("有%(count)s份，村里存着，可以去看") % {"count": grounds.documents})
    deed = line.share.deed
    sheet.photos = [photo_facts(deed, photo) for photo in grounds.photos]
    if line.points < 0 and not (grounds.photos or grounds.documents):
        sheet.tell(_("照片"), _("没有照片"))
    if settled.replaced is not None:
        facts = {"before": _signed(settled.replaced), "after": _signed(settled.points)}
        sheet.note(_("这一条提过异议，%(before)s分改成了%(after)s分。") % facts, icon="refresh")
    if grounds.doubled:
        facts = {
            "times": format_points(grounds.doubled.factor),
            "usual": format_points(-grounds.doubled.usual),
            "doubled": format_points(-(settled.before_caps or 0)),
        }
        sheet.note(
            _("做这件事的是党员。细则定了，党员扣分按%(times)s倍：一般扣%(usual)s分，党员扣%(doubled)s分。")
            % facts
        )
    if is_public(line.sheet.notice):
        sheet.notice_url = board.sheet_url(line.sheet.notice, line.sheet.position)


def _edition(settled: Settled) -> str:
    if settled.in_force_from is None:
        return settled.catalogue
    day = settled.in_force_from
    since = _("%(year)s年%(month)s月%(day)s日起施行") % {"year": day.year, "month": day.month, "day": day.day}
    return f"{settled.catalogue}　{since}"


def _cut(settled: Settled) -> str:
    """Say what a limit or another rule took away, where one did."""
    if settled.before_caps is None or settled.replaced is not None or settled.before_caps == settled.points:
        return ""
    facts = {"asked": _signed(settled.before_caps), "points": _signed(settled.points)}
    return _("本来是%(asked)s分，到了上限，记%(points)s分") % facts


def brought_text(grounds: Grounds) -> str:
    """Say who recorded a deed; neighbours are never named."""
    if grounds.brought.who is Who.STAFF and grounds.on_behalf:
        return _("%(who)s替您家报的") % {"who": hand_text(grounds.brought)}
    how = grounds.settled.source
    return (
        f"{hand_text(grounds.brought)}　{how}"
        if grounds.brought.who is Who.STAFF
        else hand_text(grounds.brought)
    )


def hand_text(hand: Hand) -> str:
    """Name who did something: 网格员 桑叶青, 自己家."""
    words = {
        Who.OWN: _("自己家报的"),
        Who.NEIGHBOUR: _("别的人家报的"),
        Who.SYSTEM: _("村里导入的"),
    }
    return words.get(hand.who) or " ".join(filter(None, (hand.office, hand.name)))


def judged_lines(decided: Decided | None, grounds: Grounds) -> list[str]:
    """Say who judged: 评议会7人到会，6人同意，1人回避; then the assembly, where it confirms."""
    if decided is None:
        return []
    if grounds.decided:
        lines = [_("%(who)s评定（小事）") % {"who": hand_text(grounds.decided)}]
    else:
        facts = {"month": decided.held_on.month, "day": decided.held_on.day, "present": decided.present}
        head = _("%(month)s月%(day)s日评议会%(present)s人到会") % facts
        lines = [_votes(head, decided.votes_for, decided.votes_against, decided.recused)]
    if decided.reason:
        lines.append(decided.reason)
    if confirmed := grounds.confirmed:
        head = _("村民代表会议%(present)s人到会") % {"present": confirmed.present}
        lines.append(_votes(head, confirmed.votes_for, confirmed.votes_against, confirmed.recused))
    return lines


def _votes(head: str, votes_for: int, votes_against: int, recused: int) -> str:
    parts = [head, _("%(count)s人同意") % {"count": votes_for}]
    if votes_against:
        parts.append(_("%(count)s人不同意") % {"count": votes_against})
    if recused:
        parts.append(_("%(count)s人回避") % {"count": recused})
    return "，".join(parts)


# What is posted


def posted_sheet(entry: PostedLine, batch: Batch, household: Household) -> Sheet:
    """Describe a posted line: by what caused it; a reversal by what it took back."""
    cause = Cause(batch.cause)
    sheet = Sheet(
        where=_("%(day)s入账") % {"day": _full_day(entry.day)},
        title=entry.title,
        points=entry.points,
        kind=entry.kind,
        proof_url=reverse("phone:proof", args=[entry.batch_id, entry.line]),
    )
    if cause is Cause.SETTLEMENT:
        line = NoticeLine.objects.select_related(
            "sheet__notice__unit", "share__deed__indicator__category", "share__resident"
        ).get(id=entry.line)
        sheet.where += f"　{line_name(line)}"
        _tell_grounds(sheet, line, grounds_of(line.pk))
    elif cause is Cause.ORDER:
        _tell_order(sheet, batch.cause_id)
    elif cause is Cause.REVERSAL:
        _tell_reversal(sheet, entry, batch)
    else:
        sheet.tell(_("为什么"), entry.detail)
    if entry.honour not in (0, entry.points):
        sheet.tell(_("累计荣誉"), _("%(points)s分") % {"points": _signed(entry.honour)})
    sheet.tell(_("记完还有"), _("可用%(points)s分") % {"points": format_points(entry.after)})
    _note_undone(sheet, entry)
    return sheet


def _tell_order(sheet: Sheet, order_id: int) -> None:
    order = Order.objects.select_related("shop").get(id=order_id)
    goods = OrderLine.objects.filter(order=order).select_related("good").order_by("id")
    sheet.title = _("兑换")
    sheet.tell(_("换了什么"), *(_good(each) for each in goods))
    sheet.tell(_("在哪里换的"), order.shop.name, _full_moment(order))
    seller = User.objects.filter(id=order.sold_by_id).values_list("name", flat=True).first()
    sheet.tell(_("谁经手的"), seller or "" if order.sold_by_kind == "user" else "")
    sheet.tell(_("单号"), str(order.public_id)[-12:].upper())


def _good(line: OrderLine) -> str:
    facts = {
        "good": f"{line.good.name}{line.good.spec}",
        "count": line.quantity,
        "points": format_points(line.price * line.quantity),
    }
    return _("%(good)s　%(count)s份，%(points)s分") % facts


def _tell_reversal(sheet: Sheet, entry: PostedLine, batch: Batch) -> None:
    first = Batch.objects.get(id=batch.cause_id)
    known = batch.reason in ReversalReason.values
    sheet.tell(_("为什么"), str(ReversalReason(batch.reason).label) if known else batch.reason)
    facts = {
        "day": _full_day(first.day),
        "title": entry.title.removeprefix(_("冲正：%(title)s") % {"title": ""}),
    }
    sheet.tell(
        _("撤回的是"),
        _("%(day)s记的：%(title)s") % facts,
        url=reverse("phone:entry", args=[first.pk, entry.line]),
    )


def _note_undone(sheet: Sheet, entry: PostedLine) -> None:
    undoing = undone_by([entry.batch_id]).get((entry.batch_id, entry.line))
    if undoing:
        sheet.badge = _("后来撤回了")
        url = reverse("phone:entry", args=[undoing, entry.line])
        sheet.note(_("这一笔后来撤回了，看撤回的那一笔。"), icon="arrow-back-up", sort="gold", url=url)


# How things are written


def _signed(points: int) -> str:
    return format_points(points, signed=True)


def _day(day: date) -> str:
    return _("%(month)s月%(day)s日") % {"month": day.month, "day": day.day}


def _full_day(day: date) -> str:
    return _("%(year)s年%(month)s月%(day)s日") % {"year": day.year, "month": day.month, "day": day.day}


def _full_moment(order: Order) -> str:
    at = order.sold_at.astimezone(clock.ZONE)
    return f"{_full_day(at)} {at:%H:%M}"
