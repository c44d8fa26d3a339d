"""The commands for how deeds come in: on behalf, by lists, by inspection rounds, with warnings of limits."""

from datetime import date
from pathlib import Path

import pytest

from tests.cast import COMMITTEE, VILLAGE, Cast
from tests.catalogue.cast import in_force
from tests.cli.terminal import facts, refusal, run, told
from tests.scoring.cast import a_deed, a_meeting, approve, capped, verified
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Level
from xiangyue.scoring.attendance_sheet import COLUMNS, SHEET, attendance_form
from xiangyue.scoring.deed_sheet import COLUMNS as DEED_COLUMNS
from xiangyue.scoring.deed_sheet import SHEET as DEED_SHEET
from xiangyue.scoring.models import Deed, Inspection, InspectionScore, ScoringRules
from xiangyue.sheets.write import Column, SheetForm, write_workbook

HERE = ("--county", "peopled")
VILLAGERS = (*HERE, "--village", VILLAGE)
CLERK, LEADER, SECRETARY = ("--as", "茶山青"), ("--as", "桑叶青"), ("--as", "柳成荫")
SWEPT = ("deed", "add", *VILLAGERS, "--household", "018", "--indicator", "大扫除")


@pytest.fixture
def rules(cast: Cast) -> Cast:
    capped(cast.village)
    return cast


# One deed


def test_how_it_is_brought_goes_by_the_office(cast: Cast) -> None:
    helped = ("deed", "add", *VILLAGERS, "--household", "018", "--indicator", "邻里帮扶")
    for by, source in ((LEADER, "leader"), (SECRETARY, "cadre"), (CLERK, "group")):
        assert facts(*helped, *by)["source"] == source
    assert refusal(*helped, "--source", "leader", *SECRETARY)["code"] == "not-by-source"
    assert run(*helped, "--source", "sheet", *CLERK).exit_code == 2


def test_where_grids_judge_deeds_are_brought_and_verified_by_grid(cast: Cast) -> None:
    ScoringRules.objects.update(judging_level=Level.GRID)
    grid = cast.household("018").unit.parent
    assert grid is not None
    here = (*HERE, "--village", grid.code)
    brought = facts("deed", "add", *here, "--household", "018", "--indicator", "邻里帮扶", *CLERK)
    assert Deed.objects.get(pk=brought["deed"]).unit == grid
    assert [each["deed"] for each in facts("deed", "list", *here)["deeds"]] == [brought["deed"]]
    assert facts("deed", "verify", *here, "--all", *LEADER) == {"deeds": 1, "left": 0}
    whole = ("deed", "add", *VILLAGERS, "--household", "018", "--indicator", "邻里帮扶", *CLERK)
    assert refusal(*whole)["code"] == "not-a-judging-unit"


def test_a_limit_is_a_warning_when_a_deed_is_brought(rules: Cast) -> None:
    """Four are decided, which is all that counts in a month; a fifth is brought all the same."""
    days = [date(2026, 10, day) for day in (1, 2, 3, 4)]
    swept = [a_deed(rules.village, "018", of="大扫除", day=day) for day in days]
    approve(a_meeting(rules.village), verified(*swept))
    (warning,) = facts(*SWEPT, "--day", "2026-10-05", *LEADER)["warnings"]
    assert (warning["asked"], warning["points"]) == ("+5", "0")
    assert warning["sentence"]
    assert "提醒：1户次碰到上限" in told(*SWEPT, "--day", "2026-10-06", *LEADER)
    assert facts(*SWEPT, "--day", "2026-11-01", *LEADER)["warnings"] == []
    assert Deed.objects.count() == 7


# Lists of who was there


def list_of(tmp_path: Path, *rows: tuple[str, str, str]) -> Path:
    file = tmp_path / "签到.xlsx"
    file.write_bytes(write_workbook([SheetForm(SHEET, COLUMNS, rows)]))
    return file


def test_an_attendance_list_is_tried_then_brought_once(cast: Cast, tmp_path: Path) -> None:
    file = list_of(tmp_path, ("018", "田禾生", ""), ("004", "", ""))
    list_ = (
        "deed",
        "attendance",
        file,
        *VILLAGERS,
        "--indicator",
        "参加公共劳动",
        "--day",
        "2026-10-20",
        *CLERK,
    )
    words = (*list_, "--activity", "十月清渠")
    assert facts(*words, "--dry-run") == {"deeds": 1, "shares": 2, "dry_run": True, "warnings": []}
    assert not Deed.objects.exists()
    assert "报上了1件事、2户次" in told(*words)
    told(*words)
    deed = Deed.objects.get()
    assert (deed.source, deed.activity, deed.day) == ("attendance", "十月清渠", date(2026, 10, 20))
    assert facts(*list_, "--activity", "又一次")["shares"] == 2
    assert Deed.objects.count() == 2


