"""What is kept of a household, part by part, in plain words. Each part is one query, however much it finds."""

from django.db.models import Q
from django.utils.translation import gettext as _

from xiangyue.people.models import (
    Binding,
    Card,
    ClaimState,
    Consent,
    Ending,
    FormerPlace,
    HelpVisit,
    Household,
    HouseholdRequest,
    Membership,
    MembershipClaim,
    Mentorship,
    Relation,
    RequestState,
    Resident,
    Sex,
    Standing,
    Topic,
    Wanted,
)
from xiangyue.people.private import keys, masked_phone
from xiangyue.people.sections import Section


def household_kept(household: Household) -> list[Section]:
    """Give what is kept of a household as such, without what is one person's alone (`person.kept_of`)."""
    here = Q(household=household)
    return [
        _household(household),
        _places(household),
        _residents(household),
        memberships_kept(here),
        _claims(household),
        _cards(household),
        _visits(household),
        _requests(household),
        consents_kept(household),
        standings_kept(household, _("我家的状态")),
        _mentors(household),
    ]


def _household(household: Household) -> Section:
    headers = {
        "village": _("村"),
        "unit": _("网格"),
        "number": _("户号"),
        "address": _("地址"),
        "tags": _("标签"),
        "joined_on": _("入册日期"),
        "ranked": _("上公开的排名榜"),
        "asks_first": _("代办要先问"),
    }
    row = {
        "village": household.village.name,
        "unit": household.unit.name,
        "number": household.number,
        "address": household.address,
        "tags": "、".join(household.tags),
        "joined_on": household.joined_on,
        "ranked": household.is_ranked,
        "asks_first": household.asks_first,
    }
    return Section("household", _("我家"), headers, [row])


def _places(household: Household) -> Section:
    headers = {"village": _("村"), "unit": _("网格"), "number": _("户号"), "until": _("到哪天")}
    found = FormerPlace.objects.filter(household=household).select_related("unit", "village")
    rows = [
        {
            "village": each.village.name,
            "unit": each.unit.name,
            "number": each.number,
            "until": each.until,
        }
        for each in found
    ]
    return Section("former_places", _("以前住在哪里"), headers, rows)


def _residents(household: Household) -> Section:
    headers = {
        "name": _("姓名"),
        "relation": _("与户主关系"),
        "sex": _("性别"),
        "born": _("出生"),
        "party_member": _("党员"),
        "lives_elsewhere": _("住在外地"),
        "phone": _("电话"),
        "id_number": _("存了身份证号"),
    }
    opened = keys().open
    rows = [
        {
            "name": each.name,
            "relation": str(Relation(each.relation).label),
            "sex": str(Sex(each.sex).label) if each.sex else "",
            "born": each.born,
            "party_member": each.is_party_member,
            "lives_elsewhere": each.lives_elsewhere,
            "phone": masked_phone(opened(each.phone)) if each.phone else "",
            "id_number": each.id_number is not None,
        }
        for each in Resident.objects.filter(household=household, left_on=None).order_by("id")
    ]
    return Section("residents", _("家里的人"), headers, rows)


def memberships_kept(which: Q) -> Section:
    """Give who acts, or acted, for which household."""
    headers = {
        "number": _("户号"),
        "village": _("村"),
        "account": _("账号"),
        "resident": _("是家里的谁"),
        "how": _("怎么加入的"),
        "since": _("从哪天"),
        "until": _("到哪天"),
        "ending": _("为什么结束"),
        "may_redeem": _("能兑换"),
    }
    found = Membership.objects.filter(which).select_related("user", "resident", "household__village")
    rows = [
        {
            "number": each.household.number,
            "village": each.household.village.name,
            "account": each.user.name,
            "resident": each.resident.name if each.resident else "",
            "how": str(Binding(each.how).label),
            "since": each.since,
            "until": each.until,
            "ending": str(Ending(each.ending).label) if each.ending else "",
            "may_redeem": each.may_redeem,
        }
        for each in found.order_by("id")
    ]
    return Section("memberships", _("谁能用手机替这一户办事"), headers, rows)


def _claims(household: Household) -> Section:
    headers = {"name": _("自己写的名字"), "made_at": _("时间"), "state": _("办得怎么样"), "answer": _("答复")}
    found = MembershipClaim.objects.filter(household=household).order_by("id")
    rows = [
        {
            "name": each.name,
            "made_at": each.made_at,
            "state": str(ClaimState(each.state).label),
            "answer": each.answer,
        }
        for each in found
    ]
    return Section("claims", _("谁申请过加入"), headers, rows)


def _cards(household: Household) -> Section:
    headers = {"issued_at": _("发卡时间"), "revoked_at": _("停用时间"), "code_used_at": _("绑定码用掉的时间")}
    found = Card.objects.filter(household=household).order_by("id")
    return Section("cards", _("积分卡"), headers, [dict(row) for row in found.values(*headers)])


def _visits(household: Household) -> Section:
    headers = {
        "helper": _("谁"),
        "reason": _("办什么事"),
        "asked_at": _("什么时候来的"),
        "allowed_at": _("什么时候开始的"),
        "ended_at": _("什么时候结束的"),
    }
    found = HelpVisit.objects.filter(household=household).select_related("helper").order_by("id")
    rows = [
        {
            "helper": each.helper.name,
            "reason": each.reason,
            "asked_at": each.asked_at,
            "allowed_at": each.allowed_at,
            "ended_at": each.ended_at,
        }
        for each in found
    ]
    return Section("help", _("谁替我家代办过"), headers, rows)


def _requests(household: Household) -> Section:
    headers = {
        "wanted": _("要什么"),
        "topic": _("关于什么"),
        "text": _("怎么说的"),
        "made_at": _("时间"),
        "answer_by": _("最晚哪天答复"),
        "state": _("办得怎么样"),
        "answer": _("答复"),
    }
    found = HouseholdRequest.objects.filter(household=household).order_by("id")
    rows = [
        {
            "wanted": str(Wanted(each.wanted).label),
            "topic": str(Topic(each.topic).label) if each.topic else "",
            "text": each.text,
            "made_at": each.made_at,
            "answer_by": each.answer_by,
            "state": str(RequestState(each.state).label),
            "answer": each.answer,
        }
        for each in found
    ]
    return Section("requests", _("我家提过的请求"), headers, rows)


def consents_kept(household: Household) -> Section:
    """Give to whom the household let its points be given, and until when."""
    headers = {
        "receiver": _("给谁"),
        "purpose": _("用途"),
        "given_at": _("同意时间"),
        "until": _("到哪天"),
        "withdrawn_at": _("收回时间"),
    }
    found = Consent.objects.filter(household=household).order_by("id")
    return Section("consents", _("同意书"), headers, [dict(row) for row in found.values(*headers)])


def standings_kept(household: Household, title: str) -> Section:
    """Give the states that the household is, and was, in; under the title of who reads them."""
    headers = {
        "name": _("名称"),
        "basis": _("依据"),
        "since": _("从哪天"),
        "until": _("到哪天"),
        "ended_on": _("提前结束"),
    }
    found = Standing.objects.filter(household=household).order_by("id")
    return Section("standings", title, headers, [dict(row) for row in found.values(*headers)])


def _mentors(household: Household) -> Section:
    headers = {"mentor": _("谁"), "since": _("从哪天"), "until": _("到哪天")}
    found = Mentorship.objects.filter(household=household).select_related("mentor").order_by("id")
    rows = [{"mentor": each.mentor.name, "since": each.since, "until": each.until} for each in found]
    return Section("mentors", _("谁包我家"), headers, rows)
