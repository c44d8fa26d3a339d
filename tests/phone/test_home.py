"""The first page: what it shows, what it costs on the wire and in the database; and the code for the till."""

import gzip
import re
from datetime import date
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from segno import make

from tests.cast import Cast
from tests.people.members import member_of, membership
from tests.phone.test_views import history as history
from tests.phone.test_views import titles
from tests.scoring.cast import PERIOD, a_deed, a_meeting, approve, noticed, verified
from tests.web import Visitor
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.periods import Period
from xiangyue.messages.models import Message
from xiangyue.people.models import Household, Standing
from xiangyue.people.operations.helping import begin_helping
from xiangyue.people.operations.wishes import set_village_ranking
from xiangyue.redemption.models import ShownCode
from xiangyue.redemption.operations import household_by_code, open_shop
from xiangyue.requests.models import ContactKind
from xiangyue.requests.operations import set_contact
from xiangyue.scoring.models import Notice, NoticeTotal
from xiangyue.scoring.operations.special import issue_special
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.ui.templatetags.xiangyue_ui import qr
from xiangyue.users.queries import user_by_login

HOME, CODE = "/my/home/", "/my/code/"
MOST_QUERIES = 9
FIRST_VISIT, LATER = 60_000, 15_000  # bytes over the wire, on a slow 2G
HEADERS = 700  # bytes of an answer's headers, about
DIGITS = re.compile(r'class="digits"[^>]*>(\d{3} \d{3})<')


def queries(visitor: Visitor, path: str = HOME) -> int:
    visitor.read(path)
    with CaptureQueriesContext(connection) as caught:
        visitor.read(path)
    return len(caught)


def signed_in(jurisdiction: Jurisdiction, login: str) -> Visitor:
    visitor = Visitor(jurisdiction)
    visitor.force_login(user_by_login(login))
    return visitor


# What it shows


def test_the_day_is_told_by_both_calendars(villager: Visitor) -> None:
    assert "11月2日 星期一" in villager.read(HOME)
    assert "九月廿四" in villager.read(HOME)


def test_the_movement_since_the_notice_before(
    cast: Cast, villager: Visitor, history: None, notice: Notice
) -> None:
    own = NoticeTotal.objects.filter(household=cast.household("018"))
    (september,) = own.exclude(sheet__notice=notice)
    (october,) = own.filter(sheet__notice=notice)
    own.filter(pk=september.pk).update(rank=october.rank + 3)
    assert 'aria-label="比上期升3名">↑3<' in villager.read(HOME)
    own.filter(pk=september.pk).update(rank=october.rank)
    assert "比上期" not in villager.read(HOME)
    own.filter(pk=october.pk).update(rank=october.rank + 2)
    assert 'aria-label="比上期降2名">↓2<' in villager.read(HOME)
    # In another grid one stood among others.
    september.sheet.unit = cast.village
    september.sheet.save(update_fields=["unit"])
    assert "比上期" not in villager.read(HOME)


def test_who_is_not_ranked_has_no_rank(cast: Cast, villager: Visitor, notice: Notice) -> None:
    assert "网格排名" in villager.read(HOME)
    Household.objects.filter(id=cast.household("018").pk).update(is_ranked=False)
    assert "网格排名" not in villager.read(HOME)
    set_village_ranking(actor=SYSTEM, village_id=cast.village.pk, is_ranked=False)
    Household.objects.filter(id=cast.household("018").pk).update(is_ranked=True)
    page = villager.read(HOME)
    assert "村里定了不排名" in page
    assert "<small>名</small>" not in page


def test_an_honour_is_shown_while_it_holds(cast: Cast, villager: Visitor) -> None:
    facts = {"household": cast.household("018"), "basis": "村规民约", "since": date(2026, 1, 1)}
    Standing.objects.create(name="红榜户", is_honour=True, **facts)
    Standing.objects.create(name="黄牌", is_honour=False, until=date(2026, 12, 31), **facts)
    page = villager.read(HOME)
    assert "红榜户</span>" in page
    assert "黄牌" not in page
    Standing.objects.filter(is_honour=True).update(ended_on=date(2026, 11, 1))
    assert "红榜户" not in villager.read(HOME)


def test_own_notices_are_matters_and_the_villages_others_are_news(
    cast: Cast, villager: Visitor, neighbour: Visitor
) -> None:
    """The neighbour is on no sheet of a special notice about 018, but reads in the village's news that it hangs."""
    deed = a_deed(cast.village, "018")
    approve(a_meeting(cast.village), shares := verified(deed))
    issue_special(
        actor=SYSTEM,
        unit_id=cast.village.pk,
        period=PERIOD,
        share_ids=[share.pk for share in shares],
        reason="救人",
    )
    ours, theirs = villager.read(HOME), neighbour.read(HOME)
    assert "第10期专项第1次积分正在公示" in ours
    assert "村里通知" not in ours
    assert "积分正在公示" not in theirs
    assert "联和村第10期专项第1次积分公示" in theirs


