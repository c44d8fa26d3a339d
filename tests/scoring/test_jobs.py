from datetime import date, timedelta

from tests.cast import Cast
from tests.scoring.cast import (
    AFTER,
    DEADLINE,
    LABOUR,
    a_deed,
    balance,
    committee_of,
    noticed,
    populate,
)
from xiangyue.auditor.audit import audit
from xiangyue.kernel import clock
from xiangyue.ledger.models import Batch
from xiangyue.people.models import Unit
from xiangyue.records.models import LoggedAct
from xiangyue.scoring.jobs import escalate_county, settle_county
from xiangyue.scoring.models import Objection
from xiangyue.scoring.operations.objections import lodge_objection
from xiangyue.scoring.queries import line_of


def test_the_whole_county_is_settled_by_the_system(cast: Cast) -> None:
    other = Unit.objects.get(code="440783104220")
    populate(other, households=6, grids=2)
    noticed(cast.village, a_deed(cast.village, "018", of=LABOUR))
    noticed(
        other, a_deed(other, "005", of="1.2"), a_deed(other, "006", of="1.2"), committee=committee_of(other)
    )
    with clock.as_of(DEADLINE):
        settle_county()
    assert not Batch.objects.exists()
    for day in (AFTER, date(2026, 11, 8)):
        with clock.as_of(day):
            settle_county()
    assert set(Batch.objects.values_list("actor_kind", "actor_id", "day")) == {("system", 0, AFTER)}
    assert Batch.objects.count() == 3
    honours = [balance(village, number).honour for village, number in ((cast.village, "018"), (other, "005"))]
    assert honours == [800, 500]
    assert list(audit()) == []


def test_what_is_not_answered_is_passed_on_by_the_system_once_a_day(cast: Cast) -> None:
    notice = noticed(cast.village, a_deed(cast.village, "018", of=LABOUR))
    objection = lodge_objection(
        actor=cast.villager,
        target=line_of(notice, 1),
        household_id=cast.villager.id,
        text="少记了",
        key="k",
    )
    for day, instance in ((0, "village"), (1, "supervision"), (1, "supervision"), (2, "supervision")):
        with clock.as_of(objection.answer_by + timedelta(days=day)):
            escalate_county()
        assert Objection.objects.get().instance == instance
    logged = LoggedAct.objects.get(act="escalate")
    assert (logged.actor_kind, logged.subject_id) == ("system", objection.pk)
