"""A whole county's life, and one person erased out of it (issue 4, done when 4)."""

import os
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Count
from PIL import Image

from tests.people.numbers import PHONE, id_of
from xiangyue.auditor.audit import audit
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.masking import STAR
from xiangyue.kernel.periods import Period
from xiangyue.ledger.models import Seal, Transfer
from xiangyue.ledger.operations.sealing import seal_all
from xiangyue.people.models import Appointment, Gift, Hardship, Household, Kin, PeopleRules, Resident, Unit
from xiangyue.people.operations.circumstances import record_circumstance
from xiangyue.people.operations.consents import give_consent
from xiangyue.people.operations.erasing import erase_resident
from xiangyue.people.operations.relations import record_contribution, register_kin
from xiangyue.people.operations.residents import correct_resident, take_out
from xiangyue.people.person import as_data
from xiangyue.people.queries import household_by_number
from xiangyue.records.models import LoggedAct
from xiangyue.records.operations import log_act, store_file
from xiangyue.redemption.models import Order
from xiangyue.scoring.models import (
    Deed,
    Evidence,
    Notice,
    NoticeSheet,
    NoticeTotal,
    Objection,
    ObjectionEvidence,
    Remark,
    Share,
    Source,
)
from xiangyue.scoring.operations.objections import dismiss_objection, lodge_objection, uphold_objection
from xiangyue.scoring.operations.settlement import settle_due
from xiangyue.scoring.queries import current_lines, notice_of, total_of
from xiangyue.setup import example
from xiangyue.tenancy.embedded import program
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.operations import create_user
from xiangyue.users.queries import user_by_login

SEPTEMBER, OCTOBER = Period(2026, 9), Period(2026, 10)
HUNG = date(2026, 11, 1)
NAME, ID = "田禾生", id_of()
TRACES = (NAME, "tianhesheng", PHONE, "199 0000 0001", ID, "田＊生")


@pytest.fixture
def lived(committed: Jurisdiction) -> Iterator[Resident]:
    """田禾生 of household 018, after two months in which his name got into everything that takes a text."""
    Unit.objects.update(since=SEPTEMBER.first)
    Appointment.objects.update(since=SEPTEMBER.first)
    village = Unit.objects.get(code=example.VILLAGE)
    with clock.as_of(SEPTEMBER.first):
        example._people_and_rules(village)
        resident = _known(village)
    example._judge(village, SEPTEMBER, meets_on=OCTOBER.first)
    example._notice(village, SEPTEMBER, on=date(2026, 10, 2))
    example._settle(village, on=date(2026, 10, 8))
    example._redeem(village, on=date(2026, 10, 10))
    example._judge(village, OCTOBER, meets_on=HUNG)
    example._notice(village, OCTOBER, on=HUNG)
    _object(village)
    seal_all()
    _write_about(resident)
    with clock.as_of(HUNG + timedelta(days=9)):
        yield resident


def _known(village: Unit) -> Resident:
    PeopleRules.objects.all().delete()
    PeopleRules.objects.create(keeps_id_numbers=True)
    resident, home = Resident.objects.get(name=NAME), household_by_number(village=village, number="018")
    assert resident.household_id == home.pk
    if resident.user_id is None:
        resident.user = create_user(login="tianhesheng", name=NAME)
        resident.save()
    facts = {"phone": PHONE, "id_number": ID, "born": None}
    correct_resident(actor=SYSTEM, resident_id=resident.pk, facts=facts, reason=f"{NAME}更正")  # type: ignore[arg-type]
    other = Resident.objects.exclude(household=home).filter(left_on=None).first()
    assert other
    register_kin(actor=SYSTEM, resident_id=resident.pk, other_id=other.pk, kin=Kin.SIBLING)
    record_contribution(
        actor=SYSTEM, resident_id=resident.pk, gift=Gift.IDEA, what=f"{NAME}提议", given_on=clock.today()
    )
    record_circumstance(actor=SYSTEM, resident_id=resident.pk, hardship=Hardship.ILLNESS, note=NAME)
    give_consent(
        actor=Actor.card(home.pk),
        household_id=home.pk,
        receiver="丰收银行",
        purpose=f"{NAME}授信",
        until=date(2027, 8, 1),
    )
    return resident


