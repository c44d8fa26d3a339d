from collections.abc import Callable
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import authenticate
from django.contrib.sessions.models import Session
from django.test import Client

from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.models import User
from xiangyue.users.operations import (
    create_user,
    create_users,
    end_sessions,
    rename_user,
    set_password,
    switch_off,
    switch_on,
)
from xiangyue.users.queries import user_by_login
from xiangyue.users.refusals import BadLogin, BadName, LoginTaken, UnknownUser, WeakPassword


def test_a_user_is_created_who_cannot_sign_in_yet(county: Jurisdiction) -> None:
    user = create_user(login="禾生", name="田禾生")
    assert (str(user), user_by_login("禾生")) == ("田禾生", user)
    assert not user.has_usable_password()
    assert authenticate(username="禾生", password="") is None


def test_a_password_is_kept_as_an_argon2_hash(county: Jurisdiction) -> None:
    user = create_user(login="禾生", name="田禾生", password="风调雨顺五谷丰登好年景")
    assert user.password.startswith("argon2$")
    assert authenticate(username="禾生", password="风调雨顺五谷丰登好年景") == user
    assert authenticate(username="禾生", password="风调雨顺") is None


def test_a_login_belongs_to_one_person(county: Jurisdiction) -> None:
    create_user(login="禾生", name="田禾生")
    with pytest.raises(LoginTaken) as refused:
        create_user(login="禾生", name="田禾生的堂弟")
    assert refused.value.as_dict()["facts"] == {"login": "禾生"}
    assert User.objects.get(login="禾生").name == "田禾生"  # and the transaction goes on


def test_many_users_are_created_in_one_statement(
    county: Jurisdiction, django_assert_num_queries: Any
) -> None:
    names = {f" 禾{number}": f"田禾{number} " for number in range(50)}
    assert User.objects.exists()  # the search path is set with the first statement
    with django_assert_num_queries(3):  # with the savepoint around it
        made = create_users(names=names)
    assert {login: User.objects.get(pk=made[login]).login for login in names} == {
        login: login.strip() for login in names
    }
    user = user_by_login("禾7")
    assert (user.pk, user.name) == (made[" 禾7"], "田禾7")
    assert not user.has_usable_password()
    with django_assert_num_queries(0):
        assert create_users(names={}) == {}


def test_of_many_users_all_are_created_or_none(county: Jurisdiction) -> None:
    create_user(login="禾2", name="另一个禾2")
    with pytest.raises(LoginTaken) as refused:
        create_users(names={f"禾{number}": "田禾生" for number in range(4)})
    assert refused.value.facts == {"login": "禾2"}
    for bad, refusal in (({"": "田禾生"}, BadLogin), ({"禾": "田\n禾"}, BadName)):
        with pytest.raises(refusal):
            create_users(names={"禾9": "田禾生", **bad})
    assert set(User.objects.values_list("login", flat=True)) == {"admin", "禾2"}


def test_nobody_is_found_by_a_login_that_was_switched_off(county: Jurisdiction) -> None:
    user = create_user(login="禾生", name="田禾生")
    User.objects.filter(pk=user.pk).update(is_active=False)
    for login in ("禾生", "没有这个人"):
        with pytest.raises(UnknownUser):
            user_by_login(login)


def test_each_county_has_its_own_logins(county: Jurisdiction) -> None:
    assert [user.login for user in User.objects.all()] == ["admin"]


@pytest.mark.parametrize("login", ["", "  ", "禾" * 61, "禾\n生", "禾\x00生"])
def test_a_login_is_one_line(county: Jurisdiction, login: str) -> None:
    with pytest.raises(BadLogin):
        create_user(login=login, name="田禾生")


@pytest.mark.parametrize("name", ["", " ", "田" * 61, "田\t禾生"])
def test_a_name_is_one_line(county: Jurisdiction, name: str) -> None:
    with pytest.raises(BadName):
        create_user(login="禾生", name=name)


def test_rare_characters_are_part_of_names(county: Jurisdiction) -> None:
    made = create_user(login="\U00020bb7禾", name=" 田\U00030edd\U0002a6d6 ")
    assert (made.login, made.name) == ("\U00020bb7禾", "田\U00030edd\U0002a6d6")


@pytest.mark.parametrize("password", ["", "123456", "1234567890", "password123"])
def test_a_password_that_is_soon_guessed_is_refused(county: Jurisdiction, password: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        create_user(login="禾生", name="田禾生", password=password)
    assert refused.value.facts == {"least": 10}
    assert not User.objects.filter(login="禾生").exists()


def test_a_user_is_renamed_and_keeps_the_login(county: Jurisdiction) -> None:
    user = create_user(login="禾生", name="田禾升")
    rename_user(user=user, name="田禾生")
    assert user_by_login("禾生").name == "田禾生"
    with pytest.raises(BadName):
        rename_user(user=user, name="")


def session_of(user: User) -> str:
    phone = Client()
    phone.force_login(user)
    key = str(phone.session.session_key)
    UserSession.objects.create(user=user, session_key=key, ip="127.0.0.1")  # as signing in does
    return key


def ways_out() -> list[Callable[[User], Any]]:
    return [
        lambda user: switch_off(user=user),
        lambda user: set_password(user=user, password="五谷丰登六畜兴旺好年景"),
        lambda user: end_sessions(user_id=user.pk),
    ]


@pytest.mark.parametrize("way", ways_out())
def test_a_user_is_signed_out_everywhere_and_nobody_else_is(
    county: Jurisdiction, way: Callable[[User], Any]
) -> None:
    user, other = (create_user(login=login, name=login) for login in ("禾生", "春芽"))
    theirs = [session_of(user) for _device in range(3)]
    kept = [session_of(other) for _device in range(2)]
    way(user)
    left = set(Session.objects.values_list("session_key", flat=True))
    assert not left & set(theirs)
    assert left >= set(kept)


def test_who_is_switched_on_again_has_the_old_password(county: Jurisdiction) -> None:
    password = "风调雨顺五谷丰登好年景"
    user = create_user(login="禾生", name="田禾生", password=password)
    switch_off(user=user)
    assert authenticate(username="禾生", password=password) is None
    switch_on(user=user)
    assert authenticate(username="禾生", password=password) == user


def test_a_new_password_takes_the_old_one_s_place(county: Jurisdiction) -> None:
    user = create_user(login="禾生", name="田禾生", password="风调雨顺五谷丰登好年景")
    with pytest.raises(WeakPassword):
        set_password(user=user, password="short")
    set_password(user=user, password="五谷丰登六畜兴旺好年景")
    assert authenticate(username="禾生", password="风调雨顺五谷丰登好年景") is None
    assert authenticate(username="禾生", password="五谷丰登六畜兴旺好年景") == user
