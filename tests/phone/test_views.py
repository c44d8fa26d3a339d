import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.scoring.cast import (
    AFTER,
    LABOUR,
    RUBBISH,
    SWEEPING,
    VOLUNTEERING,
    a_deed,
    balance,
    bring,
    noticed,
    settled,
    verified,
)
from tests.web import Visitor, sheet_of, told_names
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.periods import Period
from xiangyue.kernel.points import format_points
from xiangyue.people.models import Resident
from xiangyue.people.operations.cards import issue_card, revoke_card
from xiangyue.redemption.models import Order
from xiangyue.redemption.operations import Delivery, open_shop, receive_goods, redeem
from xiangyue.scoring.models import Notice, NoticeLine, Objection, Source
from xiangyue.scoring.operations.appeals import ReversalReason, reverse_posting
from xiangyue.scoring.operations.bringing import NewDeed
from xiangyue.scoring.operations.objections import lodge_objection, uphold_objection
from xiangyue.scoring.operations.review import return_deed
from xiangyue.tenancy.models import Jurisdiction

PAGES = ("/my/home/", "/my/ledger/", "/my/object/")
TITLE = re.compile(r'<p class="t">([^<]+)</p>')
SEPTEMBER = Period(2026, 9)


@pytest.fixture
def history(cast: Cast) -> None:
    """What 018 did in September is posted on 10月8日: a gain and a loss, and then it bought a towel."""
    with clock.as_of(date(2026, 10, 3)):
        deeds = [a_deed(cast.village, "018", of=of, day=date(2026, 9, 12)) for of in (VOLUNTEERING, RUBBISH)]
        deeds += [a_deed(cast.village, "018", day=date(2026, 9, day)) for day in (2, 5)]
        noticed(cast.village, *deeds, period=SEPTEMBER)
    settled(cast.village, on=date(2026, 10, 8))
    with clock.as_of(date(2026, 10, 9)):
        buy(cast, _018=1)


def buy(cast: Cast, **sales: int) -> None:
    """Sell towels at one point each: how many to which household, as `_018=2`, one after another."""
    shop = open_shop(actor=SYSTEM, unit_id=cast.village.pk, name="联和村积分超市")
    (towel,) = receive_goods(
        actor=SYSTEM, shop_id=shop.pk, deliveries=[Delivery("毛巾", "", 100, 99)], key="towels"
    )
    for number, count in sales.items():
        for sale in range(count):
            redeem(
                actor=SYSTEM,
                shop_id=shop.pk,
                household_id=cast.household(number[1:]).pk,
                quantities={towel.pk: 1},
                key=f"{number} {sale}",
            )


def titles(page: str) -> list[str]:
    return TITLE.findall(page)


def queries(visitor: Visitor, path: str) -> int:
    """Count a page's queries, once it is known whose the host is."""
    visitor.read(path)
    with CaptureQueriesContext(connection) as caught:
        visitor.read(path)
    return len(caught)


# Who comes in


@pytest.mark.parametrize("path", PAGES)
def test_without_a_card_one_is_led_to_the_door(outsider: Visitor, path: str) -> None:
    assert outsider.get(path)["Location"] == f"/sign-in/?next={path}"


@pytest.mark.parametrize("path", PAGES)
def test_own_pages_name_nobody_else_and_are_kept_nowhere(
    cast: Cast, villager: Visitor, history: None, notice: Notice, path: str
) -> None:
    response = villager.get(path)
    assert response["Cache-Control"] == "no-store"
    ours = Resident.objects.filter(household=cast.household("018")).values_list("name", flat=True)
    assert set(told_names(response.content.decode())) <= set(ours)


def test_a_revoked_card_ends_the_session(cast: Cast, villager: Visitor, notice: Notice) -> None:
    revoke_card(actor=SYSTEM, household_id=cast.household("018").pk)
    for path in PAGES:
        assert villager.get(path)["Location"] == f"/sign-in/?next={path}"
    assert "我家" not in villager.read("/")
    assert not Objection.objects.exists()


def test_a_new_card_ends_the_session_of_the_one_before(cast: Cast, villager: Visitor) -> None:
    issue_card(actor=SYSTEM, household_id=cast.household("018").pk)
    assert villager.get("/my/home/")["Location"] == "/sign-in/?next=/my/home/"


