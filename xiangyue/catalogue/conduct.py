"""Consequences that no points scheme may have, whatever a village resolves (CONDUCT "Named and refused").

The list is short and plain on purpose: it catches what is written in so many words, and lets 骗取低保 or
无故不参加村民会议 be scored. Whoever deliberates a catalogue answers for the rest. Pure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiangyue.catalogue.terms import Direction
from xiangyue.catalogue.tokens import plain

_NEAR = "[^，。；,.;]{0,8}?"
_TAKE_AWAY = f"(?:取消|停发|停止|暂停|中止|扣发|扣减|核减|剥夺|限制){_NEAR}"
_BAR_FROM = f"(?:不得|不予|不许|不准|禁止)再?(?:享受|发放|申领|申请|领取|参加|参与|行使|列为|推选){_NEAR}"
_EITHER = f"(?:{_TAKE_AWAY}|{_BAR_FROM})"
_BENEFITS = "(?:低保|五保|特困供养|补贴|补助|救助|养老金|养老保险|医保|医疗保险|社保|抚恤)"
_VILLAGE_RIGHTS = "(?:选举|投票|表决|候选|村民会议|村民代表会议|村务|村级事务)"
_DROPPING_OUT = "辍学|失学|未完成义务教育|未接受义务教育"


@dataclass(frozen=True)
class Consequence:
    """A consequence that is refused by name. instead: what is lawful, and does more good."""

    pattern: re.Pattern[str]
    name: str | Promise
    source: str | Promise
    instead: str | Promise
    only_deductions: bool = False


FORBIDDEN = (
    Consequence(
        re.compile(_EITHER + _BENEFITS),
        _("取消或停发法定待遇、补贴"),
        _("国办发〔2020〕49号"),
        _("可以改成上门帮扶，或者写明期限的少得奖励。"),
    ),
    Consequence(
        re.compile(_EITHER + _VILLAGE_RIGHTS),
        _("限制村民参加村里事务的权利"),
        _("村民委员会组织法"),
        _("可以改成上门谈心，或者写明期限的不参加评优。"),
    ),
    Consequence(
        re.compile(_DROPPING_OUT),
        _("因孩子辍学处罚一家人"),
        _("国办发〔2020〕49号"),
        _("可以改成登记帮扶，上门劝学。"),
        only_deductions=True,
    ),
)


def forbidden(direction: Direction, texts: Iterable[str]) -> tuple[Consequence, str] | None:
    """Find the first forbidden consequence in an indicator's texts, with the words that say it."""
    for text in map(plain, texts):
        for consequence in FORBIDDEN:
            if consequence.only_deductions and direction is not Direction.DEDUCTION:
                continue
            if found := consequence.pattern.search(text):
                return consequence, found[0]
    return None
