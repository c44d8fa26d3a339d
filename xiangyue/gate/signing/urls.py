"""Addresses of signing in. The names without a namespace are django-allauth's, which leads from one to the next."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.socialaccount import views as social
from allauth.usersessions import views as sessions
from django.urls import path

from xiangyue.gate.signing.views import entrance
from xiangyue.gate.wechat.views import oauth2_callback, oauth2_login

urlpatterns = [
    path(address, entrance(view), name=name)
    for address, view, name in (
        ("", account.request_login_code, "account_request_login_code"),
        ("code/", account.confirm_login_code, "account_confirm_login_code"),
        ("first/", account.signup, "account_signup"),
        ("first/code/", account.verify_phone, "account_verify_phone"),
        ("password/", account.login, "account_login"),
        ("again/", account.reauthenticate, "account_reauthenticate"),
        ("out/", account.logout, "account_logout"),
        ("off/", account.account_inactive, "account_inactive"),
        ("phone/", account.change_phone, "account_change_phone"),
        ("new-password/", account.password_change, "account_change_password"),
        ("first-password/", account.password_set, "account_set_password"),
        ("sessions/", sessions.list_usersessions, "usersessions_list"),
        ("wechat/", oauth2_login, "wechat_login"),
        ("wechat/back/", oauth2_callback, "wechat_callback"),
        ("wechat/cancelled/", social.login_cancelled, "socialaccount_login_cancelled"),
        ("wechat/failed/", social.login_error, "socialaccount_login_error"),
        ("wechat/first/", social.signup, "socialaccount_signup"),
        ("second/", factors.index, "mfa_index"),
        ("second/show/", factors.authenticate, "mfa_authenticate"),
        ("second/again/", factors.reauthenticate, "mfa_reauthenticate"),
        ("second/app/", totp.activate_totp, "mfa_activate_totp"),
        ("second/app/off/", totp.deactivate_totp, "mfa_deactivate_totp"),
        ("second/codes/", codes.view_recovery_codes, "mfa_view_recovery_codes"),
        ("second/codes/new/", codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
        ("second/codes/file/", codes.download_recovery_codes, "mfa_download_recovery_codes"),
        ("second/keys/", keys.list_webauthn, "mfa_list_webauthn"),
        ("second/keys/new/", keys.add_webauthn, "mfa_add_webauthn"),
        ("second/keys/again/", keys.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
        ("second/keys/in/", keys.login_webauthn, "mfa_login_webauthn"),
        ("second/keys/<int:pk>/off/", keys.remove_webauthn, "mfa_remove_webauthn"),
        ("second/keys/<int:pk>/", keys.edit_webauthn, "mfa_edit_webauthn"),
    )
]
