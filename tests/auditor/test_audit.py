import json

import pytest
from django.db import connection

from tests.auditor.damage import Damage
from tests.auditor.ledger_damage import ACCOUNTS, CAUSES, EXPIRY, QUEUE, TRANSFERS
from tests.auditor.month import DISPUTED
from tests.auditor.room_damage import NOTICES, SETTLEMENT, SHOP
from tests.auditor.seal_damage import SEALS
from xiangyue.auditor.audit import MEANINGS, audit
from xiangyue.auditor.chain import CHAIN_MEANINGS
from xiangyue.auditor.checks import CHECKS
from xiangyue.auditor.notices import NOTICE_MEANINGS
from xiangyue.ledger.models import Account, Batch, Cause, Hold, HoldState, Seal, Unsealed
from xiangyue.people.models import Resident, Unit
from xiangyue.scoring.models import HeldLine, NoticeLine
from xiangyue.tenancy.models import Jurisdiction

PARTS = (ACCOUNTS, TRANSFERS, EXPIRY, QUEUE, CAUSES, SETTLEMENT, SHOP, NOTICES)
DAMAGES = [damage for part in PARTS for damage in part]
# Whatever is sealed is named by its seal too (tests/auditor/test_chain.py), and a pool by its closing.
PROOFS = {*CHAIN_MEANINGS, "closing-wrong"}


def test_there_is_nothing_to_say_about_two_months_that_went_well(month: Unit) -> None:
    assert list(audit()) == []


def test_the_months_have_all_that_could_go_wrong(month: Unit) -> None:
    assert HeldLine.objects.filter(released=True).exists()
    assert HeldLine.objects.filter(released=False, line__household__number=DISPUTED).exists()
    assert NoticeLine.objects.exclude(replaces=None).exists()
    assert set(Batch.objects.values_list("cause", flat=True)) == set(Cause)
    assert set(Hold.objects.values_list("state", flat=True)) == set(HoldState)
    assert Account.objects.filter(arrears__gt=0).exists()
    assert Account.objects.exclude(closed_on=None).count() == 2
    assert Seal.objects.count() > 5
    assert Unsealed.objects.exists()


@pytest.mark.parametrize("damage", DAMAGES, ids=[f"{damage.code}: {damage.name}" for damage in DAMAGES])
def test_damage_is_named_by_its_code(month: Unit, damage: Damage) -> None:
    damaged = damage.plant()
    assert damaged
    faults = list(audit())
    assert {fault.code for fault in faults} - PROOFS == {damage.code} | damage.also
    assert damaged <= {fault.id for fault in faults if fault.code == damage.code}
    assert all(fault.meaning and fault.subject for fault in faults)


def test_every_check_is_tried() -> None:
    assert {damage.code for damage in (*DAMAGES, *SEALS)} | {"anchor-differs"} == set(MEANINGS)
    assert len(MEANINGS) == len(CHECKS) + len(CHAIN_MEANINGS) + len(NOTICE_MEANINGS)


def test_it_does_not_stop_at_the_first(month: Unit) -> None:
    planted = [part[0] for part in (ACCOUNTS, TRANSFERS, QUEUE, SETTLEMENT[5:], SHOP, NOTICES)]
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
    for part in (ACCOUNTS, TRANSFERS, CAUSES, SETTLEMENT, SHOP, NOTICES):
        part[0].plant()
    told = json.dumps([{**fault.as_dict(), "meaning": ""} for fault in audit()], ensure_ascii=False)
    assert "balance-differs" in told
    assert [name for name in Resident.objects.values_list("name", flat=True) if name in told] == []
    assert told.isascii()


def test_all_is_read_as_it_was_at_one_moment(committed: Jurisdiction) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ledger_unsealed (batch_id) SELECT generate_series(1, 3)")
    faults = audit()
    found = [next(faults).code]
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("repeatable read",)
        cursor.execute("SHOW transaction_read_only")
        assert cursor.fetchone() == ("on",)
    found += [fault.code for fault in faults]
    assert found == ["queued-without-batch"] * 3
    assert not connection.in_atomic_block
