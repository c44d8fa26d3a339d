"""Who holds which office where, and what the scheme's register says about offices and bodies."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiangyue.people.models.units import Level, Unit
from xiangyue.people.offices import Office
from xiangyue.users.models import User


class Body(models.TextChoices):
    """A committee or council of a village in which one may sit (DOMAIN §2 "committee")."""

    EVALUATION = "evaluation", _("评议小组")
    SUPERVISION = "supervision", _("监督小组")
    ASSEMBLY = "assembly", _("村民代表会议")
    RED_WHITE = "red_white", _("红白理事会")
    MORAL = "moral", _("道德评议会")
    COUNCIL = "council", _("村民议事会")
    ANTI_DRUG_GAMBLING = "anti_drug_gambling", _("禁毒禁赌会")


class Capacity(models.TextChoices):
    """For whom one sits in a body."""

    TWO_COMMITTEES = "two_committees", _("村两委干部")
    WORK_TEAM = "work_team", _("驻村工作队")
    GRID_LEADER = "grid_leader", _("网格员")
    PARTY_MEMBER = "party_member", _("党员代表")
    HOUSEHOLDS = "households", _("村民代表")
    NOTABLE = "notable", _("乡贤、退休干部")


class Appointment(models.Model):
    """Someone holds an office at a unit from one day to another (任职). Every staff permission derives from one.

    body, capacity: of a committee's or council's member, where they sit and for whom.
    until: the last day, or None while it lasts.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    office = models.CharField(max_length=30, choices=Office.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    body = models.CharField(max_length=20, choices=Body.choices, blank=True)
    capacity = models.CharField(max_length=20, choices=Capacity.choices, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        indexes = (models.Index(fields=("user", "office")), models.Index(fields=("unit", "office")))
        constraints = (
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="appointment_runs_forward"
            ),
        )


class OfficeRule(models.Model):
    """What the scheme's register says about an office at a level (preset data, changed by no page).

    title: what the place calls it. is_needed: a unit without one is listed as a gap. party_only: a holder who is no
    party member is listed. turn_months: how long a turn lasts where it is held by turns; None where not.
    """

    office = models.CharField(max_length=30, choices=Office.choices)
    level = models.CharField(max_length=20, choices=Level.choices)
    title = models.CharField(max_length=40)
    is_needed = models.BooleanField(default=False)
    party_only = models.BooleanField(default=False)
    turn_months = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("office", "level"), name="one_rule_of_an_office"),)


class SeatRule(models.Model):
    """How many of a capacity a body must have at least."""

    body = models.CharField(max_length=20, choices=Body.choices)
    capacity = models.CharField(max_length=20, choices=Capacity.choices)
    least = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("body", "capacity"), name="one_rule_of_a_seat"),)


class PeopleRules(models.Model):
    """The scheme's own settings for people's data; one row.

    keeps_id_numbers: off unless the scheme's authority asks for them (CONDUCT "Little data").
    retention_years: after a person or household has left, how long their data is kept.
    key_check: a fixed text under the county's key, written with the first sealed value, by which a machine notices
    that it holds another key.
    """

    keeps_id_numbers = models.BooleanField(default=False)
    retention_years = models.PositiveSmallIntegerField(default=3)
    key_check = models.CharField(max_length=32, blank=True)