def test_a_session_of_one_county_is_none_in_another(villager: Visitor, founded: Jurisdiction) -> None:
    elsewhere = Visitor(founded)
    elsewhere.cookies["session"] = villager.cookies["session"].value
    assert elsewhere.get("/my/home/")["Location"] == "/sign-in/?next=/my/home/"
    assert villager.get("/my/home/").status_code == 200


def test_signing_out_ends_the_session_on_the_server(villager: Visitor) -> None:
    kept = villager.cookies["session"].value
    assert villager.get("/my/sign-out/").status_code == 405
    assert "退出</button>" in villager.read("/my/home/")
    assert villager.post("/my/sign-out/")["Location"] == "/"
    villager.cookies["session"] = kept
    assert villager.get("/my/home/")["Location"] == "/sign-in/?next=/my/home/"


def test_who_is_signed_out_may_sign_out_again(outsider: Visitor) -> None:
    assert outsider.post("/my/sign-out/")["Location"] == "/"


# Home


def test_home_is_the_passbook(cast: Cast, villager: Visitor, history: None, notice: Notice) -> None:
    page = villager.read("/my/home/")
    book = balance(cast.village, "018")
    row = sheet_of(cast, "018").totals.get(number="018")
    assert "田禾生家" in page
    assert "第三网格·第二联户组" in page
    assert f'<span class="nb">{format_points(book.redeemable)}</span>' in page
    assert f"<dt>累计荣誉</dt><dd>{format_points(book.honour)}<" in page
    assert f"<dt>10月公示中</dt><dd>{format_points(row.net, signed=True)}<" in page
    assert f"<dd>第{row.rank}<small>名" in page
    assert "11月2日 星期一" in page
    assert titles(page) == ["10月积分正在公示", "联和村9月积分公示"]
    assert f'href="/notice/{notice.public_id}/{sheet_of(cast, "018").position}/"' in page


def test_home_says_what_ones_deeds_wait_for(cast: Cast, villager: Visitor) -> None:
    (returned,) = bring(cast.villager, a_deed(cast.village, "018", of=SWEEPING), source=Source.SELF)
    return_deed(actor=cast.grid_leader, deed_id=returned.pk, reason="缺照片")
    bring(cast.villager, a_deed(cast.village, "018"), source=Source.SELF)
    verified(a_deed(cast.village, "018", of=VOLUNTEERING))
    bring(cast.neighbour, a_deed(cast.village, "004", of=RUBBISH), source=Source.SELF)
    page = villager.read("/my/home/")
    assert titles(page) == [VOLUNTEERING, LABOUR, SWEEPING]
    for words in ("等网格员核实", "退回来了，请补充", "等评议会评定", "待核实", "退回补充", "待评议"):
        assert words in page


def test_home_before_anything_happened(villager: Visitor) -> None:
    page = villager.read("/my/home/")
    assert "眼下没有要办的事" in page
    assert "网格排名" not in page


def test_home_after_the_notice_closed_shows_no_open_one(villager: Visitor, notice: Notice) -> None:
    with clock.as_of(AFTER):
        assert "正在公示" not in villager.read("/my/home/")


# The ledger


def test_the_ledger_shows_what_is_on_notice_and_then_what_is_posted(
    cast: Cast, villager: Visitor, history: None, notice: Notice
) -> None:
    page = villager.read("/my/ledger/")
    pending, posted = page.split("已入账")
    assert titles(pending) == [LABOUR, SWEEPING, RUBBISH]
    assert titles(posted)[0] == "兑换 毛巾"
    assert sorted(titles(posted)[1:]) == sorted([VOLUNTEERING, LABOUR, LABOUR, RUBBISH])
    assert "11月7日入账" in pending
    assert "10月12日，清扫河边" in pending
    assert re.search(r"<span>第9期第\d+条</span>", posted)
    assert 'class="pts fs-3 spend">\u22121<' in posted
    assert f"余{format_points(balance(cast.village, '018').redeemable)}<" in posted
    assert "2026年10月" in posted


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("gain", [LABOUR, SWEEPING, VOLUNTEERING, LABOUR, LABOUR]),
        ("loss", [RUBBISH, RUBBISH]),
        ("spend", ["兑换 毛巾"]),
        ("everything", [LABOUR, SWEEPING, RUBBISH, "兑换 毛巾", VOLUNTEERING, LABOUR, LABOUR, RUBBISH]),
    ],
)
def test_the_ledger_is_sifted(
    villager: Visitor, history: None, notice: Notice, kind: str, shown: list[str]
) -> None:
    page = villager.read("/my/ledger/", kind=kind)
    assert sorted(titles(page)) == sorted(shown)
    if kind != "everything":
        assert f'href="?kind={kind}" aria-current="true"' in page