def _object(village: Unit) -> None:
    supervisor = Actor.user(user_by_login("竹有节").pk)
    notice = notice_of(village, OCTOBER)
    with clock.as_of(HUNG + timedelta(days=1)):
        for number, key in (("018", "a"), ("004", "b")):
            home = household_by_number(village=village, number=number)
            line = current_lines(notice).filter(household=home)[0]
            objection = lodge_objection(
                actor=Actor.card(home.pk), target=line, household_id=home.pk, text=f"{NAME}没有来", key=key
            )
            if number == "018":
                dismiss_objection(actor=supervisor, objection_id=objection.pk, answer=f"{NAME}来过")
            else:
                uphold_objection(
                    actor=supervisor,
                    objection_id=objection.pk,
                    answer=f"{NAME}作证，记少了",
                    corrections={line.number: line.points + 500},
                )
        home = household_by_number(village=village, number="018")
        total = total_of(notice_of(village, OCTOBER), "018")
        lodge_objection(actor=Actor.card(home.pk), target=total, household_id=home.pk, text=PHONE, key="c")
        whole = notice_of(village, OCTOBER)
        lodge_objection(
            actor=Actor.card(home.pk),
            target=whole,
            household_id=home.pk,
            text=f"{NAME}不服",
            photos=[("自家门口.jpg", _photo())],
            key="d",
        )
        Notice.objects.filter(pk=whole.pk).update(reason=f"{NAME}救火")
    with clock.as_of(HUNG + timedelta(days=7)):
        settle_due(actor=Actor.user(user_by_login("柳成荫").pk), unit_id=village.pk)


def _photo() -> bytes:
    kept = BytesIO()
    Image.new("RGB", (8, 8), "green").save(kept, "JPEG")
    return kept.getvalue()


def _write_about(resident: Resident) -> None:
    home = resident.household
    single = Deed.objects.annotate(count=Count("shares")).filter(count=1)
    shares = list(Share.objects.filter(household=home, deed__in=single).order_by("id"))
    others = list(Share.objects.exclude(household=home).order_by("id")[:1])
    assert shares
    assert others
    Share.objects.filter(resident=resident).update(resident=None)
    Share.objects.filter(id=shares[0].pk).update(resident=resident, sentence=f"{NAME}出工")
    Deed.objects.filter(id=shares[0].deed_id).update(description=f"{NAME}病后修路，电话 199 0000 0001")
    Deed.objects.filter(id=others[0].deed_id).update(description=f"和{NAME}（{ID}）一起修路")
    supervisor = user_by_login("竹有节")
    for share, words in ((shares[0], "到得晚"), (others[0], f"（{ID}）也在场")):
        Remark.objects.create(
            share=share,
            text=f"{NAME}{words}",
            made_by=supervisor,
            made_at=clock.now(),
            answer=f"{NAME}说了",
            key=str(share.pk),
        )
    proof = store_file(name=f"{NAME}.txt", content=f"{NAME}修路的证明".encode())
    Evidence.objects.create(deed_id=shares[0].deed_id, file=proof)
    sheet = store_file(name="十月明细.csv", content=f"018,{NAME},出工".encode())
    Evidence.objects.create(deed_id=shares[1].deed_id, file=sheet)
    Deed.objects.filter(id=shares[1].deed_id).update(source=Source.SHEET)
    for subject, row in (
        ("deed", shares[0].deed_id),
        ("household", home.pk),
        ("order", 1),
        ("resident", resident.pk),
    ):
        log_act(actor=SYSTEM, act="note", subject=subject, subject_ids=[row], reason=f"{NAME} {PHONE}")


