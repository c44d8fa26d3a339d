import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.people.cast import APPOINTMENTS, RESIDENTS, SMALL, resident
from xiangyue.cli.roster import roster
from xiangyue.people.models import Household, Unit
from xiangyue.people.roster_form import roster_template, roster_workbook

VILLAGE = "440783104220"


def run(*args: object) -> Result:
    return CliRunner().invoke(roster, [str(arg) for arg in args])


def take_over(file: Path, *args: object) -> Result:
    return run("import", file, "--county", "cangcheng", "--village", VILLAGE, *args)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "户册.xlsx"
    path.write_bytes(SMALL)
    return path


@pytest.fixture
def distorted(tmp_path: Path) -> Path:
    path = tmp_path / "户册.xlsx"
    path.write_bytes(roster_workbook([*RESIDENTS, resident("105", "兰清幽", sex="[bold]公")], APPOINTMENTS))
    return path


def test_the_form_is_written_without_a_database(tmp_path: Path) -> None:
    result = run("template", tmp_path / "空表.xlsx")
    assert result.exit_code == 0
    assert "填表说明" in result.stdout
    assert (tmp_path / "空表.xlsx").read_bytes() == roster_template()


def test_a_file_that_is_there_is_not_overwritten(file: Path) -> None:
    result = run("template", file)
    assert result.exit_code == 2
    assert "没有动它" in result.stderr
    assert file.read_bytes() == SMALL


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert run("template", tmp_path / "没有" / "空表.xlsx").exit_code == 2


def test_a_roster_is_taken_over(village: Unit, file: Path) -> None:
    result = take_over(file)
    assert result.exit_code == 0, result.output
    assert f"{village.name}：3户，5人，党员2人。" in result.stdout
    assert "榆钱多" in result.stdout
    assert "第三网格·第二联户组" in result.stdout
    assert Household.objects.filter(village=village).count() == 3


def test_a_dry_run_says_so_and_stores_nothing(village: Unit, file: Path) -> None:
    result = take_over(file, "--dry-run")
    assert "这是试导，什么都没有存。" in result.stdout
    assert not Household.objects.filter(village=village).exists()


def test_the_report_as_json(village: Unit, file: Path) -> None:
    facts = json.loads(take_over(file, "--json").stdout)
    assert (facts["households"], facts["party_members"], facts["dry_run"]) == (3, 2, False)
    assert facts["appointments"][2] == {
        "name": "麦穗香",
        "login": "穗香",
        "office": "网格员",
        "unit": "第三网格",
    }


def test_problems_are_listed_and_nothing_is_stored(village: Unit, distorted: Path) -> None:
    result = take_over(distorted)
    assert result.exit_code == 1
    assert "[bold]公" in result.stderr
    assert "sheet-refused" in result.stderr
    assert not Household.objects.filter(village=village).exists()


def test_problems_as_json(village: Unit, distorted: Path) -> None:
    result = take_over(distorted, "--json")
    assert result.exit_code == 1
    refusal = json.loads(result.stdout)["refusal"]
    assert refusal["code"] == "sheet-refused"
    (problem,) = refusal["problems"]
    assert {name: problem[name] for name in ("sheet", "row", "column", "header", "value", "code")} == {
        "sheet": "户册",
        "row": 7,
        "column": "F",
        "header": "性别",
        "value": "[bold]公",
        "code": "sex-unknown",
    }


def test_a_whole_town_is_taken_over(village: Unit, tmp_path: Path) -> None:
    path = tmp_path / "户册.csv"
    path.write_text(f"村,户号,姓名,与户主关系\n{VILLAGE},018,田禾生,户主\n", encoding="utf-8")
    result = run("import", path, "--county", "cangcheng", "--unit", "440783104")
    assert result.exit_code == 0, result.output
    assert "新户1户，新人1人" in result.stdout
    assert Household.objects.get().village == village


def test_an_update_shows_what_changes_and_who_is_missing(village: Unit, file: Path, tmp_path: Path) -> None:
    take_over(file)
    path = tmp_path / "改.csv"
    path.write_text(
        "户号,姓名,与户主关系,地址\n018,田禾生,户主,四巷1号\n018,麦春芽,配偶,\n", encoding="utf-8"
    )
    result = take_over(path, "--update", "--dry-run")
    assert result.exit_code == 0, result.output
    assert all(text in result.stdout for text in ("三巷18号", "四巷1号", "田豆苗", "表里没写的1人，没有动。"))
    facts = json.loads(take_over(path, "--update", "--missing-leave", "--json").stdout)
    assert facts["counts"] == {
        "new_households": 0,
        "new_residents": 0,
        "changed_households": 1,
        "changed_residents": 0,
        "missing": 1,
    }
    assert facts["left"] is True
    assert take_over(path, "--missing-leave").exit_code == 2


def test_an_update_that_changes_nothing_says_so(village: Unit, file: Path) -> None:
    assert "什么也没有变" not in take_over(file).stdout
    again = take_over(file, "--update")
    assert again.exit_code == 0, again.output
    assert "和现在的户册一样，什么也没有变。" in again.stdout
    assert "新户0户" not in again.stdout
    assert "户册导入好了。" in again.stdout


def test_a_roster_is_written_out(village: Unit, file: Path, tmp_path: Path) -> None:
    take_over(file)
    target = tmp_path / "导出.xlsx"
    result = run("export", target, "--county", "cangcheng", "--unit", "440783104", "--private")
    assert result.exit_code == 0, result.output
    assert "户册导入好了" in take_over(target, "--update").stdout
    assert run("export", target, "--county", "cangcheng", "--village", VILLAGE).exit_code == 2


def test_where_and_what_have_to_be_right(village: Unit, file: Path) -> None:
    assert run("import", file, "--county", "cangcheng").exit_code == 2
    assert take_over(file, "--unit", VILLAGE).exit_code == 2
    assert take_over(file.with_name("没有.xlsx")).exit_code == 2
    town = run("import", file, "--county", "cangcheng", "--village", "440783104", "--json")
    assert json.loads(town.stdout)["refusal"]["code"] == "unit-not-village"
