"""Putting catalogues in force: what the vote, the frame and CONDUCT demand of them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django_tenants.utils import schema_context

from tests.catalogue.cast import LAWFUL, LUOYU, adopted, bounded, drafted, imported, in_force
from xiangyue.catalogue.guards.finding import Weight
from xiangyue.catalogue.models import Catalogue, State
from xiangyue.catalogue.operations.enacting import clear_question, enact, questions, what_hinders
from xiangyue.catalogue.queries import indicators_of, rules_in_force
from xiangyue.catalogue.refusals import (
    AlreadyCleared,
    BeyondFrame,
    CatalogueForbidden,
    EmptyCatalogue,
    LocalNumberTaken,
    NotAdopted,
    NotADraft,
    NotAfterPresent,
    NothingToClear,
    TextMissing,
    UnknownCatalogue,
)
from xiangyue.catalogue.rules.local import LocalBounds
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.appointments import appoint
from xiangyue.people.refusals import NotAllowed
from xiangyue.records.models import LoggedAct
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.operations import create_user

AUTUMN, WINTER = date(2026, 10, 1), date(2027, 1, 1)
NOBODY = Actor.card(1)


def acts(catalogue: Catalogue) -> list[tuple[str, str, str]]:
    logged = LoggedAct.objects.filter(subject="catalogue", subject_id=catalogue.pk).order_by("id")
    return list(logged.values_list("act", "from_state", "to_state"))


@pytest.mark.parametrize("actor", [NOBODY, Actor.user(987_654)])
def test_only_who_makes_the_rules_may_put_them_in_force(admin: Actor, village: Unit, actor: Actor) -> None:
    draft = adopted(admin, drafted(admin, village))
    with pytest.raises(NotAllowed):
        enact(actor=actor, catalogue_id=draft.pk, on=AUTUMN)
    draft.refresh_from_db()
    assert draft.state == State.ADOPTED


def test_what_was_adopted_is_put_in_force(admin: Actor, village: Unit) -> None:
    draft = adopted(admin, imported(admin, village, LUOYU.read_bytes()))
    enacted = enact(actor=admin, catalogue_id=draft.pk, on=AUTUMN)
    enacted.refresh_from_db()
    assert (enacted.state, enacted.in_force_from, enacted.in_force_until) == (State.IN_FORCE, AUTUMN, None)
    assert enacted.minutes is not None
    assert enacted.minutes.name == "记录.txt"
    assert acts(enacted)[-1] == ("enact_catalogue", "adopted", "in_force")


def test_what_nobody_voted_for_is_not_put_in_force(admin: Actor, village: Unit) -> None:
    draft = drafted(admin, village)
    with pytest.raises(NotAdopted):
        enact(actor=admin, catalogue_id=draft.pk, on=AUTUMN)
    with pytest.raises(UnknownCatalogue):
        enact(actor=admin, catalogue_id=987_654, on=AUTUMN)


def test_a_successor_ends_the_present_one_the_day_before(admin: Actor, village: Unit) -> None:
    first = in_force(admin, village, AUTUMN)
    second = in_force(admin, village, WINTER)
    first.refresh_from_db()
    assert (first.state, first.in_force_until) == (State.SUPERSEDED, date(2026, 12, 31))
    assert (second.state, second.in_force_from) == (State.IN_FORCE, WINTER)
    assert acts(first)[-1] == ("supersede_catalogue", "in_force", "superseded")


@pytest.mark.parametrize("on", [AUTUMN, date(2026, 9, 30)])
def test_a_successor_comes_after_the_present_one(admin: Actor, village: Unit, on: date) -> None:
    first = in_force(admin, village, AUTUMN)
    with pytest.raises(NotAfterPresent):
        in_force(admin, village, on)
    first.refresh_from_db()
    assert (first.state, first.in_force_until) == (State.IN_FORCE, None)


def test_another_village_keeps_its_own(admin: Actor, village: Unit) -> None:
    neighbour = Unit.objects.exclude(pk=village.pk).filter(level=village.level).first()
    assert neighbour is not None
    theirs = in_force(admin, neighbour, AUTUMN)
    in_force(admin, village, WINTER)
    theirs.refresh_from_db()
    assert theirs.state == State.IN_FORCE


def test_what_is_in_force_or_was_cannot_be_enacted_again(admin: Actor, village: Unit) -> None:
    first = in_force(admin, village, AUTUMN)
    in_force(admin, village, WINTER)
    for catalogue in Catalogue.objects.filter(unit=village):
        with pytest.raises(NotADraft):
            enact(actor=admin, catalogue_id=catalogue.pk, on=date(2027, 2, 1))
    first.refresh_from_db()
    assert first.in_force_until == date(2026, 12, 31)


def test_a_catalogue_without_indicators_is_not_enacted(village: Unit) -> None:
    empty = Catalogue.objects.create(unit=village, name="空的")
    with pytest.raises(EmptyCatalogue):
        enact(actor=SYSTEM, catalogue_id=empty.pk, on=AUTUMN)


@pytest.mark.parametrize("missing", list(LAWFUL))
def test_a_deduction_names_basis_term_and_repair(admin: Actor, village: Unit, missing: str) -> None:
    """RULES, Excel and CSV form: a deduction without 依据 and 修复 imports as a draft that can't be put in force."""
    draft = drafted(
        admin,
        village,
        {"编号": "1", "指标": "扫雪", "分值": "5"},
        {"编号": "2", "指标": "打架斗殴", "分值": "扣5分", **LAWFUL, missing: ""},
    )
    adopted(admin, draft)
    with pytest.raises(CatalogueForbidden) as caught:
        enact(actor=admin, catalogue_id=draft.pk, on=AUTUMN)
    (found,) = caught.value.findings
    assert found.item is not None
    assert (found.item.number, found.weight, found.field) == ("2", Weight.MISSING, missing)
    draft.refresh_from_db()
    assert draft.state == State.ADOPTED


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"指标": "打架的取消低保", "分值": "扣5分", **LAWFUL}, "取消低保"),
        ({"指标": "打架", "分值": "扣5分", **LAWFUL, "备注": "一年内不得享受补贴"}, "不得享受补贴"),
        ({"指标": "扫雪", "分值": "5", "未参加的": "取消其投票资格"}, "取消其投票"),
    ],
)
def test_forbidden_consequences_are_refused_by_name(
    admin: Actor, village: Unit, row: dict[str, str], words: str
) -> None:
    draft = adopted(admin, drafted(admin, village, row))
    with pytest.raises(CatalogueForbidden) as caught:
        enact(actor=admin, catalogue_id=draft.pk, on=AUTUMN)
    found = caught.value.findings[0]
    assert found.weight is Weight.REFUSED
    assert found.words == words
    told = caught.value.as_dict()["findings"][0]
    assert (told["number"], bool(told["clause"]), bool(told["instead"])) == ("1", True, True)
    assert not Catalogue.objects.filter(unit=village, state=State.IN_FORCE).exists()


