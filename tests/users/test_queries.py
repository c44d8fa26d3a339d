import pytest

from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.operations import create_user, switch_off
from xiangyue.users.queries import user_by_login, user_even_if_off, users_like
from xiangyue.users.refusals import UnknownUser


@pytest.fixture(autouse=True)
def people(county: Jurisdiction) -> None:
    for login, name in (("禾生", "田禾生"), ("豆苗", "田豆苗"), ("春芽", "麦春芽")):
        create_user(login=login, name=name)
    switch_off(user=user_by_login("豆苗"))


def logins(text: str = "", *, switched_off: bool | None = None) -> list[str]:
    return [user.login for user in users_like(text, switched_off=switched_off)]


def test_users_are_found_by_the_beginning_of_login_or_name() -> None:
    assert set(logins("田")) == {"禾生", "豆苗"}
    assert logins(" 春 ") == ["春芽"]
    assert logins("生") == []
    assert logins("%") == []


def test_users_are_listed_all_or_by_whether_they_are_off() -> None:
    assert set(logins()) == {"admin", "禾生", "豆苗", "春芽"}
    assert logins(switched_off=True) == ["豆苗"]
    assert set(logins("田", switched_off=False)) == {"禾生"}


def test_who_is_off_is_found_only_where_that_is_meant() -> None:
    assert user_even_if_off("豆苗").name == "田豆苗"
    assert user_even_if_off("禾生") == user_by_login("禾生")
    with pytest.raises(UnknownUser):
        user_by_login("豆苗")
    with pytest.raises(UnknownUser):
        user_even_if_off("没有这个人")
