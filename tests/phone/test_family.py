"""我家: who belongs to it, its card and PINs, help, what is kept, requests and wishes; and joining a household."""

import io
import json
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from tests.cast import Cast
from tests.people.members import member_of, membership, served, with_phone
from tests.web import Visitor, signed_in, with_card
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import (
    Card,
    Consent,
    HelpVisit,
    Household,
    HouseholdRequest,
    Membership,
    MembershipClaim,
    Resident,
    Topic,
)
from xiangyue.people.operations.cards import check_till_pin, issue_card, open_with_card
from xiangyue.people.operations.claims import claim_membership, confirm_claim
from xiangyue.people.operations.consents import give_consent
from xiangyue.people.operations.helping import begin_helping
from xiangyue.people.operations.wishes import answer_request, request_correction, set_ranking
from xiangyue.people.queries import reading_of
from xiangyue.people.refusals import CardUnknown
from xiangyue.records.models import LoggedAct
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.models import User

FAMILY = "/my/family/"


@pytest.fixture
def home(cast: Cast) -> Household:
    return cast.household("018")


def post(visitor: Visitor, path: str, **fields: str) -> Any:
    return visitor.post(f"{FAMILY}{path}", fields)


def said(visitor: Visitor, answer: Any) -> str:
    """Follow a redirect; give what the page says was done."""
    assert answer.status_code == 302, answer.content.decode()
    page = visitor.read(answer["Location"])
    found = re.search(r'role="status">.*?<span>([^<]+)</span>', page)
    return found[1] if found else ""


def told_problem(answer: Any) -> str:
    assert answer.status_code == 422
    found = re.search(r'role="alert">.*?<span>([^<]+)</span>', answer.content.decode())
    return found[1] if found else ""


def as_member(peopled: Jurisdiction, home: Household, name: str = "", login: str = "u-m") -> Visitor:
    return signed_in(peopled, User.objects.get(id=member_of(home, name, login=login).id))


def names_of(home: Household) -> list[str]:
    return list(Resident.objects.filter(household=home, left_on=None).values_list("name", flat=True))


def test_the_household_finds_itself_and_nobody_else(
    cast: Cast, villager: Visitor, neighbour: Visitor, home: Household
) -> None:
    page = villager.read(FAMILY)
    assert all(name in page for name in names_of(home))
    assert "018号" in page
    assert "还没有人绑手机" in page
    assert 'aria-current="page"' in page
    assert not any(name in neighbour.read(FAMILY) for name in names_of(home))
    assert "/my/who/" not in page  # a card is of one household


def test_it_costs_as_many_queries_for_many_as_for_few(
    peopled: Jurisdiction, cast: Cast, home: Household
) -> None:
    visitor = as_member(peopled, home)
    addresses = ("", "help/", "records/", "requests/", "consents/")

    def costs() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                visitor.read(f"{FAMILY}{address}")
            found.append(len(queries))
        return found

    _fill(cast, home, 1)
    costs()  # what is read once and kept by the process is read now
    few = costs()
    _fill(cast, home, 12)
    assert costs() == few


def _fill(cast: Cast, home: Household, count: int) -> None:
    own = Actor.card(home.pk)
    for number in range(count):
        mark = f"{count}-{number}"
        member_of(home, login=f"u-{mark}")
        claim_membership(actor=with_phone(f"c-{mark}"), household_id=home.pk, name="谁")
        made = request_correction(actor=own, household_id=home.pk, what=Topic.OTHER, text=mark)
        answer_request(actor=SYSTEM, request_id=made.pk, is_done=True, answer="好")
        give_consent(actor=own, household_id=home.pk, receiver=mark, purpose="看", until=date(2027, 1, 1))
        set_ranking(actor=own, household_id=home.pk, is_ranked=number % 2 == 1)
        HelpVisit.objects.create(
            helper=cast.user("桑叶青"), household=home, asked_at=clock.now(), ended_at=clock.now()
        )


