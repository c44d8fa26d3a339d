"""What the pages of signing in are given."""

from datetime import UTC, datetime
from types import SimpleNamespace as Facts

from django import forms

from tests.ui.samples.common import JURISDICTION, Context, Pages
from xiangyue.gate.signing.fields import PhoneField

CODE = "482913"


class Phone(forms.Form):
    phone = PhoneField()


class FirstTime(forms.Form):
    name = forms.CharField(label="姓名", widget=forms.TextInput({"class": "input"}))
    phone = PhoneField()


class Password(forms.Form):
    login = forms.CharField(label="登录名或手机号", widget=forms.TextInput({"class": "input"}))
    password = forms.CharField(label="密码", widget=forms.PasswordInput({"class": "input"}))


class Code(forms.Form):
    code = forms.CharField(label="验证码", widget=forms.TextInput({"class": "input"}))


class App(Code):
    secret = "JBSWY3DPEHPK3PXP"


class Passkey(forms.Form):
    name = forms.CharField(label="名字", widget=forms.TextInput({"class": "input"}))
    passwordless = forms.BooleanField(label="登录不用密码", required=False)
    credential = forms.CharField(widget=forms.HiddenInput())


SESSIONS = [
    Facts(created_at=datetime(2026, 11, 5, 6, 35, tzinfo=UTC), user_agent=agent, is_current=not place)
    for place, agent in enumerate(
        ("Mozilla/5.0 (Linux; Android 12) MicroMessenger/8.0", "Mozilla/5.0 (Windows)")
    )
]
KEYS = [Facts(pk=1, wrap=Facts(name="办公室的钥匙"), created_at=datetime(2026, 11, 5, tzinfo=UTC))]


def _page(**facts: object) -> Context:
    return {"jurisdiction": JURISDICTION, "has_wechat": False, "redirect_field": "", **facts}


def _code(**facts: object) -> Context:
    return _page(phone="19900000018", verify_form=Code(), can_resend=True, **facts)


def _sheet(template: str, **facts: object) -> tuple[str, Context]:
    return template, _page(**facts)


PAGES: Pages = {
    "sign-in": _sheet("account/request_login_code.html", form=Phone()),
    "sign-in-wechat": _sheet(
        "account/request_login_code.html", form=Phone({"phone": "12345"}), has_wechat=True
    ),
    "sign-in-code": ("account/confirm_login_code.html", _code()),
    "sign-in-code-wrong": ("account/confirm_login_code.html", _code() | {"verify_form": Code({"code": ""})}),
    "sign-in-first": _sheet("account/signup.html", form=FirstTime()),
    "sign-in-first-wrong": _sheet("account/signup.html", form=FirstTime({"name": "", "phone": "1"})),
    "sign-in-first-code": ("account/confirm_phone_verification_code.html", _code()),
    "sign-in-password": _sheet("account/login.html", form=Password()),
    "sign-in-password-wrong": _sheet("account/login.html", form=Password({"login": "", "password": ""})),
    "sign-in-again": _sheet("account/reauthenticate.html", form=Password()),
    "sign-in-out": _sheet("account/logout.html", form=None),
    "sign-in-off": _sheet("account/account_inactive.html"),
    "sign-in-problem": _sheet("account/problem.html", problem="这里还不能发短信，请找网格员。"),
    "sign-in-phone": _sheet("account/phone_change.html", form=Phone(), phone="19900000018"),
    "sign-in-new-password": _sheet("account/password_change.html", form=Password()),
    "sign-in-first-password": _sheet("account/password_set.html", form=Password()),
    "sign-in-sessions": _sheet("usersessions/usersession_list.html", sessions=SESSIONS, session_count=2),
    "sign-in-session": _sheet("usersessions/usersession_list.html", sessions=SESSIONS[:1], session_count=1),
    "sign-in-wechat-asked": _sheet("socialaccount/login.html", form=None),
    "sign-in-wechat-cancelled": _sheet("socialaccount/login_cancelled.html"),
    "sign-in-wechat-failed": _sheet("socialaccount/authentication_error.html"),
    "second": _sheet("mfa/index.html", authenticators=Facts(totp=None, webauthn=[], recovery_codes=None)),
    "second-set": _sheet(
        "mfa/index.html", authenticators=Facts(totp=1, webauthn=KEYS, recovery_codes=1), is_mfa_enabled=True
    ),
    "second-show": _sheet("mfa/authenticate.html", form=Code(), webauthn_form=Passkey(), js_data={}),
    "second-again": _sheet("mfa/reauthenticate.html", form=Code()),
    "second-app": _sheet(
        "mfa/totp/activate_form.html",
        form=App(),
        totp_svg_data_uri="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=",
    ),
    "second-app-off": _sheet("mfa/totp/deactivate_form.html", form=None),
    "second-codes": _sheet(
        "mfa/recovery_codes/index.html", unused_codes=["0a1b2c3d", "4e5f6a7b"], total_count=10
    ),
    "second-codes-new": _sheet("mfa/recovery_codes/generate.html", form=None),
    "second-keys": _sheet("mfa/webauthn/authenticator_list.html", authenticators=KEYS),
    "second-key-new": _sheet("mfa/webauthn/add_form.html", form=Passkey(), js_data={}),
    "second-key-off": _sheet("mfa/webauthn/authenticator_confirm_delete.html", form=None),
    "second-key-name": _sheet("mfa/webauthn/edit_form.html", form=Code()),
    "second-key-again": _sheet("mfa/webauthn/reauthenticate.html", form=Passkey(), js_data={}),
}
