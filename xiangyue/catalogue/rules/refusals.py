"""How the judging of a deed says no. What cuts points is no refusal; only what can't be judged at all is."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class PointsNotChosen(Refusal):
    code = "points-not-chosen"
    message = _("“%(title)s”没有固定的分（%(tariff)s），要说清这次评几分。")
    field = "points"


class PointsNotAllowed(Refusal):
    code = "points-not-allowed"
    message = _("“%(title)s”只能评%(bounds)s分，%(proposed)s分不行。")
    field = "points"


class ReasonForPointsMissing(Refusal):
    code = "reason-for-points-missing"
    message = _("“%(title)s”是酌情评分，要写明为什么评这么多。")
    field = "reason"


class AmountMissing(Refusal):
    code = "amount-missing"
    message = _("“%(title)s”按%(unit)s计分，请写清是多少%(unit)s。")
    field = "quantity"


class AmountNotCounted(Refusal):
    code = "amount-not-counted"
    message = _("“%(title)s”不按数量计分，数量请空着。做了几次，就报几次。")
    field = "quantity"


class RowMissing(Refusal):
    code = "row-missing"
    message = _("“%(title)s”分几档记分，请写清是哪一档：%(rows)s。")
    field = "row"


class JudgesMissing(Refusal):
    code = "judges-missing"
    message = _("“%(title)s”要%(wanted)s个人各评一个分，取中间的；现在有%(given)s个。")
    field = "points"


class SideMissing(Refusal):
    code = "side-missing"
    message = _("“%(title)s”有加有扣，请写清这次是加还是扣。")
    field = "side"


class LikeItemMissing(Refusal):
    code = "like-item-missing"
    message = _("“%(title)s”要比照别的一项记分，请写清比照哪一项；那一项自己要有分值，加扣也要对得上。")
    field = "like"


class RoleMissing(Refusal):
    code = "role-missing"
    message = _("“%(title)s”各人的分不一样，请写清是哪一种：%(roles)s。")
    field = "role"


class PartsDoNotAddUp(Refusal):
    code = "parts-do-not-add-up"
    message = _("“%(title)s”一共%(total)s分，各人分到的加起来是%(sum)s分，对不上。")
    field = "parts"


class BalanceMissing(Refusal):
    code = "balance-missing"
    message = _("“%(title)s”要把积分清掉，先要知道现在有多少分。")
    field = "balance"


class NotApplicableThen(Refusal):
    code = "item-not-applicable-then"
    message = _("“%(title)s”在%(day)s不适用。")
    field = "day"


class SubjectExcluded(Refusal):
    code = "subject-excluded"
    message = _("“%(title)s”不评%(trait)s。")
    field = "subject"


class KindNotMeant(Refusal):
    code = "kind-not-meant"
    message = _("“%(title)s”只评%(kinds)s。")
    field = "subject"
