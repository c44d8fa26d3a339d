"""docs/month.md, run as it stands: nothing there may be a lie."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from tests.docs.guide import HOST, Machine, Ran, Site, Step, fresh_machine, steps
from xiangyue.kernel.ids import check_code, digest, grouped
from xiangyue.setup import divisions

GUIDE = steps("month.md")
VILLAGE = "--county cangcheng --village 440783104220"

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Month:
    """The machine after the guide, and what each block's commands said."""

    machine: Machine
    ran: list[tuple[Step, list[Ran]]]

    def facts(self, command: str) -> Any:
        ran = self.machine.run(f"xiangyue {command} --json")
        assert ran.code == 0, ran
        return json.loads(ran.out)


COLD = 2  # steps until the first command that makes the database is through


@pytest.fixture(scope="module")
def month() -> Iterator[Month]:
    with fresh_machine() as machine:
        ran = followed(machine, GUIDE[:COLD])
        with machine.kept_warm():
            yield Month(machine, ran + followed(machine, GUIDE[COLD:]))


def followed(machine: Machine, guide: list[Step]) -> list[tuple[Step, list[Ran]]]:
    """Run the steps' commands, until one fails: what follows would fail for that reason alone."""
    ran = []
    for step in guide:
        ran.append((step, [machine.run(command) for command in step.commands]))
        if any(each.code for each in ran[-1][1]):
            break
    return ran


@pytest.fixture(scope="module")
def site(month: Month) -> Iterator[Site]:
    with month.machine.serving() as site:
        yield site


def test_both_pages_have_the_same_commands_and_outputs() -> None:
    assert steps("month.zh.md") == GUIDE
    assert sum(len(step.commands) for step in GUIDE) > 20


def test_every_command_works(month: Month) -> None:
    failed = [ran for _step, all_ran in month.ran for ran in all_ran if ran.code]
    assert not failed
    assert len(month.ran) == len(GUIDE)


def test_what_the_page_shows_is_what_is_printed(month: Month) -> None:
    for step, all_ran in month.ran:
        printed = [line.strip() for ran in all_ran for line in ran.out.splitlines()]
        assert [line for line in step.shown if line not in printed] == [], printed


def test_the_auditor_is_silent(month: Month) -> None:
    (verified,) = [ran for _step, all_ran in month.ran for ran in all_ran if "ledger verify" in ran.command]
    assert (verified.out, verified.err) == ("", "")


def test_a_good_is_redeemed(month: Month) -> None:
    (good,) = month.facts(f"shop stock {VILLAGE} --shop 大罗村积分超市")["goods"]
    assert (good["name"], good["price"], good["stock"]) == ("洗衣液", "20", 47)
    statement = month.facts(f"ledger statement 018 {VILLAGE}")
    spent = statement["posted"][0]
    assert (spent["kind"], spent["points"]) == ("spend", -2000)
    assert statement["balances"]["honour"] - statement["balances"]["redeemable"] == 2000
    assert sum(line["points"] for line in statement["posted"]) == statement["balances"]["redeemable"]


def test_both_objections_are_answered(month: Month) -> None:
    first, second = month.facts(f"objection list {VILLAGE} --period 2026-10")["objections"]
    assert (first["line"], first["state"]) == (41, "dismissed")
    assert (second["line"], second["state"]) == (106, "upheld")


def test_the_check_code_is_the_same_on_terminal_page_and_paper(month: Month, site: Site) -> None:
    notice = month.facts(f"notice show {VILLAGE} --period 2026-10")
    assert len(notice["sheets"]) == 3
    for position, sheet in enumerate(notice["sheets"], start=1):
        page = f"/notice/{notice['notice']}/{position}/"
        for path in (page, f"{page}print/a3/", f"{page}print/a4/"):
            assert grouped(sheet["code"]) in site.get(path), path
        data = json.loads(site.get(f"{page}data.json"))
        assert digest(data["over"]) == data["digest"] == sheet["digest"]
        assert check_code(data["digest"]) == sheet["code"]


def test_a_correction_changes_one_sheet_and_the_old_one_stays_readable(month: Month, site: Site) -> None:
    first, second = (
        month.facts(f"notice show {VILLAGE} --period 2026-10 --edition {edition}") for edition in (1, 2)
    )
    same = [one == two for one, two in zip(first["sheets"], second["sheets"], strict=True)]
    assert same == [True, True, False]
    old = site.get(f"/notice/{first['notice']}/3/")
    assert grouped(first["sheets"][2]["code"]) in old
    assert f"/notice/{second['notice']}/3/" in old


def test_the_board_leads_to_the_notice(month: Month, site: Site) -> None:
    notice = month.facts(f"notice show {VILLAGE} --period 2026-10")
    assert f"/notice/{notice['notice']}/1/" in site.get("/")


def test_a_second_county_is_served_beside_it_and_never_mixed_up(month: Month, site: Site) -> None:
    """Four threads of one server, and eight readers who ask for both counties in turn."""
    added = month.machine.run(
        "xiangyue county add neighbour --division 440783105 --preset cangcheng --host neighbour.localhost"
    )
    assert added.code == 0, added.err
    names = {HOST: "苍城镇", "neighbour.localhost": divisions.find("440783105").name}
    site.wait_until(lambda: names["neighbour.localhost"] in site.get("/", "neighbour.localhost"))

    def read(host: str) -> bool:
        page = site.get("/", host)
        return [name in page for name in names.values()] == [host == each for each in names]

    with ThreadPoolExecutor(8) as readers:
        assert all(readers.map(read, [*names] * 40))
