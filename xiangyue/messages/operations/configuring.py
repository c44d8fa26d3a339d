"""How a county sends: by whom, under which account, and when no phone rings."""

from collections.abc import Mapping
from datetime import time
from typing import Final
from urllib.parse import urlsplit

from django.db import transaction

from xiangyue.kernel.actors import Actor
from xiangyue.messages.models import Channel, ChannelSetting, MessageRules, Vendor
from xiangyue.messages.refusals import BadChannelSetting
from xiangyue.messages.sms import CODE, VARIABLES
from xiangyue.messages.words import FIELDS
from xiangyue.people.models import Unit
from xiangyue.people.offices import Act
from xiangyue.people.permissions import require
from xiangyue.people.private import keys
from xiangyue.records.operations import log_act

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
LENGTHS: Final = {"key_id": 100, "app": 60, "sign": 60, "region": 40, "link": 200, "endpoint": 200}
# What each vendor can't do without, and which channel it carries.
NEEDED: Final[dict[Vendor, tuple[str, ...]]] = {
    Vendor.CONSOLE: (),
    Vendor.ALIYUN: ("key_id", "secret", "sign"),
    Vendor.TENCENT: ("key_id", "secret", "app", "sign"),
    Vendor.WECHAT: ("app", "secret"),
}


@transaction.atomic
def configure(
    *,
    actor: Actor,
    vendor: Vendor,
    secret: str = "",
    templates: Mapping[str, str] | None = None,
    fields: Mapping[str, str] | None = None,
    **facts: str,
) -> ChannelSetting:
    """Let the county send by a vendor from now on, in place of the one before it for the same channel.

    secret: sealed with the county's key at once; without one, that which the same vendor has stays. templates: the
    vendor's codes by ours (`sms.VARIABLES`; of WeChat, news). fields: of WeChat's template, with what stands in each
    (`words.FIELDS`). facts: key_id, app, sign, region, link, endpoint.
    Whoever manages the county's people does it. Raises: NotAllowed, BadChannelSetting.
    """
    actor = require_manager(actor)
    channel = Channel.WECHAT if vendor is Vendor.WECHAT else Channel.SMS
    before = ChannelSetting.objects.select_for_update().filter(channel=channel).first()
    kept = before.secret if before and before.vendor == vendor else None
    sealed = keys().seal(secret) if secret else kept
    _check(vendor, {**facts, "secret": "kept" if sealed else ""})
    values = {
        "vendor": vendor,
        "secret": sealed,
        "templates": _templates(vendor, templates or {}, fields or {}),
        **{name: facts.get(name, "").strip() for name in LENGTHS},
    }
    made, _is_new = ChannelSetting.objects.update_or_create(channel=channel, defaults=values)
    log_act(actor=actor, act="configure", subject="channel", subject_ids=[made.pk], to_state=vendor)
    return made


@transaction.atomic
def give_up(*, actor: Actor, channel: Channel) -> bool:
    """Send by a channel no more, and forget its account; tell whether it was sent by. Raises: NotAllowed."""
    actor = require_manager(actor)
    before = ChannelSetting.objects.select_for_update().filter(channel=channel).first()
    if before is None:
        return False
    log_act(actor=actor, act="give-up", subject="channel", subject_ids=[before.pk], from_state=before.vendor)
    before.delete()
    return True


@transaction.atomic
def set_quiet_hours(*, actor: Actor, start: time, end: time) -> MessageRules:
    """Say between which hours no phone rings; the same twice means that it may at any. Raises: NotAllowed."""
    # There may be no row yet to wait at; so the second caller waits at the county's unit.
    root = Unit.objects.select_for_update(no_key=True).get(parent=None)
    actor = require(actor, Act.MANAGE_PEOPLE, root)
    rules = MessageRules.objects.first() or MessageRules()
    rules.quiet_from, rules.quiet_until = start, end
    rules.save()
    log_act(actor=actor, act="configure", subject="message-rules", subject_ids=[rules.pk])
    return rules


def require_manager(actor: Actor) -> Actor:
    """Insist that the actor manages the county's people. Raises: NotAllowed."""
    return require(actor, Act.MANAGE_PEOPLE, Unit.objects.get(parent=None))


def _check(vendor: Vendor, facts: Mapping[str, str]) -> None:
    for name in NEEDED[vendor]:
        if not facts.get(name, "").strip():
            raise BadChannelSetting(name=name)
    for name, value in facts.items():
        if name != "secret" and (
            name not in LENGTHS or len(value) > LENGTHS[name] or not value.isprintable()
        ):
            raise BadChannelSetting(name=name)
    for name in ("endpoint", "link"):
        if facts.get(name):
            _require_safe(name, facts[name])


def _require_safe(name: str, address: str) -> None:
    """Insist on an address that nobody on the way can read; on this machine any will do."""
    parts = urlsplit(address)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not (safe and parts.hostname):
        raise BadChannelSetting(name=name)


def _templates(vendor: Vendor, templates: Mapping[str, str], fields: Mapping[str, str]) -> dict[str, object]:
    """Give what is kept of templates. Raises: BadChannelSetting."""
    known = {"news"} if vendor is Vendor.WECHAT else set(VARIABLES)
    if vendor is Vendor.CONSOLE:
        return {}
    if unknown := set(templates) - known:
        raise BadChannelSetting(name=f"template {min(unknown)}")
    if vendor is not Vendor.WECHAT:
        if not templates.get(CODE):
            raise BadChannelSetting(name=f"template {CODE}")
        return {name: code.strip() for name, code in templates.items()}
    if bad := [field for field, name in fields.items() if name not in FIELDS]:
        raise BadChannelSetting(name=f"field {bad[0]}")
    if templates and not fields:
        raise BadChannelSetting(name="field")
    return {**templates, "fields": dict(fields)}
