"""The lists of words, attacked with what people write: however it is written, its clause refuses it."""

import pytest

from tests.catalogue.guards.innocent import INNOCENT
from tests.catalogue.guards.items import of_row
from tests.catalogue.guards.paraphrases import LAWFUL, MORE_LAWFUL, MORE_VIOLATING
from tests.catalogue.guards.paraphrases import VIOLATING as SAID_OTHERWISE
from tests.catalogue.guards.rows import ASKED, VIOLATING
from xiangyue.catalogue.guards.check import findings
from xiangyue.catalogue.guards.finding import Finding, Weight
from xiangyue.catalogue.language import columns
from xiangyue.catalogue.rules.scheme import Scheme


def look(side: str, title: str, remarks: str = "", **more: str) -> list[Finding]:
    return findings([of_row(side, title, remarks, **more)], Scheme())


@pytest.mark.parametrize(("side", "title", "code", "remarks"), VIOLATING)
def test_what_violates_is_refused_and_names_its_clause(
    side: str, title: str, code: str, remarks: str
) -> None:
    found = [each for each in look(side, title, remarks) if each.code == code]
    assert [each.weight for each in found] == [Weight.REFUSED]
    (finding,) = found
    assert finding.clause
    assert finding.instead
    assert finding.words in finding.reason
    written = remarks if finding.field == columns.REMARKS else title
    assert finding.words.replace(" ", "") in "".join(written.split())


@pytest.mark.parametrize(("side", "title", "remarks"), INNOCENT)
def test_what_is_innocent_raises_a_question_at_most(side: str, title: str, remarks: str) -> None:
    assert {each.weight for each in look(side, title, remarks)} <= {Weight.QUESTION}


def test_few_innocent_rows_are_asked_about() -> None:
    asked = [row for row in INNOCENT if look(*row)]
    assert len(asked) <= len(INNOCENT) // 10


@pytest.mark.parametrize(("side", "title", "code", "remarks"), ASKED)
def test_what_depends_on_what_was_meant_is_a_question(side: str, title: str, code: str, remarks: str) -> None:
    assert [(each.code, each.weight) for each in look(side, title, remarks)] == [(code, Weight.QUESTION)]


PARAPHRASED = (*SAID_OTHERWISE, *MORE_VIOLATING)
RIGHTS = ("statutory-benefits", "public-services", "members-rights", "village-rights")
UNSEEN = {"家里有人读书半途退了"}  # says neither whose child nor what school


@pytest.mark.parametrize(("side", "title", "code", "remarks"), PARAPHRASED)
def test_what_violates_in_other_words_hinders(side: str, title: str, code: str, remarks: str) -> None:
    found = look(side, title, remarks)
    assert bool(found) is (title not in UNSEEN)
    if not any(each.code == code for each in found):
        assert {each.code for each in found} <= {"other-consequences", *RIGHTS, "complaints", "minors"}


def test_most_of_what_is_said_in_other_words_is_refused() -> None:
    refused = [
        row
        for row in PARAPHRASED
        if any(each.weight is Weight.REFUSED and each.code == row[2] for each in look(row[0], row[1], row[3]))
    ]
    assert len(refused) >= len(PARAPHRASED) * 8 // 10


@pytest.mark.parametrize(("side", "title", "remarks"), [*LAWFUL, *MORE_LAWFUL])
def test_what_merely_looks_alike_is_not_refused(side: str, title: str, remarks: str) -> None:
    assert {each.weight for each in look(side, title, remarks)} <= {Weight.QUESTION}


def test_little_that_merely_looks_alike_is_asked_about() -> None:
    lawful = (*LAWFUL, *MORE_LAWFUL)
    assert sum(bool(look(*row)) for row in lawful) <= len(lawful) // 12
    assert len(SAID_OTHERWISE) >= 60 <= len(LAWFUL)


def test_there_are_enough_rows_to_attack_with() -> None:
    assert len(VIOLATING) >= 40
    assert len(INNOCENT) >= 60
    assert len({code for _side, _title, code, _remarks in VIOLATING}) == 19


def test_words_are_given_back_as_they_were_written() -> None:
    (finding,) = look("扣", "违反公约", "取 消\u3000低 保 资格")
    assert finding.words == "取 消 低 保"
    assert finding.field == columns.REMARKS


def test_a_consequence_is_refused_wherever_it_stands() -> None:
    for field in ("category", "family", "repair"):
        (finding,) = look("扣", "违反公约", **{field: "取消低保的情形"})
        assert (finding.code, finding.weight) == ("statutory-benefits", Weight.REFUSED)


def test_a_heading_only_says_what_the_section_is_about() -> None:
    (finding,) = look("扣", "打架斗殴", category="信访维稳")
    assert (finding.code, finding.weight, finding.field) == ("petitioning", Weight.QUESTION, columns.CATEGORY)


def test_a_heading_is_asked_about_once() -> None:
    items = [of_row("扣", title, category="信访维稳") for title in ("打架斗殴", "赌博")]
    assert [each.item for each in findings(items, Scheme())] == items[:1]


def test_a_fine_by_the_police_is_a_fact_and_no_fine_of_the_village() -> None:
    assert look("扣", "处2000元以上10000元以下罚款", category="公安交通管理") == []
    (finding,) = look("扣", "处2000元以上10000元以下罚款")
    assert (finding.code, finding.weight) == ("fines", Weight.QUESTION)


@pytest.mark.parametrize("text", ["身份证复印件", "病历或者诊断证明", "残疾证照片"])
def test_papers_that_are_private_are_asked_about(text: str) -> None:
    (finding,) = look("加", "做好事", evidence=text)
    assert (finding.code, finding.weight, finding.field) == (
        "private-evidence",
        Weight.QUESTION,
        columns.EVIDENCE,
    )


def test_lines_of_a_list_stay_apart_and_a_broken_line_goes_on() -> None:
    assert look("扣", "违反公约", "停止\n补贴")[0].weight is Weight.REFUSED
    broken = look("扣", "违反公约", "1、停止施工\n2、申领补贴另行办理")
    assert {each.weight for each in broken} <= {Weight.QUESTION}


def test_repair_that_gives_a_benefit_back_shows_that_it_was_taken() -> None:
    (finding,) = look("扣", "违反公约", repair="改正后恢复享受惠民政策")
    assert (finding.code, finding.weight, finding.field) == (
        "statutory-benefits",
        Weight.REFUSED,
        columns.REPAIR,
    )
