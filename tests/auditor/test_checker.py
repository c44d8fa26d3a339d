"""The checker stands alone: what it is given here is written by the ledger, then damaged in every way."""

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger.book import Book
from xiangyue.auditor import checker
from xiangyue.auditor.checker import GARBAGE, check
from xiangyue.insight.proofs import household_proof
from xiangyue.kernel import clock
from xiangyue.ledger.models import Seal
from xiangyue.ledger.operations.sealing import seal_all
from xiangyue.tenancy.models import Jurisdiction

Place = tuple[Any, ...]  # keys and indexes on the way down to a value


@pytest.fixture
def proof(county: Jurisdiction) -> dict[str, Any]:
    """Three days, the first two of several seals each; two lines of one batch; one line that no seal holds yet."""
    book = Book.open()
    other, own = book.household(), book.household()
    today = clock.today()
    for ago in (2, 1):
        with clock.as_of(today - timedelta(days=ago)):
            for number in range(3):
                book.post(f"{ago}:{number}", (own, 500), (other, 300), (own, -100))
                seal_all()
    book.post("other", (other, 100))
    seal_all()
    book.pay("today", own, 200)
    seal_all()
    book.post("alone", (other, 100))
    seal_all()
    book.post("last", (own, 100))
    made = household_proof(own)
    parsed: dict[str, Any] = json.loads(json.dumps(made))
    return parsed


def names(proof: Any, anchor: str | None = None) -> set[str]:
    faults, _facts = check(proof, anchor)
    return {name for name, _where in faults}


def places(value: Any, way: Place = ()) -> Iterator[Place]:
    """Give the way down to every value that is no container."""
    inner = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    )
    if inner is None:
        yield way
    else:
        for key, each in inner:
            yield from places(each, (*way, key))


def put(proof: dict[str, Any], place: Place, value: Any) -> dict[str, Any]:
    """Give a copy with another value in one place."""
    changed: Any = copy.deepcopy(proof)
    at = changed
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = value
    result: dict[str, Any] = changed
    return result


def at(proof: Any, place: Place) -> Any:
    for key in place:
        proof = proof[key]
    return proof


def test_a_true_proof_fits(proof: dict[str, Any]) -> None:
    faults, facts = check(proof)
    assert faults == []
    assert (facts["lines"], facts["unsealed"], facts["account"]) == (13, 1, proof["account"])
    last = {seal.day.isoformat(): seal.digest for seal in Seal.objects.order_by("number")}
    assert facts["days"] == last
    assert len(last) == 3


def test_a_days_code_may_be_given_as_it_hangs_on_the_wall(proof: dict[str, Any]) -> None:
    for code in check(proof)[1]["days"].values():
        for form in (
            code,
            code[:16],
            code.upper(),
            " ".join(code[i : i + 4] for i in range(0, 16, 4)).upper(),
        ):
            assert names(proof, form) == set()


@pytest.mark.parametrize("wrong", ["", " ", "0" * 64, "5896", "G" * 16, "f" * 65, "\ud800"])
def test_another_code_is_no_anchor(proof: dict[str, Any], wrong: str) -> None:
    assert names(proof, wrong) == {"anchor-not-met"}
    too_short = next(iter(check(proof)[1]["days"].values()))[:15]
    assert names(proof, too_short) == {"anchor-not-met"}


def test_only_the_last_seal_of_a_day_is_published(proof: dict[str, Any]) -> None:
    assert names(proof, proof["seals"][0]["digest"]) == {"anchor-not-met"}


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_value_is_changed_something_is_wrong(proof: dict[str, Any], data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(list(places(proof))))
    was = at(proof, place)
    others = [at(proof, each) for each in places(proof)]
    value: Any = data.draw(
        st.sampled_from(others)
        | st.integers()
        | st.text(max_size=5)
        | st.floats(allow_nan=False)
        | st.sampled_from([None, True, False, [], {}, [[]], "left", "right", "\ud800", 1.0])
        | st.text("0123456789abcdef", min_size=64, max_size=64)
    )
    if isinstance(was, str) and was and data.draw(st.booleans()):
        cut = data.draw(st.integers(0, len(was) - 1))
        value = was[:cut] + data.draw(st.characters()) + was[cut + 1 :]
    if (type(value), value) == (type(was), was):
        return
    changed = put(proof, place, value)
    if place == ("unsealed",) and type(value) is int and value >= 0:
        return  # what no seal holds can't be proven by a file
    try:
        assert check(changed)[0], (place, was, value)
    except GARBAGE:
        assert place == ("format",)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_put_into_it_is_refused_or_named(proof: dict[str, Any], data: st.DataObject) -> None:
    """Garbage of any shape, anywhere: a named fault or one of GARBAGE, nothing else."""
    garbage = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
        max_leaves=8,
    )
    ways = [()] + [place[:depth] for place in places(proof) for depth in range(1, len(place) + 1)]
    place = data.draw(st.sampled_from(ways))
    changed = put(proof, place, data.draw(garbage)) if place else data.draw(garbage)
    try:
        found = check(changed)[0]
    except GARBAGE:
        return
    assert {name for name, _where in found} <= checker.NAMES.keys()


