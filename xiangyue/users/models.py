"""Who signs in: one user per person and jurisdiction. What they may do comes from appointments, in `people`."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class User(AbstractBaseUser):
    """A person who may act in this jurisdiction.

    login: what the person is called by at sign-in and in `--as`; unique in the jurisdiction.
    phone: sealed with the county's key (`people.private`); phone_index: what it is found by, once its owner has shown
    that it is theirs (phone_verified_at). Whoever signs up with a number that is not theirs takes it from nobody.
    """

    login = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)
    phone = models.BinaryField(null=True)
    phone_index = models.CharField(max_length=32, null=True, unique=True)  # noqa: DJ001 - NULLs are many
    phone_verified_at = models.DateTimeField(null=True)
    signed_up_at = models.DateTimeField(null=True)  # by themselves; of whom others made, nothing

    USERNAME_FIELD = "login"
    objects = BaseUserManager["User"]()

    def __str__(self) -> str:
        return self.name
