"""Who acts for a household: members, who says they are one, who acts on behalf; what the household wishes and asks."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiangyue.people.models.households import Household
from xiangyue.people.models.residents import Resident
from xiangyue.users.models import User


class Binding(models.TextChoices):
    """How somebody became a member."""

    CARD_CODE = "card_code", _("用了绑定码")
    CONFIRMED = "confirmed", _("网格员确认")
    ROSTER = "roster", _("户册上登记")


class Ending(models.TextChoices):
    """Why somebody is a member no more."""

    GONE = "gone", _("不在这一户了")
    GIVEN_UP = "given_up", _("自己退出")
    HOUSEHOLD = "household", _("家里人解除")
    OFFICE = "office", _("村里解除")


class Membership(models.Model):
    """A person who signs in acts for a household: one phone may serve several, and several phones one.

    resident: who they are in it; None for a relative who lives elsewhere. A resident's own user is a member from the
    day it is given, unless the household ended that. until: the last day, on which they act no more already.
    may_redeem: whether they may show the household's code and redeem.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships")
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, null=True, related_name="memberships")
    how = models.CharField(max_length=20, choices=Binding.choices)
    since = models.DateField()
    until = models.DateField(null=True)
    ending = models.CharField(max_length=20, choices=Ending.choices, blank=True, db_default="", default="")
    may_redeem = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("user", "household"), condition=Q(until=None), name="one_membership_of_a_pair"
            ),
            models.CheckConstraint(
                condition=Q(until=None, ending="") | (Q(until__gte=F("since")) & ~Q(ending="")),
                name="a_membership_ends_for_a_reason",
            ),
        )


class ClaimState(models.TextChoices):
    OPEN = "open", _("等确认")
    CONFIRMED = "confirmed", _("确认了")
    DECLINED = "declined", _("没有确认")
    WITHDRAWN = "withdrawn", _("撤回了")
    LAPSED = "lapsed", _("不用办了")


class MembershipClaim(models.Model):
    """Somebody who signed in says who they are in which household; a grid worker knows whether it is so.

    name: as they wrote it. answer: why it was declined. Both go when the person, or the household, is erased.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="claims")
    name = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=20, choices=ClaimState.choices, default=ClaimState.OPEN)
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("user", "household"), condition=Q(state="open"), name="one_open_claim_of_a_pair"
            ),
        )
        indexes = (models.Index(fields=("user", "made_at")),)


class HelpVisit(models.Model):
    """Somebody responsible acts for a household for a while (代办), which the household sees on its page.

    allowed_at: when it began; None while a household that wishes to be asked first has not answered. ended_at: when
    they left, or the household refused.
    """

    helper = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="help_visits")
    reason = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    allowed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("helper", "household"), condition=Q(ended_at=None), name="one_visit_of_a_helper"
            ),
        )
        indexes = (models.Index(fields=("household", "asked_at")),)


class Wanted(models.TextChoices):
    """What a household asks for."""

    CORRECTION = "correction", _("更正资料")
    CARD = "card", _("补发积分卡")


class Topic(models.TextChoices):
    """What is wrong in what is kept."""

    NAME = "name", _("名字")
    BORN = "born", _("出生日期、性别")
    PHONE = "phone", _("电话、身份证号")
    MEMBERS = "members", _("家里有谁、谁是户主")
    ADDRESS = "address", _("地址、户号、网格")
    PARTY = "party", _("党员身份")
    ERASE = "erase", _("要删掉的资料")
    OTHER = "other", _("别的")


class RequestState(models.TextChoices):
    OPEN = "open", _("等办理")
    DONE = "done", _("办好了")
    DECLINED = "declined", _("没有办")
    WITHDRAWN = "withdrawn", _("撤回了")
    LAPSED = "lapsed", _("不用办了")


class HouseholdRequest(models.Model):
    """A household asks for a correction of what is kept (PIPL 46), or for a new card; whoever manages people answers.

    topic: of a correction. made_by_*: who asked; is_on_behalf: somebody responsible wrote it down for the household.
    answer_by: the last day to answer.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="requests")
    wanted = models.CharField(max_length=20, choices=Wanted.choices)
    topic = models.CharField(max_length=20, choices=Topic.choices, blank=True)
    text = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    made_by_kind = models.CharField(max_length=10)
    made_by_id = models.BigIntegerField()
    is_on_behalf = models.BooleanField(default=False)
    answer_by = models.DateField()
    state = models.CharField(max_length=20, choices=RequestState.choices, default=RequestState.OPEN)
    answer = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("household",),
                condition=Q(state="open", wanted="card"),
                name="one_open_request_for_a_card",
            ),
        )
        indexes = (models.Index(fields=("household", "made_at")),)


class Reading(models.Model):
    """How an account wants its pages: of a household (whoever comes by its card), or of one user.

    language: "" for Chinese, unless the phone chose another.
    """

    household = models.OneToOneField(Household, on_delete=models.PROTECT, null=True, related_name="+")
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, related_name="+")
    is_large = models.BooleanField(default=False)
    language = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(household=None, user__isnull=False) | Q(household__isnull=False, user=None),
                name="reading_of_one_account",
            ),
        )


class DoorTry(models.Model):
    """A failed try by one source, at whichever door: nobody tries one PIN or one code at many households.

    source: "user:12", or the HMAC of a network address.
    """

    source = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("source", "at")), models.Index(fields=("at",)))
