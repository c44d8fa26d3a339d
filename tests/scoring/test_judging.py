"""What the catalogue is told of shares, and what comes of it: everything that a table of rules can say."""

from datetime import date
from typing import Any

import pytest

from tests.cast import Cast
from tests.catalogue.cast import LAWFUL, bounded, in_force
from tests.scoring.cast import (
    a_meeting,
    approve,
    bring,
    household,
    indicator,
    leave_outside,
    two_people,
    verified,
)
from xiangyue.catalogue.models import Indicator
from xiangyue.catalogue.queries import catalogue_in_force, find_indicator, rules_in_force
from xiangyue.catalogue.rules.changes import PointBounds
from xiangyue.catalogue.rules.local import LocalBounds
from xiangyue.catalogue.rules.refusals import PartsDoNotAddUp, RowMissing, SideMissing, SubjectExcluded
from xiangyue.catalogue.rules.terms import Level, Severity, Side, Trait
from xiangyue.insight.use import use_of
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Household, Resident, Sex, Unit
from xiangyue.people.models import Level as UnitLevel
from xiangyue.people.offices import Office
from xiangyue.people.operations.appointments import appoint
from xiangyue.people.queries import paths_to
from xiangyue.scoring.facts import Given, columns_of, given_of, people_of
from xiangyue.scoring.judging import Ruled, judge_ruled
from xiangyue.scoring.models import Deed, Share
from xiangyue.scoring.operations.bringing import NewDeed, NewShare
from xiangyue.scoring.refusals import IndicatorNotInForce, MinorNotDeducted

FROM, DAY = date(2026, 2, 1), date(2026, 10, 20)
RULES = (
    {"编号": "1", "指标": "获奖", "分值": "村级5/镇级10/县级20", "上限": "本类每月20分", "板块": "荣誉"},
    {"编号": "2", "指标": "星级", "分值": "加3/扣2", "方向": "加扣", **LAWFUL},
    {"编号": "3", "指标": "乱倒垃圾", "分值": "扣5", "倍数": "党员双倍扣；重复发生加倍", **LAWFUL},
    {"编号": "4", "指标": "最美庭院", "分值": "30", "上限": "每村每年1次"},
    {"编号": "5", "指标": "赌博", "分值": "一般5、较重10、严重20", "方向": "扣", **LAWFUL},
    {"编号": "6", "指标": "见义勇为", "分值": "10", "板块": "荣誉", "上限": "本类每月20分"},
    {"编号": "7", "指标": "谎报", "分值": "清零", "方向": "清零", **LAWFUL},
    {"编号": "8", "指标": "扫雪", "分值": "2", "对象": "村民个人", "倍数": "村干部1.5倍"},
    {"编号": "10", "指标": "修路", "分值": "70分，平分"},
    {"编号": "11", "指标": "架桥", "分值": "70分，按贡献分"},
    {"编号": "9", "指标": "好人好事", "分值": "村级5/镇级10", "上限": "取最高，不累计"},
)  # fmt: skip


@pytest.fixture
def rules(cast: Cast) -> Cast:
    in_force(SYSTEM, cast.village, FROM, *RULES)
    return cast


def deed(
    cast: Cast,
    number: str,
    of: Household,
    day: date = DAY,
    who: Resident | None = None,
    fact: str = "",
    **given: Any,
) -> NewDeed:
    key = f"{number}:{of.pk}:{day}:{who and who.pk}:{given}:{fact}"
    share = NewShare(of, who, Given(**given))
    applied = find_indicator(rules_in_force(cast.village, day), number)
    return NewDeed(key, applied, day, [share], fact=fact)


def decided(cast: Cast, *deeds: NewDeed) -> list[Share]:
    shares = approve(a_meeting(cast.village), verified(*deeds))
    return [Share.objects.get(pk=share.pk) for share in shares]


def points(cast: Cast, *deeds: NewDeed) -> list[int]:
    return [share.points or 0 for share in decided(cast, *deeds)]


