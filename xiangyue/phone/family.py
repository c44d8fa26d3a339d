"""One's own household, in words: who belongs to it, its card, who acts for it, what is kept, what it asked for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.kernel import clock
from xiangyue.people.household_log import PAGE, LogLine, acts_about_household, acts_on_behalf
from xiangyue.people.household_sections import household_kept
from xiangyue.people.memberships import (
    claims_of,
    claims_to,
    members_of,
    memberships_of,
    requests_of,
    visits_to,
)
from xiangyue.people.models import (
    Binding,
    Card,
    ClaimState,
    Consent,
    HelpVisit,
    Household,
    HouseholdRequest,
    Membership,
    MembershipClaim,
    Relation,
    RequestState,
    Resident,
    Topic,
    Unit,
    Wanted,
)
from xiangyue.people.queries import HELP_LASTS, head_name, leaf_labels, reading_of
from xiangyue.ui.access import Visit
from xiangyue.users.models import User

Words = dict[str, str]

STATES: Final = {
    RequestState.OPEN: "gold",
    RequestState.DONE: "green",
    RequestState.DECLINED: "red",
    RequestState.WITHDRAWN: "",
    RequestState.LAPSED: "",
}
CLAIM_STATES: Final = {
    ClaimState.OPEN: "gold",
    ClaimState.CONFIRMED: "green",
    ClaimState.DECLINED: "red",
    ClaimState.WITHDRAWN: "",
    ClaimState.LAPSED: "",
}
# What was done, as the page says it, by subject and act; what is not here is told in general words.
ACTS: Final[Mapping[tuple[str, str], str | Promise]] = {
    ("household", "issue-card"): gettext_lazy("发了积分卡"),
    ("household", "revoke-card"): gettext_lazy("停了积分卡"),
    ("household", "change-pin"): gettext_lazy("改了密码"),
    ("household", "new-code"): gettext_lazy("要了新的绑定码"),
    ("household", "set-asking"): gettext_lazy("改了代办要不要先问"),
    ("household", "set-ranking"): gettext_lazy("改了上不上排名榜"),
    ("household", "set-reading"): gettext_lazy("改了字的大小或者文字"),
    ("household", "take-out"): gettext_lazy("下载了我家的资料"),
    ("household", "use-code"): gettext_lazy("用了积分码"),
    ("household", "open"): gettext_lazy("立了户"),
    ("household", "split"): gettext_lazy("分了户"),
    ("household", "merge"): gettext_lazy("并了户"),
    ("household", "move"): gettext_lazy("改了网格或者村"),
    ("household", "change-head"): gettext_lazy("换了户主"),
    ("household", "describe"): gettext_lazy("改了地址或者标签"),
    ("household", "update"): gettext_lazy("按新户册改了这一户"),
    ("resident", "add"): gettext_lazy("登记了家里的人"),
    ("resident", "died"): gettext_lazy("登记了去世"),
    ("resident", "moved-away"): gettext_lazy("登记了迁走"),
    ("resident", "take-back"): gettext_lazy("恢复了家里的人"),
    ("resident", "take-out"): gettext_lazy("取走了一个人的资料"),
    ("resident", "update"): gettext_lazy("按新户册改了一个人"),
    ("resident", "erase"): gettext_lazy("删除了一个人的资料"),
    ("resident", "read"): gettext_lazy("看了困难情况"),
    ("consent", "give"): gettext_lazy("同意把积分给别人看"),
    ("consent", "withdraw"): gettext_lazy("收回了同意"),
    ("consent", "read"): gettext_lazy("按同意书看了积分"),
    ("membership", "bind"): gettext_lazy("用绑定码加入"),
    ("membership", "end"): gettext_lazy("解除了一个人"),
    ("membership", "set-redeeming"): gettext_lazy("改了谁能兑换"),
    ("claim", "make"): gettext_lazy("申请加入"),
    ("claim", "answer"): gettext_lazy("答复了加入的申请"),
    ("help", "begin"): gettext_lazy("开始代办"),
    ("help", "ask"): gettext_lazy("问能不能代办"),
    ("help", "allow"): gettext_lazy("同意了代办"),
    ("help", "end"): gettext_lazy("结束了代办"),
    ("request", "make"): gettext_lazy("提了请求"),
    ("request", "answer"): gettext_lazy("答复了请求"),
    ("deed", "submit"): gettext_lazy("报了一件事"),
    ("objection", "lodge"): gettext_lazy("提了异议"),
    ("order", "redeem"): gettext_lazy("兑换了东西"),
}
CORRECTED: Final = gettext_lazy("改了家里人的资料")
SOMETHING: Final = gettext_lazy("办了一件事")
# What a page says after something was done there.
DONE: Final[Mapping[str, str | Promise]] = {
    "stopped": gettext_lazy("卡停了，现在谁也不能用。"),
    "asked-card": gettext_lazy("记下了，等村里发新卡。"),
    "pin": gettext_lazy("密码改好了，从现在起用新的。"),
    "ended": gettext_lazy("解除了，他不能再替我家办事。"),
    "redeem": gettext_lazy("改好了。"),
    "declined": gettext_lazy("答复了：不是我家的人。"),
    "allowed": gettext_lazy("同意了，两小时里有效。"),
    "help-ended": gettext_lazy("代办结束了。"),
    "asking": gettext_lazy("改好了。"),
    "requested": gettext_lazy("交上去了，办好了会在这里告诉您。"),
    "withdrawn": gettext_lazy("收回了。"),
    "wish": gettext_lazy("改好了。"),
    "claimed": gettext_lazy("申请交上去了，等网格员确认。"),
}


def done_words(code: str) -> str:
    """Say what was just done, by the code in the address; nothing for a code that is none of ours."""
    return str(DONE.get(code, ""))


def family_page(visit: Visit) -> dict[str, Any]:
    """Describe a household as `phone/family.html` documents it, in a constant number of queries."""
    household = visit.household
    members = members_of(household)
    visits = visits_to(household)
    requests = requests_of(household)
    reading = reading_of(household_id=household.pk, user_id=own_user(visit))
    card = _valid_card(household)
    consents = Consent.objects.filter(
        household=household, withdrawn_at=None, until__gte=clock.today()
    ).count()
    return {
        "household": _household(household),
        "residents": _residents(household, members),
        "members": [member_words(each, visit) for each in members],
        "claims": [{"id": each.pk, "name": each.name, "day": _day(each)} for each in claims_to(household)],
        "card_since": clock.local_day(card.issued_at) if card else None,
        "card_asked": _is_open(requests, Wanted.CARD),
        "help": _help_words(visits),
        "asks_first": household.asks_first,
        "is_ranked": household.is_ranked,
        "is_large": reading.is_large,
        "open_requests": sum(each.state == RequestState.OPEN for each in requests),
        "consents": consents,
        "is_user": own_user(visit) is not None,
        "is_on_behalf": visit.is_on_behalf,
    }


def own_user(visit: Visit) -> int | None:
    """Give the id of the member who signed in; None by card and on behalf."""
    return None if visit.is_on_behalf else visit.actor.user_id


def member_words(membership: Membership, visit: Visit) -> dict[str, Any]:
    """Describe a member: who, since when and how, and what they may."""
    resident = membership.resident
    name = resident.name if resident else membership.user.name
    facts = {"day": _date(membership.since), "how": Binding(membership.how).label}
    return {
        "id": membership.pk,
        "name": name,
        "detail": _("%(day)s起，%(how)s") % facts,
        "relation": _whose(membership),
        "may_redeem": membership.may_redeem,
        "is_me": membership.user_id == own_user(visit),
    }


def _whose(membership: Membership) -> str:
    """Say what a member is to the head; of nobody in the roster, how the household knows them."""
    if membership.resident:
        return str(Relation(membership.resident.relation).label)
    return _("家里人") if membership.how == Binding.CARD_CODE else _("住在别处的亲属")


def card_page(visit: Visit) -> dict[str, Any]:
    """Describe a household's card as `phone/family_card.html` documents it."""
    card = _valid_card(visit.household)
    asked = HouseholdRequest.objects.filter(
        household=visit.household, wanted=Wanted.CARD, state=RequestState.OPEN
    ).first()
    return {
        "since": clock.local_day(card.issued_at) if card else None,
        "has_till_pin": bool(card and card.till_pin_hash),
        "has_code": bool(card and card.code_hash),
        "asked_on": clock.local_day(asked.made_at) if asked else None,
        "answer_by": asked.answer_by if asked else None,
        "is_on_behalf": visit.is_on_behalf,
    }


