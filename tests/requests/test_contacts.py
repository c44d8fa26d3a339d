"""Whom to call: phones of units, the nearest first."""

import pytest

from tests.cast import Cast
from tests.requests.cast import Offices
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Unit
from xiangyue.records.models import LoggedAct
from xiangyue.requests.models import ContactKind, ContactLine
from xiangyue.requests.operations import remove_contact, set_contact
from xiangyue.requests.queries import complainable_near, complainable_units, contacts_of, nearest_contact


def line(unit: Unit, kind: ContactKind, phone: str = "000-1234567", label: str = "") -> ContactLine:
    return set_contact(actor=SYSTEM, unit_id=unit.pk, kind=kind, label=label or str(kind.label), phone=phone)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("000-1234567", "000-1234567"), (" 12345 ", "12345"), ("１２３－４５", "123-45"), ("120", "120")],
)
def test_a_phone_is_kept_as_people_write_it(offices: Offices, typed: str, kept: str) -> None:
    assert line(offices.village, ContactKind.HOTLINE, typed).phone == kept


def test_a_new_number_replaces_the_one_before(cast: Cast, offices: Offices) -> None:
    first = line(offices.village, ContactKind.VILLAGE)
    second = set_contact(
        actor=cast.administrator,
        unit_id=offices.village.pk,
        kind=ContactKind.VILLAGE,
        label=" 村委会办公室 ",
        phone="12345",
    )
    assert first.pk == second.pk
    assert (second.label, ContactLine.objects.count()) == ("村委会办公室", 1)
    assert LoggedAct.objects.filter(subject="contact", act="set").count() == 2


def test_the_nearest_come_first(offices: Offices) -> None:
    lines = [
        line(offices.town, ContactKind.HOTLINE, label="热线"),
        line(offices.village, ContactKind.SUPERVISION, label="监督"),
        line(offices.village, ContactKind.VILLAGE, label="村委会"),
        line(offices.grid, ContactKind.GRID, label="网格员"),
    ]
    assert [each.label for each in contacts_of(offices.grid)] == ["网格员", "村委会", "监督", "热线"]
    assert contacts_of(offices.town) == lines[:1]


def test_who_helps_is_the_grid_worker_or_else_the_village(offices: Offices) -> None:
    assert nearest_contact(offices.grid) is None
    line(offices.town, ContactKind.HOTLINE)
    assert nearest_contact(offices.grid) is None
    village = line(offices.village, ContactKind.VILLAGE)
    assert nearest_contact(offices.grid) == village
    assert nearest_contact(offices.grid) != line(offices.grid, ContactKind.GRID)
    assert nearest_contact(offices.village) == village


def test_a_phone_is_taken_off(cast: Cast, offices: Offices) -> None:
    kept = line(offices.village, ContactKind.VILLAGE)
    line(offices.village, ContactKind.HOTLINE)
    remove_contact(actor=cast.administrator, unit_id=offices.village.pk, kind=ContactKind.HOTLINE)
    assert contacts_of(offices.village) == [kept]
    assert LoggedAct.objects.filter(subject="contact", act="remove").count() == 1


def test_what_can_be_complained_about(cast: Cast, offices: Offices) -> None:
    near = complainable_near(cast.household("018").unit)
    assert near[0] == cast.household("018").unit
    assert near[-2:] == [offices.village, offices.town]
    units = complainable_units()
    assert units[0] == offices.town
    assert {unit.level for unit in units} == {"town", "village"}