def test_a_lost_card_is_stopped_and_another_asked_for(
    peopled: Jurisdiction, cast: Cast, home: Household
) -> None:
    visitor, card = as_member(peopled, home), issue_card(actor=SYSTEM, household_id=home.pk)
    assert "马上停掉这张卡" in visitor.read(f"{FAMILY}card/")
    assert said(visitor, post(visitor, "card/", action="stop")) == "卡停了，现在谁也不能用。"
    with pytest.raises(CardUnknown):
        open_with_card(token=card.token, pin=card.pin)
    assert "没有能用的卡" in told_problem(post(visitor, "card/", action="stop"))
    assert said(visitor, post(visitor, "card/", action="ask")) == "记下了，等村里发新卡。"
    assert "11月17日以前办好" in visitor.read(f"{FAMILY}card/")
    assert "等新卡" in visitor.read(FAMILY)
    assert HouseholdRequest.objects.get().wanted == "card"
    assert post(visitor, "card/", action="other").status_code == 404


def test_whoever_stops_the_card_that_they_came_with_is_out(villager: Visitor) -> None:
    post(villager, "card/", action="stop")
    assert villager.get(FAMILY).status_code == 302


def test_both_pins_are_changed_and_nothing_typed_is_kept(
    peopled: Jurisdiction, cast: Cast, home: Household
) -> None:
    visitor, card = as_member(peopled, home), issue_card(actor=SYSTEM, household_id=home.pk)
    door, till = {"old": card.pin, "new": "395728"}, {"old": card.till_pin, "new": "3957"}
    if card.till_pin == "3957":
        till["new"] = "8306"
    assert "两次" in told_problem(post(visitor, "pin/sign-in/", **door, again="1"))
    assert "太好猜" in told_problem(post(visitor, "pin/sign-in/", old=card.pin, new="123456", again="123456"))
    wrong = post(visitor, "pin/sign-in/", old="000001", new="395728", again="395728")
    assert "还可以试4次" in told_problem(wrong)
    assert "395728" not in wrong.content.decode()
    assert said(visitor, post(visitor, "pin/sign-in/", **door, again=door["new"])).startswith("密码改好了")
    assert said(visitor, post(visitor, "pin/till/", **till, again=till["new"])).startswith("密码改好了")
    assert open_with_card(token=card.token, pin="395728") == home
    check_till_pin(actor=cast.shopkeeper, household_id=home.pk, pin=till["new"])
    assert visitor.get(f"{FAMILY}pin/other/").status_code == 404


def test_a_code_for_one_more_phone_is_told_once(
    villager: Visitor, home: Household, peopled: Jurisdiction
) -> None:
    page = post(villager, "code/").content.decode()
    found = re.search(r"big-code\">([0-9A-Z ]+)<", page)
    assert found
    assert found[1].replace(" ", "") not in villager.read(FAMILY)
    newcomer = with_phone()
    visitor = signed_in(peopled, User.objects.get(id=newcomer.id))
    fields = {"way": "code", "village": str(home.village_id), "number": "018", "code": found[1].lower()}
    answer = visitor.post("/my/join/", fields)
    assert answer["Location"] == "/my/home/"
    assert served(newcomer) == ["018"]
    assert "田禾生家" in visitor.read("/my/home/")
    Card.objects.update(revoked_at=clock.now())
    assert "没有能用的卡" in told_problem(visitor.post(f"{FAMILY}code/"))


def test_a_member_is_kept_from_the_till_and_sent_away(
    peopled: Jurisdiction, villager: Visitor, neighbour: Visitor, home: Household
) -> None:
    child = member_of(home, login="u-child")
    theirs = membership(child, home)
    path = f"members/{theirs.pk}/"
    assert said(villager, post(villager, path, action="no-redeem")) == "改好了。"
    assert "不能兑换" in villager.read(FAMILY)
    assert said(villager, post(villager, path, action="redeem")) == "改好了。"
    assert post(villager, path, action="nothing").status_code == 404
    assert Membership.objects.get(id=theirs.pk).may_redeem
    for method in (neighbour.get, neighbour.post):
        assert method(f"{FAMILY}{path}").status_code == 404
    visitor = signed_in(peopled, User.objects.get(id=child.id))
    assert said(villager, post(villager, path, action="end")) == "解除了，他不能再替我家办事。"
    assert visitor.get(FAMILY)["Location"] == "/my/who/"
    assert villager.get(f"{FAMILY}{path}").status_code == 404


