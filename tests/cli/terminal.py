"""Running commands as a person or a program would, inside the test's own transaction."""

import json
from typing import Any

from click.testing import CliRunner, Result

from xiangyue.cli.commands import cli
from xiangyue.cli.common import REFUSED


def run(*words: object, typed: str | None = None) -> Result:
    """Run `xiangyue words…`. typed: what is answered when it asks."""
    return CliRunner().invoke(cli, [str(word) for word in words], input=typed)


def told(*words: object) -> str:
    """Run a command that succeeds; give what it tells people."""
    result = run(*words)
    assert result.exit_code == 0, (words, result.output, result.exception)
    return result.stdout


def facts(*words: object) -> Any:
    """Run a command that succeeds; give what it tells programs."""
    return json.loads(told(*words, "--json"))


def refusal(*words: object) -> Any:
    """Run a command that is refused; give its refusal, which people and programs hear alike."""
    for_people, for_programs = run(*words), run(*words, "--json")
    assert (for_people.exit_code, for_programs.exit_code) == (REFUSED, REFUSED), for_people.output
    assert for_people.stdout == ""
    refused = json.loads(for_programs.stdout)["refusal"]
    assert f"不行：{refused['text']}  {refused['code']}" in for_people.stderr
    return refused
