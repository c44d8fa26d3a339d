"""Addresses of the public face."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from xiangyue.gate import notices, views


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
    path(
        "notice/<uuid:notice_id>/<int:position>/print/<paper:paper>/",
        notices.notice_print,
        name="notice-print",
    ),
    path("card/<str:token>/", views.card, name="card"),
    path("look/", views.look, name="look"),
]
