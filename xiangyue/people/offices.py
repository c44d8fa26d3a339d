"""Offices and what they allow: the one place from which staff permissions derive (DOMAIN §2 "appointment").

An appointment gives its office's acts at the unit it names and at everything below it. Which offices exist at which
level, and what the place calls them, is the scheme's data (`register.py`).
"""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Office(models.TextChoices):
    ADMINISTRATOR = "administrator", _("管理员")
    LEADING_GROUP = "leading_group", _("领导小组成员")
    DEPARTMENT = "department", _("部门干部")
    TOWN_OFFICIAL = "town_official", _("镇干部")
    VILLAGE_SECRETARY = "village_secretary", _("村党组织书记")
    FIRST_SECRETARY = "first_secretary", _("第一书记")
    WORK_TEAM = "work_team", _("驻村工作队员")
    INFORMATION_ADMINISTRATOR = "information_administrator", _("信息管理员")
    GRID_LEADER = "grid_leader", _("网格员")
    GROUP_LEADER = "group_leader", _("联户组长")
    COMMITTEE_MEMBER = "committee_member", _("评议委员")
    COUNCIL_MEMBER = "council_member", _("村里各会成员")
    SUPERVISOR = "supervisor", _("监督员")
    OPERATOR = "operator", _("运营企业人员")
    SHOPKEEPER = "shopkeeper", _("店员")
    AUDITOR = "auditor", _("审计员")
    BANK_OFFICER = "bank_officer", _("银行经办人")


class Act(models.TextChoices):
    """What may be allowed. Every room's `permissions.py` asks for these by name."""

    MANAGE_PEOPLE = "manage_people", _("管理户册和任职")
    READ_HOUSEHOLDS = "read_households", _("查看各户积分账")
    READ_CIRCUMSTANCES = "read_circumstances", _("查看困难和病情")
    EXPORT_DATA = "export_data", _("导出个人资料")
    CONFIRM_MEMBERS = "confirm_members", _("确认谁是哪一户的人")
    HELP_HOUSEHOLDS = "help_households", _("替农户代办")
    MANAGE_CATALOGUE = "manage_catalogue", _("制定细则")
    CLEAR_CATALOGUE = "clear_catalogue", _("审定细则里的疑问")
    BRING_DEEDS = "bring_deeds", _("记录积分事项")
    VERIFY_DEEDS = "verify_deeds", _("核实积分事项")
    HOLD_MEETINGS = "hold_meetings", _("召集评议会")
    JUDGE = "judge", _("参加评议")
    JUDGE_SMALL = "judge_small", _("评定小事")
    CONFIRM_DECISIONS = "confirm_decisions", _("代表会议确认评定")
    ISSUE_NOTICES = "issue_notices", _("张榜公示")
    ANSWER_OBJECTIONS = "answer_objections", _("答复异议")
    ANSWER_COMPLAINTS = "answer_complaints", _("答复投诉")
    SUPERVISE = "supervise", _("提监督意见")
    SETTLE = "settle", _("公示期满入账")
    MANAGE_SHOPS = "manage_shops", _("管理积分超市")
    REDEEM = "redeem", _("柜台兑换")


