"""What all commands share: connecting, entering a county, acting for someone, printing for people and for machines."""

import functools
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn
from uuid import UUID

import click
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context
from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from xiangyue.kernel.actors import Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.tenancy import embedded, environment
from xiangyue.tenancy.health import refusal_behind
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.tenancy.queries import jurisdiction_by_slug
from xiangyue.users.queries import user_by_login

REFUSED, USAGE, FAULTS = 1, 2, 3
console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

Command = Callable[..., Any]


@dataclass(frozen=True)
class Work:
    """What a command works with: who acts, where, and how the answer is to be printed."""

    actor: Actor
    jurisdiction: Jurisdiction
    as_json: bool

    def answer(self, facts: dict[str, Any], *lines: RenderableType) -> None:
        """Print the facts as one JSON document (`--json`) or the lines for people."""
        answer(facts, *lines, as_json=self.as_json)


def answer(facts: dict[str, Any], *lines: RenderableType, as_json: bool) -> None:
    """Print the facts as one JSON document, or the lines for people, empty ones left out."""
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2, default=_plain))
        return
    for line in lines:
        if isinstance(line, str) and line:
            console.print(
                line, markup=False, soft_wrap=True
            )  # people write brackets, and programs read lines
        elif line:
            console.print(line)


def table(title: str, columns: Sequence[str], rows: Iterable[Iterable[object]]) -> Table:
    """Make a table for the terminal; Chinese characters count as two columns, figures stand right."""
    made = Table(*columns, title_justify="left", header_style="bold", box=None, pad_edge=False)
    made.title = Text(title) if title else None
    made.show_header = any(columns)
    for row in rows:
        made.add_row(*(Text(str(cell)) for cell in row))  # as it is: what people wrote is no markup
    for column in made.columns:
        column.overflow = "fold"
        cells = list(column.cells)
        if cells and all(_is_figure(str(cell)) for cell in cells):
            column.justify = "right"
    return made


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show a bar on the terminal while long work goes on; gives the function that moves it to a count.

    It is written to standard error, so that `--json` stays one document, and vanishes when the work is done;
    where nobody watches there is none.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task(label, total=total)
        yield lambda done: bar.update(task, completed=done)


def connect() -> None:
    """Make sure that the database can be reached; the embedded server is started, or joined, if it is ours."""
    if environment.uses_embedded_database():
        embedded.start(embedded.locate())


def refuse(refusal: Refusal, *, as_json: bool) -> NoReturn:
    """Print a refusal, with the problems it lists if it lists any, and leave with its exit code."""
    if as_json:
        click.echo(json.dumps({"refusal": refusal.as_dict()}, ensure_ascii=False, indent=2, default=_plain))
    else:
        told = Text.assemble((_("不行："), "bold red"), str(refusal), (f"  {refusal.code}", "dim"))
        errors.print(told, soft_wrap=True)
    sys.exit(REFUSED)


@contextmanager
def refusals_told(*, as_json: bool) -> Iterator[None]:
    """Turn refusals, and what the operator can mend, into words and exit code 1."""
    try:
        yield
    except Refusal as refusal:
        refuse(refusal, as_json=as_json)
    except DatabaseError as error:
        cause = refusal_behind(error)
        if cause is None:
            raise
        refuse(cause, as_json=as_json)


def json_option(command: Command) -> Command:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help=_("输出一份 JSON，给程序用"))(command)


def connected(command: Command) -> Command:
    """Make a command that needs the database but no county. Adds `--json`; refusals become words and exit code 1."""

    @json_option
    @functools.wraps(command)
    def run(*args: Any, as_json: bool, **options: Any) -> None:
        with refusals_told(as_json=as_json):
            connect()
            command(*args, as_json=as_json, **options)

    return run


def in_county(command: Command) -> Command:
    """Make a command that works on one county's data, as someone. Adds `--county`, `--as`, `--json`.

    The command is called with `work: Work` as its first argument, inside the county's schema.
    """

    @click.option("--county", required=True, metavar="SLUG", help=_("哪个辖区"))
    @click.option(
        "--as", "login", default="admin", show_default=True, metavar="LOGIN", help=_("以谁的身份办")
    )
    @json_option
    @functools.wraps(command)
    def run(*args: Any, county: str, login: str, as_json: bool, **options: Any) -> None:
        with refusals_told(as_json=as_json):
            connect()
            jurisdiction = jurisdiction_by_slug(county)
            with schema_context(jurisdiction.schema_name):
                work = Work(Actor.user(user_by_login(login).pk), jurisdiction, as_json)
                command(work, *args, **options)

    return run


def write_new(file: Path, content: bytes) -> None:
    """Write a form; one of that name may be filled in already and must not be lost. Raises: UsageError."""
    try:
        with file.open("xb") as target:
            target.write(content)
    except FileExistsError:
        raise click.UsageError(_("%(file)s已经有了，没有动它。请换一个名字。") % {"file": file}) from None
    except OSError as problem:
        raise click.UsageError(f"{file}: {problem.strerror}") from None


class DayType(click.ParamType[date]):
    """A day written as 2026-10-05."""

    name = "DAY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(_("“%(text)s”不是日期。请写成 2026-10-05 这样。") % {"text": value}, param, ctx)


DAY = DayType()


def _plain(value: object) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return str(value)


def _is_figure(text: str) -> bool:
    return text.lstrip("+−-").replace(",", "").replace(".", "").isdigit()
