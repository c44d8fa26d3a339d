"""What is due: what waits in the villages, and the days of the scheme's rhythm."""

from datetime import timedelta

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.cli.common import Work, in_county, table
from xiangyue.kernel import clock
from xiangyue.people.models import Level, Unit
from xiangyue.people.offices import Act
from xiangyue.people.permissions import require
from xiangyue.people.queries import unit_by_code
from xiangyue.scoring.queries import rhythm_events
from xiangyue.scoring.waiting import waiting_below


def _name(unit: Unit) -> str:
    """Name a judging unit; what lies below a village with the village, since others have a first one too."""
    return unit.name if unit.level == Level.VILLAGE or not unit.parent else f"{unit.parent.name}·{unit.name}"


@click.command(help=str(gettext_lazy("到期：哪里有什么等着办，往后哪天该办什么")))
@click.option("--unit", "code", metavar="CODE", help=str(gettext_lazy("哪个单元（代码），默认全辖区")))
@click.option(
    "--days",
    type=click.IntRange(1, 400),
    default=31,
    show_default=True,
    help=str(gettext_lazy("看往后多少天")),
)
@in_county
def due(work: Work, code: str | None, days: int) -> None:
    unit, today = unit_by_code(code) if code else Unit.objects.get(parent=None), clock.today()
    require(work.actor, Act.READ_HOUSEHOLDS, unit)
    waiting = waiting_below(unit)
    units = Unit.objects.select_related("parent").in_bulk({one.unit_id for one in waiting})
    names = {pk: _name(each) for pk, each in units.items()}
    told = [
        {
            "unit": names[one.unit_id],
            "matter": one.matter.label,
            "subject": one.subject,
            "due": one.due,
            "count": one.count,
            "overdue": one.is_overdue(today),
        }
        for one in waiting
    ]
    dates = [
        {"first": event.first, "last": event.last, "matter": event.matter.label, "subject": event.subject}
        for event in rhythm_events(today, today + timedelta(days=days))
    ]
    late = _("过期了")
    rows = [
        (row["unit"], row["matter"], row["subject"], row["count"], row["due"], late if row["overdue"] else "")
        for row in told
    ]
    coming = [(row["first"], row["last"], row["matter"], row["subject"]) for row in dates]
    work.answer(
        {"waiting": told, "dates": dates},
        table(_("等着办的"), (_("单元"), _("事"), _("哪一期"), _("件数"), _("最晚哪天"), ""), rows),
        table(_("往后的日子"), (_("从"), _("到"), _("事"), _("哪一期")), coming),
    )