def test_the_household_says_that_a_claimant_is_not_of_it(
    peopled: Jurisdiction, villager: Visitor, neighbour: Visitor, home: Household
) -> None:
    claim = claim_membership(actor=with_phone(), household_id=home.pk, name="田有余")
    assert "有人说是您家的" in villager.read(FAMILY)
    assert post(neighbour, f"claims/{claim.pk}/").status_code == 404
    assert said(villager, post(villager, f"claims/{claim.pk}/")) == "答复了：不是我家的人。"
    assert "田有余" not in villager.read(FAMILY)
    visitor = signed_in(peopled, claim.user)
    assert "这一户说，不是家里的人。" in visitor.read("/my/join/")


def test_the_household_sees_who_acts_for_it_and_may_be_asked_first(
    cast: Cast, villager: Visitor, neighbour: Visitor, home: Household
) -> None:
    assert "还没有人替我家代办过" in villager.read(FAMILY)
    begin_helping(actor=cast.grid_leader, household_id=home.pk, reason="报打扫")
    request_correction(actor=cast.grid_leader, household_id=home.pk, what=Topic.NAME, text="错了")
    page = villager.read(f"{FAMILY}help/")
    assert "正在代办" in page
    assert "报打扫" in page
    assert "提了请求" in page
    assert said(villager, post(villager, "help/", action="ask-first")) == "改好了。"
    visit = begin_helping(actor=cast.grid_leader, household_id=home.pk)
    assert "等您同意" in villager.read(FAMILY)
    assert "没有编号" in told_problem(post(neighbour, "help/", action="end", visit=str(visit.pk)))
    assert said(villager, post(villager, "help/", action="allow", visit=str(visit.pk))).startswith("同意了")
    assert said(villager, post(villager, "help/", action="end", visit=str(visit.pk))) == "代办结束了。"
    for number in ("", "x", "9" * 30):
        assert "没有编号" in told_problem(post(villager, "help/", action="allow", visit=number))


def test_who_acts_on_behalf_finds_no_account_consents_or_pins_there(
    peopled: Jurisdiction, cast: Cast, home: Household
) -> None:
    visitor = signed_in(peopled, cast.user("桑叶青"))
    visit = begin_helping(actor=cast.grid_leader, household_id=home.pk)
    session = visitor.session
    session["help"] = visit.pk
    session.save()
    page = visitor.read(FAMILY)
    assert "田禾生家" in page
    assert "改登录密码" not in page
    for address in ("pin/till/", "records/", "records.json", "consents/"):
        answer = visitor.get(f"{FAMILY}{address}")
        assert (answer.status_code, "只能由这一户自己办" in answer.content.decode()) == (403, True)
    assert visitor.post(f"{FAMILY}code/").status_code == 403
    assert "谁也不能代办" in told_problem(post(visitor, "wishes/", action="unrank"))
    assert said(visitor, post(visitor, "wishes/", action="large")) == "改好了。"
    assert reading_of(household_id=home.pk).is_large
    assert said(visitor, post(visitor, "requests/", topic="name", text="错了")).startswith("交上去了")
    assert HouseholdRequest.objects.get().is_on_behalf


def test_what_is_kept_is_told_and_taken_along(villager: Visitor, neighbour: Visitor, home: Household) -> None:
    page = villager.read(f"{FAMILY}records/")
    assert "家里的人" in page
    assert "发了积分卡" in page
    data = json.loads(villager.read(f"{FAMILY}records.json"))
    assert [row["name"] for row in data["residents"]] == names_of(home)
    answer = villager.get(f"{FAMILY}records.xlsx")
    assert answer["Content-Disposition"] == f'attachment; filename="household-{home.public_id}.xlsx"'
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert "家里的人" in book.sheet_names
    assert LoggedAct.objects.filter(act="take-out", subject_id=home.pk).count() == 2
    assert "下载了我家的资料" in villager.read(f"{FAMILY}records/")
    assert names_of(home)[0] not in neighbour.read(f"{FAMILY}records.json")
    assert villager.get(f"{FAMILY}records.exe").status_code == 404


