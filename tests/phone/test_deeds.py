"""A household's own deeds on the phone: every state with its reason, its way, its photos, and what can be done."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.people.members import member_of
from tests.phone.declaring import (
    KEPT,
    declared,
    done_before,
    family,
    form_path,
    people,
    problems,
    put_in_force,
)
from tests.records.samples import picture, xlsx
from tests.scoring.cast import (
    AFTER,
    a_deed,
    a_meeting,
    actor,
    bring,
    noticed,
    settled,
    verified,
)
from tests.web import Visitor, signed_in
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.operations.helping import begin_helping
from xiangyue.records.models import LoggedAct
from xiangyue.scoring.models import Deed, DeedState, Source, Verdict
from xiangyue.scoring.operations.bringing import bring_deeds
from xiangyue.scoring.operations.meetings import Ruling, decide_deeds
from xiangyue.scoring.operations.objections import lodge_objection
from xiangyue.scoring.operations.review import reject_deed, return_deed, verify_deeds
from xiangyue.scoring.own_deeds import deeds_of
from xiangyue.scoring.way import verifiers_of
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.models import User

LIST = "/my/deeds/"
LINE = re.compile(
    r'href="/my/deeds/[^"]+"><span class="cat[^>]*>.*?<span class="t">([^<]+)</span>'
    r'.*?<span class="badge ?[a-z]*">([^<]+)</span>'
)


@pytest.fixture
def rules(cast: Cast) -> None:
    put_in_force(cast)


def path_of(deed: Deed, tail: str = "") -> str:
    return f"{LIST}{deed.public_id}/{tail}"


def steps(page: str) -> list[list[str]]:
    return [re.sub("<[^>]+>", " ", line).split() for line in re.findall(r"<li.*?</li>", page, re.DOTALL)]


def listed(visitor: Visitor, stand: str = "") -> list[tuple[str, str]]:
    return LINE.findall(visitor.read(LIST, **({"stand": stand} if stand else {})))


@pytest.fixture
def every_state(cast: Cast, rules: None, villager: Visitor) -> dict[str, Deed]:
    """One deed of household 018 in each state."""
    made = {
        name: declared(villager, cast, "捐物", note=name) for name in ("submitted", "returned", "rejected")
    }
    return_deed(actor=cast.grid_leader, deed_id=made["returned"].pk, reason="缺收据")
    reject_deed(actor=cast.grid_leader, deed_id=made["rejected"].pk, reason="查过了，没有这回事")
    made["withdrawn"] = declared(villager, cast, "种树", photos=[a_photo()])
    villager.post(path_of(made["withdrawn"], "withdraw/"))
    made["verified"] = declared(villager, cast, "投工修路", amount="2")
    verify_deeds(actor=cast.grid_leader, deed_ids=[made["verified"].pk])
    made["approved"] = done_before(cast, "清理河道", date(2026, 11, 1)).deed
    made["voted down"] = voted_down(cast, villager)
    return made


def voted_down(cast: Cast, villager: Visitor) -> Deed:
    deed = declared(villager, cast, "评上文明家庭", row="村级")
    verify_deeds(actor=cast.grid_leader, deed_ids=[deed.pk])
    meeting = a_meeting(cast.village)
    ruling = Ruling(deed.shares.get().pk, Verdict.REJECT, reason="名单上没有")
    decide_deeds(actor=actor("柏长青"), meeting_id=meeting.pk, rulings=[ruling])
    return deed


def a_photo(colour: str = "green") -> SimpleUploadedFile:
    return SimpleUploadedFile("树.jpg", picture(900, 600, colour=colour), "image/jpeg")


# ---- the list


def test_every_state_is_told_in_a_word_and_with_its_reason(
    villager: Visitor, every_state: dict[str, Deed]
) -> None:
    assert sorted(listed(villager)) == sorted(
        [
            ("捐物", "待核实"),
            ("捐物", "退回补充"),
            ("捐物", "未通过"),
            ("种树", "已撤回"),
            ("投工修路", "待评议"),
            ("清理河道", "等张榜"),
            ("评上文明家庭", "未通过"),
        ]
    )
    page = villager.read(LIST)
    for words in ("要补充：缺收据", "查过了，没有这回事", "名单上没有"):
        assert words in page


def test_the_list_is_filtered_by_where_a_deed_is(villager: Visitor, every_state: dict[str, Deed]) -> None:
    found = {
        stand: {title for title, _badge in listed(villager, stand)}
        for stand in ("waiting", "returned", "ended")
    }
    assert found == {
        "waiting": {"捐物", "投工修路", "清理河道"},
        "returned": {"捐物"},
        "ended": {"捐物", "种树", "评上文明家庭"},
    }
    assert [listed(villager, stand) for stand in ("noticed", "posted")] == [[], []]
    assert "这里还没有" in villager.read(LIST, stand="posted")
    assert len(listed(villager, "nonsense")) == len(every_state)


def test_on_notice_and_posted_are_told(cast: Cast, villager: Visitor) -> None:
    noticed(cast.village, a_deed(cast.village, "018", "004"))
    assert listed(villager) == listed(villager, "noticed") == [("参加公共劳动", "公示中")]
    assert listed(villager, "posted") == []
    settled(cast.village)
    assert listed(villager) == listed(villager, "posted") == [("参加公共劳动", "已入账")]


def test_what_a_cap_took_is_said(cast: Cast, rules: None, villager: Visitor) -> None:
    for day in (1, 1, 2):
        share = done_before(cast, "清理河道", date(2026, 11, day))
    assert "到了上限，少记6分" in villager.read(LIST)
    page = villager.read(path_of(share.deed))
    assert "本月这一项已记2次，满了" in page


def test_a_long_list_is_leafed_through(cast: Cast, villager: Visitor) -> None:
    bring(SYSTEM, *(a_deed(cast.village, "018") for _time in range(45)))
    pages = [len(LINE.findall(villager.read(LIST, page=str(number)))) for number in (1, 2, 3)]
    assert pages == [20, 20, 5]
    assert 'href="?page=2"' in villager.read(LIST)
    assert 'href="?stand=waiting&amp;page=2"' in villager.read(LIST, stand="waiting")
    for text in ("0", "-1", "x", "99999999999999999999"):
        assert villager.get(LIST, {"page": text}).status_code == 200


@pytest.mark.parametrize("stand", ["", "waiting"])
def test_the_list_costs_the_same_for_one_deed_and_for_many(cast: Cast, villager: Visitor, stand: str) -> None:
    counts = []
    for number in (1, 19):
        verified(*(a_deed(cast.village, "018") for _time in range(number)))
        with CaptureQueriesContext(connection) as caught:
            villager.read(LIST, stand=stand)
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 14


def test_nothing_yet_leads_to_declaring(villager: Visitor) -> None:
    page = villager.read(LIST)
    assert "还没有报过" in page
    assert 'class="btn primary" href="/my/declare/"' in page


# ---- one deed


def test_the_way_tells_who_did_what(cast: Cast, rules: None, villager: Visitor) -> None:
    deed = declared(villager, cast, "投工修路", amount="2", place="东沟")
    page = villager.read(path_of(deed))
    for words in ("自己报的", "东沟", "还没评，预计", "+4分", "投工修路，每小时2分，2小时合4分"):
        assert words in page
    assert steps(page)[1] == ["11月9日以前", "网格员桑叶青核实"]
    verify_deeds(actor=cast.grid_leader, deed_ids=[deed.pk])
    assert steps(villager.read(path_of(deed)))[1] == ["11月2日", "网格员桑叶青核实了"]


def test_who_must_leave_it_to_others_is_not_named(cast: Cast, rules: None) -> None:
    """The grid leader's own deed is verified by somebody else."""
    (deed,) = bring(
        cast.grid_leader, a_deed(cast.village, "013", of="5", day=date(2026, 11, 1)), source=Source.SELF
    )
    home = cast.household("013")
    names = verifiers_of(deeds_of(home).get(pk=deed.pk), home)
    assert "桑叶青" not in names.names
    assert names.names


