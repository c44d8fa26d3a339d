"""What villagers do on their phones, from page to page; what staff does in between is done by commands.

A household of its own for each, so that none meets another's traces. What comes next month is looked at on a server
whose clock runs there.
"""

from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenReader
from tests.e2e.product import HERE, Card, Product
from tests.e2e.reader import Reader
from xiangyue.kernel import clock
from xiangyue.kernel.periods import Period

pytestmark = pytest.mark.browser

LEADER, SECRETARY, SUPERVISOR = "桑叶青", "柳成荫", "竹有节"
COMMITTEE = ("松如海", "柏长青", "荷田田", "方田亩", "井水甜", "何稻香")


def declare(reader: Reader, sought: str, note: str) -> None:
    """Find what one did, say who took part, and send it in."""
    reader.tap("申报")
    reader.page.get_by_label("找一项").fill(sought)
    reader.tap("找")
    page = reader.tap(sought)
    page.locator("input[name=people]").first.check(force=True)  # who lives alone is chosen already
    page.get_by_label("想补充的话").fill(note)
    reader.tap("提交申报")
    expect(page.get_by_role("heading", level=1)).to_have_text("报上了")


def deed_of(product: Product, household: str) -> int:
    """Give the id of the newest deed of a household."""
    listed = product.command("deed", "list", *HERE)["deeds"]
    return int(max(deed["deed"] for deed in listed if household in str(deed)))


def judge(product: Product, day: date) -> Period:
    """Verify what was brought by a day, decide it at a meeting then, and hang it out; give the month."""
    period = str(Period.of(day))
    month = (*HERE, "--period", period)
    product.on(day, "deed", "verify", *HERE, "--all", "--as", LEADER)
    product.on(day, "meeting", "hold", *month, "--attend", ",".join(COMMITTEE), "--as", SECRETARY)
    for member in COMMITTEE[:2]:
        product.on(day, "meeting", "decide", *month, "--all", "--as", member)
    product.on(day, "notice", "issue", *month, "--as", SECRETARY)
    return Period.of(day)


def test_a_party_members_doubled_deduction_is_explained(read: OpenReader) -> None:
    """By the card that the landing page shows, to the line on notice, and on to an objection.

    It goes before what settles that notice.
    """
    reader = read()
    page = reader.open("/places/")
    shown = page.locator("#try a", has_text="路平阔").inner_text()
    reader.tap("路平阔")
    page.get_by_label("请输密码").fill(shown.split("密码")[1].split()[0])
    reader.tap("看我家的账")
    reader.tap("积分账")
    page = reader.tap("乱堆垃圾不整治")
    expect(page.locator("main")).to_contain_text("−20")
    expect(page.locator("main")).to_contain_text("党员扣分按2倍：一般扣10分，党员扣20分。")
    reader.tap("我有异议")
    expect(page.get_by_role("heading", level=1)).to_contain_text("异议")
    expect(page.locator("main")).to_contain_text("乱堆垃圾不整治")


def test_an_old_villager_without_a_phone_objects_with_help(read: OpenReader, product: Product) -> None:
    """The secretary writes down what is said: who brought, verified or judged a line may not. By card it is seen."""
    helper = read()
    helper.sign_in_as(SECRETARY)
    help_for(helper, "051")
    helper.open("/my/ledger/")
    helper.tap("评议会评定")
    page = helper.tap("我有异议")
    page.locator("label.pick", has_text="分数不对").click()
    page.get_by_label("说说情况").fill("老人说那天去了两个人")
    helper.tap("提交异议")
    expect(page.get_by_role("heading", level=1)).to_have_text("异议收到了")
    helper.open("/my/home/")
    helper.tap("办完了")
    own = read(size="large")
    own.sign_in(product.issue_card("051"))
    page = own.tap("等答复")
    expect(page.locator("main")).to_contain_text("老人说那天去了两个人")
    expect(page.locator("main")).to_contain_text("村里替您记下的")
    own.open("/my/family/")
    page = own.tap("谁替我家办过事")
    expect(page.locator("main")).to_contain_text("提了异议")
    expect(page.locator("main")).to_contain_text(SECRETARY)


