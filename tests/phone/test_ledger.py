"""The account of a household: leafing through it, the sheet of each line, its proof, and what one takes away."""

import re
from datetime import date

import pytest

from tests.cast import Cast
from tests.catalogue.cast import LAWFUL, in_force
from tests.records.samples import PDF, picture
from tests.scoring.cast import (
    AFTER,
    PERIOD,
    RUBBISH,
    SWEEPING,
    a_deed,
    a_meeting,
    approve,
    bring,
    indicator,
    noticed,
    settled,
)
from tests.web import Visitor, signed_in, told_names
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.ledger.models import Cause, Transfer
from xiangyue.people.models import Binding, Membership, Resident
from xiangyue.records.operations import store_file
from xiangyue.redemption.models import Good, Order
from xiangyue.redemption.operations import Delivery, open_shop, receive_goods, redeem
from xiangyue.scoring.models import Deed, Evidence, Notice, NoticeLine, Objection, Source, Verdict
from xiangyue.scoring.operations.appeals import ReversalReason, reverse_posting
from xiangyue.scoring.operations.bringing import NewDeed, NewShare
from xiangyue.scoring.operations.meetings import Ruling
from xiangyue.scoring.operations.notices import issue_notice
from xiangyue.scoring.operations.objections import admit_objection, lodge_objection, uphold_objection
from xiangyue.scoring.operations.review import verify_deeds
from xiangyue.scoring.operations.small_matters import decide_small
from xiangyue.scoring.operations.supervising import remark
from xiangyue.tenancy.models import Jurisdiction

FACT = re.compile(r"<dt>(.*?)</dt><dd>(.*?)</dd>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")
BLANK = re.compile(r"[ \n]+")  # an ideographic space is none
RULES = (
    {"指标": "乱倒垃圾", "编号": "3", "分值": "扣2", "倍数": "党员双倍扣", **LAWFUL, "对象": "村民个人"},
    {"指标": "帮忙扫街", "编号": "4", "分值": "2", "对象": "户", "审批": "网格员"},
    {"指标": "大扫除", "编号": "5", "分值": "5", "对象": "户", "上限": "每月8分"},
)


def line_of(cast: Cast, number: str, title: str = "") -> NoticeLine:
    lines = NoticeLine.objects.filter(household=cast.household(number), replacement=None)
    return lines.filter(share__deed__indicator__title__contains=title).earliest("id")


def sheet_path(line: NoticeLine) -> str:
    return f"/my/ledger/line/{line.pk}/"


def facts(page: str) -> dict[str, str]:
    """Give what a sheet says, by name."""
    return {name: BLANK.sub(" ", TAG.sub(" ", said)).strip(" ") for name, said in FACT.findall(page)}


def entry_path(line: NoticeLine) -> str:
    found = Transfer.objects.get(line=line.pk, batch__cause=Cause.SETTLEMENT)
    return f"/my/ledger/{found.batch_id}/{found.line}/"


def sold(cast: Cast, number: str = "018") -> Order:
    shop = open_shop(actor=SYSTEM, unit_id=cast.village.pk, name="联和村积分超市")
    receive_goods(
        actor=SYSTEM,
        shop_id=shop.pk,
        deliveries=[Delivery("毛巾", "", 100, 99), Delivery("肥皂", "2块", 150, 99)],
        key="goods",
    )
    quantities = {good.pk: count for good, count in zip(Good.objects.filter(shop=shop), (1, 1), strict=True)}
    return redeem(
        actor=cast.shopkeeper,
        shop_id=shop.pk,
        household_id=cast.household(number).pk,
        quantities=quantities,
        key="sale",
    ).order


# What hangs


def test_a_line_on_notice_says_why_by_which_rule_and_who_judged(
    cast: Cast, villager: Visitor, notice: Notice
) -> None:
    line = line_of(cast, "018", SWEEPING)
    assert f'href="{sheet_path(line)}"' in villager.read("/my/ledger/")
    page = villager.read(sheet_path(line))
    told = facts(page)
    meeting = line.share.decision.meeting
    assert meeting
    assert f"10月公示中　第10期第{line.number}条" in page
    assert "清扫河边" in told["为什么"]
    assert told["依据"].startswith(f"细则{line.share.deed.indicator.number}　{SWEEPING}")
    assert cast.catalogue.name in told["用的细则"]
    assert "2026年1月1日起施行" in told["用的细则"]
    assert f'href="/rules/{line.share.deed.indicator_id}/"' in page
    assert told["怎么算的"] == line.share.sentence
    assert told["谁评的"] == f"{clock.today().month}月{clock.today().day}日评议会5人到会，5人同意"
    assert told["哪天入账"] == "没有人提异议，11月7日入账"
    assert f'href="/my/object/?target=line-{line.pk}"' in page
    assert "11月6日前可提" in page
    assert f'href="/notice/{notice.public_id}/' in page


