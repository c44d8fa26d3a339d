"""What users do about how they sign in: coming for the first time, their phone, their password.

The number is sealed like every number of a person, and found by its HMAC.
"""

from django.db import transaction

from xiangyue.kernel.actors import Actor
from xiangyue.people.private import is_mobile, keys, normal_phone
from xiangyue.records.operations import log_act
from xiangyue.users import operations as users
from xiangyue.users.models import User
from xiangyue.users.refusals import PhoneBad


@transaction.atomic
def sign_up(*, user: User, name: str, phone: str = "") -> None:
    """Save a user who comes for the first time by themselves, as nobody's member yet, nor found by the number yet.

    phone: where they came by one; whoever came by WeChat has none. Raises: BadName, PhoneBad.
    """
    users.sign_up(user=user, name=name)
    if phone:
        claim_phone(user=user, phone=phone)
    log_act(actor=Actor.user(user.pk), act="sign-up", subject="user", subject_ids=[user.pk])


@transaction.atomic
def change_own_password(*, user: User, password: str) -> None:
    """Give oneself another password; one's sessions end. Raises: WeakPassword."""
    users.set_password(user=user, password=password)
    log_act(actor=Actor.user(user.pk), act="set-password", subject="user", subject_ids=[user.pk])


def claim_phone(*, user: User, phone: str) -> None:
    """Keep a number that a user says is theirs; nobody is found by it yet. Raises: PhoneBad."""
    users.keep_phone(user=user, sealed=keys().seal(_mobile(phone)))


@transaction.atomic
def verify_phone(*, user: User, phone: str) -> None:
    """Keep a number that a user has just shown to be theirs: from now on it signs them in.

    Raises: PhoneBad; PhoneTaken where it signs somebody else in.
    """
    number = _mobile(phone)
    index = keys().index("phone", number)
    locked = User.objects.select_for_update(no_key=True).get(id=user.pk)
    if locked.phone_index == index:
        return
    users.keep_phone(user=user, sealed=keys().seal(number), index=index)
    log_act(actor=Actor.user(user.pk), act="verify-phone", subject="user", subject_ids=[user.pk])


def user_by_phone(phone: str) -> User | None:
    """Find who signs in by a number, written as people write it. One that is switched off isn't found."""
    number = normal_phone(phone)
    if not is_mobile(number):
        return None
    return User.objects.filter(phone_index=keys().index("phone", number), is_active=True).first()


def phone_of(user: User) -> tuple[str, bool] | None:
    """Give the number that a user signs in by, in clear, and whether they showed that it is theirs."""
    if user.phone is None:
        return None
    return keys().open(user.phone), user.phone_verified_at is not None


def _mobile(phone: str) -> str:
    number = normal_phone(phone)
    if not is_mobile(number):
        raise PhoneBad
    return number
