"""Memberships follow who lives where: they begin with a resident's user, move with a resident, end with a household.

Called by the operations on residents and households in their transactions, with the households locked. Set-based.
"""

from collections.abc import Collection
from typing import Final

from django.db import connection
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Greatest

from xiangyue.kernel import clock
from xiangyue.people.models import (
    ClaimState,
    Ending,
    HelpVisit,
    HouseholdRequest,
    Membership,
    MembershipClaim,
    RequestState,
    Resident,
)

# A person who was a member before, as nobody in particular, is now known to be this resident.
_ENROLL: Final = """
    INSERT INTO people_membership (user_id, household_id, resident_id, how, since, ending, may_redeem)
    SELECT resident.user_id, resident.household_id, resident.id, 'roster', %(today)s, '', true
    FROM people_resident resident
    WHERE resident.user_id = ANY(%(users)s) AND resident.left_on IS NULL
    ORDER BY resident.id
    ON CONFLICT (user_id, household_id) WHERE until IS NULL DO UPDATE SET resident_id = EXCLUDED.resident_id
"""
_FOLLOW: Final = """
    WITH ended AS (
        UPDATE people_membership membership SET until = greatest(membership.since, %(today)s), ending = 'gone'
        FROM people_resident resident
        WHERE resident.id = membership.resident_id AND resident.id = ANY(%(residents)s)
            AND membership.until IS NULL AND membership.household_id <> resident.household_id
        RETURNING membership.user_id, resident.household_id, resident.id AS resident_id, membership.how,
            membership.may_redeem
    )
    INSERT INTO people_membership (user_id, household_id, resident_id, how, since, ending, may_redeem)
    SELECT DISTINCT ON (user_id, household_id) user_id, household_id, resident_id, how, %(today)s, '', may_redeem
    FROM ended ORDER BY user_id, household_id, resident_id
    ON CONFLICT (user_id, household_id) WHERE until IS NULL DO NOTHING
"""
# Whoever the household, or they themselves, had ended before, stays away.
_COME_BACK: Final = """
    INSERT INTO people_membership (user_id, household_id, resident_id, how, since, ending, may_redeem)
    SELECT user_id, household_id, resident_id, how, %(today)s, '', may_redeem
    FROM (
        SELECT DISTINCT ON (user_id) * FROM people_membership
        WHERE resident_id = %(resident)s AND household_id = %(household)s
        ORDER BY user_id, id DESC
    ) last
    WHERE last.ending = 'gone'
    ON CONFLICT (user_id, household_id) WHERE until IS NULL DO NOTHING
"""


def enroll(user_ids: Collection[int]) -> None:
    """Let users who were just given to residents act for the residents' households."""
    _run(_ENROLL, users=list(user_ids))


def follow(residents: Collection[Resident]) -> None:
    """Let the memberships of residents, who are of another household now, be of that one."""
    _run(_FOLLOW, residents=[resident.pk for resident in residents])


def leave(resident_ids: Collection[int]) -> None:
    """End the memberships of residents who died, moved away or were erased."""
    end(Membership.objects.filter(resident_id__in=resident_ids), Ending.GONE)


def come_back(resident: Resident) -> None:
    """Let the memberships that ended when a resident left begin anew: it was an error, or they came home."""
    _run(_COME_BACK, resident=resident.pk, household=resident.household_id)


def end(memberships: QuerySet[Membership], why: Ending) -> int:
    """End those of these memberships that last; give how many."""
    today = Value(clock.today())
    return memberships.filter(until=None).update(until=Greatest(F("since"), today), ending=why)


def wind_up(household_ids: Collection[int]) -> None:
    """End what goes on around households that end: memberships, claims, requests, visits on their behalf."""
    now, here = clock.now(), Q(household_id__in=household_ids)
    end(Membership.objects.filter(here), Ending.GONE)
    claims = MembershipClaim.objects.filter(here, state=ClaimState.OPEN)
    claims.update(state=ClaimState.LAPSED, answered_at=now)
    requests = HouseholdRequest.objects.filter(here, state=RequestState.OPEN)
    requests.update(state=RequestState.LAPSED, answered_at=now)
    HelpVisit.objects.filter(here, ended_at=None).update(ended_at=now)


def _run(statement: str, **facts: int | list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"today": clock.today(), **facts})
