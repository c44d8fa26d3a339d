"""The fixed cast: who lives and works in the village of the tests. All invented; the example's roster."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from xiangyue.catalogue.models import Catalogue, Indicator
from xiangyue.catalogue.operations.enacting import enact
from xiangyue.catalogue.operations.importing import import_catalogue
from xiangyue.catalogue.queries import catalogue_in_force, find_indicator
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import Household, Unit
from xiangyue.people.operations.roster import import_roster
from xiangyue.people.queries import household_by_number
from xiangyue.setup.example import example_files
from xiangyue.setup.operations import found_jurisdiction
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.models import User
from xiangyue.users.operations import create_user
from xiangyue.users.queries import user_by_login

TODAY = date(2026, 11, 2)
VILLAGE = "440783104221"  # 联和村; the fixture `village` (大罗村) stays empty
COMMITTEE = ("松如海", "柏长青", "荷田田", "方田亩", "井水甜", "桥横溪", "何稻香")


def found(slug: str) -> Jurisdiction:
    """Found 苍城镇 with its thirteen villages, and only `admin` in it."""
    return found_jurisdiction(
        slug=slug, division_code="440783104", preset="cangcheng", host=f"{slug}.localhost"
    )


def settle_in() -> None:
    """Fill the village with the example's people and put the example's catalogue in force, for good."""
    files, village = example_files(), Unit.objects.get(code=VILLAGE)
    import_roster(actor=SYSTEM, village_id=village.pk, content=files["roster.xlsx"], name="roster.xlsx")
    draft = import_catalogue(
        actor=SYSTEM, unit_id=village.pk, content=files["catalogue.csv"], name="catalogue.csv"
    )
    assert draft.catalogue_id is not None
    enact(actor=SYSTEM, catalogue_id=draft.catalogue_id, on=clock.today().replace(month=1, day=1))
    create_user(login="过路人", name="过路人")


@dataclass(frozen=True)
class Cast:
    """Everyone by role, as actors. The villager and the neighbour are of the third grid and hold no office."""

    village: Unit

    def actor(self, login: str) -> Actor:
        return Actor.user(user_by_login(login).pk)

    def user(self, login: str) -> User:
        return user_by_login(login)

    def household(self, number: str) -> Household:
        return household_by_number(village=self.village, number=number)

    def indicator(self, text: str) -> Indicator:
        return find_indicator(self.catalogue, text)

    @cached_property
    def catalogue(self) -> Catalogue:
        return catalogue_in_force(self.village, clock.today())

    @cached_property
    def villager(self) -> Actor:
        """田禾生, household 018, by card."""
        return Actor.card(self.household("018").pk)

    @cached_property
    def neighbour(self) -> Actor:
        """麦穗香, household 004, by card."""
        return Actor.card(self.household("004").pk)

    @cached_property
    def administrator(self) -> Actor:
        return self.actor("admin")

    @cached_property
    def secretary(self) -> Actor:
        return self.actor("柳成荫")

    @cached_property
    def grid_leader(self) -> Actor:
        """桑叶青, of the third grid, where the villager lives."""
        return self.actor("桑叶青")

    @cached_property
    def other_grid_leader(self) -> Actor:
        """山有根, of the first grid."""
        return self.actor("山有根")

    @cached_property
    def clerk(self) -> Actor:
        """茶山青, information administrator."""
        return self.actor("茶山青")

    @cached_property
    def committee(self) -> list[User]:
        return [self.user(login) for login in COMMITTEE]

    @cached_property
    def committee_member(self) -> Actor:
        return self.actor(COMMITTEE[0])

    @cached_property
    def supervisor(self) -> Actor:
        return self.actor("竹有节")

    @cached_property
    def shopkeeper(self) -> Actor:
        return self.actor("仓有余")

    @cached_property
    def town_official(self) -> Actor:
        return self.actor("云帆远")

    @cached_property
    def auditor(self) -> Actor:
        return self.actor("明镜台")

    @cached_property
    def outsider(self) -> Actor:
        """过路人, a user without any office."""
        return self.actor("过路人")
