"""Addresses of the public face."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from xiangyue.gate import notices, views
from xiangyue.gate.help import complain, complained, help_page
from xiangyue.gate.open import open_page
from xiangyue.gate.rules import rule, rules
from xiangyue.gate.signing.views import arrive


class PaperConverter(StringConverter):
    """The sizes that a notice is printed in."""

    regex = "a3|a4"


register_converter(PaperConverter, "paper")

app_name = "gate"
urlpatterns = [
    path("", notices.front, name="front"),
    path("places/", views.landing, name="places"),
    path("notice/<uuid:notice_id>/<int:position>/", notices.notice, name="notice"),
    path("notice/<uuid:notice_id>/<int:position>/data.json", notices.notice_data, name="notice-data"),
    path("notice/<uuid:notice_id>/<int:position>/check/", notices.notice_check, name="notice-check"),
    path(
        "notice/<uuid:notice_id>/<int:position>/print/<paper:paper>/",
        notices.notice_print,
        name="notice-print",
    ),
    path("open/", open_page, name="open"),
    path("rules/", rules, name="rules"),
    path("rules/<int:indicator_id>/", rule, name="rule"),
    path("card/<str:token>/", views.card, name="card"),
    path("arrive/", arrive, name="arrive"),
    path("help/", help_page, name="help"),
    path("complain/", complain, name="complain"),
    path("complain/<str:token>/", complained, name="complained"),
    path("look/", views.look, name="look"),
]
