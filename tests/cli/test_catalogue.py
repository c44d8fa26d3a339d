import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.catalogue.cast import LUOYU, bounded, sheet
from xiangyue.catalogue.models import Catalogue, State
from xiangyue.catalogue.queries import find_indicator, rules_in_force
from xiangyue.catalogue.rules.changes import PointBounds
from xiangyue.catalogue.rules.local import LocalBounds
from xiangyue.catalogue.rules.worth import Fixed
from xiangyue.cli.commands import cli
from xiangyue.kernel.points import format_points
from xiangyue.people.models import Unit

VILLAGE = "440783104220"


def run(*args: object) -> Result:
    return CliRunner().invoke(cli, ["catalogue", *map(str, args)])


def facts(*args: object) -> dict[str, Any]:
    result = run(*args, "--json")
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture
def distorted(tmp_path: Path) -> Path:
    file = tmp_path / "细则.csv"
    file.write_bytes(
        sheet(
            {"指标": "扫雪", "方向": "加", "分值": "5", "上限": "每月2次"},
            {"指标": "打架", "方向": "扣", "分值": "加5分", "上限": ""},
            {"指标": "赌博", "方向": "扣", "分值": "很多", "上限": "偶尔"},
            {"指标": "修桥", "方向": "加", "分值": "一事一议", "上限": ""},
        )
    )
    return file


def test_check_understands_the_published_catalogue() -> None:
    found = facts("check", LUOYU)
    assert found == {
        "structured": 28,
        "case_by_case": 0,
        "refused": 0,
        "refusals": [],
        "warnings": [],
        "hindrances": [],
    }
    result = run("check", LUOYU)
    assert (result.exit_code, result.stdout) == (0, "看懂28项，一事一议0项，不能用0行。\n")


def test_check_names_every_bad_cell(distorted: Path) -> None:
    found = facts("check", distorted)
    assert (found["structured"], found["case_by_case"], found["refused"]) == (1, 1, 2)
    places = [(cell["sheet"], cell["row"], cell["column"], cell["value"]) for cell in found["refusals"]]
    assert places == [("细则", 3, "C", "加5分"), ("细则", 4, "C", "很多"), ("细则", 4, "D", "偶尔")]
    assert "能看懂的写法" in found["refusals"][2]["reason"]
    result = run("check", distorted)
    assert result.exit_code == 1
    assert "要改的地方" in result.stdout
    assert "看懂1项，一事一议1项，不能用2行。" in result.stdout


