"""Commands for ready schemes, and for checking one's own. None of them needs a database."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.table import Table

from xiangyue.catalogue.language.report import check_file
from xiangyue.cli.common import REFUSED, answer, json_option, refuse, table, write_new
from xiangyue.kernel.refusals import Refusal
from xiangyue.setup import presets
from xiangyue.setup.presets.refusals import Fault, PresetRefused
from xiangyue.setup.presets.telling import sections, sentences

key_argument = click.argument("key")


@click.group(help=str(gettext_lazy("现成的方案：看看有哪些，拿出来改成自己的")))
def preset() -> None:
    pass


@preset.command("list", help=str(gettext_lazy("列出现成的方案")))
@json_option
def list_all(*, as_json: bool) -> None:
    found = [_load(key, as_json=as_json) for key in presets.names()]
    rows = [
        {
            "preset": each.key,
            "name": each.name,
            "items": len(check_file(each.catalogue, each.catalogue_file).items),
            "summary": each.summary,
        }
        for each in found
    ]
    columns = (_("方案"), _("名称"), _("指标"), _("简介"))
    answer(
        {"presets": rows}, table(_("现成的方案"), columns, (row.values() for row in rows)), as_json=as_json
    )


@preset.command(help=str(gettext_lazy("用平常话讲一个方案：KEY是它的代号，或者自己的.toml文件")))
@key_argument
@json_option
def show(key: str, *, as_json: bool) -> None:
    found = _load(key, as_json=as_json)
    items = check_file(found.catalogue, found.catalogue_file).items
    facts = {
        "preset": found.key,
        "sections": [asdict(section) for section in sections(items)],
        "scheme": _numbers(presets.document(found)),
    }
    title = _("%(name)s（%(key)s）") % {"name": found.name, "key": found.key}
    answer(facts, title, *sentences(found), as_json=as_json)


@preset.command(help=str(gettext_lazy("把一个方案的两个文件写到文件夹里，照着改成自己的")))
@key_argument
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@json_option
def export(key: str, folder: Path, *, as_json: bool) -> None:
    files = presets.files_of(_load(key, as_json=as_json))
    folder.mkdir(parents=True, exist_ok=True)
    for name in files:
        if (folder / name).exists():
            raise click.UsageError(
                _("%(file)s已经有了，没有动它。请换一个文件夹。") % {"file": folder / name}
            )
    for name, content in files.items():
        write_new(folder / name, content)
    line = _("写好了：%(files)s") % {"files": "、".join(files)}
    answer({"folder": str(folder), "files": list(files)}, line, as_json=as_json)


@preset.command(help=str(gettext_lazy("检查自己写的方案，哪里不对都说出来")))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def check(file: Path, *, as_json: bool) -> None:
    checked = presets.check(file)
    facts = {
        "file": str(file),
        "problems": [asdict(fault) for fault in checked.faults],
        "warnings": [asdict(note) for note in checked.notes],
    }
    lines: list[Table | str] = []
    if checked.faults:
        lines.append(_fault_table(_("要改的地方"), checked.faults))
    if checked.notes:
        lines.append(_fault_table(_("请留意"), checked.notes))
    words = {"file": file.name, "count": len(checked.faults)}
    if checked.faults:
        lines.append(_("%(file)s有%(count)s处要改。") % words)
    else:
        lines.append(_("%(file)s能用。") % words)
    answer(facts, *lines, as_json=as_json)
    if checked.faults:
        raise click.exceptions.Exit(REFUSED)


def _load(key: str, *, as_json: bool) -> presets.Preset:
    try:
        return presets.load(key)
    except PresetRefused as refusal:
        if not as_json:
            answer({}, _fault_table(_("要改的地方"), refusal.faults), as_json=False)
        refuse(refusal, as_json=as_json)
    except Refusal as refusal:
        refuse(refusal, as_json=as_json)


def _fault_table(title: str, faults: Iterable[Fault]) -> Table:
    columns = (_("文件"), _("哪里"), _("怎么了"))
    return table(title, columns, ((fault.file, fault.key, fault.text) for fault in faults))


def _numbers(facts: dict[str, Any]) -> dict[str, Any]:
    """Let figures with decimals be numbers in JSON too."""
    plain: dict[str, Any] = json.loads(json.dumps(facts, ensure_ascii=False, default=float))
    return plain
