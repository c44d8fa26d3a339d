"""What the tests of the web faces share: somebody with a phone, and what a page must and must not say."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client, override_settings

from tests.cast import Cast
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.masking import STAR
from xiangyue.people.models import Household, Resident
from xiangyue.people.operations.cards import NewCard, issue_card
from xiangyue.scoring.models import NoticeSheet
from xiangyue.tenancy import middleware, schemas
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.models import User

NOBODYS_HOST = "nobody.example"
YEARS = 1e9  # seconds
# Static files without digests: for these tests nobody has collected them.
PLAIN = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


class QuickArgon2(Argon2PasswordHasher):
    """The same hash with less work, for PINs of tests that are not about guessing."""

    time_cost, memory_cost, parallelism = 1, 8, 1


class Visitor(Client):
    """A phone at a jurisdiction's address. A request leaves the test where it was: in that jurisdiction.

    Hosts are read once, lest a page cost a few queries more whenever some seconds have passed.
    kept_seconds: how old the public pages that it gets may be; here they are drawn anew each time.
    """

    kept_seconds = 0.0

    def __init__(self, jurisdiction: Jurisdiction, host: str = "") -> None:
        super().__init__(headers={"host": host or f"{jurisdiction.slug}.localhost"})
        settings.STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise looks for it
        self.jurisdiction = jurisdiction

    def request(self, **request: Any) -> Any:
        try:
            with (
                override_settings(STORAGES=PLAIN, PUBLIC_PAGES_KEPT_SECONDS=self.kept_seconds),
                patch.object(middleware, "CACHE_SECONDS", YEARS),
            ):
                return super().request(**request)
        finally:
            schemas.enter(self.jurisdiction)

    def read(self, path: str, **parameters: str) -> str:
        """Open a page that is there, and give its text."""
        response = self.get(path, parameters)
        assert response.status_code == 200, path
        return str(response.content.decode())

    def show(self, card: NewCard) -> "Visitor":
        """Sign a household in with its card and PIN."""
        response = self.post(card.address, {"pin": card.pin})
        assert response.status_code == 302
        assert response["Location"] == "/my/home/"
        return self


@contextmanager
def quick_pins() -> Iterator[None]:
    """Hash PINs with less work: a card for each test would take longer than all the rest."""
    with override_settings(PASSWORD_HASHERS=[f"{__name__}.{QuickArgon2.__name__}"]):
        yield


def with_card(jurisdiction: Jurisdiction, household: Household) -> Visitor:
    """Give a household a card and sign it in with that."""
    return Visitor(jurisdiction).show(issue_card(actor=SYSTEM, household_id=household.pk))


def signed_in(jurisdiction: Jurisdiction, user: User) -> Visitor:
    """Give somebody who signed in as themselves."""
    visitor = Visitor(jurisdiction)
    visitor.force_login(user)
    return visitor


def sheet_of(cast: Cast, number: str) -> NoticeSheet:
    """Give the newest edition's sheet on which a household stands."""
    sheets = NoticeSheet.objects.filter(totals__household=cast.household(number))
    return sheets.select_related("notice", "unit").latest("notice__edition", "notice__id")


def sheet_path(sheet: NoticeSheet, tail: str = "") -> str:
    return f"/notice/{sheet.notice.public_id}/{sheet.position}/{tail}"


def full_names() -> Iterator[str]:
    """Yield everybody's full name; who looks after the program goes by what they are, which is no name."""
    yield from Resident.objects.values_list("name", flat=True)
    yield from User.objects.exclude(login="admin").values_list("name", flat=True)


def told_names(page: str) -> list[str]:
    """Give the full names that a page tells."""
    return [name for name in full_names() if name in page]


def told_phones(page: str) -> list[str]:
    """Give what looks like a mobile phone's number on a page, and is no part of a digest or an address."""
    return re.findall(r"(?<![0-9a-fA-F-])1[3-9]\d{9}(?![0-9a-fA-F-])", page)


def masked(page: str) -> int:
    """Count the masked names on a page."""
    return page.count(STAR)