def test_the_way_of_what_hangs_and_is_posted_has_its_own_days(cast: Cast, villager: Visitor) -> None:
    notice = noticed(cast.village, a_deed(cast.village, "018", note="清扫"))
    deed = Deed.objects.get()
    page = villager.read(path_of(deed))
    assert steps(page)[2:] == [
        ["11月2日", "评议会评定了"],
        ["11月2日至6日", "张榜公示"],
        ["11月7日", "没有异议就入账，可以兑换"],
    ]
    line = notice.sheets.get(lines__household__number="018").lines.get()
    assert f"/my/object/?target=line-{line.pk}" in page
    assert "第10期第1条" in page
    settled(cast.village)
    with clock.as_of(AFTER):
        assert steps(villager.read(path_of(deed)))[-1] == ["11月7日", "入账了，可以兑换"]


def test_what_is_objected_to_waits(cast: Cast, villager: Visitor) -> None:
    notice = noticed(cast.village, a_deed(cast.village, "018"))
    line = notice.sheets.get(lines__household__number="018").lines.get()
    lodge_objection(
        actor=cast.villager, target=line, household_id=cast.household("018").pk, text="少了", key="k"
    )
    assert "有异议，先不入账" in villager.read(LIST)
    assert "有异议，先不入账" in villager.read(path_of(Deed.objects.get()))


