"""The command: a server of its own, then county after county, and in each what was asked for."""

import argparse
import importlib
from collections.abc import Sequence

from bench.home import own_home

MEASURES = (
    "spend",
    "post",
    "settle",
    "wait",
    "roster",
    "notice",
)  # modules, each with a `measure(county, scale)`


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="What must be fast, beside the raw database doing the same work."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(MEASURES)}; without any, all")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--small", action="store_true", help="without the largest county; medians of 3")
    size.add_argument("--tiny", action="store_true", help="once, and so little that the figures mean nothing")
    parser.add_argument("--slow-commit", action="store_true", help="2 ms more for each commit, ours and bare")
    chosen = parser.parse_args()
    for name in chosen.names:
        if name not in MEASURES:
            parser.error(f"{name}? There are {', '.join(MEASURES)}.")
    with own_home(slow_commit=chosen.slow_commit):
        _run(chosen.names or MEASURES, "SMALL" if chosen.small else "TINY" if chosen.tiny else "FULL")


def _run(names: Sequence[str], scale_name: str) -> None:
    import django

    django.setup()  # nothing that knows the product's tables can be imported before
    from bench import report, scale
    from bench.county import a_county
    from xiangyue.tenancy.upgrades import upgrade_shared

    upgrade_shared()
    chosen: scale.Scale = getattr(scale, scale_name)
    print(report.facts(), flush=True)
    for households in chosen.counties:
        with a_county(households) as county:
            for name in names:
                importlib.import_module(f"bench.{name}").measure(county, chosen)
    print(report.facts(), flush=True)


if __name__ == "__main__":
    main()
