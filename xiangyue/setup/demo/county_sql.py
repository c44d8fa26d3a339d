"""The statements that deal a county's month of deeds (`county`), and write them to the tables of `scoring`.

They write what the operations write for deeds that came in by a sheet, were vouched for by grid leaders and approved
by a meeting; only the action log, which has a line for each deed otherwise, has one for each village.
"""

from typing import Final

from xiangyue.kernel.ids import PUBLIC_ID_SQL

# Who lives where, and who acts for them. recused: how many of those at the meeting are of the household.
TABLES: Final = """
    CREATE TEMP TABLE demo_office (
        village_id bigint PRIMARY KEY, secretary bigint, clerk bigint, meeting_id bigint, present int,
        recorder bigint, recorder_home bigint, other bigint
    ) ON COMMIT DROP;
    CREATE TEMP TABLE demo_leader (unit_id bigint PRIMARY KEY, leader bigint, leader_home bigint) ON COMMIT DROP;
    CREATE TEMP TABLE demo_voter (village_id bigint, household_id bigint) ON COMMIT DROP;
    CREATE TEMP TABLE demo_way (
        way int PRIMARY KEY, indicator_id bigint, personal boolean, low bigint, steps int, amount bigint, spread int,
        level text, rank int, severity text, name text, side text, note text
    ) ON COMMIT DROP;
    CREATE TEMP TABLE demo_told (
        signature bigint PRIMARY KEY, points bigint, asked bigint, counted bigint, cuts jsonb, sentence text
    ) ON COMMIT DROP
"""
HOMES: Final = """
    CREATE TEMP TABLE demo_home ON COMMIT DROP AS
    SELECT row_number() OVER (ORDER BY village.path, home.number) - 1 AS place, home.id AS household_id,
        home.village_id, home.unit_id AS group_id, part.id AS grid_id, people.members, people.adults,
        CASE WHEN leader.leader_home = home.id THEN office.secretary ELSE leader.leader END AS vouches,
        CASE WHEN office.recorder_home = home.id THEN office.other ELSE office.recorder END AS records,
        (SELECT count(*) FROM demo_voter voter WHERE voter.household_id = home.id)::int AS recused
    FROM people_household home
    JOIN people_unit village ON village.id = home.village_id
    JOIN people_unit leaf ON leaf.id = home.unit_id
    JOIN people_unit part ON part.id = leaf.parent_id
    JOIN demo_office office ON office.village_id = home.village_id
    JOIN demo_leader leader ON leader.unit_id = part.id
    CROSS JOIN LATERAL (
        SELECT count(*)::int AS members,
            array_agg(id ORDER BY id) FILTER (WHERE born < %(grown)s AND NOT lives_elsewhere) AS adults
        FROM people_resident resident WHERE resident.household_id = home.id AND left_on IS NULL
    ) people
    WHERE home.left_on IS NULL
"""
# A hash of n deals household, way, day and figures: the same seed deals the same month.
DEAL: Final = """
    CREATE TEMP TABLE demo_share ON COMMIT DROP AS
    SELECT dealt.n, nextval(pg_get_serial_sequence('scoring_deed', 'id')) AS deed_id,
        nextval(pg_get_serial_sequence('scoring_share', 'id')) AS share_id,
        home.household_id, home.village_id, home.grid_id, home.group_id, home.members, home.vouches, home.records,
        home.recused, way.indicator_id, way.level, way.rank, way.severity, way.name, way.side, way.note,
        %(first)s::date + (dealt.c %% %(days)s)::int AS day,
        CASE WHEN way.personal THEN home.adults[1 + dealt.d %% cardinality(home.adults)] END AS resident_id,
        CASE WHEN way.steps > 0 THEN way.low + 100 * (dealt.d %% (way.steps + 1)) END AS proposed,
        way.amount * (1 + dealt.d %% way.spread) AS amount
    FROM (
        SELECT n, abs(hashint8extended(n, %(seed)s) %% 1000000007) AS a,
            abs(hashint8extended(n, %(seed)s + 1) %% 1000000007) AS b,
            abs(hashint8extended(n, %(seed)s + 2) %% 1000000007) AS c,
            abs(hashint8extended(n, %(seed)s + 3) %% 1000000007) AS d
        FROM generate_series(1, %(lines)s) n
    ) dealt
    JOIN demo_home home ON home.place = dealt.a %% %(homes)s
    JOIN demo_way way ON way.way = dealt.b %% %(ways)s
    WHERE home.adults IS NOT NULL OR NOT way.personal
    ORDER BY home.place, dealt.n
"""
TO_JUDGE: Final = """
    INSERT INTO judge_share (id, day, item, household_id, person_id, group_id, grid_id, village_id, amount, level, rank,
        severity, row_name, chosen, side, members)
    SELECT share_id, day, indicator_id, household_id, resident_id, group_id, grid_id, village_id, amount, level, rank,
        severity, name, proposed, side, members
    FROM demo_share
"""
# Shares that agree in all that a judgement says have one sentence; it is told once.
JUDGED: Final = """
    CREATE TEMP TABLE demo_judged ON COMMIT DROP AS
    SELECT result.id AS share_id, hashtextextended(concat_ws('|', result.item, result.day, share.amount, share.chosen,
        share.level, share.rank, share.severity, share.row_name, result.amount, result.earlier, result.asked,
        result.remaining, result.season, cut.cuts), 0) AS signature
    FROM judge_result result JOIN judge_share share USING (id)
    LEFT JOIN (
        SELECT id, string_agg(concat_ws(',', rank, cap, before, asked, points), ';' ORDER BY rank) AS cuts
        FROM judge_cut GROUP BY id
    ) cut USING (id)
"""
FIRST_OF_EACH: Final = (
    "SELECT signature, min(share_id) FROM demo_judged GROUP BY signature ORDER BY signature"
)
DEEDS: Final = f"""
    INSERT INTO scoring_deed (id, public_id, unit_id, indicator_id, day, source, brought_by_kind, brought_by_id,
        is_on_behalf, description, activity, fact, state, submitted_at, key)
    SELECT deed_id, {PUBLIC_ID_SQL}, village_id, indicator_id, day, 'sheet', 'user', office.clerk, false, note,
        '', '', 'approved', %(at)s, %(name)s || n
    FROM demo_share share JOIN demo_judged USING (share_id) JOIN demo_office office USING (village_id)
"""  # noqa: S608 - put together from constants
SHARES: Final = """
    INSERT INTO scoring_share (id, deed_id, household_id, resident_id, verified_by_id, proposed, amount, level, rank,
        severity, row, scores, reason, side, faulty, role, points, asked, counted, cuts, sentence)
    SELECT share_id, deed_id, household_id, resident_id, vouches, proposed, amount, coalesce(level, ''), rank,
        coalesce(severity, ''), name, '{}', '', coalesce(side, ''), false, '', told.points, told.asked, told.counted,
        told.cuts, told.sentence
    FROM demo_share share JOIN demo_judged USING (share_id) JOIN demo_told told USING (signature)
"""
DECISIONS: Final = """
    INSERT INTO scoring_decision (unit_id, period, meeting_id, share_id, verdict, reason, votes_for, votes_against,
        recused, decided_by_id, decided_at)
    SELECT village_id, %(period)s, office.meeting_id, share_id, 'approve', '', office.present - share.recused, 0,
        share.recused, share.records, %(at)s
    FROM demo_share share JOIN demo_judged USING (share_id) JOIN demo_office office USING (village_id)
    ORDER BY share_id
"""
ANALYZED: Final = "ANALYZE scoring_deed, scoring_share, scoring_decision"
