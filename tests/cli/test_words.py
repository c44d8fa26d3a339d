import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from xiangyue.cli.words import WORDS

SENTENCES = [
    (["--help"], ["用法：", "选项", "命令", "看版本"]),
    (["--version"], ["0."]),
    (["household", "list"], ["不行：少了选项 '--", "怎么用，请看：xiangyue household list --help"]),
    (["roster", "template"], ["少了参数 'FILE'"]),
    (["nothing"], ["没有命令 'nothing'。"]),
    (["doctor", "--jsom"], ["没有选项 '--jsom'", "是不是"]),
    (["doctor", "x"], ["多写了：x"]),
    (["doctor", "x", "y"], ["多写了：x y"]),
    (["serve", "--port"], ["选项 '--port' 后面要写内容。"]),
    (["serve", "--port", "八千"], ["'--port' 写得不对：'八千' 不是数字。"]),
    (["catalogue", "check", "没有.csv"], ["没有这个文件：'没有.csv'。"]),
    (["--as-of", "昨天", "doctor"], ["'--as-of' 写得不对：“昨天”不是日期。"]),
    (["deed", "list", "--state", "x"], ["'x' 不在这些里面：'submitted'"]),
]


SPOKEN = """
import json, sys
import django
django.setup()
from xiangyue.cli.words import speak
speak()
from click.testing import CliRunner
from xiangyue.cli.commands import cli
ran = [CliRunner().invoke(cli, words, prog_name="xiangyue") for words in json.loads(sys.argv[1])]
print(json.dumps([[each.exit_code, each.output] for each in ran]))
"""


def python(*words: str) -> str:
    """Run Python on a machine that is set to English."""
    environment = {name: value for name, value in os.environ.items() if name != "XIANGYUE_LANG"}
    environment |= {"LANG": "en_US.UTF-8", "DJANGO_SETTINGS_MODULE": "xiangyue.config.settings"}
    return subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def spoken() -> list[tuple[int, str]]:
    """What a process says to each of the sentences; in the tests' own, click was loaded before."""
    asked = json.dumps([words for words, _expected in SENTENCES])
    return [(code, said) for code, said in json.loads(python("-c", SPOKEN, asked))]


@pytest.mark.parametrize("place", range(len(SENTENCES)), ids=lambda place: " ".join(SENTENCES[place][0]))
def test_click_speaks_our_language(spoken: list[tuple[int, str]], place: int) -> None:
    (words, expected), (code, said) = SENTENCES[place], spoken[place]
    assert code == (0 if words[0] in ("--help", "--version") else 2)
    assert [each for each in expected if each not in said] == [], said
    assert not re.search(r"Usage|Options:|Commands:|Error|Missing|Invalid|such", said)


def test_the_command_itself_speaks_it() -> None:
    assert python("-m", "xiangyue", "--help").split()[:2] == ["用法：", "xiangyue"]


def test_click_still_says_these_words() -> None:
    """A new version of click that puts something differently is noticed here, not by a village."""
    said = {"required"}  # stands in a variable there
    for path in Path(click.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "ngettext"):
                said |= {str(argument.value) for argument in node.args if isinstance(argument, ast.Constant)}
    assert set(WORDS) <= said


@pytest.mark.parametrize("english", WORDS)
def test_no_word_asks_for_what_click_does_not_give(english: str) -> None:
    named = set(re.findall(r"{(\w+)", english))
    assert set(re.findall(r"{(\w+)", str(WORDS[english]))) <= named
