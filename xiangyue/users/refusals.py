"""How the users' room says no."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class LoginTaken(Refusal):
    code = "login-taken"
    message = _("登录名“%(login)s”已经有人用了。请换一个，例如加上户号。")
    field = "login"


class UnknownUser(Refusal):
    code = "unknown-user"
    message = _("没有叫“%(login)s”的登录名。")
    field = "login"
