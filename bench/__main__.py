"""The command: a server, then county after county, and in each what was asked for."""

import argparse
import os
import sys
from pathlib import Path

NAMES = ("spend", "post", "settle", "wait", "roster", "notice")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description="What must be fast, beside the raw database.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(NAMES)}; all of them if none is named")
    parser.add_argument("--small", action="store_true", help="without the largest county, medians of 3")
    parser.add_argument("--tiny", action="store_true", help="once, and so small that the figures mean nothing")
    parser.add_argument("--slow-commit", action="store_true", help="add 2 ms to each commit, ours and bare")
    options = parser.parse_args()
    unknown = set(options.names) - set(NAMES)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    from bench.home import own_home

    with own_home(slow_commit=options.slow_commit):
        import django

        django.setup()
        from bench.suite import run