def test_a_deduction_names_its_basis_and_how_to_mend_it(cast: Cast, villager: Visitor) -> None:
    in_force(SYSTEM, cast.village, date(2026, 2, 1), *RULES)
    noticed(cast.village, doubled(cast))
    told = facts(villager.read(sheet_path(line_of(cast, "018"))))
    assert LAWFUL["依据"] in told["依据"]
    assert told["怎么补救"] == LAWFUL["修复"]
    assert told["照片"] == "没有照片"


def doubled(cast: Cast) -> NewDeed:
    """田禾生 of 018, a party member now, dumped rubbish."""
    Resident.objects.filter(household=cast.household("018"), name="田禾生").update(is_party_member=True)
    home = cast.household("018")
    who = Resident.objects.get(household=home, name="田禾生")
    rule = indicator(cast.village, "乱倒垃圾")
    return NewDeed("double", rule, date(2026, 10, 12), [NewShare(home, who)], "")


def test_a_party_members_doubled_deduction_is_explained(cast: Cast, villager: Visitor) -> None:
    in_force(SYSTEM, cast.village, date(2026, 2, 1), *RULES)
    noticed(cast.village, doubled(cast))
    line = line_of(cast, "018")
    page = villager.read(sheet_path(line))
    assert line.points == -400
    assert "党员扣分按2倍：一般扣2分，党员扣4分。" in page
    assert "党员按2倍算，是4分" in facts(page)["怎么算的"]
    Resident.objects.filter(household=line.household).update(is_party_member=False)
    assert "一般扣2分" not in villager.read(sheet_path(line))


def test_what_a_limit_cut_is_said(cast: Cast, villager: Visitor) -> None:
    in_force(SYSTEM, cast.village, date(2026, 2, 1), *RULES)
    noticed(cast.village, *(a_deed(cast.village, "018", of="大扫除") for _time in range(2)))
    cut = NoticeLine.objects.get(points=300)
    assert "本来是+5分，到了上限，记+3分" in facts(villager.read(sheet_path(cut)))["怎么算的"]
    whole = NoticeLine.objects.get(points=500)
    assert "本来是" not in villager.read(sheet_path(whole))


def test_who_recorded_and_vouched_is_named_if_staff(cast: Cast, villager: Visitor) -> None:
    (deed,) = bring(cast.grid_leader, a_deed(cast.village, "018"), source=Source.LEADER)
    approve(a_meeting(cast.village), deed.shares.all())
    issue_notice(actor=SYSTEM, unit_id=cast.village.pk, period=PERIOD)
    told = facts(villager.read(sheet_path(line_of(cast, "018"))))
    assert told["谁记的"] == "网格员 桑叶青　网格员记录"
    assert told["谁核实的"] == "网格员 桑叶青"


@pytest.mark.parametrize(
    ("who", "source", "words"),
    [("villager", Source.SELF, "自己家报的"), ("neighbour", Source.NEIGHBOUR, "别的人家报的")],
)
def test_villagers_are_never_named(
    cast: Cast, villager: Visitor, who: str, source: Source, words: str
) -> None:
    (deed,) = bring(getattr(cast, who), a_deed(cast.village, "018"), source=source)
    verify_deeds(actor=SYSTEM, deed_ids=[deed.pk])
    approve(a_meeting(cast.village), deed.shares.all())
    issue_notice(actor=SYSTEM, unit_id=cast.village.pk, period=PERIOD)
    page = villager.read(sheet_path(line_of(cast, "018")))
    assert facts(page)["谁记的"] == words
    ours = Resident.objects.filter(household=cast.household("018")).values_list("name", flat=True)
    assert set(told_names(page)) <= set(ours)


def test_a_small_matter_names_who_decided_it(cast: Cast, villager: Visitor) -> None:
    in_force(SYSTEM, cast.village, date(2026, 2, 1), *RULES)
    (deed,) = bring(cast.villager, a_deed(cast.village, "018", of="帮忙扫街"), source=Source.SELF)
    verify_deeds(actor=cast.secretary, deed_ids=[deed.pk])
    share = deed.shares.get()
    decide_small(
        actor=cast.grid_leader,
        unit_id=cast.village.pk,
        period=PERIOD,
        rulings=[Ruling(share.pk, Verdict.APPROVE)],
    )
    issue_notice(actor=SYSTEM, unit_id=cast.village.pk, period=PERIOD)
    told = facts(villager.read(sheet_path(line_of(cast, "018"))))
    assert told["谁评的"] == "网格员 桑叶青评定（小事）"
    assert told["谁核实的"].endswith("柳成荫")
    assert "小事评定" in villager.read("/my/ledger/")


