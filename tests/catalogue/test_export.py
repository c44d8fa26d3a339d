import csv
import io

from django.utils import translation

from tests.catalogue.cast import LAWFUL, LUOYU, drafted, imported
from xiangyue.catalogue.export import to_rows
from xiangyue.catalogue.models import Catalogue
from xiangyue.catalogue.table import HEADERS, TEXTS
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Unit


def written(catalogue: Catalogue) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(to_rows(catalogue))
    return file.getvalue().encode()


def everything(catalogue: Catalogue) -> list[object]:
    """All that a catalogue says, apart from ids and its name."""
    fields = (
        "position", "number", "title", "direction", "form", "points_min", "points_max", "unit", "subject",
        "category__family", "category__name", "category__position", *TEXTS.values(),
    )  # fmt: skip
    caps = ("indicator__number", "window", "measure", "amount", "scope")
    return [
        *catalogue.categories.values_list("position", "family", "name"),
        *catalogue.indicators.values_list(*fields),
        *catalogue.indicators.order_by("position", "caps__id").values_list(
            "number", *(f"caps__{c}" for c in caps[1:])
        ),
    ]


def test_exporting_and_importing_again_gives_the_same_catalogue(admin: Actor, village: Unit) -> None:
    first = imported(admin, village, LUOYU.read_bytes())
    second = imported(admin, village, written(first))
    assert everything(first) == everything(second)
    with translation.override("en"):  # the file speaks Chinese, whoever reads the screen
        assert to_rows(first) == to_rows(second)


def test_every_form_and_cap_survives(admin: Actor, village: Unit) -> None:
    first = drafted(
        admin,
        village,
        {"大类": "五美", "板块": "环境", "编号": "A1", "指标": "庭院整洁", "分值": "加1—20分", "单位": "户"},
        {"指标": "志愿服务", "分值": "0.5分/小时", "上限": "每月两次、每人每次4分", "对象": "个人"},
        {"板块": "议事", "指标": "修桥", "分值": "酌情", "上限": "一次性", "备注": "第一行\n第二行"},
        {
            "大类": "纪律",
            "指标": "打架",
            "分值": "扣5分",
            "上限": "终身3次；年度40",
            **LAWFUL,
            "举报电话": "见公示栏",
        },
    )
    second = imported(admin, village, written(first))
    assert everything(first) == everything(second)
    assert to_rows(first) == to_rows(second)


def test_the_table_has_the_columns_of_the_template(admin: Actor, village: Unit) -> None:
    rows = to_rows(imported(admin, village, LUOYU.read_bytes()))
    assert rows[0] == list(HEADERS)
    with LUOYU.open(encoding="utf-8-sig") as file:
        assert rows[0] == next(csv.reader(file))
    cells = dict(zip(rows[0], rows[11], strict=True))
    assert (cells["编号"], cells["指标"], cells["方向"]) == ("11", "参加公共劳动", "加")
    assert (cells["分值"], cells["单位"], cells["对象"], cells["上限"]) == ("8", "次", "村民个人", "")
