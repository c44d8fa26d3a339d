"""Addresses of one's own household (我家)."""

from django.urls import path

from xiangyue.phone.views import family

urlpatterns = [
    path("", family.family, name="family"),
    path("card/", family.card, name="family-card"),
    path("pin/<slug:which>/", family.pin, name="family-pin"),
    path("code/", family.code, name="family-code"),
    path("members/<int:membership_id>/", family.member, name="family-member"),
    path("claims/<int:claim_id>/", family.claim, name="family-claim"),
    path("help/", family.help_, name="family-help"),
    path("records/", family.records, name="family-records"),
    path("records.<slug:form>", family.records_file, name="family-records-file"),
    path("requests/", family.requests, name="family-requests"),
    path("requests/<int:request_id>/", family.request_, name="family-request"),
    path("consents/", family.consents, name="family-consents"),
    path("wishes/", family.wishes, name="family-wishes"),
]
