"""Every write on users. Who may do it, and the action log, are matters of `people` (`people/operations/users.py`)."""

import unicodedata
from collections.abc import Mapping
from typing import Final

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from xiangyue.kernel import clock
from xiangyue.users.models import User
from xiangyue.users.refusals import BadLogin, BadName, LoginTaken, WeakPassword

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

    Sessions name their user only inside their signed text, so that each one in force is read; there are as many as
    people who signed in within two weeks.
    """
    sessions = Session.objects.filter(expire_date__gt=clock.now())
    theirs = [
        session.session_key
        for session in sessions.iterator()
        if session.get_decoded().get(SESSION_KEY) == str(user_id)
    ]
    Session.objects.filter(session_key__in=theirs).delete()
    return len(theirs)


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
