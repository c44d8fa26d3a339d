import pytest
from django.contrib.auth import authenticate

from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.models import User
from xiangyue.users.operations import create_user
from xiangyue.users.queries import user_by_login
from xiangyue.users.refusals import LoginTaken, UnknownUser


def test_a_user_is_created_who_cannot_sign_in_yet(county: Jurisdiction) -> None:
    user = create_user(login="禾生", name="田禾生")
    assert (str(user), user_by_login("禾生")) == ("田禾生", user)
    assert not user.has_usable_password()
    assert authenticate(username="禾生", password="") is None


def test_a_password_is_kept_as_an_argon2_hash(county: Jurisdiction) -> None:
    user = create_user(login="禾生", name="田禾生", password="风调雨顺好年景")
    assert user.password.startswith("argon2$")
    assert authenticate(username="禾生", password="风调雨顺好年景") == user
    assert authenticate(username="禾生", password="风调雨顺") is None


def test_a_login_belongs_to_one_person(county: Jurisdiction) -> None:
    create_user(login="禾生", name="田禾生")
    with pytest.raises(LoginTaken) as refused:
        create_user(login="禾生", name="田禾生的堂弟")
    assert refused.value.as_dict()["facts"] == {"login": "禾生"}
    assert User.objects.get(login="禾生").name == "田禾生"  # and the transaction goes on


def test_nobody_is_found_by_a_login_that_was_switched_off(county: Jurisdiction) -> None:
    user = create_user(login="禾生", name="田禾生")
    User.objects.filter(pk=user.pk).update(is_active=False)
    for login in ("禾生", "没有这个人"):
        with pytest.raises(UnknownUser):
            user_by_login(login)


def test_each_county_has_its_own_logins(county: Jurisdiction) -> None:
    assert [user.login for user in User.objects.all()] == ["admin"]
