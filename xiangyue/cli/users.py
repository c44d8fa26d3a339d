"""Commands for users: who signs in, and who no longer does."""

from collections.abc import Callable
from typing import Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.cli.common import Work, in_county, table
from xiangyue.people.models import Unit
from xiangyue.people.offices import Act
from xiangyue.people.operations import users
from xiangyue.people.permissions import require
from xiangyue.people.queries import household_by_number, resident_named, unit_by_code, village_by_code
from xiangyue.users.models import User
from xiangyue.users.queries import user_even_if_off, users_like

Command = Callable[..., Any]

login_argument = click.argument("login_", metavar="LOGIN")
reason_option = click.option("--reason", required=True, help=str(gettext_lazy("为什么")))


def password_option(command: Command) -> Command:
    """Ask for a password twice, unseen; a script may give the option instead."""
    return click.option(
        "--password",
        prompt=str(gettext_lazy("密码")),
        confirmation_prompt=str(gettext_lazy("再输一遍")),
        hide_input=True,
        help=str(gettext_lazy("密码；不写就问，输入时看不见")),
    )(command)


@click.group(help=str(gettext_lazy("账号：谁能登录")))
def user() -> None:
    pass


@user.command("list", help=str(gettext_lazy("列出账号；写了TEXT，就只列登录名或姓名这样开头的")))
@click.argument("text", default="")
@click.option("--off", is_flag=True, help=str(gettext_lazy("只列停用的")))
@in_county
def list_users(work: Work, text: str, off: bool) -> None:
    require(work.actor, Act.MANAGE_PEOPLE, Unit.objects.get(parent=None))
    rows = [_facts(each) for each in users_like(text, switched_off=True if off else None)]
    columns = (_("登录名"), _("姓名"), _("状态"))
    shown = ((row["login"], row["name"], _("能登录") if row["active"] else _("停用")) for row in rows)
    work.answer({"users": rows}, table("", columns, shown))


@user.command(help=str(gettext_lazy("给不是本村人的工作人员开账号")))
@login_argument
@click.option("--name", required=True, help=str(gettext_lazy("姓名")))
@click.option("--unit", "code", required=True, metavar="CODE", help=str(gettext_lazy("哪个单位，写代码")))
@password_option
@in_county
def add(work: Work, login_: str, name: str, code: str, password: str) -> None:
    made = users.add_staff(
        actor=work.actor, unit_id=unit_by_code(code).pk, login=login_, name=name, password=password
    )
    _told(work, made, _("%(name)s的账号开好了，登录名是“%(login)s”。"))


@user.command("add-villager", help=str(gettext_lazy("给户册上的人开账号")))
@login_argument
@click.option("--village", required=True, metavar="CODE", help=str(gettext_lazy("哪个村（官方代码）")))
@click.option("--household", required=True, metavar="NUMBER", help=str(gettext_lazy("户号")))
@click.option("--name", required=True, help=str(gettext_lazy("姓名")))
@password_option
@in_county
def add_villager(work: Work, login_: str, village: str, household: str, name: str, password: str) -> None:
    found = household_by_number(village=village_by_code(village), number=household)
    require(work.actor, Act.MANAGE_PEOPLE, found.unit)
    made = users.add_villager(
        actor=work.actor, resident_id=resident_named(found, name).pk, login=login_, password=password
    )
    _told(work, made, _("%(name)s的账号开好了，登录名是“%(login)s”。"))


@user.command(help=str(gettext_lazy("改姓名，登录名不变")))
@login_argument
@click.option("--name", required=True, help=str(gettext_lazy("姓名")))
@in_county
def rename(work: Work, login_: str, name: str) -> None:
    renamed = users.rename_user(actor=work.actor, user_id=user_even_if_off(login_).pk, name=name)
    _told(work, renamed, _("“%(login)s”的姓名改成了%(name)s。"))


@user.command("switch-off", help=str(gettext_lazy("停用账号：马上退出登录，职务暂不算数")))
@login_argument
@reason_option
@in_county
def switch_off(work: Work, login_: str, reason: str) -> None:
    done = users.switch_off(actor=work.actor, user_id=user_even_if_off(login_).pk, reason=reason)
    _told(work, done, _("%(name)s的账号停用了。"))


@user.command("switch-on", help=str(gettext_lazy("重新启用账号")))
@login_argument
@reason_option
@in_county
def switch_on(work: Work, login_: str, reason: str) -> None:
    done = users.switch_on(actor=work.actor, user_id=user_even_if_off(login_).pk, reason=reason)
    _told(work, done, _("%(name)s的账号又能用了。"))


@user.command(help=str(gettext_lazy("设新密码：这个人在别处都退出登录")))
@login_argument
@password_option
@in_county
def password(work: Work, login_: str, password: str) -> None:
    done = users.set_password(actor=work.actor, user_id=user_even_if_off(login_).pk, password=password)
    _told(work, done, _("%(name)s的密码换了。"))


def _told(work: Work, who: User, words: str) -> None:
    facts = _facts(who)
    work.answer(facts, words % facts)


def _facts(who: User) -> dict[str, Any]:
    return {"login": who.login, "name": who.name, "active": who.is_active}
