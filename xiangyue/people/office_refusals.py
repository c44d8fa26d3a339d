"""How the register of offices and the appointments say no, beyond `refusals.py`."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class OfficeNotHere(Refusal):
    """The scheme's register has no such office at this level. Facts: office, unit, level (in words)."""

    code = "office-not-here"
    message = _("%(unit)s是%(level)s，这个方案在%(level)s不设%(office)s。")
    field = "office"


class WrongBody(Refusal):
    """The office sits in no body, or in others. Facts: office, bodies (in words, "" for none)."""

    code = "office-body-wrong"
    message = _("%(office)s要写明是哪个会的（%(bodies)s）；不是会里的职务，就不要写会和代表谁。")
    field = "body"


class AfterUnitEnds(Refusal):
    """Facts: unit, until (the unit's last day)."""

    code = "appointment-after-unit-ends"
    message = _("%(unit)s到%(until)s就不在了，任职不能比它晚。请在接替它的单位任命。")
    field = "unit"


class OfficesClash(Refusal):
    """One person may not hold both in one place at one time (`offices.EXCLUDES`). Facts: name, office, other, unit."""

    code = "offices-clash"
    message = _(
        "%(name)s在%(unit)s担任%(other)s，不能同时担任%(office)s：监督的不打分，审计的只看，企业只管货。"
    )
    field = "office"


class HandsToSelf(Refusal):
    """Facts: name."""

    code = "hands-over-to-self"
    message = _("%(name)s不能把职务交给自己。要接着干，请等这一期满了再任命。")
    field = "user"


class AlreadyOff(Refusal):
    """Facts: name."""

    code = "user-already-off"
    message = _("%(name)s的账号已经停用了。")
    field = "user"


class AlreadyOn(Refusal):
    """Facts: name."""

    code = "user-already-on"
    message = _("%(name)s的账号没有停用，不用再启用。")
    field = "user"


class WhyNeeded(Refusal):
    """Switching somebody off or on again takes a reason, which is kept."""

    code = "user-reason-needed"
    message = _("停用、启用账号都要写原因，最多200个字。")
    field = "reason"


class HasUser(Refusal):
    """A person has one user in a jurisdiction. Facts: name, login (the one there is)."""

    code = "resident-has-user"
    message = _("%(name)s已经有登录名了，是“%(login)s”。一个人只有一个。")
    field = "resident"


class NoLongerHere(Refusal):
    """Facts: name."""

    code = "resident-no-longer-here"
    message = _("%(name)s已经不是村里的人了，不能再给登录名。")
    field = "resident"
