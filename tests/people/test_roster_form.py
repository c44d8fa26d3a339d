from django.utils import translation

from tests.people.cast import APPOINTMENTS, RESIDENTS
from xiangyue.people import roster_form as form
from xiangyue.people.offices import Office
from xiangyue.sheets.read import read_tables


def test_what_is_written_in_the_form_reads_back() -> None:
    content = form.roster_workbook(RESIDENTS, APPOINTMENTS)
    residents, appointments = read_tables(content, "户册.xlsx")
    assert (residents.sheet, appointments.sheet) == (form.RESIDENTS, form.APPOINTMENTS)
    assert [tuple(cell.text for cell in row.cells.values()) for row in residents.rows] == RESIDENTS
    assert [tuple(cell.text for cell in row.cells.values()) for row in appointments.rows] == APPOINTMENTS


def test_the_empty_form_has_every_column_and_an_instruction_for_each() -> None:
    content = form.roster_template()
    residents, appointments = read_tables(content, "户册.xlsx")
    assert len(residents.headers) == 14
    assert residents.rows == appointments.rows == []
    assert all(column.hint for column in (*form.RESIDENT_COLUMNS, *form.all_appointment_columns()))
    assert {column.header for column in form.SHORT_COLUMNS} < set(residents.headers)


def test_columns_may_be_left_out() -> None:
    row = ("440783104220", "018", "", "", "田禾生", "户主", "", "", "", "", "", "")
    content = form.full_workbook([row], without=(form.ID_NUMBER, form.PHONE))
    (table, *_others) = read_tables(content, "户册.xlsx")
    assert form.PHONE not in table.headers
    assert table.rows[0].text(form.RELATION) == "户主"


def test_the_form_is_chinese_whatever_language_is_active() -> None:
    with translation.override("en"):
        assert form.office_labels()["评议委员"] is Office.COMMITTEE_MEMBER
        assert form.roster_template() == _template_in_chinese()


def _template_in_chinese() -> bytes:
    with translation.override("zh-hans"):
        return form.roster_template()
