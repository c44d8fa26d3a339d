"""Rules that contradict themselves, in one sentence each. Pure."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.catalogue.rules.terms import BadRule

_SENTENCES: Final[dict[str, Promise]] = {
    "points-out-of-bounds": gettext_lazy("分值要大于0，最多1,000,000分。"),
    "base-without-window": gettext_lazy("板块的满分多久算一回，要写日、周、月、季或年。"),
    "limit-twice": gettext_lazy("同一种上限写了两回。"),
    "limit-of-another-layer": gettext_lazy("这里的上限只能管这一层。"),
    "category-twice": gettext_lazy("同一个板块写了两回。"),
    "clearing-never": gettext_lazy("清零要写哪一天（days），或者每次兑换以后（after_redemption）。"),
    "carry-over-out-of-bounds": gettext_lazy("结转写百分之几，从0到100。"),
    "no-such-day": gettext_lazy("没有这样的日子。"),
    "ratio-not-positive": gettext_lazy("赠予和挣得的比例要写大于0的整数。"),
    "rate-out-of-bounds": gettext_lazy("1分值多少钱，要大于0元，最多10,000元。"),
    "grades-without-lowest": gettext_lazy("等级从高往低写，最后一级不写above，剩下的都归它。"),
    "grades-not-falling": gettext_lazy("等级要从高往低写，分数一级比一级低。"),
    "row-twice": gettext_lazy("同一个名字写了两回。"),
    "local-bound-negative": gettext_lazy("村里能加几项，不能写负数。"),
    "change-of-what": gettext_lazy(
        "村里能改哪些分：编号（number）和板块（category）只写一样，大类跟着板块写。"
    ),
    "change-without-bound": gettext_lazy("村里能改多少分，要写low、high、by或percent，至少一样。"),
    "change-percent": gettext_lazy("村里改分最多差百分之几，写1到100的整数。"),
    "change-twice": gettext_lazy("同一项、同一个板块能改多少分，写了两回。"),
    "range-backwards": gettext_lazy("小的数写在前，大的数写在后。"),
    "stages": gettext_lazy("办理的步骤至少写一步，同一步不能写两回。"),
    "notice-days": gettext_lazy("公示天数要写3到15。"),
    "days-out-of-bounds": gettext_lazy("天数写1到60。"),
    "percent-out-of-bounds": gettext_lazy("百分之几，写1到100的整数。"),
    "quorum-out-of-bounds": gettext_lazy("到会百分之几才算数（quorum_percent），写1到100的整数。"),
    "retention-out-of-bounds": gettext_lazy("离开以后资料再留几年（retention_years），写1到30。"),
    "leaders-of-nothing": gettext_lazy("要写哪些职务的分这样算。"),
    "approvals-out-of-bounds": gettext_lazy("几个人同意，写1到3。"),
    "preset-text-empty": gettext_lazy("名称、简介、细则名称和榜首的话都要写，前后不要空格。"),
    "no-offices": gettext_lazy("至少要设管理员一个职务。"),
    "shops-without-anything": gettext_lazy("兑换点至少要写一类货物、一种办法、一种地方。"),
    "comparison-of-nothing": gettext_lazy("评比要写在哪一级评。"),
    "medals-not-rising": gettext_lazy("评比的名次从高往低写，百分数一个比一个大。"),
    "sanction-without-grounds": gettext_lazy("每一种后果都要写依据和修复办法。"),
    "sanction-without-end": gettext_lazy("后果不能没有期限，到期自动解除。"),
    "sanction-of-what": gettext_lazy("写bar的要写bars，写less的要写percent，只公布的两样都不写。"),
    "sanction-shown-by-one": gettext_lazy("要对外公布的后果，至少两个人同意。"),
    "reduction-of-what": gettext_lazy("少给奖励，写少多少或百分之几，只写一样。"),
    "term-empty": gettext_lazy("期限不能是空的。"),
}


def sentence(bad: BadRule) -> str:
    """Say in one sentence what contradicts itself."""
    if bad.code in _SENTENCES:
        return str(_SENTENCES[bad.code])
    return _("这里前后矛盾（%(code)s）。") % {"code": bad.code}
