"""Who may vouch for a share: somebody responsible for the household, a stranger to it who did not bring it (DOMAIN §3).

Where the scheme's way or the indicator's row names who verifies, it is nobody else; only where all of those have to
leave it to others (回避), or there are none, whoever verifies by an office at the judging unit or above does it for
them: a micro-grid leader never stands in for the village's.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from xiangyue.catalogue.rules.model import Item
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.people.models import Appointment, Household, Level, Unit
from xiangyue.people.offices import Act, Office
from xiangyue.people.permissions import Held, NotAllowed, offices_at
from xiangyue.people.person import households_near, households_near_users
from xiangyue.people.queries import in_force, paths_to
from xiangyue.scoring.models import Deed, Share
from xiangyue.scoring.permissions import brought_by
from xiangyue.scoring.refusals import BroughtByActor, OwnHousehold
from xiangyue.scoring.roles import Role, Roles
from xiangyue.scoring.source_refusals import NotTheNamedVerifier

# What a voucher asks of a share, fetched with it.
RELATED: Final = (
    "household__unit",
    "deed__unit",
    "deed__indicator__category",
    "deed__indicator__catalogue",
)


@dataclass(frozen=True, eq=False, slots=True)
class Matter:
    """A share to be vouched for. judging: the path of the judging unit. verified_by, title: of the indicator's row.

    deed: as it was brought; None for one's own record of what is just being brought, which is born verified.
    """

    household: Household
    judging: str
    verified_by: str
    title: str
    deed: Deed | None = None
    share_id: int = 0

    @property
    def path(self) -> str:
        return self.household.unit.path

    @property
    def deed_id(self) -> int:
        return self.deed.pk if self.deed else 0


def matters_of(shares: Iterable[Share]) -> list[Matter]:
    """Give what is asked about shares, which were fetched with what is RELATED to them."""
    items: dict[int, Item] = {}
    found = []
    for share in shares:
        deed = share.deed
        if deed.indicator_id not in items:
            items[deed.indicator_id] = deed.indicator.item  # reading a rule takes longer than all the rest
        item = items[deed.indicator_id]
        found.append(Matter(share.household, deed.unit.path, item.verified_by, item.title, deed, share.pk))
    return found


@dataclass(frozen=True, slots=True)
class _Leader:
    """Somebody who holds an office that is named."""

    office: Office
    level: Level
    path: str
    user_id: int

    def is_meant(self, role: Role, path: str) -> bool:
        return role.fits(self.office, self.level) and path.startswith(self.path)


class Voucher:
    """Somebody who would vouch, with all that is asked about them; read once, in a constant number of queries."""

    def __init__(self, actor: Actor, matters: Iterable[Matter]) -> None:
        self.actor = actor
        self.matters = list(matters)
        self._near = households_near(actor)
        self._held: Sequence[Held] = ()
        self._roles: dict[str, Role | None] = {}
        if self.matters and actor.kind is ActorKind.USER:
            self._held = offices_at(actor, Act.VERIFY_DEEDS, Unit.objects.get(parent=None))
            roles = Roles()
            self._roles = {text: roles.verifier(text) for text in {each.verified_by for each in self.matters}}
        self._leaders, self._near_leaders = self._others()

    def may(self, matter: Matter) -> bool:
        if self.actor.kind is ActorKind.SYSTEM:
            return True
        if self._is_near(matter) or self._brought(matter):
            return False
        return bool(self._above(matter)) and (self._is_named(matter) or self._stands_in(matter))

    @property
    def vouched(self) -> list[Matter]:
        """What of the matters the actor may vouch for."""
        return [matter for matter in self.matters if self.may(matter)]

    def office_for(self, matter: Matter) -> Held | None:
        """Give the office by which the actor vouches: the nearest, of those that are named if any is."""
        above, role = self._above(matter), self._roles.get(matter.verified_by)
        named = [one for one in above if role and role.fits(one.office, Level(one.unit.level))]
        found = named or above
        return max(found, key=lambda one: len(one.unit.path)) if found else None

    def refuse(self, matters: Sequence[Matter]) -> None:
        """Say why the actor may not vouch for some of these.

        Raises: OwnHousehold, NotAllowed, BroughtByActor, NotTheNamedVerifier.
        """
        if any(map(self._is_near, matters)):
            raise OwnHousehold
        for matter in matters:
            if not self._above(matter):
                raise NotAllowed(act=Act.VERIFY_DEEDS.label, unit=matter.household.unit.name)
        for matter in matters:
            if self._brought(matter):
                raise BroughtByActor
            role = self._roles[matter.verified_by]
            if role and not self.may(matter):
                raise NotTheNamedVerifier(title=matter.title, who=role.name)

    def _is_near(self, matter: Matter) -> bool:
        return matter.household.pk in self._near

    def _brought(self, matter: Matter) -> bool:
        return matter.deed is not None and brought_by(self.actor, matter.deed, self._near)

    def _above(self, matter: Matter) -> list[Held]:
        return [one for one in self._held if matter.path.startswith(one.unit.path)]

    def _is_named(self, matter: Matter) -> bool:
        role = self._roles.get(matter.verified_by)
        return role is None or role.is_held(self._held, matter.path)

    def _stands_in(self, matter: Matter) -> bool:
        """Tell whether the actor verifies at the judging unit or above, and nobody who is named can."""
        if not any(matter.judging.startswith(one.unit.path) for one in self._above(matter)):
            return False
        role = self._roles[matter.verified_by]
        return not any(
            role is not None and leader.is_meant(role, matter.path) and self._can(leader.user_id, matter)
            for leader in self._leaders
        )

    def _can(self, user_id: int, matter: Matter) -> bool:
        near = self._near_leaders.get(user_id, set())
        did = matter.deed is not None and brought_by(Actor.user(user_id), matter.deed, near)
        return matter.household.pk not in near and not did

    def _others(self) -> tuple[list[_Leader], Mapping[int, set[int]]]:
        """Read who holds the offices that are named and not the actor's, and to whom they are near."""
        others = [matter for matter in self.matters if self._above(matter) and not self._is_named(matter)]
        if not others:
            return [], {}
        named = {self._roles[matter.verified_by] for matter in others}
        offices = {office for role in named if role for office in role.offices}
        leaders = _leaders(offices, {matter.path: matter.household.unit for matter in others}.values())
        return leaders, households_near_users({leader.user_id for leader in leaders})


def _leaders(offices: Collection[Office], units: Iterable[Unit]) -> list[_Leader]:
    paths: set[str] = set()
    for unit in units:
        paths.update(paths_to(unit))
    lasting = Q(unit__until=None) | Q(unit__until__gte=clock.today())
    held = Appointment.objects.filter(in_force(), lasting, office__in=offices, unit__path__in=paths)
    rows = held.values_list("office", "unit__level", "unit__path", "user_id")
    return [_Leader(Office(office), Level(level), path, user_id) for office, level, path, user_id in rows]
