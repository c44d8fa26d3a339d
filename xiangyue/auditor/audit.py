"""The independent auditor: recomputes everything, lists every fault, stops at none (DOMAIN §7)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from xiangyue.auditor.checks import CHECKS
from xiangyue.auditor.notices import notice_faults

NOTICE_MEANINGS = {
    "total-differs": _("榜上一户的分和各条加起来不一样"),
    "lines-digest-wrong": _("公示的条目被改过"),
    "sheet-digest-wrong": _("榜页被改过，校验码对不上"),
    "notice-digest-wrong": _("公示被改过，校验码对不上"),
}


@dataclass(frozen=True)
class Fault:
    """Something that must not be. subject, id: the row. detail: figures and ids only, never personal text."""

    code: str
    meaning: str
    subject: str
    id: int
    detail: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "meaning": self.meaning,
            "subject": self.subject,
            "id": self.id,
            "detail": self.detail,
        }


def audit() -> Iterator[Fault]:
    """Check the county whose schema is entered; give every fault. Silence means that all is right."""
    for check in CHECKS:
        with connection.cursor() as cursor:
            cursor.execute(check.query)
            for subject, row_id, detail in cursor.fetchall():
                yield Fault(check.code, str(check.meaning), subject, row_id, detail)
    for code, subject, row_id, detail in notice_faults():
        yield Fault(code, str(NOTICE_MEANINGS[code]), subject, row_id, detail)
