"""Everyone of the cast × every source, for a household that is theirs and for one that is not: complete, so that nobody
who joins the cast, and no source that is added, stays without an answer.

Household 018 is the villager's; 004 the neighbour's; both of the third grid (桑叶青's). A household's own is brought
for by those who are of one, in the column `own`.
"""

from datetime import date
from itertools import product

import pytest
from django.db import transaction

from tests.cast import Cast
from tests.catalogue.cast import LAWFUL, in_force
from tests.people.cast import somebody as appointed
from tests.scoring.cast import LABOUR, RUBBISH, a_deed, bring, somebody
from xiangyue.kernel.actors import SYSTEM, ActorKind
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.membership_refusals import AskFirst, NotHelping
from xiangyue.people.models import Household, Kin, Relation, Resident, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.helping import allow_help, begin_helping, set_asking
from xiangyue.people.operations.relations import register_kin
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.person import households_near
from xiangyue.records.models import LoggedAct
from xiangyue.scoring import sources
from xiangyue.scoring.models import Deed, Source
from xiangyue.scoring.refusals import OwnHousehold
from xiangyue.scoring.source_refusals import NotTheNamedBringer, OneHouseholdOnBehalf, TooManyTogether
from xiangyue.scoring.sources import SOURCES, usual_source

# Of the cast, as `somebody` names them.
CAST = {
    "system": "system",
    "villager": "card 018",
    "neighbour": "card 004",
    "administrator": "admin",
    "secretary": "柳成荫",
    "grid_leader": "桑叶青",
    "other_grid_leader": "山有根",
    "clerk": "茶山青",
    "committee_member": "松如海",
    "supervisor": "竹有节",
    "shopkeeper": "仓有余",
    "town_official": "云帆远",
    "auditor": "明镜台",
    "outsider": "过路人",
}
# v: born verified; s: submitted; b: submitted on behalf; else a refusal: x not-allowed, n not-by-source,
# o own-household.
FOR_018 = """
                    self neighbour group leader cadre attendance inspection sheet
system              s    s         s     s      s     s          s          s
villager            s    o         x     x      x     x          x          x
neighbour           x    s         x     x      x     x          x          x
administrator       x    x         x     x      x     x          x          x
secretary           b    s         n     n      v     v          v          v
grid_leader         b    s         n     v      n     v          v          v
other_grid_leader   x    s         x     x      x     x          x          x
clerk               b    s         s     n      n     s          s          s
committee_member    x    s         x     x      x     x          x          x
supervisor          x    s         x     x      x     x          x          x
shopkeeper          x    s         x     x      x     x          x          x
town_official       x    x         x     x      x     x          x          x
auditor             x    x         x     x      x     x          x          x
outsider            x    x         x     x      x     x          x          x
"""
FOR_OWN = """
                    self neighbour group leader cadre attendance inspection sheet
villager            s    o         x     x      x     x          x          x
neighbour           s    o         x     x      x     x          x          x
secretary           s    o         n     n      s     s          s          s
grid_leader         s    o         n     s      n     s          s          s
other_grid_leader   s    o         n     s      n     s          s          s
clerk               s    o         s     n      n     s          s          s
committee_member    s    o         x     x      x     x          x          x
supervisor          s    o         x     x      x     x          x          x
shopkeeper          s    o         x     x      x     x          x          x
"""
WORDS = {"x": "not-allowed", "n": "not-by-source", "o": "own-household"}


def read(table: str) -> dict[tuple[str, str], str]:
    head, *lines = [line.split() for line in table.strip().splitlines()]
    return {(line[0], source): mark for line in lines for source, mark in zip(head, line[1:], strict=True)}


def who_is(cast: Cast, name: str) -> object:
    return getattr(cast, name)


def own_household(cast: Cast, name: str) -> Household | None:
    """Give the household of somebody who is of one."""
    by = somebody(cast.village, CAST[name])
    if by.kind is ActorKind.CARD:
        return Household.objects.get(pk=by.id)
    return Household.objects.filter(pk__in=households_near(by), residents__user=by.user_id).first()


def test_the_tables_are_complete(cast: Cast) -> None:
    everyone = {name for name in vars(Cast) if not name.startswith("_")}
    roles = everyone - {"actor", "user", "household", "indicator", "catalogue", "committee", "village"}
    assert set(CAST) == roles | {"system"}
    assert set(read(FOR_018)) == {(name, source.value) for name, source in product(CAST, Source)}
    of_one = {name for name in CAST if name != "system" and own_household(cast, name)}
    assert set(read(FOR_OWN)) == {(name, source.value) for name, source in product(of_one, Source)}
    assert set(SOURCES) == set(Source)


def test_the_names_are_the_cast_s(cast: Cast) -> None:
    for name, login in CAST.items():
        if name != "system":
            assert who_is(cast, name) == somebody(cast.village, login)


