"""The example village: real units, invented people. `example load` takes it through a month, by the same operations
that everyone uses; `example files` writes the sheets of the guide (docs/month.md)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

from django_tenants.utils import schema_context

from xiangyue.catalogue.operations.deliberating import Count, record_vote
from xiangyue.catalogue.operations.enacting import enact
from xiangyue.catalogue.operations.importing import import_catalogue
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Household, Unit
from xiangyue.people.operations.roster import import_roster
from xiangyue.people.queries import household_by_number
from xiangyue.redemption.models import Good, Shop
from xiangyue.redemption.operations import Delivery, open_shop, receive_goods, redeem
from xiangyue.scoring.deed_sheet import read_deeds
from xiangyue.scoring.models import Meeting, Source, Verdict
from xiangyue.scoring.operations.bringing import bring_deeds
from xiangyue.scoring.operations.meetings import Ruling, decide_deeds, hold_meeting
from xiangyue.scoring.operations.notices import issue_notice
from xiangyue.scoring.operations.review import verifiable_by, verify_deeds
from xiangyue.scoring.operations.settlement import settle_due
from xiangyue.scoring.queries import decidable_by
from xiangyue.setup.example.deeds import deeds_workbook
from xiangyue.setup.example.people import Shown, kept_shown, make_shown
from xiangyue.setup.example.roster import roster_workbook
from xiangyue.setup.operations import ADMIN_LOGIN, found_jurisdiction
from xiangyue.setup.phones import set_phones
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.tenancy.upgrades import upgrade_shared
from xiangyue.users.queries import user_by_login

SLUG, HOST, TOWN, VILLAGE = "cangcheng", "cangcheng.localhost", "440783104", "440783104220"
HOUSEHOLD = "018"  # 田禾生's, whose card the example shows
GUIDE_PERIOD = Period(2026, 10)  # of the guide's sheets
STEPS = 6
VOTE = Count(held_on=GUIDE_PERIOD.first, eligible=62, present=41, votes_for=38, votes_against=1, abstained=2)

# Goods and prices as a village published them (luoyu; see the presets' sources).
GOODS = (
    Delivery("洗衣液", "2千克", 2000, 48),
    Delivery("挂面礼包", "", 3000, 36),
    Delivery("香皂套装", "", 2500, 60),
    Delivery("茶苗", "5株", 5000, 20),
    Delivery("运动水壶", "", 6000, 15),
    Delivery("运动背包", "", 12000, 8),
)


@dataclass(frozen=True)
class Loaded:
    """What `example load` found or made. shown: as whom one may try it, the guide's household first."""

    is_new: bool
    shown: list[Shown]
    slug: str = SLUG

    @property
    def cards(self) -> list[dict[str, str]]:
        """Path and PIN of the guide's household."""
        return [{"household": HOUSEHOLD, "path": each.path, "pin": each.pin} for each in self.shown[:1]]


def example_files() -> dict[str, bytes]:
    """Give the files of the guide by name: roster, catalogue, the minutes of its vote, and a month's deeds."""
    roster = roster_workbook()
    return {
        "roster.xlsx": roster,
        "catalogue.csv": (resources.files(__name__) / "catalogue.csv").read_bytes(),
        "minutes.txt": (resources.files(__name__) / "minutes.txt").read_bytes(),
        "deeds.xlsx": deeds_workbook(GUIDE_PERIOD, roster),
    }


