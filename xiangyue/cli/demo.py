"""The command that fills a machine with the demo: five jurisdictions, or a whole county."""

import os
from collections.abc import Sequence
from typing import Final

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.cli.common import answer, connected, progress
from xiangyue.setup.demo import county
from xiangyue.setup.demo.loading import SEED, STEPS, Loaded, load_demo
from xiangyue.setup.demo.places import PLACES

PROCESSES: Final = 4  # more jurisdictions at once would only wait for the database
SCALES: Final = ("small", "county")


@click.command(help=str(gettext_lazy("建五个演示辖区，各过半年；已经有的不动")))
@click.option("--only", multiple=True, metavar="SLUG", help=str(gettext_lazy("只建这一个；可以写几次")))
@click.option(
    "--scale",
    type=click.Choice(SCALES),
    default=SCALES[0],
    show_default=True,
    help=str(gettext_lazy("small：五个小辖区；county：一个69,100户的县，一个月50万件事")),
)
@click.option("--seed", default=SEED, show_default=True, help=str(gettext_lazy("同一天、同一个数，数据一样")))
@connected
def demo(*, only: tuple[str, ...], scale: str, seed: int, as_json: bool) -> None:
    if only and scale == "county":
        raise click.UsageError(_("--only 选的是五个小辖区，不能和 --scale county 一起写。"))
    loaded = _county(seed) if scale == "county" else _small(only, seed)
    lines = [line for each in loaded for line in _lines(each)]
    answer({"jurisdictions": [vars(each) for each in loaded]}, *lines, as_json=as_json)


def _small(only: Sequence[str], seed: int) -> list[Loaded]:
    count = len(set(only)) or len(PLACES)
    processes = min(PROCESSES, os.cpu_count() or 1)
    with progress(_("正在准备演示"), total=STEPS * count) as advance:
        return load_demo(only=only, seed=seed, processes=processes, advance=advance)


def _county(seed: int) -> list[Loaded]:
    with progress(_("正在准备一个县的演示"), total=county.STEPS) as advance:
        return [county.load_county(seed=seed, advance=advance)]


def _lines(loaded: Loaded) -> list[str]:
    """Say what is there now."""
    told = {**vars(loaded), "households": f"{loaded.households:,}", "deeds": f"{loaded.deeds:,}"}
    line = (
        _("%(name)s建好了：%(households)s户，%(deeds)s件事，网址 %(host)s。") % told
        if loaded.is_new
        else _("%(name)s已经在了，没有动：%(households)s户，%(deeds)s件事，网址 %(host)s。") % told
    )
    return [
        line,
        *(_("%(village)s%(household)s户的卡：%(path)s　密码 %(pin)s") % card for card in loaded.cards),
    ]
