"""Who signs in: one user per person and jurisdiction. What they may do comes from appointments, in `people`."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class User(AbstractBaseUser):
    """A person who may act in this jurisdiction.

    login: what the person is called by at sign-in and in `--as`; unique in the jurisdiction.
    """

    login = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "login"
    objects = BaseUserManager["User"]()

    def __str__(self) -> str:
        return self.name
