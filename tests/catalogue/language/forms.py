"""The tables of written forms in data/forms: what stands in a cell, and what it means, written out in full."""

import csv
import io
from pathlib import Path

from xiangyue.catalogue.language.report import Report, check_file

DATA = Path(__file__).parent / "data"


def forms(name: str) -> list[list[str]]:
    """Give the rows of one table, without its header."""
    with (DATA / "forms" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def sheet(*rows: dict[str, str]) -> bytes:
    """Write rows given by header as a CSV file."""
    headers = list(dict.fromkeys(header for row in rows for header in row))
    file = io.StringIO()
    writer = csv.DictWriter(file, headers, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def read(*rows: dict[str, str], name: str = "细则.csv") -> Report:
    return check_file(sheet(*rows), name)


def published(name: str) -> Report:
    path = DATA / f"{name}.csv"
    return check_file(path.read_bytes(), path.name)


def told(report: Report) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.header, problem.code) for problem in report.refusals]
