"""Every write on users."""

from django.db import IntegrityError, transaction

from xiangyue.users.models import User
from xiangyue.users.refusals import LoginTaken


def create_user(*, login: str, name: str, password: str | None = None) -> User:
    """Create someone who can act in this jurisdiction. Without a password nobody can sign in as them yet.

    Raises: LoginTaken.
    """
    user = User(login=login, name=name)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        raise LoginTaken(login=login) from None
    return user
