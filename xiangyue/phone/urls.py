"""Addresses of the villager's phone."""

from django.urls import include, path

from xiangyue.phone.views import (
    declare,
    deeds,
    figures,
    helping,
    home,
    joining,
    ledger,
    messages,
    objecting,
    who,
)

app_name = "phone"
urlpatterns = [
    path("home/", home.home, name="home"),
    path("code/", home.code, name="code"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/<int:batch_id>/<int:line>/", ledger.entry, name="entry"),
    path("ledger/<int:batch_id>/<int:line>/proof/", ledger.proof, name="proof"),
    path("ledger/line/<int:line_id>/", ledger.line, name="line"),
    path("ledger/<int:year>/proof.json", ledger.proof_file, name="proof-file"),
    path("ledger/<int:year>/statement.xlsx", ledger.statement, name="statement"),
    path("ledger/checker.py", ledger.proof_checker, name="proof-checker"),
    path("figures/", figures.figures, name="figures"),
    path("ranking/", figures.ranking, name="ranking"),
    path("declare/", declare.pick, name="declare"),
    path("declare/<int:indicator_id>/", declare.fill_in, name="declare-form"),
    path("declare/<int:indicator_id>/foreseen/", declare.foreseen, name="declare-foreseen"),
    path("declared/<uuid:deed_id>/", declare.done, name="declared"),
    path("drafts/", declare.draft_photos, name="draft-photos"),
    path("drafts/<str:token>/", declare.drafted, name="draft-photo"),
    path("deeds/", deeds.deeds, name="deeds"),
    path("deeds/<uuid:deed_id>/", deeds.deed, name="deed"),
    path("deeds/<uuid:deed_id>/amend/", deeds.amend, name="deed-amend"),
    path("deeds/<uuid:deed_id>/withdraw/", deeds.withdraw, name="deed-withdraw"),
    path("deeds/<uuid:deed_id>/photos/<int:file_id>/", deeds.photo, name="photo"),
    path(
        "deeds/<uuid:deed_id>/photos/<int:file_id>/small/", deeds.photo, {"small": True}, name="photo-small"
    ),
    path("object/", objecting.object_to, name="object"),
    path("object/<uuid:objection_id>/", objecting.objected, name="objected"),
    path("object/<uuid:objection_id>/photo/<int:position>/", objecting.photo, name="objected-photo"),
    path(
        "object/<uuid:objection_id>/photo/<int:position>/small/",
        objecting.photo,
        {"small": True},
        name="objected-photo-small",
    ),
    path("messages/", messages.messages, name="messages"),
    path("messages/ways/", messages.ways, name="messages-ways"),
    path("family/", include("xiangyue.phone.family_urls")),
    path("join/", joining.join, name="join"),
    path("helping/", helping.helping, name="helping"),
    path("helping/end/", helping.helped, name="helped"),
    path("who/", who.who, name="who"),
    path("who/turn/", who.turn, name="turn"),
    path("sign-out/", home.sign_out, name="sign-out"),
]
