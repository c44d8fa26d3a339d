"""How the catalogue's room says no."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class ValueNotUnderstood(Refusal):
    code = "value-not-understood"
    message = _("分值“%(text)s”不能用：%(reason)s。能看懂的写法：%(forms)s。")
    field = "value"


class LimitNotUnderstood(Refusal):
    code = "limit-not-understood"
    message = _("上限“%(text)s”不能用：%(reason)s。能看懂的写法：%(forms)s。")
    field = "limit"


class PointsOutsideBounds(Refusal):
    code = "points-outside-bounds"
    message = _("“%(title)s”只能评%(bounds)s分，%(proposed)s分不行。")
    field = "points"


class QuantityMissing(Refusal):
    code = "quantity-missing"
    message = _("“%(title)s”按%(unit)s计分，请写清是多少%(unit)s。")
    field = "quantity"


class QuantityNotCounted(Refusal):
    code = "quantity-not-counted"
    message = _("“%(title)s”不按数量计分，数量请空着。做了几次，就报几次。")
    field = "quantity"


class CaseNeedsPoints(Refusal):
    code = "case-needs-points"
    message = _("“%(title)s”没有固定的分（%(tariff)s），要说清这次评几分。")
    field = "points"


class NoCatalogueInForce(Refusal):
    code = "no-catalogue-in-force"
    message = _("%(unit)s在%(day)s还没有施行的积分细则。")


class NoDraft(Refusal):
    code = "no-draft"
    message = _("%(unit)s没有还没施行的积分细则草案。请先导入。")


class UnknownIndicator(Refusal):
    code = "unknown-indicator"
    message = _("《%(catalogue)s》里没有“%(text)s”这一项。请写编号，或一字不差地写指标的名称。")
    field = "indicator"


class AmbiguousIndicator(Refusal):
    code = "ambiguous-indicator"
    message = _("《%(catalogue)s》里有几项都叫“%(text)s”，编号是%(numbers)s。请写编号。")
    field = "indicator"


class NotADraft(Refusal):
    code = "not-a-draft"
    message = _("《%(catalogue)s》不是草案（%(state)s），不能再施行一次。")


class EmptyCatalogue(Refusal):
    code = "empty-catalogue"
    message = _("《%(catalogue)s》里一项指标也没有，不能施行。")


class NotAfterPresent(Refusal):
    code = "not-after-present-catalogue"
    message = _("现在的《%(catalogue)s》从%(since)s起施行，新细则要晚于这一天，%(on)s不行。")
    field = "on"


class DeductionWithoutGrounds(Refusal):
    """CONDUCT "No loss of rights": deductions name their basis, term and way to repair."""

    code = "deduction-without-grounds"
    message = _(
        "第%(number)s项“%(title)s”是扣分，还没写%(missing)s，不能施行。"
        "扣分要写明依据（法律或村规民约）、期限和修复办法。"
    )


class ForbiddenConsequence(Refusal):
    """CONDUCT "Named and refused"; each has a lawful substitute."""

    code = "forbidden-consequence"
    message = _(
        "第%(number)s项“%(title)s”写了“%(words)s”：%(consequence)s，不能施行（%(source)s）。%(instead)s"
    )
