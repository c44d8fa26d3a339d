"""The forms for signing in that differ from django-allauth's own."""

from typing import Any

from allauth.account.forms import LoginForm, SignupForm
from django.forms import CharField, TextInput
from django.utils.translation import gettext_lazy as _

from xiangyue.users.operations import LENGTH


class PasswordForm(LoginForm):  # type: ignore[misc]
    """Name or phone, and password: for staff. The library leaves the password out where nobody signs up with one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("登录名或手机号")
        self.fields["login"].widget.attrs |= {"class": "input", "autocomplete": "username", "placeholder": ""}
        self.fields["password"].label = _("密码")
        self.fields["password"].widget.attrs |= {"class": "input", "placeholder": ""}

    def _setup_password_field(self) -> None:
        pass


class FirstTimeForm(SignupForm):  # type: ignore[misc]
    """Who comes in for the first time, without a card: what they are called, and their phone."""

    field_order = ("name", "phone")
    name = CharField(
        label=_("姓名"), max_length=LENGTH, widget=TextInput({"class": "input", "autocomplete": "name"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].required = True
