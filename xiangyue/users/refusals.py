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


class BadLogin(Refusal):
    """Empty, too long, or with a line break or the like. Facts: login."""

    code = "login-bad"
    message = _("“%(login)s”不能当登录名。登录名要写，最多60个字，写在一行里。")
    field = "login"


class BadName(Refusal):
    """Facts: name."""

    code = "user-name-bad"
    message = _("“%(name)s”不能当姓名。姓名要写，最多60个字，写在一行里。")
    field = "name"


class WeakPassword(Refusal):
    """Facts: least (characters)."""

    code = "password-weak"
    message = _("这个密码太容易猜：至少要%(least)s位，也不要用常见的密码。")
    field = "password"


class PhoneTaken(Refusal):
    code = "phone-taken"
    message = _("这个手机号已经有人在用。请直接用它登录。")
    field = "phone"


class PhoneBad(Refusal):
    code = "sign-in-phone-bad"
    message = _("手机号要写11位数字，以1开头。")
    field = "phone"