def copy_example_files(folder: Path) -> list[Path]:
    """Write the guide's sheets into a folder; give their places."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in example_files().items():
        (folder / name).write_bytes(content)
        written.append(folder / name)
    return written


def load_example(*, advance: Callable[[int], None] = lambda step: None) -> Loaded:
    """Found the example jurisdiction and take its village through last month, unless it is there already.

    Two months end up in it: one settled, with goods redeemed, and one whose notice is open today.
    """
    upgrade_shared()
    if Jurisdiction.objects.filter(slug=SLUG).exists():
        return Loaded(is_new=False, shown=kept_shown())
    today = clock.today()
    noticed = _before(Period.of(today))
    settled = _before(noticed)
    with clock.as_of(settled.first):
        jurisdiction = found_jurisdiction(slug=SLUG, division_code=TOWN, preset=SLUG, host=HOST)
    advance(1)
    with schema_context(jurisdiction.schema_name):
        village = Unit.objects.get(code=VILLAGE)
        with clock.as_of(settled.first):
            _people_and_rules(village)
            set_phones(actor=_as(ADMIN_LOGIN), village=village)
        advance(2)
        _judge(village, settled, meets_on=noticed.first)
        _notice(village, settled, on=noticed.first + timedelta(days=1))
        advance(3)
        _settle(village, on=noticed.first + timedelta(days=7))
        _redeem(village, on=noticed.first + timedelta(days=9))
        advance(4)
        _judge(village, noticed, meets_on=today - timedelta(days=1))
        _notice(village, noticed, on=today - timedelta(days=1))
        advance(5)
        shown = make_shown(village, _as(ADMIN_LOGIN))
    advance(STEPS)
    return Loaded(is_new=True, shown=shown)


def _people_and_rules(village: Unit) -> None:
    files, admin = example_files(), _as(ADMIN_LOGIN)
    import_roster(actor=admin, village_id=village.pk, content=files["roster.xlsx"], name="roster.xlsx")
    draft = import_catalogue(
        actor=admin, unit_id=village.pk, content=files["catalogue.csv"], name="大罗村积分细则.csv"
    )
    assert draft.catalogue_id is not None
    record_vote(
        actor=admin,
        catalogue_id=draft.catalogue_id,
        count=replace(VOTE, held_on=clock.today()),
        minutes=("minutes.txt", files["minutes.txt"]),
    )
    enact(actor=admin, catalogue_id=draft.catalogue_id, on=clock.today())


def _judge(village: Unit, period: Period, *, meets_on: date) -> None:
    """Bring, verify and decide a month's deeds, each step by those whose step it is."""
    sheet = deeds_workbook(period, roster_workbook())
    with clock.as_of(period.last):
        deeds = read_deeds(village, sheet, "deeds.xlsx", key=f"example:{period}")
        bring_deeds(actor=_as("茶山青"), deeds=deeds, source=Source.SHEET)
        for login in ("山有根", "林水长", "桑叶青", "柳成荫"):
            verify_deeds(actor=_as(login), deed_ids=verifiable_by(_as(login), village))
    with clock.as_of(meets_on):
        committee = ("松如海", "柏长青", "荷田田", "方田亩", "井水甜", "何稻香")
        meeting = hold_meeting(
            actor=_as("柳成荫"),
            unit_id=village.pk,
            period=period,
            held_on=meets_on,
            attendee_ids=[user_by_login(login).pk for login in committee],
            key=f"example:{period}",
        )
        for login in committee[:2]:  # the second decides what the first has to leave to others
            _approve_all(_as(login), village, meeting)


def _approve_all(actor: Actor, village: Unit, meeting: Meeting) -> None:
    rulings = [Ruling(share_id, Verdict.APPROVE) for share_id in decidable_by(actor, village)]
    decide_deeds(actor=actor, meeting_id=meeting.pk, rulings=rulings)


def _notice(village: Unit, period: Period, *, on: date) -> None:
    with clock.as_of(on):
        issue_notice(actor=_as("柳成荫"), unit_id=village.pk, period=period)


def _settle(village: Unit, *, on: date) -> None:
    with clock.as_of(on):
        settle_due(actor=_as("柳成荫"), unit_id=village.pk)


def _redeem(village: Unit, *, on: date) -> None:
    with clock.as_of(on):
        shop = open_shop(actor=_as(ADMIN_LOGIN), unit_id=village.pk, name=f"{village.name}积分超市")
        goods = receive_goods(actor=_as(ADMIN_LOGIN), shop_id=shop.pk, deliveries=GOODS, key="example")
        _sell(shop, household_by_number(village=village, number=HOUSEHOLD), goods[0])
        _sell(shop, household_by_number(village=village, number="004"), goods[2])


def _sell(shop: Shop, household: Household, good: Good) -> None:
    redeem(
        actor=_as("仓有余"),
        shop_id=shop.pk,
        household_id=household.pk,
        quantities={good.pk: 1},
        key=f"example:{household.number}",
    )


def _as(login: str) -> Actor:
    return Actor.user(user_by_login(login).pk)


def _before(period: Period) -> Period:
    return Period.of(period.first - timedelta(days=1))
