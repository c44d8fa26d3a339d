"""Signing in inside WeChat by a jurisdiction's official account (网页授权, scope snsapi_base).

It tells who somebody is at this account (openid) and nothing else: no name, no picture, no phone.
https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html
"""

from typing import Any

from allauth.socialaccount.providers.weixin.provider import WeixinProvider
from django.utils.translation import gettext_lazy as _

from xiangyue.gate.wechat.views import WeChatOAuth2Adapter


class WeChatProvider(WeixinProvider):  # type: ignore[misc]
    id = "wechat"
    name = _("微信")
    oauth2_adapter_class = WeChatOAuth2Adapter

    def get_default_scope(self) -> list[str]:
        return ["snsapi_base"]

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}


provider_classes = [WeChatProvider]
