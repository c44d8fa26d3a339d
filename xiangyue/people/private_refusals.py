"""How the people's room says no where one person's data are concerned."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class SealBroken(Refusal):
    """What was sealed does not open: it was sealed with another key, in another county, or changed since."""

    code = "sealed-data-broken"
    message = _("有一条加密的资料打不开：密钥不对，或者资料被改过。请找管理员核对密钥文件。")


class NoSuchResident(Refusal):
    """Also for one whose data were erased. Facts: resident (the id)."""

    code = "resident-none"
    message = _("没有编号是%(resident)s的人，或者资料已经删除。")
    field = "resident"


class BadResidentName(Refusal):
    code = "resident-name-bad"
    message = _("名字要写，最多60个字。")
    field = "name"


class ResidentRepeated(Refusal):
    """Two of one name in one household could not be told apart. Facts: name, number."""

    code = "resident-repeated"
    message = _("%(number)s户已经有叫“%(name)s”的人了。")
    field = "name"


class HeadThere(Refusal):
    """Facts: number."""

    code = "head-there"
    message = _("%(number)s户已经有户主了。要换户主，请用“换户主”。")
    field = "relation"


class HeadNeeded(Refusal):
    """Facts: number."""

    code = "head-needed"
    message = _("他是%(number)s户的户主。请先定好新户主，原户主跟着就改了。")
    field = "relation"


class IdNumbersNotKept(Refusal):
    code = "id-numbers-not-kept"
    message = _("这里不收身份证号。要收，得由主管部门决定，再在设置里打开。")
    field = "id_number"


class BadIdNumber(Refusal):
    """Facts: problem (its code), why (in words)."""

    code = "id-number-bad"
    message = _("身份证号不对：%(why)s。")
    field = "id_number"


class IdNumberTaken(Refusal):
    """Whose it is, is not told: it may be somebody of a village that the asker may not look into."""

    code = "id-number-taken"
    message = _("这个身份证号已经登记给别人了。请核对。")
    field = "id_number"


class BornDiffers(Refusal):
    code = "born-differs"
    message = _("出生日期和身份证号上的不一样。")
    field = "born"


class BadPhoneNumber(Refusal):
    """Facts: problem (its code), why (in words)."""

    code = "phone-bad"
    message = _("电话号码不对：%(why)s。")
    field = "phone"


class DayToCome(Refusal):
    """Facts: day."""

    code = "day-to-come"
    message = _("%(day)s还没到。")
    field = "on"


class AlreadyLeft(Refusal):
    """Facts: left_on."""

    code = "resident-left"
    message = _("他在%(left_on)s就已经不在册了。")
    field = "resident"


class NotLeft(Refusal):
    code = "resident-not-left"
    message = _("他还在册，不用恢复。")
    field = "resident"


class ReasonNeeded(Refusal):
    code = "people-reason-needed"
    message = _("请写一句为什么。")
    field = "reason"


class TermBackwards(Refusal):
    """Facts: since, until."""

    code = "term-backwards"
    message = _("到%(until)s为止，比开始的%(since)s还早。")
    field = "until"


class KinToSelf(Refusal):
    code = "kin-to-self"
    message = _("一个人不能登记成自己的亲属。")
    field = "other"


class KinRegistered(Refusal):
    code = "kin-registered"
    message = _("这两个人已经登记为近亲属了。")
    field = "other"


class UnknownKinship(Refusal):
    """Facts: kinship (its id)."""

    code = "kinship-unknown"
    message = _("没有编号是%(kinship)s的亲属关系，或者已经结束。")
    field = "kinship"


class NotAMentor(Refusal):
    code = "mentor-unfit"
    message = _("包户的人要是党员，或者有职务，而且没有停用。")
    field = "mentor"


class OwnMentor(Refusal):
    code = "mentor-of-own-household"
    message = _("不能包自己家这一户。")
    field = "mentor"


class MentorThere(Refusal):
    """Facts: number."""

    code = "mentor-there"
    message = _("他已经在包%(number)s户了。")
    field = "mentor"


class UnknownMentorship(Refusal):
    """Facts: mentorship (its id)."""

    code = "mentorship-unknown"
    message = _("没有编号是%(mentorship)s的包户关系，或者已经结束。")
    field = "mentorship"


class BadContribution(Refusal):
    code = "contribution-bad"
    message = _("请写明贡献了什么，最多200个字；钱款要写金额，别的不写金额。")
    field = "what"


class UnknownContribution(Refusal):
    """Facts: contribution (its id)."""

    code = "contribution-unknown"
    message = _("没有编号是%(contribution)s的贡献记录。")
    field = "contribution"


class ConsentOnBehalf(Refusal):
    """Nobody consents, or takes a consent back, for another household (CONDUCT)."""

    code = "consent-on-behalf"
    message = _("同不同意，只能由这一户自己来定，谁也不能代办。")
    field = "household"


class BadConsent(Refusal):
    code = "consent-bad"
    message = _("请写明给谁、做什么用，到哪一天为止。这一天不能已经过去，最长三年。")
    field = "until"


class UnknownConsent(Refusal):
    """Facts: consent (its id)."""

    code = "consent-unknown"
    message = _("没有编号是%(consent)s的同意书，或者已经收回。")
    field = "consent"


class NoConsent(Refusal):
    """Facts: receiver, households (how many have not consented)."""

    code = "consent-none"
    message = _("有%(households)s户没有同意把积分给%(receiver)s，或者同意书过期了、收回了。")
    field = "receiver"


class UnknownCircumstance(Refusal):
    """Facts: circumstance (its id)."""

    code = "circumstance-unknown"
    message = _("没有编号是%(circumstance)s的困难情况，或者已经结束。")
    field = "circumstance"


class NothingToSearch(Refusal):
    code = "search-empty"
    message = _("请写要找的名字、拼音、户号，或者电话、身份证的后四位。")
    field = "text"


class StillInOffice(Refusal):
    code = "erase-still-in-office"
    message = _("他还有任职。请先免职，再删除资料。")
    field = "resident"
