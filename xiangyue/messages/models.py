"""What is told to whom: messages in the app, and their deliveries by SMS and WeChat."""

from datetime import time

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiangyue.people.models import Household
from xiangyue.users.models import User


class Channel(models.TextChoices):
    """A way out of the app. In the app itself everything is told anyway."""

    SMS = "sms", _("短信")
    WECHAT = "wechat", _("微信")


class Vendor(models.TextChoices):
    """Who carries a channel's messages. console: nobody; they are shown to whoever runs the machine."""

    CONSOLE = "console", _("本机显示")
    ALIYUN = "aliyun", _("阿里云")
    TENCENT = "tencent", _("腾讯云")
    WECHAT = "wechat", _("微信公众号")


class Message(models.Model):
    """One piece of news, for one household or one user. Its words are made when it is read, from template and facts.

    facts: ids, public codes, figures and days; never a name, never a phone number.
    key: under which it was written; the same news is written once to each.
    read_at: since when somebody of the household, or the user, has seen it.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    template = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    key = models.CharField(max_length=100)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(household=None, user__isnull=False) | Q(household__isnull=False, user=None),
                name="a_message_is_for_one",
            ),
            models.UniqueConstraint(
                fields=("key", "household"),
                condition=Q(household__isnull=False),
                name="news_once_to_a_household",
            ),
            models.UniqueConstraint(
                fields=("key", "user"), condition=Q(user__isnull=False), name="news_once_to_a_user"
            ),
        )
        indexes = (
            models.Index(
                fields=("household", "id"), condition=Q(household__isnull=False), name="message_of_household"
            ),
            models.Index(fields=("user", "id"), condition=Q(user__isnull=False), name="message_of_user"),
            BrinIndex(fields=("at",), name="message_by_day", pages_per_range=16),
        )


class DeliveryState(models.TextChoices):
    """no_address: there is no number, or nobody who follows the account, to send it to."""

    QUEUED = "queued", _("等着发")
    SENT = "sent", _("发出去了")
    FAILED = "failed", _("没发成")
    NO_ADDRESS = "no_address", _("没有号码")


class Delivery(models.Model):
    """That somebody is told outside the app that there is news. At most one waits for each recipient and channel.

    message: the last one that it tells of; news that comes while one waits joins it.
    recipient: `household:12` or `user:3`, as the message says.
    tries: begun, a killed one too. next_at: not tried before, and then again. error: the vendor's code, or ours, of
    the last try. done_at: when it was sent or given up.
    """

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="+")
    recipient = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.QUEUED, db_default="queued"
    )
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    queued_at = models.DateTimeField()
    next_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=100, blank=True, default="", db_default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("recipient", "channel"), condition=Q(state="queued"), name="one_delivery_waits"
            ),
            models.CheckConstraint(
                condition=Q(state="queued", done_at=None) | (~Q(state="queued") & Q(done_at__isnull=False)),
                name="what_is_done_has_its_time",
            ),
        )
        indexes = (
            models.Index(fields=("next_at", "id"), condition=Q(state="queued"), name="delivery_waiting"),
            models.Index(fields=("done_at",), name="delivery_done"),
            models.Index(fields=("message",), name="delivery_of_message"),
        )


class Preference(models.Model):
    """By which channels a household wants to be told. One without a row is told by each that the county has."""

    household = models.OneToOneField(Household, on_delete=models.PROTECT, related_name="+")
    sms = models.BooleanField(default=True)
    wechat = models.BooleanField(default=True)


class ChannelSetting(models.Model):
    """How a county sends by a channel. A county without a row for one does not send by it.

    key_id, secret: of the vendor's interface; the secret is sealed with the county's key (people/private.py).
    app: Tencent's SdkAppId, or WeChat's AppID. sign: the approved signature of SMS. region: of Tencent.
    templates: the vendor's codes of approved templates, by ours. link: the page that a WeChat message opens.
    endpoint: another address than the vendor's own, for a proxy; empty mostly.
    """

    channel = models.CharField(max_length=10, choices=Channel.choices, unique=True)
    vendor = models.CharField(max_length=10, choices=Vendor.choices)
    key_id = models.CharField(max_length=100, blank=True)
    secret = models.BinaryField(null=True)
    app = models.CharField(max_length=60, blank=True)
    sign = models.CharField(max_length=60, blank=True)
    region = models.CharField(max_length=40, blank=True)
    templates = models.JSONField(default=dict)
    link = models.CharField(max_length=200, blank=True)
    endpoint = models.CharField(max_length=200, blank=True)


class MessageRules(models.Model):
    """The county's rules. quiet_from, quiet_until: in between nobody's phone rings; the same time means never."""

    quiet_from = models.TimeField(default=time(21))
    quiet_until = models.TimeField(default=time(7))


class ShownText(models.Model):
    """An SMS of the console: sent to nobody, kept a day for those who try the system out. Both texts are sealed."""

    at = models.DateTimeField()
    phone = models.BinaryField()
    text = models.BinaryField()

    class Meta:
        indexes = (models.Index(F("at").desc(), name="shown_text_at"),)
