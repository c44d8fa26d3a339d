"""Finding people by whatever is typed, in the whole county and in one village: the statement alone, at the database.

Against one row by its key. Names are drawn as they are spread among people: a few surnames are borne by many.
"""

import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

from django.db import connection

from bench import report
from bench.county import County
from bench.scale import Scale
from xiangyue.people.models import PeopleRules, Relation, Resident, Unit
from xiangyue.people.names import pinyin_of
from xiangyue.people.private import id_problem, keys
from xiangyue.people.search import statement

GOAL = 50  # ms
SOUGHT = 40  # people looked for in one run, of whom the slowest but one counts: nearly a 99th percentile
A_HOUSEHOLD = 143_700 / 69_100  # residents

SURNAMES = "田麦柳桑山茶松柏荷方井桥何云明仓竹石谷白秋夏苗花江雷单仇解曾查区任华朴盖翟吕万叶"
GIVEN = "禾生春芽穗香长青如海甜横溪稻有根成荫远帆正节余台榆钱多豆丰登粮满仓雨露霜雪晴岚川流泉清波"

FILL = """
    UPDATE people_resident SET
        name = given.name, pinyin = given.pinyin, initials = given.initials,
        phone = given.phone, phone_index = given.phone_index, phone_tail = given.phone_tail,
        id_number = given.id_number, id_index = given.id_index, id_tail = given.id_tail
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::bytea[], %s::text[], %s::text[],
                %s::bytea[], %s::text[], %s::text[])
        AS given (id, name, pinyin, initials, phone, phone_index, phone_tail, id_number, id_index, id_tail)
    WHERE people_resident.id = given.id
"""
BY_KEY = "SELECT household_id FROM people_resident WHERE id = %s"

Person = tuple[str, str, str, str, str, str]  # name, pinyin, initials, phone, ID number, household number

WAYS: dict[str, Callable[[Person], str]] = {
    "surname": lambda each: each[0][0],
    "name": lambda each: each[0],
    "given name": lambda each: each[0][1:],
    "pinyin of a surname": lambda each: pinyin_of(each[0][0] + "一")[0][:-2],
    "pinyin": lambda each: each[1],
    "two initials": lambda each: each[2][:2],
    "initials": lambda each: each[2],
    "phone tail": lambda each: each[3][-4:],
    "phone": lambda each: each[3],
    "ID tail": lambda each: each[4][-4:],
    "ID number": lambda each: each[4],
    "number's beginning": lambda each: each[5][:2],
    "number": lambda each: each[5],
}


def measure(county: County, scale: Scale) -> None:
    """Print how long each way takes, at the slowest."""
    people = _people(county)
    root = Unit.objects.get(parent=None)
    village = Unit.objects.get(id=county.villages[0])
    size = f"{len(people):,} residents"
    for where, unit in (("county", root), ("village", village)):
        for what, typed in WAYS.items():
            wanted = [typed(each) for each in random.Random(what).choices(people, k=SOUGHT)]
            ours, beside = report.in_turns(
                scale.runs,
                partial(_slowest, [statement(unit, text, with_gone=False) for text in wanted]),
                partial(_slowest, [(BY_KEY, [place]) for place in range(1, SOUGHT + 1)]),
            )
            report.waits(f"search {what} in a {where}", size, ours=ours, beside=beside, goal=GOAL)


def _slowest(asked: list[tuple[str, object]]) -> float:
    """Ask one after another; give the slowest but one, in milliseconds."""
    taken = []
    with connection.cursor() as cursor:
        for sql, values in asked:
            begun = time.perf_counter()
            cursor.execute(sql, values)  # type: ignore[arg-type]
            cursor.fetchall()
            taken.append((time.perf_counter() - begun) * 1000)
    return sorted(taken)[-2]


def _people(county: County) -> list[Person]:
    """Give the county as many residents as a real one has, each with a name, a phone and an ID number."""
    PeopleRules.objects.update_or_create(defaults={"keeps_id_numbers": True})
    homes = dict(
        Resident.objects.filter(relation=Relation.HEAD).values_list("household_id", "household__number")
    )
    missing = max(round(len(homes) * A_HOUSEHOLD) - Resident.objects.count(), 0)
    Resident.objects.bulk_create(
        (
            Resident(household_id=home, name="", relation=Relation.OTHER)
            for home in islice(_again_and_again(list(homes)), missing)
        ),
        batch_size=5000,
    )
    found = list(Resident.objects.order_by("id").values_list("id", "household__number"))
    people = [(*_named(place), number) for place, (_id, number) in enumerate(found)]
    _fill([each for each, _number in found], people)
    report.calm("people_resident", "people_household", "people_unit")
    return people


def _again_and_again(homes: list[int]) -> Iterator[int]:
    while homes:
        yield from homes


def _named(place: int) -> tuple[str, str, str, str, str]:
    draw = random.Random(place)
    surname = SURNAMES[int(len(SURNAMES) * draw.random() ** 3)]
    name = surname + "".join(draw.choices(GIVEN, k=draw.choice((1, 2, 2, 2))))
    stem = f"{900000 + place // 1000 % 99999:06d}19840309{place % 1000:03d}"
    number = next(stem + last for last in "0123456789X" if id_problem(stem + last) is None)
    return (name, *pinyin_of(name), f"199{place:08d}", number)


def _fill(ids: list[int], people: list[Person]) -> None:
    own = keys()
    columns = (
        ids,
        [each[0] for each in people],
        [each[1] for each in people],
        [each[2] for each in people],
        [own.seal(each[3]) for each in people],
        [own.index("phone", each[3]) for each in people],
        [own.index("phone-tail", each[3]) for each in people],
        [own.seal(each[4]) for each in people],
        [own.index("id", each[4]) for each in people],
        [own.index("id-tail", each[4]) for each in people],
    )
    with connection.cursor() as cursor:
        cursor.execute(FILL, list(columns))