def help_page(visit: Visit) -> dict[str, Any]:
    """Describe who acted on a household's behalf as `phone/family_help.html` documents it."""
    return {
        "visits": [_visit_words(each) for each in visits_to(visit.household)],
        "acts": [_act_words(each) for each in acts_on_behalf(visit.household)],
        "asks_first": visit.household.asks_first,
        "is_on_behalf": visit.is_on_behalf,
    }


def records_page(visit: Visit, before: int | None) -> dict[str, Any]:
    """Describe what is kept of a household, and who read it, as `phone/family_records.html` documents it."""
    lines = acts_about_household(visit.household, before=before)
    return {
        "sections": [
            {"title": each.title, "count": len(each.rows)}
            for each in household_kept(visit.household)
            if each.rows
        ],
        "acts": [_act_words(each) for each in lines],
        "older_url": f"?before={lines[-1].id}" if len(lines) == PAGE else "",
        "newest_url": reverse("phone:family-records") if before else "",
    }


def requests_page(visit: Visit) -> list[dict[str, Any]]:
    """Describe what a household asked for, the last first."""
    return [
        {
            "id": each.pk,
            "title": str(Topic(each.topic).label) if each.topic else str(Wanted(each.wanted).label),
            "text": each.text,
            "day": clock.local_day(each.made_at),
            "answer_by": each.answer_by if each.state == RequestState.OPEN else None,
            "is_late": each.state == RequestState.OPEN and each.answer_by < clock.today(),
            "badge": str(RequestState(each.state).label),
            "badge_class": STATES[RequestState(each.state)],
            "answer": each.answer,
            "is_on_behalf": each.is_on_behalf,
            "is_open": each.state == RequestState.OPEN,
        }
        for each in requests_of(visit.household)
    ]


