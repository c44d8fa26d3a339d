import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from tests.tenancy.twins import rows
from xiangyue.tenancy import middleware
from xiangyue.tenancy.middleware import JurisdictionMiddleware
from xiangyue.tenancy.models import Domain, Jurisdiction
from xiangyue.tenancy.schemas import current_schema, enter


def schema_in_database(request: HttpRequest) -> HttpResponse:
    """Answer with the schema that the database looks into first."""
    ((schema,),) = rows("SELECT current_schema()")
    jurisdiction = getattr(request, "jurisdiction", None)
    return HttpResponse(f"{schema} {jurisdiction.slug if jurisdiction else '-'}")


@pytest.fixture
def door(founded: Jurisdiction, peopled: Jurisdiction, db: None) -> JurisdictionMiddleware:
    return JurisdictionMiddleware(schema_in_database)


def asked(door: JurisdictionMiddleware, host: str) -> str:
    return door(RequestFactory().get("/", headers={"host": host})).content.decode()


@pytest.mark.parametrize(
    ("host", "answer"),
    [
        ("cangcheng.localhost", "county_cangcheng cangcheng"),
        ("cangcheng.localhost:8000", "county_cangcheng cangcheng"),
        ("Peopled.LocalHost:8000", "county_peopled peopled"),
        ("nobody.localhost", "public -"),
        ("localhost:8000", "public -"),
        ("sub.cangcheng.localhost", "public -"),
        ("cangcheng.localhost.example", "public -"),
    ],
)
def test_the_host_chooses_the_county(door: JurisdictionMiddleware, host: str, answer: str) -> None:
    assert asked(door, host) == answer


def test_the_connection_is_left_in_public(door: JurisdictionMiddleware) -> None:
    asked(door, "peopled.localhost")
    assert current_schema() == "public"


def test_also_when_the_page_fails(founded: Jurisdiction, peopled: Jurisdiction, db: None) -> None:
    def fail(request: HttpRequest) -> HttpResponse:
        assert current_schema() == "county_peopled"
        raise LookupError

    with pytest.raises(LookupError):
        asked(JurisdictionMiddleware(fail), "peopled.localhost")
    assert current_schema() == "public"


def test_what_a_request_before_has_left_does_not_count(
    door: JurisdictionMiddleware, peopled: Jurisdiction
) -> None:
    enter(peopled)
    assert asked(door, "nobody.localhost") == "public -"


def test_a_single_county_answers_on_any_host(door: JurisdictionMiddleware, founded: Jurisdiction) -> None:
    Jurisdiction.objects.exclude(pk=founded.pk).delete()
    for host in ("cangcheng.localhost", "nobody.localhost", "192.168.1.20:8000"):
        assert asked(door, host) == "county_cangcheng cangcheng"


def test_without_any_county_there_is_the_landing_list(door: JurisdictionMiddleware) -> None:
    Jurisdiction.objects.all().delete()
    assert asked(door, "cangcheng.localhost") == "public -"


def test_hosts_are_read_once_in_a_while(
    door: JurisdictionMiddleware, peopled: Jurisdiction, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(door, "nobody.localhost")
    Domain.objects.create(tenant=peopled, domain="nobody.localhost", is_primary=False)
    assert asked(door, "nobody.localhost") == "public -"
    monkeypatch.setattr(middleware, "CACHE_SECONDS", 0.0)
    assert asked(door, "nobody.localhost") == "county_peopled peopled"
