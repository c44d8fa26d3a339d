import pytest
from django.test import RequestFactory

from xiangyue.ui.context import look


@pytest.mark.parametrize(
    ("cookies", "size", "contrast"),
    [
        ({}, "normal", "normal"),
        ({"size": "large"}, "large", "normal"),
        ({"contrast": "high", "size": "normal"}, "normal", "high"),
        ({"size": '"><script>', "contrast": "1"}, "normal", "normal"),
    ],
)
def test_the_look_comes_from_cookies(cookies: dict[str, str], size: str, contrast: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES.update(cookies)
    assert look(request) == {"look": {"size": size, "contrast": contrast}}