def came_of(cast: Cast, name: str, source: Source, number: str) -> str:
    """Bring, and say in the table's words what came of it."""
    by = somebody(cast.village, CAST[name])
    try:
        (deed,) = bring(by, a_deed(cast.village, number, of=LABOUR), source=source)
    except Refusal as refusal:
        assert not Deed.objects.exists()
        return next(mark for mark, code in WORDS.items() if code == refusal.code)
    deed.refresh_from_db()
    logged = LoggedAct.objects.get(subject="deed", subject_id=deed.pk)
    behalf = deed.shares.get().household_id if deed.is_on_behalf else None
    assert (logged.act, logged.actor_id, logged.on_behalf_of) == ("bring", by.id, behalf)
    vouched = deed.shares.get().verified_by_id
    assert vouched == (by.user_id if deed.state == "verified" else None)
    if deed.is_on_behalf:
        assert deed.state == "submitted"
        return "b"
    return {"verified": "v", "submitted": "s"}[deed.state]


def all_that_came(cast: Cast, name: str, number: str) -> dict[str, str]:
    """Try every source, each after nothing else has happened."""
    found = {}
    for source in Source:
        with transaction.atomic():
            found[source.value] = came_of(cast, name, source, number)
            transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("name", list(CAST))
def test_who_brings_what_for_the_villager(cast: Cast, name: str) -> None:
    table = read(FOR_018)
    assert all_that_came(cast, name, "018") == {source.value: table[name, source.value] for source in Source}


@pytest.mark.parametrize("name", list(dict.fromkeys(name for name, _source in read(FOR_OWN))))
def test_who_brings_what_for_themselves(cast: Cast, name: str) -> None:
    home, table = own_household(cast, name), read(FOR_OWN)
    assert home is not None
    came = all_that_came(cast, name, home.number)
    assert came == {source.value: table[name, source.value] for source in Source}


def test_a_neighbour_recommends_and_denounces_nobody(cast: Cast) -> None:
    """By every other source somebody may bring a deduction; what a neighbour says goes to whoever is responsible."""
    for source in Source:
        _deduct(cast, source)


def _deduct(cast: Cast, source: Source) -> None:
    by = {Source.SELF: cast.villager, Source.NEIGHBOUR: cast.neighbour, Source.LEADER: cast.grid_leader}
    fault = a_deed(cast.village, "018", of=RUBBISH)
    who = by.get(source, cast.secretary if source == Source.CADRE else cast.clerk)
    if not SOURCES[source].awards_only:
        assert bring(who, fault, source=source)
        return
    with pytest.raises(Refusal) as caught:
        bring(who, fault, source=source)
    assert (caught.value.code, source) == ("recommends-only", Source.NEIGHBOUR)


def test_how_somebody_usually_brings(cast: Cast) -> None:
    for name, number, source in [
        ("villager", "018", Source.SELF),
        ("grid_leader", "018", Source.LEADER),
        ("grid_leader", "013", Source.SELF),
        ("secretary", "018", Source.CADRE),
        ("clerk", "018", Source.GROUP),
        ("outsider", "018", Source.LEADER),
    ]:
        by = somebody(cast.village, CAST[name])
        assert usual_source(by, cast.household(number)) == source


# Whom an indicator's row names


BROUGHT_BY = (
    {"编号": "1", "指标": "开会", "分值": "5", "申报人": "联户组长"},
    {"编号": "2", "指标": "邻里推荐", "分值": "5", "申报人": "邻居"},
    {"编号": "3", "指标": "自己报", "分值": "5", "申报人": "本人"},
    {"编号": "4", "指标": "巡查", "分值": "5", "申报人": "网格员"},
    {"编号": "5", "指标": "随便", "分值": "5", "申报人": "大家伙儿"},
    {"编号": "6", "指标": "村里办", "分值": "5", "申报人": "村干部"},
)
# Who, by which source, may bring which of them.
NAMED = [
    ("card 018", Source.SELF, "35"),
    ("card 004", Source.NEIGHBOUR, "25"),
    ("桑叶青", Source.SELF, "345"),
    ("桑叶青", Source.LEADER, "45"),
    ("桑叶青", Source.SHEET, "45"),
    ("柳成荫", Source.CADRE, "56"),
    ("柳成荫", Source.SHEET, "56"),
    ("茶山青", Source.GROUP, "15"),
    ("茶山青", Source.SHEET, "123456"),
    ("茶山青", Source.ATTENDANCE, "123456"),
    ("茶山青", Source.INSPECTION, "5"),
    ("组长麦", Source.GROUP, "15"),
    ("system", Source.SELF, "123456"),
]


