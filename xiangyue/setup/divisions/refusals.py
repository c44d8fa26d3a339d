"""Refusals of the division codes. Each is an `UnknownDivision`; the subclasses know more of what is wrong."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class UnknownDivision(Refusal):
    """The code has the right form and its beginning is known, but the division itself isn't there.

    Facts: code_asked, digits, level (what so many digits stand for), known_code and known_name (the lowest
    division above it that exists), from_digit (the first digit that leads nowhere, counted from 1).
    """

    code = "division-unknown"
    message = _(
        "%(known_name)s（%(known_code)s）下面没有%(code_asked)s。它有%(digits)s位，从第%(from_digit)s位起对一对："
        "2位是省，4位是市，6位是县，9位是镇，12位是村。"
    )


class UnknownProvince(UnknownDivision):
    """Not even the first two digits are in the list. Facts: code_asked, digits, level, province (the two)."""

    code = "division-province-unknown"
    message = _("本表收的31个省级代码里没有%(province)s，所以查不到%(code_asked)s。请从头两位对起。")


class PaddedDivisionCode(UnknownDivision):
    """A known code filled up with zeros, as forms and identity numbers write it: 440783000000 for 440783.

    Refused, not guessed: 441900 and 350527000000 end in zeros and are divisions of their own.
    Facts: code_asked, digits, level, known_code, known_name.
    """

    code = "division-code-padded"
    message = _("%(code_asked)s后面的0是补上去的。%(known_name)s的代码请写%(known_code)s。")


class MalformedDivisionCode(UnknownDivision):
    """Not 2, 4, 6, 9 or 12 plain digits. Facts: code_asked, length (characters)."""

    code = "division-code-malformed"
    message = _(
        "“%(code_asked)s”（%(length)s个字）不是区划代码。区划代码全是数字：2位是省，4位是市，6位是县，9位是镇，12位是村。"
    )