def test_a_shared_deed_shows_the_own_share_alone(
    cast: Cast, rules: None, villager: Visitor, neighbour: Visitor
) -> None:
    deed = declared(villager, cast, "新修道路", others="004 050")
    page = villager.read(path_of(deed))
    assert '预计<b class="gain num nb">+23.34分' in page
    assert "几户一起做的，这里只写您家的分" in page
    assert "麦" not in page.replace("麦春芽", "")
    assert "050" not in re.sub(r"<[^>]+>", "", page)  # addresses and tokens hold any figures
    theirs = neighbour.read(path_of(deed))
    assert "一起做的人家报的" in theirs
    assert "田禾生" not in theirs
    assert "报错了，撤回来" not in theirs
    assert neighbour.post(path_of(deed, "withdraw/")).status_code == 422


def test_which_neighbour_recommended_it_is_not_told(cast: Cast, villager: Visitor) -> None:
    (deed,) = bring(cast.neighbour, a_deed(cast.village, "018"), source=Source.NEIGHBOUR)
    page = villager.read(path_of(deed))
    assert "邻居推荐" in page
    assert "麦穗香" not in page


def test_a_deed_is_its_households_alone(
    cast: Cast, villager: Visitor, neighbour: Visitor, outsider: Visitor
) -> None:
    (deed,) = bring(SYSTEM, a_deed(cast.village, "018"))
    for tail in ("", "amend/"):
        assert neighbour.get(path_of(deed, tail)).status_code == 404
    assert neighbour.post(path_of(deed, "withdraw/")).status_code == 404
    assert outsider.get(path_of(deed)).status_code == 302
    assert villager.get("/my/deeds/0199aaaa-0000-7000-8000-000000000000/").status_code == 404


def test_a_deeds_page_costs_the_same_for_one_share_and_for_many(
    cast: Cast, rules: None, villager: Visitor
) -> None:
    counts = []
    for _time in range(2):
        deed = declared(villager, cast, "清理河道", people=[person.pk for person in people(cast)])
        with CaptureQueriesContext(connection) as caught:
            villager.read(path_of(deed))
        counts.append(len(caught))
        family(cast, *(f"田{name}" for name in "甲乙丙丁戊"))
    assert counts[0] == counts[1]


# ---- taking back, bringing again


def test_a_deed_is_taken_back_and_twice_does_no_harm(cast: Cast, rules: None, villager: Visitor) -> None:
    deed = declared(villager, cast, "捐物")
    assert "报错了，撤回来" in villager.read(path_of(deed))
    for _time in range(2):
        assert villager.post(path_of(deed, "withdraw/"))["Location"] == path_of(deed)
    page = villager.read(path_of(deed))
    assert "已撤回" in page
    assert "报错了，撤回来" not in page
    assert steps(page)[-1] == ["11月2日", "撤回了"]


def test_what_is_decided_is_not_taken_back(cast: Cast, rules: None, villager: Visitor) -> None:
    deed = declared(villager, cast, "捐物")
    verify_deeds(actor=cast.grid_leader, deed_ids=[deed.pk])
    share = deed.shares.get()
    decide_deeds(
        actor=actor("柏长青"),
        meeting_id=a_meeting(cast.village).pk,
        rulings=[Ruling(share.pk, Verdict.ADJUST, points=500, reason="两袋米")],
    )
    assert "报错了，撤回来" not in villager.read(path_of(deed))
    answer = villager.post(path_of(deed, "withdraw/"))
    assert answer.status_code == 422
    assert "不能撤回" in answer.content.decode()


