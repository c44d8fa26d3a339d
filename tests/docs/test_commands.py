"""docs/commands.md names every command and every variable, in both languages, and no others."""

import re
from collections.abc import Iterator

import click
import pytest

from tests.docs.guide import DOCS
from xiangyue.cli import common
from xiangyue.cli.commands import cli

SOURCES = DOCS.parent / "xiangyue"
PAGES = ("commands.md", "commands.zh.md")


def text(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def leaves(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield name, command
        return
    for word, below in command.commands.items():
        yield from leaves(below, f"{name} {word}")


COMMANDS = dict(leaves(cli, "xiangyue"))


@pytest.mark.parametrize("page", PAGES)
def test_the_tables_name_every_command_once(page: str) -> None:
    named = re.findall(r"^\| `(xiangyue [a-z -]+)` \|", text(page), re.MULTILINE)
    assert sorted(named) == sorted(COMMANDS)


@pytest.mark.parametrize("page", PAGES)
def test_every_variable_that_the_sources_read_is_named(page: str) -> None:
    read = {
        name for path in SOURCES.rglob("*.py") for name in re.findall(r"XIANGYUE_[A-Z_]+", path.read_text())
    }
    named = set(re.findall(r"^\| `([A-Z_]+)` \|", text(page), re.MULTILINE))
    assert named == read | {"DATABASE_URL"}


@pytest.mark.parametrize("page", PAGES)
def test_the_exit_codes_are_those_of_the_sources(page: str) -> None:
    codes = [int(code) for code in re.findall(r"^  \| (\d) \|", text(page), re.MULTILINE)]
    assert codes == [0, common.REFUSED, common.USAGE, common.FAULTS]


def test_both_pages_name_the_same_options() -> None:
    english, chinese = (re.findall(r"\*\*`(.+?)`", text(page)) for page in PAGES)
    assert english == chinese


def test_every_command_says_what_it_does_in_chinese() -> None:
    told = [command.help or "" for command in COMMANDS.values()]
    assert all(re.search(r"[一-鿿]", words) for words in told)


def test_every_command_speaks_json() -> None:
    options = {
        name: {text for each in command.params for text in each.opts} for name, command in COMMANDS.items()
    }
    assert [name for name, known in options.items() if "--json" not in known] == []
