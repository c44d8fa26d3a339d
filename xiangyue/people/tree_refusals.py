"""How the tree of units, households, standings and the joining of the scheme say no."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class UnitEnded(Refusal):
    """Facts: name, until (its last day)."""

    code = "unit-ended"
    message = _("%(name)s在%(until)s以后就没有了。")
    field = "unit"


class UnitLivedIn(Refusal):
    """Facts: name, count (of households)."""

    code = "unit-lived-in"
    message = _("%(name)s还有%(count)s户，不能撤。请先把这些户划到别处。")
    field = "unit"


class UnitHasParts(Refusal):
    """Facts: name, parts (names of units below it that go on)."""

    code = "unit-has-parts"
    message = _("%(name)s下面还有%(parts)s，不能撤。请先撤下面的。")
    field = "unit"


class RootStays(Refusal):
    """Facts: name."""

    code = "unit-root-stays"
    message = _("%(name)s是整个辖区，不能撤。")
    field = "unit"


class UnitCodeTooLong(Refusal):
    """Facts: code, most."""

    code = "unit-code-too-long"
    message = _("代码“%(code)s”太长，最多%(most)s位。请用短一点的编号。")
    field = "short"


class DayAhead(Refusal):
    """Facts: day."""

    code = "tree-day-ahead"
    message = _("%(day)s还没到。请到了那一天再办，日子可以往前写。")
    field = "on"


class ChangedSince(Refusal):
    """What happened since would have happened at a place that was not there any more. Facts: last, first."""

    code = "tree-changed-since"
    message = _("这里在%(last)s还有变动，最早只能从%(first)s起。")
    field = "on"


class AlreadyThere(Refusal):
    """Facts: name, place."""

    code = "tree-already-there"
    message = _("%(name)s本来就在%(place)s。")
    field = "to"


class IntoItself(Refusal):
    """Facts: name."""

    code = "unit-into-itself"
    message = _("%(name)s不能划到自己里面。")
    field = "to"


class NumbersClash(Refusal):
    """Facts: village, count, numbers (all that clash)."""

    code = "household-numbers-clash"
    message = _(
        "%(village)s已经有%(count)s个一样的户号：%(numbers)s。请写一个前缀，例如“北-”，加在划过来的户号前面。"
    )
    field = "prefix"


class BadNumber(Refusal):
    """Facts: number, most."""

    code = "household-number-bad"
    message = _("“%(number)s”不能当户号。户号要写，最多%(most)s个字。")
    field = "number"


class NumberTaken(Refusal):
    """Facts: number, village."""

    code = "household-number-taken"
    message = _("%(village)s已经有%(number)s户了。")
    field = "number"


class HouseholdsUnplaced(Refusal):
    """Facts: count, numbers."""

    code = "households-unplaced"
    message = _("有%(count)s户还没有写划到哪里：%(numbers)s。")
    field = "moves"


class HouseholdsNotHere(Refusal):
    """Facts: village, count."""

    code = "households-not-here"
    message = _("有%(count)s户不在%(village)s，或者已经销户。")
    field = "moves"


class PlaceEnding(Refusal):
    """Facts: name."""

    code = "place-ending"
    message = _("%(name)s这次要撤，不能再划户进去。")
    field = "moves"


class HouseholdLeft(Refusal):
    """Facts: number, left_on."""

    code = "household-left"
    message = _("%(number)s户到%(left_on)s为止，已经销户或者并户了。")
    field = "household"


class JustMoved(Refusal):
    """Facts: number."""

    code = "household-just-moved"
    message = _("%(number)s户刚刚有人动过。请看一看现在在哪里，再办一次。")
    field = "household"


class SameHousehold(Refusal):
    code = "same-household"
    message = _("两边是同一户。")
    field = "into"


class OneHead(Refusal):
    """Facts: count."""

    code = "household-one-head"
    message = _("一户要有一个户主，这里写了%(count)s个。")
    field = "members"


class HeadStays(Refusal):
    """Facts: name."""

    code = "household-head-stays"
    message = _("%(name)s是户主。请先换户主，再分户。")
    field = "members"


class NobodyStays(Refusal):
    code = "household-nobody-stays"
    message = _("原来的户里要留人，分出去的户里也要有人。")
    field = "members"


class UnknownMember(Refusal):
    """Facts: number, count."""

    code = "household-unknown-member"
    message = _("有%(count)s个人不在%(number)s户里，或者已经不在村里。")
    field = "members"


class BadAddress(Refusal):
    """Facts: most."""

    code = "household-address-too-long"
    message = _("地址太长，最多%(most)s个字。")
    field = "address"


class BadTag(Refusal):
    """Facts: tag, most."""

    code = "household-tag-bad"
    message = _("“%(tag)s”不能当标签。标签要写，最多%(most)s个字，里面不用顿号和逗号。")
    field = "tags"


class SensitiveTag(Refusal):
    """Facts: tag."""

    code = "household-tag-sensitive"
    message = _(
        "标签不能写贫困、疾病这些事（“%(tag)s”）。要帮扶的，请记在村民的困难情况里，只有经办人看得到。"
    )
    field = "tags"


class NotAJudgingUnit(Refusal):
    """Facts: name, level (at which this scheme judges, in words)."""

    code = "unit-not-judging"
    message = _("%(name)s不是评议单位。这里由%(level)s评议。")
    field = "unit"


class JoiningNotNext(Refusal):
    """Facts: name, joining, wanted (both in words)."""

    code = "joining-not-next"
    message = _("%(name)s现在是“%(joining)s”，不能改成“%(wanted)s”。先试点，再示范，验收以后才算加入。")
    field = "joining"


class BasisMissing(Refusal):
    code = "basis-missing"
    message = _("请写明依据，最多200个字，例如“2026年10月验收会议纪要”。")
    field = "basis"


class NotAdmitted(Refusal):
    """Facts: unit, joining (in words)."""

    code = "unit-not-admitted"
    message = _("%(unit)s现在是“%(joining)s”，验收以后才能发分。")
    field = "unit"


class BadStandingName(Refusal):
    """Facts: name, most."""

    code = "standing-name-bad"
    message = _("“%(name)s”不能用。名称要写，最多%(most)s个字，例如“红榜”。")
    field = "name"


class PenaltyNeedsEnd(Refusal):
    code = "standing-needs-end"
    message = _("处分要写到哪一天为止，到期自动解除。")
    field = "until"


class StandingBackwards(Refusal):
    """Facts: since, until."""

    code = "standing-backwards"
    message = _("到%(until)s为止，比开始的%(since)s还早。")
    field = "until"


class StandingHolds(Refusal):
    """Facts: number, name, since."""

    code = "standing-holds"
    message = _("%(number)s户从%(since)s起已经有“%(name)s”了。")
    field = "name"


class UnknownStanding(Refusal):
    """Facts: standing (its id)."""

    code = "standing-unknown"
    message = _("没有编号是%(standing)s的红黄榜记录。")
    field = "standing"


class StandingOver(Refusal):
    """Facts: name, last (the last day on which it held)."""

    code = "standing-over"
    message = _("“%(name)s”到%(last)s为止，已经解除了。")
    field = "standing"
