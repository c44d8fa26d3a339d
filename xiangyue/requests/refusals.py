"""How complaints and contact lines are refused."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class ComplaintEmpty(Refusal):
    code = "complaint-empty"
    message = _("请说说是什么事。")
    field = "text"


class ComplaintTooLong(Refusal):
    """Facts: limit (characters)."""

    code = "complaint-too-long"
    message = _("写得太长了，最多%(limit)s个字。请说最要紧的。")
    field = "text"


class TooManyComplaints(Refusal):
    """The phones stay open. Facts: count, hours."""

    code = "too-many-complaints"
    message = _("%(hours)s小时里收到的已经有%(count)s件，网上先不收了。急事请打电话，或者过一阵再提。")


class NotOwnComplaint(Refusal):
    code = "complaint-not-own"
    message = _("只能以自家的名义投诉。不想留名，就不写户号。")
    field = "household"


class UnknownComplaint(Refusal):
    """Said alike of one that is not there, and of one that is none of the actor's business. Facts: complaint."""

    code = "unknown-complaint"
    message = _("没有要您答复的第%(complaint)s件投诉。")


class ComplaintAnswered(Refusal):
    code = "complaint-answered"
    message = _("这件投诉已经答复过了。")


class AnswerEmpty(Refusal):
    code = "answer-empty"
    message = _("请写明怎么处理的。")
    field = "answer"


class PassingReasonEmpty(Refusal):
    code = "passing-reason-empty"
    message = _("请写明为什么转上去。")
    field = "reason"


class NoLevelAbove(Refusal):
    """Facts: unit (its name)."""

    code = "no-level-above"
    message = _("%(unit)s上面没有可以转的了，请在这里答复。")


class BadContactPhone(Refusal):
    """Facts: phone."""

    code = "contact-phone-bad"
    message = _("“%(phone)s”不是电话号码。请写3到12位数字，例如 12345。")
    field = "phone"


class BadContactLabel(Refusal):
    code = "contact-label-bad"
    message = _("请写这个电话叫什么，最多40个字，例如“村委会办公室”。")
    field = "label"


class NoContact(Refusal):
    """Facts: unit (its name), kind (in words)."""

    code = "no-contact"
    message = _("%(unit)s没有登记“%(kind)s”。")
    field = "kind"
