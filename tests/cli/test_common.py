import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from rich.cells import cell_len
from rich.console import Console

from tests.cast import Cast
from tests.cli.terminal import facts, refusal, run, told
from tests.docs.guide import fresh_machine
from xiangyue.cli import common
from xiangyue.cli.common import DAY, answer, progress, table, write_new
from xiangyue.kernel import clock
from xiangyue.tenancy.models import Jurisdiction

HERE = ("--county", "peopled", "--village", "440783104221")


def drawn(title: str, columns: tuple[str, ...], *rows: tuple[object, ...], width: int = 60) -> list[str]:
    """Draw a table as a terminal of this width shows it."""
    console = Console(width=width, file=open(os.devnull, "w"), record=True)  # noqa: SIM115
    console.print(table(title, columns, rows))
    return console.export_text().splitlines()


def process(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, as people do."""
    return subprocess.run(
        [sys.executable, "-m", "xiangyue", *words],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
    )


# Exit codes and refusals


def test_the_codes_are_part_of_the_interface() -> None:
    assert (common.REFUSED, common.USAGE, common.FAULTS) == (1, 2, 3)


def test_an_unknown_county_is_refused_with_those_that_there_are(founded: Jurisdiction, cast: Cast) -> None:
    known = "、".join(Jurisdiction.objects.values_list("slug", flat=True))
    refused = refusal("household", "list", "--county", "nowhere", "--village", "440783104221")
    assert refused == {
        "code": "unknown-jurisdiction",
        "text": f"没有简称为“nowhere”的辖区。现有：{known}。",
        "field": "county",
        "facts": {"slug": "nowhere", "known": known},
    }
    assert {"cangcheng", "peopled"} <= set(known.split("、"))


def test_a_county_is_never_guessed(cast: Cast) -> None:
    result = run("household", "list", "--village", "440783104221")
    assert (result.exit_code, result.stdout) == (common.USAGE, "")
    assert "--county" in result.stderr


def test_who_acts_must_be_known_and_allowed(cast: Cast) -> None:
    assert refusal("household", "list", *HERE, "--as", "无此人")["code"] == "unknown-user"
    assert refusal("household", "list", *HERE, "--as", "过路人")["code"] == "not-allowed"


def test_what_cannot_be_read_is_wrong_usage(cast: Cast) -> None:
    for words in (
        ("household", "lists"),
        ("household", "list", *HERE, "--no-such"),
        ("deed", "verify", "x", *HERE),
    ):
        assert run(*words).exit_code == common.USAGE


def test_a_month_that_is_none_is_refused_in_words(cast: Cast) -> None:
    assert refusal("notice", "show", *HERE, "--period", "2026-13")["code"] == "not-a-period"


def test_json_speaks_chinese_without_escapes(cast: Cast) -> None:
    result = run("household", "show", "018", *HERE, "--json")
    assert "田禾生" in result.stdout
    assert json.loads(result.stdout)["number"] == "018"
    assert result.stderr == ""


@pytest.mark.slow
def test_a_new_machine_is_told_where_to_begin() -> None:
    with fresh_machine() as machine:
        people = machine.run("xiangyue county list")
        assert (people.code, people.out) == (common.REFUSED, "")
        assert people.err == (
            "不行：数据库里还没有乡约的表。请先设一个辖区：xiangyue county add。  no-database-yet\n"
        )
        programs = machine.run("xiangyue ledger verify --county cangcheng --json")
        assert (programs.code, programs.err) == (common.REFUSED, "")
        assert json.loads(programs.out)["refusal"]["code"] == "no-database-yet"
        assert machine.run("xiangyue doctor").code == common.FAULTS


def test_a_database_that_does_not_answer_is_told_in_words() -> None:
    silent = process("county", "list", "--json", DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert (silent.returncode, silent.stderr) == (common.REFUSED, "")
    assert json.loads(silent.stdout)["refusal"]["code"] == "database-unreachable"
    examined = process("doctor", DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert (examined.returncode, examined.stderr) == (common.FAULTS, "")
    assert "数据目录" in examined.stdout
    assert "数据库连不上" in "".join(examined.stdout.split())


def test_a_data_folder_that_cannot_be_one_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    variables = {"XIANGYUE_HOME": str(tmp_path / "file"), "XIANGYUE_SECRET_KEY": ""}
    refused = process("county", "list", **variables)
    assert (refused.returncode, refused.stdout) == (common.REFUSED, "")
    assert "data-folder-unwritable" in refused.stderr
    assert "Traceback" not in refused.stderr


# The clock


@click.command()
@click.argument("day", type=DAY)
def echo_day(day: date) -> None:
    click.echo(f"{day:%Y%m%d}")


def test_a_day_is_written_as_iso_says() -> None:
    assert CliRunner().invoke(echo_day, ["2026-10-05"]).stdout == "20261005\n"
    for wrong in ("5.10.2026", "2026-10-32", "昨天", ""):
        result = CliRunner().invoke(echo_day, [wrong])
        assert result.exit_code == common.USAGE
        assert f"“{wrong}”不是日期" in result.stderr


def test_as_of_sets_the_clock_of_one_command(cast: Cast) -> None:
    today = clock.today()
    words = (
        "office",
        "appoint",
        "过路人",
        "--office",
        "auditor",
        "--unit",
        "440783104221",
        "--county",
        "peopled",
    )
    assert facts("--as-of", "2027-02-28", *words)["since"] == "2027-02-28"
    assert clock.today() == today


# What is printed


def test_chinese_takes_two_columns_and_figures_stand_right() -> None:
    lines = drawn(
        "户", ("姓名", "分", "说明"), ("田禾生", "+5", "扫雪"), ("麦", "−120", "clean"), ("谷雨来", 8, "")
    )
    title, head, *body = lines
    assert title.strip() == "户"
    column = [
        line[: line.index(mark)]
        for line, mark in zip([head, *body[:2]], ("说明", "扫雪", "clean"), strict=True)
    ]
    assert {cell_len(before) for before in column} == {len("姓名") * 2 + 2 + 2 + len("−120") + 2}
    ends = [cell_len(line.rstrip()) for line in (body[2],)]
    assert ends == [len("姓名") * 2 + 2 + 2 + len("−120")]


def test_nothing_is_cut_off_however_narrow_the_terminal() -> None:
    words = "在村口清理水渠一整天还帮邻居收了稻谷"
    shown = "".join("".join(drawn("", ("一", "二"), (words, words[::-1]), width=24)).split())
    assert "…" not in shown
    assert sorted(shown.replace("一二", "", 1)) == sorted(words * 2)


def test_a_table_without_heads_begins_with_its_first_row() -> None:
    assert drawn("", ("", ""), ("好", "数据库"))[0].split() == ["好", "数据库"]


def test_what_people_write_is_no_markup(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    name = "[red]小店[/] [/x]"
    assert f"{name}开张了。" in told("shop", "open", name, *HERE)
    assert name in told("shop", "stock", *HERE, "--shop", name)
    assert refusal("shop", "open", name, *HERE)["facts"]["name"] == name


def test_a_sentence_is_one_line_however_long(capsys: pytest.CaptureFixture[str]) -> None:
    sentence = "长话" * 200
    answer({}, sentence, "", sentence, as_json=False)
    assert capsys.readouterr().out == f"{sentence}\n{sentence}\n"


def test_progress_is_shown_to_nobody_who_does_not_watch(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("正在做", total=3) as advance:
        advance(2)
    assert capsys.readouterr() == ("", "")


def test_a_form_never_takes_the_place_of_a_file(tmp_path: Path) -> None:
    write_new(tmp_path / "空表.xlsx", b"form")
    for place in (tmp_path / "空表.xlsx", tmp_path / "没有" / "空表.xlsx", tmp_path):
        with pytest.raises(click.UsageError):
            write_new(place, b"another")
    assert (tmp_path / "空表.xlsx").read_bytes() == b"form"


def test_help_names_every_command_in_chinese(founded: Jurisdiction) -> None:
    shown = told("--help")
    for words in ("county", "deed", "notice", "积分超市：开店、进货、兑换"):
        assert words in shown
