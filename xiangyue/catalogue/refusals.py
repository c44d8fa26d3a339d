"""How the catalogue's room says no."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiangyue.catalogue.guards.finding import Finding
from xiangyue.catalogue.rules.changes import bounds_on
from xiangyue.catalogue.rules.local import Beyond, LocalBounds
from xiangyue.catalogue.rules.tariffs import change_text, tariff
from xiangyue.kernel.refusals import Refusal


class NoCatalogueInForce(Refusal):
    code = "no-catalogue-in-force"
    message = _("%(unit)s在%(day)s还没有施行的积分细则。")


class NoDraft(Refusal):
    code = "no-draft"
    message = _("%(unit)s没有还没施行的积分细则草案。请先导入。")


class NoFrame(Refusal):
    code = "no-frame"
    message = _("%(unit)s上面还没有施行的积分细则，不能只添自己的几项。")


class NoOwnCatalogue(Refusal):
    code = "no-own-catalogue"
    message = _("%(unit)s在%(day)s没有自己添的、改的，全照上面的细则。")


class UnknownCatalogue(Refusal):
    code = "unknown-catalogue"
    message = _("没有第%(catalogue)s号细则。")


class UnknownIndicator(Refusal):
    code = "unknown-indicator"
    message = _("《%(catalogue)s》里没有“%(text)s”这一项。请写编号，或一字不差地写指标的名称。")
    field = "indicator"


class AmbiguousIndicator(Refusal):
    code = "ambiguous-indicator"
    message = _("《%(catalogue)s》里有几项都叫“%(text)s”，编号是%(numbers)s。请写编号。")
    field = "indicator"


class NotADraft(Refusal):
    code = "not-a-draft"
    message = _("《%(catalogue)s》现在是“%(state)s”，不能再这样办。")


class NotAdopted(Refusal):
    code = "catalogue-not-adopted"
    message = _("《%(catalogue)s》现在是“%(state)s”，还没有表决通过，不能施行。请先记下表决结果和会议记录。")


class NotInForce(Refusal):
    code = "catalogue-not-in-force"
    message = _("《%(catalogue)s》现在是“%(state)s”，没有施行过，没有什么可以复查。")


class EmptyCatalogue(Refusal):
    code = "empty-catalogue"
    message = _("《%(catalogue)s》里一项指标也没有，不能施行。")


class NotAfterPresent(Refusal):
    code = "not-after-present-catalogue"
    message = _("现在的《%(catalogue)s》从%(since)s起施行，新细则要晚于这一天，%(on)s不行。")
    field = "on"


class NotDeliberated(Refusal):
    code = "not-deliberated"
    message = _("《%(catalogue)s》现在是“%(state)s”，没有在征求意见。")


class DeliberationOver(Refusal):
    code = "deliberation-over"
    message = _("《%(catalogue)s》征求意见到%(until)s为止，已经过了。")
    field = "until"


class TextMissing(Refusal):
    code = "text-missing"
    message = _("请写几句话，最多%(most)s个字。")
    field = "text"


class UnknownFeedback(Refusal):
    code = "unknown-feedback"
    message = _("没有第%(feedback)s号意见。")


class AlreadyAnswered(Refusal):
    code = "feedback-answered"
    message = _("第%(feedback)s号意见已经答复过了。")


class FeedbackOpen(Refusal):
    code = "feedback-open"
    message = _("《%(catalogue)s》还有%(count)s条意见没有答复，先答复再表决。")


class TooEarlyToVote(Refusal):
    code = "too-early-to-vote"
    message = _("%(on)s还不能表决：要等征求意见结束，也不能写还没到的日子。")
    field = "held_on"


class VotesDoNotAddUp(Refusal):
    code = "votes-do-not-add-up"
    message = _("票数对不上：应到%(eligible)s人，实到%(present)s人，赞成、反对、弃权一共%(votes)s票。")
    field = "votes"


class NothingToClear(Refusal):
    code = "nothing-to-clear"
    message = _("《%(catalogue)s》第%(number)s项没有“%(code)s”这样的疑问，或者不是可以放行的。")


class AlreadyCleared(Refusal):
    code = "question-cleared"
    message = _("《%(catalogue)s》第%(number)s项的这个疑问已经放行过了。")


class LocalNumberTaken(Refusal):
    code = "local-number-taken"
    message = _(
        "第%(number)s项“%(title)s”的编号或名称在《%(frame)s》里已经有了。自己添的，请换一个；"
        "要改它的分，编号和名称都照《%(frame)s》写。"
    )


class NumberTakenBetween(Refusal):
    """A unit between the frame and this one has an item of its own of that number or title."""

    code = "number-taken-between"
    message = _("第%(number)s项“%(title)s”的编号或名称在%(unit)s的《%(catalogue)s》里已经有了，请换一个。")


class FrameReplaced(Refusal):
    """A draft changes points of a frame that is not the one in force on the day."""

    code = "frame-replaced"
    message = _(
        "第%(number)s项“%(title)s”改的是《%(old)s》的分，%(on)s起上面施行的是《%(frame)s》。请照它重新导入、表决。"
    )


class DayNotYet(Refusal):
    code = "day-not-yet"
    message = _("%(on)s还没到。")
    field = "on"


class AlreadyReviewed(Refusal):
    code = "quarter-reviewed"
    message = _("《%(catalogue)s》从%(quarter)s起的这一季已经复查过了。")


class CatalogueForbidden(Refusal):
    """What CONDUCT forbids, and what it demands; each has its clause, and its lawful substitute.

    `findings` has them all; facts: count, first.
    """

    code = "catalogue-forbidden"
    message = _("有%(count)s处不能施行。先看这一处：%(first)s")

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        super().__init__(count=len(self.findings), first=told(self.findings[0]))

    def as_dict(self) -> dict[str, Any]:
        """Give the refusal as plain data, with every finding."""
        return {**super().as_dict(), "findings": [finding_as_dict(found) for found in self.findings]}


class BeyondFrame(Refusal):
    """Own items or changed points break the bounds of the frame above them. `beyond` has every bound that is broken.

    Facts: frame, count, first.
    """

    code = "beyond-frame"
    message = _("《%(frame)s》不许这样添、这样改：%(first)s")

    def __init__(self, frame: object, beyond: Sequence[Beyond], bounds: LocalBounds) -> None:
        self.beyond = list(beyond)
        super().__init__(frame=str(frame), count=len(beyond), first=_beyond_text(beyond[0], bounds))


def told(found: Finding) -> str:
    """Tell one finding in a line: where it is, what is wrong, by which clause, what would be lawful."""
    facts = {
        "number": found.item.number if found.item else "",
        "title": found.item.title if found.item else "",
        "reason": found.reason,
        "clause": found.clause,
        "instead": found.instead,
    }
    if found.item is None:
        return str(_("%(reason)s（%(clause)s）%(instead)s")) % facts
    return str(_("第%(number)s项“%(title)s”：%(reason)s（%(clause)s）%(instead)s")) % facts


def finding_as_dict(found: Finding) -> dict[str, str]:
    """Give a finding as plain data."""
    return {
        "number": found.item.number if found.item else "",
        "title": found.item.title if found.item else "",
        "code": found.code,
        "weight": found.weight.value,
        "clause": str(found.clause),
        "field": found.field,
        "words": found.words,
        "reason": str(found.reason),
        "instead": str(found.instead),
    }


def _beyond_text(beyond: Beyond, bounds: LocalBounds) -> str:
    item = beyond.item
    text = {
        "too-many-awards": str(_("加分项太多了，从第%(number)s项“%(title)s”起就多了")),
        "too-many-deductions": str(_("扣分项太多了，从第%(number)s项“%(title)s”起就多了")),
        "too-many-points": str(_("第%(number)s项“%(title)s”一次的分太多，或者没有封顶")),
        "outside-purpose": str(_("第%(number)s项“%(title)s”不在许可的板块里")),
        "points-not-changeable": str(_("第%(number)s项“%(title)s”的分不能改")),
        "changes-more-than-points": str(
            _("第%(number)s项“%(title)s”只能改分，不能改怎么算；上面定的是%(frame)s")
        ),
        "points-changed-too-far": str(
            _("第%(number)s项“%(title)s”的分改得太多，上面定的是%(frame)s，%(bounds)s")
        ),
    }[beyond.code]
    frame = tariff(item.frame.worth, item.direction, item.unit) if item.frame else ""
    allowed = bounds_on(item, bounds.changes)
    return text % {
        "number": item.number,
        "title": item.title,
        "frame": frame,
        "bounds": change_text(allowed) if allowed else "",
    }