def test_who_is_named_in_the_row_brings(cast: Cast) -> None:
    """What the information administrator enters from paper is never verified by it, and may be anybody's."""
    in_force(SYSTEM, cast.village, date(2026, 2, 1), *BROUGHT_BY)
    group = Unit.objects.get(pk=cast.household("018").unit_id)
    appointed(Office.GROUP_LEADER, group, login="组长麦", since=date(2026, 1, 1))
    for login, source, allowed in NAMED:
        by = somebody(cast.village, login)
        for number in "123456":
            new = a_deed(cast.village, "018", of=number, day=date(2026, 10, 20))
            if number in allowed:
                assert bring(by, new, source=source), (login, source, number)
                continue
            with pytest.raises(NotTheNamedBringer) as caught:
                bring(by, new, source=source)
            assert caught.value.facts["who"] == BROUGHT_BY[int(number) - 1]["申报人"]


# Together


def test_what_is_divided_is_declared_for_all_who_did_it(cast: Cast) -> None:
    """By a household that did it itself, for others of its village; never what each gets in full, nor a fault."""
    rows = (
        {"编号": "1", "指标": "修路", "分值": "70，平分", "对象": "户"},
        {"编号": "2", "指标": "扫雪", "分值": "5", "对象": "户"},
        {"编号": "3", "指标": "垒墙占道", "方向": "扣", "分值": "6，平分", "对象": "户", **LAWFUL},
    )
    in_force(SYSTEM, cast.village, date(2026, 2, 1), *rows)
    day = date(2026, 10, 20)
    (deed,) = bring(cast.villager, a_deed(cast.village, "018", "004", of="1", day=day), source=Source.SELF)
    assert not deed.is_on_behalf
    assert deed.shares.count() == 2
    for numbers, of in ((("018", "004"), "2"), (("018", "004"), "3"), (("004", "050"), "1")):
        with pytest.raises(NotAllowed):
            bring(cast.villager, a_deed(cast.village, *numbers, of=of, day=day), source=Source.SELF)


def test_a_household_declares_for_no_more_than_it_can_vouch_for(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MOST_TOGETHER", 1)
    in_force(
        SYSTEM,
        cast.village,
        date(2026, 2, 1),
        {"编号": "1", "指标": "修路", "分值": "70，平分", "对象": "户"},
    )
    day = date(2026, 10, 20)
    with pytest.raises(TooManyTogether):
        bring(cast.villager, a_deed(cast.village, "018", "004", "050", of="1", day=day), source=Source.SELF)
    assert not Deed.objects.exists()
    (deed,) = bring(cast.villager, a_deed(cast.village, "018", "004", of="1", day=day), source=Source.SELF)
    assert deed.shares.count() == 2


# On behalf


def test_a_household_that_wishes_to_be_asked_is_asked(cast: Cast) -> None:
    """The wish holds for every face: without its agreement nothing is declared on its behalf."""
    home, declared = cast.household("018"), a_deed(cast.village, "018")
    set_asking(actor=cast.villager, household_id=home.pk, asks_first=True)
    with pytest.raises(NotHelping):
        bring(cast.grid_leader, declared, source=Source.SELF)
    visit = begin_helping(actor=cast.grid_leader, household_id=home.pk)
    with pytest.raises(AskFirst):
        bring(cast.grid_leader, declared, source=Source.SELF)
    assert not Deed.objects.exists()
    allow_help(actor=cast.villager, visit_id=visit.pk)
    (deed,) = bring(cast.grid_leader, declared, source=Source.SELF)
    assert deed.is_on_behalf


def test_on_behalf_is_for_one_household_and_for_nobody_near(cast: Cast) -> None:
    with pytest.raises(OneHouseholdOnBehalf):
        bring(cast.grid_leader, a_deed(cast.village, "018", "004"), source=Source.SELF)
    with pytest.raises(OneHouseholdOnBehalf):
        bring(cast.grid_leader, a_deed(cast.village, "018"), a_deed(cast.village, "004"), source=Source.SELF)
    with pytest.raises(OwnHousehold):  # the leader's own and another one
        bring(cast.grid_leader, a_deed(cast.village, "013", "018"), source=Source.SELF)
    heads = [
        Resident.objects.get(household=cast.household(number), relation=Relation.HEAD)
        for number in ("013", "018")
    ]
    register_kin(actor=SYSTEM, resident_id=heads[0].pk, other_id=heads[1].pk, kin=Kin.IN_LAW)
    with pytest.raises(OwnHousehold):
        bring(cast.grid_leader, a_deed(cast.village, "018"), source=Source.SELF)
    assert not Deed.objects.exists()
    (deed,) = bring(cast.grid_leader, a_deed(cast.village, "004"), source=Source.SELF)
    assert deed.is_on_behalf


def test_several_deeds_of_one_household_on_behalf_are_logged_with_it(cast: Cast) -> None:
    deeds = bring(cast.clerk, *(a_deed(cast.village, "018") for _time in range(2)), source=Source.SELF)
    logged = LoggedAct.objects.filter(subject="deed", act="bring").values_list("subject_id", "on_behalf_of")
    assert set(logged) == {(deed.pk, cast.household("018").pk) for deed in deeds}
