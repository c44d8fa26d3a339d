"""Printing what is wrong with a sheet, cell by cell, for every command that takes one."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.utils.translation import gettext as _
from rich.table import Table

from xiangyue.cli.common import errors, table
from xiangyue.sheets.problems import Problem, SheetRefused

SHOWN = 200  # who has more to mend sees the pattern by then; `--json` has all of them


@contextmanager
def problems_listed(*, as_json: bool) -> Iterator[None]:
    """Print every problem of a refused sheet before the refusal itself; the JSON answer lists them anyway."""
    try:
        yield
    except SheetRefused as refusal:
        if not as_json:
            errors.print(problem_table(_("要改的地方"), refusal.problems))
        raise


def problem_table(title: str, problems: Sequence[Problem]) -> Table:
    """Make a table of problems for the terminal: where, what stands there, and what is wrong with it."""
    columns = (_("表"), _("行"), _("列"), _("栏"), _("写的是"), _("怎么了"))
    rows = [(p.sheet, p.row, p.column, p.header, p.value, p.text) for p in problems[:SHOWN]]
    made = table(title, columns, rows)
    for column in made.columns:
        column.overflow = "fold"  # Chinese has no spaces to break at, and nothing may be cut off
    if len(problems) > SHOWN:
        made.caption = _("还有%(more)s处没有列出来") % {"more": len(problems) - SHOWN}
    return made
