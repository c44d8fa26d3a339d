"""Whose shares follow from the one who is named: the person and the parents, relatives, the head (RULES "Sharing").

Who brings a deed names who did it; the others whom its indicator names get their shares by it, as far as they live in
the same household: kinship that is registered so that people stay out of decisions is used for nothing else (CONDUCT
"Little data"). Where the points are divided in parts or by roles, everyone is named by whoever brings the deed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from xiangyue.catalogue.rules.model import Item, Sharing
from xiangyue.catalogue.rules.sharing import Circle, receivers
from xiangyue.catalogue.rules.terms import BadRule, Receiver, Split
from xiangyue.people.models import Household, Relation, Resident

ALONE: Final = frozenset({Receiver.DOER})
# Who can be told from the household alone, whoever of it did the deed.
_OF_HOUSEHOLD: Final = frozenset({Receiver.HEAD, Receiver.MEMBERS})
_PARENTS_OF: Final[dict[str, tuple[Relation, ...]]] = {
    Relation.CHILD: (Relation.HEAD, Relation.SPOUSE),
    Relation.HEAD: (Relation.PARENT,),
}
_CHILDREN_OF: Final[dict[str, tuple[Relation, ...]]] = {
    Relation.HEAD: (Relation.CHILD,),
    Relation.SPOUSE: (Relation.CHILD,),
    Relation.PARENT: (Relation.HEAD,),
}
_SPOUSE_OF: Final[dict[str, Relation]] = {
    Relation.HEAD: Relation.SPOUSE,
    Relation.SPOUSE: Relation.HEAD,
}


def makes_shares(item: Item) -> bool:
    """Tell whether shares of an item follow from the one who is named."""
    return item.sharing.to != ALONE and item.sharing.split in (Split.EACH, Split.EQUAL)


def receivers_text(sharing: Sharing) -> str:
    """Name who receives, in the order of the rule's words: 本人、父母."""
    names = {
        Receiver.DOER: _("本人"),
        Receiver.HEAD: _("户主"),
        Receiver.PARENTS: _("父母"),
        Receiver.SPOUSE: _("配偶"),
        Receiver.CHILDREN: _("子女"),
        Receiver.MEMBERS: _("全家每个人"),
    }
    return _("、").join(names[word] for word in Receiver if word in sharing.to)


@dataclass(frozen=True)
class Families:
    """The people of some households who are of them today, read for all of them together."""

    members: Mapping[int, Sequence[Resident]]

    def head(self, household_id: int) -> Resident | None:
        found = self._who(household_id, Relation.HEAD)
        return found[0] if found else None

    def receivers(self, sharing: Sharing, doer: Resident) -> list[Resident]:
        """Give those who receive what somebody did, each once, as far as they are of the household today."""
        home = doer.household_id
        people = {person.pk: person for person in (doer, *self.members.get(home, ()))}
        head, spouse = self.head(home), self._who(home, _SPOUSE_OF.get(doer.relation))
        circle = Circle(
            doer=doer.pk,
            head=head.pk if head else doer.pk,
            parents=_ids(self._who(home, *_PARENTS_OF.get(doer.relation, ()))),
            spouse=spouse[0].pk if spouse else None,
            children=_ids(self._who(home, *_CHILDREN_OF.get(doer.relation, ()))),
            members=_ids(self.members.get(home, ())),
        )
        try:
            return [people[pk] for pk in receivers(sharing, circle)]
        except BadRule:  # the rule names only people that there are not
            return []

    def of_household(self, sharing: Sharing, household_id: int) -> list[Resident] | None:
        """Give those who receive where nobody is named; None where somebody has to be."""
        if not sharing.to <= _OF_HOUSEHOLD:
            return None
        if Receiver.MEMBERS in sharing.to:
            return list(self.members.get(household_id, ()))
        head = self.head(household_id)
        return [head] if head else []

    def doers(self, sharing: Sharing, named: Sequence[Resident]) -> list[Resident]:
        """Keep of those who are named the ones who did it: not those who only receive what another one did."""
        circles = {person.pk: _ids(self.receivers(sharing, person)) for person in named}
        return [
            person
            for place, person in enumerate(named)
            if not any(
                person.pk in circles[other.pk] and (before < place or other.pk not in circles[person.pk])
                for before, other in enumerate(named)
                if other.pk != person.pk
            )
        ]

    def _who(self, household_id: int, *relations: Relation | None) -> list[Resident]:
        return [person for person in self.members.get(household_id, ()) if person.relation in relations]


def families_of(households: Collection[Household]) -> Families:
    """Read who is of some households today, in one query; none where there are no households."""
    found: dict[int, list[Resident]] = {}
    if households:
        living = Resident.objects.filter(household__in=households, left_on=None).order_by("id")
        for person in living:
            found.setdefault(person.household_id, []).append(person)
    return Families(found)


def _ids(people: Iterable[Resident]) -> tuple[int, ...]:
    return tuple(person.pk for person in people)
