"""Reads on users."""

from django.db.models import Q, QuerySet

from xiangyue.users.models import User
from xiangyue.users.refusals import UnknownUser


def user_by_login(login: str) -> User:
    """Find who is meant. Raises: UnknownUser (also for someone who was switched off)."""
    try:
        return User.objects.get(login=login, is_active=True)
    except User.DoesNotExist:
        raise UnknownUser(login=login) from None


def user_even_if_off(login: str) -> User:
    """Find who is meant, switched off or not. Raises: UnknownUser."""
    try:
        return User.objects.get(login=login)
    except User.DoesNotExist:
        raise UnknownUser(login=login) from None


def users_like(text: str = "", *, switched_off: bool | None = None) -> QuerySet[User]:
    """Give the users whose login or name begins like a text, by login; all of them for none.

    switched_off: only those that are, or only those that are not.
    """
    text = text.strip()
    found = (
        User.objects.filter(Q(login__startswith=text) | Q(name__startswith=text))
        if text
        else User.objects.all()
    )
    if switched_off is not None:
        found = found.filter(is_active=not switched_off)
    return found.order_by("login")
