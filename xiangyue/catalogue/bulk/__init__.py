"""Judging half a million shares inside the database, as the pure functions of `rules` judge one.

`catalogue/rules` is the truth. What stands here is its mirror in SQL, for speed alone: no rule is decided here that
isn't decided there, and tests/catalogue/bulk proves on random catalogues and months that both give the same, share by
share, note by note, refusal by refusal. Whoever changes a rule changes it there first; the tests then fail here.

The way: `tables.open_tables` → the caller fills judge_share (and judge_held) with INSERT … SELECT from its own tables
→ `judging.judge_in_bulk` → judge_result, judge_cut, judge_refused → `reading.judgements_of` for the sentences.
"""
