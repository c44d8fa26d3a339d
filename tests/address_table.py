"""The permission table: who gets what at every address."""

# ruff: noqa: E501

# A number is the answer's status; a word or an address is where a redirect leads (`PLACES`). The
# card is that of a third household; the objection, the deeds and the claim are the villager's.
# villager, neighbour: by card. newcomer: signed in, of no household. leader: of the villager's grid, and of a household
# of their own; helper: the same, acting on the villager's behalf. committee, shopkeeper, official, auditor: signed in.
# stranger: by card in another county. nowhere: with the villager's session, at a host that is nobody's.
TABLE = """
address                    method  outsider  villager  neighbour newcomer  leader    helper    committee shopkeeper official  auditor   stranger  nowhere
gate:front                 GET     200       200       200       200       200       200       200       200       200       200       200       200
gate:front                 POST    405       405       405       405       405       405       405       405       405       405       405       405
gate:places                GET     200       200       200       200       200       200       200       200       200       200       200       200
gate:notice                GET     200       200       200       200       200       200       200       200       200       200       200       404
gate:notice-data           GET     200       200       200       200       200       200       200       200       200       200       200       404
gate:notice-check          GET     200       200       200       200       200       200       200       200       200       200       200       404
gate:notice-print          GET     200       200       200       200       200       200       200       200       200       200       200       404
gate:open                  GET     200       200       200       200       200       200       200       200       200       200       200       404
gate:open                  POST    405       405       405       405       405       405       405       405       405       405       405       405
gate:rules                 GET     200       200       200       200       200       200       200       200       200       200       200       404
gate:rule                  GET     200       200       200       200       200       200       200       200       200       200       200       404
gate:card                  GET     200       200       200       200       200       200       200       200       200       200       200       404
gate:card                  PUT     405       405       405       405       405       405       405       405       405       405       405       405
gate:help                  GET     200       200       200       200       200       200       200       200       200       200       200       404
gate:complain              GET     200       200       200       200       200       200       200       200       200       200       200       404
gate:complain              POST    422       422       422       422       422       422       422       422       422       422       422       404
gate:complained            GET     200       200       200       200       200       200       200       200       200       200       200       404
gate:look                  GET     405       405       405       405       405       405       405       405       405       405       405       405
gate:look                  POST    /         /         /         /         /         /         /         /         /         /         /         /
set_language               GET     /         /         /         /         /         /         /         /         /         /         /         /
set_language               POST    /         /         /         /         /         /         /         /         /         /         /         /
phone:home                 GET     door      200       200       who       200       200       200       200       who       who       door      /
phone:home                 POST    405       405       405       405       405       405       405       405       405       405       405       405
phone:code                 GET     door      200       200       who       200       422       200       200       who       who       door      /
phone:code                 POST    405       405       405       405       405       405       405       405       405       405       405       405
phone:ledger               GET     door      200       200       who       200       200       200       200       who       who       door      /
phone:line                 GET     door      200       404       who       404       200       404       404       who       who       door      /
phone:entry                GET     door      200       404       who       404       200       404       404       who       who       door      /
phone:proof                GET     door      200       404       who       404       200       404       404       who       who       door      /
phone:proof-file           GET     door      200       404       who       404       200       404       404       who       who       door      /
phone:proof-checker        GET     door      200       200       who       200       200       200       200       who       who       door      /
phone:statement            GET     door      200       200       who       200       200       200       200       who       who       door      /
phone:figures              GET     door      200       200       who       200       200       200       200       who       who       door      /
phone:ranking              GET     door      200       200       who       200       200       200       200       who       who       door      /
phone:messages             GET     door      200       200       who       200       200       200       200       who       who       door      /
phone:messages             POST    door      404       404       who       404       404       404       404       who       who       door      /
phone:messages-ways        GET     405       405       405       405       405       405       405       405       405       405       405       405
phone:messages-ways        POST    door      /my/messages/ /my/messages/ who       /my/messages/ /my/messages/ /my/messages/ /my/messages/ who       who       door      /
phone:family               GET     door      200       200       who       200       200       200       200       who       who       door      /
phone:family               POST    405       405       405       405       405       405       405       405       405       405       405       405
phone:family-card          GET     door      200       200       who       200       200       200       200       who       who       door      /
phone:family-card          POST    door      404       404       who       404       404       404       404       who       who       door      /
phone:family-pin           GET     door      200       200       who       200       403       200       200       who       who       door      /
phone:family-pin           POST    door      422       422       who       422       403       422       422       who       who       door      /
phone:family-code          GET     405       405       405       405       405       405       405       405       405       405       405       405
phone:family-code          POST    door      200       200       who       422       403       422       422       who       who       door      /
phone:family-member        GET     door      200       404       who       404       403       404       404       who       who       door      /
phone:family-claim         GET     405       405       405       405       405       405       405       405       405       405       405       405
phone:family-claim         POST    door      /my/family/?done=declined 404       who       404       403       404       404       who       who       door      /
phone:family-help          GET     door      200       200       who       200       200       200       200       who       who       door      /
phone:family-help          POST    door      404       404       who       404       404       404       404       who       who       door      /
phone:family-records       GET     door      200       200       who       200       403       200       200       who       who       door      /
phone:family-records-file  GET     door      200       200       who       200       403       200       200       who       who       door      /
phone:family-requests      GET     door      200       200       who       200       200       200       200       who       who       door      /
phone:family-requests      POST    door      422       422       who       422       422       422       422       who       who       door      /
phone:family-request       GET     405       405       405       405       405       405       405       405       405       405       405       405
phone:family-request       POST    door      /my/family/requests/?done=withdrawn 404       who       404       /my/family/requests/?done=withdrawn 404       404       who       who       door      /
phone:family-consents      GET     door      200       200       who       200       403       200       200       who       who       door      /
phone:family-consents      POST    door      404       404       who       404       403       404       404       who       who       door      /
phone:family-wishes        GET     405       405       405       405       405       405       405       405       405       405       405       405
phone:family-wishes        POST    door      404       404       who       404       404       404       404       who       who       door      /
phone:join                 GET     door      door      door      200       200       200       200       200       200       200       door      /
phone:join                 POST    door      door      door      422       422       422       422       422       422       422       door      /
phone:declare              GET     door      200       200       who       200       200       200       200       who       who       door      /
phone:declare-form         GET     door      200       200       who       200       200       200       200       who       who       door      /
phone:declare-form         POST    door      422       422       who       422       422       422       422       who       who       door      /
phone:declare-foreseen     GET     405       405       405       405       405       405       405       405       405       405       405       405
phone:declare-foreseen     POST    door      200       200       who       200       200       200       200       who       who       door      /
phone:declared             GET     door      200       404       who       404       200       404       404       who       who       door      /
phone:draft-photos         GET     405       405       405       405       405       405       405       405       405       405       405       405
phone:draft-photos         POST    door      404       404       who       404       404       404       404       who       who       door      /
phone:draft-photo          GET     door      200       404       who       404       200       404       404       who       who       door      /
phone:deeds                GET     door      200       200       who       200       200       200       200       who       who       door      /
phone:deed                 GET     door      200       404       who       404       200       404       404       who       who       door      /
phone:deed-amend           GET     door      200       404       who       404       200       404       404       who       who       door      /
phone:deed-withdraw        GET     405       405       405       405       405       405       405       405       405       405       405       405
phone:photo                GET     door      200       404       who       404       200       404       404       who       who       door      /
phone:photo-small          GET     door      200       404       who       404       200       404       404       who       who       door      /
phone:object               GET     door      200       200       who       200       200       200       200       who       who       door      /
phone:object               POST    door      422       422       who       422       422       422       422       who       who       door      /
phone:objected             GET     door      200       404       who       404       200       404       404       who       who       door      /
phone:objected-photo       GET     door      200       404       who       404       200       404       404       who       who       door      /
phone:objected-photo-small GET     door      200       404       who       404       200       404       404       who       who       door      /
phone:sign-out             GET     405       405       405       405       405       405       405       405       405       405       405       405
gate:arrive                GET     door      door      door      who       home      home      home      home      second    who       door      /
phone:who                  GET     door      door      door      200       200       200       200       200       200       200       door      /
phone:turn                 GET     405       405       405       405       405       405       405       405       405       405       405       405
phone:turn                 POST    door      door      door      404       404       404       404       404       404       404       door      /
phone:helping              GET     door      door      door      404       200       200       404       404       404       404       door      /
phone:helping              POST    door      door      door      404       404       404       404       404       404       404       door      /
phone:helped               GET     405       405       405       405       405       405       405       405       405       405       405       405
phone:helped               POST    door      door      door      who       who       who       who       who       who       who       door      /
account_request_login_code GET     200       200       200       arrive    arrive    arrive    arrive    arrive    arrive    arrive    200       404
account_confirm_login_code GET     door      door      door      arrive    arrive    arrive    arrive    arrive    arrive    arrive    door      404
account_signup             GET     200       200       200       arrive    arrive    arrive    arrive    arrive    arrive    arrive    200       404
account_verify_phone       GET     staff     staff     staff     /sign-in/phone/ /sign-in/phone/ /sign-in/phone/ /sign-in/phone/ /sign-in/phone/ /sign-in/phone/ /sign-in/phone/ staff     404
account_login              GET     200       200       200       arrive    arrive    arrive    arrive    arrive    arrive    arrive    200       404
account_reauthenticate     GET     door      door      door      403       403       403       403       403       403       403       door      404
account_logout             GET     /         /         /         200       200       200       200       200       200       200       /         404
account_inactive           GET     200       200       200       200       200       200       200       200       200       200       200       404
account_change_phone       GET     door      door      door      200       200       200       200       200       200       200       door      404
account_change_password    GET     door      door      door      /sign-in/first-password/ /sign-in/first-password/ /sign-in/first-password/ /sign-in/first-password/ /sign-in/first-password/ /sign-in/first-password/ /sign-in/first-password/ door      404
account_set_password       GET     door      door      door      200       200       200       200       200       200       200       door      404
usersessions_list          GET     door      door      door      200       200       200       200       200       200       200       door      404
wechat_login               GET     404       404       404       404       404       404       404       404       404       404       404       404
wechat_callback            GET     404       404       404       404       404       404       404       404       404       404       404       404
socialaccount_login_cancelled GET     200       200       200       200       200       200       200       200       200       200       200       404
socialaccount_login_error  GET     401       401       401       401       401       401       401       401       401       401       401       404
socialaccount_signup       GET     staff     staff     staff     staff     staff     staff     staff     staff     staff     staff     staff     404
mfa_index                  GET     door      door      door      200       200       200       200       200       200       200       door      404
mfa_authenticate           GET     staff     staff     staff     arrive    arrive    arrive    arrive    arrive    arrive    arrive    staff     404
mfa_reauthenticate         GET     door      door      door      403       403       403       403       403       403       403       door      404
mfa_activate_totp          GET     staff     staff     staff     200       200       200       200       200       200       200       staff     404
mfa_deactivate_totp        GET     door      door      door      404       404       404       404       404       404       404       door      404
mfa_view_recovery_codes    GET     door      door      door      404       404       404       404       404       404       404       door      404
mfa_generate_recovery_codes GET     staff     staff     staff     200       200       200       200       200       200       200       staff     404
mfa_download_recovery_codes GET     door      door      door      404       404       404       404       404       404       404       door      404
mfa_list_webauthn          GET     door      door      door      200       200       200       200       200       200       200       door      404
mfa_add_webauthn           GET     staff     staff     staff     200       200       200       200       200       200       200       staff     404
mfa_reauthenticate_webauthn GET     door      door      door      403       403       403       403       403       403       403       door      404
mfa_login_webauthn         GET     staff     staff     staff     arrive    arrive    arrive    arrive    arrive    arrive    arrive    staff     404
mfa_remove_webauthn        GET     staff     staff     staff     404       404       404       404       404       404       404       staff     404
mfa_edit_webauthn          GET     staff     staff     staff     404       404       404       404       404       404       404       staff     404
gate:card                  POST    home      home      home      home      home      home      home      home      home      home      home      404
phone:sign-out             POST    /         /         /         /         /         /         /         /         /         /         /         /
"""
PLACES = {
    "/sign-in/": "door",
    "/sign-in/password/": "staff",
    "/sign-in/second/": "second",
    "/arrive/": "arrive",
    "/my/home/": "home",
    "/my/who/": "who",
}
(_address, _method, *ACTORS), *ROWS = (line.split() for line in TABLE.strip().splitlines())