@pytest.fixture
def home(rules: Cast) -> Household:
    return rules.household("018")


def test_what_was_given_is_kept(rules: Cast, home: Household) -> None:
    given = Given(
        proposed=5, amount=6, level=Level.TOWN, rank=2, severity=Severity.GRAVE, row="考上本科", scores=(1, 2, 3),
        reason="因为", side=Side.DEDUCTION, like=Indicator.objects.first(), faulty=True, role="书记", part=7,
    )  # fmt: skip
    share = Share(household=home, **columns_of(given))
    assert given_of(share) == given
    assert given_of(Share(household=home)) == Given()


def test_levels_sides_and_severities(rules: Cast, home: Household) -> None:
    assert points(
        rules,
        deed(rules, "1", home, level=Level.TOWN),
        deed(rules, "2", home, side=Side.DEDUCTION),
        deed(rules, "2", home, side=Side.AWARD),
        deed(rules, "5", home, severity=Severity.GRAVE),
    ) == [1000, -200, 300, -2000]
    with pytest.raises(RowMissing):
        verified(deed(rules, "1", home))
    with pytest.raises(SideMissing):
        verified(deed(rules, "2", home))


def test_a_category_s_limit_counts_its_items_together(rules: Cast, home: Household) -> None:
    brought = [
        deed(rules, "6", home),
        deed(rules, "1", home, level=Level.TOWN),
        deed(rules, "1", home, level=Level.VILLAGE),
    ]
    *_both, last = decided(rules, *brought)
    assert (last.points, last.asked) == (0, 500)
    assert "本月“荣誉”这一块已记20分，满了" in last.sentence


def test_a_limit_that_cut_is_remembered_by_later_meetings(rules: Cast, home: Household) -> None:
    first = deed(rules, "1", home, level=Level.COUNTY)
    assert points(rules, first) == [2000]
    assert points(rules, deed(rules, "6", home, day=date(2026, 10, 25))) == [0]
    assert points(rules, deed(rules, "6", home, day=date(2026, 11, 1))) == [1000]


def test_a_village_s_own_points_judge_there_after_what_the_frame_s_gave(cast: Cast) -> None:
    """DOMAIN §4, Inheritance: deeds are judged by the changed rule, caps go on, and the frame's stands aside."""
    row = {"编号": "1", "指标": "扫雪", "分值": "5", "上限": "每月10分"}
    assert cast.village.parent is not None
    in_force(SYSTEM, cast.village.parent, FROM, row)
    own = {"编号": "N1", "指标": "守渡口", "分值": "1"}
    in_force(SYSTEM, cast.village, FROM, own, is_local=True)
    bounded(catalogue_in_force(cast.village, FROM), LocalBounds(changes=(PointBounds(percent=20),)))
    home, neighbour = cast.household("018"), household(cast.village, "004")
    assert points(cast, deed(cast, "1", home, day=date(2026, 10, 12))) == [500]
    aside = indicator(cast.village, "1", DAY)
    in_force(SYSTEM, cast.village, DAY, own, {**row, "分值": "6"}, is_local=True)
    before, after, theirs = decided(
        cast, deed(cast, "1", home, day=date(2026, 10, 19)), deed(cast, "1", home), deed(cast, "1", neighbour)
    )
    assert [share.points for share in (before, after, theirs)] == [500, 0, 600]
    assert "上面定的是每次5分" in theirs.sentence
    assert before.deed.indicator == aside
    with pytest.raises(IndicatorNotInForce):
        verified(NewDeed("旧的", aside, DAY, [NewShare(neighbour)]))
    used = {each.number: each for each in use_of(cast.village, FROM, DAY)}
    assert (used["1"].shares, used["1"].plus) == (4, 1600)