def test_what_is_no_gain_loss_or_redemption_is_told_without_a_category(
    cast: Cast, villager: Visitor, history: None
) -> None:
    order = Order.objects.get()
    assert order.batch_id
    reverse_posting(
        actor=SYSTEM, batch_id=order.batch_id, line=None, reason=ReversalReason.TILL_ERROR, key="back"
    )
    page = villager.read("/my/ledger/")
    assert titles(page)[0] == "冲正：兑换 毛巾"
    first_line = page.split("冲正：兑换 毛巾")[0].rpartition('<div class="cell">')[2]
    assert 'class="cat plain"' in first_line
    assert "柜台弄错了" in page
    assert "冲正：兑换 毛巾" not in villager.read("/my/ledger/", kind="gain")


def test_what_was_corrected_to_nothing_is_neither_gain_nor_loss(
    cast: Cast, villager: Visitor, notice: Notice
) -> None:
    line = NoticeLine.objects.filter(household=cast.household("018"), points__lt=0).earliest("id")
    objection = lodge_objection(
        actor=SYSTEM, target=line, household_id=line.household_id, text="没有这回事", key="objection"
    )
    nothing = {line.number: 0}
    uphold_objection(actor=cast.supervisor, objection_id=objection.pk, answer="查过了", corrections=nothing)
    assert RUBBISH in titles(villager.read("/my/ledger/"))
    for kind in ("gain", "loss"):
        assert RUBBISH not in titles(villager.read("/my/ledger/", kind=kind))


def test_sifting_leaves_a_months_sums_whole(villager: Visitor, history: None) -> None:
    sums = re.compile(r'<h3 class="card-h">.*</h3>')
    assert sums.findall(villager.read("/my/ledger/")) == sums.findall(
        villager.read("/my/ledger/", kind="loss")
    )


@pytest.mark.parametrize(
    ("kind", "words"),
    [("all", "还没有积分"), ("gain", "没有得分"), ("loss", "没有扣分"), ("spend", "还没兑换过")],
)
def test_an_empty_ledger_says_what_is_missing(villager: Visitor, kind: str, words: str) -> None:
    assert words in villager.read("/my/ledger/", kind=kind)


def test_what_is_owed_is_told(cast: Cast, villager: Visitor) -> None:
    with clock.as_of(date(2026, 10, 3)):
        noticed(
            cast.village, a_deed(cast.village, "018", of=RUBBISH, day=date(2026, 9, 12)), period=SEPTEMBER
        )
    settled(cast.village, on=date(2026, 10, 8))
    owed = balance(cast.village, "018").arrears
    page = villager.read("/my/ledger/")
    assert owed > 0
    assert f"还欠{format_points(owed)}分" in page


def test_settled_lines_move_from_notice_to_ledger(cast: Cast, villager: Visitor, notice: Notice) -> None:
    assert "已入账" not in villager.read("/my/ledger/")
    settled(cast.village)
    page = villager.read("/my/ledger/")
    assert "公示中" not in page
    assert sorted(titles(page)) == sorted([LABOUR, SWEEPING, RUBBISH])


# What it costs


def thirty_and_one(cast: Cast, day: date) -> list[NewDeed]:
    """Thirty deeds of 018; the neighbour of 004 was there once."""
    return [a_deed(cast.village, "018", "004", day=day)] + [
        a_deed(cast.village, "018", day=day) for _time in range(29)
    ]


def test_a_page_costs_the_same_for_one_line_and_for_sixty(
    cast: Cast, villager: Visitor, neighbour: Visitor
) -> None:
    with clock.as_of(date(2026, 10, 3)):
        noticed(cast.village, *thirty_and_one(cast, date(2026, 9, 12)), period=SEPTEMBER)
    settled(cast.village, on=date(2026, 10, 8))
    noticed(cast.village, *thirty_and_one(cast, date(2026, 10, 12)))
    buy(cast, _018=5, _004=1)
    few, many = neighbour.read("/my/ledger/"), villager.read("/my/ledger/")
    assert (len(titles(few)), len(titles(many))) == (3, 65)
    for path in PAGES:
        assert queries(neighbour, path) == queries(villager, path)