def test_unread_messages_come_first(
    cast: Cast, villager: Visitor, neighbour: Visitor, notice: Notice
) -> None:
    Message.objects.create(
        household=cast.household("018"), template="card-issued", facts={}, key="k", at=clock.now()
    )
    assert titles(villager.read(HOME))[0] == "有1条新消息"
    assert "新消息" not in neighbour.read(HOME)
    Message.objects.update(read_at=clock.now())
    assert "新消息" not in villager.read(HOME)


def test_messages_to_a_member_are_told_to_nobody_else(
    peopled: Jurisdiction, cast: Cast, villager: Visitor
) -> None:
    member = member_of(cast.household("018"), login="u-mail")
    Message.objects.create(user_id=member.id, template="card-issued", facts={}, key="k", at=clock.now())
    assert "有1条新消息" in signed_in(peopled, "u-mail").read(HOME)
    assert "新消息" not in villager.read(HOME)


def test_what_left_the_public_pages_is_no_news(cast: Cast, villager: Visitor, history: None) -> None:
    assert "联和村9月积分公示" in villager.read(HOME)
    with clock.as_of(date(2027, 6, 1)):
        assert "积分公示" not in villager.read(HOME)


def test_the_large_type_calls_the_grid_worker(cast: Cast, villager: Visitor) -> None:
    villager.cookies["size"] = "large"
    assert "打电话请网格员代办" not in villager.read(HOME)
    unit = cast.household("018").unit
    set_contact(actor=SYSTEM, unit_id=unit.pk, kind=ContactKind.GRID, label="网格员", phone="000-1234567")
    page = villager.read(HOME)
    assert 'href="tel:000-1234567"' in page
    assert page.index("data-read-aloud") < page.index("<main")
    del villager.cookies["size"]
    assert "tel:" not in villager.read(HOME)


@pytest.mark.parametrize("size", ["normal", "large"])
def test_reading_aloud_is_offered_once_and_only_by_a_script(villager: Visitor, size: str) -> None:
    villager.cookies["size"] = size
    for path in (HOME, "/my/ledger/", "/help/"):
        page = villager.read(path)
        assert page.count("data-read-aloud") == 1
        assert re.search(r"<button[^>]* hidden data-read-aloud", page)
        assert "ours/js/read_aloud.js" in page


# What it costs


def test_home_costs_few_queries_whatever_has_happened(
    cast: Cast, villager: Visitor, neighbour: Visitor, history: None, notice: Notice
) -> None:
    set_contact(
        actor=SYSTEM, unit_id=cast.village.pk, kind=ContactKind.VILLAGE, label="村委会", phone="12345"
    )
    assert queries(villager) == queries(neighbour) <= MOST_QUERIES
    villager.cookies["size"] = "large"
    assert queries(villager) <= MOST_QUERIES


def test_home_costs_a_member_few_queries(peopled: Jurisdiction, cast: Cast, notice: Notice) -> None:
    member_of(cast.household("018"), login="u-home")
    assert queries(signed_in(peopled, "u-home")) <= MOST_QUERIES


def test_home_costs_the_same_for_a_month_and_for_a_year(cast: Cast, villager: Visitor) -> None:
    counts = []
    for month in (8, 9, 10):
        with clock.as_of(date(2026, month, 3)):
            noticed(
                cast.village,
                a_deed(cast.village, "018", day=date(2026, month - 1, 5)),
                period=Period(2026, month - 1),
            )
        counts.append(queries(villager))
    assert counts[0] == counts[1] == counts[2]


def assets(page: str) -> set[Path]:
    """Give the files that a browser fetches for a page: what it names, and what its style sheets name."""
    named = set(re.findall(r'(?:href|src)="/static/([^"]+)"', page))
    found = {Path(str(finders.find(name))) for name in named}
    for sheet in [path for path in found if path.suffix == ".css"]:
        for address in re.findall(r"url\(([^)]+)\)", sheet.read_text()):
            if not address.strip("\"'").startswith("data:"):
                found.add((sheet.parent / address.strip("\"'")).resolve())
    return found


@pytest.mark.parametrize("size", ["normal", "large"])
def test_home_fits_a_slow_line(
    cast: Cast, villager: Visitor, history: None, notice: Notice, size: str
) -> None:
    """Pages are not compressed by us, for secrets stand in them beside what others send; files are, once, by gzip."""
    villager.cookies["size"] = size
    page = villager.read(HOME)
    files = assets(page)
    assert len(files) >= 8
    later = len(page.encode()) + HEADERS
    first = later + sum(len(gzip.compress(path.read_bytes())) + HEADERS for path in files)
    assert later <= LATER, later
    assert first <= FIRST_VISIT, first