def test_a_quota_is_the_whole_village_s(rules: Cast, home: Household) -> None:
    neighbour = household(rules.village, "004")
    assert points(rules, deed(rules, "4", neighbour), deed(rules, "4", home)) == [3000, 0]
    assert points(rules, deed(rules, "4", household(rules.village, "050"))) == [0]


def test_a_fault_that_is_repeated_counts_double(rules: Cast, home: Household) -> None:
    assert points(rules, deed(rules, "3", home, day=date(2026, 10, 1))) == [-500]
    again = decided(rules, deed(rules, "3", home), deed(rules, "3", household(rules.village, "004")))
    assert [share.points for share in again] == [-1000, -500]
    assert "又犯" in again[0].sentence


def test_a_party_member_s_deduction_counts_double(rules: Cast) -> None:
    member = Resident.objects.filter(household__village=rules.village, is_party_member=True)[0]
    (share,) = decided(rules, deed(rules, "3", member.household, who=member))
    assert share.points == -1000
    assert "党员按2倍算" in share.sentence


def test_a_cadre_s_points_are_multiplied_while_in_office(rules: Cast) -> None:
    secretary = Resident.objects.filter(user=rules.user("柳成荫"))
    if not secretary:
        first, _second = two_people(rules.village)
        Resident.objects.filter(pk=first.pk).update(user=rules.user("柳成荫"))
    someone = Resident.objects.get(user=rules.user("柳成荫"))
    assert points(rules, deed(rules, "8", someone.household, who=someone)) == [300]
    people = people_of([someone.household])
    assert Trait.CADRE in people.traits(someone, DAY)
    assert Trait.CADRE not in people.traits(someone, date(2020, 1, 1))


def test_a_reset_clears_what_can_be_spent(rules: Cast, home: Household) -> None:
    (share,) = decided(rules, deed(rules, "7", home))
    assert (share.points, share.asked) == (0, 0)
    assert "清零" in share.sentence


def test_the_same_fact_counts_once_by_the_highest(rules: Cast, home: Household) -> None:
    first = deed(rules, "9", home, fact="渡口救人", level=Level.VILLAGE)
    assert points(rules, first) == [500]
    higher = decided(rules, deed(rules, "9", home, fact="渡口救人", level=Level.TOWN))
    assert [share.points for share in higher] == [500]
    assert "同一件事" in higher[0].sentence
    assert points(rules, deed(rules, "9", home, fact="另一件", level=Level.TOWN)) == [1000]


def test_households_of_one_deed_are_judged_each_by_itself(rules: Cast, home: Household) -> None:
    new = deed(rules, "6", home)
    both = NewDeed(new.key, new.indicator, DAY, [*new.shares, NewShare(household(rules.village, "004"))])
    assert points(rules, both) == [1000, 1000]


def test_judging_costs_the_same_for_few_and_for_many(rules: Cast, django_assert_num_queries: Any) -> None:
    homes = list(Household.objects.filter(village=rules.village).order_by("number")[:20])
    shares = verified(
        *(deed(rules, "6", home) for home in homes), *(deed(rules, "3", home) for home in homes)
    )
    related = (
        "deed__indicator__category",
        "deed__indicator__catalogue__unit",
        "deed__unit",
        "resident",
        "household",
    )
    rows = list(Share.objects.filter(pk__in=[share.pk for share in shares]).select_related(*related, "like"))
    for some in (rows[:2], rows):
        with django_assert_num_queries(6):
            assert len(judge_ruled([Ruled(share) for share in some])) == len(some)
    assert judge_ruled([]) == {}


def test_who_holds_no_office_is_no_cadre(rules: Cast) -> None:
    first, second = two_people(rules.village)
    Resident.objects.filter(pk=first.pk).update(user=rules.outsider.id)
    first.refresh_from_db()
    assert people_of([first.household]).traits(first, DAY) & {Trait.CADRE} == frozenset()
    appoint(
        actor=SYSTEM,
        user_id=rules.outsider.id,
        office=Office.VILLAGE_SECRETARY,
        unit_id=rules.village.pk,
        since=DAY,
    )
    assert Trait.CADRE in people_of([first.household]).traits(first, DAY)
    assert people_of([first.household]).traits(None, DAY) == frozenset()
    assert Trait.CADRE not in people_of([first.household]).traits(second, DAY)