# Questions, and who may clear them

DOUBTFUL = {"编号": "3", "指标": "首次登录小程序", "分值": "5"}


def reviewer(county: Jurisdiction) -> Actor:
    user = create_user(login="审核人", name="松审言")
    root = Unit.objects.get(parent=None)
    appoint(actor=SYSTEM, user_id=user.pk, office=Office.LEADING_GROUP, unit_id=root.pk, since=clock.today())
    return Actor.user(user.pk)


def test_a_question_hinders_until_a_reviewer_clears_it(
    admin: Actor, county: Jurisdiction, village: Unit
) -> None:
    draft = adopted(admin, drafted(admin, village, DOUBTFUL))
    (asked,) = questions(draft)
    with pytest.raises(CatalogueForbidden):
        enact(actor=admin, catalogue_id=draft.pk, on=AUTUMN)
    about: dict[str, Any] = {"catalogue_id": draft.pk, "number": "3", "code": asked.code}
    with pytest.raises(NotAllowed):
        clear_question(actor=admin, reason="只奖一次，不登录也能挣分", **about)
    who = reviewer(county)
    with pytest.raises(TextMissing):
        clear_question(actor=who, reason="  ", **about)
    cleared = clear_question(actor=who, reason="只奖一次，不登录也能挣分", **about)
    assert (cleared.words, cleared.cleared_by_id) == (asked.words, who.id)
    with pytest.raises(AlreadyCleared):
        clear_question(actor=who, reason="再写一遍", **about)
    assert what_hinders(draft) == []
    assert enact(actor=admin, catalogue_id=draft.pk, on=AUTUMN).state == State.IN_FORCE


