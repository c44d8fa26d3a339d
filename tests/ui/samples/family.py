"""What the pages of one's own household are given: full, least and empty."""

from datetime import UTC, date, datetime
from types import SimpleNamespace as Facts
from typing import Any

from tests.ui.samples.common import Context, Pages

AT = datetime(2026, 11, 2, 6, 35, tzinfo=UTC)
HOUSEHOLD = Facts(
    head_name="田禾生",
    unit_path="第三网格·第二联户组",
    village_name="青禾村",
    number="018",
    address="三巷18号",
)
PEOPLE = [
    Facts(name="田禾生", relation="户主", lives_elsewhere=False, has_phone=True),
    Facts(name="麦春芽", relation="配偶", lives_elsewhere=True, has_phone=True),
    Facts(name="田豆苗", relation="子女", lives_elsewhere=False, has_phone=False),
]


def _member(**changed: Any) -> Facts:
    facts: dict[str, Any] = {
        "id": 7,
        "name": "麦春芽",
        "detail": "9月1日起，用了绑定码",
        "relation": "配偶",
        "may_redeem": True,
        "is_me": False,
    }
    return Facts(**{**facts, **changed})


def _family(**changed: Any) -> Context:
    context: Context = {
        "household": HOUSEHOLD,
        "residents": PEOPLE,
        "members": [_member(is_me=True), _member(name="林水长", relation="住在别处的亲属", may_redeem=False)],
        "claims": [Facts(id=3, name="田有余", day=date(2026, 11, 1))],
        "card_since": date(2026, 9, 1),
        "card_asked": False,
        "help": {"detail": "桑叶青，11月2日", "badge": "等您同意", "badge_class": "red"},
        "asks_first": True,
        "is_ranked": True,
        "is_large": False,
        "open_requests": 1,
        "consents": 2,
        "is_user": True,
        "is_on_behalf": False,
        "done": "改好了。",
        "problem": "",
        "field": "",
    }
    return {**context, **changed}


def _card(**changed: Any) -> Context:
    context: Context = {
        "since": date(2026, 9, 1),
        "has_till_pin": True,
        "has_code": True,
        "asked_on": None,
        "answer_by": None,
        "is_on_behalf": False,
        "done": "",
        "problem": "",
        "field": "",
    }
    return {**context, **changed}


def _pin(**changed: Any) -> Context:
    context: Context = {"is_till": False, "digits": 6, "field": "", "problem": "", "done": ""}
    return {**context, **changed}


def _act(what: str, who: str = "桑叶青", office: str = "网格员") -> Facts:
    return Facts(at=AT, who=who, office=office, what=what)


def _visit(**changed: Any) -> Facts:
    facts: dict[str, Any] = {
        "id": 5,
        "who": "桑叶青",
        "reason": "报打扫河道",
        "at": AT,
        "badge": "",
        "badge_class": "",
        "is_asked": False,
        "is_on": False,
    }
    return Facts(**{**facts, **changed})


def _help(**changed: Any) -> Context:
    context: Context = {
        "visits": [
            _visit(badge="等您同意", badge_class="red", is_asked=True),
            _visit(who="茶山青", badge="正在代办", badge_class="blue", is_on=True, reason=""),
            _visit(badge="没有同意"),
            _visit(),
        ],
        "acts": [_act("报了一件事"), _act("提了请求", "茶山青", "信息管理员")],
        "asks_first": True,
        "is_on_behalf": False,
        "done": "",
        "problem": "",
        "field": "",
    }
    return {**context, **changed}


def _records(**changed: Any) -> Context:
    context: Context = {
        "sections": [
            Facts(title="家里的人", count=3),
            Facts(title="谁能用手机替这一户办事", count=2),
            Facts(title="谁替我家代办过", count=4),
        ],
        "acts": [
            _act("下载了我家的资料", "用卡进来的人", ""),
            _act("改了家里人的资料", "云上禾", "管理员"),
            _act("停了积分卡", "麦春芽", ""),
        ],
        "older_url": "?before=9",
        "newest_url": "/my/family/records/",
        "done": "",
        "problem": "",
        "field": "",
    }
    return {**context, **changed}


TOPICS = [
    Facts(value="name", label="名字"),
    Facts(value="born", label="出生日期、性别"),
    Facts(value="members", label="家里有谁、谁是户主"),
    Facts(value="other", label="别的"),
]


def _request(**changed: Any) -> Facts:
    facts: dict[str, Any] = {
        "id": 2,
        "title": "名字",
        "text": "“芽”写成了“牙”。",
        "day": date(2026, 11, 2),
        "answer_by": date(2026, 11, 17),
        "is_late": False,
        "badge": "等办理",
        "badge_class": "gold",
        "answer": "",
        "is_on_behalf": False,
        "is_open": True,
    }
    return Facts(**{**facts, **changed})


ANSWERED = {"answer_by": None, "is_open": False}


def _requests(**changed: Any) -> Context:
    context: Context = {
        "topics": TOPICS,
        "chosen": "",
        "text": "",
        "field": "",
        "requests": [
            _request(),
            _request(is_late=True, is_on_behalf=True, answer_by=date(2026, 10, 30)),
            _request(**ANSWERED, badge="办好了", badge_class="green", answer="改好了，下次来看看。"),
            _request(**ANSWERED, badge="没有办", badge_class="red", answer="证上就是这样写的。"),
            _request(**ANSWERED, title="补发积分卡", text="", badge="收回了", badge_class=""),
        ],
        "done": "",
        "problem": "",
    }
    return {**context, **changed}


