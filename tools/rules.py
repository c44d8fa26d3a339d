"""The page docs/rules.md: what real catalogues contain, and the test that shows each of it.

python -m tools.rules          write docs/rules.md anew
python -m tools.rules check    exit with 1 where it is not up to date

A test says in its docstring what it shows: `RULES, Values: a range (1-10, 50-100, 100-2000).`
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "rules.md"
TESTS = (ROOT / "tests" / "catalogue", ROOT / "tests" / "setup")
SAID = re.compile(r"RULES, (?P<section>[^:]+): (?P<quote>.+?)\.?\s*$", re.DOTALL)
ORDER = (
    "Values",
    "Periods and caps",
    "Multipliers and time",
    "Base",
    "Several balances",
    "Subject and sharing",
    "Grades",
    "Local",
    "Redemption",
    "Absence",
    "Excel and CSV form",
    "Caps are layered",
)
OPENING = """\
# What a catalogue can say

What published catalogues of about forty villages and districts contain, line by line, and the test that shows that it
is computed, explained, imported or refused by name. This page is generated from the tests' docstrings by
`python -m tools.rules`; a test fails when it is not up to date.
"""


@dataclass(frozen=True)
class Shown:
    """One test, and what it shows."""

    section: str
    quote: str
    file: str
    test: str


def main() -> int:
    page = written(list(collected()))
    if sys.argv[1:] == ["check"]:
        if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page:
            return 0
        print(f"{PAGE.relative_to(ROOT)} is not up to date: python -m tools.rules", file=sys.stderr)
        return 1
    PAGE.write_text(page, encoding="utf-8")
    return 0


def collected() -> Iterator[Shown]:
    """Give what the tests of the catalogue say that they show, in the order of files and lines."""
    for path in sorted(path for folder in TESTS for path in folder.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for said in SAID.finditer(" ".join((ast.get_docstring(node) or "").split())):
                    file = str(path.relative_to(ROOT))
                    yield Shown(said["section"], said["quote"], file, node.name)


def written(shown: list[Shown]) -> str:
    """Give the page: a table for each section. Raises: KeyError for a section that there isn't."""
    parts = [OPENING]
    place = {section: place for place, section in enumerate(ORDER)}
    for section in sorted({each.section for each in shown}, key=lambda section: place[section]):
        rows = [each for each in shown if each.section == section]
        parts.append(f"## {section}\n\n| what is said | shown by |\n|---|---|\n" + "".join(map(_row, rows)))
    return "\n".join(parts)


def _row(each: Shown) -> str:
    quote = each.quote.replace("|", "\\|")
    return f"| {quote} | [`{each.test}`](../{each.file}) |\n"


if __name__ == "__main__":
    sys.exit(main())
