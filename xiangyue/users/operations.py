"""Every write on users. Who may do it, and the action log, are matters of `people` (`people/operations/users.py`)."""

import secrets
import unicodedata
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from xiangyue.kernel import clock
from xiangyue.users.models import User
from xiangyue.users.refusals import BadLogin, BadName, LoginTaken, PhoneTaken, WeakPassword

LENGTH: Final = 60


def create_user(*, login: str, name: str, password: str | None = None) -> User:
    """Create someone who can act in this jurisdiction. Without a password nobody can sign in as them yet.

    Raises: BadLogin, BadName, WeakPassword, LoginTaken.
    """
    user = _new_user(login, name)
    if password is not None:
        _refuse_weak(password, user)
        user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        raise LoginTaken(login=user.login) from None
    return user


def create_users(*, names: Mapping[str, str]) -> dict[str, int]:
    """Create people who can act here, in one statement; names and ids are by login. Nobody can sign in as them yet.

    Raises: BadLogin, BadName, LoginTaken (naming one that is).
    """
    users = [_new_user(login, name) for login, name in names.items()]
    if not users:
        return {}
    try:
        with transaction.atomic():
            made = User.objects.bulk_create(users)
    except IntegrityError:
        logins = [user.login for user in users]
        taken = User.objects.filter(login__in=logins).order_by("login").values_list("login", flat=True)
        raise LoginTaken(login=taken.first() or logins[0]) from None
    return dict(zip(names, (user.pk for user in made), strict=True))


def sign_up(*, user: User, name: str) -> None:
    """Save a new user who comes in by themselves, under a login that says nothing about them. Raises: BadName."""
    made = _new_user(f"u-{secrets.token_hex(8)}", name)
    user.login, user.name, user.password = made.login, made.name, made.password
    user.signed_up_at = clock.now()
    user.save(force_insert=True)


def keep_phone(*, user: User, sealed: bytes, index: str | None = None) -> None:
    """Keep the phone number, sealed, by which a user signs in.

    index: what it is found by, where its owner has just shown that it is theirs; until then nobody is found by it.
    Raises: PhoneTaken.
    """
    user.phone, user.phone_index = sealed, index
    user.phone_verified_at = clock.now() if index else None
    try:
        with transaction.atomic():
            user.save(update_fields=["phone", "phone_index", "phone_verified_at"])
    except IntegrityError:
        raise PhoneTaken from None


def forget_unfinished(*, before: datetime) -> int:
    """Delete who began to sign up before a moment and never showed that the number is theirs; give how many."""
    begun = User.objects.filter(signed_up_at__lt=before, phone_verified_at=None, last_login=None)
    return begun.delete()[0]


def rename_user(*, user: User, name: str) -> None:
    """Correct a user's name; the login stays. Raises: BadName."""
    name = name.strip()
    if not _is_line(name):
        raise BadName(name=name)
    user.name = name
    user.save(update_fields=["name"])


@transaction.atomic
def switch_off(*, user: User) -> None:
    """Let a user sign in no more, and sign them out wherever they are."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user_id=user.pk)


def switch_on(*, user: User) -> None:
    """Let a user sign in again, with the password that they had."""
    user.is_active = True
    user.save(update_fields=["is_active"])


@transaction.atomic
def set_password(*, user: User, password: str) -> None:
    """Give a user a new password, and sign them out wherever they are. Raises: WeakPassword."""
    _refuse_weak(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user_id=user.pk)


def end_sessions(*, user_id: int) -> int:
    """Sign a user out everywhere; give how many sessions ended.

    Sessions name their user only inside their signed text; beside each that was begun stands whose it is.
    """
    begun = UserSession.objects.filter(user_id=user_id)
    ended, _of_each = Session.objects.filter(session_key__in=begun.values("session_key")).delete()
    begun.delete()
    return ended


def forget_sign_ins(*, user_ids: Collection[int]) -> None:
    """Delete by what else users signed in: WeChat, second factors, and where they were signed in."""
    for model in (SocialAccount, Authenticator, UserSession):
        model.objects.filter(user_id__in=user_ids).delete()


def _new_user(login: str, name: str) -> User:
    """Make a user nobody can sign in as, without writing it. Raises: BadLogin, BadName."""
    login, name = login.strip(), name.strip()
    if not _is_line(login):
        raise BadLogin(login=login)
    if not _is_line(name):
        raise BadName(name=name)
    user = User(login=login, name=name)
    user.set_unusable_password()
    return user


def _is_line(text: str) -> bool:
    return 0 < len(text) <= LENGTH and not any(unicodedata.category(sign) == "Cc" for sign in text)


def _refuse_weak(password: str, user: User) -> None:
    validators = get_default_password_validators()
    try:
        for validator in validators:
            validator.validate(password, user)
    except ValidationError:
        lengths = [each.min_length for each in validators if isinstance(each, MinimumLengthValidator)]
        raise WeakPassword(least=max(lengths, default=1)) from None
