from datetime import date

from procrastinate.contrib.django import app

from tests.people.cast import small_village
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people import jobs
from xiangyue.people.models import PeopleRules, Resident, Unit
from xiangyue.people.operations.residents import record_departure
from xiangyue.records.models import StoredFile


def test_terms_are_kept_in_every_county_again_and_again() -> None:
    assert {"people-terms.county", "people-terms.all"} <= set(app.tasks)


def test_people_and_sheets_whose_term_is_over_go_and_the_others_stay(village: Unit) -> None:
    PeopleRules.objects.all().delete()
    PeopleRules.objects.create(retention_years=1)
    small_village(village)
    leaving = Resident.objects.get(name="麦春芽")
    record_departure(actor=SYSTEM, resident_id=leaving.pk, on=date(2026, 11, 2))
    sheet = StoredFile.objects.get(name="户册.xlsx")
    jobs.keep_to_terms()
    sheet.refresh_from_db()
    leaving.refresh_from_db()
    assert (leaving.name, sheet.erased_at) == ("麦春芽", None)
    with clock.as_of(date(2027, 11, 2)):
        jobs.keep_to_terms()
    sheet.refresh_from_db()
    leaving.refresh_from_db()
    assert (leaving.name, leaving.erased_on) == ("", date(2027, 11, 2))
    assert sheet.erased_at is not None
    assert Resident.objects.filter(name="田禾生").exists()
