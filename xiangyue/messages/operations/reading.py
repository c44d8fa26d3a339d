"""What the recipients of messages say: that they have seen them, and how they want to be told."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.messages.models import Message, Preference
from xiangyue.messages.refusals import NoSuchMessage
from xiangyue.people.operations.own import acting_for, is_own
from xiangyue.people.operations.residents import locked_household
from xiangyue.records.operations import log_act


@transaction.atomic
def mark_read(*, actor: Actor, household_id: int, message_ids: Collection[int] | None = None) -> int:
    """Note that somebody has seen what their household, and they as a user, were told; give how much of it was new.

    message_ids: None for all of it. Whoever acts on a household's behalf has seen nothing for it: it still hears of
    what was done. The log has no line of it, since it says nothing of anybody but the reader.
    Raises: NoSuchMessage, also for somebody else's.
    """
    theirs = Q(pk__in=())
    if is_own(actor, household_id):
        theirs |= Q(household=household_id)
    if actor.kind is ActorKind.USER:
        theirs |= Q(user=actor.id)
    found = Message.objects.filter(theirs)
    if message_ids is not None:
        wanted = set(message_ids)
        found = found.filter(id__in=wanted)
        if found.count() != len(wanted):
            raise NoSuchMessage
    return found.filter(read_at=None).update(read_at=clock.now())


@transaction.atomic
def choose_channels(*, actor: Actor, household_id: int, sms: bool, wechat: bool) -> Preference:
    """Let a household, or somebody on its behalf, say by what it wants to be told; in the app it always is.

    Raises: UnknownHousehold, NotAllowed, NotHelping, AskFirst.
    """
    household = locked_household(household_id)
    actor, on_behalf_of = acting_for(actor, household)
    wish, _is_new = Preference.objects.update_or_create(
        household=household, defaults={"sms": sms, "wechat": wechat}
    )
    log_act(
        actor=actor,
        act="choose-channels",
        subject="household",
        subject_ids=[household.pk],
        on_behalf_of=on_behalf_of,
    )
    return wish
