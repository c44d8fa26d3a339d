"""Reads on users."""

from xiangyue.users.models import User
from xiangyue.users.refusals import UnknownUser


def user_by_login(login: str) -> User:
    """Find who is meant. Raises: UnknownUser (also for someone who was switched off)."""
    try:
        return User.objects.get(login=login, is_active=True)
    except User.DoesNotExist:
        raise UnknownUser(login=login) from None
