"""What the people's tests share: a small roster, whose people are none of `tests.cast`, and short ways to it."""

from datetime import date

from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import Household, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.appointments import appoint
from xiangyue.people.operations.roster import import_roster
from xiangyue.people.roster_form import roster_workbook
from xiangyue.users.models import User
from xiangyue.users.operations import create_user

Cells = tuple[str, ...]


def resident(
    number: str,
    name: str,
    relation: str = "户主",
    *,
    grid: str = "第三网格",
    group: str = "第二联户组",
    sex: str = "",
    born: str = "",
    party: str = "",
    address: str = "",
) -> Cells:
    return number, grid, group, name, relation, sex, born, party, address


def appointment(
    number: str, name: str, office: str, unit: str = "", since: str = "2026-01-01", login: str = ""
) -> Cells:
    return number, name, office, unit, since, login


RESIDENTS = [
    resident("018", "田禾生", sex="男", born="1984-03-09", address="三巷18号"),
    resident("018", "麦春芽", "配偶", sex="女", born="1986", party="是"),
    resident("018", "田豆苗", "子女", born="2018-06-07"),
    resident("004", "麦穗香", group="第一联户组"),
    resident("103", "榆钱多", grid="第一网格", group="", party="是"),
]
APPOINTMENTS = [
    appointment("103", "榆钱多", "村党组织书记"),
    appointment("103", "榆钱多", "评议委员"),
    appointment("004", "麦穗香", "网格员", "第三网格", login="穗香"),
    appointment("", "帆正远", "镇干部", since=""),
]
SMALL = roster_workbook(RESIDENTS, APPOINTMENTS)


def small_village(village: Unit) -> dict[str, Household]:
    """Import the small roster; give its households by number."""
    import_roster(actor=SYSTEM, village_id=village.pk, content=SMALL, name="户册.xlsx")
    return {each.number: each for each in Household.objects.filter(village=village)}


def somebody(
    office: Office,
    unit: Unit,
    *,
    login: str = "somebody",
    since: date | None = None,
    until: date | None = None,
) -> Actor:
    """Create a user who holds an office."""
    user = create_user(login=login, name=login)
    appoint(
        actor=SYSTEM,
        user_id=user.pk,
        office=office,
        unit_id=unit.pk,
        since=since or clock.today(),
        until=until,
    )
    return Actor.user(user.pk)


def user_called(login: str) -> User:
    return User.objects.get(login=login)