def help_for(helper: Reader, number: str) -> None:
    """Open a household's pages as somebody who helps it."""
    helper.open("/my/who/")
    page = helper.tap("替农户代办")
    page.get_by_label("户号或名字").fill(number)
    helper.tap("找")
    helper.tap("替他办")
    expect(page.locator(".behalf")).to_contain_text("您正在替")


def test_an_objection_is_upheld_and_the_new_edition_shows_it(read: OpenReader, product: Product) -> None:
    reader = read()
    reader.sign_in(product.issue_card("050"))
    reader.tap("积分账")
    page = reader.tap("评议会评定")  # a line on notice
    reader.tap("我有异议")
    page.locator("label.pick", has_text="分数不对").click()
    page.get_by_label("说说情况").fill("那天去了两个人")
    reader.tap("提交异议")
    expect(page.locator("main")).to_contain_text("异议收到了")
    objections = product.command("objection", "list", *HERE, "--period", _noticed())["objections"]
    mine = max(objections, key=lambda each: each["objection"])
    line = mine["line"]
    answer = ("--uphold", f"{line}=1", "--text", "查过了，是记错了", "--as", SUPERVISOR)
    product.command("objection", "reply", str(mine["objection"]), *HERE[:2], *answer)
    page.reload()
    expect(page.locator("main")).to_contain_text("查过了，是记错了")
    expect(page.locator("main")).to_contain_text(f"第{line}条")
    reader.tap("看更正后的")
    expect(page.locator("main")).to_contain_text("这是更正后的")


def _noticed() -> str:
    return str(Period.of(Period.of(clock.today()).first - timedelta(days=1)))


def test_a_deed_goes_from_the_phone_to_the_ledger_and_its_proof(read: OpenReader, product: Product) -> None:
    cards = {True: product.issue_card("027"), False: product.issue_card("029")}
    for javascript, card in cards.items():
        reader = read(javascript=javascript)
        reader.sign_in(card)
        declare(reader, "关爱老人", "给独居老人做了一天饭")
        reader.tap("看看这一项")
        expect(reader.page.locator("main")).to_contain_text(f"网格员{LEADER}核实")
    today = clock.today()
    judge(product, today)
    after = today + timedelta(days=8)
    product.on(after, "notice", "settle", *HERE[:2], "--unit", HERE[3], "--as", SECRETARY)
    product.on(after, "ledger", "seal", *HERE[:2])
    with product.later(after) as next_week:
        for javascript, card in cards.items():
            reader = read(javascript=javascript, product=next_week)
            reader.sign_in(card)
            reader.tap("积分账")
            page = reader.tap("关爱老人")
            expect(page.locator("main")).to_contain_text("给独居老人做了一天饭")
            expect(page.locator("main")).to_contain_text("6人到会")
            reader.tap("有没有被改过")
            expect(page.get_by_role("heading", level=2).first).to_contain_text("封在第")


def test_a_deed_that_comes_back_is_completed_and_sent_again(read: OpenReader, product: Product) -> None:
    reader = read()
    reader.sign_in(product.issue_card("011"))
    declare(reader, "邻里帮扶", "帮着收麦")
    deed = deed_of(product, "011")
    product.command("deed", "return", str(deed), *HERE[:2], "--reason", "写一下帮的是谁家", "--as", LEADER)
    reader.open("/my/home/")
    page = reader.tap("邻里帮扶")
    expect(page.locator("main")).to_contain_text("写一下帮的是谁家")
    reader.tap("补充")
    page.get_by_label("说清楚一点").fill("帮004户收麦")
    with page.expect_navigation():
        page.locator(".dock button.primary").click()
    reader.open("/my/deeds/")
    reader.tap("邻里帮扶")
    expect(page.locator("main")).to_contain_text("帮004户收麦")
    expect(page.locator("main")).not_to_contain_text("写一下帮的是谁家，")


def test_one_without_a_phone_is_helped_and_sees_by_card_who_did_what(
    read: OpenReader, product: Product
) -> None:
    leader = read()
    leader.sign_in_as(LEADER)
    help_for(leader, "049")
    declare(leader, "邻里帮扶", "老人自己来说的")
    leader.open("/my/home/")
    leader.tap("办完了")
    own = read(size="large")
    own.sign_in(product.issue_card("049"))
    own.open("/my/family/")
    page = own.tap("谁替我家办过事")
    expect(page.locator("main")).to_contain_text(LEADER)
    own.open("/my/deeds/")
    own.tap("邻里帮扶")
    expect(page.locator("main")).to_contain_text("代办")


