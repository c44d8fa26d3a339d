"""All that can be measured, and the way through it: county after county, each as large as the one before tenfold."""

from collections.abc import Callable, Collection
from typing import Final

from bench import notice, post, report, roster, settle, spend, wait
from bench.county import County, a_county
from bench.scale import Scale
from xiangyue.tenancy.upgrades import upgrade_shared

Measure = Callable[[County, Scale], None]

MEASURES: Final[dict[str, Measure]] = {
    "spend": spend.measure,
    "post": post.measure,
    "settle": settle.measure,
    "wait": wait.measure,
    "roster": roster.measure,
    "notice": notice.measure,
}


def run(names: Collection[str], scale: Scale) -> None:
    """Measure what is named, in counties of all sizes."""
    upgrade_shared()
    print(report.facts(), flush=True)
    for households in scale.counties:
        with a_county(households) as county:
            for name in names:
                MEASURES[name](county, scale)
    print(report.facts(), flush=True)
