"""How objections and supervisors' remarks are refused."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class PassedOn(Refusal):
    """Its days were over. Facts: instance (whose turn it is now), answer_by."""

    code = "passed-on"
    message = _("这件异议要在%(answer_by)s以前答复，已经过了，现在归%(instance)s答复。")


class IssuedByActor(Refusal):
    """CONDUCT: nobody writes down, for another, an objection against their own record."""

    code = "issued-by-actor"
    message = _("这期公示是您张的榜，对整期的意见要由别人来记（回避）。")


class NotByCard(Refusal):
    code = "not-by-card"
    message = _("替别人记下的异议，要写明是电话里说的、纸上写的，还是当面说的。")
    field = "way"


class JudgedByActor(Refusal):
    """CONDUCT: nobody writes down, for another, an objection against their own record."""

    code = "judged-by-actor"
    message = _("这一条是您核实或者评定的，异议要由别人来记（回避）。")


class NotToAll(Refusal):
    code = "not-to-all"
    message = _("只有对整期公示的异议才要受理。")


class NotAdmittedYet(Refusal):
    code = "not-admitted-yet"
    message = _("对整期公示的异议，要先受理，才能改分。")


class NothingToHold(Refusal):
    code = "nothing-to-hold"
    message = _("这期公示都已经入账了，没有可以留住的。请写明理由答复；有错的，可以向镇里申诉。")


class LinePosted(Refusal):
    code = "line-posted"
    message = _("第%(number)s条受理以前就入账了，不能在公示里改，要冲正。")
    field = "corrections"


class UnknownShare(Refusal):
    code = "unknown-share"
    message = _("没有第%(share)s号份额。")
    field = "share"


class SharePosted(Refusal):
    code = "share-posted"
    message = _("这一户的分已经入账，监督意见留不住了。有错的，可以向镇里申诉。")


class UnknownRemark(Refusal):
    code = "unknown-remark"
    message = _("没有这条监督意见：%(remark)s。")


class RemarkAnswered(Refusal):
    code = "remark-answered"
    message = _("这条监督意见已经答复过了。")


class OwnRemark(Refusal):
    code = "own-remark"
    message = _("这条意见是您自己提的，要由别人来答复（回避）。")


class NotTheSupervisor(Refusal):
    code = "not-the-supervisor"
    message = _("只有提这条意见的监督员可以放行。")


class HoldsNothing(Refusal):
    code = "holds-nothing"
    message = _("这条监督意见没有留住什么，或者已经放行了。")
