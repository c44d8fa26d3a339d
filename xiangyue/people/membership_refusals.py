"""How the people's room says no where somebody acts for a household: members, codes, PINs, help, wishes."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class NotSignedIn(Refusal):
    """A card opens its household already; only a person who signed in becomes a member."""

    code = "member-not-signed-in"
    message = _("请先用手机号登录，再加入一户。")


class AlreadyMember(Refusal):
    """Facts: number."""

    code = "member-already"
    message = _("您已经是%(number)s户的人了，不用再加入。")
    field = "household"


class UnknownMembership(Refusal):
    """Facts: membership (its id)."""

    code = "member-unknown"
    message = _("没有编号是%(membership)s的成员，或者已经解除。")
    field = "membership"


class ChildMayNot(Refusal):
    code = "member-under-age"
    message = _("这件事要家里的大人来办。")


class WrongCode(Refusal):
    """Also where no household has this number, or no code is open: an outsider learns nothing from the difference."""

    code = "code-wrong"
    message = _("户号或者绑定码不对。绑定码只能用一次，用过了请家里人或者网格员再给一个。")
    field = "code"


class CodeLocked(Refusal):
    """Facts: until (an aware moment), clock (the same as a time of day, where the villages are)."""

    code = "code-locked"
    message = _("这一户的绑定码错得太多，先锁上了，%(clock)s以后再试。也可以请网格员确认。")
    field = "code"


class TooManyTries(Refusal):
    """One source tried too many doors. Facts: until (an aware moment), clock (the same as a time of day)."""

    code = "tries-too-many"
    message = _("试错的次数太多了，%(clock)s以后再试。")


class UnknownClaim(Refusal):
    """Facts: claim (its id)."""

    code = "claim-unknown"
    message = _("没有编号是%(claim)s的申请，或者已经办过了。")
    field = "claim"


class BadClaimName(Refusal):
    code = "claim-name-bad"
    message = _("请写您在户册上的名字，最多60个字。")
    field = "name"


class TooManyClaims(Refusal):
    """Facts: most (open ones, or made within a day)."""

    code = "claims-too-many"
    message = _("同时等着确认的、一天里申请的，都最多%(most)s户。请先等答复。")
    field = "household"


class OwnClaim(Refusal):
    """Nobody confirms themselves, nor for the own household or that of a near relative."""

    code = "claim-own"
    message = _("自己的申请、自己家和近亲属家的申请，请别的网格员或者村干部来确认。")
    field = "claim"


class ResidentHasMember(Refusal):
    """Facts: name."""

    code = "claim-resident-taken"
    message = _("%(name)s已经有登录的账号了。请核对是不是本人；换了手机的，先解除原来的。")
    field = "resident"


class AnswerNeeded(Refusal):
    code = "answer-needed"
    message = _("请写一句为什么，最多%(most)s个字。对方看得到。")
    field = "answer"


class PinOnBehalf(Refusal):
    """Nobody changes a PIN for a household (CONDUCT)."""

    code = "pin-on-behalf"
    message = _("密码只能由这一户自己改，谁也不能代办。忘了密码，可以换一张卡。")


class AccountOnBehalf(Refusal):
    """Nobody who may act on a household's behalf becomes a member of it, unless they live there (CONDUCT)."""

    code = "account-on-behalf"
    message = _("您是替这一户代办的人，不能把这一户绑到自己的手机上。请用代办。")
    field = "household"


class ChoiceOnBehalf(Refusal):
    """Facts: what (in words)."""

    code = "choice-on-behalf"
    message = _("%(what)s，只能由这一户自己来定，谁也不能代办。")


class WeakPin(Refusal):
    """Facts: digits."""

    code = "pin-weak"
    message = _("新密码要%(digits)s位数字，不要太好猜：不要连号、重复的数、年份，也不要用户号。")
    field = "new"


class SamePin(Refusal):
    code = "pin-same"
    message = _("新密码和现在的一样。请换一个。")
    field = "new"


class NoTillPin(Refusal):
    """The card is of before there were two PINs. Facts: number."""

    code = "till-pin-none"
    message = _("%(number)s户的卡还没有兑换密码。请换一张新卡。")
    field = "pin"


class TillLocked(Refusal):
    """Facts: until (an aware moment), clock (the same as a time of day, where the villages are)."""

    code = "till-locked"
    message = _("兑换密码错得太多，先锁上了，%(clock)s以后再试。忘了密码，可以找网格员换卡。")
    field = "pin"


class OwnHelp(Refusal):
    """Facts: number."""

    code = "help-own"
    message = _("您就是%(number)s户的人，不用代办，直接办就行。")
    field = "household"


class AskFirst(Refusal):
    """The household wishes to be asked, and has not agreed yet. Facts: number."""

    code = "help-ask-first"
    message = _("%(number)s户要先同意，才能替它代办。已经问了，等这一户答复。")
    field = "household"


class NotHelping(Refusal):
    """What is done on behalf is done within a visit, which the household sees. Facts: number."""

    code = "help-not-begun"
    message = _("请先选“代办”，进到%(number)s户里再办。")
    field = "household"


class UnknownVisit(Refusal):
    """Facts: visit (its id)."""

    code = "help-unknown"
    message = _("没有编号是%(visit)s的代办，或者已经结束。")
    field = "visit"


class BadHelpReason(Refusal):
    """Facts: most."""

    code = "help-reason-bad"
    message = _("替谁办什么事，最多写%(most)s个字。")
    field = "reason"


class BadRequestText(Refusal):
    """Facts: most."""

    code = "request-text-bad"
    message = _("请说说哪里不对、应该是什么，最多%(most)s个字。")
    field = "text"


class TooManyRequests(Refusal):
    """Facts: most."""

    code = "requests-too-many"
    message = _("已经有%(most)s件等办理。请先等答复，或者撤回一件。")
    field = "text"


class HasCard(Refusal):
    """Facts: number."""

    code = "card-there"
    message = _("%(number)s户有能用的卡。丢了请先停掉，再要新的。")


class UnknownRequest(Refusal):
    """Facts: request (its id)."""

    code = "request-unknown"
    message = _("没有编号是%(request)s的请求，或者已经办过了。")
    field = "request"


class UnknownLanguage(Refusal):
    """Facts: language."""

    code = "language-unknown"
    message = _("没有“%(language)s”这种文字。")
    field = "language"
