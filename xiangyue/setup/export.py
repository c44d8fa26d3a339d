"""A county's whole data in open formats: one ZIP that Excel, WPS, R or Python open without the program.

`tables/NAME.csv` (UTF-8), `datapackage.json` (Frictionless Data: every table and column in plain words, with its type,
codes and references), and `files/HASH.ending`. Unlike an archive (`archive.py`), which is for taking everything back,
it is for reading: sealed columns are written in clear, and secrets are left out.
"""

import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from xiangyue import __version__
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Unit
from xiangyue.people.offices import Act
from xiangyue.people.permissions import require
from xiangyue.people.private import Keys, keys
from xiangyue.records import storage
from xiangyue.records.kinds import ENDINGS
from xiangyue.records.models import StoredFile
from xiangyue.records.operations import log_act
from xiangyue.setup.export_words import COLUMNS, TABLES
from xiangyue.setup.refusals import ArchiveExists, ExportFailed
from xiangyue.tenancy.models import Jurisdiction

# Sealed with the county's key; they leave it in clear, since the data belongs to the county.
SEALED: Final = {
    "users_user": ("phone",),
    "people_resident": ("id_number", "phone"),
    "people_circumstance": ("note",),
}
# What lets somebody in, or is a number without meaning elsewhere.
SECRETS: Final = {
    "users_user": ("password", "phone_index"),
    "redemption_showncode": ("token_hash", "digits"),
    "requests_complaint": ("token_hash",),
    "people_card": ("token_hash", "pin_hash", "till_pin_hash", "code_hash"),
    "people_doortry": ("source",),
    "people_peoplerules": ("key_check",),
    "messages_channelsetting": ("key_id", "secret"),
    "messages_showntext": ("phone", "text"),
    "people_resident": ("id_index", "id_tail", "phone_index", "phone_tail"),
}

_BLOCK: Final = 256 * 1024  # bytes that are compressed at a time
_QUICK: Final = 1  # zlib's level: six times as fast as the usual one, a fifth larger
_NEEDS_QUOTES: Final = re.compile(r'[",\n\r]')
_BOM: Final = "\N{ZERO WIDTH NO-BREAK SPACE}".encode()  # without it Excel takes UTF-8 for GBK
_TYPES: Final = {
    "boolean": "boolean",
    "integer": "integer",
    "bigint": "integer",
    "smallint": "integer",
    "date": "date",
    "jsonb": "object",
}


def _nothing(_done: int) -> None:
    pass


@dataclass(frozen=True)
class ExportReport:
    """What was written. rows: by table. files: how many stored files. missing: hashes of files whose bytes are lost."""

    target: Path
    rows: dict[str, int]
    files: int
    missing: tuple[str, ...]


@dataclass
class _Pack:
    """The ZIP while it is written."""

    zip: zipfile.ZipFile
    keys: Keys
    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    missing: list[str] = field(default_factory=list)


def export_county(
    *,
    actor: Actor,
    jurisdiction: Jurisdiction,
    target: Path,
    with_files: bool = True,
    reason: str = "",
    advance: Callable[[int], None] = _nothing,
) -> ExportReport:
    """Write a county's data to a new ZIP, as of one moment, while everybody goes on working.

    The act is logged before anything is read, so that an export that breaks off is known too. The file appears under
    its name once it is whole. advance: told how many tables are written.
    Raises: NotAllowed, ArchiveExists, ExportFailed; KeyMissing, KeyDamaged, SealBroken from sealed columns.
    """
    if target.exists():
        raise ArchiveExists(archive=target)
    with schema_context(jurisdiction.schema_name):
        _permit(actor, reason)
        try:
            return _write(jurisdiction, target, with_files=with_files, advance=advance)
        except OSError as error:
            raise ExportFailed(target=target, cause=error.strerror or error) from error


def exported_models() -> list[type[models.Model]]:
    """Give the models whose tables are a county's data: those of our rooms that lie in its schema."""
    ours = {app for app in settings.TENANT_APPS if app.startswith("xiangyue.")}
    found = (model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy)
    return [model for model in found if apps.get_app_config(model._meta.app_label).name in ours]


def exported_columns(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    """Give a table's columns that are exported."""
    secrets = SECRETS.get(model._meta.db_table, ())
    return [each for each in model._meta.concrete_fields if each.column not in secrets]


@transaction.atomic
def _permit(actor: Actor, reason: str) -> None:
    root = Unit.objects.get(parent=None)
    require(actor, Act.READ_CIRCUMSTANCES, root)  # hardships are written in clear too
    actor = require(actor, Act.EXPORT_DATA, root)
    log_act(actor=actor, act="export", subject="unit", subject_ids=[root.pk], reason=reason)


def _write(
    jurisdiction: Jurisdiction, target: Path, *, with_files: bool, advance: Callable[[int], None]
) -> ExportReport:
    with (
        _whole_or_not(target) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_QUICK) as opened,
        _one_moment(),
    ):
        pack = _Pack(opened, keys())
        for done, model in enumerate(exported_models(), start=1):
            _write_table(pack, model)
            advance(done)
        if with_files:
            _write_files(pack)
        description = json.dumps(_description(jurisdiction, pack), ensure_ascii=False, indent=1)
        opened.writestr("datapackage.json", description)
    return ExportReport(target, pack.rows, pack.files, tuple(pack.missing))


