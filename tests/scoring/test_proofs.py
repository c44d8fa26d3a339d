"""Evidence that an indicator demands: asked for where somebody brings one deed, shown as missing elsewhere."""

from datetime import date
from typing import Any

import pytest

from tests.cast import Cast
from tests.catalogue.cast import in_force
from tests.records.samples import picture, xlsx
from tests.scoring.cast import a_deed, bring, indicator
from xiangyue.catalogue.rules.terms import Proof
from xiangyue.kernel.actors import SYSTEM
from xiangyue.scoring.models import Deed, Evidence, Source
from xiangyue.scoring.operations.bringing import Files, bring_deeds, resubmit_deed
from xiangyue.scoring.operations.review import return_deed
from xiangyue.scoring.proofs import lacking_of, proofs_text
from xiangyue.scoring.source_refusals import EvidenceMissing, PlaceMissing
from xiangyue.scoring.sources import SOURCES

DAY = date(2026, 10, 20)
PHOTO, PAPER = ("院子.png", picture()), ("证书.pdf", b"%PDF-1.7\n")
PROOFS: dict[str, list[Proof]] = {
    "1": [Proof.PHOTO],
    "2": [Proof.CERTIFICATE],
    "3": [Proof.TWO_WITNESSES],
    "4": [Proof.PLACE],
    "5": [Proof.PHOTO, Proof.PLACE, Proof.CERTIFICATE],
    "6": [Proof.CHECK_IN, Proof.CONFIRMATION, Proof.RECORD],
    "7": [],
}


@pytest.fixture
def rules(cast: Cast) -> Cast:
    """Each number demands what PROOFS says; all rows speak of a photo, which demands nothing."""
    rows = [{"编号": number, "指标": f"第{number}项", "分值": "5", "证明材料": "照片"} for number in PROOFS]
    in_force(SYSTEM, cast.village, date(2026, 2, 1), *rows)
    for number, proofs in PROOFS.items():
        found = indicator(cast.village, number, DAY)
        evidence = {**found.rule["evidence"], "proofs": [proof.value for proof in proofs]}
        found.rule = {**found.rule, "evidence": evidence}
        found.save(update_fields=["rule"])
        assert indicator(cast.village, number, DAY).item.evidence.proofs == frozenset(proofs)
    return cast


def brought(cast: Cast, number: str, source: Source, files: Files = (), note: str = "") -> Deed:
    by = {Source.NEIGHBOUR: cast.neighbour, Source.LEADER: cast.grid_leader, Source.CADRE: cast.secretary}
    new = a_deed(cast.village, "018", of=number, day=DAY, note=note)
    (deed,) = bring_deeds(actor=by.get(source, cast.clerk), deeds=[new], source=source, evidence=files)
    return deed


@pytest.mark.parametrize(
    ("number", "files", "note", "missing"),
    [
        ("1", [], "", "照片"),
        ("1", [PAPER], "", "照片"),
        ("1", [PHOTO], "", None),
        ("2", [], "", "证书或者证明（拍照、扫描都行）"),
        ("2", [PAPER], "", None),
        ("2", [("名单.xlsx", xlsx())], "", "证书或者证明（拍照、扫描都行）"),
        ("2", [PHOTO], "", None),
        ("3", [], "两个人看见", "两个人签字的证明（拍照、扫描都行）"),
        ("3", [PHOTO], "", None),
        ("4", [PHOTO], " ", "地点"),
        ("4", [], "村东头", None),
        ("5", [PAPER], "", "照片、地点"),
        ("5", [PHOTO], "村东头", None),
        ("6", [], "", None),
        ("7", [], "", None),
    ],
)
def test_what_is_demanded_is_asked_for(
    rules: Cast, number: str, files: Files, note: str, missing: str | None
) -> None:
    if missing is None:
        assert brought(rules, number, Source.SELF, files, note)
        return
    with pytest.raises(PlaceMissing if missing == "地点" else EvidenceMissing) as caught:
        brought(rules, number, Source.SELF, files, note)
    assert caught.value.facts.get("proofs", "地点") == missing
    assert not Deed.objects.exists()


@pytest.mark.parametrize("source", list(Source))
def test_a_sheet_of_many_is_brought_without_and_shown_as_lacking(rules: Cast, source: Source) -> None:
    if SOURCES[source].is_single:
        with pytest.raises(EvidenceMissing):
            brought(rules, "1", source)
        return
    deed = brought(rules, "5", source, [("事项.xlsx", xlsx())], "村东头")
    assert lacking_of([deed]) == {deed.pk: {Proof.PHOTO, Proof.CERTIFICATE}}


def test_what_is_lacking_costs_the_same_for_few_and_for_many(
    rules: Cast, django_assert_num_queries: Any
) -> None:
    numbers = list("1234567")
    deeds = bring(
        rules.clerk,
        *(a_deed(rules.village, "018", of=number, day=DAY, note="村东头") for number in numbers * 3),
    )
    with django_assert_num_queries(2):
        found = lacking_of(deeds)
    texts = [proofs_text(found.get(deed.pk, frozenset())) for deed in deeds[:7]]
    certificate, witnesses = "证书或者证明（拍照、扫描都行）", "两个人签字的证明（拍照、扫描都行）"
    assert texts == ["照片", certificate, witnesses, "", f"照片、{certificate}", "", ""]


def test_what_was_missing_comes_with_the_deed_that_is_brought_again(rules: Cast) -> None:
    deed = brought(rules, "1", Source.SHEET)
    return_deed(actor=rules.secretary, deed_id=deed.pk, reason="缺照片")
    resubmit_deed(actor=rules.clerk, deed_id=deed.pk, description="补了", evidence=[PHOTO])
    assert lacking_of([deed]) == {}
    return_deed(actor=rules.secretary, deed_id=deed.pk, reason="看不清")
    resubmit_deed(actor=rules.clerk, deed_id=deed.pk, description="又补了", evidence=[PHOTO, PAPER])
    assert Evidence.objects.filter(deed=deed).count() == 2
