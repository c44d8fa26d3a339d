"""As whom one may try the example: cards, names and passwords of invented people, drawn anew on each machine."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Unit
from xiangyue.people.operations.cards import issue_card
from xiangyue.people.operations.phones import verify_phone
from xiangyue.people.operations.users import set_password
from xiangyue.people.queries import household_by_number
from xiangyue.setup.example.roster import NUMBERS
from xiangyue.users.queries import user_by_login

# Who comes by card: whose household's it is.
BY_CARD: Final = (
    ("田禾生", "villager"),
    ("麦穗香", "neighbour"),
    ("路平阔", "party"),
)
# Who signs in by name and password.
BY_PASSWORD: Final = (
    ("桑叶青", "leader"),
    ("柳成荫", "secretary"),
    ("松如海", "committee"),
    ("竹有节", "supervisor"),
    ("仓有余", "shopkeeper"),
    ("云帆远", "official"),
    ("明镜台", "auditor"),
)
ROLES: Final[dict[str, tuple[Promise, Promise]]] = {
    "villager": (_("村民"), _("看自家的积分，申报，提异议，兑换")),
    "neighbour": (_("邻居"), _("只看得到自家的")),
    "party": (_("党员户"), _("党员扣分加倍，页面上说明白")),
    "leader": (_("网格员"), _("核实，替没手机的户代办")),
    "secretary": (_("村书记"), _("开评议会，张榜，答复异议")),
    "committee": (_("评议委员"), _("评议")),
    "supervisor": (_("监督员"), _("提监督意见，答复异议")),
    "shopkeeper": (_("店员"), _("柜台兑换")),
    "official": (_("镇干部"), _("登录要设第二道锁")),
    "auditor": (_("审计员"), _("只看不改")),
}
PHONE: Final = "19900000043"  # of the grid leader; nobody's number, 199 0000 is not given out
FILE: Final = "example-people.json"


@dataclass(frozen=True)
class Shown:
    """Somebody as whom one may try the example. path, pin: of a card; login, password, phone: of who signs in."""

    name: str
    role: str
    path: str = ""
    pin: str = ""
    login: str = ""
    password: str = ""
    phone: str = ""

    @property
    def title(self) -> str:
        return str(ROLES[self.role][0])

    @property
    def what(self) -> str:
        return str(ROLES[self.role][1])


def make_shown(village: Unit, admin: Actor) -> list[Shown]:
    """Give everybody who is shown a card, or a password; keep them, since they are stored nowhere else."""
    shown = []
    for name, role in BY_CARD:
        household = household_by_number(village=village, number=NUMBERS[name])
        card = issue_card(actor=admin, household_id=household.pk)
        shown.append(Shown(name, role, path=card.address, pin=card.pin))
    for login, role in BY_PASSWORD:
        user, password = user_by_login(login), f"qinghe-{secrets.randbelow(10**6):06d}"
        set_password(actor=admin, user_id=user.pk, password=password)
        phone = PHONE if role == "leader" else ""
        if phone:
            verify_phone(user=user, phone=phone)
        shown.append(Shown(login, role, login=login, password=password, phone=phone))
    with os.fdopen(os.open(_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump([asdict(each) for each in shown], file, ensure_ascii=False)
    return shown


def kept_shown() -> list[Shown]:
    """Give as whom one may try the example of this machine; nobody where there is none."""
    try:
        kept: Any = json.loads(_file().read_text())
    except FileNotFoundError:
        return []
    return [Shown(**each) for each in kept]


def _file() -> Path:
    return Path(settings.HOME) / FILE
