import json

import pytest

from tests.auditor.damage import DAMAGES, LEDGER, NOTICES, SETTLEMENT, SHOP, Damage
from tests.auditor.month import DISPUTED
from xiangyue.auditor.audit import NOTICE_MEANINGS, audit
from xiangyue.auditor.checks import CHECKS
from xiangyue.people.models import Resident, Unit
from xiangyue.scoring.models import HeldLine, NoticeLine


def test_there_is_nothing_to_say_about_two_months_that_went_well(month: Unit) -> None:
    assert list(audit()) == []


def test_the_months_have_all_that_could_go_wrong(month: Unit) -> None:
    assert HeldLine.objects.filter(released=True).exists()
    assert HeldLine.objects.filter(released=False, line__household__number=DISPUTED).exists()
    assert NoticeLine.objects.exclude(replaces=None).exists()


@pytest.mark.parametrize("damage", DAMAGES, ids=[f"{damage.code}: {damage.name}" for damage in DAMAGES])
def test_damage_is_named_by_its_code(month: Unit, damage: Damage) -> None:
    damaged = damage.plant()
    assert damaged
    faults = list(audit())
    assert {fault.code for fault in faults} == {damage.code} | damage.also
    assert damaged <= {fault.id for fault in faults if fault.code == damage.code}
    assert all(fault.meaning and fault.subject for fault in faults)


def test_every_check_is_tried() -> None:
    known = {check.code for check in CHECKS} | set(NOTICE_MEANINGS)
    assert {damage.code for damage in DAMAGES} == known
    assert len(known) == len(CHECKS) + len(NOTICE_MEANINGS)


def test_it_does_not_stop_at_the_first(month: Unit) -> None:
    planted = [part[0] for part in (LEDGER, SETTLEMENT[4:], SHOP, NOTICES)]
    for damage in planted:
        damage.plant()
    faults = list(audit())
    assert {damage.code for damage in planted} <= {fault.code for fault in faults}
    assert len(faults) > len(planted)


def test_one_check_names_all_that_are_damaged(month: Unit) -> None:
    damage = Damage(
        "all goods are gone", "stock-differs", "UPDATE redemption_good SET stock = 999 RETURNING id"
    )
    damaged = damage.plant()
    assert len(damaged) > 1
    assert {fault.id for fault in audit()} == damaged


def test_no_fault_tells_a_name(month: Unit) -> None:
    for part in (LEDGER, SETTLEMENT, SHOP, NOTICES):
        part[0].plant()
    told = json.dumps([{**fault.as_dict(), "meaning": ""} for fault in audit()], ensure_ascii=False)
    assert "balance-differs" in told
    assert [name for name in Resident.objects.values_list("name", flat=True) if name in told] == []
    assert told.isascii()
