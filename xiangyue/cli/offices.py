"""Commands for offices: who holds them, who follows, who is missing."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.cli.common import DAY, Work, in_county, table
from xiangyue.kernel import clock
from xiangyue.people.models import Appointment, Body, Capacity, Level, Unit
from xiangyue.people.offices import Act, Office
from xiangyue.people.operations.appointments import (
    appoint,
    end_all_offices,
    end_appointment,
    hand_over,
    seat_member,
)
from xiangyue.people.permissions import require
from xiangyue.people.queries import appointments_below, leaf_labels, unit_by_code
from xiangyue.people.register import Register, compositions, gaps, terms_ending
from xiangyue.users.queries import user_by_login, user_even_if_off

unit_option = click.option(
    "--unit", "code", required=True, metavar="CODE", help=str(gettext_lazy("哪个单位，写代码"))
)
on_option = click.option("--on", type=DAY, help=str(gettext_lazy("看哪一天，不写就是今天")))
until_option = click.option("--until", type=DAY, help=str(gettext_lazy("最后一天是哪天，不写就是今天")))
body_option = click.option(
    "--body", type=click.Choice([each.value for each in Body]), help=str(gettext_lazy("会里的职务：哪个会"))
)
capacity_option = click.option(
    "--capacity",
    type=click.Choice([each.value for each in Capacity]),
    help=str(gettext_lazy("会里的职务：代表谁")),
)
id_argument = click.argument("appointment_id", metavar="ID", type=int)


@click.group(help=str(gettext_lazy("任职：谁在哪里担任什么职务")))
def office() -> None:
    pass


@office.command("list", help=str(gettext_lazy("列出一个单位和它下面的任职")))
@unit_option
@in_county
def list_offices(work: Work, code: str) -> None:
    unit = _readable(work, code)
    facts_of = _facts_below(unit)
    rows = [facts_of(each) for each in appointments_below(unit)]
    columns = (_("编号"), _("姓名"), _("登录名"), _("职务"), _("单位"), _("起"), _("止"), _("哪个会，代表谁"))
    shown = [
        (
            *(row[key] for key in ("id", "name", "login", "title", "unit_name", "since")),
            row["until"] or "",
            _seat_words(row),
        )
        for row in rows
    ]
    work.answer({"unit": code, "appointments": rows}, table(unit.name, columns, shown))


@office.command("appoint", help=str(gettext_lazy("任命：WHO是登录名")))
@click.argument("who")
@click.option(
    "--office",
    "title",
    required=True,
    type=click.Choice([each.value for each in Office]),
    help=str(gettext_lazy("什么职务")),
)
@unit_option
@click.option("--since", type=DAY, help=str(gettext_lazy("从哪天起，不写就是今天")))
@click.option(
    "--until", type=DAY, help=str(gettext_lazy("到哪天为止，不写就一直担任；轮着当的，到这一轮满为止"))
)
@body_option
@capacity_option
@in_county
def appoint_(
    work: Work,
    who: str,
    title: str,
    code: str,
    since: date | None,
    until: date | None,
    body: str | None,
    capacity: str | None,
) -> None:
    made = appoint(
        actor=work.actor,
        user_id=user_by_login(who).pk,
        office=Office(title),
        unit_id=unit_by_code(code).pk,
        since=since or clock.today(),
        until=until,
        body=Body(body) if body else None,
        capacity=Capacity(capacity) if capacity else None,
    )
    facts = _facts_of(made)
    work.answer(facts, _("%(name)s从%(since)s起是%(unit_name)s的%(title)s。") % facts)


@office.command(help=str(gettext_lazy("写明会里的人坐在哪个会、代表谁：ID是office list里的编号")))
@id_argument
@body_option
@capacity_option
@in_county
def seat(work: Work, appointment_id: int, body: str | None, capacity: str | None) -> None:
    seated = seat_member(
        actor=work.actor,
        appointment_id=appointment_id,
        body=Body(body) if body else None,
        capacity=Capacity(capacity) if capacity else None,
    )
    facts = _facts_of(seated)
    words = {**facts, "seat": _seat_words(facts)}
    work.answer(facts, _("%(name)s在%(unit_name)s：%(seat)s。") % words)


@office.command("hand-over", help=str(gettext_lazy("交接：ID是office list里的编号，交给另一个人")))
@id_argument
@click.option("--to", "who", required=True, metavar="LOGIN", help=str(gettext_lazy("交给谁，写登录名")))
@click.option("--on", type=DAY, help=str(gettext_lazy("新人从哪天起，不写就是明天")))
@click.option(
    "--until", type=DAY, help=str(gettext_lazy("到哪天为止，不写就一直担任；轮着当的，到这一轮满为止"))
)
@in_county
def hand_over_(work: Work, appointment_id: int, who: str, on: date | None, until: date | None) -> None:
    made = hand_over(
        actor=work.actor,
        appointment_id=appointment_id,
        user_id=user_by_login(who).pk,
        on=on or clock.today() + timedelta(days=1),
        until=until,
    )
    facts = _facts_of(made)
    work.answer(facts, _("%(unit_name)s的%(title)s交接了：从%(since)s起是%(name)s。") % facts)


@office.command(help=str(gettext_lazy("免职：ID是office list里的编号")))
@id_argument
@until_option
@in_county
def end(work: Work, appointment_id: int, until: date | None) -> None:
    ended = end_appointment(actor=work.actor, appointment_id=appointment_id, until=until or clock.today())
    facts = _facts_of(ended)
    work.answer(facts, _("%(name)s担任%(unit_name)s的%(title)s，到%(until)s为止。") % facts)


@office.command("end-all", help=str(gettext_lazy("离开：免去一个人的所有职务，WHO是登录名")))
@click.argument("who")
@until_option
@in_county
def end_all(work: Work, who: str, until: date | None) -> None:
    user, last_day = user_even_if_off(who), until or clock.today()
    ended = end_all_offices(actor=work.actor, user_id=user.pk, until=last_day)
    facts = {"login": who, "name": user.name, "until": last_day, "ended": [each.pk for each in ended]}
    words = {**facts, "count": len(ended)}
    work.answer(facts, _("%(name)s的%(count)s个职务，到%(until)s为止。") % words)


@office.command("gaps", help=str(gettext_lazy("哪里缺人，哪里不是党员，谁快到期")))
@unit_option
@on_option
@in_county
def gaps_(work: Work, code: str, on: date | None) -> None:
    unit = _readable(work, code)
    labels = leaf_labels(unit)
    missing = [
        {
            "unit": gap.unit.code,
            "unit_name": labels[gap.unit.pk],
            "office": gap.office.value,
            "title": gap.title,
            "lack": gap.lack.value,
            "holder": gap.holder,
            "words": gap.words,
        }
        for gap in gaps(unit, on)
    ]
    ending = [
        {
            "id": turn.appointment.pk,
            "name": turn.appointment.user.name,
            "login": turn.appointment.user.login,
            "office": turn.appointment.office,
            "title": turn.title,
            "unit": turn.appointment.unit.code,
            "unit_name": labels[turn.appointment.unit_id],
            "ends_on": turn.ends_on,
        }
        for turn in terms_ending(unit, on)
    ]
    lacks = table(
        unit.name,
        (_("单位"), _("代码"), _("缺什么")),
        ((row["unit_name"], row["unit"], row["words"]) for row in missing),
    )
    soon = table(
        _("快到期的任职"),
        (_("编号"), _("姓名"), _("职务"), _("单位"), _("到期")),
        ([row[key] for key in ("id", "name", "title", "unit_name", "ends_on")] for row in ending),
    )
    work.answer(
        {"unit": code, "gaps": missing, "ending": ending},
        lacks if missing else _("%(unit)s不缺人。") % {"unit": unit.name},
        soon if ending else "",
    )


@office.command(help=str(gettext_lazy("各个会里有谁，还缺谁")))
@unit_option
@on_option
@in_county
def bodies(work: Work, code: str, on: date | None) -> None:
    unit = _readable(work, code)
    labels = leaf_labels(unit)
    found = compositions(unit, on)
    facts = [
        {
            "unit": each.unit.code,
            "body": each.body.value,
            "members": [
                {"name": seat.name, "login": seat.login, "capacity": seat.capacity and seat.capacity.value}
                for seat in each.seats
            ],
            "missing": [
                {"capacity": one.capacity.value, "least": one.least, "seated": one.seated}
                for one in each.shortages
            ],
            "words": each.words,
        }
        for each in found
    ]
    columns = (_("单位"), _("会"), _("人数"), _("有谁"), _("缺谁"))
    rows = (
        (
            labels[each.unit.pk],
            each.body.label,
            len(each.seats),
            "、".join(seat.name for seat in each.seats),
            each.words or _("齐了"),
        )
        for each in found
    )
    work.answer({"unit": code, "bodies": facts}, table(unit.name, columns, rows))


def _readable(work: Work, code: str) -> Unit:
    unit = unit_by_code(code)
    require(work.actor, Act.READ_HOUSEHOLDS, unit)
    return unit


def _facts_of(appointment: Appointment) -> dict[str, Any]:
    return _facts_below(appointment.unit)(appointment)


def _facts_below(unit: Unit) -> Callable[[Appointment], dict[str, Any]]:
    """Give how to tell appointments at and below a unit; the register and the tree are read once."""
    register, labels = Register(), leaf_labels(unit)

    def facts(appointment: Appointment) -> dict[str, Any]:
        level = Level(appointment.unit.level)
        return {
            "id": appointment.pk,
            "name": appointment.user.name,
            "login": appointment.user.login,
            "office": appointment.office,
            "title": register.title(Office(appointment.office), level),
            "unit": appointment.unit.code,
            "unit_name": labels[appointment.unit_id],
            "body": appointment.body,
            "capacity": appointment.capacity,
            "since": appointment.since,
            "until": appointment.until,
        }

    return facts


def _seat_words(facts: dict[str, Any]) -> str:
    body = str(Body(facts["body"]).label) if facts["body"] else ""
    capacity = str(Capacity(facts["capacity"]).label) if facts["capacity"] else ""
    return "，".join(filter(None, (body, capacity)))
