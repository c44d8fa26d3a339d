"""Addresses that the templates name, so that they can be rendered without any face's views."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


gate = [
    path("", nothing, name="front"),
    path("look/", nothing, name="look"),
    path("arrive/", nothing, name="arrive"),
    path("rules/<int:indicator_id>/", nothing, name="rule"),
    path("help/", nothing, name="help"),
    path("complain/", nothing, name="complain"),
]
phone = [
    path("", nothing, name="home"),
    path("ledger/", nothing, name="ledger"),
    path("declare/", nothing, name="declare"),
    path("deeds/", nothing, name="deeds"),
    path("photos/<uuid:deed_id>/<int:file_id>/", nothing, name="photo"),
    path("photos/<uuid:deed_id>/<int:file_id>/small/", nothing, name="photo-small"),
    path("family/", nothing, name="family"),
    path("family/card/", nothing, name="family-card"),
    path("family/pin/<slug:which>/", nothing, name="family-pin"),
    path("family/code/", nothing, name="family-code"),
    path("family/members/<int:membership_id>/", nothing, name="family-member"),
    path("family/claims/<int:claim_id>/", nothing, name="family-claim"),
    path("family/help/", nothing, name="family-help"),
    path("family/records/", nothing, name="family-records"),
    path("family/records.<slug:form>", nothing, name="family-records-file"),
    path("family/requests/", nothing, name="family-requests"),
    path("family/requests/<int:request_id>/", nothing, name="family-request"),
    path("family/consents/", nothing, name="family-consents"),
    path("family/wishes/", nothing, name="family-wishes"),
    path("join/", nothing, name="join"),
    path("helping/", nothing, name="helping"),
    path("helping/end/", nothing, name="helped"),
    path("who/turn/", nothing, name="turn"),
    path("sign-out/", nothing, name="sign-out"),
]
# django-allauth's names, which stand in no namespace.
SIGN_IN = [
    "account_request_login_code",
    "account_login",
    "account_signup",
    "account_change_phone",
    "account_change_password",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_login_webauthn",
    "usersessions_list",
    "wechat_login",
]
urlpatterns = [
    path("", include((gate, "gate"))),
    path("my/", include((phone, "phone"))),
    path("language/", nothing, name="set_language"),
    path("sign-in/keys/<int:pk>/off/", nothing, name="mfa_remove_webauthn"),
    *(path(f"sign-in/{name}/", nothing, name=name) for name in SIGN_IN),
]