def test_what_others_brought_is_not_theirs_to_take_back(cast: Cast, villager: Visitor) -> None:
    (deed,) = bring(cast.grid_leader, a_deed(cast.village, "018"), source=Source.LEADER)
    assert "报错了，撤回来" not in villager.read(path_of(deed))
    assert villager.post(path_of(deed, "withdraw/")).status_code == 422
    return_deed(actor=cast.secretary, deed_id=deed.pk, reason="写清楚")
    assert villager.get(path_of(deed, "amend/"))["Location"] == path_of(deed)


def test_a_returned_deed_is_brought_again_with_what_was_missing(
    cast: Cast, rules: None, villager: Visitor
) -> None:
    deed = declared(villager, cast, "种树", note="种了三棵", photos=[a_photo()])
    return_deed(actor=cast.grid_leader, deed_id=deed.pk, reason="照片看不清，请再拍一张")
    page = villager.read(path_of(deed))
    assert "网格员桑叶青" in page
    assert "照片看不清，请再拍一张" in page
    assert f'class="btn primary" href="{path_of(deed, "amend/")}"' in page
    assert steps(page)[-1] == ["11月2日", "网格员桑叶青退回来了，请补充"]
    form = villager.read(path_of(deed, "amend/"))
    assert ">种了三棵</textarea>" in form
    sent = {"text": "种了三棵，在东沟", "photos": [a_photo("red")]}
    assert villager.post(path_of(deed, "amend/"), sent)["Location"] == path_of(deed)
    deed.refresh_from_db()
    assert (deed.state, deed.description) == ("submitted", "种了三棵，在东沟")
    assert deed.evidence.count() == 2
    assert villager.post(path_of(deed, "amend/"), sent)["Location"] == path_of(deed)  # sent twice
    assert deed.evidence.count() == 2


