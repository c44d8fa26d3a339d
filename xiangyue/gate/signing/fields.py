"""The field for a mobile phone's number, as people write it."""

from typing import Any

from allauth.account.fields import PhoneField as BasePhoneField
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES
from django.forms import CharField, TextInput
from django.utils.translation import gettext_lazy as _

from xiangyue.people.private import is_mobile, normal_phone
from xiangyue.users.refusals import PhoneBad


class PhoneField(BasePhoneField):  # type: ignore[misc]
    """A Chinese mobile's number; spaces, dashes and +86 may be written. Gives its eleven digits."""

    def __init__(self, **wishes: Any) -> None:
        super().__init__(**{**wishes, "label": _("手机号"), "validators": [], "widget": _widget()})

    def clean(self, value: str | None) -> str:
        if value in EMPTY_VALUES and not self.required:
            return ""
        number = normal_phone(CharField.clean(self, value))
        if not is_mobile(number):
            raise ValidationError(str(PhoneBad()), code=PhoneBad.code)
        return number


def _widget() -> TextInput:
    return TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "tel", "class": "input num"})
