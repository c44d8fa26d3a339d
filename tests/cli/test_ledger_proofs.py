"""What hangs on the wall, and how people check their lines against it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cast import VILLAGE, Cast
from tests.cli.terminal import facts, refusal, run, told
from tests.scoring.cast import october, settled
from xiangyue.auditor.checker import FORMAT, check
from xiangyue.kernel import clock
from xiangyue.ledger.models import Seal
from xiangyue.people.openings_form import openings_workbook
from xiangyue.records.models import LoggedAct
from xiangyue.users.models import User

HERE = ("--county", "peopled")
VILLAGERS = (*HERE, "--village", VILLAGE)


@pytest.fixture
def sealed(cast: Cast) -> Seal:
    """A settled month in one seal."""
    october(cast.village)
    settled(cast.village)
    (made,) = facts("ledger", "seal", *HERE)["seals"]
    return Seal.objects.get(number=made["seal"])


def grouped(digest: str) -> str:
    return " ".join(digest[at : at + 4] for at in range(0, 16, 4)).upper()


def test_what_waits_is_sealed_and_then_nothing_waits(cast: Cast) -> None:
    october(cast.village)
    settled(cast.village)
    (made,) = facts("ledger", "seal", *HERE)["seals"]
    found = Seal.objects.get()
    assert (made["seal"], made["transfers"], made["code"]) == (1, found.transfers, grouped(found.digest))
    assert told("ledger", "seal", *HERE) == "没有要封存的。\n"
    assert facts("ledger", "seal", *HERE) == {"seals": []}
    logged = LoggedAct.objects.filter(act="seal", subject="seal", subject_id=found.pk)
    assert [each.actor_id for each in logged] == [User.objects.get(login="admin").pk]
    assert refusal("ledger", "seal", *HERE, "--as", "柳成荫")["code"] == "not-allowed"  # of one village only


def test_days_show_the_code_of_their_last_seal(cast: Cast, sealed: Seal, tmp_path: Path) -> None:
    assert facts("ledger", "days", *HERE)["days"][0]["digest"] == sealed.digest
    reverse_first()
    told("ledger", "seal", *HERE)
    file = tmp_path / "期初.xlsx"
    file.write_bytes(openings_workbook([("052", "", "1", "", "")]))
    with clock.as_of(clock.today() + timedelta(days=1)):
        told("ledger", "open", file, *VILLAGERS)
        told("ledger", "seal", *HERE)
    newest, first = facts("ledger", "days", *HERE)["days"]
    seals = {seal.number: seal for seal in Seal.objects.all()}
    assert (first["seal"], first["seals"], first["digest"]) == (2, 2, seals[2].digest)
    assert first["transfers"] == seals[1].transfers + seals[2].transfers
    assert (newest["seal"], newest["seals"], newest["code"]) == (3, 1, grouped(seals[3].digest))
    assert facts("ledger", "days", *HERE, "--last", 1)["days"] == [newest]
    assert grouped(seals[3].digest) in told("ledger", "days", *HERE, "--last", 1)
    assert run("ledger", "days", *HERE, "--last", 0).exit_code == 2


def reverse_first() -> None:
    last = facts("ledger", "statement", "018", *VILLAGERS)["posted"][-1]
    told("ledger", "reverse", f"{last['batch_id']}:{last['line']}", *HERE, "--reason", "appeal")


def test_before_the_first_seal_there_are_no_days(cast: Cast) -> None:
    assert told("ledger", "days", *HERE) == "还没有封存过。\n"


def test_a_proof_is_written_and_fits(sealed: Seal, tmp_path: Path) -> None:
    file = tmp_path / "018.json"
    words = ("ledger", "prove", "018", *VILLAGERS)
    made = facts(*words, "--out", file)
    assert (made["file"], made["lines"], made["unsealed"]) == (str(file), 2, 0)
    assert made["days"] == {sealed.day.isoformat(): sealed.digest}
    assert run(*words, "--out", file).exit_code == 2
    proof = json.loads(file.read_text(encoding="utf-8"))
    assert (proof["format"], check(proof)[0]) == (FORMAT, [])
    assert json.loads(told(*words)) == facts(*words) == proof
    assert grouped(sealed.digest) in told(*words, "--out", tmp_path / "2.json")
    assert refusal(*words, "--as", "仓有余")["code"] == "not-allowed"


def test_without_a_seal_nothing_can_be_proven(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    assert refusal("ledger", "prove", "018", *VILLAGERS, "--out", file)["code"] == "nothing-sealed"
    assert not file.exists()


@pytest.fixture
def proof(sealed: Seal, tmp_path: Path) -> Path:
    file = tmp_path / "证明.json"
    told("ledger", "prove", "018", *VILLAGERS, "--out", file)
    return file


def test_a_proof_is_checked_against_the_wall(proof: Path, sealed: Seal) -> None:
    shown = told("ledger", "check", proof)
    assert "核对了2条" in shown
    assert "全都对得上" in shown
    assert grouped(sealed.digest) in shown
    found = facts("ledger", "check", proof, "--anchor", grouped(sealed.digest))
    assert (found["faults"], found["lines"], found["unsealed"]) == ([], 2, 0)
    wrong = run("ledger", "check", proof, "--anchor", "0" * 16, "--json")
    assert wrong.exit_code == 3
    assert json.loads(wrong.stdout)["faults"] == [{"code": "anchor-not-met", "where": ""}]


def test_a_proof_that_was_changed_is_found_out(proof: Path) -> None:
    changed: Any = json.loads(proof.read_text(encoding="utf-8"))
    changed["account"] += 1
    proof.write_text(json.dumps(changed))
    found = run("ledger", "check", proof)
    assert found.exit_code == 3
    assert "not-of-account" in found.stdout


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b'{"format": "x"}', b"[" * 100_000])
def test_checking_needs_no_database_and_says_what_is_no_proof(tmp_path: Path, content: bytes) -> None:
    """This test may not reach one."""
    file = tmp_path / "x.json"
    file.write_bytes(content)
    found = run("ledger", "check", file)
    assert found.exit_code == 2
    assert "不是积分证明" in found.stderr
    assert run("ledger", "check", tmp_path / "none.json").exit_code == 2
