# ruff: noqa: T201 - it is a program too
"""Checks a household's proof anywhere: `python checker.py FILE [--anchor CODE]`. One file, Python 3.9, no network.

It recomputes what docs/proofs.md says, and shares no code with what wrote the file. Compare the code that it prints
for a day with the one on the wall. Exit code: 0 all fits, 1 something does not, 2 this is no such file.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

FORMAT, FIRST, CHINA = "xiangyue-proof-1", "0" * 64, timezone(timedelta(hours=8))
HASH, CODE, MOMENT = re.compile("[0-9a-f]{64}"), re.compile("[0-9a-f]{16,64}"), "%Y-%m-%dT%H:%M:%S.%f%z"
SEAL = {"number": int, "previous": str, "root": str, "batches": int, "transfers": int, "sealed_at": str}
GARBAGE = (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError)
NAMES = {
    "unreadable": "读不懂 / can't be read",
    "listed-twice": "列了两次 / is listed twice",
    "not-of-account": "这一条不是这个账户的 / the line is not of this account",
    "not-of-batch": "这一条不在它那一笔里 / the line is not in its batch",
    "not-in-seal": "这一条算不到它的封存 / the line does not come to its seal",
    "seal-changed": "封存被改过，或者不是那一天的 / the seal was changed, or is not of that day",
    "chain-broken": "和前一次封存接不上 / the seal does not follow the one before",
    "anchor-not-met": "没有哪一天是这个码 / no day has this code",
}


def check(proof: Any, anchor: str | None = None) -> tuple[list[tuple[str, str]], dict[str, Any]]:
    """Recompute a proof; give (faults, facts): faults as (one of NAMES, where), facts as what it holds.

    anchor: a day's code that was published, at least 16 hex digits. Raises: one of GARBAGE if this is no proof.
    """
    proof = json.loads(json.dumps(proof))  # so that what is listed twice is two things
    account, lines, unsealed = proof["account"], proof["lines"], proof["unsealed"]
    if proof["format"] != FORMAT or not lines or not proof["seals"]:
        raise ValueError(f"no {FORMAT}")
    is_typed = type(account) is int and type(unsealed) is int and unsealed >= 0
    faults = [] if is_typed else [("unreadable", "account, unsealed")]

    def note(where: str, found: Any, *given: Any) -> None:
        try:
            faults.extend((name, where) for name, is_so in found(*given).items() if is_so)
        except GARBAGE:
            faults.append(("unreadable", where))

    seals: dict[Any, Any] = {}
    for place, seal in enumerate(proof["seals"], start=1):
        note(f"seals #{place}", _seal_faults, seal, seals)
    last: dict[str, Any] = {}  # of each day
    for number, seal in sorted(seals.items()):
        before = seals.get(number - 1, {"digest": FIRST if number == 1 else seal["previous"]})
        if before["digest"] != seal["previous"] or last.get(seal["day"], before) is not before:
            faults.append(("chain-broken", f"seal {number}"))
        last[seal["day"]] = seal
    seen: dict[Any, Any] = {}
    for place, line in enumerate(lines, start=1):
        note(f"lines #{place}", _line_faults, line, account, seals, seen)
    days = {day: seal["digest"] for day, seal in last.items()}
    code = "".join((anchor or "").split()).lower()
    is_met = CODE.fullmatch(code) and any(digest.startswith(code) for digest in days.values())
    faults += [] if anchor is None or is_met else [("anchor-not-met", "")]
    return faults, {"account": account, "lines": len(lines), "unsealed": unsealed, "days": days}


def _seal_faults(seal: Any, seals: dict[Any, Any]) -> dict[str, bool]:
    fields, hashes = [seal[key] for key in SEAL], (seal["previous"], seal["root"], seal["digest"])
    kinds = [type(each) for each in (*fields, seal["day"])]
    if kinds != [*SEAL.values(), str] or not all(map(HASH.fullmatch, hashes)):
        raise ValueError("no seal")
    text = json.dumps(["seal", *fields], separators=(",", ":"), ensure_ascii=False)
    at = datetime.strptime(seal["sealed_at"], MOMENT).astimezone(CHINA)
    is_so = sha256(text.encode()).hexdigest() == seal["digest"] and at.date().isoformat() == seal["day"]
    return {"seal-changed": not is_so, "listed-twice": seals.setdefault(seal["number"], seal) is not seal}


def _line_faults(line: Any, account: Any, seals: dict[Any, Any], seen: dict[Any, Any]) -> dict[str, bool]:
    transfer, batch = json.loads(line["transfer"]), json.loads(line["batch"])
    kinds = [type(each) for each in (*transfer[1:6], batch[1], line["seal"])]
    if (transfer[0], len(transfer), batch[0], len(batch), *kinds) != ("transfer", 9, "batch", 11, *[int] * 7):
        raise ValueError("no line")
    root, of_batch = (_up(line[each].encode(), line[f"{each}_in_batch"]) for each in ("transfer", "batch"))
    return {
        "not-of-account": account not in transfer[3:5],
        "not-of-batch": transfer[1] != batch[1] or root != of_batch,
        "not-in-seal": _up(root, line["batch_in_seal"]).hex() != seals.get(line["seal"], {}).get("root"),
        "listed-twice": seen.setdefault(tuple(transfer[1:3]), line) is not line,
    }


def _up(content: bytes, path: Any) -> bytes:
    half = sha256(b"\0" + content).digest()
    for side, other in path if type(path) is list else [path]:
        if side not in ("left", "right") or not HASH.fullmatch(other):
            raise ValueError("no path")
        pair = (bytes.fromhex(other), half) if side == "left" else (half, bytes.fromhex(other))
        half = sha256(b"\1" + b"".join(pair)).digest()
    return half


def main() -> int:
    """Check the file that the command line names; say what was found, in Chinese and English."""
    parser = argparse.ArgumentParser(description="核对积分证明 / check a proof of points")
    parser.add_argument("file")
    parser.add_argument("--anchor", metavar="CODE", help="公布过的码 / a code that was published")
    given = parser.parse_args()
    try:
        with open(given.file, encoding="utf-8-sig") as source:
            faults, facts = check(json.load(source), given.anchor)
    except (OSError, *GARBAGE) as problem:
        print(f"读不了，不是积分证明 / no proof of points: {str(problem)[:80]!a}", file=sys.stderr)
        return 2
    print(f"核对了 / checked: {facts['lines']}；还没封存 / not sealed yet: {facts['unsealed']}")
    for day, digest in facts["days"].items():
        code = " ".join(digest[at : at + 4].upper() for at in (0, 4, 8, 12))
        print(f"{day}  {code}  和墙上的比 / compare with the wall")
    for name, where in faults:
        print(f"不对 / WRONG: {where}: {NAMES[name]} [{name}]")
    print("不对 / something is wrong" if faults else "全都对得上 / all fits")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr] # a console may lack characters
    sys.exit(main())
