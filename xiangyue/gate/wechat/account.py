"""The official account by which people sign in: the same by which the jurisdiction sends its messages."""

from dataclasses import dataclass

from xiangyue.messages.models import Channel, ChannelSetting
from xiangyue.people.private import keys


@dataclass(frozen=True, slots=True)
class OfficialAccount:
    """An official account (公众号) of WeChat, with the secret in clear."""

    app_id: str
    secret: str


def has_official_account() -> bool:
    """Tell whether one can sign in by WeChat in the jurisdiction that is entered."""
    return ChannelSetting.objects.filter(channel=Channel.WECHAT).exists()


def official_account() -> OfficialAccount | None:
    """Give the jurisdiction's official account, if it has one. Raises: SealBroken, KeyMissing."""
    setting = ChannelSetting.objects.filter(channel=Channel.WECHAT).first()
    if setting is None or setting.secret is None:
        return None
    return OfficialAccount(setting.app, keys().open(setting.secret))
