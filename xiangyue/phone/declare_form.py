"""The form of one declaration: what it asks, what was typed, and the deed that this makes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from xiangyue.catalogue.entry import amount_in, row_in, rows_of, unit_of
from xiangyue.catalogue.models import Indicator
from xiangyue.catalogue.rules.judgement import Row
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.tariffs import cell_text, row_text
from xiangyue.catalogue.rules.terms import Direction, Proof, Side, Split, Window
from xiangyue.catalogue.rules.worth import Cell
from xiangyue.kernel import clock
from xiangyue.kernel.ids import public_id
from xiangyue.kernel.masking import mask_name
from xiangyue.kernel.points import format_points
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Household, Resident
from xiangyue.people.queries import household_heads
from xiangyue.people.refusals import UnknownHousehold
from xiangyue.scoring.facts import Given
from xiangyue.scoring.operations.foreseeing import Foreseen
from xiangyue.scoring.operations.offering import candidates, is_of_people
from xiangyue.scoring.preparing import NAME_LENGTH, NOTE_LENGTH, NewDeed, NewShare
from xiangyue.scoring.proofs import proofs_text
from xiangyue.scoring.receiving import makes_shares
from xiangyue.scoring.source_refusals import DescriptionTooLong
from xiangyue.scoring.sources import MOST_TOGETHER

OTHER_DAY: Final = "other"
LENGTHS: Final = {"place": NAME_LENGTH, "activity": NAME_LENGTH, "fact": NAME_LENGTH, "note": NOTE_LENGTH}
_BETWEEN: Final = re.compile(r"[\s,，、;；和]+")
# Where on the page a refusal stands, by the input that it names; all others stand above the button.
_PLACES: Final = {
    "day": "day",
    "description": "place",
    "evidence": "photos",
    "file": "photos",
    "resident": "people",
    "subject": "people",
    "household": "others",
    "quantity": "amount",
    "row": "row",
    "role": "role",
    "activity": "activity",
}


@dataclass(frozen=True)
class Typed:
    """What somebody typed, as they typed it. people: ids of residents. other_date: where `day` says that it is another
    than today and yesterday."""

    key: str
    people: Sequence[int] = ()
    others: str = ""
    amount: str = ""
    row: str = ""
    role: str = ""
    day: str = ""
    other_date: str = ""
    place: str = ""
    note: str = ""
    activity: str = ""
    fact: str = ""

    @classmethod
    def begun(cls, people: Sequence[Resident], resident: Resident | None) -> "Typed":
        """Give the form as it is opened: today, by the member who signed in, or by the only one that there is."""
        own = [person.pk for person in people if resident is not None and person.pk == resident.pk]
        alone = [person.pk for person in people] if len(people) == 1 else []
        return cls(key=str(public_id()), people=own or alone, day=clock.today().isoformat())

    @classmethod
    def of(cls, sent: QueryDict) -> "Typed":
        text = {name: sent.get(name, "").replace("\0", "") for name in _TEXTS}
        people = [int(value) for value in sent.getlist("people") if value.isdecimal() and len(value) < 19]
        return cls(people=people, **text)

    @property
    def acted_on(self) -> date | None:
        """The day that was chosen or typed; None where that is no day."""
        try:
            return date.fromisoformat(self.other_date if self.day == OTHER_DAY else self.day)
        except ValueError:
            return None


_TEXTS: Final = (
    "key",
    "others",
    "amount",
    "row",
    "role",
    "day",
    "other_date",
    "place",
    "note",
    "activity",
    "fact",
)


@dataclass(frozen=True)
class Asked:
    """What an indicator asks for, on the day that was chosen. people: who of the household it may be for."""

    indicator: Indicator
    item: Item
    people: Sequence[Resident]

    @classmethod
    def by(cls, indicator: Indicator, day: date | None, members: Sequence[Resident]) -> "Asked":
        item = _in_season(indicator.item, day or clock.today())
        asks = is_of_people(item) or makes_shares(item)
        return cls(indicator, item, candidates(item, members) if asks else [])

    @property
    def must_name(self) -> bool:
        return is_of_people(self.item)

    @property
    def is_shared(self) -> bool:
        """Whether the points are divided, so that all who did it have to be in one declaration."""
        return self.item.sharing.split in (Split.EQUAL, Split.GIVEN)

    @property
    def counts_by_activity(self) -> bool:
        return any(limit.window is Window.ACTIVITY for limit in self.item.limits)

    @property
    def rows(self) -> list[tuple[Row, Cell]]:
        """The rows of the item's tables; none where roles stand in for them, which are asked for instead."""
        return [] if self.item.sharing.split is Split.BY_ROLE else rows_of(self.item, Side.AWARD)

    def context(self, typed: Typed) -> dict[str, Any]:
        """Describe the questions, as `phone/declare_form.html` documents them."""
        unit, proofs = unit_of(self.item), self.item.evidence.proofs
        return {
            "people": [
                {"id": person.pk, "name": person.name, "is_chosen": person.pk in typed.people}
                for person in self.people
            ],
            "must_name": self.must_name,
            "is_shared": self.is_shared,
            "unit": unit.name if unit else "",
            "rows": [
                {"name": row_text(row), "worth": cell_text(cell, takes=False)} for row, cell in self.rows
            ],
            "roles": [
                {"name": each.role, "worth": cell_text(each.worth, takes=False)}
                for each in self.item.sharing.roles
            ],
            "asks_activity": self.counts_by_activity,
            "asks_fact": bool(self.item.rivals),
            "proofs": proofs_text(proofs & {Proof.PHOTO, Proof.CERTIFICATE, Proof.TWO_WITNESSES}),
            "needs_place": Proof.PLACE in proofs,
            "evidence": self.item.evidence.text,
        }