def test_nothing_is_deducted_from_a_minor(rules: Cast, home: Household) -> None:
    child = home.residents.order_by("-born")[0]
    for born, refused in ((date(2008, 10, 21), True), (date(2008, 10, 20), False)):
        Resident.objects.filter(pk=child.pk).update(born=born)
        child.refresh_from_db()
        if refused:
            with pytest.raises(MinorNotDeducted):
                verified(deed(rules, "3", home, who=child))
            continue
        assert points(rules, deed(rules, "3", home, who=child)) == [-500]
    assert Resident.objects.get(pk=child.pk).born == date(2008, 10, 20)


@pytest.fixture
def child(home: Household) -> Resident:
    child = home.residents.order_by("-born")[0]
    Resident.objects.filter(pk=child.pk).update(born=date(2015, 1, 1))
    child.refresh_from_db()
    return child


def test_whom_the_scheme_leaves_outside_gets_nothing_at_the_meeting(
    rules: Cast, home: Household, child: Resident
) -> None:
    """It was brought before the scheme said so."""
    shares = verified(deed(rules, "8", home, who=child))
    leave_outside(rules.village, Trait.MINOR)
    with pytest.raises(SubjectExcluded):
        approve(a_meeting(rules.village), shares)


def test_for_whom_the_scheme_leaves_outside_nothing_is_brought(
    rules: Cast, home: Household, child: Resident
) -> None:
    leave_outside(rules.village, Trait.MINOR)
    with pytest.raises(SubjectExcluded) as caught:
        bring(SYSTEM, deed(rules, "8", home, who=child))
    assert caught.value.facts["title"] == "扫雪"
    assert not Deed.objects.exists()
    grown = rules.household("004").residents.order_by("born")[0]
    assert points(rules, deed(rules, "8", rules.household("004"), who=grown)) == [200]


def test_the_points_of_one_deed_are_divided_so_that_they_add_up(rules: Cast) -> None:
    homes = [household(rules.village, number) for number in ("004", "018", "050")]
    road = NewDeed("road", indicator(rules.village, "10", DAY), DAY, [NewShare(home) for home in homes])
    assert points(rules, road) == [2334, 2333, 2333]
    parts = (4000, 2000, 1000)
    shares = [NewShare(home, given=Given(part=part)) for home, part in zip(homes, parts, strict=True)]
    assert points(rules, NewDeed("bridge", indicator(rules.village, "11", DAY), DAY, shares)) == [*parts]
    with pytest.raises(PartsDoNotAddUp):
        points(rules, NewDeed("other", indicator(rules.village, "11", DAY), DAY, shares[:2]))


def test_what_people_are_called_in_tables(rules: Cast) -> None:
    person, _other = two_people(rules.village)
    Resident.objects.filter(pk=person.pk).update(
        user=rules.outsider.id, born=date(1966, 10, 20), sex=Sex.FEMALE
    )
    person.refresh_from_db()
    home = person.household
    home.tags = ["脱贫户"]
    assert people_of([home]).kinds(home, None, DAY) == {"脱贫户"}
    assert people_of([home]).kinds(home, person, DAY) == {"脱贫户", "妇女", "老人", "老年人"}
    grid = Unit.objects.get(path__in=paths_to(home.unit), level=UnitLevel.GRID)
    appoint(actor=SYSTEM, user_id=rules.outsider.id, office=Office.GRID_LEADER, since=DAY, unit_id=grid.pk)
    assert {"网格长", "网格员"} <= people_of([home]).kinds(home, person, DAY)
    before = date(2026, 10, 19)
    assert people_of([home]).kinds(home, person, before) == {"脱贫户", "妇女"}
