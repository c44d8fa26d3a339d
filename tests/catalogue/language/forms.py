"""The tables of written forms in data/forms: what stands in a cell, and what it means, written out in full."""

import csv
from pathlib import Path

DATA = Path(__file__).parent / "data"


def forms(name: str) -> list[list[str]]:
    """Give the rows of one table, without its header."""
    with (DATA / "forms" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]
