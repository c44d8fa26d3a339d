from itertools import product

import pytest

from tests.cast import Cast
from tests.scoring.cast import a_deed, bring
from xiangyue.kernel.actors import SYSTEM
from xiangyue.records.models import LoggedAct
from xiangyue.scoring.models import Deed, DeedState
from xiangyue.scoring.refusals import WrongState
from xiangyue.scoring.states import ACT_WORDS, DeedAct, advance, next_state

# The whole table, written from DOMAIN §3 and not from the code: a dash is refused.
TABLE = """
            verify    return    resubmit   withdraw   approve   judge   confirm   reject
submitted   verified  returned  -          withdrawn  -         -       -         rejected
returned    -         -         submitted  withdrawn  -         -       -         -
withdrawn   -         -         -          -          -         -       -         -
verified    -         returned  -          withdrawn  approved  judged  -         rejected
judged      -         -         -          -          -         -       approved  rejected
approved    -         -         -          -          -         -       -         -
rejected    -         -         -          -          -         -       -         -
"""
HEAD, *LINES = [line.split() for line in TABLE.strip().splitlines()]
EXPECTED = {(line[0], act): to for line in LINES for act, to in zip(HEAD, line[1:], strict=True)}


def test_the_table_is_complete() -> None:
    assert set(EXPECTED) == {(state.value, act.value) for state, act in product(DeedState, DeedAct)}
    assert set(ACT_WORDS) == set(DeedAct)


@pytest.mark.parametrize(("state", "act"), list(product(DeedState, DeedAct)))
def test_every_state_and_act(state: DeedState, act: DeedAct) -> None:
    deed, to = Deed(state=state), EXPECTED[state, act]
    if to != "-":
        assert next_state(deed, act) == to
        return
    with pytest.raises(WrongState) as caught:
        next_state(deed, act)
    assert caught.value.facts == {"state": state.label, "act": ACT_WORDS[act]}


def test_a_change_of_state_is_stored_and_logged(cast: Cast) -> None:
    deeds = bring(SYSTEM, a_deed(cast.village, "018"), a_deed(cast.village, "004"))
    advance(deeds, DeedAct.RETURN, actor=cast.secretary, reason="缺照片")
    assert [deed.state for deed in deeds] == [DeedState.RETURNED] * 2
    assert set(Deed.objects.values_list("state", flat=True)) == {DeedState.RETURNED}
    logged = LoggedAct.objects.filter(subject="deed", act="return").order_by("subject_id")
    told = [(one.subject_id, one.from_state, one.to_state, one.reason, one.actor_id) for one in logged]
    assert told == [(deed.pk, "submitted", "returned", "缺照片", cast.secretary.id) for deed in deeds]


def test_one_that_cannot_be_moved_keeps_the_others_where_they_are(cast: Cast) -> None:
    first, second = bring(SYSTEM, a_deed(cast.village, "018"), a_deed(cast.village, "004"))
    advance([second], DeedAct.WITHDRAW, actor=SYSTEM)
    logged = LoggedAct.objects.count()
    with pytest.raises(WrongState):
        advance([first, second], DeedAct.VERIFY, actor=SYSTEM)
    assert (first.state, second.state) == (DeedState.SUBMITTED, DeedState.WITHDRAWN)
    assert Deed.objects.filter(state=DeedState.VERIFIED).count() == 0
    assert LoggedAct.objects.count() == logged
