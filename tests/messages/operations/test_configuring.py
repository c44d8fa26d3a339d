"""How a county sends; its secrets stand sealed."""

from datetime import time
from typing import Any

import pytest
from django.db import connection, transaction

from tests.cast import Cast
from tests.ledger.threads import Worker, backend
from xiangyue.kernel.actors import SYSTEM
from xiangyue.messages.models import Channel, ChannelSetting, MessageRules, Vendor
from xiangyue.messages.operations.configuring import configure, give_up, set_quiet_hours
from xiangyue.messages.queries import is_configured, message_rules
from xiangyue.messages.refusals import BadChannelSetting
from xiangyue.messages.wechat import official_account
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.private import keys
from xiangyue.records.models import LoggedAct
from xiangyue.tenancy.models import Jurisdiction

ALIYUN: dict[str, Any] = {
    "vendor": Vendor.ALIYUN,
    "key_id": "LTAI5tExample",
    "secret": "not-a-real-secret",
    "sign": "乡约",
    "templates": {"code": "SMS_1", "news": "SMS_2"},
}
WECHAT: dict[str, Any] = {
    "vendor": Vendor.WECHAT,
    "app": "wx0000000000000000",
    "secret": "not-a-real-secret",
    "templates": {"news": "TM_1"},
    "fields": {"thing1": "what"},
}


def test_a_secret_stands_sealed(cast: Cast) -> None:
    made = configure(actor=cast.administrator, **ALIYUN)
    assert made.secret is not None
    assert keys().open(made.secret) == "not-a-real-secret"
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(setting)::text FROM messages_channelsetting setting")
        row = str(cursor.fetchone())
    assert "LTAI5tExample" in row
    assert "not-a-real" not in row
    assert b"not-a-real".hex() not in row
    line = LoggedAct.objects.get(act="configure")
    assert (line.subject, line.subject_id, line.to_state) == ("channel", made.pk, "aliyun")


def test_a_setting_takes_the_place_of_the_one_before(cast: Cast) -> None:
    configure(actor=cast.administrator, **ALIYUN)
    configure(actor=cast.administrator, **ALIYUN | {"sign": "联和乡约", "secret": ""})
    kept = ChannelSetting.objects.get()
    assert (kept.sign, kept.secret and keys().open(kept.secret)) == ("联和乡约", "not-a-real-secret")
    with pytest.raises(BadChannelSetting) as caught:  # another vendor's secret is none for this one
        configure(
            actor=cast.administrator, **ALIYUN | {"vendor": Vendor.TENCENT, "app": "1400006666", "secret": ""}
        )
    assert caught.value.facts == {"name": "secret"}
    configure(actor=cast.administrator, **WECHAT)
    assert ChannelSetting.objects.count() == 2
    configure(actor=cast.administrator, vendor=Vendor.CONSOLE)
    assert ChannelSetting.objects.get(channel=Channel.SMS).secret is None


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"key_id": " "}, "key_id"),
        ({"secret": ""}, "secret"),
        ({"sign": ""}, "sign"),
        ({"templates": {"news": "SMS_2"}}, "template code"),
        ({"templates": {"code": "SMS_1", "advert": "SMS_3"}}, "template advert"),
        ({"endpoint": "http://sms.example.cn"}, "endpoint"),
        ({"endpoint": "https://"}, "endpoint"),
        ({"sign": "一" * 61}, "sign"),
        ({"sign": "两\n行"}, "sign"),
        ({"colour": "red"}, "colour"),
        ({"vendor": Vendor.TENCENT}, "app"),
    ],
)
def test_what_a_vendor_needs_is_asked_for(cast: Cast, more: dict[str, Any], name: str) -> None:
    with pytest.raises(BadChannelSetting) as caught:
        configure(actor=cast.administrator, **ALIYUN | more)
    assert caught.value.facts == {"name": name}
    assert not ChannelSetting.objects.exists()


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"fields": {"thing1": "why"}}, "field thing1"),
        ({"fields": {}}, "field"),
        ({"link": "ftp://a"}, "link"),
    ],
)
def test_what_wechat_needs_is_asked_for(cast: Cast, more: dict[str, Any], name: str) -> None:
    with pytest.raises(BadChannelSetting) as caught:
        configure(actor=cast.administrator, **WECHAT | more)
    assert caught.value.facts == {"name": name}


def test_an_account_may_only_be_for_signing_in(cast: Cast, settings: Any) -> None:
    assert official_account() is None
    configure(actor=cast.administrator, **WECHAT | {"templates": {}, "fields": {}})
    account = official_account()
    assert account is not None
    assert (account.app_id, account.secret, account.template) == (
        "wx0000000000000000",
        "not-a-real-secret",
        "",
    )
    assert account.endpoint == settings.WECHAT_API


def test_a_stand_in_on_this_machine_needs_no_https(cast: Cast) -> None:
    made = configure(actor=cast.administrator, **ALIYUN | {"endpoint": "http://127.0.0.1:8100"})
    assert made.endpoint == "http://127.0.0.1:8100"


def test_giving_up_forgets_the_account(cast: Cast) -> None:
    assert not give_up(actor=cast.administrator, channel=Channel.SMS)
    configure(actor=cast.administrator, **ALIYUN)
    assert is_configured(Channel.SMS)
    assert give_up(actor=cast.administrator, channel=Channel.SMS)
    assert not is_configured(Channel.SMS)


def test_quiet_hours(cast: Cast) -> None:
    set_quiet_hours(actor=cast.administrator, start=time(22), end=time(6, 30))
    set_quiet_hours(actor=cast.administrator, start=time(20), end=time(8))
    assert MessageRules.objects.count() == 1
    assert (message_rules().quiet_from, message_rules().quiet_until) == (time(20), time(8))


@pytest.mark.slow
def test_two_who_say_quiet_hours_first_leave_one_row(committed: Jurisdiction) -> None:
    """Before there is a row of rules, whoever comes second waits all the same, and changes the first one's."""
    second = Worker(committed, lambda: set_quiet_hours(actor=SYSTEM, start=time(20), end=time(8)))
    with transaction.atomic():
        set_quiet_hours(actor=SYSTEM, start=time(22), end=time(6))
        second.start()
        assert second.is_blocked_by(backend())
    assert second.outcome().quiet_from == time(20)
    assert [rules.quiet_from for rules in MessageRules.objects.all()] == [time(20)]


@pytest.mark.parametrize("who", ["secretary", "grid_leader", "villager"])
def test_only_who_manages_the_county_does_it(cast: Cast, who: str) -> None:
    actor = getattr(cast, who)
    with pytest.raises(NotAllowed):
        configure(actor=actor, **ALIYUN)
    with pytest.raises(NotAllowed):
        give_up(actor=actor, channel=Channel.SMS)
    with pytest.raises(NotAllowed):
        set_quiet_hours(actor=actor, start=time(20), end=time(8))
