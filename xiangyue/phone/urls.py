"""Addresses of the villager's phone."""

from django.urls import path

from xiangyue.phone import views

app_name = "phone"
urlpatterns = [
    path("home/", views.home, name="home"),
    path("ledger/", views.ledger, name="ledger"),
    path("object/", views.object_to, name="object"),
    path("object/<uuid:objection_id>/", views.objected, name="objected"),
    path("sign-out/", views.sign_out, name="sign-out"),
]
