"""What django-allauth asks of us: who signs in by which phone, how codes are sent, what is kept about a second factor.

Each write is one call to an operation, as everywhere in the faces.
"""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiangyue.gate.signing.fields import PhoneField
from xiangyue.gate.wechat.provider import WeChatProvider
from xiangyue.messages import sms
from xiangyue.messages.wechat import official_account
from xiangyue.people.operations.phones import (
    change_own_password,
    claim_phone,
    phone_of,
    sign_up,
    user_by_phone,
    verify_phone,
)
from xiangyue.people.private import keys
from xiangyue.users.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Signing in by phone and code, or by name and password."""

    error_messages: ClassVar[dict[str, Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("名字或密码不对。"),
        "phone_password_mismatch": _("手机号或密码不对。"),
        "incorrect_code": _("验证码不对，看看短信再填。"),
        "too_many_login_attempts": _("试的次数多了，过一会儿再来。"),
        "rate_limited": _("发得太勤了，过一会儿再来。"),
    }

    def phone_form_field(self, **wishes: Any) -> PhoneField:
        return PhoneField(**wishes)

    def get_user_by_phone(self, phone: str) -> User | None:
        return user_by_phone(phone)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return phone_of(user)

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        claim_phone(user=user, phone=phone)

    def set_phone_verified(self, user: User, phone: str) -> None:
        verify_phone(user=user, phone=phone)

    def send_verification_code_sms(self, user: User, phone: str, code: str, **_rest: Any) -> None:
        sms.send_code(phone=phone, code=code)

    # Whoever asks for a code is told the same, whether the number is known or not; to one that is not, nothing is sent.

    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        sign_up(user=user, name=form.cleaned_data["name"], phone=form.cleaned_data["phone"])
        return user

    def set_password(self, user: User, password: str) -> None:
        change_own_password(user=user, password=password)


class WeChatAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Signing in by WeChat: the official account is the jurisdiction's own, the same that sends messages."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        account = official_account()
        if account is None or provider not in (None, WeChatProvider.id):
            return []
        name = WeChatProvider.name
        return [
            SocialApp(provider=WeChatProvider.id, name=name, client_id=account.app_id, secret=account.secret)
        ]

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Form | None = None) -> User:
        user: User = sociallogin.user
        with transaction.atomic():  # nobody without the account by which they come again
            sign_up(user=user, name=str(_("微信用户")))
            sociallogin.save(request)
        return user

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return True

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user: User = sociallogin.user
        return user


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What a second factor is told by: sealed with the county's key, like all that must not be read from a dump."""

    def encrypt(self, text: str) -> str:
        return keys().seal(text).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return keys().open(bytes.fromhex(encrypted_text))

    def get_totp_label(self, user: User) -> str:
        return user.login

    def _get_user_identifier(self, user: User) -> str:
        return user.login
