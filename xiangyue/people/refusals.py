"""How the people's room says no."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class NotAllowed(Refusal):
    """No appointment in force allows it. Facts: act (in words), unit (its name)."""

    code = "not-allowed"
    message = _("您没有在%(unit)s%(act)s的职权。")


class UnknownUnit(Refusal):
    """Facts: unit (the code that was asked for)."""

    code = "unit-unknown"
    message = _("这个辖区里没有代码是“%(unit)s”的单位。")
    field = "unit"


class NotAVillage(Refusal):
    """Facts: unit (its code), name."""

    code = "unit-not-village"
    message = _("%(name)s（%(unit)s）不是村。请写村的代码，12位数字。")
    field = "village"


class UnitCodeTaken(Refusal):
    """Facts: unit (the code)."""

    code = "unit-code-taken"
    message = _("已经有代码是“%(unit)s”的单位了。")
    field = "short"


class UnitNameTaken(Refusal):
    """Two neighbours of one name could not be told apart in a roster. Facts: name, parent."""

    code = "unit-name-taken"
    message = _("%(parent)s里已经有“%(name)s”了。请换一个名字。")
    field = "name"


class BadUnitName(Refusal):
    """Facts: name."""

    code = "unit-name-bad"
    message = _("“%(name)s”不能当单位的名字。名字要写，最多60个字。")
    field = "name"


class BadUnitCode(Refusal):
    """Facts: short."""

    code = "unit-code-bad"
    message = _("“%(short)s”不能当编号。编号只用字母和数字，最多8位，例如3。")
    field = "short"


class LevelNotBelow(Refusal):
    """Facts: level, parent_level (both in words)."""

    code = "unit-level-not-below"
    message = _("%(parent_level)s下面不能设%(level)s。")
    field = "level"


class UnknownHousehold(Refusal):
    """Facts: number, village."""

    code = "household-unknown"
    message = _("%(village)s没有户号是“%(number)s”的户。")
    field = "household"


class UnknownPerson(Refusal):
    """Facts: person (the user's id)."""

    code = "person-unknown"
    message = _("没有编号是%(person)s的人，或者已经停用。")
    field = "user"


class UnknownAppointment(Refusal):
    """Facts: appointment (its id)."""

    code = "appointment-unknown"
    message = _("没有编号是%(appointment)s的任职。")
    field = "appointment"


class AlreadyAppointed(Refusal):
    """Facts: name, office, unit, since (of the appointment that stands in the way)."""

    code = "already-appointed"
    message = _("%(name)s从%(since)s起已经是%(unit)s的%(office)s。")
    field = "office"


class EndsBeforeStart(Refusal):
    """Facts: since, until."""

    code = "appointment-ends-before-start"
    message = _("任职到%(until)s为止，比开始的%(since)s还早。")
    field = "until"


class AlreadyEnded(Refusal):
    """Facts: until."""

    code = "appointment-already-ended"
    message = _("这个任职已经定在%(until)s结束了。")
    field = "until"


class LastAdministrator(Refusal):
    """Ending it would leave nobody who could appoint another. Facts: unit."""

    code = "last-administrator"
    message = _("这是%(unit)s最后一个管理员，免了就没人能再任命了。请先任命另一个。")
    field = "appointment"


class NoCard(Refusal):
    """Facts: number."""

    code = "card-none"
    message = _("%(number)s户现在没有能用的卡。")
    field = "household"


class CardUnknown(Refusal):
    """No card has this address, or the card was revoked: an outsider learns nothing from the difference."""

    code = "card-unknown"
    message = _("这张卡不能用。请找网格员看看是不是换过新卡。")


class WrongPin(Refusal):
    """Facts: tries_left."""

    code = "card-pin-wrong"
    message = _("密码不对，还可以试%(tries_left)s次。")
    field = "pin"


class CardLocked(Refusal):
    """Facts: until (an aware moment), clock (the same as a time of day, where the villages are)."""

    code = "card-locked"
    message = _("密码错得太多，这张卡先锁上了，%(clock)s以后再试。忘了密码，可以找网格员换卡。")
    field = "pin"


class UnknownResident(Refusal):
    """Facts: name, number (of the household)."""

    code = "resident-unknown"
    message = _("%(number)s号户没有叫“%(name)s”的人。")
    field = "resident"


class NoOpenings(Refusal):
    """No row has points. Facts: name (of the file)."""

    code = "openings-none"
    message = _("“%(name)s”里一户的分也没有填。")
    field = "file"