def _in_season(item: Item, day: date) -> Item:
    """Give an item with the worth that a season gives it on a day, which may ask for something else."""
    season = next((season for season in item.seasons if day in season.span), None)
    return replace(item, worth=season.worth) if season and season.worth is not None else item


@dataclass
class Problems:
    """What is wrong with what was typed, by the place on the page where it stands: one sentence each."""

    found: dict[str, str] = field(default_factory=dict)

    def add(self, place: str, text: str) -> None:
        self.found.setdefault(place, text)

    def refuse(self, refusal: Refusal, place: str = "") -> None:
        self.add(place or _PLACES.get(refusal.field or "", "form"), str(refusal))

    def __bool__(self) -> bool:
        return bool(self.found)


@dataclass(frozen=True)
class Together:
    """The other households that did it too, by the numbers that were typed. unknown: numbers that are nobody's."""

    households: Sequence[Household]
    heads: Mapping[int, str]
    unknown: Sequence[str]

    @property
    def lines(self) -> list[dict[str, str]]:
        """Say whose numbers they are, masked: enough to see that one has not mistyped."""
        return [
            {"number": each.number, "name": mask_name(self.heads.get(each.pk, ""))}
            for each in self.households
        ]


def together_with(household: Household, text: str) -> Together:
    """Find the households of the village whose numbers were typed, in two queries. Zeros in front may be left out."""
    numbers = [number for number in _BETWEEN.split(text.strip()) if number][: MOST_TOGETHER + 1]
    wanted = {number: {number, *(number.zfill(length) for length in range(2, 6))} for number in numbers}
    spelt = {each for several in wanted.values() for each in several}
    if not spelt:
        return Together((), {}, ())
    living = Household.objects.filter(village=household.village_id, left_on=None, number__in=spelt)
    found = {each.number: each for each in living.select_related("unit", "village").order_by("number")}
    unknown = [number for number, several in wanted.items() if not several & found.keys()]
    others = [each for each in found.values() if each.pk != household.pk]
    return Together(others, household_heads(each.pk for each in others), unknown)


