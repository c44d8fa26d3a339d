"""Who receives a deed's points (RULES "Subject and sharing"). Pure."""

from dataclasses import dataclass

from xiangyue.catalogue.rules.model import Sharing
from xiangyue.catalogue.rules.terms import Receiver, demand


@dataclass(frozen=True, slots=True)
class Circle:
    """The people around a deed, by opaque ids. head: of the doer's household; members: all of it."""

    doer: int
    head: int
    parents: tuple[int, ...] = ()
    spouse: int | None = None
    children: tuple[int, ...] = ()
    members: tuple[int, ...] = ()


def receivers(sharing: Sharing, circle: Circle) -> tuple[int, ...]:
    """Give those who receive, each once, in the order of the rule's words: doer, head, parents, spouse, children,
    members. Raises: BadRule `nobody-receives` where the rule names only people that there are not."""
    people = {
        Receiver.DOER: (circle.doer,),
        Receiver.HEAD: (circle.head,),
        Receiver.PARENTS: circle.parents,
        Receiver.SPOUSE: () if circle.spouse is None else (circle.spouse,),
        Receiver.CHILDREN: circle.children,
        Receiver.MEMBERS: circle.members,
    }
    found = dict.fromkeys(person for word in Receiver if word in sharing.to for person in people[word])
    demand(bool(found), "nobody-receives")
    return tuple(found)
