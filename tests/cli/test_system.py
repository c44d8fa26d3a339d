import socket
from pathlib import Path

import pytest

from tests.cli.terminal import facts, refusal, run, told
from tests.tenancy.test_upgrades import forget
from xiangyue.cli.common import FAULTS
from xiangyue.setup.example import example_files
from xiangyue.tenancy.models import Jurisdiction


@pytest.fixture
def counties(founded: Jurisdiction, peopled: Jurisdiction, db: None) -> list[str]:
    return [founded.schema_name, peopled.schema_name]


def test_the_doctor_says_that_all_is_right(counties: list[str]) -> None:
    findings = facts("doctor")["findings"]
    wrong = [finding["name"] for finding in findings if not finding["right"]]
    assert wrong == ["后台任务"]  # no worker runs here
    told_of = {finding["name"] for finding in findings}
    assert told_of >= {f"{schema.removeprefix('county_')}的消息" for schema in counties}
    shown = told("doctor")
    assert "注意  后台任务" in shown
    assert shown.startswith("好    数据目录")


def test_the_doctor_leaves_with_3_where_something_must_be_mended(counties: list[str]) -> None:
    forget(counties[0], "redemption")
    result = run("doctor")
    assert result.exit_code == FAULTS
    assert "要修" in result.stdout
    assert run("doctor", "--json").exit_code == FAULTS


def test_upgrading_names_what_it_went_through(counties: list[str]) -> None:
    upgraded = facts("upgrade")["schemas"]
    assert upgraded[0] == "public"
    assert set(counties) <= set(upgraded)
    assert told("upgrade") == "升级好了。\n"


def test_the_sheets_of_the_guide_are_written_without_a_database(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "month"
    assert told("example", "files", folder) == "写好了：roster.xlsx、catalogue.csv、minutes.txt、deeds.xlsx\n"
    assert {path.name for path in folder.iterdir()} == set(example_files())
    assert len(facts("example", "files", folder)["files"]) == 4


def test_a_port_that_is_taken_is_refused_before_anything_is_begun(counties: list[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = refusal("serve", "--port", taken.getsockname()[1])
    assert refused["code"] == "port-taken"
