"""How the messages' room says no."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class SmsNotConfigured(Refusal):
    """The county sends no SMS, or has no approved template for this one."""

    code = "sms-not-configured"
    message = _("这里还没有开通短信。请用户卡和密码，或者找网格员。")


class NoMobile(Refusal):
    """A landline, or no number at all. Facts: phone (masked)."""

    code = "sms-no-mobile"
    message = _("%(phone)s收不了短信。请写11位的手机号。")
    field = "phone"


class SmsLater(Refusal):
    """The vendor throttles, or can't be reached; the same may succeed in a while. Facts: reason (a code)."""

    code = "sms-later"
    message = _("短信这会儿发不出去，请过几分钟再试。")


class SmsFailed(Refusal):
    """The vendor will not send it, now or later. Facts: reason (the vendor's code)."""

    code = "sms-failed"
    message = _("短信没有发出去。请核对手机号；还不行，就用户卡和密码，或者找网格员。")
    field = "phone"


class SmsNotTaken(Refusal):
    """Trying out the county's setting failed. Facts: reason (the vendor's code, or ours: timeout, unreachable)."""

    code = "sms-not-taken"
    message = _("没有发出去，短信平台说：%(reason)s。")


class WeChatNotConfigured(Refusal):
    code = "wechat-not-configured"
    message = _("这里还没有接公众号。")


class NotAFollower(Refusal):
    """Facts: login."""

    code = "wechat-no-follower"
    message = _("%(login)s还没有在微信里登录过，发不到。")
    field = "wechat"


class WeChatFailed(Refusal):
    """Facts: reason (WeChat's code)."""

    code = "wechat-failed"
    message = _("微信消息没有发出去（%(reason)s）。")


class BadChannelSetting(Refusal):
    """Something that the vendor needs is missing or can't be right. Facts: name, of the option."""

    code = "channel-setting-bad"
    message = _("设置不完整：%(name)s没有写，或者写得不对。")


class UnknownTemplate(Refusal):
    """No room has registered it. Facts: template."""

    code = "message-template-unknown"
    message = _("没有“%(template)s”这种消息。")


class NoSuchMessage(Refusal):
    """Also for somebody else's."""

    code = "message-none"
    message = _("没有这条消息。")