def declared(
    asked: Asked, typed: Typed, household: Household, together: Together, key: str
) -> tuple[NewDeed | None, Problems]:
    """Make the deed of what was typed; None where something is missing that only the form knows."""
    problems = Problems()
    named = [person for person in asked.people if person.pk in typed.people]
    if asked.must_name and not named:
        problems.add("people", _("请选是谁参加的。"))
    day = typed.acted_on
    if day is None:
        problems.add("day", _("请选是哪一天。"))
    if together.unknown:
        numbers = _("、").join(together.unknown)
        problems.refuse(UnknownHousehold(number=numbers, village=household.village.name), "others")
    given = _given(asked, typed, problems)
    for place, most in LENGTHS.items():
        if len(getattr(typed, place)) > most:
            problems.refuse(DescriptionTooLong(most=most), place)
    if problems or day is None:
        return None, problems
    shares = [NewShare(household, person, given) for person in named] or [NewShare(household, None, given)]
    if asked.is_shared:
        shares += [NewShare(each, None, given) for each in together.households]
    deed = NewDeed(
        key=key,
        indicator=asked.indicator,
        day=day,
        shares=tuple(shares),
        description=description_of(typed),
        activity=typed.activity.strip() if asked.counts_by_activity else "",
        fact=typed.fact.strip() if asked.item.rivals else "",
    )
    return deed, problems


def description_of(typed: Typed) -> str:
    """Put place and note together, as they are read by whoever verifies."""
    return _("，").join(filter(None, (typed.place.strip(), typed.note.strip())))


def _given(asked: Asked, typed: Typed, problems: Problems) -> Given:
    item = asked.item
    given = Given(side=Side.AWARD if item.direction is Direction.BOTH else None)
    if unit_of(item):
        try:
            given = replace(given, amount=amount_in(item, typed.amount))
        except Refusal as refusal:
            problems.refuse(refusal, "amount")
    if asked.rows:
        try:
            row = row_in(item, typed.row)
            given = replace(given, level=row.level, rank=row.rank, severity=row.severity, row=row.name)
        except Refusal as refusal:
            problems.refuse(refusal, "row")
    if item.sharing.split is Split.BY_ROLE:
        given = replace(given, role=typed.role)
    return given


def days_asked(typed: Typed) -> dict[str, Any]:
    """Describe the choice of the day: today, yesterday, or another one."""
    today = clock.today()
    near = ((today, _("今天")), (today - timedelta(days=1), _("昨天")))
    values = [{"value": day.isoformat(), "name": name} for day, name in near]
    is_other = typed.day not in {each["value"] for each in values}
    return {
        "days": [{**each, "is_chosen": each["value"] == typed.day} for each in values],
        "other_day": OTHER_DAY,
        "is_other_day": is_other,
        "date": typed.other_date or (typed.day if is_other and typed.acted_on else ""),
        "last_day": today.isoformat(),
    }


def foreseen_words(found: Sequence[Foreseen], household: Household) -> dict[str, Any]:
    """Say what a household would get, as `phone/declare_sum.html` documents it. Others' shares are not told."""
    own = [each for each in found if each.share.household.pk == household.pk]
    known = [each.points for each in own if each.points is not None]
    people = len({each.share.resident.pk for each in own if each.share.resident})
    return {
        "is_known": True,
        "who": _("%(count)s人") % {"count": people} if people else _("全家"),
        "figure": format_points(sum(known), signed=True) if known else "",
        "is_open": len(known) < len(own),
        "is_cut": any(each.is_cut or each.limited for each in own),
        "sentences": list(dict.fromkeys(each.sentence for each in own if each.sentence)),
    }


NOT_KNOWN: Final[Mapping[str, Any]] = {
    "is_known": False,
    "who": "",
    "figure": "",
    "is_open": False,
    "is_cut": False,
    "sentences": [],
}
