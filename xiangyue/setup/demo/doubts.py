"""Objections in the demo: households doubt a line, by their card or on paper, and the supervision group answers."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from xiangyue.kernel.actors import Actor
from xiangyue.people.offices import Office
from xiangyue.scoring.models import Notice, NoticeLine, Objection, ObjectionState, ObjectionWay
from xiangyue.scoring.operations.objections import dismiss_objection, lodge_objection, uphold_objection
from xiangyue.scoring.queries import current_lines, objections_to
from xiangyue.scoring.refusals import BroughtByActor, OwnHousehold
from xiangyue.setup.demo.cast import Cast

DEDUCTIONS_DOUBTED, AWARDS_DOUBTED = 0.35, 0.3  # of deductions, of notices
MOST: Final = 3  # objections of a month
MINE: Final = ("那天我不在村里，不是我家", "已经清走了，检查的时候没来看", "门前那堆料是修路队的")
THEIRS: Final = ("那天我也在，没有看见他家来人", "他家只来了半天", "这件事上个月报过了")
STANDS: Final = "签到表上有签名，同去的人也记得，不改"
FALLS: Final = "看了照片，问了在场的人，意见成立"


@dataclass(frozen=True)
class Doubts:
    """The objections to one notice. name: for their keys."""

    cast: Cast
    notice: Notice
    name: str
    chance: random.Random

    def lodge(self) -> None:
        """Let households object: some to their own deductions, and one, if nobody did, to what another got."""
        lines = list(current_lines(self.notice).select_related("household"))
        own = [line for line in lines if line.points < 0 and self.chance.random() < DEDUCTIONS_DOUBTED]
        awards = [line for line in lines if line.points > 0]
        chosen = own[: MOST - 1]
        if awards and (not chosen or self.chance.random() < AWARDS_DOUBTED):
            chosen.append(self.chance.choice(awards))
        for line in chosen:
            self._lodge(line)

    def answer(self) -> None:
        """Let supervisors answer, each what does not concern them; every other objection is upheld."""
        supervisors = self.cast.all(Office.SUPERVISOR)
        waiting = objections_to(self.notice).filter(state=ObjectionState.OPEN)
        for place, objection in enumerate(waiting, start=int(self.notice.period[-2:])):
            self._answer(objection, supervisors, upheld=bool(place % 2))

    def _lodge(self, line: NoticeLine) -> Objection:
        """Lodge one: to one's own line by card, to another's by the leader who writes it down, or by card as well."""
        others = [each for each in self.cast.households if each.pk != line.household_id]
        household_id = line.household_id if line.points < 0 else self.chance.choice(others).pk
        return lodge_objection(
            actor=Actor.card(household_id),
            target=line,
            household_id=household_id,
            text=self.chance.choice(MINE if line.points < 0 else THEIRS),
            way=ObjectionWay.CARD,
            key=f"{self.name}:objection:{line.number}",
        )

    def _answer(self, objection: Objection, supervisors: Sequence[Actor], *, upheld: bool) -> None:
        line = objection.line
        assert line is not None  # here all objections are to lines
        for supervisor in supervisors:
            try:
                if upheld:
                    uphold_objection(
                        actor=supervisor,
                        objection_id=objection.pk,
                        answer=FALLS,
                        corrections={line.number: 0},
                    )
                else:
                    dismiss_objection(actor=supervisor, objection_id=objection.pk, answer=STANDS)
            except (OwnHousehold, BroughtByActor):
                continue  # it concerns this one; the next answers
            return
