from datetime import datetime, time

import pytest

from tests.messages.cast import at
from xiangyue.messages.models import MessageRules
from xiangyue.messages.quiet import ring_at


@pytest.mark.parametrize(
    ("moment", "rings"),
    [
        (at(12), at(12)),
        (at(20, 59), at(20, 59)),
        (at(21), at(7, day=3)),
        (at(23, 30), at(7, day=3)),
        (at(0, 10), at(7)),
        (at(6, 59), at(7)),
        (at(7), at(7)),
    ],
)
def test_the_usual_hours(moment: datetime, rings: datetime) -> None:
    assert ring_at(moment, MessageRules()) == rings


def test_hours_within_a_day_and_none() -> None:
    noon = MessageRules(quiet_from=time(12), quiet_until=time(14, 30))
    assert ring_at(at(13), noon) == at(14, 30)
    assert ring_at(at(23), noon) == at(23)
    never = MessageRules(quiet_from=time(3), quiet_until=time(3))
    assert ring_at(at(3), never) == at(3)