@contextmanager
def _whole_or_not(target: Path) -> Iterator[IO[bytes]]:
    """Give a file to write to that gets its name when it is written and on the disk, and vanishes otherwise."""
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-", suffix=".part")
    try:  # mode 600: whoever reads it knows everybody in the county
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def _one_moment() -> Iterator[None]:
    """Let all tables be read as they stand now, without keeping anybody from writing."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL timezone = %s", [str(clock.ZONE)])
            cursor.execute("SET LOCAL datestyle = 'ISO'")
        yield


def _write_table(pack: _Pack, model: type[models.Model]) -> None:
    table = model._meta.db_table
    columns = [str(each.column) for each in exported_columns(model)]
    sealed = [columns.index(name) for name in SEALED.get(table, ())]
    count = 0

    def counted(rows: Iterable[bytes | memoryview]) -> Iterator[bytes | memoryview]:
        nonlocal count
        for row in rows:
            count += 1
            yield row

    with pack.zip.open(f"tables/{table}.csv", "w", force_zip64=True) as file:
        file.write(_BOM + _csv_line(columns))
        rows = _opened(table, columns, sealed, pack.keys) if sealed else _plain(table, columns)
        for block in _blocks(counted(rows)):
            file.write(block)
    pack.rows[table] = count


def _plain(table: str, columns: Sequence[str]) -> Iterator[bytes | memoryview]:
    """Give a table's rows as the database writes CSV."""
    with connection.cursor() as cursor, cursor.copy(f"{_copy(table, columns)} (FORMAT csv)") as rows:
        yield from rows  # one piece for each row, as the protocol has it


def _opened(table: str, columns: Sequence[str], sealed: Sequence[int], own: Keys) -> Iterator[bytes]:
    """Give a table's rows in the same form, with what is sealed in clear."""
    with connection.cursor() as cursor, cursor.copy(_copy(table, columns)) as copy:
        for row in copy.rows():
            cells: list[str | None] = list(row)
            for place in sealed:
                cell = cells[place]
                if cell is not None:
                    cells[place] = own.open(bytes.fromhex(cell.removeprefix("\\x")))
            yield _csv_line(cells)


def _copy(table: str, columns: Sequence[str]) -> str:
    names = ", ".join(map(connection.ops.quote_name, columns))
    return f"COPY {connection.ops.quote_name(table)} ({names}) TO STDOUT"


def _csv_line(cells: Sequence[str | None]) -> bytes:
    return (",".join(map(_csv_cell, cells)) + "\n").encode()


def _csv_cell(cell: str | None) -> str:
    """Write a cell as the database does: nothing for what is unknown, "" for an empty text."""
    if cell is None:
        return ""
    if cell and not _NEEDS_QUOTES.search(cell):
        return cell
    return '"' + cell.replace('"', '""') + '"'


def _blocks(rows: Iterable[bytes | memoryview]) -> Iterator[bytes]:
    """Join rows, since compressing each by itself takes far longer."""
    waiting: list[bytes | memoryview] = []
    size = 0
    for row in rows:
        waiting.append(row)
        size += len(row)
        if size >= _BLOCK:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def _write_files(pack: _Pack) -> None:
    files = StoredFile.objects.filter(erased_at=None).order_by("id").values_list("sha256", "media_type")
    for sha256, media_type in files.iterator():
        try:
            stored = storage.open_bytes(sha256)
        except (
            FileNotFoundError
        ):  # better everything else than nothing; the report and the description name it
            pack.missing.append(sha256)
            continue
        entry = zipfile.ZipInfo(f"files/{sha256}{ENDINGS.get(media_type, '')}", clock.now().timetuple()[:6])
        with (
            stored,
            pack.zip.open(entry, "w", force_zip64=True) as file,
        ):  # as it is: it is compressed already
            shutil.copyfileobj(stored, file)
        pack.files += 1


def _description(jurisdiction: Jurisdiction, pack: _Pack) -> dict[str, Any]:
    """Describe the export as a data package (datapackage.org)."""
    return {
        "profile": "tabular-data-package",
        "name": jurisdiction.slug,
        "title": _("%(name)s的全部数据") % {"name": jurisdiction.name},
        "description": _(
            "每张表是一个CSV文件（UTF-8），可以用Excel或WPS打开。分数以百分之一分为单位，时间是北京时间。"
            "登录密码、卡的密码和查找用的摘要没有导出。里面有个人信息，请妥善保管，用完删除。"
        ),
        "created": clock.now().isoformat(),
        "version": __version__,
        "division": jurisdiction.division_code,
        "preset": jurisdiction.preset,
        "files": pack.files,
        "missing_files": pack.missing,
        "resources": [_resource(model, pack) for model in exported_models()],
    }


def _resource(model: type[models.Model], pack: _Pack) -> dict[str, Any]:
    table = model._meta.db_table
    fields = exported_columns(model)
    found: dict[str, Any] = {
        "name": table,
        "path": f"tables/{table}.csv",
        "description": str(TABLES.get(table, "")),
        "rows": pack.rows[table],
        "profile": "tabular-data-resource",
        "format": "csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_column(table, each) for each in fields],
            "missingValues": [""],
            "foreignKeys": [
                {
                    "fields": each.column,
                    "reference": {
                        "resource": each.related_model._meta.db_table,
                        "fields": each.target_field.column,
                    },
                }
                for each in fields
                if isinstance(each, models.ForeignKey)
            ],
        },
    }
    return found


def _column(table: str, column: "models.Field[Any, Any]") -> dict[str, Any]:
    written = (column.db_type(connection) or "").partition("(")[0].removesuffix(" with time zone")
    name = str(column.column)
    kind = "string" if name in SEALED.get(table, ()) else _TYPES.get(written, "string")
    found: dict[str, Any] = {
        "name": name,
        "type": "datetime" if written == "timestamp" else kind,
        "description": str(COLUMNS.get(name, "")),
    }
    if kind == "boolean":
        found |= {"trueValues": ["t"], "falseValues": ["f"]}
    if column.choices:
        found["categories"] = [{"value": value, "label": str(label)} for value, label in column.flatchoices]
    return found
