"""Pages that are called by their address alone, by what they are called here: audited, and pictured."""

LEADER = "桑叶青"
PUBLIC = {
    "rules": "/rules/",
    "open": "/open/",
    "help": "/help/",
    "complain": "/complain/",
    "sign-in": "/sign-in/",
    "sign-in-first": "/sign-in/first/",
    "sign-in-staff": "/sign-in/password/",
}
OWN = {
    "declare": "/my/declare/",
    "deeds": "/my/deeds/",
    "code": "/my/code/",
    "figures": "/my/figures/",
    "ranking": "/my/ranking/",
    "messages": "/my/messages/",
    "family": "/my/family/",
    "family-card": "/my/family/card/",
    "family-help": "/my/family/help/",
    "family-records": "/my/family/records/",
    "family-requests": "/my/family/requests/",
}
STAFF = {
    "who": "/my/who/",
    "helping": "/my/helping/",
    "second-factor": "/sign-in/second/",
    "sign-in-again": "/sign-in/second/app/",
    "sign-in-phone": "/sign-in/phone/",
    "sign-in-new-password": "/sign-in/new-password/",
    "sign-in-sessions": "/sign-in/sessions/",
    "join": "/my/join/",
}
