"""What deeds would be worth if they were decided today, before anybody brings them: limits as a warning (DOMAIN §3).

Nothing is written, and nothing rolled back: it is the judging of `judging` over what is decided already.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from xiangyue.catalogue.rules.judgement import Judgement
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.scoring.facts import columns_of
from xiangyue.scoring.judging import judge_ahead, sentence_of
from xiangyue.scoring.models import Deed, Share, Source
from xiangyue.scoring.preparing import NewDeed, NewShare, Prepared, prepared
from xiangyue.scoring.sources import require_may_bring


@dataclass(frozen=True)
class Foreseen:
    """What one share would be worth.

    points, asked: signed centipoints with and without limits. sentence: why; empty where the meeting has to say how
    much, and points is None. limited: whether any limit worked, one on the amount too.
    """

    deed: NewDeed
    share: NewShare
    points: int | None = None
    asked: int | None = None
    sentence: str = ""
    limited: bool = False

    @property
    def is_cut(self) -> bool:
        """Whether limits, or another item for the same fact, would leave less than was asked."""
        return self.points != self.asked


def foresee(*, actor: Actor, deeds: Sequence[NewDeed], source: Source) -> list[Foreseen]:
    """Say what each share of some deeds would be worth today, in their order, after what is decided already.

    Who asks is somebody who may bring them, since the answer tells what households have earned; shares that follow
    from the one who is named are among them. Deeds that wait to be decided are not counted, and what was brought
    before under the same key is left out. In a number of queries that doesn't grow with the deeds.
    Raises: as `bring_deeds`, but for evidence.
    """
    known = set(Deed.objects.filter(key__in=[deed.key for deed in deeds]).values_list("key", flat=True))
    ahead = prepared([deed for deed in deeds if deed.key not in known])
    require_may_bring(actor, source, ahead.households, ahead.claims)
    shares = [(deed, share) for deed in ahead.deeds for share in deed.shares]
    judged = judge_ahead(unsaved(ahead))
    return [
        _foreseen(deed, share, judged.get(share_id))
        for share_id, (deed, share) in enumerate(shares, start=-len(shares))
    ]


def foresee_brought(deed: Deed) -> dict[int, Judgement]:
    """Say what each share of a deed that is brought and not decided would be worth today, by id.

    For whoever is shown the deed anyway. Nothing where the meeting has to say how much, or where what was said of it
    does not fit any more. deed: with its unit and its indicator's category and catalogue.
    """
    shares = list(deed.shares.select_related("household", "resident", "like").order_by("id"))
    for share in shares:
        share.deed = deed
    try:
        return judge_ahead(shares)
    except Refusal:
        return {}


def _foreseen(deed: NewDeed, share: NewShare, judgement: Judgement | None) -> Foreseen:
    if judgement is None:
        return Foreseen(deed, share)
    return Foreseen(
        deed, share, judgement.points, judgement.before_limits, sentence_of(judgement), bool(judgement.cuts)
    )


def unsaved(ahead: Prepared) -> list[Share]:
    """Give shares that will never be saved; their ids are negative, so that no row has them, and keep the order."""
    count = sum(len(deed.shares) for deed in ahead.deeds)
    made: list[Share] = []
    for place, deed in enumerate(ahead.deeds, start=-len(ahead.deeds)):
        row = Deed(
            id=place,
            unit=ahead.judging_of(deed),
            indicator=deed.indicator,
            day=deed.day,
            activity=deed.activity,
            fact=deed.fact,
        )
        for share in deed.shares:
            columns = columns_of(share.given)
            made.append(
                Share(
                    id=len(made) - count,
                    deed=row,
                    household=share.household,
                    resident=share.resident,
                    **columns,
                )
            )
    return made
