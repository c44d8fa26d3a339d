"""Which news there is, and its words. The rooms above register theirs; words are made when a message is read."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from xiangyue.messages.models import Channel

Words = Callable[[Any], str]

EVERY_WAY: Final = (Channel.SMS, Channel.WECHAT)
FOR_FREE: Final = (Channel.WECHAT,)  # what comes to everybody, month by month; an SMS costs the county money
IN_THE_APP: Final[tuple[Channel, ...]] = ()


@dataclass(frozen=True)
class Template:
    """One kind of news.

    title, text: gettext_lazy source texts; the text's placeholders are filled from the message's facts. shown: how a
    fact is written, where it isn't as it is (points, days). channels: by which people are told outside the app too,
    where they want that; they hear nothing but that there is news. own_only: whoever acts on a household's behalf
    does not see it, since it may be about them.
    """

    code: str
    title: Promise
    text: Promise
    shown: Mapping[str, Words] = field(default_factory=dict)
    channels: Collection[Channel] = EVERY_WAY
    own_only: bool = False


_known: dict[str, Template] = {}


def register(*templates: Template) -> None:
    """Register kinds of news; the AppConfig of the room that sends them does it, so that no process goes without."""
    for template in templates:
        _known[template.code] = template


def template_by_code(code: str) -> Template | None:
    """Find a kind of news; None for one that an older version sent."""
    return _known.get(code)


def known_templates() -> list[Template]:
    """Give every kind of news that is registered."""
    return list(_known.values())


def own_only() -> list[str]:
    """Give the codes of what nobody sees who acts on a household's behalf."""
    return [template.code for template in known_templates() if template.own_only]


def title_of(code: str) -> str:
    """Say in a few words what a message is about."""
    template = template_by_code(code)
    return str(template.title) if template else _("一条消息")


def text_of(code: str, facts: Mapping[str, Any]) -> str:
    """Say what a message says; empty where its kind, or a fact that it needs, is not known any more."""
    template = template_by_code(code)
    if template is None:
        return ""
    words = {
        name: template.shown[name](fact) if name in template.shown else fact for name, fact in facts.items()
    }
    try:
        return str(template.text) % words
    except KeyError:
        return ""