def _consent(**changed: Any) -> Facts:
    facts: dict[str, Any] = {
        "id": 4,
        "receiver": "丰收银行",
        "purpose": "授信参考",
        "until": date(2027, 11, 2),
        "is_in_force": True,
        "withdrawn_on": None,
    }
    return Facts(**{**facts, **changed})


def _claim(**changed: Any) -> Facts:
    facts: dict[str, Any] = {
        "id": 3,
        "where": "青禾村　018号",
        "name": "田禾生",
        "day": date(2026, 11, 2),
        "badge": "等确认",
        "badge_class": "gold",
        "answer": "",
        "is_open": True,
    }
    return Facts(**{**facts, **changed})


def _join(**changed: Any) -> Context:
    context: Context = {
        "claims": [],
        "villages": [{"id": 1, "name": "青禾村"}, {"id": 2, "name": "大罗村"}],
        "is_member": False,
        "way": "",
        "field": "",
        "problem": "",
        "done": "",
        "village": 0,
        "number": "",
        "name": "",
    }
    return {**context, **changed}


WRONG = "户号或者绑定码不对。绑定码只能用一次，用过了请家里人或者网格员再给一个。"
SAID: Context = {"done": "", "problem": "", "field": ""}

PAGES: Pages = {
    "family": ("phone/family.html", _family()),
    "family-least": (
        "phone/family.html",
        _family(
            members=[],
            claims=[],
            card_since=None,
            help={"detail": "还没有人替我家代办过", "badge": "", "badge_class": ""},
            open_requests=0,
            consents=0,
            is_ranked=False,
            is_large=True,
            done="",
        ),
    ),
    "family-empty": (
        "phone/family.html",
        _family(residents=[], members=[], claims=[], card_since=None, card_asked=True, done=""),
    ),
    "family-on-behalf": ("phone/family.html", _family(is_on_behalf=True, is_user=False, done="")),
    "family-refused": ("phone/family.html", _family(done="", problem="这件事要家里的大人来办。")),
    "family-own": ("phone/family_own.html", {}),
    "family-card": ("phone/family_card.html", _card()),
    "family-card-old": ("phone/family_card.html", _card(has_till_pin=False, has_code=False)),
    "family-card-none": ("phone/family_card.html", _card(since=None, done="卡停了，现在谁也不能用。")),
    "family-card-asked": (
        "phone/family_card.html",
        _card(since=None, asked_on=date(2026, 11, 2), answer_by=date(2026, 11, 17)),
    ),
    "family-pin": ("phone/family_pin.html", _pin()),
    "family-pin-old": ("phone/family_pin.html", _pin(field="old", problem="密码不对，还可以试3次。")),
    "family-pin-new": (
        "phone/family_pin.html",
        _pin(is_till=True, digits=4, field="new", problem="新密码要4位数字，不要太好猜。"),
    ),
    "family-pin-again": ("phone/family_pin.html", _pin(field="again", problem="两次写的新密码不一样。")),
    "family-code": (
        "phone/family_code.html",
        {"code": "7KX4MPQ9", "number": "018", "village_name": "青禾村"},
    ),
    "family-member": ("phone/family_member.html", {"member": _member(), **SAID}),
    "family-member-me": (
        "phone/family_member.html",
        {"member": _member(is_me=True, may_redeem=False), **SAID},
    ),
    "family-help": ("phone/family_help.html", _help()),
    "family-help-empty": ("phone/family_help.html", _help(visits=[], acts=[], asks_first=False)),
    "family-records": ("phone/family_records.html", _records()),
    "family-records-empty": ("phone/family_records.html", _records(acts=[], older_url="", newest_url="")),
    "family-requests": ("phone/family_requests.html", _requests()),
    "family-requests-without-words": (
        "phone/family_requests.html",
        _requests(chosen="name", field="text", problem="请说说哪里不对、应该是什么。", requests=[]),
    ),
    "family-requests-without-topic": (
        "phone/family_requests.html",
        _requests(text="牙应该是芽", field="topic", problem="请选一选，是哪方面的资料。", requests=[]),
    ),
    "family-consents": (
        "phone/family_consents.html",
        {
            "consents": [
                _consent(),
                _consent(is_in_force=False, withdrawn_on=date(2026, 10, 1)),
                _consent(is_in_force=False, until=date(2026, 1, 1)),
            ],
            **SAID,
        },
    ),
    "family-consents-empty": ("phone/family_consents.html", {"consents": [], **SAID}),
    "join": ("phone/family_join.html", _join()),
    "join-waiting": (
        "phone/family_join.html",
        _join(
            claims=[
                _claim(),
                _claim(badge="没有确认", badge_class="red", answer="不认识您，请带证件来。", is_open=False),
            ],
            villages=[{"id": 1, "name": "青禾村"}],
            is_member=True,
            done="申请交上去了，等网格员确认。",
        ),
    ),
    "join-wrong-code": (
        "phone/family_join.html",
        _join(way="code", field="code", problem=WRONG, village=1, number="018"),
    ),
    "join-wrong-number": (
        "phone/family_join.html",
        _join(
            way="claim",
            field="number",
            problem="青禾村没有户号是“999”的户。",
            village=1,
            number="999",
            name="田",
        ),
    ),
    "join-locked": ("phone/family_join.html", _join(way="code", problem="试错的次数太多了，12:30以后再试。")),
}
