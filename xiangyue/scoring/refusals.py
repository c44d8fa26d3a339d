"""How scoring says no."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class UnknownDeed(Refusal):
    code = "unknown-deed"
    message = _("没有这件积分事项：%(deed)s。")


class HouseholdMoved(Refusal):
    """It ended, or went to another village, just before the deed was written. Facts: number."""

    code = "household-moved"
    message = _("%(number)s户已经销户、并户，或者刚刚划到别的村。请再看一遍，重新报。")


class DayInFuture(Refusal):
    code = "day-in-future"
    message = _("%(day)s还没到，不能先记。")
    field = "day"


class DayGone(Refusal):
    code = "day-gone"
    message = _("%(day)s已经过了，请另选一天。")
    field = "day"


class NotAJudgingUnit(Refusal):
    code = "not-a-judging-unit"
    message = _("%(unit)s不评议、不张榜：这里由%(level)s来做。")
    field = "unit"


class NoShares(Refusal):
    code = "no-shares"
    message = _("这件事没有写是哪一户的。")
    field = "household"


class ShareRepeated(Refusal):
    code = "share-repeated"
    message = _("同一件事里，%(number)s号户（或者户里的同一个人）写了两次。")
    field = "household"


class SeveralVillages(Refusal):
    code = "several-villages"
    message = _("一件事里的户不在同一个村。各村的，请分开报。")
    field = "household"


class IndicatorNotInForce(Refusal):
    code = "indicator-not-in-force"
    message = _("%(unit)s%(day)s施行的细则里没有这一项“%(title)s”。")
    field = "indicator"


class WrongState(Refusal):
    code = "wrong-state"
    message = _("这件事现在是“%(state)s”，不能%(act)s。")


class PartlyDecided(Refusal):
    code = "partly-decided"
    message = _("这件事里有的户已经评定了，不能%(act)s。")


class OwnHousehold(Refusal):
    code = "own-household"
    message = _("这是您自己家或者近亲属家的事，要由别人来办（回避）。")


class BroughtByActor(Refusal):
    code = "brought-by-actor"
    message = _("这件事是您报的，要由别人来定（回避）。")


class NotTheBringer(Refusal):
    code = "not-the-bringer"
    message = _("只有报这件事的人可以撤回。")


class ReasonMissing(Refusal):
    code = "reason-missing"
    message = _("请写明理由。")
    field = "reason"


class NoQuorum(Refusal):
    code = "no-quorum"
    message = _("%(body)s%(members)s人，到会%(present)s人，不够法定人数（要%(needed)s人）。")
    field = "attendees"


class NotOnCommittee(Refusal):
    code = "not-on-committee"
    message = _("%(names)s不是这里%(body)s的成员。")
    field = "attendees"


class NotASupervisor(Refusal):
    code = "not-a-supervisor"
    message = _("%(names)s不是这里的监督员，不能列席。")
    field = "observers"


class VotesAndWatches(Refusal):
    code = "votes-and-watches"
    message = _("%(names)s这次参加表决，不能同时列席。")
    field = "observers"


class CallExists(Refusal):
    code = "call-exists"
    message = _("%(day)s已经召集过%(body)s了。")
    field = "day"


class UnknownCall(Refusal):
    code = "unknown-call"
    message = _("没有这次召集：%(call)s，或者会已经开过、取消了。")


class AssemblyAwaited(Refusal):
    code = "assembly-awaited"
    message = _("还有%(count)s条等村民代表会议确认，确认了才能张榜。")


class NoAssembly(Refusal):
    code = "no-assembly"
    message = _("这里的评定不用村民代表会议确认。")


class NotASmallMatter(Refusal):
    code = "not-a-small-matter"
    message = _("“%(title)s”要由评议会来定（细则写的是“%(approver)s”），您不能单独评定。")


class VerifiedByActor(Refusal):
    code = "verified-by-actor"
    message = _("这件事是您核实的，要由第三个人来定。")


class AlreadyDecided(Refusal):
    code = "already-decided"
    message = _("第%(share)s号份额已经评定过了。")


class RuledTwice(Refusal):
    code = "ruled-twice"
    message = _("第%(share)s号份额写了两次，只能定一次。")


class VotesImpossible(Refusal):
    code = "votes-impossible"
    message = _("反对%(against)s票不对：能表决的是%(voters)s人。")
    field = "votes_against"


class NotCarried(Refusal):
    code = "not-carried"
    message = _("同意%(votes_for)s票，没有过半（能表决的%(voters)s人），不能算通过。")
    field = "votes_against"


class NotAtMeeting(Refusal):
    code = "not-at-meeting"
    message = _("您没有参加这次评议会，不能记录它的决定。")


class PeriodClosed(Refusal):
    code = "period-closed"
    message = _("%(period)s已经张榜公示，不能再评。请放到下一个月。")
    field = "period"


class NoticeExists(Refusal):
    code = "notice-exists"
    message = _("%(unit)s%(period)s的公示已经张榜。")


class NothingDecided(Refusal):
    code = "nothing-decided"
    message = _("%(unit)s%(period)s还没有评定任何事项，不能张榜。")


class NotNoticeable(Refusal):
    code = "not-noticeable"
    message = _("第%(share)s号份额不是这个村这一期评定通过的，不能公示。")
    field = "share"


class HungAlready(Refusal):
    code = "hung-already"
    message = _("第%(share)s号份额已经公示过了。")
    field = "share"


class OnlyGoodDeeds(Refusal):
    code = "only-good-deeds"
    message = _("第%(share)s号份额没有加分。专项公示只公示加分的好事，扣分等这一期一起公示。")
    field = "share"


class NoNotice(Refusal):
    code = "no-notice"
    message = _("没有找到%(unit)s%(period)s的公示。")


class UnknownLine(Refusal):
    code = "unknown-line"
    message = _("这期公示没有第%(number)s条。")
    field = "line"


class DeadlinePassed(Refusal):
    code = "deadline-passed"
    message = _("提异议的期限是%(deadline)s，已经过了。入账以后可以向镇里申诉。")


class NotOfVillage(Refusal):
    code = "not-of-village"
    message = _("只有本村的户可以提异议。")


class UnknownObjection(Refusal):
    code = "unknown-objection"
    message = _("没有这件异议：%(objection)s。")


class AlreadyAnswered(Refusal):
    code = "already-answered"
    message = _("这件异议已经答复过了。")


class CorrectionMissing(Refusal):
    code = "correction-missing"
    message = _("意见成立，就要写明哪一条改成多少分（改成0就是划掉）。")
    field = "corrections"


class CorrectionOutside(Refusal):
    code = "correction-outside"
    message = _("第%(number)s条不在这件异议说的范围里，或者没有改动。")
    field = "corrections"


class UnknownMeeting(Refusal):
    code = "unknown-meeting"
    message = _("没有第%(meeting)s次会。")


class NoMeeting(Refusal):
    code = "no-meeting"
    message = _("%(unit)s%(period)s还没有开过评议会。")


class UnknownTotal(Refusal):
    code = "unknown-total"
    message = _("这期公示没有%(number)s号户。")
    field = "total"


class NameTooLong(Refusal):
    code = "name-too-long"
    message = _("“%(text)s”太长了，最多%(most)s个字。")


class MinorNotDeducted(Refusal):
    """CONDUCT "Named and refused": a child's fault costs nobody points."""

    code = "minor-not-deducted"
    message = _("“%(title)s”是扣分，不能记在未成年人头上。可以登记帮扶，上门谈心。")
    field = "resident"


class TooManyPhotos(Refusal):
    code = "too-many-photos"
    message = _("照片最多%(most)s张。")
    field = "file"
