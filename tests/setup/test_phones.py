"""The phones of villages where nobody is real."""

import re

from tests.cast import Cast
from xiangyue.people.models import Level, OfficeRule, Unit
from xiangyue.people.offices import Office
from xiangyue.requests.models import ContactKind, ContactLine
from xiangyue.setup.phones import set_phones


def test_the_office_the_supervision_and_each_grid_can_be_called(cast: Cast) -> None:
    set_phones(actor=cast.administrator, village=cast.village)
    grids = Unit.objects.filter(parent=cast.village, level=Level.GRID)
    found = ContactLine.objects.select_related("unit")
    assert {line.unit for line in found.filter(kind=ContactKind.GRID)} == set(grids)
    assert {line.unit for line in found.exclude(kind=ContactKind.GRID)} == {cast.village}
    phones = [line.phone for line in found]
    assert len(phones) == len(set(phones)) == grids.count() + 2
    assert all(re.fullmatch(r"000-\d{7}", phone) for phone in phones)


def test_whoever_leads_a_part_is_called_by_the_schemes_title(cast: Cast) -> None:
    OfficeRule.objects.filter(office=Office.GRID_LEADER, level=Level.GRID).update(title="片长")
    set_phones(actor=cast.administrator, village=cast.village)
    assert set(ContactLine.objects.filter(kind=ContactKind.GRID).values_list("label", flat=True)) == {"片长"}
