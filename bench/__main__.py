"""The command: a server of its own, then county after county, and in each what was asked for."""

import argparse
import dataclasses
import importlib
from collections.abc import Sequence

from bench.home import own_home

# Modules, each with a `measure(county, scale)`, in the order in which they run in each county: the auditor comes before
# anything is posted that no notice stands behind.
MEASURES = (
    "settle",
    "seal",
    "verify",
    "post",
    "wait",
    "spend",
    "award",
    "roster",
    "judge",
    "notice",
    "pages",
    "search",
    "export",
)

MOST = 170_000  # households: the county that all are founded as has 270 villages, and rosters need empty ones


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="What must be fast, beside the raw database doing the same work."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(MEASURES)}; without any, all")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--small", action="store_true", help="without the largest county; medians of 3")
    size.add_argument("--tiny", action="store_true", help="once, and so little that the figures mean nothing")
    parser.add_argument(
        "--county",
        type=int,
        action="append",
        metavar="HOUSEHOLDS",
        help="a county of this size; may be repeated",
    )
    parser.add_argument("--slow-commit", action="store_true", help="2 ms more for each commit, ours and bare")
    chosen = parser.parse_args()
    for name in chosen.names:
        if name not in MEASURES:
            parser.error(f"{name}? There are {', '.join(MEASURES)}.")
    for size in chosen.county or ():
        if not 0 < size <= MOST:
            parser.error(f"{size:,} households? From 1 to {MOST:,}.")
    names = [name for name in MEASURES if name in (chosen.names or MEASURES)]
    with own_home(slow_commit=chosen.slow_commit):
        _run(names, "SMALL" if chosen.small else "TINY" if chosen.tiny else "FULL", chosen.county)


def _run(names: Sequence[str], scale_name: str, sizes: Sequence[int] | None) -> None:
    import django

    django.setup()  # nothing that knows the product's tables can be imported before
    from bench import report, scale
    from bench.county import a_county
    from xiangyue.tenancy.upgrades import upgrade_shared

    upgrade_shared()
    chosen: scale.Scale = getattr(scale, scale_name)
    if sizes:
        chosen = dataclasses.replace(chosen, counties=tuple(sizes))
    print(report.facts(), flush=True)
    for households in chosen.counties:
        with a_county(households) as county:
            for name in names:
                importlib.import_module(f"bench.{name}").measure(county, chosen)
    print(report.facts(), flush=True)


if __name__ == "__main__":
    main()