def dumped(schema: str) -> str:
    """Give the county as pg_dump writes it, and `public` with its queue of jobs."""
    where = connection.settings_dict
    words = [str(program.installed() / "pg_dump"), "-n", schema, "-n", "public"]
    words += ["-h", where["HOST"], "-p", str(where["PORT"]), "-U", where["USER"], where["NAME"]]
    environment = {**os.environ, "PGPASSWORD": where["PASSWORD"]}
    return subprocess.run(words, env=environment, check=True, capture_output=True).stdout.decode()


def files(schema: str) -> bytes:
    """Give the bytes of all stored files, workbooks unpacked."""
    parts = []
    for path in Path(str(settings.HOME), "files", schema).rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            parts.append(content)
            if zipfile.is_zipfile(BytesIO(content)):
                with zipfile.ZipFile(BytesIO(content)) as pack:
                    parts += [pack.read(name) for name in pack.namelist()]
    return b"\n".join(parts)


@pytest.mark.slow
def test_nothing_of_an_erased_person_is_left_and_everything_stays_verifiable(
    lived: Resident, committed: Jurisdiction
) -> None:
    schema = committed.schema_name
    before = dumped(schema)
    assert [trace for trace in TRACES if trace not in before] == []
    assert NAME.encode() in files(schema)
    published = list(Seal.objects.order_by("number").values_list("number", "digest"))
    digests = list(Notice.objects.order_by("id").values_list("digest", flat=True))
    sheets = list(NoticeSheet.objects.order_by("id").values_list("digest", "lines_digest"))
    transfers = list(Transfer.objects.order_by("batch_id", "line").values_list())
    assert published
    assert transfers
    assert list(audit(published[-1])) == []
    taken = as_data(take_out(actor=SYSTEM, resident_id=lived.pk))
    assert taken["deeds"]
    assert [(row["own"], row["text"]) for row in taken["remarks"]] == [(False, f"{NAME}到得晚")]

    erase_resident(actor=SYSTEM, resident_id=lived.pk)

    after = dumped(schema)
    assert [trace for trace in TRACES if trace in after] == []
    kept = files(schema)
    assert [trace for trace in TRACES if trace.encode() in kept] == []
    assert list(audit(published[-1])) == []
    assert list(Seal.objects.order_by("number").values_list("number", "digest")) == published
    assert list(Notice.objects.order_by("id").values_list("digest", flat=True)) == digests
    assert list(NoticeSheet.objects.order_by("id").values_list("digest", "lines_digest")) == sheets
    assert list(Transfer.objects.order_by("batch_id", "line").values_list()) == transfers


@pytest.mark.slow
def test_what_others_wrote_stays_but_for_the_name(lived: Resident) -> None:
    homes = Household.objects.get(id=lived.household_id)
    erase_resident(actor=SYSTEM, resident_id=lived.pk)
    own = Share.objects.filter(resident=lived).select_related("deed").get()
    assert (own.deed.description, own.sentence, own.points is not None) == ("", f"{STAR}出工", True)
    assert Deed.objects.get(description__contains=STAR).description == f"和{STAR}（{STAR}）一起修路"
    assert set(Objection.objects.exclude(answer="").values_list("text", "answer")) == {
        (f"{STAR}没有来", f"{STAR}来过"),
        (f"{STAR}没有来", f"{STAR}作证，记少了"),
    }
    assert Objection.objects.get(line=None, total=None).text == f"{STAR}不服"
    remarks = Remark.objects.order_by("id").values_list("text", "answer")
    assert list(remarks) == [(f"{STAR}到得晚", f"{STAR}说了"), (f"{STAR}（{STAR}）也在场", f"{STAR}说了")]
    assert Notice.objects.exclude(reason="").get().reason == f"{STAR}救火"
    assert LoggedAct.objects.filter(subject="notice", reason=f"{STAR}作证，记少了").exists()
    assert set(NoticeTotal.objects.filter(household=homes).values_list("masked_name", flat=True)) == {STAR}
    assert Order.objects.filter(household=homes).exists()
    assert Evidence.objects.get(deed=own.deed).file.erased_at is not None
    assert ObjectionEvidence.objects.get().file.erased_at is not None
