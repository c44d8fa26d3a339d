"""Offices and what they allow: the one place from which staff permissions derive (DOMAIN §2 "appointment").

An appointment gives its office's acts at the unit it names and at everything below it.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Office(models.TextChoices):
    ADMINISTRATOR = "administrator", _("管理员")
    TOWN_OFFICIAL = "town_official", _("镇干部")
    VILLAGE_SECRETARY = "village_secretary", _("村党组织书记")
    INFORMATION_ADMINISTRATOR = "information_administrator", _("信息管理员")
    GRID_LEADER = "grid_leader", _("网格员")
    COMMITTEE_MEMBER = "committee_member", _("评议委员")
    SUPERVISOR = "supervisor", _("监督员")
    SHOPKEEPER = "shopkeeper", _("店员")
    AUDITOR = "auditor", _("审计员")


class Act(models.TextChoices):
    """What may be allowed. Every room's `permissions.py` asks for these by name."""

    MANAGE_PEOPLE = "manage_people", _("管理户册和任职")
    MANAGE_CATALOGUE = "manage_catalogue", _("制定细则")
    BRING_DEEDS = "bring_deeds", _("记录积分事项")
    VERIFY_DEEDS = "verify_deeds", _("核实积分事项")
    HOLD_MEETINGS = "hold_meetings", _("召集评议会")
    JUDGE = "judge", _("参加评议")
    ISSUE_NOTICES = "issue_notices", _("张榜公示")
    ANSWER_OBJECTIONS = "answer_objections", _("答复异议")
    SETTLE = "settle", _("公示期满入账")
    MANAGE_SHOPS = "manage_shops", _("管理积分超市")
    REDEEM = "redeem", _("柜台兑换")
    READ_HOUSEHOLDS = "read_households", _("查看各户积分账")


GRANTS: dict[Office, frozenset[Act]] = {
    Office.ADMINISTRATOR: frozenset(
        {Act.MANAGE_PEOPLE, Act.MANAGE_CATALOGUE, Act.MANAGE_SHOPS, Act.SETTLE, Act.READ_HOUSEHOLDS}
    ),
    Office.TOWN_OFFICIAL: frozenset({Act.MANAGE_CATALOGUE, Act.ANSWER_OBJECTIONS, Act.READ_HOUSEHOLDS}),
    Office.VILLAGE_SECRETARY: frozenset(
        {
            Act.BRING_DEEDS,
            Act.VERIFY_DEEDS,
            Act.HOLD_MEETINGS,
            Act.JUDGE,
            Act.ISSUE_NOTICES,
            Act.SETTLE,
            Act.READ_HOUSEHOLDS,
        }
    ),
    Office.INFORMATION_ADMINISTRATOR: frozenset({Act.BRING_DEEDS}),
    Office.GRID_LEADER: frozenset({Act.BRING_DEEDS, Act.VERIFY_DEEDS, Act.READ_HOUSEHOLDS}),
    Office.COMMITTEE_MEMBER: frozenset({Act.JUDGE}),
    Office.SUPERVISOR: frozenset({Act.ANSWER_OBJECTIONS, Act.READ_HOUSEHOLDS}),
    Office.SHOPKEEPER: frozenset({Act.REDEEM}),
    Office.AUDITOR: frozenset({Act.READ_HOUSEHOLDS}),
}


def offices_that_grant(act: Act) -> list[Office]:
    """Give the offices whose holders may do this."""
    return [office for office, acts in GRANTS.items() if act in acts]
