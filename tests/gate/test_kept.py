"""Public pages kept for a few seconds: to whom they are given, for how long, and what each visitor gets anew."""

import re
import threading
from collections.abc import Iterator

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.middleware import csrf
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context
from pytest_django.fixtures import Settings

from tests.cast import Cast
from tests.scoring.cast import RUBBISH, SWEEPING, a_deed, noticed
from tests.web import NOBODYS_HOST, Visitor, sheet_of, sheet_path, with_card
from xiangyue.gate import kept
from xiangyue.gate.kept import PAGES
from xiangyue.gate.tokens import secret_of, token_of
from xiangyue.kernel import clock
from xiangyue.scoring.models import NoticeSheet, NoticeTotal
from xiangyue.tenancy.models import Jurisdiction

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
MARK = "99999"


class Patient(Visitor):
    """Somebody who gets the kept pages, as everybody does outside of tests."""

    kept_seconds = 5.0


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    PAGES.forget()
    yield
    PAGES.forget()


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock by which pages grow old."""
    now = [1000.0]
    monkeypatch.setattr("xiangyue.gate.kept.time.monotonic", lambda: now[0])
    return now


@pytest.fixture
def sheet(cast: Cast) -> NoticeSheet:
    noticed(cast.village, a_deed(cast.village, "018", of=SWEEPING), a_deed(cast.village, "050", of=RUBBISH))
    return sheet_of(cast, "018")


@pytest.fixture
def patient(peopled: Jurisdiction, cast: Cast) -> Patient:
    return Patient(peopled)


def mark(sheet: NoticeSheet) -> None:
    """Let a sheet show what it did not show before."""
    NoticeTotal.objects.filter(sheet=sheet).update(number=MARK)


@pytest.mark.parametrize("tail", ["", "check/", "data.json", "print/a3/", "print/a4/"])
def test_a_kept_page_asks_the_database_for_nothing(patient: Patient, sheet: NoticeSheet, tail: str) -> None:
    path = sheet_path(sheet, tail)
    first = patient.get(path)
    patient.cookies.clear()
    with CaptureQueriesContext(connection) as caught:
        second = patient.get(path)
    assert len(caught) == 0
    assert TOKEN.sub("", second.content.decode()) == TOKEN.sub("", first.content.decode())
    assert dict(second.headers) == dict(first.headers)


@pytest.mark.parametrize("path", ["/", "/open/", "/rules/"])
def test_the_board_the_open_page_and_the_rules_are_kept_too(
    patient: Patient, sheet: NoticeSheet, path: str
) -> None:
    patient.read(path, village=sheet.notice.unit.code)
    with CaptureQueriesContext(connection) as caught:
        patient.read(path, village=sheet.notice.unit.code)
    assert len(caught) == 0


def test_a_page_is_five_seconds_old_at_most(patient: Patient, sheet: NoticeSheet, time: list[float]) -> None:
    path = sheet_path(sheet)
    patient.read(path)
    mark(sheet)
    time[0] += 4.9
    assert MARK not in patient.read(path)
    time[0] += 0.2
    assert MARK in patient.read(path)


def test_who_is_signed_in_gets_neither_a_kept_page_nor_one_that_is_kept(
    peopled: Jurisdiction, cast: Cast, patient: Patient, sheet: NoticeSheet
) -> None:
    path = sheet_path(sheet)
    villager = with_card(peopled, cast.household("018"))
    villager.kept_seconds = 5.0
    assert "田禾生家" in villager.read(path)
    assert "田禾生" not in patient.read(path)
    mark(sheet)
    assert MARK in villager.read(path)
    assert MARK not in patient.read(path)


def test_each_visitor_gets_a_token_of_their_own_that_works(
    peopled: Jurisdiction, patient: Patient, sheet: NoticeSheet
) -> None:
    path = sheet_path(sheet)
    for visitor in (patient, Patient(peopled)):
        visitor.handler.enforce_csrf_checks = True
        tokens = set(TOKEN.findall(visitor.read(path)))
        assert len(tokens) == 1
        (token,) = tokens
        form = {"csrfmiddlewaretoken": token, "size": "large", "next": path}
        assert visitor.post("/look/", form)["Location"] == path
        assert 'data-size="large"' in visitor.read(path)
    secrets = {
        visitor.cookies["csrf"].value for visitor in (patient, Patient(peopled)) if "csrf" in visitor.cookies
    }
    assert len(secrets) == 1  # the second one has not read anything yet
    other = Patient(peopled)
    other.handler.enforce_csrf_checks = True
    other.read(path)
    assert other.post("/look/", {"csrfmiddlewaretoken": token, "next": path}).status_code == 403


def test_no_cookie_of_whom_it_was_drawn_for_is_handed_on(peopled: Jurisdiction, sheet: NoticeSheet) -> None:
    first, second = Patient(peopled), Patient(peopled)
    for visitor in (first, second):
        visitor.read(sheet_path(sheet))
    assert first.cookies["csrf"].value != second.cookies["csrf"].value


@pytest.mark.parametrize(
    ("cookies", "words"),
    [
        ({"size": "large"}, 'data-size="large"'),
        ({"contrast": "high"}, 'data-contrast="high"'),
        ({"language": "en"}, '<html lang="en"'),
    ],
)
def test_a_page_is_kept_as_each_wants_it(
    peopled: Jurisdiction, patient: Patient, sheet: NoticeSheet, cookies: dict[str, str], words: str
) -> None:
    path = sheet_path(sheet)
    plain = patient.read(path)
    other = Patient(peopled)
    other.cookies.load(cookies)
    for _time in range(2):
        assert words in other.read(path)
        assert words not in patient.read(path)
    assert "按名次" in plain


def test_a_page_is_kept_by_where_and_how_it_is_called(
    peopled: Jurisdiction, cast: Cast, sheet: NoticeSheet
) -> None:
    path = sheet_path(sheet)
    by_rank, by_number = (Patient(peopled).read(path, order=order) for order in ("rank", "number"))
    assert by_rank != by_number
    printed = sheet_path(sheet, "print/a4/")
    one, other = Patient(peopled), Patient(peopled, f"{peopled.slug}.localhost:8443")
    assert QR(one.read(printed)) != QR(other.read(printed))
    assert QR(one.read(printed)) != QR(str(one.get(printed, secure=True).content.decode()))


def QR(page: str) -> str:
    (found,) = re.findall(r'<div class="qrb">(.*?)</div>', page, re.DOTALL)
    return str(found)


def test_one_county_never_gets_anothers_page(
    peopled: Jurisdiction, founded: Jurisdiction, sheet: NoticeSheet, patient: Patient
) -> None:
    path = sheet_path(sheet)
    assert patient.get(path).status_code == 200
    assert Patient(founded).get(path).status_code == 404
    assert Patient(peopled, NOBODYS_HOST).get(path).status_code == 404
    patient.read("/open/", village=sheet.notice.unit.code)
    with schema_context(founded.schema_name):
        page = Patient(founded).get("/open/", {"village": sheet.notice.unit.code})
    assert TOKEN.sub("", page.content.decode()) != TOKEN.sub(
        "", patient.read("/open/", village=sheet.notice.unit.code)
    )


def test_what_was_taken_down_is_kept_as_gone_and_what_is_not_there_is_not_kept(
    cast: Cast, patient: Patient, sheet: NoticeSheet
) -> None:
    path = sheet_path(sheet)
    patient.read(path)
    with clock.as_of(sheet.deadline.replace(year=sheet.deadline.year + 1)):
        for _time in range(2):
            assert patient.get(path).status_code == 410
    before = len(PAGES.drawn)
    assert patient.get(f"/notice/{sheet.notice.public_id}/9/").status_code == 404
    assert len(PAGES.drawn) == before


@pytest.mark.parametrize("method", ["head", "post"])
def test_only_pages_that_are_read_are_kept(patient: Patient, sheet: NoticeSheet, method: str) -> None:
    getattr(patient, method)(sheet_path(sheet))
    assert len(PAGES.drawn) == 0


def test_what_was_asked_for_least_lately_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_BYTES", 100)
    for number in range(5):
        PAGES.keep((str(number),), kept.Drawn([b"x" * 40], 200, {}, 0.0))
    assert list(PAGES.drawn) == [("3",), ("4",)]
    assert PAGES.size == 80
    PAGES.keep(("4",), kept.Drawn([b"x" * 10], 200, {}, 0.0))
    assert PAGES.size == 50


def called(path: str) -> HttpRequest:
    return RequestFactory(headers={"host": "peopled.localhost"}).get(path)


def test_many_who_come_at_once_have_a_page_drawn_once(settings: Settings) -> None:
    """Who finds a page too old while it is being drawn waits for it; without the lock each would draw it."""
    settings.PUBLIC_PAGES_KEPT_SECONDS = 5.0
    drawn: list[int] = []
    begun, finish = threading.Event(), threading.Event()

    @kept.kept
    def slow(request: HttpRequest) -> HttpResponse:
        drawn.append(1)
        begun.set()
        finish.wait(5)
        return HttpResponse("page")

    answers: list[bytes] = []
    handler = kept.KeptPagesMiddleware(slow)

    def ask() -> None:
        answers.append(handler(called("/slow/")).content)

    PAGES.keep(kept._key(called("/slow/")), kept.Drawn([b"old"], 200, {}, float("-inf")))
    threads = [threading.Thread(target=ask) for _number in range(8)]
    for thread in threads:
        thread.start()
    assert begun.wait(5)
    finish.set()
    for thread in threads:
        thread.join(10)
    assert answers == [b"page"] * 8
    assert len(drawn) == 1


def test_an_answer_that_sets_another_cookie_is_not_kept(settings: Settings) -> None:
    settings.PUBLIC_PAGES_KEPT_SECONDS = 5.0

    def view(request: HttpRequest) -> HttpResponse:
        response = HttpResponse("page")
        if request.path == "/other/":
            response.set_cookie("language", "en")
        return response

    handler = kept.KeptPagesMiddleware(kept.kept(view))
    for path, count in (("/other/", 0), ("/plain/", 1)):
        handler(called(path))
        assert len(PAGES.drawn) == count


@pytest.mark.parametrize("cookie", ["", "x" * 31, "x" * 33, "ü" * 32, '"' * 32, "a b" * 11])
def test_a_cookie_that_we_did_not_give_is_replaced(cookie: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["csrf"] = cookie
    assert re.fullmatch(r"[A-Za-z0-9]{32}", secret_of(request))


def test_a_token_hides_its_secret_and_django_finds_it() -> None:
    secret = secret_of(RequestFactory().get("/"))
    tokens = {token_of(secret) for _time in range(50)}
    assert len(tokens) == 50
    assert all(vars(csrf)["_does_token_match"](token, secret) for token in tokens)
    assert not any(secret in token for token in tokens)
