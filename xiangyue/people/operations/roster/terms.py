"""Whether the terms of a roster may begin: what `appointments.appoint` asks of one, asked of all of them at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from xiangyue.kernel import clock
from xiangyue.people import roster_form as form
from xiangyue.people.models import Appointment, Body, Level
from xiangyue.people.office_refusals import OfficeNotHere, OfficesClash
from xiangyue.people.offices import Office, clash
from xiangyue.people.operations.roster.places import Names, Tree
from xiangyue.people.refusals import AlreadyAppointed
from xiangyue.people.register import BODIES, Register, body_of
from xiangyue.people.roster_cells import Finding
from xiangyue.sheets.problems import Problems
from xiangyue.sheets.read import Row

Person = tuple[str, str, str]  # village's code, household number, name; staff have no number
Terms = dict[int, list["Term"]]  # by user


@dataclass(frozen=True, slots=True)
class Term:
    """An office held at a unit from one day to another. path: the unit's; unit: what people call it."""

    office: Office
    body: Body | None
    path: str
    unit: str
    since: date
    until: date | None

    def meets(self, other: "Term") -> bool:
        """Tell whether both run on some day."""
        return (self.until is None or other.since <= self.until) and (
            other.until is None or self.since <= other.until
        )

    def repeats(self, other: "Term") -> bool:
        """Tell whether both are of one office at one unit, and meet."""
        mine, theirs = (self.office, self.body, self.path), (other.office, other.body, other.path)
        return mine == theirs and self.meets(other)

    def clashes_with(self, other: "Term") -> bool:
        """Tell whether one person may not hold both: at one unit or below each other, and they meet."""
        is_near = self.path.startswith(other.path) or other.path.startswith(self.path)
        return is_near and clash(self.office, other.office) and self.meets(other)


@dataclass
class NewAppointment:
    """An appointment to be. village: code, "" for none; None where what is written is none of these.

    number: of the person's household, empty for staff who are no villagers.
    unit: names of the unit on the way down; None where it is not known, and () for the roster's own unit.
    line, resident_id, user_id: where the person is in the file, whom the county knows, and as whom they sign in.
    is_off: whether that user was switched off. term: what is to begin; None where the row does not say it rightly.
    is_held: whether the county has it already.
    """

    row: Row
    village: str | None
    number: str
    name: str
    office: Office | None
    unit_name: str
    since: date | None
    login: str
    unit: Names | None = None
    line: int | None = None
    resident_id: int | None = None
    user_id: int | None = None
    is_off: bool = False
    term: Term | None = None
    is_held: bool = False

    @property
    def person(self) -> Person:
        """Who it is, as far as a roster tells people apart."""
        return (self.village or "") if self.number else "", self.number, self.name


def check_terms(
    found: Sequence[NewAppointment], tree: Tree, levels: Sequence[Level], problems: Problems
) -> None:
    """Work out the terms and check them against the register, the county's terms and each other; two queries.

    Users have to be locked before, so that nobody appoints them meanwhile. Terms that the county has are marked, and
    no fault.
    """
    register = Register()
    held = _held_terms(found)
    before: dict[Person, list[NewAppointment]] = defaultdict(list)  # that nothing is wrong with
    for each in found:
        if each.office is None or each.since is None or each.unit is None:
            continue
        header, finding = form.OFFICE, _check_office(each, each.office, each.since, tree, levels, register)
        if each.term and not finding:
            finding = _check_held(each, each.term, held.get(each.user_id or 0, ()))
        if each.term and not finding:
            finding = _check_file(each, each.term, before[each.person])
        if not finding and each.is_off and not each.is_held:
            text = _("%(name)s的账号停用了，不能任职。请先启用，或者换一个人。")
            header, finding = form.NAME, Finding("user-off", text % {"name": each.name})
        if finding:
            problems.add(each.row, header, finding.code, finding.text)
        elif each.term:
            before[each.person].append(each)


def _held_terms(found: Iterable[NewAppointment]) -> Terms:
    """Give all terms, also past ones, of those who are users already."""
    terms: Terms = defaultdict(list)
    users = {each.user_id for each in found if each.user_id}
    if not users:
        return terms
    held = Appointment.objects.filter(user_id__in=users).select_related("unit").order_by("since", "id")
    for each in held:
        unit = each.unit
        terms[each.user_id].append(
            Term(Office(each.office), body_of(each), unit.path, unit.name, each.since, each.until)
        )
    return terms


def _check_office(
    each: NewAppointment,
    office: Office,
    since: date,
    tree: Tree,
    levels: Sequence[Level],
    register: Register,
) -> Finding | None:
    """Work out the term, if the register has such an office at the unit's level."""
    names = each.unit or ()
    level, unit = tree.level_of(names, levels), tree.label(names) if names else tree.unit.name
    if (
        level is None
    ):  # named under a column that the scheme does not use, which is told of the sheet of people
        return None
    if register.rule(office, level) is None:
        refusal = OfficeNotHere(office=office.label, unit=unit, level=level.label)
        return Finding(refusal.code, str(refusal))
    bodies = BODIES.get(office, ())
    body = bodies[0] if len(bodies) == 1 else None  # of several, `seat_member` says later in which
    until = register.turn_end(office, level, since)
    each.term = Term(office, body, tree.path_of(names), unit, since, until)
    return None


def _check_held(each: NewAppointment, term: Term, held: Iterable[Term]) -> Finding | None:
    """Compare with the terms that the user has in the county."""
    standing = [other for other in held if other.repeats(term)]
    same = (term.since, term.until)
    each.is_held = any(
        other.until is None or other.until >= clock.today() or (other.since, other.until) == same
        for other in standing
    )
    if each.is_held:
        return None
    if standing:
        since = standing[0].since
        refusal = AlreadyAppointed(name=each.name, office=term.office.label, unit=term.unit, since=since)
        return Finding(refusal.code, str(refusal))
    return _clashing(each.name, term, held)


def _check_file(each: NewAppointment, term: Term, before: Sequence[NewAppointment]) -> Finding | None:
    """Compare with what the rows above say of the same person.

    What the county has was compared as it stands there: a row says when a term began, not when it ended.
    """
    own = [other for other in before if other.is_held == each.is_held]
    written = [other.term for other in own if other.term]
    if each.is_held:
        written = [other for other in written if other.since == term.since]
    if any(other.repeats(term) for other in written):
        return Finding("appointment-repeated", _("这个任职前面已经写过了。"))
    return None if each.is_held else _clashing(each.name, term, written)


def _clashing(name: str, term: Term, others: Iterable[Term]) -> Finding | None:
    other = next((other for other in others if other.clashes_with(term)), None)
    if other is None:
        return None
    refusal = OfficesClash(name=name, office=term.office.label, other=other.office.label, unit=other.unit)
    return Finding(refusal.code, str(refusal))
