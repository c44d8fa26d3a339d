"""What a person was told is theirs to have, and goes with them."""

from collections.abc import Iterator

import pytest

from tests.cast import Cast
from tests.messages.cast import QUIET, give_phone, known_news, posted, sms_by
from tests.messages.vendors import Vendor
from xiangyue.kernel.actors import SYSTEM
from xiangyue.messages.models import Delivery, Message, Preference
from xiangyue.messages.news import News
from xiangyue.messages.operations.delivering import deliver_due
from xiangyue.messages.operations.notifying import notify
from xiangyue.people.models import Resident
from xiangyue.people.operations.erasing import erase_resident
from xiangyue.people.person import as_data, kept_of
from xiangyue.users.operations import create_user


@pytest.fixture(autouse=True)
def news() -> Iterator[None]:
    with known_news():
        yield


def test_what_is_kept_can_be_taken_out(cast: Cast, aliyun: Vendor) -> None:
    sms_by(aliyun)
    resident = give_phone("田禾生", "19900000001")
    notify(news=[posted(cast.household("018")), posted(cast.household("004"))], key="k")
    deliver_due()
    kept = as_data(kept_of(resident))
    assert [row["title"] for row in kept["messages"]] == ["积分入账了"]
    assert [(row["channel"], row["state"]) for row in kept["deliveries"]] == [("短信", "发出去了")]


def test_a_persons_own_go_and_the_households_stay_while_somebody_is_left(cast: Cast, aliyun: Vendor) -> None:
    sms_by(aliyun)
    household = cast.household("018")
    Preference.objects.create(household=household, sms=True)
    user = create_user(login="禾生", name="田禾生")
    resident = give_phone("田禾生", "19900000001")
    resident.user = user
    resident.save()
    Resident.objects.create(household=household, name="田小满", relation="child")
    notify(news=[posted(household), News(QUIET.code, user=user.pk), posted(cast.household("004"))], key="k")
    erase_resident(actor=SYSTEM, resident_id=resident.pk)
    left = sorted(message.household.number for message in Message.objects.all() if message.household)
    assert (left, Message.objects.count()) == (["004", "018"], 2)
    for other in Resident.objects.filter(household=household, erased_on=None):
        erase_resident(actor=SYSTEM, resident_id=other.pk)
    assert list(Message.objects.values_list("household__number", flat=True)) == ["004"]
    assert Delivery.objects.count() == 1
    assert not Preference.objects.exists()
