"""Shares that follow from the one who is named: the person and the parents, relatives, the head."""

from datetime import date

import pytest

from tests.cast import Cast
from tests.catalogue.cast import LAWFUL, in_force
from tests.people.cast import resident
from tests.scoring.cast import indicator, leave_outside
from xiangyue.catalogue.rules.terms import Trait
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Household, Resident, Unit
from xiangyue.people.operations.roster import import_roster
from xiangyue.people.roster_form import roster_workbook
from xiangyue.scoring.facts import Given
from xiangyue.scoring.models import Deed, Source
from xiangyue.scoring.operations.bringing import NewDeed, NewShare, bring_deeds
from xiangyue.scoring.operations.foreseeing import foresee
from xiangyue.scoring.refusals import MinorNotDeducted
from xiangyue.scoring.source_refusals import DoerMissing, NobodyReceives

DAY = date(2026, 10, 20)
RULES = (
    {"编号": "1", "指标": "应征入伍", "分值": "20", "对象": "本人及父母"},
    {"编号": "2", "指标": "乱倒垃圾", "分值": "扣5", "对象": "户主", **LAWFUL},
    {"编号": "3", "指标": "体检", "分值": "2", "对象": "全家"},
    {"编号": "4", "指标": "考上大学", "分值": "30", "对象": "父母"},
    {"编号": "5", "指标": "好媳妇", "分值": "10", "对象": "本人、配偶、子女"},
    {"编号": "6", "指标": "修路", "分值": "70分，平分", "对象": "本人及父母"},
    {"编号": "7", "指标": "架桥", "分值": "70分，按贡献分", "对象": "本人及父母"},
    {"编号": "8", "指标": "扫雪", "分值": "2"},
)  # fmt: skip
FAMILY = (
    resident("901", "禾大伯", "户主", born="1970-03-01"),
    resident("901", "禾大娘", "配偶", born="1971-03-01"),
    resident("901", "禾小青", "子女", born="2003-03-01"),
    resident("901", "禾小豆", "子女", born="2016"),
    resident("901", "禾爷爷", "父母", born="1945-03-01"),
    resident("902", "麦单身", "户主", born="1980-03-01"),
)


@pytest.fixture
def village(cast: Cast) -> Unit:
    """Another village, with one large family and somebody alone."""
    village = Unit.objects.get(code="440783104220")
    content = roster_workbook(list(FAMILY), [])
    import_roster(actor=SYSTEM, village_id=village.pk, content=content, name="户册.xlsx")
    in_force(SYSTEM, village, date(2026, 2, 1), *RULES)
    return village


def share(name: str, given: Given | None = None) -> NewShare:
    person = Resident.objects.select_related("household").get(name=name)
    return NewShare(person.household, person, given or Given())


def deed(village: Unit, number: str, *shares: NewShare) -> NewDeed:
    return NewDeed(f"k{number}", indicator(village, number, DAY), DAY, shares)


def bring(village: Unit, number: str, *shares: NewShare) -> list[str]:
    """Bring a deed; give who has a share, in their order; 户 is the household as such."""
    (brought,) = bring_deeds(actor=SYSTEM, deeds=[deed(village, number, *shares)], source=Source.SHEET)
    rows = brought.shares.select_related("resident").order_by("id")
    return [row.resident.name if row.resident else "户" for row in rows]


