"""The size ratchet: functions up to 70 lines, files up to 500 (ARCHITECTURE). Exits with 1 and names what is larger."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("xiangyue", "tests", "tools", "bench")
MOST_OF_FUNCTION, MOST_OF_FILE = 70, 500


def oversized() -> Iterator[str]:
    """Name every file and function that is too long."""
    for path in sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")):
        if "migrations" in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        lines = source.count("\n")
        name = path.relative_to(ROOT)
        if lines > MOST_OF_FILE:
            yield f"{name}: {lines} lines, {MOST_OF_FILE} at the most"
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MOST_OF_FUNCTION:
                    yield f"{name}:{node.lineno} {node.name}: {length} lines, {MOST_OF_FUNCTION} at the most"


if __name__ == "__main__":
    found = list(oversized())
    print("\n".join(found), end="\n" if found else "")
    sys.exit(bool(found))