def test_a_bad_cell_of_an_attendance_list_is_named(cast: Cast, tmp_path: Path) -> None:
    file = list_of(tmp_path, ("999", "", ""))
    words = (
        "deed",
        "attendance",
        file,
        *VILLAGERS,
        "--indicator",
        "参加公共劳动",
        "--activity",
        "清渠",
        *CLERK,
    )
    assert refusal(*words)["problems"][0]["code"] == "unknown-household"
    assert "要改的地方" in run(*words).stderr


def test_the_form_of_an_attendance_list_is_written(tmp_path: Path) -> None:
    file = tmp_path / "签到.xlsx"
    told("deed", "template", file, "--attendance")
    assert file.read_bytes() == attendance_form()


# Warnings of a sheet


def test_a_dry_run_warns_of_limits(rules: Cast, tmp_path: Path) -> None:
    cells = [{"日期": f"2026-10-{day:02d}", "户号": "018", "指标": "大扫除"} for day in (1, 2, 3, 4, 5)]
    rows = [tuple(row.get(column.header, "") for column in DEED_COLUMNS) for row in cells]
    file = tmp_path / "事项.xlsx"
    file.write_bytes(write_workbook([SheetForm(DEED_SHEET, DEED_COLUMNS, rows)]))
    words = ("deed", "import", file, *VILLAGERS, "--dry-run")
    (warning,) = facts(*words, *CLERK)["warnings"]
    assert (warning["household"], warning["asked"], warning["points"]) == ("018", "+5", "0")
    assert "提醒：1户次碰到上限" in told(*words, *CLERK)
    assert refusal(*words, "--as", "过路人")["code"] == "not-allowed"
    assert not Deed.objects.exists()


# Inspection rounds


@pytest.fixture
def opened(cast: Cast) -> int:
    rows = ({"编号": "1", "指标": "庭院检查", "分值": "1-10"},)
    in_force(SYSTEM, cast.village, date(2026, 2, 1), *rows)
    words = ("inspection", "open", *HERE, "--unit", VILLAGE, "--indicator", "1", "--day", "2026-10-20")
    made = facts(*words, "--name", "十月庭院检查", *CLERK)
    assert (made["name"], made["judges"]) == ("十月庭院检查", 1)
    assert facts(*words, *CLERK)["inspection"] == made["inspection"]
    return int(made["inspection"])


def test_a_round_is_scored_and_closed(opened: int) -> None:
    scored = ("inspection", "score", opened, *VILLAGERS, "--household", "018", "--as", COMMITTEE[0])
    assert facts(*scored, "--points", "8", "--note", "干净") == {"household": "018", "points": "8"}
    assert run(*scored).exit_code == 2
    assert "取消了" in told(*scored, "--withdraw")
    assert not InspectionScore.objects.exists()
    assert refusal("inspection", "close", opened, *HERE, *CLERK)["code"] == "nothing-scored"
    told(*scored, "--points", "7")
    closed = facts("inspection", "close", opened, *HERE, *CLERK)
    assert closed["shares"] == 1
    assert "报上了" in told("inspection", "close", opened, *HERE, "--leave-out", *CLERK)
    assert Deed.objects.get().source == "inspection"


def test_scores_are_imported_from_the_form(opened: int, tmp_path: Path) -> None:
    form, file = tmp_path / "空表.xlsx", tmp_path / "评分.xlsx"
    told("inspection", "template", opened, form, "--judge", COMMITTEE[0], *HERE, *CLERK)
    assert form.stat().st_size > 0
    columns = [Column("户号"), Column(COMMITTEE[0])]
    file.write_bytes(write_workbook([SheetForm("评分", columns, [["018", "8"], ["004", "6"]])]))
    words = ("inspection", "import", opened, file, *HERE)
    assert refusal(*words, "--as", COMMITTEE[0])["code"] == "not-allowed"
    assert "记下了2户、2个评分" in told(*words, *CLERK)
    assert Inspection.objects.get().scores.count() == 2


def test_a_bad_cell_of_scores_is_named(opened: int, tmp_path: Path) -> None:
    file = tmp_path / "评分.xlsx"
    columns = [Column("户号"), Column(COMMITTEE[0])]
    file.write_bytes(write_workbook([SheetForm("评分", columns, [["018", "11"]])]))
    refused = refusal("inspection", "import", opened, file, *HERE, *CLERK)
    assert refused["problems"][0]["code"] == "points-not-allowed"
    assert not InspectionScore.objects.exists()
    assert refusal("inspection", "import", 0, file, *HERE, *CLERK)["code"] == "unknown-inspection"