def test_photos_are_shown_to_the_household(cast: Cast, villager: Visitor, notice: Notice) -> None:
    line = line_of(cast, "018", SWEEPING)
    Deed.objects.filter(id=line.share.deed_id).update(source=Source.LEADER)
    photo = store_file(name="河边.jpg", content=picture(taken="2026:10:12 08:30:00"))
    paper = store_file(name="证明.pdf", content=PDF)
    for file in (photo, paper):
        Evidence.objects.create(deed=line.share.deed, file=file)
    address = f"/my/deeds/{line.share.deed.public_id}/photos/{photo.pk}/"
    page = villager.read(sheet_path(line))
    assert f'href="{address}"' in page
    assert f'src="{address}small/"' in page
    assert "10月12日拍的照片" in page
    assert facts(page)["证明材料"] == "有1份，村里存着，可以去看"
    assert villager.get(address).status_code == 200
    book = villager.read("/my/ledger/")
    assert book.count('class="ev thumb"') == 1
    assert f'src="{address}small/"' in book
    Deed.objects.filter(id=line.share.deed_id).update(source=Source.SHEET)
    assert facts(villager.read(sheet_path(line)))["证明材料"] == "有2份，村里存着，可以去看"
    assert "ev thumb" not in villager.read("/my/ledger/")


def test_after_the_last_day_nobody_is_led_to_object(cast: Cast, villager: Visitor, notice: Notice) -> None:
    line = line_of(cast, "018")
    with clock.as_of(AFTER):
        assert "我有异议" not in villager.read(sheet_path(line))
        assert "我有异议" not in villager.read("/my/ledger/")


# What is held


def objected(cast: Cast, line: NoticeLine) -> Objection:
    return lodge_objection(
        actor=cast.villager, target=line, household_id=line.household_id, text="不对", key="no"
    )


def test_an_own_objection_is_told_and_led_to(cast: Cast, villager: Visitor, notice: Notice) -> None:
    line = line_of(cast, "018")
    objection = objected(cast, line)
    page = villager.read(sheet_path(line))
    assert "有异议，先不入账" in page
    assert f'href="/my/object/{objection.public_id}/"' in page
    assert "?target=" not in page
    assert facts(page)["哪天入账"] == "答复以后"
    other = villager.read(sheet_path(line_of(cast, "018", SWEEPING)))
    assert "有异议" not in other.replace("我有异议", "").replace("没有人提异议", "")


def test_a_supervisors_question_holds_too(cast: Cast, villager: Visitor, notice: Notice) -> None:
    line = line_of(cast, "018")
    remark(actor=cast.supervisor, share_id=line.share_id, text="照片看不清", holds=True, key="r")
    page = villager.read(sheet_path(line))
    assert "监督小组要村里把这一条说明白" in page
    assert "照片看不清" not in page
    assert "先不入账</span>" in page


def test_somebody_elses_objection_holds_and_tells_nobody_whose(
    cast: Cast, villager: Visitor, notice: Notice
) -> None:
    line, home = line_of(cast, "018"), cast.household("004")
    lodge_objection(actor=cast.neighbour, target=line, household_id=home.pk, text="没去", key="theirs")
    page = villager.read(sheet_path(line))
    assert "有人对这一条提了异议" in page
    assert "有异议，先不入账" in page
    assert "没去" not in page
    assert "麦穗香" not in page
    whole = lodge_objection(
        actor=cast.neighbour, target=notice, household_id=home.pk, text="都不对", key="all"
    )
    other = line_of(cast, "018", SWEEPING)
    assert "有人对整期公示" not in villager.read(sheet_path(other))
    admit_objection(actor=cast.supervisor, objection_id=whole.pk)
    assert "有人对整期公示提了异议，已经受理" in villager.read(sheet_path(other))


def test_a_corrected_line_leads_to_the_one_in_its_place(
    cast: Cast, villager: Visitor, notice: Notice
) -> None:
    line = line_of(cast, "018", RUBBISH)
    uphold_objection(
        actor=cast.supervisor,
        objection_id=objected(cast, line).pk,
        answer="记多了",
        corrections={line.number: line.points + 500},
    )
    new = line_of(cast, "018", RUBBISH)
    assert new.pk != line.pk
    assert villager.get(sheet_path(line))["Location"] == sheet_path(new)
    assert "这一条提过异议，−10分改成了−5分。" in villager.read(sheet_path(new))
    assert "更正过" in villager.read("/my/ledger/")


