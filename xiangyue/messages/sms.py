"""SMS: one small interface before all vendors. The county's setting says which of them sends."""

import uuid
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from xiangyue.messages.channels import NotSent, Sms, SmsSender
from xiangyue.messages.channels.aliyun import ENDPOINT as ALIYUN
from xiangyue.messages.channels.aliyun import Aliyun
from xiangyue.messages.channels.console import Console
from xiangyue.messages.channels.tencent import ENDPOINT as TENCENT
from xiangyue.messages.channels.tencent import REGION, Tencent
from xiangyue.messages.models import Channel, ChannelSetting, Vendor
from xiangyue.messages.refusals import NoMobile, SmsFailed, SmsLater, SmsNotConfigured
from xiangyue.people.private import is_mobile, keys, masked_phone, normal_phone

# The texts that a county has approved by its vendor, and their variables in order. They say nothing of anybody:
# what it is about is read in the app (CONDUCT "Private first").
CODE: Final = "code"
NEWS: Final = "news"
UNKNOWN: Final = "unknown"
KNOWN: Final = "known"
VARIABLES: Final[dict[str, tuple[str, ...]]] = {CODE: ("code",), NEWS: (), UNKNOWN: (), KNOWN: ()}


def words() -> dict[str, str]:
    """Give the texts as they are proposed to vendors, and as the console shows them."""
    return {
        CODE: _("登录用的验证码是%(code)s，5分钟内有效。不要告诉别人。"),
        NEWS: _("您家有一条变动，请进来看。"),
        UNKNOWN: _("有人用这个号码登录乡约，可是它还没有账号。不是您的话，不用理会。"),
        KNOWN: _("有人用这个号码开账号，它已经有账号了，直接登录就行。不是您的话，不用理会。"),
    }


class Sending:
    """A county's way of sending SMS, read once for any number of them."""

    def __init__(self, sender: SmsSender, templates: dict[str, str]) -> None:
        self._sender = sender
        self._templates = templates

    def has(self, template: str) -> bool:
        """Tell whether the county has an approved text of the vendor's for one of ours."""
        return bool(self._templates.get(template))

    def send(self, *, phone: str, template: str, params: dict[str, str], key: str) -> None:
        """Send an SMS. phone: in its normal form. Raises: NotSent."""
        ordered = {name: params[name] for name in VARIABLES[template]}
        self._sender(Sms(phone=phone, template=self._templates[template], params=ordered, key=key))


def sending() -> Sending | None:
    """Give how the county that is entered sends SMS; None where it does not.

    Where it has no setting of its own, the installation may show them instead (XIANGYUE_SMS=console).
    Raises: SealBroken, KeyMissing and their like where the secret can't be read.
    """
    setting = ChannelSetting.objects.filter(channel=Channel.SMS).first()
    if setting is None:
        return _shown() if settings.SMS_FALLBACK == Vendor.CONSOLE else None
    if setting.vendor == Vendor.CONSOLE:
        return _shown()
    secret = keys().open(setting.secret) if setting.secret else ""
    sender: SmsSender
    if setting.vendor == Vendor.ALIYUN:
        sender = Aliyun(setting.key_id, secret, setting.sign, setting.endpoint or ALIYUN)
    else:
        region, endpoint = setting.region or REGION, setting.endpoint or TENCENT
        sender = Tencent(setting.key_id, secret, setting.app, setting.sign, region, endpoint)
    return Sending(sender, setting.templates)


def send_sms(*, phone: str, template: str, params: dict[str, str], key: str = "") -> None:
    """Send one SMS now. phone: as typed. template: one of ours (`VARIABLES`).

    Raises: NoMobile, SmsNotConfigured, SmsLater, SmsFailed.
    """
    number, way = mobile(phone), sending()
    if way is None or not way.has(template):
        raise SmsNotConfigured
    try:
        way.send(phone=number, template=template, params=params, key=key or uuid.uuid4().hex)
    except NotSent as answer:
        refusal = SmsLater if answer.again else SmsFailed
        raise refusal(reason=answer.code) from None


def mobile(phone: str) -> str:
    """Give a mobile's number in its normal form. Raises: NoMobile."""
    number = normal_phone(phone)
    if not is_mobile(number):
        raise NoMobile(phone=masked_phone(number))
    return number


def send_code(*, phone: str, code: str) -> None:
    """Send somebody the code to sign in with, at once and at any hour. It is kept nowhere, the console excepted.

    How often one may ask for one is a matter of signing in. Raises: NoMobile, SmsNotConfigured, SmsLater, SmsFailed.
    """
    send_sms(phone=phone, template=CODE, params={"code": code})


def send_unknown(*, phone: str) -> None:
    """Tell somebody who wants to sign in that their number has no account: only they learn it, not who typed it.

    A county may do without this text; the page says the same anyway. Raises: as `send_code`.
    """
    _send_if_approved(phone, UNKNOWN)


def send_known(*, phone: str) -> None:
    """Tell somebody who wants an account that their number has one. As `send_unknown`."""
    _send_if_approved(phone, KNOWN)


def _send_if_approved(phone: str, template: str) -> None:
    way = sending()
    if way is None:  # a number with an account would be refused just so
        raise SmsNotConfigured
    if way.has(template):
        send_sms(phone=phone, template=template, params={})


def _shown() -> Sending:
    return Sending(Console(words()), {name: name for name in VARIABLES})
