"""Addresses of the public face."""

from django.urls import path, re_path

from xiangyue.gate import views

app_name = "gate"
urlpatterns = [
    path("", views.front, name="front"),
    path("places/", views.landing, name="places"),
    path("notice/<uuid:notice_id>/<int:position>/", views.notice, name="notice"),
    path("notice/<uuid:notice_id>/<int:position>/data.json", views.notice_data, name="notice-data"),
    re_path(
        r"^notice/(?P<notice_id>[0-9a-f-]{36})/(?P<position>\d+)/print/(?P<paper>a3|a4)/$",
        views.notice_print,
        name="notice-print",
    ),
    path("card/<str:token>/", views.card, name="card"),
    path("look/", views.look, name="look"),
]
