"""What was done with a household's data, and on its behalf, and by whom: for the household itself."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from xiangyue.kernel import clock
from xiangyue.kernel.actors import ActorKind
from xiangyue.people.models import (
    Consent,
    HelpVisit,
    Household,
    HouseholdRequest,
    Membership,
    MembershipClaim,
    Resident,
)
from xiangyue.people.offices import Office
from xiangyue.people.sections import Section
from xiangyue.records.models import LoggedAct
from xiangyue.records.queries import names_of_actors

PAGE: Final = 30
_BEHALF_SHOWN: Final = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class LogLine:
    """One act. who: a name, or in words whose card or machine it was. office: as what they acted, in words."""

    id: int
    at: datetime
    who: str
    office: str
    act: str
    subject: str
    to_state: str


def acts_about_household(
    household: Household, *, before: int | None = None, limit: int = PAGE
) -> list[LogLine]:
    """Give what was done to a household, its people, consents, members and requests, the last first.

    before: the id of the last line of the page before. In a constant number of queries.
    """
    wanted = Q(subject="household", subject_id=household.pk)
    for subject, model in (
        ("resident", Resident),
        ("consent", Consent),
        ("membership", Membership),
        ("claim", MembershipClaim),
        ("help", HelpVisit),
        ("request", HouseholdRequest),
    ):
        ids: Collection[int] = list(
            model._default_manager.filter(household=household).values_list("pk", flat=True)
        )
        wanted |= Q(subject=subject, subject_id__in=ids)
    lines = LoggedAct.objects.filter(wanted)
    if before is not None:
        lines = lines.filter(id__lt=before)
    return _told(list(lines.order_by("-id")[:limit]))


def acts_on_behalf(household: Household, *, limit: int = PAGE) -> list[LogLine]:
    """Give what was done on a household's behalf in the last half year, by whomever, the last first; in two queries."""
    lines = LoggedAct.objects.filter(on_behalf_of=household.pk, at__gt=clock.now() - _BEHALF_SHOWN)
    return _told(list(lines.exclude(subject="help").order_by("-id")[:limit]))


def log_kept(household: Household) -> Section:
    """Give the log about a household as a part of what is kept of it."""
    headers = {
        "at": _("时间"),
        "who": _("谁"),
        "office": _("以什么身份"),
        "act": _("做了什么"),
        "subject": _("对什么"),
    }
    rows = [
        {"at": each.at, "who": each.who, "office": each.office, "act": each.act, "subject": each.subject}
        for each in acts_about_household(household, limit=5000)
    ]
    return Section("acts", _("谁看过、改过"), headers, rows)


def _told(lines: Sequence[LoggedAct]) -> list[LogLine]:
    names = names_of_actors(lines)
    return [
        LogLine(
            each.pk,
            each.at,
            _who(each, names),
            str(Office(each.acted_as).label) if each.acted_as in Office else "",
            each.act,
            each.subject,
            each.to_state,
        )
        for each in lines
    ]


def _who(line: LoggedAct, names: dict[int, str]) -> str:
    if line.actor_kind == ActorKind.USER:
        return names.get(line.actor_id, "")
    return _("用卡进来的人") if line.actor_kind == ActorKind.CARD else _("系统")
