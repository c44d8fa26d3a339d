"""Addresses of the villager's phone."""

from django.urls import path

from xiangyue.phone.views import home, ledger, objecting

app_name = "phone"
urlpatterns = [
    path("home/", home.home, name="home"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("object/", objecting.object_to, name="object"),
    path("object/<uuid:objection_id>/", objecting.objected, name="objected"),
    path("sign-out/", home.sign_out, name="sign-out"),
]