# An office that allows nothing is still held, listed and counted; its holder signs in and sees what everyone may see.
GRANTS: Final[dict[Office, frozenset[Act]]] = {
    Office.ADMINISTRATOR: frozenset(
        {
            Act.MANAGE_PEOPLE,
            Act.READ_HOUSEHOLDS,
            Act.READ_CIRCUMSTANCES,
            Act.EXPORT_DATA,
            Act.MANAGE_CATALOGUE,
            Act.MANAGE_SHOPS,
            Act.SETTLE,
        }
    ),
    Office.LEADING_GROUP: frozenset({Act.READ_HOUSEHOLDS, Act.CLEAR_CATALOGUE, Act.ANSWER_COMPLAINTS}),
    Office.DEPARTMENT: frozenset({Act.CLEAR_CATALOGUE}),
    Office.TOWN_OFFICIAL: frozenset(
        {Act.MANAGE_CATALOGUE, Act.ANSWER_OBJECTIONS, Act.ANSWER_COMPLAINTS, Act.READ_HOUSEHOLDS}
    ),
    Office.VILLAGE_SECRETARY: frozenset(
        {
            Act.CONFIRM_MEMBERS,
            Act.HELP_HOUSEHOLDS,
            Act.BRING_DEEDS,
            Act.VERIFY_DEEDS,
            Act.HOLD_MEETINGS,
            Act.JUDGE,
            Act.JUDGE_SMALL,
            Act.ISSUE_NOTICES,
            Act.ANSWER_OBJECTIONS,
            Act.ANSWER_COMPLAINTS,
            Act.SETTLE,
            Act.MANAGE_CATALOGUE,
            Act.READ_HOUSEHOLDS,
            Act.READ_CIRCUMSTANCES,
        }
    ),
    Office.FIRST_SECRETARY: frozenset(
        {Act.BRING_DEEDS, Act.VERIFY_DEEDS, Act.READ_HOUSEHOLDS, Act.READ_CIRCUMSTANCES}
    ),
    Office.WORK_TEAM: frozenset({Act.BRING_DEEDS, Act.READ_HOUSEHOLDS}),
    Office.INFORMATION_ADMINISTRATOR: frozenset({Act.CONFIRM_MEMBERS, Act.HELP_HOUSEHOLDS, Act.BRING_DEEDS}),
    Office.GRID_LEADER: frozenset(
        {
            Act.CONFIRM_MEMBERS,
            Act.HELP_HOUSEHOLDS,
            Act.BRING_DEEDS,
            Act.VERIFY_DEEDS,
            Act.JUDGE_SMALL,
            Act.READ_HOUSEHOLDS,
        }
    ),
    Office.GROUP_LEADER: frozenset({Act.BRING_DEEDS, Act.JUDGE_SMALL, Act.READ_HOUSEHOLDS}),
    Office.COMMITTEE_MEMBER: frozenset({Act.JUDGE}),
    Office.COUNCIL_MEMBER: frozenset({Act.CONFIRM_DECISIONS}),
    Office.SUPERVISOR: frozenset({Act.ANSWER_OBJECTIONS, Act.SUPERVISE, Act.READ_HOUSEHOLDS}),
    Office.OPERATOR: frozenset({Act.MANAGE_SHOPS, Act.REDEEM}),
    Office.SHOPKEEPER: frozenset({Act.REDEEM}),
    Office.AUDITOR: frozenset({Act.READ_HOUSEHOLDS}),
    Office.BANK_OFFICER: frozenset(),
}

# What the holder of an office may not be allowed by another office of theirs in the same place at the same time:
# supervisors never score, the operator sees goods and orders only, the auditor reads (DOMAIN §2, §3).
EXCLUDES: Final[dict[Office, frozenset[Act]]] = {
    Office.SUPERVISOR: frozenset({Act.JUDGE, Act.JUDGE_SMALL}),
    Office.OPERATOR: frozenset(Act) - {Act.MANAGE_SHOPS, Act.REDEEM},
    Office.AUDITOR: frozenset(Act) - {Act.READ_HOUSEHOLDS},
}


def offices_that_grant(act: Act) -> list[Office]:
    """Give the offices whose holders may do this."""
    return [office for office, acts in GRANTS.items() if act in acts]


def clash(one: Office, other: Office) -> bool:
    """Tell whether one person may not hold both in the same place at the same time."""
    return bool(
        EXCLUDES.get(one, frozenset()) & GRANTS[other] or EXCLUDES.get(other, frozenset()) & GRANTS[one]
    )


def clashing_with(office: Office) -> list[Office]:
    """Give the offices that the holder of this one may not hold in the same place at the same time."""
    return [other for other in Office if clash(office, other)]
