"""The cast's county with something at each address, and everybody who opens them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.urls import reverse
from django_tenants.utils import schema_context

from tests.address_table import ROWS
from tests.cast import Cast
from tests.people.cast import small_village
from tests.people.members import member_of, membership, with_phone
from tests.records.samples import picture
from tests.scoring.cast import RUBBISH, a_deed, noticed
from tests.web import (
    NOBODYS_HOST,
    Visitor,
    quick_pins,
    sheet_of,
    signed_in,
    with_card,
)
from xiangyue.catalogue.models import Indicator
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.ledger.models import AccountKind, Cause
from xiangyue.ledger.operations.batches import Posting
from xiangyue.ledger.operations.posting import post_lines
from xiangyue.ledger.operations.sealing import seal_all
from xiangyue.ledger.queries import pool_id
from xiangyue.people.models import Topic, Unit
from xiangyue.people.operations.cards import issue_card
from xiangyue.people.operations.claims import claim_membership
from xiangyue.people.operations.wishes import request_correction
from xiangyue.phone.photos import owner_of
from xiangyue.records.drafts import draft_photo
from xiangyue.requests.models import ComplaintKind
from xiangyue.requests.operations import lodge_complaint, new_token
from xiangyue.scoring.models import Source
from xiangyue.scoring.operations.bringing import bring_deeds
from xiangyue.scoring.operations.objections import lodge_objection
from xiangyue.scoring.operations.review import return_deed
from xiangyue.tenancy.models import Jurisdiction

LEADER = "桑叶青"
Parameters = list[tuple[object, ...]]


@dataclass(frozen=True)
class Place:
    """The cast's county with something at each address. pin: what its card asks for."""

    addresses: dict[str, list[str]]
    pin: str
    visitors: dict[str, Visitor]


@contextmanager
def a_place(cast: Cast, peopled: Jurisdiction, founded: Jurisdiction) -> Iterator[Place]:
    """Let something stand at each address, and everybody come there."""
    with quick_pins():
        notice = noticed(
            cast.village, a_deed(cast.village, "018", "004"), a_deed(cast.village, "050", of=RUBBISH)
        )
        sheet = sheet_of(cast, "018")
        objection = lodge_objection(
            actor=cast.villager,
            target=sheet.totals.get(number="018"),
            household_id=cast.villager.id,
            text="少记了",
            photos=[("门口.jpg", picture())],
            key="k",
        )
        posted = sealed_line(cast)
        card = issue_card(actor=SYSTEM, household_id=cast.household("050").pk)
        complaint = new_token()
        lodge_complaint(
            actor=None, unit_id=cast.village.pk, kind=ComplaintKind.OTHER, text="不公平", token=complaint
        )
        sheets = [(notice.public_id, position) for position in (1, 2, 3)]
        parameters: dict[str, list[tuple[object, ...]]] = {
            "gate:notice": [*sheets],
            "gate:notice-data": [*sheets],
            "gate:notice-check": [*sheets],
            "gate:rule": [(Indicator.objects.filter(catalogue__state="in_force")[0].pk,)],
            "phone:objected-photo": [(objection.public_id, 1)],
            "phone:objected-photo-small": [(objection.public_id, 1)],
            "gate:notice-print": [(*sheet, paper) for sheet in sheets for paper in ("a3", "a4")],
            "gate:card": [(card.token,)],
            "gate:complained": [(complaint,)],
            "phone:objected": [(objection.public_id,)],
            **declaring_parameters(cast),
            **family_parameters(cast),
            "phone:line": [(sheet.lines.get(household=cast.villager.id).pk,)],
            "phone:entry": [posted],
            "phone:proof": [posted],
            "phone:proof-file": [(clock.today().year,)],
            "phone:statement": [(clock.today().year,)],
            "mfa_remove_webauthn": [(1,)],
            "mfa_edit_webauthn": [(1,)],
        }
        addresses = {
            name: [reverse(name, args=args) for args in parameters.get(name, [()])] for name, *_rest in ROWS
        }
        visitors = {
            "outsider": Visitor(peopled),
            "villager": with_card(peopled, cast.household("018")),
            "neighbour": with_card(peopled, cast.household("004")),
            "stranger": stranger(founded, peopled),
            "newcomer": signed_in(peopled, cast.user("过路人")),
            "leader": signed_in(peopled, cast.user(LEADER)),
            "helper": helping(peopled, cast),
            "committee": signed_in(peopled, cast.committee[0]),
            "shopkeeper": signed_in(peopled, cast.user("仓有余")),
            "official": signed_in(peopled, cast.user("云帆远")),
            "auditor": signed_in(peopled, cast.user("明镜台")),
            "nowhere": Visitor(peopled, NOBODYS_HOST),
        }
        visitors["nowhere"].cookies["session"] = visitors["villager"].cookies["session"].value
        yield Place(addresses, card.pin, visitors)


