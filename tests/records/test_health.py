"""What `doctor` says of outboxes."""

import pytest

from xiangyue.kernel import clock
from xiangyue.records.health import outboxes
from xiangyue.records.models import OutboxMessage
from xiangyue.records.operations import MAX_ATTEMPTS
from xiangyue.tenancy.models import Jurisdiction


@pytest.mark.parametrize("dead", [False, True])
def test_dead_letters_are_told_with_advice(county: Jurisdiction, dead: bool) -> None:
    OutboxMessage.objects.create(
        topic="notice-settled",
        payload={},
        written_at=clock.now(),
        next_at=clock.now(),
        attempts=MAX_ATTEMPTS if dead else 0,
    )
    (finding,) = [each for each in outboxes() if each.name.startswith(county.slug)]
    assert (finding.is_right, finding.serious) == (not dead, False)
    assert ("不再送1条" in finding.detail) == dead