def test_what_is_wrong_with_an_amendment_is_said_and_all_of_it_kept(
    cast: Cast, rules: None, villager: Visitor
) -> None:
    deed = declared(villager, cast, "捐物")
    return_deed(actor=cast.grid_leader, deed_id=deed.pk, reason="写清楚")
    answer = villager.post(path_of(deed, "amend/"), {"text": "好" * 501, "photos": [a_photo()]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert problems(answer) == ["写得太长了，最多500个字。"]
    assert "好" * 501 in page
    (token,) = KEPT.findall(page)
    dropped = villager.post(path_of(deed, "amend/"), {"text": "米", "kept": token, "drop": token})
    assert (dropped.status_code, KEPT.findall(dropped.content.decode())) == (200, [])
    bad = SimpleUploadedFile("a.pdf", b"%PDF-1.7\n")
    assert villager.post(path_of(deed, "amend/"), {"text": "米", "photos": [bad]}).status_code == 422
    deed.refresh_from_db()
    assert deed.state == DeedState.RETURNED


# ---- by card, as a member, on behalf


def test_a_member_goes_on_with_what_the_card_declared(
    cast: Cast, rules: None, peopled: Jurisdiction, villager: Visitor
) -> None:
    deed = declared(villager, cast, "捐物")
    head = people(cast)[0]
    member = member_of(cast.household("018"), head.name)
    head.user_id = member.user_id
    head.save(update_fields=["user"])
    phone = signed_in(peopled, User.objects.get(pk=member.id))
    family(cast, "田豆苗")
    form = phone.read(form_path(cast, "清理河道"))
    assert re.findall(r'name="people" value="\d+"( checked)?', form) == [" checked", ""]  # the member's own
    assert phone.post(path_of(deed, "withdraw/"))["Location"] == path_of(deed)
    theirs = declared(phone, cast, "捐物")
    assert (theirs.brought_by_kind, theirs.brought_by_id) == ("user", member.id)
    assert villager.post(path_of(theirs, "withdraw/"))["Location"] == path_of(theirs)


@pytest.fixture
def helper(cast: Cast, peopled: Jurisdiction) -> Visitor:
    """桑叶青, acting for household 018."""
    visit = begin_helping(actor=cast.grid_leader, household_id=cast.household("018").pk, reason="没有手机")
    visitor = signed_in(peopled, cast.user("桑叶青"))
    session = visitor.session
    session["help"] = visit.pk
    session.save()
    return visitor


def test_on_behalf_is_shown_as_such(cast: Cast, rules: None, helper: Visitor, villager: Visitor) -> None:
    assert "您正在替<b>田禾生家</b>办" in helper.read("/my/declare/")
    assert "会写明是您代办的" in helper.read(form_path(cast, "捐物"))
    deed = declared(helper, cast, "捐物")
    assert (deed.is_on_behalf, deed.brought_by_id) == (True, cast.grid_leader.id)
    logged = LoggedAct.objects.get(subject="deed", subject_id=deed.pk)
    assert logged.on_behalf_of == cast.household("018").pk
    page = villager.read(path_of(deed))
    assert "网格员桑叶青代办的" in page
    assert "桑叶青核实" not in page  # who brought it does not verify it
    assert villager.post(path_of(deed, "withdraw/"))["Location"] == path_of(deed)


def test_on_behalf_one_goes_on_with_what_the_household_declared_and_then_does_not_verify_it(
    cast: Cast, rules: None, helper: Visitor, villager: Visitor
) -> None:
    deed = declared(villager, cast, "捐物")
    return_deed(actor=cast.secretary, deed_id=deed.pk, reason="写清楚")
    assert helper.post(path_of(deed, "amend/"), {"text": "两袋米"})["Location"] == path_of(deed)
    deed.refresh_from_db()
    assert (deed.brought_by_kind, deed.brought_by_id, deed.is_on_behalf) == (
        "user",
        cast.grid_leader.id,
        True,
    )
    logged = LoggedAct.objects.filter(subject="deed", subject_id=deed.pk, act="resubmit").get()
    assert (logged.actor_id, logged.on_behalf_of) == (cast.grid_leader.id, cast.household("018").pk)
    assert "桑叶青核实" not in villager.read(path_of(deed))


def test_on_behalf_no_other_household_is_declared_for(cast: Cast, rules: None, helper: Visitor) -> None:
    assert 'name="others"' not in helper.read(form_path(cast, "新修道路"))
    deed = declared(helper, cast, "新修道路", others="004")
    assert deed.shares.count() == 1


# ---- photos


def test_photos_are_the_households_own(
    cast: Cast, rules: None, villager: Visitor, neighbour: Visitor
) -> None:
    deed = declared(villager, cast, "种树", photos=[a_photo()])
    page = villager.read(path_of(deed))
    (whole,) = re.findall(r'<a href="([^"]+/photos/\d+/)"', page)
    (small,) = re.findall(r'<img src="([^"]+/small/)"', page)
    for path in (whole, small):
        answer = villager.get(path)
        content = b"".join(answer)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert content.startswith(b"\xff\xd8\xff")
        assert neighbour.get(path).status_code == 404
    assert len(content) <= 40_000


def test_of_another_deed_or_no_photo_nothing_is_handed_out(
    cast: Cast, villager: Visitor, neighbour: Visitor
) -> None:
    """A sheet with everybody's deeds lies with each of them; nobody gets it here."""
    (deed,) = bring_deeds(
        actor=SYSTEM,
        deeds=[a_deed(cast.village, "018")],
        source=Source.SHEET,
        evidence=[("全村.xlsx", xlsx()), ("签到表.jpg", picture())],
    )
    (theirs,) = bring_deeds(
        actor=cast.neighbour,
        deeds=[a_deed(cast.village, "004")],
        source=Source.SELF,
        evidence=[("a.jpg", picture(colour="red"))],
    )
    files = [each.file_id for each in (*deed.evidence.all(), *theirs.evidence.all())]
    for file_id in [*files, 0]:
        assert villager.get(path_of(deed, f"photos/{file_id}/")).status_code == 404
        assert villager.get(path_of(theirs, f"photos/{file_id}/")).status_code == 404
    assert "/photos/" not in villager.read(path_of(deed))
    assert neighbour.get(path_of(theirs, f"photos/{files[-1]}/")).status_code == 200


def test_the_home_page_leads_to_what_is_on_its_way(cast: Cast, rules: None, villager: Visitor) -> None:
    deed = declared(villager, cast, "清理河道", people=[person.pk for person in family(cast, "田豆苗")])
    page = villager.read("/my/home/")
    assert page.count(f'href="{path_of(deed)}"') == 1
    assert "等网格员核实" in page
