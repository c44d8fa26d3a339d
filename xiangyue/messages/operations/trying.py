"""Trying out how a county sends: one message now, at any hour, to somebody who waits for it."""

import uuid

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.messages.channels import NotSent
from xiangyue.messages.operations.configuring import require_manager
from xiangyue.messages.refusals import (
    NotAFollower,
    SmsNotConfigured,
    SmsNotTaken,
    WeChatFailed,
    WeChatNotConfigured,
)
from xiangyue.messages.sms import CODE, NEWS, mobile, sending
from xiangyue.messages.wechat import official_account, openids_of
from xiangyue.messages.words import news_values
from xiangyue.users.queries import user_by_login

NO_CODE = "000000"  # opens nothing


def try_sms(*, actor: Actor, phone: str) -> str:
    """Send the text for news to a number, or, where there is none, the one for codes; give which.

    Raises: NotAllowed, NoMobile, SmsNotConfigured, SmsNotTaken (with the vendor's code).
    """
    require_manager(actor)
    number, way = mobile(phone), sending()
    if way is None:
        raise SmsNotConfigured
    template, params = (NEWS, dict[str, str]()) if way.has(NEWS) else (CODE, {"code": NO_CODE})
    try:
        way.send(phone=number, template=template, params=params, key=uuid.uuid4().hex)
    except NotSent as answer:
        raise SmsNotTaken(reason=answer.code) from None
    return template


def try_wechat(*, actor: Actor, login: str) -> None:
    """Send the template message to somebody who signed in by WeChat before.

    Raises: NotAllowed, WeChatNotConfigured, UnknownUser, NotAFollower, WeChatFailed (with WeChat's code).
    """
    require_manager(actor)
    account = official_account()
    if account is None or not account.template:
        raise WeChatNotConfigured
    user = user_by_login(login)
    openid = openids_of([user.pk]).get(user.pk)
    if openid is None:
        raise NotAFollower(login=login)
    values = news_values(clock.now())
    try:
        account.sender()(account.message(openid=openid, values=values, key=uuid.uuid4().hex))
    except NotSent as answer:
        raise WeChatFailed(reason=answer.code) from None
