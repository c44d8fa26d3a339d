"""One person: what is kept of them and until when, who read it, who is near to them, what their household allows.

Rooms above keep their own of people (deeds, objections). They register as keepers here, so that whatever is kept can
be taken out whole and erased whole, although this room knows none of them.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.people.household_sections import consents_kept, memberships_kept, standings_kept
from xiangyue.people.models import (
    Appointment,
    Circumstance,
    Consent,
    Contribution,
    FormerHousehold,
    Hardship,
    Kin,
    Kinship,
    Mentorship,
    PeopleRules,
    Relation,
    Resident,
    Sex,
    Unit,
)
from xiangyue.people.offices import Act, Office
from xiangyue.people.permissions import require
from xiangyue.people.private import keys
from xiangyue.people.private_refusals import NoSuchResident
from xiangyue.people.queries import lasting_memberships
from xiangyue.people.sections import Row as Row
from xiangyue.people.sections import Section as Section
from xiangyue.people.sections import as_data as as_data
from xiangyue.people.sections import as_workbook as as_workbook
from xiangyue.people.sections import cell as cell
from xiangyue.records.models import LoggedAct
from xiangyue.records.queries import names_of_actors


@dataclass(frozen=True)
class Erased:
    """Who is being erased; ids stay in all tables, and lead to nobody from then on.

    households: those that they belong and belonged to. emptied: of these, where nobody else is kept.
    masked: how notices show them. everywhere, at_home: patterns of PostgreSQL for their names and numbers; the first
    for what can be meant of nobody else, the second for rows about their own households. Nothing, where there is
    nothing to look for.
    """

    residents: frozenset[int]
    households: frozenset[int]
    emptied: frozenset[int]
    users: frozenset[int]
    masked: frozenset[str]
    everywhere: str
    at_home: str


@dataclass(frozen=True)
class Keeper:
    """A room above that keeps something of people. kept: gives it. erase: takes it away, in the same transaction."""

    kept: Callable[[Resident], list[Section]]
    erase: Callable[[Erased], None]


_keepers: dict[str, Keeper] = {}


def register_keeper(room: str, keeper: Keeper) -> None:
    """Register what a room above keeps of people; its AppConfig does it, so that no process goes without."""
    _keepers[room] = keeper


def keepers() -> list[Keeper]:
    """Give the rooms above that keep something of people."""
    return list(_keepers.values())


def people_rules() -> PeopleRules:
    """Give the scheme's settings for people's data; the cautious ones where it has none of its own."""
    return PeopleRules.objects.first() or PeopleRules()


def resident_by_id(resident_id: int) -> Resident:
    """Find a resident whose data are kept. Raises: NoSuchResident."""
    related = ("household__unit", "household__village", "user")
    found = Resident.objects.select_related(*related).filter(id=resident_id, erased_on=None).first()
    if found is None:
        raise NoSuchResident(resident=resident_id)
    return found


def due_for_erasure(on: date | None = None) -> QuerySet[Resident]:
    """Give the residents whose term is over on a day (today): years after they, or their household, left.

    Who holds an office and lives is still somebody here, and is kept as long as that lasts.
    """
    last = last_kept_day(on)
    lasting = Appointment.objects.filter(Q(until=None) | Q(until__gte=last)).values("user_id")
    return (
        Resident.objects.filter(erased_on=None)
        .filter(Q(left_on__lte=last) | Q(left_on=None, household__left_on__lte=last))
        .exclude(died_on=None, user_id__in=lasting, user_id__isnull=False)
        .order_by("id")
    )


def last_kept_day(on: date | None = None) -> date:
    """Give the day on which, or before which, those left whose term is over on a day (today)."""
    day = on or clock.today()
    year = day.year - people_rules().retention_years
    try:
        return day.replace(year=year)
    except ValueError:  # the 29th of February
        return day.replace(year=year, day=28)


def households_near(actor: Actor) -> set[int]:
    """Give the households for which an actor may decide nothing: their own, and those of registered near relatives.

    Of a card: its household, and those near to anyone in it. In two queries.
    """
    if actor.kind is ActorKind.USER:
        return households_near_users([actor.id]).get(actor.id, set())
    if actor.kind is ActorKind.CARD:
        near = _kin_of("household_id", [actor.id])
        return {actor.id}.union(*near.values())
    return set()


def households_near_users(user_ids: Iterable[int]) -> dict[int, set[int]]:
    """Give the own and the near households of users, by user id, in two queries; users of none are left out.

    Their own are where they live, and those for which they act.
    """
    ids = list(user_ids)
    found = _kin_of("user_id", ids)
    own = Resident.objects.filter(user_id__in=ids, left_on=None).order_by()
    for user_id, household_id in own.values_list("user_id", "household_id").union(lasting_memberships(ids)):
        if user_id is not None:
            found.setdefault(user_id, set()).add(household_id)
    return found


def _kin_of(field: str, ids: Collection[int]) -> dict[int, set[int]]:
    """Give the households of near relatives by what a field of the resident says."""
    ends = (("resident", "other"), ("other", "resident"))
    near: dict[int, set[int]] = {}
    wanted = Q(**{f"resident__{field}__in": ids}) | Q(**{f"other__{field}__in": ids})
    columns = [f"{end}__{each}" for end in ends[0] for each in (field, "household_id", "left_on")]
    asked = set(ids)
    for first, home, gone, second, other_home, other_gone in (
        kin_in_force().filter(wanted).values_list(*columns)
    ):
        if first in asked and other_gone is None:
            near.setdefault(first, set()).add(other_home)
        if second in asked and gone is None:
            near.setdefault(second, set()).add(home)
    return near


def kin_in_force(on: date | None = None) -> QuerySet[Kinship]:
    """Give the registered near relatives of a day (today)."""
    day = on or clock.today()
    return Kinship.objects.filter(since__lte=day).filter(Q(until=None) | Q(until__gte=day))


def consents_in_force(*, receiver: str, purpose: str, on: date | None = None) -> QuerySet[Consent]:
    """Give the consents to a receiver and a purpose that hold on a day (today), of households that are there."""
    return Consent.objects.filter(
        receiver=receiver.strip(),
        purpose=purpose.strip(),
        withdrawn_at=None,
        until__gte=on or clock.today(),
        household__left_on=None,
    )


def consent_in_force(
    *, household_id: int, receiver: str, purpose: str, on: date | None = None
) -> Consent | None:
    """Give the consent of one household that lets a receiver have its points for a purpose on a day (today)."""
    held = consents_in_force(receiver=receiver, purpose=purpose, on=on)
    return held.filter(household_id=household_id).first()


def kept_of(resident: Resident) -> list[Section]:
    """Give everything that the county keeps of one person, in plain words and figures. `take_out` logs who asked."""
    own = [
        _person(resident),
        _household(resident),
        _former(resident),
        _offices(resident),
        _kin(resident),
        _mentoring(resident),
        memberships_kept(Q(resident=resident) | Q(user_id=resident.user_id or 0)),
        _contributions(resident),
        consents_kept(resident.household),
        standings_kept(resident.household, _("本户状态")),
        _circumstances(resident),
    ]
    above = [section for keeper in keepers() for section in keeper.kept(resident)]
    return [*own, *above, _acts(resident)]


def _person(resident: Resident) -> Section:
    headers = {
        "name": _("姓名"),
        "sex": _("性别"),
        "born": _("出生"),
        "relation": _("与户主关系"),
        "party_member": _("党员"),
        "lives_elsewhere": _("住在外地"),
        "id_number": _("身份证号"),
        "phone": _("电话"),
        "left_on": _("离开日期"),
        "died_on": _("去世日期"),
        "login": _("登录名"),
    }
    row = {
        "name": resident.name,
        "sex": str(Sex(resident.sex).label) if resident.sex else "",
        "born": resident.born,
        "relation": str(Relation(resident.relation).label),
        "party_member": resident.is_party_member,
        "lives_elsewhere": resident.lives_elsewhere,
        "id_number": keys().open(resident.id_number) if resident.id_number else "",
        "phone": keys().open(resident.phone) if resident.phone else "",
        "left_on": resident.left_on,
        "died_on": resident.died_on,
        "login": resident.user.login if resident.user else "",
    }
    return Section("person", _("本人"), headers, [row])


def _household(resident: Resident) -> Section:
    headers = {
        "village": _("村"),
        "unit": _("网格"),
        "number": _("户号"),
        "address": _("地址"),
        "tags": _("标签"),
        "joined_on": _("入册日期"),
        "left_on": _("销户日期"),
    }
    home = resident.household
    row = {
        "village": home.village.name,
        "unit": home.unit.name,
        "number": home.number,
        "address": home.address,
        "tags": "、".join(home.tags),
        "joined_on": home.joined_on,
        "left_on": home.left_on,
    }
    return Section("household", _("所在户"), headers, [row])


def _former(resident: Resident) -> Section:
    headers = {"number": _("户号"), "village": _("村"), "relation": _("与户主关系"), "until": _("到哪天")}
    found = FormerHousehold.objects.filter(resident=resident).select_related("household__village")
    rows = [
        {
            "number": each.household.number,
            "village": each.household.village.name,
            "relation": str(Relation(each.relation).label),
            "until": each.until,
        }
        for each in found
    ]
    return Section("former_households", _("以前的户"), headers, rows)


def _offices(resident: Resident) -> Section:
    headers = {"office": _("职务"), "unit": _("单位"), "since": _("从哪天"), "until": _("到哪天")}
    found = Appointment.objects.filter(user_id=resident.user_id or 0).select_related("unit").order_by("since")
    rows = [
        {
            "office": str(Office(each.office).label),
            "unit": each.unit.name,
            "since": each.since,
            "until": each.until,
        }
        for each in found
    ]
    return Section("appointments", _("任职"), headers, rows)


def _kin(resident: Resident) -> Section:
    """What the other is to the resident; the other's name is the other's, and stands here as they know it anyway."""
    headers = {"kin": _("亲属"), "name": _("姓名"), "since": _("从哪天"), "until": _("到哪天")}
    found = Kinship.objects.filter(Q(resident=resident) | Q(other=resident)).select_related(
        "resident", "other"
    )
    rows = [
        {
            "kin": str((Kin(each.kin) if each.resident_id == resident.pk else inverse(Kin(each.kin))).label),
            "name": (each.other if each.resident_id == resident.pk else each.resident).name,
            "since": each.since,
            "until": each.until,
        }
        for each in found.order_by("id")
    ]
    return Section("kin", _("近亲属"), headers, rows)


def inverse(kin: Kin) -> Kin:
    """Say the same from the other's side: whose parent one is, is one's child."""
    return _INVERSE.get(kin, kin)


_INVERSE: Final = {
    Kin.PARENT: Kin.CHILD,
    Kin.CHILD: Kin.PARENT,
    Kin.GRANDPARENT: Kin.GRANDCHILD,
    Kin.GRANDCHILD: Kin.GRANDPARENT,
}


def _mentoring(resident: Resident) -> Section:
    headers = {"number": _("户号"), "village": _("村"), "since": _("从哪天"), "until": _("到哪天")}
    found = Mentorship.objects.filter(mentor_id=resident.user_id or 0).select_related("household__village")
    rows = [
        {
            "number": each.household.number,
            "village": each.household.village.name,
            "since": each.since,
            "until": each.until,
        }
        for each in found.order_by("id")
    ]
    return Section("mentoring", _("包户"), headers, rows)


def _contributions(resident: Resident) -> Section:
    headers = {"gift": _("种类"), "what": _("贡献"), "fen": _("金额（分）"), "given_on": _("日期")}
    found = Contribution.objects.filter(resident=resident).order_by("given_on", "id")
    rows = [
        {"gift": str(each.get_gift_display()), "what": each.what, "fen": each.fen, "given_on": each.given_on}
        for each in found
    ]
    return Section("contributions", _("贡献"), headers, rows)


def _circumstances(resident: Resident) -> Section:
    headers = {"hardship": _("困难情况"), "note": _("说明"), "since": _("从哪天"), "until": _("到哪天")}
    rows = [
        {
            "hardship": str(Hardship(each.hardship).label),
            "note": keys().open(each.note) if each.note else "",
            "since": each.since,
            "until": each.until,
        }
        for each in Circumstance.objects.filter(resident=resident).order_by("id")
    ]
    return Section("circumstances", _("困难情况"), headers, rows)


def _acts(resident: Resident) -> Section:
    headers = {
        "at": _("时间"),
        "who": _("谁"),
        "act": _("做了什么"),
        "subject": _("对什么"),
        "reason": _("理由"),
    }
    return Section("acts", _("谁看过、改过"), headers, acts_about(resident))


def acts_shown(*, actor: Actor, resident_id: int) -> list[Row]:
    """Give the log about a person to the person, and to whoever manages people there.

    Raises: NoSuchResident, NotAllowed.
    """
    resident = resident_by_id(resident_id)
    if actor.user_id is None or actor.user_id != resident.user_id:
        require(actor, Act.MANAGE_PEOPLE, resident.household.unit)
    return acts_about(resident)


def due_below(*, actor: Actor, unit: Unit) -> QuerySet[Resident]:
    """Give whose term is over at a unit and below it, to whoever manages people there. Raises: NotAllowed."""
    require(actor, Act.MANAGE_PEOPLE, unit)
    due = due_for_erasure().filter(household__unit__path__startswith=unit.path)
    return due.select_related("household__village")


def acts_about(resident: Resident) -> list[Row]:
    """Give the lines of the action log about a person, the latest first: who did, or read, what, and why."""
    mine: dict[str, Collection[int]] = {
        "resident": [resident.pk],
        "circumstance": list(Circumstance.objects.filter(resident=resident).values_list("id", flat=True)),
        "contribution": list(Contribution.objects.filter(resident=resident).values_list("id", flat=True)),
        "kinship": list(
            Kinship.objects.filter(Q(resident=resident) | Q(other=resident)).values_list("id", flat=True)
        ),
        "consent": list(Consent.objects.filter(household=resident.household).values_list("id", flat=True)),
        "household": [resident.household_id],
    }
    wanted = Q()
    for subject, ids in mine.items():
        wanted |= Q(subject=subject, subject_id__in=ids)
    lines = list(LoggedAct.objects.filter(wanted).order_by("-at", "-id"))
    names = names_of_actors(lines)
    return [
        {
            "at": each.at,
            "who": names.get(each.actor_id, "") if each.actor_kind == ActorKind.USER else each.actor_kind,
            "act": each.act,
            "subject": each.subject,
            "reason": each.reason,
        }
        for each in lines
    ]