@pytest.mark.parametrize(
    ("number", "doer", "receivers"),
    [
        ("1", "禾小青", "禾小青 禾大伯 禾大娘"),
        ("1", "禾大伯", "禾大伯 禾爷爷"),
        ("1", "禾大娘", "禾大娘"),  # whose parents live elsewhere
        ("2", "禾小青", "禾大伯"),
        ("2", "禾大伯", "禾大伯"),
        ("3", "禾小青", "禾大伯 禾大娘 禾小青 禾小豆 禾爷爷"),
        ("4", "禾小青", "禾大伯 禾大娘"),
        ("4", "禾大伯", "禾爷爷"),
        ("5", "禾大娘", "禾大娘 禾大伯 禾小青 禾小豆"),
        ("5", "禾爷爷", "禾爷爷 禾大伯"),
        ("5", "麦单身", "麦单身"),
        ("6", "禾小青", "禾小青 禾大伯 禾大娘"),
        ("7", "禾小青", "禾小青"),  # parts are given to those who are named
        ("8", "禾小青", "禾小青"),
    ],
)
def test_who_receives_by_what_one_did(village: Unit, number: str, doer: str, receivers: str) -> None:
    assert bring(village, number, share(doer)) == receivers.split()


def test_whoever_is_named_beside_the_doer_is_no_doer(village: Unit) -> None:
    """The parents are named with the child: the grandfather has nothing to do with it."""
    named = [share("禾大伯"), share("禾小青"), share("禾大娘")]
    assert sorted(bring(village, "1", *named)) == sorted(["禾小青", "禾大伯", "禾大娘"])


def test_two_children_have_their_parents_once(village: Unit) -> None:
    named = [share("禾小青"), share("禾小豆")]
    assert bring(village, "1", *named) == ["禾小青", "禾大伯", "禾大娘", "禾小豆"]
    assert sorted(bring(village, "3", *named)) == sorted(["禾大伯", "禾大娘", "禾小青", "禾小豆", "禾爷爷"])


def test_of_a_household_as_such_the_head_and_everyone_are_known(village: Unit) -> None:
    home = Household.objects.get(number="901", village=village)
    assert bring(village, "2", NewShare(home)) == ["禾大伯"]
    assert len(bring(village, "3", NewShare(home))) == 5
    with pytest.raises(DoerMissing) as caught:
        bring(village, "1", NewShare(home))
    assert caught.value.facts["receivers"] == "本人、父母"
    assert bring(village, "8", NewShare(home)) == ["户"]


def test_where_there_is_nobody_to_receive_it_is_said(village: Unit) -> None:
    with pytest.raises(NobodyReceives) as caught:
        bring(village, "4", share("麦单身"))
    assert caught.value.facts == {"title": "考上大学", "receivers": "父母", "number": "902"}
    assert not Deed.objects.exists()


def test_who_has_left_receives_nothing(village: Unit) -> None:
    Resident.objects.filter(name="禾大娘").update(left_on=date(2026, 5, 1))
    assert bring(village, "1", share("禾小青")) == ["禾小青", "禾大伯"]


def test_whom_the_scheme_leaves_outside_receives_nothing_by_others(village: Unit) -> None:
    leave_outside(village, Trait.MINOR)
    assert bring(village, "3", share("禾小青")) == ["禾大伯", "禾大娘", "禾小青", "禾爷爷"]


def test_what_a_minor_did_is_not_charged_to_the_head(village: Unit) -> None:
    with pytest.raises(MinorNotDeducted):
        bring(village, "2", share("禾小豆"))
    assert not Deed.objects.exists()


def test_the_sentence_says_to_whom_it_goes(village: Unit) -> None:
    ahead = foresee(actor=SYSTEM, deeds=[deed(village, "1", share("禾小青"))], source=Source.SHEET)
    assert [(each.share.resident and each.share.resident.name, each.points) for each in ahead] == [
        ("禾小青", 2000),
        ("禾大伯", 2000),
        ("禾大娘", 2000),
    ]
    assert all("这一项记给本人、父母。" in each.sentence for each in ahead)
    (alone,) = foresee(actor=SYSTEM, deeds=[deed(village, "8", share("禾小青"))], source=Source.SHEET)
    assert "记给" not in alone.sentence


def test_a_divided_deed_is_divided_among_those_who_receive(village: Unit) -> None:
    ahead = foresee(actor=SYSTEM, deeds=[deed(village, "6", share("禾小青"))], source=Source.SHEET)
    assert [each.points for each in ahead] == [2334, 2333, 2333]