def test_the_log_is_leafed_through(villager: Visitor, home: Household) -> None:
    for number in range(40):
        set_ranking(actor=Actor.card(home.pk), household_id=home.pk, is_ranked=number % 2 == 1)
    page = villager.read(f"{FAMILY}records/")
    (older,) = re.findall(r'href="(\?before=\d+)"', page)
    assert page.count("改了上不上排名榜") == 30
    second = villager.read(f"{FAMILY}records/{older}")
    assert second.count("改了上不上排名榜") == 10
    assert "最新的" in second
    assert "更早的" not in second
    assert "没有更早的了" in villager.read(f"{FAMILY}records/?before=1")
    assert villager.get(f"{FAMILY}records/?before={'9' * 40}").status_code == 200


def test_a_correction_is_asked_for_and_its_progress_seen(
    cast: Cast, villager: Visitor, neighbour: Visitor
) -> None:
    answer = post(villager, "requests/", text="芽写成了牙")
    assert "请选一选" in told_problem(answer)
    assert "芽写成了牙" in answer.content.decode()
    assert "请说说哪里不对" in told_problem(post(villager, "requests/", topic="name", text=" "))
    assert said(villager, post(villager, "requests/", topic="name", text="芽写成了牙")).startswith("交上去了")
    made = HouseholdRequest.objects.get()
    assert "11月17日以前答复" in villager.read(f"{FAMILY}requests/")
    assert "1件在办" in villager.read(FAMILY)
    assert neighbour.post(f"{FAMILY}requests/{made.pk}/").status_code == 404
    with clock.as_of(date(2026, 11, 20)):
        late = with_card(villager.jurisdiction, made.household)
        assert "就该答复，可以去催" in late.read(f"{FAMILY}requests/")
    answer_request(actor=cast.administrator, request_id=made.pk, is_done=True, answer="改好了")
    assert "改好了" in late.read(f"{FAMILY}requests/")
    assert "已经办过了" in told_problem(post(late, f"requests/{made.pk}/"))


def test_a_request_is_taken_back(villager: Visitor, home: Household) -> None:
    made = request_correction(actor=Actor.card(home.pk), household_id=home.pk, what=Topic.NAME, text="错了")
    assert said(villager, post(villager, f"requests/{made.pk}/")) == "收回了。"
    made.refresh_from_db()
    assert made.state == "withdrawn"


def test_a_consent_is_withdrawn(villager: Visitor, neighbour: Visitor, home: Household) -> None:
    made = give_consent(
        actor=Actor.card(home.pk),
        household_id=home.pk,
        receiver="丰收银行",
        purpose="授信",
        until=date(2027, 1, 1),
    )
    assert "1份有效" in villager.read(FAMILY)
    assert post(neighbour, "consents/", consent=str(made.pk)).status_code == 404
    assert said(villager, post(villager, "consents/", consent=str(made.pk))) == "收回了。"
    assert Consent.objects.get().withdrawn_at is not None
    assert told_problem(post(villager, "consents/", consent=str(made.pk)))  # once is all there is
    assert "收回了" in villager.read(f"{FAMILY}consents/")
    assert "没有同意书" in neighbour.read(f"{FAMILY}consents/")


def test_large_type_is_the_accounts_and_ranking_the_households(villager: Visitor, home: Household) -> None:
    answer = post(villager, "wishes/", action="large")
    assert answer.cookies["size"].value == "large"
    assert 'data-size="large"' in villager.read(FAMILY)
    assert reading_of(household_id=home.pk).is_large
    assert post(villager, "wishes/", action="normal").cookies["size"].value == "normal"
    said(villager, post(villager, "wishes/", action="unrank"))
    home.refresh_from_db()
    assert not home.is_ranked
    assert "榜上没有我家" in villager.read(FAMILY)
    said(villager, post(villager, "wishes/", action="rank"))
    assert post(villager, "wishes/", action="rule").status_code == 404


