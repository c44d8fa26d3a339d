"""Commands for complaints: writing down, listing, answering, passing on; and for the phones that people may call."""

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.cli.common import Work, in_county, table
from xiangyue.people.queries import household_by_number, unit_by_code, village_of
from xiangyue.requests.models import ComplaintKind, ComplaintWay, ContactKind
from xiangyue.requests.operations import (
    answer_complaint,
    lodge_complaint,
    new_token,
    pass_on,
    pass_on_overdue,
    remove_contact,
    set_contact,
)
from xiangyue.requests.queries import ListedComplaint, contacts_of, listed_complaints

WAYS = [ComplaintWay.PHONE.value, ComplaintWay.PAPER.value, ComplaintWay.PERSON.value]
unit_option = click.option(
    "--unit", required=True, metavar="CODE", help=str(gettext_lazy("哪个单位（代码）"))
)
contact_kind_option = click.option(
    "--kind",
    type=click.Choice(ContactKind.values),
    required=True,
    help=str(gettext_lazy("找谁：网格员、村委会、监督电话、热线")),
)


@click.group(help=str(gettext_lazy("投诉：对方案和办事的人有意见，由上一级答复")))
def complaint() -> None:
    pass


@complaint.command(help=str(gettext_lazy("替人记下投诉：电话里说的、纸上写的、当面说的")))
@click.option("--unit", required=True, metavar="CODE", help=str(gettext_lazy("投诉哪个单位（代码）")))
@click.option(
    "--kind", type=click.Choice(ComplaintKind.values), required=True, help=str(gettext_lazy("哪一类事"))
)
@click.option("--way", type=click.Choice(WAYS), default="paper", help=str(gettext_lazy("是怎么提的")))
@click.option("--household", metavar="NUMBER", help=str(gettext_lazy("户号；不留名就不写")))
@click.option("--named", is_flag=True, help=str(gettext_lazy("可以让答复的人知道是谁家")))
@click.option("--text", required=True, help=str(gettext_lazy("什么事")))
@in_county
def lodge(work: Work, unit: str, kind: str, way: str, household: str | None, named: bool, text: str) -> None:
    about = unit_by_code(unit)
    token = new_token()
    known = household and household_by_number(village=village_of(about), number=household)
    lodged = lodge_complaint(
        actor=work.actor,
        unit_id=about.pk,
        kind=ComplaintKind(kind),
        text=text,
        token=token,
        household_id=known.pk if known else None,
        is_hidden=not named,
        way=ComplaintWay(way),
    )
    facts = {
        "complaint": lodged.pk,
        "answer_unit": lodged.answer_unit.code,
        "answer_by": lodged.answer_by,
        "path": f"/complain/{token}/",
    }
    words = {
        "number": lodged.pk,
        "who": lodged.answer_unit.name,
        "day": lodged.answer_by,
        "path": facts["path"],
    }
    work.answer(
        facts,
        _("记下了，第%(number)s件投诉，%(who)s%(day)s以前答复。") % words,
        _("请告诉本人，在 %(path)s 看答复。") % words,
    )


@complaint.command("list", help=str(gettext_lazy("列出要我答复的投诉")))
@click.option("--all", "with_answered", is_flag=True, help=str(gettext_lazy("答复过的也列出来")))
@in_county
def list_all(work: Work, with_answered: bool) -> None:
    listed = listed_complaints(work.actor, with_answered=with_answered)
    columns = (
        _("号"),
        _("投诉哪里"),
        _("哪一类"),
        _("谁提的"),
        _("怎么提的"),
        _("状态"),
        _("内容"),
        _("答复"),
    )
    shown = [
        (
            one.complaint.pk,
            one.complaint.unit.name,
            one.complaint.get_kind_display(),
            one.household or "—",
            one.complaint.get_way_display(),
            _state(one),
            one.complaint.text,
            one.complaint.answer,
        )
        for one in listed
    ]
    work.answer({"complaints": [_facts(one) for one in listed]}, table(_("投诉"), columns, shown))


