"""Addresses that the templates name, so that they can be rendered without any face's views."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


gate = [path("", nothing, name="front"), path("look/", nothing, name="look")]
phone = [
    path("", nothing, name="home"),
    path("ledger/", nothing, name="ledger"),
    path("family/", nothing, name="family"),
    path("sign-out/", nothing, name="sign-out"),
]
urlpatterns = [
    path("", include((gate, "gate"))),
    path("my/", include((phone, "phone"))),
    path("language/", nothing, name="set_language"),
]