# The code for the till


def test_the_code_is_shown_as_a_picture_and_as_digits(cast: Cast, villager: Visitor) -> None:
    page = villager.read(CODE)
    (digits,) = DIGITS.findall(page)
    shown = ShownCode.objects.get()
    assert digits.replace(" ", "") == shown.digits
    assert "田禾生家" in page
    assert page.count("<svg") == 1
    assert " style=" not in page
    assert "018" not in re.sub(r"<svg.*?</svg>", "", page.replace(digits, ""), flags=re.DOTALL)


def test_the_picture_holds_the_token_and_nothing_else(
    cast: Cast, villager: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.token_hex", lambda count: "5e1f00c4a2b39d7781c6e0954d2fa8b3")
    page = villager.read(CODE)
    assert str(qr("5E1F00C4A2B39D7781C6E0954D2FA8B3")) in page
    assert make("5E1F00C4A2B39D7781C6E0954D2FA8B3", error="m", micro=False).designator == "2-M"


def test_each_look_is_a_new_code_and_the_till_takes_it_once(cast: Cast, villager: Visitor) -> None:
    first, second = (DIGITS.findall(villager.read(CODE))[0] for _time in range(2))
    assert first != second
    shop = open_shop(actor=SYSTEM, unit_id=cast.village.pk, name="联和村积分超市")
    for digits in (first, second):
        found = household_by_code(actor=cast.shopkeeper, shop_id=shop.pk, code=digits)
        assert found == cast.household("018")


def test_the_page_renews_itself_for_some_minutes_and_then_waits(villager: Visitor) -> None:
    page = villager.read(CODE)
    assert '<noscript><meta http-equiv="refresh" content="50; url=/my/code/?renewed=1"></noscript>' in page
    assert 'data-countdown="50" data-next="/my/code/?renewed=1"' in page
    assert "50秒后自动更换" in page
    assert 'content="50; url=/my/code/?renewed=12"' in villager.read(CODE, renewed="11")
    for text in ("12", "99", "-1", "x", "１", "9" * 5000):
        page = villager.read(CODE, renewed=text)
        assert "http-equiv" not in page
        assert "data-countdown" not in page
        assert "不再自动更换" in page
        assert f'href="{CODE}"' in page


def test_the_page_is_never_kept(villager: Visitor) -> None:
    assert villager.get(CODE)["Cache-Control"] == "no-store"


def test_who_may_show_it_is_told(peopled: Jurisdiction, cast: Cast, villager: Visitor) -> None:
    household = cast.household("018")
    held = membership(member_of(household, login="u-code"), household)
    assert '<span class="nb">u-code</span>' in villager.read(CODE)
    assert DIGITS.search(signed_in(peopled, "u-code").read(CODE))
    held.may_redeem = False
    held.save(update_fields=["may_redeem"])
    assert "u-code" not in villager.read(CODE)
    refused = signed_in(peopled, "u-code").get(CODE)
    assert refused.status_code == 422
    assert "家里没有让您用积分兑换" in refused.content.decode()


def test_nobody_shows_it_on_behalf(peopled: Jurisdiction, cast: Cast) -> None:
    household = cast.household("018")
    visit = begin_helping(actor=cast.grid_leader, household_id=household.pk, reason="不会用手机")
    helper = signed_in(peopled, "桑叶青")
    session = helper.session
    session["help"] = visit.pk
    session.save()
    response = helper.get(CODE)
    assert response.status_code == 422
    assert "别人不能代办" in response.content.decode()
    assert not ShownCode.objects.exists()


def test_a_household_that_left_opens_nothing(cast: Cast, villager: Visitor) -> None:
    Household.objects.filter(number="018").update(left_on=clock.today())
    response = villager.get(CODE)
    assert response.status_code in (302, 422)
    assert not ShownCode.objects.exists()


def test_the_little_picture_on_the_first_page_is_no_code(villager: Visitor) -> None:
    """Who scans it is told to open the code first; it is a file, the same for everybody."""
    page = villager.read(HOME)
    assert f'class="qr" href="{CODE}"' in page
    assert "ours/img/code.svg" in page
    assert not ShownCode.objects.exists()
    drawn = Path(str(finders.find("ours/img/code.svg"))).read_text()
    cells = set()
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)", drawn):
        cells |= {(int(x) + step, int(y)) for step in range(int(length))}
    rows = make("请点开再扫", error="l", micro=False).matrix
    assert cells == {(x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}


def test_the_queries_of_the_code_are_few(cast: Cast, villager: Visitor) -> None:
    assert queries(villager, CODE) <= 12
