"""The tree of commands. Each file beside this one holds the commands of one room."""

from datetime import date

import click
from django.utils.translation import gettext_lazy as _

from xiangyue import __version__
from xiangyue.cli import catalogue_life, supervising  # noqa: F401 - their commands join the groups
from xiangyue.cli.catalogue import catalogue
from xiangyue.cli.common import DAY
from xiangyue.cli.complaint import complaint, contact
from xiangyue.cli.county import county
from xiangyue.cli.deed import deed
from xiangyue.cli.demo import demo
from xiangyue.cli.due import due
from xiangyue.cli.export import export
from xiangyue.cli.inspection import inspection
from xiangyue.cli.ledger import ledger
from xiangyue.cli.meeting import meeting
from xiangyue.cli.members import member
from xiangyue.cli.messages import message
from xiangyue.cli.notice import notice
from xiangyue.cli.objection import objection
from xiangyue.cli.offices import office
from xiangyue.cli.people import card, household
from xiangyue.cli.presets import preset
from xiangyue.cli.residents import resident
from xiangyue.cli.roster import roster
from xiangyue.cli.serve import serve, worker
from xiangyue.cli.shop import shop
from xiangyue.cli.system import doctor, example, upgrade
from xiangyue.cli.tree import standing, unit
from xiangyue.cli.users import user
from xiangyue.kernel import clock


@click.group(help=str(_("乡约：村里的积分制。每个命令加 --help 看用法。")))
@click.version_option(__version__)
@click.option("--as-of", type=DAY, help=str(_("当作这一天来办（演示和补录用）")))
@click.pass_context
def cli(context: click.Context, as_of: date | None) -> None:
    if as_of:
        context.with_resource(clock.as_of(as_of))


for command in (
    county,
    preset,
    roster,
    unit,
    household,
    standing,
    resident,
    office,
    user,
    card,
    member,
    catalogue,
    deed,
    inspection,
    meeting,
    notice,
    objection,
    complaint,
    contact,
    due,
    shop,
    message,
    ledger,
    export,
    example,
    demo,
    doctor,
    upgrade,
    serve,
    worker,
):
    cli.add_command(command)
