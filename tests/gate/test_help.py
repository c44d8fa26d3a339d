"""Help and complaints: one tap from every page, with a name or without."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import VILLAGE, Cast
from tests.web import NOBODYS_HOST, Visitor, quick_pins, told_names, with_card
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Unit
from xiangyue.people.operations.helping import begin_helping
from xiangyue.requests.models import Complaint, ContactKind
from xiangyue.requests.operations import NAMELESS_AT_ONCE, answer_complaint, set_contact
from xiangyue.tenancy.models import Jurisdiction

KEY = re.compile(r'name="key" value="([^"]+)"')
TOP = "440783104"


@pytest.fixture
def stranger(peopled: Jurisdiction, cast: Cast) -> Visitor:
    return Visitor(peopled)


@pytest.fixture
def villager(peopled: Jurisdiction, cast: Cast) -> Visitor:
    with quick_pins():
        return with_card(peopled, cast.household("018"))


def lines(cast: Cast) -> None:
    top = Unit.objects.get(parent=None)
    for unit, kind, label, phone in (
        (top, ContactKind.HOTLINE, "镇里热线", "12345"),
        (cast.village, ContactKind.VILLAGE, "村委会办公室", "000-7654321"),
        (cast.household("018").unit, ContactKind.GRID, "网格员电话", "000-1234567"),
    ):
        set_contact(actor=SYSTEM, unit_id=unit.pk, kind=kind, label=label, phone=phone)


def form(visitor: Visitor, **sent: str) -> dict[str, str]:
    """Open the form and fill it in, as far as nothing else is said."""
    (key,) = KEY.findall(visitor.read("/complain/"))
    return {"about": VILLAGE, "kind": "burden", "text": "叫我们装软件", "key": key} | sent


def test_every_page_leads_to_help_and_complaint(stranger: Visitor, villager: Visitor) -> None:
    for visitor, paths in (
        (stranger, ("/", "/help/", "/complain/")),
        (villager, ("/", "/my/home/", "/my/ledger/", "/my/code/", "/help/", "/complain/")),
    ):
        for path in paths:
            page = visitor.read(path)
            assert 'href="/help/"' in page, path
            assert 'href="/complain/"' in page, path


def test_where_nobody_runs_a_scheme_nobody_is_called(
    peopled: Jurisdiction, founded: Jurisdiction, cast: Cast
) -> None:
    nowhere = Visitor(peopled, NOBODYS_HOST)
    assert 'href="/help/"' not in nowhere.read("/")
    for path in ("/help/", "/complain/", "/complain/xxxxxxxxxxxxxxxxxxxxxx/"):
        assert nowhere.get(path).status_code == 404


def test_a_household_sees_whom_to_call_the_nearest_first(cast: Cast, villager: Visitor) -> None:
    lines(cast)
    page = villager.read("/help/")
    assert re.findall(r'href="tel:([\d-]+)"', page) == ["000-1234567", "000-7654321", "12345"]
    assert "您是哪个村的" not in page


def test_a_stranger_chooses_a_village(cast: Cast, stranger: Visitor) -> None:
    lines(cast)
    assert re.findall(r'href="tel:([\d-]+)"', stranger.read("/help/")) == ["12345"]
    assert re.findall(r'href="tel:([\d-]+)"', stranger.read("/help/", unit=VILLAGE)) == [
        "000-7654321",
        "12345",
    ]
    assert re.findall(r'href="tel:([\d-]+)"', stranger.read("/help/", unit="x\0")) == ["12345"]
    assert f'<option value="{VILLAGE}" selected>' in stranger.read("/help/", unit=VILLAGE)


def test_without_phones_the_page_says_where_to_go(cast: Cast, villager: Visitor, stranger: Visitor) -> None:
    told = "到村委会办公室问"
    assert told in villager.read("/help/")
    set_contact(
        actor=SYSTEM,
        unit_id=Unit.objects.get(parent=None).pk,
        kind=ContactKind.HOTLINE,
        label="镇里热线",
        phone="12345",
    )
    page = villager.read("/help/")  # a hotline is nobody who comes to the house
    assert told in page
    assert 'href="tel:12345"' in page
    assert told in stranger.read("/help/", unit=VILLAGE)
    assert told not in stranger.read("/help/")  # of no village yet
    lines(cast)
    assert told not in villager.read("/help/")


def test_somebody_complains_without_a_name(cast: Cast, stranger: Visitor) -> None:
    sent = form(stranger)
    answer = stranger.post("/complain/", sent)
    assert answer["Location"] == f"/complain/{sent['key']}/"
    complaint = Complaint.objects.get()
    assert (complaint.unit, complaint.household, complaint.kind) == (cast.village, None, "burden")
    page = stranger.read(answer["Location"])
    for words in ("投诉收到了", "苍城镇11月17日以前答复", "叫我们装软件", "答复的人看不到是谁提的"):
        assert words in page
    assert told_names(page) == []


@pytest.mark.parametrize("named", [True, False])
def test_a_household_says_whether_it_may_be_known(cast: Cast, villager: Visitor, named: bool) -> None:
    sent = form(villager) | ({"named": "on"} if named else {})
    page = villager.read(villager.post("/complain/", sent)["Location"])
    complaint = Complaint.objects.get()
    assert (complaint.household, complaint.is_hidden) == (cast.household("018"), not named)
    assert ("答复的人知道是您家提的" in page) == named


def test_a_household_chooses_among_those_above_it(cast: Cast, villager: Visitor) -> None:
    offered = re.findall(r'name="about" value="([^"]+)"', villager.read("/complain/"))
    assert offered[-2:] == [VILLAGE, TOP]
    assert cast.household("018").unit.code == offered[0]


def test_the_answer_is_read_at_the_address_alone(cast: Cast, stranger: Visitor, villager: Visitor) -> None:
    path = stranger.post("/complain/", form(stranger))["Location"]
    answer_complaint(actor=SYSTEM, complaint_id=Complaint.objects.get().pk, answer="查过了\n停了")
    page = villager.read(path)
    assert "投诉答复了" in page
    assert "查过了<br>停了" in page
    assert f'href="/complain/?unit={VILLAGE[:9]}"' in page
    assert "由苍城镇领导小组答复" in page
    for wrong in ("x" * 22, "x", path[10:-2]):
        assert stranger.get(f"/complain/{wrong}/").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"text": " "}, "请说说是什么事"),
        ({"text": "长" * 2001}, "写得太长了"),
        ({"about": ""}, "请选要投诉哪里"),
        ({"about": "440783105"}, "请选要投诉哪里"),
        ({"kind": "nothing"}, "请选是哪一类事"),
    ],
)
def test_what_is_missing_is_said_and_the_rest_is_kept(
    stranger: Visitor, wrong: dict[str, str], words: str
) -> None:
    sent = form(stranger) | wrong
    response = stranger.post("/complain/", sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert KEY.findall(page) == [sent["key"]]
    if "text" not in wrong:
        assert ">叫我们装软件</textarea>" in page
    if "kind" not in wrong:
        assert 'value="burden" required checked' in page
    assert not Complaint.objects.exists()


def test_a_unit_elsewhere_is_not_for_a_household_to_complain_about(cast: Cast, villager: Visitor) -> None:
    response = villager.post("/complain/", form(villager, about="440783104220"))
    assert response.status_code == 422
    assert not Complaint.objects.exists()


def test_a_form_sent_twice_counts_once(stranger: Visitor) -> None:
    sent = form(stranger)
    once, twice = (stranger.post("/complain/", sent)["Location"] for _time in range(2))
    assert once == twice
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize("key", ["", "1", "\0", "长" * 5000, "x/../../my/home/"])
def test_a_number_that_we_did_not_draw_is_not_used(stranger: Visitor, key: str) -> None:
    location = stranger.post("/complain/", form(stranger, key=key))["Location"]
    assert re.fullmatch(r"/complain/[\w-]{22}/", location)
    assert stranger.get(location).status_code == 200


def test_too_many_at_once_are_told_to_call(stranger: Visitor) -> None:
    for _time in range(NAMELESS_AT_ONCE):
        stranger.post("/complain/", form(stranger))
    response = stranger.post("/complain/", form(stranger))
    assert response.status_code == 422
    assert "急事请打电话" in response.content.decode()
    assert Complaint.objects.count() == NAMELESS_AT_ONCE


def test_what_was_said_is_shown_as_it_was_said(stranger: Visitor) -> None:
    path = stranger.post("/complain/", form(stranger, text="<script>x</script>"))["Location"]
    assert "&lt;script&gt;x&lt;/script&gt;" in stranger.read(path)


def test_who_acts_on_behalf_complains_for_nobody(peopled: Jurisdiction, cast: Cast) -> None:
    """Else the grid worker would learn, and could make up, what the household says about the village."""
    visit = begin_helping(actor=cast.grid_leader, household_id=cast.household("018").pk, reason="不会用手机")
    visitor = Visitor(peopled)
    visitor.force_login(cast.user("桑叶青"))
    session = visitor.session
    session["help"] = visit.pk
    session.save()
    assert "田禾生" in visitor.read("/my/home/")
    visitor.post("/complain/", form(visitor))
    assert Complaint.objects.get().household is None


def test_the_list_of_villages_costs_one_query(cast: Cast, stranger: Visitor) -> None:
    counts = []
    for _time in range(2):
        stranger.read("/complain/")
        with CaptureQueriesContext(connection) as caught:
            stranger.read("/complain/")
        counts.append(len(caught))
        Unit.objects.filter(parent=cast.village).update(level="village")
    assert counts[0] == counts[1] <= 3
