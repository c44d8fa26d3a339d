"""Declaring through the pages: what is offered, what is asked, what comes of it."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.catalogue.cast import in_force
from tests.phone.declaring import (
    CLOSED,
    KEY,
    LINK,
    TODAY,
    declare,
    declared,
    done_before,
    family,
    form_path,
    people,
    problems,
    put_in_force,
)
from tests.scoring.cast import leave_outside
from tests.web import Visitor
from xiangyue.catalogue.models import Catalogue
from xiangyue.catalogue.rules.terms import Trait
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Resident
from xiangyue.scoring.models import Deed, Share, Source

LIST = "/my/declare/"


@pytest.fixture(autouse=True)
def rules(cast: Cast) -> None:
    put_in_force(cast)


def offered(page: str) -> list[str]:
    return [title for _url, title in LINK.findall(page)]


# ---- choosing


def test_the_categories_are_the_catalogues_and_deductions_are_not_among_them(villager: Visitor) -> None:
    page = villager.read(LIST)
    assert re.findall(r'<span class="center">([^<]+)</span>', page) == ["村级事务", "公益"]
    assert offered(page) == ["清理河道", "投工修路", "评上文明家庭", "新修道路"]
    assert "乱堆垃圾" not in page + villager.read(LIST, category="2")


def test_what_each_gives_stands_in_words_and_as_a_figure(villager: Visitor) -> None:
    page = villager.read(LIST) + villager.read(LIST, category="2")
    for words in (
        "每人每次6分，每月最多2次",
        "每小时2分，每月最多10小时",
        "村级10分、镇级20分",
        "每次70分，一起做的平分",
        "一事一议",
        "每次3分",
    ):
        assert words in page
    figures = re.findall(r'<span class="pts plus num fs-3">([^<]+)<', page)
    assert figures == ["+6", "+2", "+10～20", "+70", "+3", "+3"]


def test_what_cannot_be_declared_today_says_why(cast: Cast, villager: Visitor) -> None:
    for person in people(cast):
        person.is_party_member = False
        person.save(update_fields=["is_party_member"])
    page = villager.read(LIST, category="2")
    assert offered(page) == ["捐物", "种树", "监督台"]
    assert CLOSED.findall(page) == [
        ("巡河防溺水", "现在不在时候：2026年6月1日至2026年9月30日"),
        ("孝老爱亲", "由邻居来报，不用自己报"),
        ("党员带头", "只评党员"),
    ]


def test_a_party_member_of_the_household_may_be_declared_for(cast: Cast, villager: Visitor) -> None:
    first, *_others = people(cast)
    first.is_party_member = True
    first.save(update_fields=["is_party_member"])
    assert "党员带头" in offered(villager.read(LIST, category="2"))
    page = villager.read(form_path(cast, "党员带头"))
    assert page.count('name="people"') == sum(person.is_party_member for person in people(cast))


def test_whom_the_scheme_leaves_outside_finds_nothing_open(cast: Cast, villager: Visitor) -> None:
    leave_outside(cast.village, Trait.ABSENT, clock.today())
    Resident.objects.filter(household=cast.household("018")).update(lives_elsewhere=True)
    assert ("清理河道", "不评常年不在村的人") in CLOSED.findall(villager.read(LIST))


def test_a_cap_that_is_reached_is_foreseen(cast: Cast, villager: Visitor, neighbour: Visitor) -> None:
    for day in (1, 2):
        done_before(cast, "清理河道", date(2026, 11, day))
    assert ("清理河道", "本月这一项已记2次，满了") in CLOSED.findall(villager.read(LIST))
    assert "清理河道" in offered(neighbour.read(LIST))
    form = villager.read(form_path(cast, "清理河道"))
    assert "现在不能报：本月这一项已记2次，满了" in form
    assert "提交申报" not in form.split('class="dock"')[1]
    family(cast, "田豆苗")  # who has not done it yet
    assert "清理河道" in offered(villager.read(LIST))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("河道", ["清理河道"]),
        ("qlhd", ["清理河道"]),
        ("zhongshu", ["种树"]),
        ("ZS", ["种树"]),
        ("公益", ["捐物", "种树", "监督台"]),
        ("乱堆", []),
        ("%", []),
        ("\0", []),
        ("长" * 500, []),
    ],
)
def test_one_searches_by_words_pinyin_and_initials(villager: Visitor, text: str, found: list[str]) -> None:
    assert offered(villager.read(LIST, q=text)) == found


def test_what_is_not_found_leads_to_somebody(villager: Visitor) -> None:
    page = villager.read(LIST, q="养猪<b>")
    assert "没有找到“养猪&lt;b&gt;”" in page
    assert "找不到？" in page


def test_the_list_costs_the_same_for_one_indicator_and_for_many(cast: Cast, villager: Visitor) -> None:
    counts = []
    for parameters in ({"q": "河道"}, {"category": "1"}):
        with CaptureQueriesContext(connection) as caught:
            villager.read(LIST, **parameters)
        counts.append(len(caught))
    family(cast, *(f"田{name}" for name in "甲乙丙丁戊"))
    for day in (1, 2):
        done_before(cast, "清理河道", date(2026, 11, day))
    with CaptureQueriesContext(connection) as caught:
        villager.read(LIST, category="1")
    counts.append(len(caught))
    assert counts[0] == counts[1] == counts[2] <= 25


def test_without_a_catalogue_in_force_it_says_so(cast: Cast, villager: Visitor) -> None:
    Catalogue.objects.update(state="draft", in_force_from=None, in_force_until=None)
    assert "现在没有可以申报的" in villager.read(LIST)


# ---- one declaration


def test_a_deed_is_declared(cast: Cast, villager: Visitor) -> None:
    first, second, _third = family(cast, "田豆苗", "田禾苗")
    deed = declared(
        villager, cast, "清理河道", people=[first.pk, second.pk], place="村口", note="清了两个小时"
    )
    assert (deed.source, deed.state, deed.day) == (Source.SELF, "submitted", date(2026, 11, 2))
    assert (deed.brought_by_kind, deed.brought_by_id) == ("card", cast.household("018").pk)
    assert deed.description == "村口，清了两个小时"
    assert [share.resident for share in deed.shares.order_by("id")] == [first, second]


def test_the_done_page_says_who_does_what_by_when(cast: Cast, villager: Visitor) -> None:
    first, *_others = people(cast)
    answer = declare(villager, cast, "清理河道", people=first.pk)
    page = villager.read(answer["Location"])
    for words in ("报上了", "清理河道", first.name, "预计<span", "+6分", f"申报号 {Deed.objects.get().pk}"):
        assert words in page
    steps = [re.sub("<[^>]+>", " ", line).split() for line in re.findall("<li.*?</li>", page)]
    assert steps == [
        ["11月2日", "报上了"],
        ["11月9日以前", "网格员桑叶青核实"],
        ["11月15日以前", "评议会评定"],
        ["12月10日以前", "张榜公示"],
        ["12月15日以前", "没有异议就入账，可以兑换"],
    ]


def test_the_form_says_what_it_would_bring_before_it_is_sent(cast: Cast, villager: Visitor) -> None:
    path = form_path(cast, "清理河道")
    first, second = family(cast, "田豆苗")
    (key,) = KEY.findall(villager.read(path))
    sent = {"key": key, "day": TODAY, "people": [first.pk, second.pk]}
    page = villager.post(path, {**sent, "look": "1"})
    fragment = villager.post(f"{path}foreseen/", sent).content.decode()
    assert page.status_code == 200
    for text in (page.content.decode(), fragment):
        assert "2人，预计" in text
        assert "+12<small" in text
        assert "清理河道，每次6分，这次加6分" in text
    assert not Deed.objects.exists()


def test_limits_are_a_warning_with_the_reason(cast: Cast, villager: Visitor) -> None:
    path = form_path(cast, "投工修路")
    sent = {"day": TODAY, "amount": "12"}
    fragment = villager.post(f"{path}foreseen/", sent).content.decode()
    assert "+20<small" in fragment
    assert "报了12小时，本月最多算10小时" in fragment
    assert "note gold" in fragment
    deed = declared(villager, cast, "投工修路", amount="12")
    assert deed.shares.get().amount == 720


def test_where_the_meeting_says_how_much_nothing_is_promised(cast: Cast, villager: Visitor) -> None:
    fragment = villager.post(f"{form_path(cast, '捐物')}foreseen/", {"day": TODAY}).content.decode()
    assert "评了才知道" in fragment
    deed = declared(villager, cast, "捐物", note="两袋米")
    assert "预计" not in villager.read(f"/my/declared/{deed.public_id}/")


def test_a_row_of_the_table_is_chosen(cast: Cast, villager: Visitor) -> None:
    page = villager.read(form_path(cast, "评上文明家庭"))
    assert re.findall(r'name="row" value="([^"]+)"', page) == ["村级", "镇级"]
    deed = declared(villager, cast, "评上文明家庭", row="镇级")
    assert deed.shares.get().level == "town"


def test_an_item_with_two_sides_is_declared_on_the_awarding_one(cast: Cast, villager: Visitor) -> None:
    assert declared(villager, cast, "监督台").shares.get().side == "award"


def test_others_who_did_it_are_named_by_number_and_told_masked(cast: Cast, villager: Visitor) -> None:
    path = form_path(cast, "新修道路")
    fragment = villager.post(f"{path}foreseen/", {"day": TODAY, "others": "4、050"}).content.decode()
    assert "麦＊香（004）" in fragment
    assert "麦穗香" not in fragment
    assert "+23.34<small" in fragment
    deed = declared(villager, cast, "新修道路", others="4 050，018")
    numbers = list(deed.shares.order_by("id").values_list("household__number", flat=True))
    assert numbers == ["018", "004", "050"]


def test_only_what_is_divided_asks_for_others(cast: Cast, villager: Visitor) -> None:
    assert 'name="others"' not in villager.read(form_path(cast, "清理河道"))
    deed = declared(villager, cast, "投工修路", amount="2", others="004")
    assert deed.shares.count() == 1


def test_yesterday_and_another_day_can_be_chosen(cast: Cast, villager: Visitor) -> None:
    assert declared(villager, cast, "捐物", day="2026-11-01").day == date(2026, 11, 1)
    assert declared(villager, cast, "捐物", day="other", other_date="2026-10-20").day == date(2026, 10, 20)


def test_a_member_alone_in_the_house_is_ticked(cast: Cast, villager: Visitor, neighbour: Visitor) -> None:
    path = form_path(cast, "清理河道")
    ticks = re.compile(r'name="people" value="\d+"( checked)?')
    assert ticks.findall(villager.read(path)) == [" checked"]
    assert ticks.findall(neighbour.read(path)) == ["", "", ""]


REFUSED = {
    "nobody": ("清理河道", {}, "请选是谁参加的"),
    "somebody else": ("清理河道", {"people": "999999"}, "请选是谁参加的"),
    "no amount": ("投工修路", {"amount": ""}, "按小时计分"),
    "words for an amount": ("投工修路", {"amount": "两个"}, "按小时计分"),
    "no row": ("评上文明家庭", {}, "请写清是哪一档"),
    "an unknown row": ("评上文明家庭", {"row": "国家级"}, "请写清是哪一档"),
    "no day": ("捐物", {"day": ""}, "请选是哪一天"),
    "no such day": ("捐物", {"day": "other", "other_date": "2026-02-30"}, "请选是哪一天"),
    "a day to come": ("捐物", {"day": "other", "other_date": "2026-11-03"}, "还没到"),
    "a day of before": ("捐物", {"day": "other", "other_date": "2025-11-03"}, "没有"),
    "an unknown number": ("新修道路", {"others": "999"}, "没有户号是“999”的户"),
    "a long place": ("捐物", {"place": "村" * 61}, "最多60个字"),
    "a long note": ("捐物", {"note": "好" * 501}, "最多500个字"),
    "no photo": ("种树", {}, "要有照片"),
    "out of season": ("巡河防溺水", {}, "不适用"),
    "another's to bring": ("孝老爱亲", {}, "由邻居来报"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(cast: Cast, villager: Visitor, case: str) -> None:
    title, typed, words = REFUSED[case]
    if case == "out of season":
        typed = {"people": str(people(cast)[0].pk)}
    answer = declare(villager, cast, title, **{"note": "一句<b>话", **typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert any(words in problem for problem in problems(answer)), problems(answer)
    if len(typed.get("note", "")) < 100:
        assert "一句&lt;b&gt;话</textarea>" in page
    for name in ("amount", "others", "place"):
        if name in typed:
            assert f'name="{name}" value="{typed[name]}"' in page
    assert not Deed.objects.exists()


@pytest.mark.parametrize("role", ["", "看的"])
def test_who_played_which_part_is_asked_where_each_gets_its_own(
    cast: Cast, villager: Visitor, role: str
) -> None:
    row = {"板块": "公益", "编号": "1", "指标": "排练节目", "分值": "书记加5分、主任加3分", "对象": "户"}
    in_force(SYSTEM, cast.village, date(2026, 3, 1), row)
    assert 'name="row"' not in villager.read(form_path(cast, "排练节目"))
    answer = declare(villager, cast, "排练节目", role=role)
    assert answer.status_code == 422
    assert any("请写清是哪一种：书记、主任" in problem for problem in problems(answer)), problems(answer)
    assert declared(villager, cast, "排练节目", role="主任").shares.get().role == "主任"


def test_the_ticked_people_and_the_key_are_kept(cast: Cast, villager: Visitor) -> None:
    first, *_others = people(cast)
    path = form_path(cast, "清理河道")
    (key,) = KEY.findall(villager.read(path))
    page = villager.post(path, {"key": key, "people": first.pk, "day": ""}).content.decode()
    assert re.findall(r'name="people" value="(\d+)" checked', page) == [str(first.pk)]
    assert KEY.findall(page) == [key]


def test_a_form_sent_twice_counts_once(cast: Cast, villager: Visitor) -> None:
    path = form_path(cast, "捐物")
    (key,) = KEY.findall(villager.read(path))
    once, twice = (villager.post(path, {"key": key, "day": TODAY}) for _time in range(2))
    assert once["Location"] == twice["Location"]
    assert Deed.objects.count() == 1


def test_ones_form_is_not_anothers(cast: Cast, villager: Visitor, neighbour: Visitor) -> None:
    path = form_path(cast, "捐物")
    (key,) = KEY.findall(villager.read(path))
    for visitor in (villager, neighbour):
        assert visitor.post(path, {"key": key, "day": TODAY}).status_code == 302
    assert Share.objects.values("household").distinct().count() == 2


@pytest.mark.parametrize("key", ["", "1", "\0", "长" * 5000])
def test_a_number_that_we_did_not_draw_does_no_harm(cast: Cast, villager: Visitor, key: str) -> None:
    path = form_path(cast, "捐物")
    assert villager.post(path, {"key": key, "day": TODAY, "note": "米\0"}).status_code == 302
    assert Deed.objects.get().description == "米"


def test_what_is_no_declarable_indicator_is_not_there(cast: Cast, villager: Visitor) -> None:
    for path in (form_path(cast, "乱堆垃圾"), "/my/declare/0/", "/my/declare/99999999/"):
        assert villager.get(path).status_code == 404
        assert villager.post(path, {"day": TODAY}).status_code == 404
        assert villager.post(f"{path}foreseen/", {"day": TODAY}).status_code == 404
    assert not Deed.objects.exists()


def test_another_households_people_cannot_be_named(cast: Cast, villager: Visitor) -> None:
    stranger = people(cast, "004")[0]
    answer = declare(villager, cast, "清理河道", people=stranger.pk)
    assert answer.status_code == 422
    assert stranger.name not in answer.content.decode()


def test_the_done_page_is_the_households_alone(
    cast: Cast, villager: Visitor, neighbour: Visitor, outsider: Visitor
) -> None:
    deed = declared(villager, cast, "捐物")
    path = f"/my/declared/{deed.public_id}/"
    assert neighbour.get(path).status_code == 404
    assert outsider.get(path).status_code == 302


def test_the_form_costs_the_same_for_a_small_and_a_large_household(cast: Cast, villager: Visitor) -> None:
    counts = []
    path = form_path(cast, "清理河道")
    for _time in range(2):
        sent = {"day": TODAY, "people": [person.pk for person in people(cast)], "look": "1"}
        with CaptureQueriesContext(connection) as caught:
            assert villager.post(path, sent).status_code == 200
        counts.append(len(caught))
        family(cast, *(f"田{name}" for name in "甲乙丙丁戊"))
    assert counts[0] == counts[1] <= 60