@pytest.mark.parametrize(
    ("javascript", "name", "number", "phone"),
    [(True, "秋满仓", "034", "19900000077"), (False, "石榴红", "027", "19900000078")],
    ids=["javascript", "plain"],
)
def test_somebody_comes_for_the_first_time_and_is_confirmed(
    read: OpenReader, product: Product, *, javascript: bool, name: str, number: str, phone: str
) -> None:
    reader = read(javascript=javascript)
    reader.open("/sign-in/")
    page = reader.tap("第一次来")
    page.get_by_label("姓名").fill(name)
    page.get_by_label("手机号").fill(phone)
    reader.tap("发验证码")
    page.get_by_label("验证码").fill(code_shown(read))
    reader.tap("登录")
    expect(page.locator("main")).to_contain_text("还不知道您是哪一户")
    reader.tap("认一认我家")
    claim = page.locator("form", has=page.locator("input[name=way][value=claim]")).last
    if claim.locator("select").count():
        claim.locator("select").select_option(label="大罗村")
    claim.get_by_label("户号").fill(number)
    claim.get_by_label("您在户册上的名字").fill(name)
    with page.expect_navigation():
        claim.get_by_role("button", name="请网格员确认").click()
    expect(page.locator("main")).to_contain_text("等确认")
    (waiting,) = product.command("member", "claims", *HERE[:2], "--unit", HERE[3], "--as", SECRETARY)[
        "claims"
    ]
    product.command("member", "confirm", str(waiting["id"]), *HERE[:2], "--as", LEADER)
    page = reader.open("/my/home/")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{name}家")


def code_shown(read: OpenReader) -> str:
    """Read the code from the landing page, which shows what was sent to nobody's phone."""
    other = read()
    text = other.open("/places/").locator("#try").inner_text()
    return text.split("验证码是")[1][:6]


def test_a_lost_card_is_stopped_at_once(read: OpenReader, product: Product) -> None:
    card, reader = product.issue_card("051"), read()
    reader.sign_in(card)
    reader.open("/my/family/")
    reader.tap("积分卡")
    reader.tap("马上停掉这张卡")
    finder = read()
    finder.sign_in(card)
    expect(finder.page.get_by_role("heading", level=1)).to_have_text("这张卡不能用")
    assert reader.open("/my/home/").url == f"{product.url}/sign-in/?next=/my/home/"
    fresh = product.issue_card("051")
    again = read()
    again.sign_in(fresh)
    expect(again.page.get_by_role("heading", level=1)).to_contain_text("家")


def test_the_other_countys_addresses_give_nothing(read: OpenReader, product: Product) -> None:
    """The last one: from now on there are two counties, and each answers at its own host alone."""
    card: Card = product.issue_card("052")
    reader = read()
    reader.sign_in(card)
    notice = product.notice()["notice"]
    product.command(
        "county",
        "add",
        "other",
        "--division",
        "440783103",
        "--preset",
        "cangcheng",
        "--host",
        "other.localhost",
    )
    other = product.url.replace("localhost", "other.localhost")
    home = product.url.replace("localhost", "cangcheng.localhost")
    reader.page.wait_for_timeout(6_000)  # hosts are read anew every five seconds
    stranger: Any = read()
    stranger.open(home + card.path)
    stranger.page.get_by_label("请输密码").fill(card.pin)
    stranger.tap("看我家的账")
    cookies = stranger.page.context.cookies()
    stranger.page.context.add_cookies([{**cookie, "domain": "other.localhost"} for cookie in cookies])
    assert "/sign-in/" in stranger.open(f"{other}/my/home/").url
    for path, words in ((f"/notice/{notice}/1/", "没有找到这一页"), (card.path, "请输密码")):
        expect(stranger.open(other + path).locator("main")).to_contain_text(words)
    stranger.page.get_by_label("请输密码").fill(card.pin)
    stranger.tap("看我家的账")
    expect(stranger.page.get_by_role("heading", level=1)).to_have_text("这张卡不能用")