def test_each_damage_has_its_name(proof: dict[str, Any]) -> None:
    first, second = proof["lines"][0], proof["lines"][-1]
    one = put(proof, ("lines", 0, "transfer"), first["transfer"].replace("500", "5000"))
    assert names(one) == {"not-of-batch", "not-in-seal"}
    assert names(put(proof, ("lines", 0, "transfer"), "[]")) == {"unreadable"}
    assert names(put(proof, ("lines", 0, "batch"), first["batch"].replace("settlement", "order"))) == {
        "not-of-batch"
    }
    swapped = put(proof, ("lines", 0, "batch"), second["batch"])
    swapped = put(swapped, ("lines", 0, "batch_in_batch"), second["batch_in_batch"])
    assert names(swapped) == {"not-of-batch"}
    assert names(put(proof, ("account",), proof["account"] + 1)) == {"not-of-account"}
    assert names(put(proof, ("account",), True)) >= {"unreadable"}
    assert names(put(proof, ("lines", 0, "seal"), 10**9)) == {"not-in-seal"}
    assert names(put(proof, ("seals", 0, "sealed_at"), "2026-11-02T04:00:00.000001Z")) == {"seal-changed"}
    assert names(put(proof, ("seals", 0, "day"), "2026-01-01")) >= {"seal-changed"}
    assert names({**proof, "lines": [first, *proof["lines"]]}) == {"listed-twice"}
    assert names({**proof, "seals": [*proof["seals"], proof["seals"][0]]}) == {"listed-twice"}


def test_a_seal_left_out_of_a_days_chain_is_missed(proof: dict[str, Any]) -> None:
    numbers = [seal["number"] for seal in proof["seals"]]
    middle = {**proof, "seals": [seal for seal in proof["seals"] if seal["number"] != numbers[1]]}
    assert names(middle) == {"chain-broken", "not-in-seal"}


def test_a_seal_that_was_made_up_does_not_follow_the_one_before(proof: dict[str, Any]) -> None:
    """Its own digest fits, since whoever makes it up can compute that."""
    made_up = dict(proof["seals"][1], previous="a" * 64)
    content = ["seal", *(made_up[key] for key in checker.SEAL)]
    text = json.dumps(content, separators=(",", ":"))
    made_up["digest"] = sha256(text.encode()).hexdigest()
    changed = {**proof, "seals": [proof["seals"][0], made_up, *proof["seals"][2:]]}
    assert names(changed) == {"chain-broken"}


def test_the_first_seal_follows_none(proof: dict[str, Any]) -> None:
    assert proof["seals"][0]["number"] == 1
    assert proof["seals"][0]["previous"] == checker.FIRST


# As a program, with nothing but Python


def run(file: Path, *words: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-I", "-S", checker.__file__, str(file), *words]
    return subprocess.run(program, capture_output=True, text=True, encoding="utf-8", check=False, env={})


@pytest.fixture
def file(proof: dict[str, Any], tmp_path: Path) -> Path:
    path = tmp_path / "证明.json"
    path.write_text(json.dumps(proof, ensure_ascii=False), encoding="utf-8")
    return path


def test_it_runs_alone_and_says_what_fits(proof: dict[str, Any], file: Path) -> None:
    done = run(file)
    assert (done.returncode, done.stderr) == (0, "")
    (day, code) = next(iter(check(proof)[1]["days"].items()))
    grouped = " ".join(code[i : i + 4] for i in range(0, 16, 4)).upper()
    assert f"{day}  {grouped}" in done.stdout
    assert "核对了 / checked: 13" in done.stdout
    assert "not sealed yet: 1" in done.stdout
    assert run(file, "--anchor", grouped).returncode == 0
    assert run(file, "--anchor", "0" * 16).returncode == 1


def test_it_names_what_is_wrong(proof: dict[str, Any], file: Path) -> None:
    file.write_text(json.dumps(put(proof, ("lines", 1, "transfer"), "[]")))
    done = run(file)
    assert done.returncode == 1
    assert "WRONG: lines #2" in done.stdout
    assert "[unreadable]" in done.stdout


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b"\xff\xfe",
        b'{"format": "xiangyue-proof-1"}',
        b"[" * 100_000,
        b"1" * 5000,
    ],
)
def test_what_is_no_proof_is_told_in_one_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(content)
    done = run(file)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "不是积分证明" in done.stderr


def test_a_file_that_is_not_there_is_told_too(tmp_path: Path) -> None:
    assert run(tmp_path / "none.json").returncode == 2
