"""What a scheme itself may not say: bars without a way back, debts without end, no notice, no second person. Pure.

What a threshold or a veto can take away is a closed list already (`terms.Bar`); what is looked at here is how it ends,
and what is written freely: names of benefits, grades and the account.
"""

import re
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from xiangyue.catalogue.guards import clauses
from xiangyue.catalogue.guards.finding import Finding, Weight, found
from xiangyue.catalogue.guards.reading import DEDUCTING, folded
from xiangyue.catalogue.guards.vocabulary import BENEFIT, MEMBERS_RIGHTS, UTILITIES, VILLAGE_RIGHTS
from xiangyue.catalogue.language import columns
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.scheme import Scheme, Stage
from xiangyue.catalogue.rules.terms import Bar, Proof
from xiangyue.catalogue.rules.times import ForGood, UntilCorrected
from xiangyue.kernel.points import format_points

_LAWFUL_THINGS = re.compile(
    f"{BENEFIT}|{MEMBERS_RIGHTS}|{VILLAGE_RIGHTS}|{UTILITIES}|证明|盖章|办事|落户|户口|入学|上学|就医"
)
_EXTRA = re.compile("代缴|减免|资助|免费|打折|折扣|优惠价|满减|[0-9]元|积分分红")
_SHAMING = re.compile(
    "黑榜|黑名单|落后|差评|失信|后进|懒|差户|较差|最差|垃圾户|末等|不合格|红黄牌|黑户|老赖|问题户"
)
_CREDIT = re.compile("征信|信用信息|信用记录")
_NEAR_CREDIT = re.compile("信用|诚信|守信|失信")
_DECIDING = frozenset(Stage) - {Stage.SELF, Stage.NOTICE, Stage.ADMINISTRATOR}
_ALWAYS_PHOTOS = (10, 9)  # of at least ten items, nine in ten


def thresholds(scheme: Scheme, items: Sequence[Item]) -> Iterator[Finding]:
    """Whoever is out of the scheme can't earn the points that would bring them back."""
    for threshold in scheme.thresholds:
        if Bar.SCHEME in threshold.bars:
            words = format_points(threshold.below)
            yield found(clauses.THRESHOLD, Weight.REFUSED, field=_("低于多少分的限制"), words=words)


def floor(scheme: Scheme, items: Sequence[Item]) -> Iterator[Finding]:
    """Below zero, a bar would last as long as the debt: without end."""
    below_zero = scheme.floor is None or scheme.floor < 0
    if below_zero and scheme.thresholds:
        yield found(clauses.FLOOR, Weight.REFUSED, field=_("最低分"))


def exclusion(scheme: Scheme, items: Sequence[Item]) -> Iterator[Finding]:
    """Who has used up the base is outside for a term, and comes back by itself."""
    if scheme.base is not None and isinstance(scheme.base.excluded_for, ForGood | UntilCorrected):
        yield found(clauses.EXCLUSION, Weight.MISSING, field=_("基础分"))


def notice(scheme: Scheme, items: Sequence[Item]) -> Iterator[Finding]:
    """What deducts is put on notice first, so that everyone can object."""
    if Stage.NOTICE not in scheme.way.stages and any(item.direction in DEDUCTING for item in items):
        yield found(clauses.UNNOTICED, Weight.REFUSED, field=_("评议步骤"))


def second_person(scheme: Scheme, items: Sequence[Item]) -> Iterator[Finding]:
    """Somebody else decides than who brings or enters it (CONDUCT "Fair")."""
    if not _DECIDING & set(scheme.way.stages):
        yield found(clauses.ALONE, Weight.REFUSED, field=_("评议步骤"))


def benefits(scheme: Scheme, items: Sequence[Item]) -> Iterator[Finding]:
    """What the law gives doesn't wait for points. What is given on top of it may."""
    for benefit in scheme.benefits:
        name = folded(benefit.name).text
        if _LAWFUL_THINGS.search(name) and not _EXTRA.search(name):
            yield found(clauses.GATED, Weight.REFUSED, field=_("不花分的好处"), words=benefit.name)


def grade_names(scheme: Scheme, items: Sequence[Item]) -> Iterator[Finding]:
    """A grade's name is read out and hung up."""
    for grades in filter(None, (scheme.grades, scheme.cards)):
        for grade in grades.rows:
            if _SHAMING.search(folded(grade.name).text):
                yield found(clauses.GRADE_NAMES, Weight.QUESTION, field=_("等级"), words=grade.name)


def account(scheme: Scheme, items: Sequence[Item]) -> Iterator[Finding]:
    """Points are not called credit."""
    name = folded(scheme.account).text
    if _CREDIT.search(name):
        yield found(clauses.ACCOUNT, Weight.REFUSED, field=_("积分的叫法"), words=scheme.account)
    elif _NEAR_CREDIT.search(name):
        yield found(clauses.ACCOUNT, Weight.QUESTION, field=_("积分的叫法"), words=scheme.account)


def photos(scheme: Scheme, items: Sequence[Item]) -> Iterator[Finding]:
    """Photos are for what can be seen on them, not for everything (CONDUCT "No burden")."""
    wanting = sum(_wants_photo(item) for item in items)
    least, of_ten = _ALWAYS_PHOTOS
    if len(items) >= least and wanting * 10 >= len(items) * of_ten:
        yield found(clauses.PHOTOS, Weight.QUESTION, field=columns.EVIDENCE)


def _wants_photo(item: Item) -> bool:
    text = folded(item.evidence.text).text
    proofs = item.evidence.proofs
    return (Proof.PHOTO in proofs and len(proofs) == 1) or (
        any(word in text for word in ("照片", "拍照", "视频")) and "或" not in text
    )
