"""What the people's room has to tell. It lies below this one, and sends its news without knowing who listens."""

from collections.abc import Collection, Iterator
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from xiangyue.messages import templates
from xiangyue.messages.news import News, Teller, tell
from xiangyue.messages.templates import Template
from xiangyue.messages.words import day
from xiangyue.people.models import (
    Appointment,
    ClaimState,
    HelpVisit,
    HouseholdRequest,
    Membership,
    MembershipClaim,
    RequestState,
    Unit,
)
from xiangyue.people.offices import Act, offices_that_grant
from xiangyue.people.queries import in_force, paths_to

Payload = dict[str, Any]

TEMPLATES: Final = (
    Template(
        "card-issued",
        _("积分卡换了新的"),
        _("您家的积分卡换了新的，旧卡用不了了。不是您家要换的，请马上找网格员。"),
    ),
    Template(
        "card-stopped",
        _("积分卡停用了"),
        _("您家的积分卡停用了，要补一张请找网格员。不是您家要停的，也请说一声。"),
    ),
    Template(
        "pin-changed",
        _("密码改了"),
        _("您家积分卡的密码改过了。不是您家改的，请马上停用积分卡，再找网格员。"),
    ),
    Template(
        "help-begun",
        _("有人替您家代办"),
        _("村里有人打开了您家的页面，替您家办事。是谁、办了什么，页面上都看得见。"),
    ),
    Template("help-asked", _("有人想替您家代办"), _("村里有人想替您家办事，要您家答应了才行。")),
    Template("help-allowed", _("可以代办了"), _("那一户答应让您代办了，两个小时内有效。")),
    Template("claim-to-confirm", _("有人等您认一认"), _("有人登录以后说是您管的一户的人，请认一认。")),
    Template(
        "claim-made",
        _("有人要看您家的账"),
        _("有人说是您家的人，要看您家的积分账。不是家里人，就别让进。"),
    ),
    Template("claim-confirmed", _("认下了"), _("村里确认了您是这一户的人，可以看家里的积分账了。")),
    Template("claim-declined", _("没有认下"), _("您说的那一户没有认下您。弄错了的话，请找网格员当面说。")),
    Template(
        "member-joined",
        _("多了一个人管家里的账"),
        _("有一个人从现在起可以看您家的积分账，替家里办事。不认识的话，请马上解除。"),
    ),
    Template("member-left", _("少了一个人管家里的账"), _("有一个人从现在起看不到您家的积分账了。")),
    Template("request-to-answer", _("有一户等您答复"), _("请在%(answer_by)s前答复。"), {"answer_by": day}),
    Template("request-done", _("您家提的办好了"), _("办成了什么样，页面上写着。")),
    Template("request-declined", _("您家提的没有办"), _("为什么没有办，页面上写着。")),
)


def register() -> None:
    """Register the kinds of news, and who is told what of each topic."""
    templates.register(*TEMPLATES)
    for topic in ("card-issued", "card-stopped", "pin-changed"):
        tell(topic, _of_household(topic))
    for topic in ("help-begun", "help-asked"):
        tell(topic, _of_visit(topic))
    for topic in ("member-joined", "member-left"):
        tell(topic, _of_membership(topic))
    tell("help-allowed", _help_allowed)
    tell("claim-made", _claim_made)
    tell("claim-answered", _claim_answered)
    tell("request-made", _request_made)
    tell("request-answered", _request_answered)


def _of_household(template: str) -> Teller:
    return lambda payload: [News(template, household=payload["household"])]


def _of_visit(template: str) -> Teller:
    def visited(payload: Payload) -> Iterator[News]:
        for visit in HelpVisit.objects.filter(id=payload["visit"]):
            yield News(template, {"visit": visit.pk}, household=visit.household_id)

    return visited


def _of_membership(template: str) -> Teller:
    """Tell the household who else may act for it; a member who was the first has nobody to be told."""

    def changed(payload: Payload) -> Iterator[News]:
        for membership in Membership.objects.filter(id=payload["membership"]):
            yield News(template, {"membership": membership.pk}, household=membership.household_id)

    return changed


def _help_allowed(payload: Payload) -> Iterator[News]:
    for visit in HelpVisit.objects.filter(id=payload["visit"]):
        yield News("help-allowed", {"visit": visit.pk}, user=visit.helper_id)


def _claim_made(payload: Payload) -> Iterator[News]:
    """Tell those nearest to the household who may confirm it, and the household, which knows best."""
    for claim in MembershipClaim.objects.filter(id=payload["claim"]).select_related("household__unit"):
        facts = {"claim": claim.pk}
        yield News("claim-made", facts, household=claim.household_id)
        for user in nearest_with(Act.CONFIRM_MEMBERS, claim.household.unit):
            yield News("claim-to-confirm", facts, user=user)


def _claim_answered(payload: Payload) -> Iterator[News]:
    kinds = {ClaimState.CONFIRMED: "claim-confirmed", ClaimState.DECLINED: "claim-declined"}
    for claim in MembershipClaim.objects.filter(id=payload["claim"], state__in=kinds):
        yield News(kinds[ClaimState(claim.state)], {"claim": claim.pk}, user=claim.user_id)


def _request_made(payload: Payload) -> Iterator[News]:
    for request in HouseholdRequest.objects.filter(id=payload["request"]).select_related("household__unit"):
        facts = {"request": request.pk, "answer_by": request.answer_by.isoformat()}
        for user in nearest_with(Act.MANAGE_PEOPLE, request.household.unit):
            yield News("request-to-answer", facts, user=user)


def _request_answered(payload: Payload) -> Iterator[News]:
    kinds = {RequestState.DONE: "request-done", RequestState.DECLINED: "request-declined"}
    for request in HouseholdRequest.objects.filter(id=payload["request"], state__in=kinds):
        template = kinds[RequestState(request.state)]
        yield News(template, {"request": request.pk}, household=request.household_id)


def nearest_with(act: Act, unit: Unit, *, of: Collection[str] | None = None) -> list[int]:
    """Give the users who may do this at a unit by the offices nearest to it, by id; in one query.

    Whoever is further up may too, and need not hear of everything. of: only these offices.
    """
    offices = of if of is not None else offices_that_grant(act)
    held = Appointment.objects.filter(in_force(), office__in=offices, unit__path__in=paths_to(unit))
    found = list(held.values_list("unit__path", "user_id"))
    nearest = max((path for path, _user in found), key=len, default="")
    return sorted({user for path, user in found if path == nearest})
