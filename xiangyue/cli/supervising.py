"""Commands for supervisors: remarks on what was brought, and the village's answers to them."""

from dataclasses import asdict

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.cli.common import Work, in_county, table
from xiangyue.cli.deed import deed
from xiangyue.cli.ledger_words import remark_in_words
from xiangyue.cli.options import key_option
from xiangyue.kernel.ids import public_id
from xiangyue.people.offices import Act
from xiangyue.people.permissions import require
from xiangyue.scoring.models import Share
from xiangyue.scoring.objection_queries import remarks_on
from xiangyue.scoring.operations.supervising import answer_remark, lift_hold
from xiangyue.scoring.operations.supervising import remark as remark_on
from xiangyue.scoring.refusals import UnknownDeed


@deed.command(help=str(gettext_lazy("监督员提意见：对一件事里的一户")))
@click.argument("share", type=int)
@click.option("--text", required=True, help=str(gettext_lazy("有什么意见")))
@click.option("--hold", is_flag=True, help=str(gettext_lazy("村里答复以前，这一条先不入账")))
@key_option
@in_county
def remark(work: Work, share: int, text: str, hold: bool, key: str | None) -> None:
    made = remark_on(actor=work.actor, share_id=share, text=text, holds=hold, key=key or str(public_id()))
    held = _("村里答复以前，这一条先不入账。") if made.holds else ""
    facts = {"remark": made.pk, "share": made.share_id, "holds": made.holds}
    work.answer(facts, _("记下了，第%(remark)s条监督意见。") % facts + held)


@deed.command(help=str(gettext_lazy("列出一件事收到的监督意见和答复")))
@click.argument("deed_id", metavar="DEED", type=int)
@in_county
def remarks(work: Work, deed_id: int) -> None:
    shares = Share.objects.filter(deed=deed_id).select_related("household__unit").in_bulk()
    if not shares:
        raise UnknownDeed(deed=deed_id)
    listed = remarks_on(shares)
    for unit in {shares[one.share].household.unit for one in listed}:  # as where a line is traced
        require(work.actor, Act.READ_HOUSEHOLDS, unit)
    numbers = {pk: share.household.number for pk, share in shares.items()}
    facts = [asdict(one) | {"household": numbers[one.share]} for one in listed]
    rows = [(one.remark, one.share, numbers[one.share], remark_in_words(one)) for one in listed]
    columns = (_("号"), _("份额"), _("户号"), _("监督意见"))
    work.answer({"remarks": facts}, table(_("监督意见"), columns, rows))


@deed.command("answer-remark", help=str(gettext_lazy("答复一条监督意见，它留住的就放行")))
@click.argument("number", type=int)
@click.option("--text", required=True, help=str(gettext_lazy("怎么答复")))
@in_county
def answer(work: Work, number: int, text: str) -> None:
    answered = answer_remark(actor=work.actor, remark_id=number, answer=text)
    work.answer({"remark": answered.pk, "answered_at": answered.answered_at}, _("答复了。"))


@deed.command("lift-hold", help=str(gettext_lazy("监督员把自己留住的放行，意见还在")))
@click.argument("number", type=int)
@in_county
def lift(work: Work, number: int) -> None:
    lifted = lift_hold(actor=work.actor, remark_id=number)
    work.answer({"remark": lifted.pk, "holds": lifted.holds}, _("放行了，意见还留着。"))
