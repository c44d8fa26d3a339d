"""What a deed is worth, and why: a pure function of the rule, the facts, and what already counts.

All points are centipoints.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from xiangyue.catalogue.caps import Cut, Held, clamp
from xiangyue.catalogue.limits import Limit
from xiangyue.catalogue.refusals import (
    CaseNeedsPoints,
    PointsOutsideBounds,
    QuantityMissing,
    QuantityNotCounted,
)
from xiangyue.catalogue.terms import Direction, Form, Measure, Subject, Window
from xiangyue.catalogue.values import MOST, format_range
from xiangyue.kernel.points import format_points, times


@dataclass(frozen=True)
class Rule:
    """What an indicator says, apart from the database.

    minimum, maximum: bounds as magnitudes; the same twice where points are fixed or come by unit; None where
    each case is decided by itself.
    """

    number: str
    title: str
    direction: Direction
    form: Form
    minimum: int | None
    maximum: int | None
    unit: str
    subject: Subject
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What is known of one deed for one household.

    day: of the act. quantity: how many units, where points come by unit. proposed: points as a magnitude,
    where the judges choose them.
    """

    day: date
    quantity: Decimal | None = None
    proposed: int | None = None


@dataclass(frozen=True)
class Judgement:
    """What the deed is worth. points, before_caps: signed. sentence: why, in a villager's words."""

    points: int
    before_caps: int
    cuts: tuple[Cut, ...]
    sentence: str


def judge(rule: Rule, facts: Facts, held: Sequence[Held] = ()) -> Judgement:
    """Say what a deed is worth under a rule, and explain it in one sentence.

    held: what already counts for the same household under the same indicator, from all days that matter.
    Caps cut, and say so; they don't raise.
    Raises: QuantityMissing, QuantityNotCounted, CaseNeedsPoints, PointsOutsideBounds.
    """
    asked = worth(rule, facts)
    left, cuts = clamp(rule.limits, day=facts.day, asked=asked, held=held)
    sign = -1 if rule.direction is Direction.DEDUCTION else 1
    return Judgement(sign * left, sign * asked, cuts, _sentence(rule, facts, asked, left, cuts))


def worth(rule: Rule, facts: Facts) -> int:
    """Give a deed's points before any cap, as a magnitude. Raises: as `judge`."""
    low, high = bounds(rule, facts.quantity)
    if facts.proposed is None:
        if low < high:
            raise CaseNeedsPoints(title=rule.title, tariff=tariff(rule))
        return low
    if not low <= facts.proposed <= high:
        raise _outside(rule, low, high, facts.proposed)
    return facts.proposed


def bounds(rule: Rule, quantity: Decimal | None = None) -> tuple[int, int]:
    """Give the least and the most that the judges may give, as magnitudes before any cap.

    Raises: QuantityMissing, QuantityNotCounted, PointsOutsideBounds when a quantity can't be meant.
    """
    if rule.form is Form.PER_UNIT:
        return _by_quantity(rule, quantity)
    if quantity is not None:
        raise QuantityNotCounted(title=rule.title)
    if rule.minimum is None or rule.maximum is None:
        return 1, MOST
    return rule.minimum, rule.maximum


def tariff(rule: Rule) -> str:
    """Say in a few words what the rule gives or takes: `每次8分`, `每小时扣2分`, `一事一议`."""
    if rule.minimum is None or rule.maximum is None:
        return _("一事一议")
    facts = {"unit": rule.unit, "points": _bounds_text(rule.minimum, rule.maximum)}
    if rule.direction is Direction.DEDUCTION:
        return _("每%(unit)s扣%(points)s分") % facts
    return _("每%(unit)s%(points)s分") % facts


def _by_quantity(rule: Rule, quantity: Decimal | None) -> tuple[int, int]:
    if rule.minimum is None or quantity is None or not quantity.is_finite() or quantity <= 0:
        raise QuantityMissing(title=rule.title, unit=rule.unit)
    if rule.minimum * quantity > MOST:
        raise _outside(rule, 1, MOST, int(rule.minimum * quantity))
    points = times(rule.minimum, quantity)
    return points, points


def _outside(rule: Rule, low: int, high: int, proposed: int) -> PointsOutsideBounds:
    bounds_text = _bounds_text(low, high)
    return PointsOutsideBounds(title=rule.title, bounds=bounds_text, proposed=format_points(proposed))


def _sentence(rule: Rule, facts: Facts, asked: int, left: int, cuts: Sequence[Cut]) -> str:
    parts = [_("%(title)s，%(tariff)s") % {"title": rule.title, "tariff": tariff(rule)}]
    if rule.form is Form.PER_UNIT:
        counted = {"quantity": _plain(facts.quantity), "unit": rule.unit, "points": format_points(asked)}
        parts[0] += _("，%(quantity)s%(unit)s合%(points)s分") % counted
    elif rule.form is not Form.FIXED:
        parts[0] += _("，这次评%(points)s分") % {"points": format_points(asked)}
    parts += [_cut_text(cut, rule.subject) for cut in cuts]
    return _("；").join(parts) + _("，") + _outcome(rule.direction, left) + _("。")


def _outcome(direction: Direction, left: int) -> str:
    if direction is Direction.DEDUCTION:
        return _("这次扣%(points)s分") % {"points": format_points(left)} if left else _("这次不扣分")
    return _("这次加%(points)s分") % {"points": format_points(left)} if left else _("这次不加分")


def _cut_text(cut: Cut, subject: Subject) -> str:
    """Say which limit cut: 本月这一项已记2次，满了 / 本年全户这一项最多40分，已记38分."""
    limit = cut.limit
    facts = {
        "window": _window_text(limit.window),
        "whose": "" if limit.scope is subject else _whose_text(limit.scope),
        "most": _amount_text(limit.measure, limit.amount),
        "before": _amount_text(limit.measure, cut.before),
    }
    if limit.window is Window.TIME:
        return _("一次最多%(most)s") % facts
    if cut.before >= limit.amount:
        return _("%(window)s%(whose)s这一项已记%(before)s，满了") % facts
    return _("%(window)s%(whose)s这一项最多%(most)s，已记%(before)s") % facts


def _amount_text(measure: Measure, amount: int) -> str:
    if measure is Measure.TIMES:
        return _("%(times)s次") % {"times": amount}
    return _("%(points)s分") % {"points": format_points(amount)}


def _whose_text(scope: Subject) -> str:
    return _("全户") if scope is Subject.HOUSEHOLD else _("本人")


def _window_text(window: Window) -> str:
    return {
        Window.DAY: _("当天"),
        Window.WEEK: _("本周"),
        Window.MONTH: _("本月"),
        Window.QUARTER: _("本季"),
        Window.YEAR: _("本年"),
    }.get(window, _("以前"))


def _bounds_text(low: int, high: int) -> str:
    return format_points(low) if low == high else format_range(low, high)


def _plain(quantity: Decimal | None) -> str:
    return f"{(quantity or Decimal(0)).normalize():f}"
