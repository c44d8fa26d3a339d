import pytest
from django.utils import translation

from tests.people.cast import APPOINTMENTS, RESIDENTS
from xiangyue.people import roster_form as form
from xiangyue.people.offices import Office
from xiangyue.people.operations.roster import LEAF_LEVELS
from xiangyue.people.roster_reading import read_roster
from xiangyue.sheets.problems import Problems
from xiangyue.sheets.read import read_tables
from xiangyue.sheets.refusals import EmptySheet


def test_what_is_written_in_the_form_reads_back() -> None:
    content = form.roster_workbook(RESIDENTS, APPOINTMENTS)
    residents, appointments = read_tables(content, "户册.xlsx")
    assert (residents.sheet, appointments.sheet) == (form.RESIDENTS, form.APPOINTMENTS)
    assert [tuple(cell.text for cell in row.cells.values()) for row in residents.rows] == RESIDENTS
    assert [tuple(cell.text for cell in row.cells.values()) for row in appointments.rows] == APPOINTMENTS


def test_the_empty_form_says_that_nothing_is_filled_in() -> None:
    with pytest.raises(EmptySheet) as refusal:
        read_roster(form.roster_template(), "户册.xlsx", leaf_levels=LEAF_LEVELS, problems=Problems())
    assert refusal.value.facts == {"name": "户册"}


def test_the_form_is_chinese_whatever_language_is_active() -> None:
    with translation.override("en"):
        assert form.office_labels()["评议委员"] is Office.COMMITTEE_MEMBER
        assert form.roster_template() == _template_in_chinese()


def _template_in_chinese() -> bytes:
    with translation.override("zh-hans"):
        return form.roster_template()