def helping(peopled: Jurisdiction, cast: Cast) -> Visitor:
    """The grid leader, who acts on the villager's behalf."""
    leader = signed_in(peopled, cast.user(LEADER))
    begun = leader.post("/my/helping/", {"household": str(cast.household("018").public_id)})
    assert begun["Location"] == "/my/home/"
    return leader


def declaring_parameters(cast: Cast) -> dict[str, list[tuple[object, ...]]]:
    """Let the villager declare something with a photo, which comes back; give what its addresses ask for."""
    new, home = a_deed(cast.village, "018"), cast.household("018")
    photo = ("a.jpg", picture())
    (deed,) = bring_deeds(actor=cast.villager, deeds=[new], source=Source.SELF, evidence=[photo])
    return_deed(actor=cast.grid_leader, deed_id=deed.pk, reason="看不清")
    token = draft_photo(owner=owner_of(home), name=photo[0], content=photo[1])
    of_deed: Parameters = [(deed.public_id,)]
    of_indicator: Parameters = [(new.indicator.pk,)]
    of_photo: Parameters = [(deed.public_id, each.file_id) for each in deed.evidence.all()]
    return {
        **dict.fromkeys(("phone:declare-form", "phone:declare-foreseen"), of_indicator),
        **dict.fromkeys(("phone:declared", "phone:deed", "phone:deed-amend", "phone:deed-withdraw"), of_deed),
        **dict.fromkeys(("phone:photo", "phone:photo-small"), of_photo),
        "phone:draft-photo": [(token,)],
    }


def family_parameters(cast: Cast) -> dict[str, list[tuple[object, ...]]]:
    """Let the villager's household have a member, somebody who says to be one, and a request; give their addresses."""
    home = cast.household("018")
    member = membership(member_of(home, "田禾生"), home)
    claim = claim_membership(actor=with_phone("u-2"), household_id=home.pk, name="麦春芽")
    asked = request_correction(actor=cast.villager, household_id=home.pk, what=Topic.NAME, text="写错了")
    return {
        "phone:family-pin": [("sign-in",), ("till",)],
        "phone:family-member": [(member.pk,)],
        "phone:family-claim": [(claim.pk,)],
        "phone:family-records-file": [("xlsx",), ("json",)],
        "phone:family-request": [(asked.pk,)],
    }


def sealed_line(cast: Cast) -> tuple[int, int]:
    """Give (batch, line) of something posted for the villager, and sealed."""
    assert cast.village.holder_id
    batch = post_lines(
        posting=Posting("base", Cause.GRANT, 1, SYSTEM, clock.today()),
        pool_id=pool_id(cast.village.holder_id, AccountKind.ISSUED),
        lines=[(1, cast.household("018").holder_id, 500)],
    )
    assert batch
    seal_all()
    return batch.pk, 1


def stranger(founded: Jurisdiction, peopled: Jurisdiction) -> Visitor:
    """Somebody with a session of the other county, at the address of this one."""
    with schema_context(founded.schema_name):
        household = small_village(Unit.objects.get(code="440783104220"))["018"]
        theirs = with_card(founded, household).cookies["session"].value
    visitor = Visitor(peopled)
    visitor.cookies["session"] = theirs
    return visitor
