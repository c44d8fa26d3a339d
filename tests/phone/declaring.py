"""What the tests of declaring and of own deeds share: a catalogue with one indicator of each kind, and short ways."""

import re
import secrets
from datetime import date
from typing import Any

from tests.cast import Cast
from tests.catalogue.cast import LAWFUL, in_force
from tests.scoring.cast import a_meeting, approve, verified
from tests.web import Visitor
from xiangyue.catalogue.models import Indicator
from xiangyue.catalogue.queries import find_indicator, rules_in_force
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Relation, Resident
from xiangyue.scoring.facts import Given
from xiangyue.scoring.models import Deed, Share
from xiangyue.scoring.operations.bringing import NewDeed, NewShare
from xiangyue.scoring.operations.offering import is_of_people

ROWS = (
    {"板块": "村级事务", "编号": "1", "指标": "清理河道", "分值": "6", "上限": "每月2次", "对象": "村民个人"},
    {
        "板块": "村级事务",
        "编号": "2",
        "指标": "投工修路",
        "分值": "每小时2",
        "上限": "每月10小时",
        "对象": "户",
    },
    {"板块": "村级事务", "编号": "3", "指标": "评上文明家庭", "分值": "村级10/镇级20", "对象": "户"},
    {"板块": "村级事务", "编号": "4", "指标": "新修道路", "分值": "70，平分", "对象": "户"},
    {"板块": "公益", "编号": "5", "指标": "捐物", "分值": "一事一议", "对象": "户"},
    {
        "板块": "公益",
        "编号": "6",
        "指标": "巡河防溺水",
        "分值": "5",
        "适用时间": "2026年6月1日至2026年9月30日",
    },
    {"板块": "公益", "编号": "7", "指标": "孝老爱亲", "分值": "5", "申报人": "邻居", "对象": "户"},
    {"板块": "公益", "编号": "8", "指标": "党员带头", "分值": "5", "对象": "党员"},
    {"板块": "公益", "编号": "9", "指标": "种树", "分值": "3", "对象": "户", "证明材料": "必备：照片"},
    {
        "板块": "公益",
        "编号": "10",
        "指标": "监督台",
        "方向": "加扣",
        "分值": "加3/扣2",
        "对象": "户",
        **LAWFUL,
    },
    {"板块": "负面", "编号": "11", "指标": "乱堆垃圾", "方向": "扣", "分值": "2", "对象": "户", **LAWFUL},
)
KEY = re.compile(r'name="key" value="([^"]+)"')
KEPT = re.compile(r'name="kept" value="([^"]+)"')
LINK = re.compile(r'<a class="cell" href="(/my/declare/\d+/)"><span class="grow"><span class="t">([^<]+)<')
CLOSED = re.compile(
    r'aria-disabled="true"><span class="grow"><span class="t dim">([^<]+)</span><span class="d">([^<]+)<'
)
TODAY = "2026-11-02"


def put_in_force(cast: Cast) -> None:
    in_force(SYSTEM, cast.village, date(2026, 2, 1), *ROWS)


def indicator(cast: Cast, text: str) -> Indicator:
    return find_indicator(rules_in_force(cast.village, clock.today()), text)


def form_path(cast: Cast, text: str) -> str:
    return f"/my/declare/{indicator(cast, text).pk}/"


def people(cast: Cast, number: str = "018") -> list[Resident]:
    return list(cast.household(number).residents.filter(left_on=None).order_by("id"))


def family(cast: Cast, *names: str) -> list[Resident]:
    """Let more people live in household 018 than its head; give all of them, the head first."""
    home = cast.household("018")
    for name in names:
        Resident.objects.create(household=home, name=name, relation=Relation.OTHER)
    return people(cast)


def done_before(cast: Cast, text: str, day: date, **given: Any) -> Share:
    """Let household 018's head have something decided already; give the share."""
    home, head = cast.household("018"), people(cast)[0]
    of = indicator(cast, text)
    share = NewShare(home, head if is_of_people(of.item) else None, Given(**given))
    (found,) = verified(NewDeed(secrets.token_hex(8), of, day, (share,)))
    period = Period.of(day)
    approve(a_meeting(cast.village, period=period), [found])
    return found


def declare(visitor: Visitor, cast: Cast, text: str, **typed: Any) -> Any:
    """Open a form and send it; give the answer. What is not given is as the form has it: today."""
    path = form_path(cast, text)
    (key,) = KEY.findall(visitor.read(path))
    return visitor.post(path, {"key": key, "day": TODAY, **typed})


def declared(visitor: Visitor, cast: Cast, text: str, **typed: Any) -> Deed:
    """Declare something, all the way to the page that says so."""
    answer = declare(visitor, cast, text, **typed)
    assert answer.status_code == 302, problems(answer)
    deed = Deed.objects.latest("id")
    assert answer["Location"] == f"/my/declared/{deed.public_id}/"
    return deed


def problems(answer: Any) -> list[str]:
    """Give what a page says is wrong."""
    found = re.findall(
        r'<p class="(?:err|note red)[^>]*role="alert"[^>]*>.*?<span>([^<]*)</span>',
        answer.content.decode(),
        re.DOTALL,
    )
    return [text for text in found if text]