# What is posted


def test_a_posted_line_is_found_in_the_book(cast: Cast, villager: Visitor, notice: Notice) -> None:
    settled(cast.village)
    line = line_of(cast, "018", SWEEPING)
    assert villager.get(sheet_path(line))["Location"] == entry_path(line)
    assert f'href="{entry_path(line)}"' in villager.read("/my/ledger/")
    page = villager.read(entry_path(line))
    assert f"2026年11月7日入账　第10期第{line.number}条" in page
    told = facts(page)
    assert "清扫河边" in told["为什么"]
    assert "评议会5人到会" in told["谁评的"]
    assert told["记完还有"].startswith("可用")
    assert "我有异议" not in page
    assert f'href="{entry_path(line)}proof/"' in page


def test_a_line_worth_nothing_says_so_once_its_notice_is_over(
    cast: Cast, villager: Visitor, notice: Notice
) -> None:
    line = line_of(cast, "018", SWEEPING)
    NoticeLine.objects.filter(id=line.pk).update(points=0)
    settled(cast.village)
    with clock.as_of(AFTER):
        page = villager.read(sheet_path(line))
    assert "10月公示过" in page
    assert facts(page)["入账"] == "这一条是0分，不用入账"
    assert "我有异议" not in page


def test_a_redemption_says_what_where_and_from_whom(cast: Cast, villager: Visitor, notice: Notice) -> None:
    settled(cast.village)
    order = sold(cast)
    page = villager.read(f"/my/ledger/{order.batch_id}/{order.pk}/")
    told = facts(page)
    assert told["换了什么"] == "毛巾　1份，1分 肥皂2块　1份，1.5分"
    assert told["在哪里换的"].startswith("联和村积分超市")
    assert told["谁经手的"] == "仓有余"
    assert told["单号"] == str(order.public_id)[-12:].upper()
    assert 'class="pts fs-5 spend">−2.5<' in page


def test_a_reversal_and_what_it_took_back_lead_to_each_other(
    cast: Cast, villager: Visitor, notice: Notice
) -> None:
    settled(cast.village)
    line = line_of(cast, "018", SWEEPING)
    settlement = Transfer.objects.get(line=line.pk).batch_id
    undo = reverse_posting(
        actor=SYSTEM, batch_id=settlement, line=line.pk, reason=ReversalReason.NOT_TRUE, key="undo"
    )
    first, second = entry_path(line), f"/my/ledger/{undo.pk}/{line.pk}/"
    assert "后来撤回了" in villager.read("/my/ledger/")
    page = villager.read(first)
    assert "后来撤回了" in page
    assert f'href="{second}"' in page
    told = facts(villager.read(second))
    assert told["为什么"] == "没有这回事"
    assert told["撤回的是"] == f"2026年11月7日记的：{SWEEPING}"
    assert f'href="{first}"' in villager.read(second)


# Whose it is


def test_other_households_lines_are_nobodys(
    cast: Cast, villager: Visitor, neighbour: Visitor, notice: Notice
) -> None:
    pending = line_of(cast, "018")
    assert neighbour.get(sheet_path(pending)).status_code == 404
    assert neighbour.get("/my/ledger/line/99999999999999999999/").status_code == 404
    settled(cast.village)
    posted = entry_path(pending)
    for path in (posted, f"{posted}proof/", "/my/ledger/99999999999999999999/1/"):
        assert neighbour.get(path).status_code == 404
        assert villager.get(path).status_code == (404 if "999" in path else 200)


@pytest.mark.parametrize("way", ["member", "help"])
def test_members_and_helpers_see_the_same(
    peopled: Jurisdiction, cast: Cast, villager: Visitor, notice: Notice, way: str
) -> None:
    leader, home = signed_in(peopled, cast.user("桑叶青")), cast.household("018")
    if way == "member":
        Membership.objects.create(
            user=cast.user("桑叶青"), household=home, how=Binding.CONFIRMED, since="2026-11-01"
        )
        leader.post("/my/who/turn/", {"household": str(home.public_id)})
    else:
        leader.post("/my/helping/", {"household": str(home.public_id)})
    line = line_of(cast, "018", SWEEPING)
    settled(cast.village)
    for path in (entry_path(line), f"{entry_path(line)}proof/"):
        assert facts(leader.read(path)) == facts(villager.read(path))
    assert leader.get("/my/ledger/2026/statement.xlsx").content == (
        villager.get("/my/ledger/2026/statement.xlsx").content
    )
