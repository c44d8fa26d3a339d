import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from xiangyue.ui.middleware import ChineseFirstMiddleware


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse(translation.get_language())


@pytest.mark.parametrize(
    ("cookies", "browser", "spoken"),
    [
        ({}, "en-US,en", "zh-hans"),
        ({"language": "en"}, "zh-CN", "en"),
        ({"language": "zh-hant"}, "zh-CN", "zh-hant"),
        ({"language": "xx"}, "en", "zh-hans"),
    ],
)
def test_only_the_readers_choice_changes_the_language(
    cookies: dict[str, str], browser: str, spoken: str
) -> None:
    request = RequestFactory().get("/", headers={"accept-language": browser})
    request.COOKIES.update(cookies)
    with translation.override("zh-hans"):
        response = ChineseFirstMiddleware(answer)(request)
    assert isinstance(response, HttpResponse)
    assert response.content.decode() == spoken
    assert response.headers["Content-Language"] == spoken