def test_check_refuses_what_is_no_sheet(tmp_path: Path) -> None:
    file = tmp_path / "细则.csv"
    file.write_text("名称,得分\n扫雪,5\n")
    result = run("check", file, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["refusal"]["code"] == "sheet-columns-missing"


def test_a_catalogue_is_imported_enacted_and_shown(village: Unit, tmp_path: Path) -> None:
    here = ("--county", "cangcheng", "--unit", VILLAGE)
    tried = facts("import", LUOYU, *here, "--dry-run")
    assert (tried["indicators"], tried["catalogue_id"]) == (28, None)
    assert not Catalogue.objects.filter(unit=village).exists()
    assert "导入了草案：10个板块，28项指标。" in run("import", LUOYU, *here).stdout
    assert facts("enact", *here, "--on", "2026-10-01")["refusal"]["code"] == "catalogue-not-adopted"
    vote(tmp_path, *here)
    enacted = facts("enact", *here, "--on", "2026-10-01")
    assert (enacted["state"], enacted["in_force_from"]) == ("in_force", "2026-10-01")
    shown = facts("show", *here, "--on", "2026-10-05")
    assert shown["catalogue"] == enacted["catalogue"]
    assert len(shown["indicators"]) == 28
    assert shown["indicators"][10] == {
        "number": "11",
        "category": "公共参与",
        "title": "参加公共劳动",
        "points": "每次8分",
        "limits": "",
        "subject": "村民个人",
    }
    assert "每次扣20分" in run("show", *here).stdout


def test_a_refused_import_lists_its_cells(village: Unit, distorted: Path) -> None:
    here = ("--county", "cangcheng", "--unit", VILLAGE)
    result = run("import", distorted, *here)
    assert result.exit_code == 1
    assert "表里有3处要改" in result.stderr
    assert "偶尔" in result.stderr
    refusal = facts("import", distorted, *here)["refusal"]
    assert (refusal["code"], len(refusal["problems"])) == ("sheet-refused", 3)
    assert not Catalogue.objects.filter(unit=village, state=State.DRAFT).exists()


def vote(folder: Path, *here: str) -> dict[str, Any]:
    minutes = folder / "会议记录.txt"
    minutes.write_text("同意")
    return facts("vote", *here, "--eligible", 62, "--for", 38, "--against", 3, "--minutes", minutes)


def test_what_was_taken_out_is_brought_in_and_compared(village: Unit, tmp_path: Path) -> None:
    here = ("--county", "cangcheng", "--unit", VILLAGE)
    run("import", LUOYU, *here)
    vote(tmp_path, *here)
    run("enact", *here, "--on", "2026-10-01")
    file = tmp_path / "细则.xlsx"
    assert facts("export", file, *here)["indicators"] == 28
    run("import", file, *here)
    assert "添0项，去0项，改0项。" in run("diff", *here).stdout
    changed = LUOYU.read_text("utf-8-sig").replace("参加公共劳动,加,8", "参加公共劳动,加,9")
    other = tmp_path / "另一份.csv"
    other.write_text("\n".join(changed.splitlines()[:-1]) + "\n,村务,99,守渡口,加,2\n")
    run("import", other, *here)
    found = facts("diff", *here)
    assert [item["number"] for item in found["added"]] == ["99"]
    assert [item["number"] for item in found["removed"]] == ["28"]
    assert found["changed"] == [{"number": "11", "title": "参加公共劳动", "cells": {"分值": ["8", "9"]}}]
    assert facts("diff", *here, "--with", found["new"]["catalogue"])["changed"] == []


def test_points_that_a_village_changed_are_shown_compared_and_taken_out(
    village: Unit, tmp_path: Path
) -> None:
    here = ("--county", "cangcheng", "--unit", VILLAGE)
    first = facts("show", *here)["indicators"][0]
    frame = rules_in_force(village, date(2026, 11, 2)).frame
    item = find_indicator(frame, first["number"]).item
    assert isinstance(item.worth, Fixed)
    bounded(frame, LocalBounds(awards=1, changes=(PointBounds(by=100),)))
    points = format_points(item.worth.points + 100)
    file = tmp_path / "本村.csv"
    own = {"编号": "N1", "指标": "守渡口", "分值": "1"}
    file.write_bytes(sheet({"编号": item.number, "指标": item.title, "分值": points}, own))
    run("import", file, *here, "--local")
    compared = facts("diff", *here)
    assert ([each["number"] for each in compared["added"]], compared["removed"]) == (["N1"], [])
    (change,) = compared["changed"]
    assert change["cells"] == {"分值": [format_points(item.worth.points), points]}
    vote(tmp_path, *here)
    assert facts("enact", *here, "--on", "2026-11-01")["state"] == "in_force"
    shown = facts("show", *here)
    assert f"（上面定的是{first['points']}）" in shown["indicators"][0]["points"]
    assert (shown["lapsed"], [each["unit"] for each in shown["own"]]) == (0, [VILLAGE])
    taken = tmp_path / "取出.xlsx"
    assert facts("export", taken, *here, "--local")["indicators"] == 2
    again = facts("import", taken, *here, "--local")
    assert (again["indicators"], again["warnings"]) == (2, [])
    other = ("--county", "cangcheng", "--unit", "440783104221")
    assert facts("export", tmp_path / "没有.xlsx", *other, "--local")["refusal"]["code"] == "no-own-catalogue"


def test_the_empty_table_is_written_and_understood(tmp_path: Path) -> None:
    file = tmp_path / "空表.xlsx"
    assert facts("template", file) == {"file": str(file)}
    assert facts("check", file)["refusal"]["code"] == "sheet-empty"
    assert run("template", file).exit_code == 2


def test_nothing_to_enact_is_said(village: Unit) -> None:
    found = facts("enact", "--county", "cangcheng", "--unit", VILLAGE, "--on", "2026-10-01")
    assert found["refusal"]["code"] == "no-draft"


def test_what_is_wrong_is_never_cut_off(tmp_path: Path) -> None:
    file = tmp_path / "细则.csv"
    file.write_bytes(sheet({"指标": "扫雪", "分值": "半年一回"}, {"指标": "打架", "分值": "扣5"}))
    told = "".join(run("check", file).stdout.split())
    assert "…" not in told
    assert "施行以前要改的地方" in told
    assert told.endswith("看懂1项，一事一议0项，不能用1行。")
