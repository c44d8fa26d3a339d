"""Commands for SMS and WeChat messages: by whom a county sends, trying it out, what was not sent."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, TextIO

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.cli.common import Work, in_county, table
from xiangyue.kernel import clock
from xiangyue.messages.models import Channel, ChannelSetting, Vendor
from xiangyue.messages.operations.configuring import NEEDED, configure, give_up, set_quiet_hours
from xiangyue.messages.operations.trying import try_sms, try_wechat
from xiangyue.messages.queries import channel_settings, failed_deliveries, message_rules, shown_texts
from xiangyue.messages.templates import title_of

SMS_VENDORS = click.Choice([each.value for each in (Vendor.ALIYUN, Vendor.TENCENT, Vendor.CONSOLE)])
CHANNELS = click.Choice([each.value for each in Channel])

secret_option = click.option(
    "--secret-file", type=click.File(encoding="utf-8"), help=str(gettext_lazy("密钥在哪个文件里；不写就问"))
)
endpoint_option = click.option("--endpoint", default="", help=str(gettext_lazy("走代理时的接口地址")))


@click.group(help=str(gettext_lazy("短信和微信消息：怎么发、试一试、没发成的")))
def message() -> None:
    pass


@message.command(help=str(gettext_lazy("短信由谁发：阿里云、腾讯云，或者只在本机显示")))
@click.option("--vendor", type=SMS_VENDORS, required=True, help=str(gettext_lazy("哪一家")))
@click.option("--key-id", default="", help="AccessKey ID / SecretId")
@click.option("--app", default="", help="SdkAppId")
@click.option("--sign", default="", help=str(gettext_lazy("批下来的签名")))
@click.option("--region", default="", help=str(gettext_lazy("腾讯云的地域，默认 ap-guangzhou")))
@click.option(
    "--template",
    "templates",
    multiple=True,
    metavar="NAME=CODE",
    help=str(gettext_lazy("批下来的模板：code、news、unknown、known")),
)
@secret_option
@endpoint_option
@in_county
def sms(
    work: Work,
    vendor: str,
    key_id: str,
    app: str,
    sign: str,
    region: str,
    templates: Sequence[str],
    secret_file: TextIO | None,
    endpoint: str,
) -> None:
    chosen = Vendor(vendor)
    made = configure(
        actor=work.actor,
        vendor=chosen,
        secret=_secret(chosen, secret_file),
        templates=_pairs("--template", templates),
        key_id=key_id,
        app=app,
        sign=sign,
        region=region,
        endpoint=endpoint,
    )
    work.answer(_facts(made), _("短信的设置改好了：%(vendor)s。") % {"vendor": chosen.label})


@message.command(help=str(gettext_lazy("接上公众号：登录用，也发提醒")))
@click.option("--app-id", required=True, help="AppID")
@click.option("--template", default="", help=str(gettext_lazy("模板消息的编号；不写就只用来登录")))
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="FIELD=WHAT",
    help=str(gettext_lazy("模板里的字段填什么：what（有变动）、at（时间）")),
)
@click.option("--link", default="", help=str(gettext_lazy("点开以后到哪一页")))
@secret_option
@endpoint_option
@in_county
def wechat(
    work: Work,
    app_id: str,
    template: str,
    fields: Sequence[str],
    link: str,
    secret_file: TextIO | None,
    endpoint: str,
) -> None:
    made = configure(
        actor=work.actor,
        vendor=Vendor.WECHAT,
        secret=_secret(Vendor.WECHAT, secret_file),
        templates={"news": template} if template else {},
        fields=_pairs("--field", fields),
        app=app_id,
        link=link,
        endpoint=endpoint,
    )
    work.answer(_facts(made), _("公众号接上了。"))


@message.command(help=str(gettext_lazy("不再用短信或微信发，账号也忘掉")))
@click.argument("channel", type=CHANNELS)
@in_county
def off(work: Work, channel: str) -> None:
    given_up = give_up(actor=work.actor, channel=Channel(channel))
    line = _("以后不用%(channel)s发了。") if given_up else _("本来就没有用%(channel)s发。")
    work.answer({"channel": channel, "off": given_up}, line % {"channel": Channel(channel).label})


@message.command(help=str(gettext_lazy("几点到几点不打扰，例如 21:00 07:00；两个一样就是不限")))
@click.argument("start")
@click.argument("end")
@in_county
def quiet(work: Work, start: str, end: str) -> None:
    rules = set_quiet_hours(actor=work.actor, start=_time(start), end=_time(end))
    facts = {"from": f"{rules.quiet_from:%H:%M}", "until": f"{rules.quiet_until:%H:%M}"}
    work.answer(facts, _("%(from)s到%(until)s不发短信和微信，验证码除外。") % facts)


@message.command(help=str(gettext_lazy("看看短信和微信怎么发；密钥不显示")))
@in_county
def show(work: Work) -> None:
    rules = message_rules()
    settings = channel_settings()
    facts = {
        "channels": [_facts(each) for each in settings],
        "quiet": {"from": f"{rules.quiet_from:%H:%M}", "until": f"{rules.quiet_until:%H:%M}"},
    }
    rows = [
        (each.get_channel_display(), each.get_vendor_display(), each.sign or each.app, _named(each))
        for each in settings
    ]
    columns = (_("怎么发"), _("由谁发"), _("签名或公众号"), _("模板"))
    lines = table("", columns, rows) if rows else _("短信和微信都还没有接上。")
    work.answer(facts, lines, _("%(from)s到%(until)s不打扰。") % facts["quiet"])


@message.command("test", help=str(gettext_lazy("发一条试试：--sms 手机号，或 --wechat 登录名")))
@click.option("--sms", "phone", metavar="PHONE", help=str(gettext_lazy("发到这个手机号")))
@click.option("--wechat", "whom", metavar="LOGIN", help=str(gettext_lazy("发给在微信里登录过的这个人")))
@in_county
def try_out(work: Work, phone: str | None, whom: str | None) -> None:
    if (phone is None) == (whom is None):
        raise click.UsageError(_("--sms 和 --wechat 写一个。"))
    if phone is not None:
        template = try_sms(actor=work.actor, phone=phone)
        work.answer({"sent": "sms", "template": template}, _("短信交出去了，看看手机收到没有。"))
    else:
        try_wechat(actor=work.actor, login=str(whom))
        work.answer({"sent": "wechat"}, _("微信消息交出去了，看看公众号里有没有。"))


@message.command(help=str(gettext_lazy("七天里没有发成的，和原因")))
@in_county
def failed(work: Work) -> None:
    found = failed_deliveries()
    facts = [
        {
            "at": each.done_at,
            "channel": each.channel,
            "recipient": each.recipient,
            "message": each.message.template,
            "tries": each.tries,
            "error": each.error,
        }
        for each in found
    ]
    rows = [
        (
            _moment(each.done_at),
            each.get_channel_display(),
            each.recipient,
            title_of(each.message.template),
            each.tries,
            each.error,
        )
        for each in found
    ]
    columns = (_("时间"), _("怎么发"), _("发给"), _("消息"), _("试了几次"), _("原因"))
    work.answer({"failed": facts}, table("", columns, rows) if rows else _("没有发不成的。"))


@message.command(help=str(gettext_lazy("本机显示的短信，例如验证码；只留一天")))
@in_county
def shown(work: Work) -> None:
    found = shown_texts()
    facts = [{"at": each.at, "phone": each.phone, "text": each.text} for each in found]
    rows = [(_moment(each.at), each.phone, each.text) for each in found]
    lines = table("", (_("时间"), _("号码"), _("短信")), rows) if rows else _("还没有。")
    work.answer({"shown": facts}, lines)


def _secret(vendor: Vendor, file: TextIO | None) -> str:
    """Read the secret from a file, or ask for it without showing it; an empty answer keeps the one that is there."""
    if "secret" not in NEEDED[vendor]:
        return ""
    if file is not None:
        return file.read().strip()
    return str(
        click.prompt(
            _("密钥（不会显示；不改就按回车）"), default="", hide_input=True, show_default=False, err=True
        )
    )


def _pairs(option: str, written: Sequence[str]) -> dict[str, str]:
    """Read what is written as NAME=VALUE."""
    found = {}
    for each in written:
        name, equals, value = each.partition("=")
        if not (name and equals and value):
            raise click.UsageError(_("%(option)s 要写成 名字=内容。") % {"option": option})
        found[name.strip()] = value.strip()
    return found


def _time(text: str) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time of any day
    except ValueError:
        raise click.UsageError(_("“%(text)s”不是几点几分。请写成 21:00 这样。") % {"text": text}) from None


def _facts(setting: ChannelSetting) -> dict[str, Any]:
    """Give a setting without its secret."""
    columns = ("channel", "vendor", "key_id", "app", "sign", "region", "templates", "link", "endpoint")
    return {column: getattr(setting, column) for column in columns} | {
        "has_secret": setting.secret is not None
    }


def _named(setting: ChannelSetting) -> str:
    return "、".join(f"{name}={code}" for name, code in setting.templates.items() if name != "fields")


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(clock.ZONE):%Y-%m-%d %H:%M}" if at else "—"