def topics() -> list[Words]:
    """Give what a correction may be about, to choose from."""
    return [{"value": value, "label": str(label)} for value, label in Topic.choices]


def consents_page(visit: Visit) -> list[dict[str, Any]]:
    """Describe a household's consents, those in force first."""
    found = Consent.objects.filter(household=visit.household).order_by("-id")
    today = clock.today()
    rows = [
        {
            "id": each.pk,
            "receiver": each.receiver,
            "purpose": each.purpose,
            "until": each.until,
            "is_in_force": each.withdrawn_at is None and each.until >= today,
            "withdrawn_on": clock.local_day(each.withdrawn_at) if each.withdrawn_at else None,
        }
        for each in found
    ]
    return sorted(rows, key=lambda row: not row["is_in_force"])


def join_page(user: User) -> dict[str, Any]:
    """Describe where somebody stands who is of no household yet, as `phone/family_join.html` documents it."""
    villages = Unit.objects.filter(level="village", until=None).order_by("path")
    return {
        "claims": [_claim_words(each) for each in claims_of(user.pk)],
        "villages": list(villages.values("id", "name")),
        "is_member": bool(memberships_of(user)),
    }


def _household(household: Household) -> dict[str, str]:
    return {
        "head_name": head_name(household),
        "unit_path": leaf_labels(household.village)[household.unit_id],
        "village_name": household.village.name,
        "number": household.number,
        "address": household.address,
    }


def _residents(household: Household, members: Sequence[Membership]) -> list[dict[str, Any]]:
    with_phone = {each.resident_id for each in members}
    here = Resident.objects.filter(household=household, left_on=None).order_by("id")
    return [
        {
            "name": each.name,
            "relation": str(Relation(each.relation).label),
            "lives_elsewhere": each.lives_elsewhere,
            "has_phone": each.pk in with_phone,
        }
        for each in here
    ]


def _valid_card(household: Household) -> Card | None:
    return Card.objects.filter(household=household, revoked_at=None).first()


def _is_open(requests: Iterable[HouseholdRequest], wanted: Wanted) -> bool:
    return any(each.wanted == wanted and each.state == RequestState.OPEN for each in requests)


def _help_words(visits: Sequence[HelpVisit]) -> Words:
    """Say the latest of help: that somebody asks, is there, or was."""
    waiting = next((each for each in visits if _stands(each) == "asked"), None)
    latest = waiting or (visits[0] if visits else None)
    if latest is None:
        return {"detail": _("还没有人替我家代办过"), "badge": "", "badge_class": ""}
    facts = {"who": latest.helper.name, "day": _date(clock.local_day(latest.asked_at))}
    badge, colour = _VISIT_BADGES[_stands(latest)]
    return {"detail": _("%(who)s，%(day)s") % facts, "badge": str(badge), "badge_class": colour}


_VISIT_BADGES: Final[Mapping[str, tuple[str | Promise, str]]] = {
    "asked": (gettext_lazy("等您同意"), "red"),
    "on": (gettext_lazy("正在代办"), "blue"),
    "over": ("", ""),
    "refused": (gettext_lazy("没有同意"), ""),
}


def _stands(visit: HelpVisit) -> str:
    """Tell how a visit stands: asked, on, over, or refused (also by nobody's answering)."""
    is_late = (visit.allowed_at or visit.asked_at) + HELP_LASTS < clock.now()
    if visit.allowed_at is None:
        return "refused" if visit.ended_at or is_late else "asked"
    return "over" if visit.ended_at or is_late else "on"


def _visit_words(visit: HelpVisit) -> dict[str, Any]:
    stands = _stands(visit)
    badge, colour = _VISIT_BADGES[stands]
    return {
        "id": visit.pk,
        "who": visit.helper.name,
        "reason": visit.reason,
        "at": visit.asked_at,
        "badge": str(badge),
        "badge_class": colour,
        "is_asked": stands == "asked",
        "is_on": stands == "on",
    }


def _act_words(line: LogLine) -> dict[str, Any]:
    said = ACTS.get((line.subject, line.act))
    if said is None:
        is_correction = line.subject == "resident" and line.act.startswith("correct-")
        said = CORRECTED if is_correction else SOMETHING
    office = line.office if line.office != line.who else ""
    return {"at": line.at, "who": line.who, "office": office, "what": str(said)}


def _claim_words(claim: MembershipClaim) -> dict[str, Any]:
    state = ClaimState(claim.state)
    return {
        "id": claim.pk,
        "where": _("%(village)s　%(number)s号")
        % {"village": claim.household.village.name, "number": claim.household.number},
        "name": claim.name,
        "day": _day(claim),
        "badge": str(state.label),
        "badge_class": CLAIM_STATES[state],
        "answer": claim.answer,
        "is_open": state == ClaimState.OPEN,
    }


def _day(claim: MembershipClaim) -> Any:
    return clock.local_day(claim.made_at)


def _date(day: Any) -> str:
    return _("%(month)s月%(day)s日") % {"month": day.month, "day": day.day}
