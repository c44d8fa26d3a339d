"""Put the published catalogues of ../shared/data/catalogues into the columns of the import template.

    python tools/catalogues.py [--check] [folder]

The results are the test data of tests/catalogue/language/data. Every text is carried over as published; what the
template says in another column is moved there, and that is all:

- direction: + 加, - 扣, base 基础, reset 清零; unknown stays empty, as do points that the source doesn't have.
- luoyu: what the remark names as evidence goes to 证明材料.
- poverty-mart: 仅贫困户 goes to 对象; the row that the source leaves to 一事一议 says so in 分值.
- longtian: full marks with the fault that the remark names, in one text: 满分8分，每处扣0.5分，扣完为止.
- wendeng: 本人及父母同时加分 goes to 对象; 社区 is whose rules these are, they score its residents; the yearly cap
  on donations holds for its four rows together, which are a section of their own.
"""

import argparse
import csv
import io
import sys
from pathlib import Path

from xiangyue.catalogue.language.columns import HEADERS

ROOT = Path(__file__).resolve().parent.parent

SOURCE = ROOT.parent / "shared" / "data" / "catalogues"
TARGET = ROOT / "tests" / "catalogue" / "language" / "data"
FILES = {
    "luoyu": "luoyu.csv",
    "heqing": "heqing.csv",
    "wendeng-community": "wendeng-community.csv",
    "wendeng-person-selected": "wendeng-person-selected.csv",
    "poverty-mart": "poverty-mart-51dongshi.csv",
    "longtian": "longtian-village-check.csv",
}
DIRECTIONS = {"+": "加", "-": "扣", "base": "基础", "reset": "清零", "unknown": ""}
EVIDENCE = "证据/确认:"
PARENTS = "本人及父母同时加分"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("folder", nargs="?", type=Path, default=SOURCE)
    arguments = parser.parse_args()
    differing = 0
    for name, source in FILES.items():
        target, content = TARGET / f"{name}.csv", converted(arguments.folder / source, name)
        if not arguments.check:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content, encoding="utf-8")
        elif target.read_text(encoding="utf-8") != content:
            print(f"{target} differs", file=sys.stderr)
            differing += 1
    return 1 if differing else 0


def converted(source: Path, name: str) -> str:
    """Give one catalogue as a CSV text in the template's columns."""
    target = io.StringIO()
    writer = csv.DictWriter(target, HEADERS, restval="", lineterminator="\n")
    writer.writeheader()
    with source.open(encoding="utf-8-sig", newline="") as file:
        for published in csv.DictReader(file):
            row = _carried_over(published)
            SPECIAL.get(name, _as_it_is)(row, published)
            writer.writerow(row)
    return target.getvalue()


def _carried_over(published: dict[str, str]) -> dict[str, str]:
    doubts = "" if published["confidence"] == "exact" else f"可信度：{published['confidence']}"
    return {
        "板块": published["category"],
        "编号": published["seq"],
        "指标": published["item"],
        "方向": DIRECTIONS[published["direction"]],
        "分值": published["points_text"],
        "单位": published["unit"],
        "上限": published["cap"],
        "对象": published["scope"],
        "备注": "；".join(filter(None, (published["remarks"], doubts))),
    }


def _as_it_is(row: dict[str, str], published: dict[str, str]) -> None:
    """Leave a row as it was carried over."""


def _luoyu(row: dict[str, str], published: dict[str, str]) -> None:
    if published["remarks"].startswith(EVIDENCE):
        row["证明材料"], row["备注"] = published["remarks"].removeprefix(EVIDENCE), ""


def _poverty_mart(row: dict[str, str], published: dict[str, str]) -> None:
    if published["remarks"] in ("仅贫困户", "仅一般农户"):
        row["对象"], row["备注"] = published["remarks"], ""
    if published["remarks"].startswith("一事一议"):
        row["分值"] = "一事一议"


def _longtian(row: dict[str, str], published: dict[str, str]) -> None:
    row["分值"] = f"满分{published['points_text']}分"
    remark = published["remarks"]
    if "每处扣" in remark:
        row["分值"] += f"，{remark[remark.index('每处扣') :]}分"
    elif remark.endswith("0分"):
        row["分值"] += f"，{remark}"
    if published["cap"].endswith(",扣完为止"):
        row["分值"] += "，扣完为止"
        row["上限"] = published["cap"].removesuffix(",扣完为止")


def _wendeng(row: dict[str, str], published: dict[str, str]) -> None:
    if published["scope"] == "社区":
        row["对象"] = "社区居民"
    if published["remarks"] == PARENTS:
        row["对象"], row["备注"] = "本人及父母", ""
    if published["cap"] == "每年最多40分":
        row["上限"] = "本类每年最多40分"


SPECIAL = {
    "luoyu": _luoyu,
    "poverty-mart": _poverty_mart,
    "longtian": _longtian,
    "wendeng-community": _wendeng,
    "wendeng-person-selected": _wendeng,
}


if __name__ == "__main__":
    sys.exit(main())
