"""What the page of messages is given: full, least and empty."""

from typing import Any

from tests.ui.samples.common import Context, Pages

URL = "/my/messages/"


def _told(pk: int, title: str, text: str, **changed: Any) -> Context:
    facts: Context = {
        "id": pk,
        "title": title,
        "text": text,
        "when": "11月2日",
        "is_new": False,
        "icon": "speakerphone",
        "url": "/my/ledger/",
    }
    return {**facts, **changed}


WAYS = [
    {"name": "sms", "title": "发短信提醒", "detail": "短信里只说有变动，不说是什么事", "is_on": True},
    {"name": "wechat", "title": "微信里提醒", "detail": "关注了公众号才收得到", "is_on": False},
]
FULL: Context = {
    "messages": [
        _told(
            9,
            "您家的分张榜了",
            "10月您家+1,234.5分，里面有扣分，正在公示。不对的话，11月7日前可以提异议。",
            when="今天8:05",
            is_new=True,
        ),
        _told(
            8,
            "有一件退回来了",
            "10月12日的“参加村里组织的河道清淤和道路整修公共劳动”退回来了，还要补充。缺什么，里面写着。",
            is_new=True,
            icon="pencil-plus",
        ),
        _told(
            7, "请您来开会", "青禾村评议小组11月4日开会，议10月的事。", is_new=True, icon="calendar", url=""
        ),
        _told(6, "积分入账了", "9月的+36分记进您家的账了。", icon="notebook"),
        _told(
            5,
            "有人替您家代办",
            "村里有人打开了您家的页面，替您家办事。",
            icon="headset",
            when="2026年1月30日",
        ),
        _told(4, "一条消息", "", icon="info-circle", url=""),
    ],
    "can_mark": True,
    "unread": 3,
    "ways": WAYS,
    "ways_url": "/my/messages/ways/",
    "newer_url": URL,
    "older_url": f"{URL}?before=4",
    "home_url": "/my/home/",
}
PAGES: Pages = {
    "messages": ("phone/messages.html", FULL),
    "messages-on-behalf": (
        "phone/messages.html",
        {**FULL, "can_mark": False, "newer_url": "", "older_url": "", "ways": WAYS[:1]},
    ),
    "messages-least": (
        "phone/messages.html",
        {
            **FULL,
            "messages": [_told(6, "积分入账了", "9月的+36分记进您家的账了。", icon="notebook")],
            "unread": 0,
            "ways": [],
            "newer_url": "",
            "older_url": "",
        },
    ),
    "messages-empty": (
        "phone/messages.html",
        {**FULL, "messages": [], "unread": 0, "ways": [], "newer_url": "", "older_url": ""},
    ),
}