@complaint.command(help=str(gettext_lazy("答复一件投诉")))
@click.argument("number", type=int)
@click.option("--text", required=True, help=str(gettext_lazy("怎么处理的")))
@in_county
def answer(work: Work, number: int, text: str) -> None:
    answered = answer_complaint(actor=work.actor, complaint_id=number, answer=text)
    work.answer({"complaint": answered.pk, "state": answered.state}, _("答复了，投诉的人能看到。"))


@complaint.command(
    "pass-on", help=str(gettext_lazy("转给上一级；不写号，就转所有过了期限的，后台任务自己也会办"))
)
@click.argument("number", type=int, required=False)
@click.option("--reason", default="", help=str(gettext_lazy("为什么转")))
@in_county
def pass_one_on(work: Work, number: int | None, reason: str) -> None:
    if number is None:
        count = pass_on_overdue(actor=work.actor)
        work.answer({"passed_on": count}, _("转上去%(count)s件。") % {"count": count})
        return
    passed = pass_on(actor=work.actor, complaint_id=number, reason=reason)
    facts = {
        "complaint": passed.pk,
        "answer_unit": passed.answer_unit.code,
        "answer_by": passed.answer_by,
    }
    words = {"who": passed.answer_unit.name, "day": passed.answer_by}
    work.answer(facts, _("转给%(who)s了，%(day)s以前答复。") % words)


@click.group(help=str(gettext_lazy("电话：村民有事找谁")))
def contact() -> None:
    pass


@contact.command("set", help=str(gettext_lazy("登记一个单位的电话；原来的换掉")))
@unit_option
@contact_kind_option
@click.option("--label", required=True, help=str(gettext_lazy("叫什么，例如 村委会办公室；不写私人姓名")))
@click.argument("phone")
@in_county
def set_one(work: Work, unit: str, kind: str, label: str, phone: str) -> None:
    line = set_contact(
        actor=work.actor, unit_id=unit_by_code(unit).pk, kind=ContactKind(kind), label=label, phone=phone
    )
    facts = {"unit": unit, "kind": line.kind, "label": line.label, "phone": line.phone}
    work.answer(facts, _("%(label)s的电话是%(phone)s，网页上看得到了。") % facts)


@contact.command("list", help=str(gettext_lazy("看一个单位的村民能打哪些电话，近的在前")))
@unit_option
@in_county
def list_contacts(work: Work, unit: str) -> None:
    lines = contacts_of(unit_by_code(unit))
    rows = [(line.unit.name, line.get_kind_display(), line.label, line.phone) for line in lines]
    facts = [
        {"unit": line.unit.code, "kind": line.kind, "label": line.label, "phone": line.phone}
        for line in lines
    ]
    columns = (_("单位"), _("找谁"), _("叫什么"), _("电话"))
    work.answer({"contacts": facts}, table(_("电话"), columns, rows))


@contact.command("remove", help=str(gettext_lazy("撤下一个单位的电话")))
@unit_option
@contact_kind_option
@in_county
def remove(work: Work, unit: str, kind: str) -> None:
    remove_contact(actor=work.actor, unit_id=unit_by_code(unit).pk, kind=ContactKind(kind))
    work.answer({"unit": unit, "kind": kind}, _("撤下了。"))


def _facts(one: ListedComplaint) -> dict[str, object]:
    lodged = one.complaint
    return {
        "complaint": lodged.pk,
        "unit": lodged.unit.code,
        "answer_unit": lodged.answer_unit.code,
        "kind": lodged.kind,
        "household": one.household,
        "way": lodged.way,
        "state": lodged.state,
        "answer_by": lodged.answer_by,
        "overdue": one.is_overdue,
        "text": lodged.text,
        "answer": lodged.answer,
    }


def _state(one: ListedComplaint) -> str:
    facts = {"day": one.complaint.answer_by}
    if one.is_overdue:
        return _("%(day)s就该答复，过期了") % facts
    return _("%(day)s以前答复") % facts if one.complaint.answered_at is None else _("答复了")
