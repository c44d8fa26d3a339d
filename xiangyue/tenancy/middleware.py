"""Which jurisdiction a request is for: the host name says it."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from xiangyue.tenancy.models import Jurisdiction
from xiangyue.tenancy.schemas import enter, leave

CACHE_SECONDS = 5.0


class JurisdictionMiddleware:
    """Enter the schema of the host's jurisdiction, or stay in `public`, where only the landing list is.

    An installation with a single jurisdiction answers on any host. Host names are looked up in a table that is
    read at most every few seconds, so that no request pays for the choice of its tenant.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._hosts: dict[str, Jurisdiction] = {}
        self._only: Jurisdiction | None = None
        self._read_at = float("-inf")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        leave()
        jurisdiction = self._jurisdiction_of(request.get_host())
        if jurisdiction:
            enter(jurisdiction)
        request.jurisdiction = jurisdiction  # type: ignore[attr-defined]
        try:
            return self.get_response(request)
        finally:
            leave()

    def _jurisdiction_of(self, host: str) -> Jurisdiction | None:
        if time.monotonic() - self._read_at > CACHE_SECONDS:
            self._read()
        return self._hosts.get(host.rsplit(":", 1)[0].lower()) or self._only

    def _read(self) -> None:
        known = list(Jurisdiction.objects.prefetch_related("domains"))
        self._hosts = {
            domain.domain: jurisdiction for jurisdiction in known for domain in jurisdiction.domains.all()
        }
        self._only = known[0] if len(known) == 1 else None
        self._read_at = time.monotonic()
