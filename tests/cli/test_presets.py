import json
from pathlib import Path

import pytest

from tests.cli.terminal import facts, refusal, run, told
from xiangyue.setup import presets


def test_the_ready_schemes_are_listed() -> None:
    found = facts("preset", "list")["presets"]
    assert [row["preset"] for row in found] == presets.names()
    guyuan = next(row for row in found if row["preset"] == "guyuan")
    assert (guyuan["name"], guyuan["items"]) == ("文明实践积分卡", 65)
    assert "文明实践积分卡" in told("preset", "list")


@pytest.mark.parametrize(
    ("key", "sentences"),
    [
        (
            "cangcheng",
            (
                "智慧苍城（cangcheng）",
                "每周评分，每月公示，每季兑换，每年排名，每季修订细则。",
                "第2步：评议小组每周评分。",
                "1分换1元的货。",
                "开放兑换的日子：3月21日至3月31日、6月20日至6月30日、9月20日至9月30日、12月21日至12月31日。",
                "各评议单位一开始就能发积分。",
            ),
        ),
        (
            "guyuan",
            (
                "文明实践积分超市只换日用品、农用品、学习用品。",
                "第3步：村民代表会议确认。",
                "每户每年平均30元。",
                "积分长期有效，不清零。",
            ),
        ),
        (
            "changshan",
            (
                "信用分、法治分、公德分合成山药豆。",
                "扣分只能经过这一步：网格长审核。",
                "村级网格长、微网格长、联户长的分：自己的占50%，所管农户的平均分占50%。",
            ),
        ),
        (
            "xihaian",
            (
                "在网格村评议，到会66%才算数。",
                "村里可以自己加指标：加分最多5项，扣分最多2项，每项最多20分，只能在一村一策。",
            ),
        ),
        ("qingcheng", ("会员卡：金卡、银卡、普通卡。",)),
        ("blank", ("细则一共8项：人居环境3项、邻里互助3项、村庄建设2项。",)),
    ],
)
def test_a_scheme_is_told_in_plain_sentences(key: str, sentences: tuple[str, ...]) -> None:
    lines = told("preset", "show", key).splitlines()
    for sentence in sentences:
        assert sentence in lines, lines


def test_a_full_scheme_is_told_whole(tmp_path: Path) -> None:
    told("preset", "export", "blank", tmp_path)
    own = (tmp_path / "blank.toml").rename(tmp_path / "taoyuan.toml")
    source = own.read_text().replace(
        "floor = 0 ", 'floor = "不限"\nlimits = ["每户每月40分"]\nbase = { points = 100 } '
    )
    source = source.replace(
        "[scheme.way]", '[scheme.clearing]\ndays = ["12-31"]\nafter_redemption = true\n[scheme.way]'
    )
    category = '[[scheme.categories]]\nname = "人居环境"\nlimits = ["每户每月10分"]\n'
    own.write_text(source.replace("[scheme.way]", f"{category}[scheme.way]"))
    lines = told("preset", "show", own).splitlines()
    for sentence in (
        "空白方案（taoyuan）",
        "一开始每户有100分。",
        "开始的100分不能兑换，超过的才能。",
        "可以扣成负数。",
        "所有指标合起来：每户每月40分。",
        "板块“人居环境”合起来：每户每月10分。",
        "每年12月31日，每次兑换以后清零，荣誉积分不清。",
    ):
        assert sentence in lines, lines


def test_programs_hear_the_scheme_as_its_file_has_it() -> None:
    found = facts("preset", "show", "changshan")
    assert found["scheme"]["scheme"]["account"] == "山药豆"
    assert found["scheme"]["comparison"]["medals"][0] == {"name": "金网格", "up_to": 10, "points": 300}
    assert sum(section["items"] for section in found["sections"]) == 38


@pytest.mark.parametrize("key", presets.names())
def test_what_is_exported_loads_again(tmp_path: Path, key: str) -> None:
    folder = tmp_path / "new" / "folder"
    found = facts("preset", "export", key, folder)
    assert found["files"] == [f"{key}.toml", f"{key}.csv"]
    again = presets.load(str(folder / f"{key}.toml"))
    assert again == presets.load(key)
    assert (folder / f"{key}.csv").read_bytes() == presets.load(key).catalogue


def test_an_export_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "blank.csv").write_text("mine")
    result = run("preset", "export", "blank", tmp_path)
    assert result.exit_code == 2
    assert "blank.csv" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["blank.csv"]
    assert (tmp_path / "blank.csv").read_text() == "mine"


def test_a_good_preset_is_said_to_be_good(tmp_path: Path) -> None:
    told("preset", "export", "blank", tmp_path)
    assert told("preset", "check", tmp_path / "blank.toml") == "blank.toml能用。\n"
    found = facts("preset", "check", tmp_path / "blank.toml")
    assert (found["problems"], found["warnings"]) == ([], [])


def test_every_problem_of_a_preset_is_told(tmp_path: Path) -> None:
    told("preset", "export", "blank", tmp_path)
    file = tmp_path / "blank.toml"
    file.write_text(
        file.read_text().replace("floor = 0 ", "flor = 0 ").replace("notice_days = 5", "notice_days = 99")
    )
    result = run("preset", "check", file)
    assert result.exit_code == 1
    assert "blank.toml有2处要改。" in result.stdout
    assert "scheme.flor" in result.stdout
    problems = json.loads(run("preset", "check", file, "--json").stdout)["problems"]
    assert sorted((one["file"], one["key"], one["code"]) for one in problems) == [
        ("blank.toml", "scheme.flor", "unknown-key"),
        ("blank.toml", "scheme.way", "notice-days"),
    ]
    assert all(one["text"] for one in problems)
    shown = run("preset", "show", file)
    assert shown.exit_code == 1
    assert "scheme.flor" in shown.stdout
    assert json.loads(run("preset", "show", file, "--json").stdout)["refusal"]["code"] == "preset-refused"


def test_what_may_be_meant_otherwise_is_told_too(tmp_path: Path) -> None:
    told("preset", "export", "blank", tmp_path)
    with (tmp_path / "blank.csv").open("a", encoding="utf-8") as table:
        table.write(",村庄建设,3.3,扫雪,加,5,次,最多3次,,农户,,,,,,,,,示例\n")
    lines = told("preset", "check", tmp_path / "blank.toml")
    assert "请留意" in lines
    assert lines.endswith("blank.toml能用。\n")


def test_an_unknown_key_is_refused() -> None:
    assert refusal("preset", "show", "nowhere")["code"] == "unknown-preset"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    result = run("preset", "export", tmp_path / "taoyuan.toml", tmp_path, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["refusal"]["problems"][0]["code"] == "file-unreadable"
