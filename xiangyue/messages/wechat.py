"""WeChat: the county's official account, by which its people sign in and are told."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from allauth.socialaccount.models import SocialAccount
from django.conf import settings

from xiangyue.messages.channels.wechat import TemplateMessage, WeChat
from xiangyue.messages.models import Channel, ChannelSetting
from xiangyue.people.private import keys

PROVIDER: Final = "wechat"  # as whom django-allauth keeps the accounts of those who signed in by it
NEWS: Final = "news"


@dataclass(frozen=True)
class OfficialAccount:
    """What WeChat knows the county by. template: of the one message that it sends; empty where it only signs in.

    fields: what stands in which of the template's fields, by their names (`operations.configuring.FIELDS`).
    """

    app_id: str
    secret: str
    template: str
    fields: dict[str, str]
    link: str
    endpoint: str

    def sender(self) -> WeChat:
        return WeChat(self.app_id, self.secret, self.endpoint)

    def message(self, *, openid: str, values: dict[str, str], key: str) -> TemplateMessage:
        """Fill in the template. values: by our names for them."""
        data = {field: values[name] for field, name in self.fields.items()}
        return TemplateMessage(openid, self.template, data, self.link, key)


def has_official_account() -> bool:
    """Tell whether the county that is entered has an official account, without opening its secret."""
    return ChannelSetting.objects.filter(channel=Channel.WECHAT).exists()


def official_account() -> OfficialAccount | None:
    """Give the official account of the county that is entered, if it has one. Raises: as reading its secret does."""
    setting = ChannelSetting.objects.filter(channel=Channel.WECHAT).first()
    if setting is None:
        return None
    return OfficialAccount(
        app_id=setting.app,
        secret=keys().open(setting.secret) if setting.secret else "",
        template=setting.templates.get(NEWS, ""),
        fields=setting.templates.get("fields", {}),
        link=setting.link,
        endpoint=setting.endpoint or settings.WECHAT_API,
    )


def openids_of(user_ids: Collection[int]) -> dict[int, str]:
    """Give the openids of those users who signed in by WeChat, by user id, in one query."""
    known = SocialAccount.objects.filter(provider=PROVIDER, user_id__in=list(user_ids))
    return dict(known.order_by("id").values_list("user_id", "uid"))
