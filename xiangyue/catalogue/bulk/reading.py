"""Results of the bulk judging as the pure objects, so that `telling.tell` says the same sentence."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from xiangyue.catalogue.bulk import tables
from xiangyue.catalogue.bulk.ranks import rank_of
from xiangyue.catalogue.bulk.rule import Rule
from xiangyue.catalogue.rules.clamping import in_order
from xiangyue.catalogue.rules.facts import Facts
from xiangyue.catalogue.rules.judgement import ByLimit, ByRival, Judgement
from xiangyue.catalogue.rules.judging import ask, conclude, limits_on
from xiangyue.catalogue.rules.model import Item, Rank
from xiangyue.catalogue.rules.terms import Level, Severity, Side

_SHARES: Final = """
    SELECT share.id, share.item, share.day, share.amount, level, rank, severity, row_name, chosen, scores, reasoned,
        side, like_item, faulty, share.activity, traits, kinds, share.members, role, repeated, began, place,
        participants, share.part, parts_total, balance, corrected,
        result.amount AS counted, earlier, asked, best, stands, remaining
    FROM judge_share share JOIN judge_result result USING (id)
    WHERE id = ANY (%(ids)s)
"""
_CUTS: Final = (
    "SELECT id, rank, cap, before, asked, points FROM judge_cut WHERE id = ANY (%(ids)s) ORDER BY id, rank"
)


def judgements_of(rules: Mapping[int, Rule], ids: Iterable[int]) -> dict[int, Judgement]:
    """Give the judgements of some shares, by their ids; those that can't be judged are left out.

    Only while judge_share and the results are there.
    """
    wanted = {"ids": list(ids)}
    cuts: dict[int, list[tuple[Rank, Any]]] = defaultdict(list)
    for id, rank, *figures in tables.rows_of(_CUTS, wanted):
        cuts[id].append((rank_of(rank), figures))
    found = tables.named_rows_of(_SHARES, wanted)
    return {row["id"]: _judgement(rules, row, cuts[row["id"]]) for row in found}


def _judgement(rules: Mapping[int, Rule], row: Mapping[str, Any], cuts: list[tuple[Rank, Any]]) -> Judgement:
    """Let the pure functions tell the steps again, from the amounts that counted."""
    rule = rules[row["item"]]
    facts = _facts(row, None if row["like_item"] is None else rules[row["like_item"]].item)
    asked = ask(rule.item, facts, row["counted"], row["earlier"])
    assert asked.points == row["asked"], (
        f"share {row['id']}: {asked.points} by rule, {row['asked']} in the database"
    )
    limits = {limit.rank: limit for limit in in_order(limits_on(rule.item, facts, rule.limits), asked.side)}
    rival = None if row["best"] is None else ByRival(row["best"], row["stands"])
    by_limit = tuple(ByLimit(limits[rank], *figures) for rank, figures in cuts)
    return conclude(rule.item, facts, asked, rival, by_limit, row["remaining"])


def _facts(row: Mapping[str, Any], like: Item | None) -> Facts:
    day: date = row["day"]
    return Facts(
        day,
        amount=row["amount"],
        level=row["level"] and Level(row["level"]),
        rank=row["rank"],
        severity=row["severity"] and Severity(row["severity"]),
        row=row["row_name"],
        chosen=row["chosen"],
        scores=tuple(row["scores"]),
        reason="…" if row["reasoned"] else "",
        side=row["side"] and Side(row["side"]),
        like=like,
        faulty=row["faulty"],
        activity=row["activity"],
        traits=frozenset(trait for trait, bit in tables.TRAIT_BITS.items() if row["traits"] & bit),
        kinds=frozenset(row["kinds"]),
        members=row["members"],
        role=row["role"],
        repeated=row["repeated"],
        began=row["began"],
        place=row["place"],
        participants=row["participants"],
        parts=_parts(row),
        balance=row["balance"],
        corrected=row["corrected"],
    )


def _parts(row: Mapping[str, Any]) -> tuple[int, ...]:
    """Give parts with this share's in its place, and with the same sum: nobody is told what others got."""
    if not row["parts_total"]:
        return ()
    parts = [0] * row["participants"]
    parts[row["place"] - 1] = row["parts_total"] - row["part"]
    parts[row["place"]] = row["part"] if row["participants"] > 1 else row["parts_total"]
    return tuple(parts)
