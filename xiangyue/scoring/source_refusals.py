"""How bringing, vouching and inspecting say no, beside what all of scoring says (`refusals.py`)."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class NotBySource(Refusal):
    """Who brings holds an office there, but none by which this source is brought. Facts: source, title."""

    code = "not-by-source"
    message = _("您的职务不能报“%(source)s”。请选与您职务相符的报法。")
    field = "source"


class OneHouseholdOnBehalf(Refusal):
    code = "one-household-on-behalf"
    message = _("代办一次只能替一户报。几户一起做的事，请用“网格员记录”或者“干部记录”。")
    field = "household"


class RecommendsOnly(Refusal):
    """What a neighbour says against somebody is no deed: whoever is responsible looks first (CONDUCT)."""

    code = "recommends-only"
    message = _("邻居只能推荐好事。“%(title)s”是扣分，请告诉网格员，由网格员看过再记。")
    field = "indicator"


class NotTheNamedBringer(Refusal):
    code = "not-the-named-bringer"
    message = _("“%(title)s”由%(who)s来报（细则写明）。")
    field = "source"


class DeductionsElsewhere(Refusal):
    code = "deductions-elsewhere"
    message = _("“%(title)s”是扣分。这里扣分只能由%(who)s来记，请把情况告诉%(who)s。")
    field = "indicator"


class NotTheNamedVerifier(Refusal):
    code = "not-the-named-verifier"
    message = _("“%(title)s”由%(who)s来核实。")


class EvidenceMissing(Refusal):
    code = "evidence-missing"
    message = _("“%(title)s”要有%(proofs)s，请一起交上。")
    field = "evidence"


class PlaceMissing(Refusal):
    code = "place-missing"
    message = _("“%(title)s”要写明地点，请写在说明里。")
    field = "description"


class DoerMissing(Refusal):
    code = "doer-missing"
    message = _("“%(title)s”记给%(receivers)s，要写明是哪一个人做的。")
    field = "resident"


class NobodyReceives(Refusal):
    code = "nobody-receives"
    message = _("“%(title)s”记给%(receivers)s，%(number)s号户户册里没有这样的人。请先改户册。")
    field = "resident"


class UnknownInspection(Refusal):
    code = "unknown-inspection"
    message = _("没有这次检查：%(inspection)s。")


class InspectionClosed(Refusal):
    code = "inspection-closed"
    message = _("这次检查已经收尾了，不能再评分。")


class NotForInspection(Refusal):
    """Judges give a household one figure each; what counts, divides or has two sides can't be given so."""

    code = "not-for-inspection"
    message = _("“%(title)s”不能用检查评分：检查是每户评一个分，这一项要数数量、分档、平分，或者有加有扣。")
    field = "indicator"


class HouseholdOutside(Refusal):
    code = "household-outside"
    message = _("%(number)s号户不在%(unit)s，这次检查不评它。")
    field = "household"


class ScoredTwice(Refusal):
    code = "scored-twice"
    message = _("同一个评分人给%(number)s号户评了两次，只能评一个分。")


class NotScored(Refusal):
    code = "not-scored"
    message = _("您没有给这一户评过分。")


class NothingScored(Refusal):
    code = "nothing-scored"
    message = _("这次检查还没有够人数评过分的户，不能收尾。")


class TooFewJudges(Refusal):
    code = "too-few-judges"
    message = _(
        "“%(title)s”每户要%(wanted)s个人评分，这些户还不够：%(numbers)s。可以补评，也可以不算这些户。"
    )


class TooManyJudges(Refusal):
    """How several figures become one is the catalogue's to say; it is not invented (RULES: the median of three)."""

    code = "too-many-judges"
    message = _("“%(title)s”每户只要%(wanted)s个人评分，这些户多了：%(numbers)s。请去掉多的再收尾。")


class UnknownJudges(Refusal):
    code = "unknown-judges"
    message = _("表头里的%(names)s，不是这里的评分人。请写登录名或者姓名。")
    field = "file"


class DescriptionTooLong(Refusal):
    code = "description-too-long"
    message = _("写得太长了，最多%(most)s个字。")
    field = "description"


class TooManyTogether(Refusal):
    code = "too-many-together"
    message = _("一次最多写%(most)s户。")
    field = "household"
