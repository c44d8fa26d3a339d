"""The way to WeChat and back."""

from typing import Any

from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.weixin.client import WeixinOAuth2Client
from allauth.socialaccount.providers.weixin.views import WeixinOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest

FRAGMENT = "#wechat_redirect"  # WeChat asks for it, or does not open the page


class WeChatClient(WeixinOAuth2Client):  # type: ignore[misc]
    """Asks WeChat for whom a code was given."""

    def get_redirect_url(self, authorization_url: str, scope: list[str], extra_params: dict[str, str]) -> str:
        return str(super().get_redirect_url(authorization_url, scope, extra_params)) + FRAGMENT


class WeChatOAuth2Adapter(WeixinOAuth2Adapter):  # type: ignore[misc]
    """The openid comes with the token; with snsapi_base nothing more may be asked."""

    provider_id = "wechat"
    client_class = WeChatClient
    access_token_method = "GET"  # noqa: S105 - how it is asked for

    @property
    def authorize_url(self) -> str:
        return f"{settings.WECHAT_OPEN}/connect/oauth2/authorize"

    @property
    def access_token_url(self) -> str:
        return f"{settings.WECHAT_API}/sns/oauth2/access_token"

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        return self.get_provider().sociallogin_from_response(
            request, {"openid": kwargs["response"]["openid"]}
        )


oauth2_login = OAuth2LoginView.adapter_view(WeChatOAuth2Adapter)
oauth2_callback = OAuth2CallbackView.adapter_view(WeChatOAuth2Adapter)