def test_a_child_who_signed_in_is_told_to_fetch_a_grown_up(peopled: Jurisdiction, cast: Cast) -> None:
    child = (
        Resident.objects.filter(born__gt=date(2012, 1, 1), left_on=None).select_related("household").first()
    )
    assert child is not None
    visitor = as_member(peopled, child.household, child.name)
    assert "要家里的大人来办" in told_problem(post(visitor, "wishes/", action="unrank"))
    assert "要家里的大人来办" in told_problem(visitor.get(f"{FAMILY}records.xlsx"))
    home = child.household
    grown_up = membership(member_of(home, login="u-grown-up"), home)
    claim = claim_membership(actor=with_phone(), household_id=home.pk, name="田有余")
    for path, sent in ((f"members/{grown_up.pk}/", {"action": "no-redeem"}), (f"claims/{claim.pk}/", {})):
        assert "要家里的大人来办" in told_problem(post(visitor, path, **sent))
    grown_up.refresh_from_db()
    claim.refresh_from_db()
    assert (grown_up.may_redeem, claim.state) == (True, "open")


def test_somebody_new_says_who_they_are_waits_and_is_confirmed(
    peopled: Jurisdiction, cast: Cast, home: Household
) -> None:
    newcomer = User.objects.get(id=with_phone().id)
    visitor = signed_in(peopled, newcomer)
    page = visitor.read("/my/join/")
    assert "认一认我家" in page
    fields = {"way": "claim", "village": str(home.village_id), "number": "018", "name": "田禾生"}

    def sent(**other: str) -> Any:
        return visitor.post("/my/join/", fields | other)

    kept = sent(number="999")
    assert "没有户号是“999”的户" in told_problem(kept)
    assert 'value="999"' in kept.content.decode()
    assert "请选是哪个村" in told_problem(sent(village=""))
    assert "名字" in told_problem(sent(name=" "))
    assert said(visitor, sent()) == "申请交上去了，等网格员确认。"
    claim = MembershipClaim.objects.get()
    assert visitor.get(FAMILY)["Location"] == "/my/who/"
    confirm_claim(
        actor=cast.grid_leader, claim_id=claim.pk, resident_id=Resident.objects.get(name="田禾生").pk
    )
    assert "田禾生家" in visitor.read(FAMILY)
    assert "/my/who/" in visitor.read(FAMILY)
    assert "再加一户" in visitor.read("/my/join/")
    assert "已经是018户的人了" in told_problem(sent())
    assert sent(way="other").status_code == 404


def test_a_claim_is_taken_back_and_a_wrong_code_told_under_its_field(
    peopled: Jurisdiction, cast: Cast, home: Household
) -> None:
    user = User.objects.get(id=with_phone().id)
    visitor = signed_in(peopled, user)
    claim = claim_membership(actor=Actor.user(user.pk), household_id=home.pk, name="田禾生")
    other = claim_membership(actor=with_phone("u-2"), household_id=home.pk, name="田禾生")
    answer = visitor.post("/my/join/", {"way": "withdraw", "claim": str(other.pk)})
    assert "没有编号" in told_problem(answer)
    assert said(visitor, visitor.post("/my/join/", {"way": "withdraw", "claim": str(claim.pk)})) == "收回了。"
    fields = {"way": "code", "village": str(home.village_id), "number": "018", "code": "23456789"}
    wrong = visitor.post("/my/join/", fields)
    assert "户号或者绑定码不对" in told_problem(wrong)
    assert 'id="code-error"' in wrong.content.decode()
    assert Membership.objects.filter(user=user).count() == 0


def test_a_card_joins_nothing(villager: Visitor) -> None:
    assert villager.get("/my/join/").status_code == 302
    assert villager.post("/my/join/", {"way": "claim"}).status_code == 302