def test_each_question_of_an_indicator_is_cleared_by_itself(
    admin: Actor, county: Jurisdiction, village: Unit
) -> None:
    row = {**DOUBTFUL, "备注": "每日登录小程序也行"}
    draft = drafted(admin, village, row)
    who = reviewer(county)
    about: dict[str, Any] = {"catalogue_id": draft.pk, "number": "3", "code": "installs", "reason": "自愿的"}
    words = [found.words for found in questions(draft)]
    assert len(words) == 2
    assert [clear_question(actor=who, **about).words for _ in words] == words
    assert what_hinders(draft) == []
    with pytest.raises(AlreadyCleared):
        clear_question(actor=who, **about)


def test_what_takes_away_a_right_can_t_be_cleared(admin: Actor, county: Jurisdiction, village: Unit) -> None:
    row = {"编号": "9", "指标": "打架的取消低保", "分值": "扣5分", **LAWFUL}
    draft = drafted(admin, village, row)
    (found,) = [each for each in what_hinders(draft) if each.weight is Weight.REFUSED]
    with pytest.raises(NothingToClear):
        clear_question(
            actor=reviewer(county), catalogue_id=draft.pk, number="9", code=found.code, reason="大家都同意"
        )


# Own items beside a frame

OWN = [{"编号": f"N{n}", "指标": f"看护第{n}个渡口", "分值": "2"} for n in range(1, 7)]


def frame_of(village: Unit) -> Catalogue:
    return rules_in_force(village, AUTUMN).frame


def test_own_items_stand_beside_the_frame(admin: Actor, village: Unit) -> None:
    bounded(frame_of(village), LocalBounds(awards=5, deductions=5, most=200))
    local = in_force(admin, village, AUTUMN, *OWN[:5], is_local=True)
    found = rules_in_force(village, AUTUMN)
    assert (found.own, found.frame.unit) == ((local,), village.parent)
    numbers = [indicator.number for indicator in indicators_of(*found.catalogues)]
    assert numbers[-5:] == ["N1", "N2", "N3", "N4", "N5"]
    assert len(numbers) > 5


@pytest.mark.parametrize(
    ("bounds", "rows", "code"),
    [
        (LocalBounds(awards=5), OWN, "too-many-awards"),
        (LocalBounds(most=100), OWN[:1], "too-many-points"),
        (LocalBounds(purposes=frozenset({"村庄建设"})), OWN[:1], "outside-purpose"),
        (
            LocalBounds(deductions=0),
            [{"编号": "N1", "指标": "渡口乱停船", "分值": "扣1分", **LAWFUL}],
            "too-many-deductions",
        ),
    ],
)
def test_own_items_stay_within_the_frame_s_bounds(
    admin: Actor, village: Unit, bounds: LocalBounds, rows: list[dict[str, str]], code: str
) -> None:
    bounded(frame_of(village), bounds)
    with pytest.raises(BeyondFrame) as caught:
        in_force(admin, village, AUTUMN, *rows, is_local=True)
    assert [each.code for each in caught.value.beyond] == [code]
    assert not Catalogue.objects.filter(unit=village, state=State.IN_FORCE).exists()


def test_own_items_don_t_take_the_frame_s_numbers(admin: Actor, village: Unit) -> None:
    frame = indicators_of(rules_in_force(village, AUTUMN).frame)[0]
    for row in (
        {"编号": frame.number, "指标": "新的", "分值": "1"},
        {"编号": "N1", "指标": frame.title, "分值": "1"},
    ):
        with pytest.raises(LocalNumberTaken):
            in_force(admin, village, AUTUMN, row, is_local=True)


def test_two_enactments_at_once_are_put_in_a_row(committed: Jurisdiction) -> None:
    village = Unit.objects.get(code="440783104220")
    drafts = [drafted(SYSTEM, village).pk for _ in range(2)]

    def enacted(catalogue_id: int) -> str:
        try:
            with schema_context(committed.schema_name):
                enact(actor=SYSTEM, catalogue_id=catalogue_id, on=AUTUMN)
            return "enacted"
        except NotAfterPresent as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(enacted, drafts)) == ["enacted", "not-after-present-catalogue"]
    states = Catalogue.objects.filter(pk__in=drafts).values_list("state", flat=True)
    assert sorted(states) == [State.DRAFT, State.IN_FORCE]
