"""Households with as many lines as a test wants, in the village of the two months (tests/auditor/month.py)."""

from tests.auditor.month import HUNG, RELEASED, actor, first_line
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.ledger.models import AccountKind, Cause
from xiangyue.ledger.operations.batches import Posting
from xiangyue.ledger.operations.posting import post_lines
from xiangyue.ledger.queries import pool_id
from xiangyue.people.models import Household, Unit
from xiangyue.redemption.models import Good, Shop
from xiangyue.redemption.operations import redeem
from xiangyue.scoring.models import Decision, Deed, NoticeLine, Settlement, Share


def fill(
    village: Unit,
    household: Household,
    *,
    posted: int = 0,
    pending: int = 0,
    orders: int = 0,
    series: int = 0,
) -> None:
    """Give a household lines, posted today and pending, of 50 points each, and let it buy soap.

    series: another one for each time that it is done for one household.
    """
    sheet = first_line(village, RELEASED).sheet
    own = household.pk * 100 + series
    for part, count in ((own * 2, pending), (own * 2 + 1, posted)):
        lines = notice_lines(household, sheet.pk, part, count)
        if part % 2:
            settlement = Settlement.objects.create(sheet=sheet, part=part, settled_at=clock.now())
            assert village.holder_id
            settlement.batch = post_lines(
                posting=Posting(f"fill:{part}", Cause.SETTLEMENT, settlement.pk, SYSTEM, clock.today()),
                pool_id=pool_id(village.holder_id, AccountKind.ISSUED),
                lines=NoticeLine.objects.filter(id__in=lines).values_list(
                    "id", "household__holder_id", "points"
                ),
            )
            settlement.save()
    for number in range(orders):
        redeem(
            actor=actor("仓有余"),
            shop_id=Shop.objects.get().pk,
            household_id=household.pk,
            quantities={Good.objects.earliest("id").pk: 1},
            key=f"fill:{own}:{number}",
        )


def notice_lines(household: Household, sheet_id: int, part: int, count: int) -> list[int]:
    """Put copies of some decided deed on notice; give the lines' ids."""
    decision = Decision.objects.select_related("share__deed").earliest("id")
    deed = decision.share.deed
    kept = {
        field.attname: getattr(deed, field.attname)
        for field in Deed._meta.concrete_fields
        if field.name not in ("id", "public_id", "key")
    }
    deeds = Deed.objects.bulk_create(Deed(**kept, key=f"{part}:{number}") for number in range(count))
    shares = Share.objects.bulk_create(
        Share(deed=each, household=household, points=5000, sentence="因为。") for each in deeds
    )
    lines = NoticeLine.objects.bulk_create(
        NoticeLine(
            sheet_id=sheet_id,
            share=share,
            household=household,
            number=part * 1000 + number,
            points=5000,
            deadline=HUNG,
            part=part,
        )
        for number, share in enumerate(shares)
    )
    return [line.pk for line in lines]
