"""What the messages' room keeps of a person: given to them, and erased with them (`people/person.py`)."""

from django.db.models import Q
from django.utils.translation import gettext as _

from xiangyue.messages.models import Delivery, Message, Preference
from xiangyue.messages.templates import title_of
from xiangyue.people.models import Resident
from xiangyue.people.person import Erased, Section


def kept_of(resident: Resident) -> list[Section]:
    """Give what a person and their household were told, and how."""
    own = Q(household_id=resident.household_id) | Q(user_id=resident.user_id or 0)
    headers = {"at": _("时间"), "title": _("消息"), "read_at": _("看过的时间")}
    told = [
        {"at": each.at, "title": title_of(each.template), "read_at": each.read_at}
        for each in Message.objects.filter(own).order_by("id")
    ]
    sent_headers = {"done_at": _("时间"), "channel": _("怎么发的"), "state": _("结果")}
    sent = [
        {
            "done_at": each.done_at,
            "channel": str(each.get_channel_display()),
            "state": str(each.get_state_display()),
        }
        for each in Delivery.objects.filter(message__in=Message.objects.filter(own)).order_by("id")
    ]
    return [
        Section("messages", _("消息"), headers, told),
        Section("deliveries", _("提醒"), sent_headers, sent),
    ]


def erase(erased: Erased) -> None:
    """Remove what the erased were told, and what only they could still read of their households'."""
    theirs = Message.objects.filter(Q(user_id__in=erased.users) | Q(household_id__in=erased.emptied))
    Delivery.objects.filter(message__in=theirs).delete()
    theirs.delete()
    Preference.objects.filter(household_id__in=erased.emptied).delete()
