"""Commands for deeds: the form, bringing, verifying, listing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.table import Table

from xiangyue.catalogue.entry import amount_in, row_in, side_in
from xiangyue.catalogue.queries import find_indicator, rules_in_force
from xiangyue.catalogue.rules.model import Item
from xiangyue.cli.common import DAY, Work, answer, in_county, json_option, table, write_new
from xiangyue.cli.options import household_option, key_option, village_option
from xiangyue.cli.sheet_problems import problems_listed
from xiangyue.kernel import clock
from xiangyue.kernel.ids import digest, public_id
from xiangyue.kernel.points import format_points, parse_points
from xiangyue.people.queries import resident_named
from xiangyue.scoring.attendance_sheet import attendance_form, read_attendance
from xiangyue.scoring.deed_sheet import deed_form, read_deeds
from xiangyue.scoring.facts import Given
from xiangyue.scoring.models import DeedState, Source
from xiangyue.scoring.operations.bringing import NewDeed, NewShare, bring_deeds
from xiangyue.scoring.operations.foreseeing import Foreseen, foresee
from xiangyue.scoring.operations.review import reject_deed, return_deed, verifiable_by, verify_deeds
from xiangyue.scoring.places import household_below
from xiangyue.scoring.proofs import lacking_of, proofs_text
from xiangyue.scoring.queries import shares_in_state, unverified_shares_in
from xiangyue.scoring.rules import judging_unit_by_code
from xiangyue.scoring.sources import SOURCES, usual_source

SINGLY = [source.value for source, rule in SOURCES.items() if rule.is_single]


@click.group(help=str(gettext_lazy("积分事项：谁家哪天做了什么")))
def deed() -> None:
    pass


@deed.command(help=str(gettext_lazy("写出一张空表，填好再导入")))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--attendance", is_flag=True, help=str(gettext_lazy("要活动的签到表")))
@json_option
def template(file: Path, *, attendance: bool, as_json: bool) -> None:
    write_new(file, attendance_form() if attendance else deed_form())
    answer({"file": str(file)}, _("写好了：%(file)s") % {"file": file}, as_json=as_json)


@deed.command("import", help=str(gettext_lazy("从表格导入，要么全进，要么一条不进")))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@village_option
@click.option("--dry-run", is_flag=True, help=str(gettext_lazy("只检查，不存")))
@in_county
def import_sheet(work: Work, file: Path, village: str, dry_run: bool) -> None:
    unit = judging_unit_by_code(village)
    content = file.read_bytes()
    # The same file brings its deeds once, however often it is imported.
    key = f"sheet:{unit.code}:{digest(content.hex())[:16]}"
    with problems_listed(as_json=work.as_json):
        deeds = read_deeds(unit, content, file.name, key=key)
    _bring_sheet(work, deeds, Source.SHEET, (file.name, content), dry_run)


@deed.command(help=str(gettext_lazy("导入一次活动的签到表：来了的，一户（一人）一份")))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@village_option
@click.option("--indicator", required=True, help=str(gettext_lazy("细则里的编号或名称")))
@click.option("--day", type=DAY, help=str(gettext_lazy("哪天的活动，默认今天")))
@click.option("--activity", required=True, help=str(gettext_lazy("什么活动，例如 十月清渠")))
@click.option("--dry-run", is_flag=True, help=str(gettext_lazy("只检查，不存")))
@in_county
def attendance(
    work: Work, file: Path, village: str, indicator: str, day: date | None, activity: str, dry_run: bool
) -> None:
    unit, held_on = judging_unit_by_code(village), day or clock.today()
    content = file.read_bytes()
    applied = find_indicator(rules_in_force(unit, held_on), indicator)
    # One activity of a day is brought once by the same list, under one indicator.
    same = f"{applied.pk}:{held_on}:{activity}:{content.hex()}"
    with problems_listed(as_json=work.as_json):
        new = read_attendance(
            unit,
            content,
            file.name,
            indicator=applied,
            day=held_on,
            activity=activity,
            key=f"attendance:{unit.code}:{digest(same)[:16]}",
        )
    _bring_sheet(work, [new], Source.ATTENDANCE, (file.name, content), dry_run)


def _bring_sheet(
    work: Work, deeds: list[NewDeed], source: Source, file: tuple[str, bytes], dry_run: bool
) -> None:
    facts = {"deeds": len(deeds), "shares": sum(len(deed.shares) for deed in deeds), "dry_run": dry_run}
    if dry_run:
        warnings = [
            _warning(each) for each in foresee(actor=work.actor, deeds=deeds, source=source) if each.is_cut
        ]
        told = _("检查过了，%(deeds)s件事、%(shares)s户次，都能导入；什么都没有存。") % facts
        work.answer({**facts, "warnings": warnings}, told, *_warned(warnings))
        return
    brought = bring_deeds(actor=work.actor, deeds=deeds, source=source, evidence=[file])
    facts["verified"] = sum(found.state == DeedState.VERIFIED for found in brought)
    work.answer(facts, _("报上了%(deeds)s件事、%(shares)s户次，其中%(verified)s件已核实。") % facts)


def _warning(foreseen: Foreseen) -> dict[str, str]:
    return {
        "household": foreseen.share.household.number,
        "indicator": foreseen.deed.indicator.title,
        "asked": format_points(foreseen.asked or 0, signed=True),
        "points": format_points(foreseen.points or 0, signed=True),
        "sentence": foreseen.sentence,
    }


def _warned(warnings: Sequence[Mapping[str, str]]) -> list[Table]:
    """Show what limits would cut, if anything: who brings may do so all the same."""
    if not warnings:
        return []
    columns = (_("户号"), _("指标"), _("该得"), _("今天算"), _("为什么"))
    title = _("提醒：%(count)s户次碰到上限，照报不误，评定时会减") % {"count": len(warnings)}
    return [table(title, columns, (row.values() for row in warnings))]


@deed.command(help=str(gettext_lazy("记一件事")))
@village_option
@household_option
@click.option("--indicator", required=True, help=str(gettext_lazy("细则里的编号或名称")))
@click.option("--day", type=DAY, help=str(gettext_lazy("哪天做的，默认今天")))
@click.option("--resident", metavar="NAME", help=str(gettext_lazy("哪一个人做的")))
@click.option("--points", help=str(gettext_lazy("细则写了幅度的，写要几分")))
@click.option("--quantity", help=str(gettext_lazy("按小时、按亩计分的，写数量")))
@click.option("--row", help=str(gettext_lazy("细则分几档的，写是哪一档，例如镇级、一等奖、严重")))
@click.option("--side", help=str(gettext_lazy("有加有扣的，写加还是扣")))
@click.option("--like", metavar="INDICATOR", help=str(gettext_lazy("参照别的一项记分的，写参照哪一项")))
@click.option("--role", default="", help=str(gettext_lazy("各人分不一样的，写是哪一种人")))
@click.option("--reason", default="", help=str(gettext_lazy("酌情评分的，写为什么评这么多")))
@click.option("--activity", default="", help=str(gettext_lazy("哪次活动；一次活动里的几件，写同一个名")))
@click.option("--note", default="", help=str(gettext_lazy("在哪里，做了什么")))
@click.option("--evidence", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--source",
    type=click.Choice(SINGLY),
    help=str(gettext_lazy("怎么报的，默认按职务；替别人家报的“自己申报”是代办")),
)
@key_option
@in_county
def add(
    work: Work,
    village: str,
    household: str,
    indicator: str,
    day: date | None,
    resident: str | None,
    points: str | None,
    quantity: str | None,
    row: str | None,
    side: str | None,
    like: str | None,
    role: str,
    reason: str,
    activity: str,
    note: str,
    evidence: tuple[Path, ...],
    source: str | None,
    key: str | None,
) -> None:
    unit = judging_unit_by_code(village)
    of = household_below(unit, household)
    done_on = day or clock.today()
    rules = rules_in_force(unit, done_on)
    applied = find_indicator(rules, indicator)
    given = replace(
        _given(applied.item, points, quantity, row, side),
        like=find_indicator(rules, like) if like else None,
        role=role,
        reason=reason,
    )
    share = NewShare(of, resident_named(of, resident) if resident else None, given)
    new = NewDeed(
        key=key or str(public_id()),
        indicator=applied,
        day=done_on,
        shares=[share],
        description=note,
        activity=activity,
    )
    files = [(path.name, path.read_bytes()) for path in evidence]
    by = Source(source) if source else usual_source(work.actor, of)
    warnings = [_warning(each) for each in foresee(actor=work.actor, deeds=[new], source=by) if each.is_cut]
    (brought,) = bring_deeds(actor=work.actor, deeds=[new], source=by, evidence=files)
    facts = {
        "deed": brought.pk,
        "state": brought.state,
        "words": brought.get_state_display(),
        "source": brought.source,
        "on_behalf": brought.is_on_behalf,
    }
    told = (
        _("报上了，第%(deed)s号，代办，%(words)s。")
        if brought.is_on_behalf
        else _("报上了，第%(deed)s号，%(words)s。")
    )
    work.answer({**facts, "warnings": warnings}, told % facts, *_warned(warnings))


def _given(item: Item, points: str | None, quantity: str | None, row: str | None, side: str | None) -> Given:
    placed = row_in(item, row) if row else None
    return Given(
        proposed=parse_points(points) if points else None,
        amount=amount_in(item, quantity) if quantity else None,
        level=placed.level if placed else None,
        rank=placed.rank if placed else None,
        severity=placed.severity if placed else None,
        row=placed.name if placed else "",
        side=side_in(item, side) if side else None,
    )


@deed.command("list", help=str(gettext_lazy("列出事项，默认列待核实的")))
@village_option
@click.option(
    "--state", type=click.Choice(DeedState.values), default=DeedState.SUBMITTED.value, show_default=True
)
@in_county
def list_all(work: Work, village: str, state: str) -> None:
    shares = list(shares_in_state(judging_unit_by_code(village), DeedState(state)))
    lacking = lacking_of({share.deed_id: share.deed for share in shares}.values())
    rows = [
        {
            "deed": share.deed_id,
            "share": share.pk,
            "day": share.deed.day,
            "household": share.household.number,
            "resident": share.resident.name if share.resident else "",
            "indicator": share.deed.indicator.title,
            "source": share.deed.get_source_display(),
            "on_behalf": share.deed.is_on_behalf,
            "lacks": proofs_text(lacking.get(share.deed_id, frozenset())),
            "note": share.deed.description,
        }
        for share in shares
    ]
    columns = (
        _("号"),
        _("份额"),
        _("日期"),
        _("户号"),
        _("姓名"),
        _("指标"),
        _("怎么报的"),
        _("缺什么"),
        _("说明"),
    )
    title = _("%(state)s：%(count)s条") % {"state": DeedState(state).label, "count": len(rows)}
    work.answer({"deeds": rows}, table(title, columns, map(_line, rows)))


def _line(row: Mapping[str, object]) -> list[object]:
    """Give a row for people: a deed on behalf is shown as such (代办)."""
    shown = dict(row)
    if shown.pop("on_behalf"):
        shown["source"] = _("代办")
    return list(shown.values())


@deed.command(help=str(gettext_lazy("核实：这件事我看见了，或者查过了")))
@village_option
@click.argument("deeds", nargs=-1, type=int)
@click.option("--all", "every", is_flag=True, help=str(gettext_lazy("我管的、待核实的，全部")))
@in_county
def verify(work: Work, village: str, deeds: tuple[int, ...], every: bool) -> None:
    unit = judging_unit_by_code(village)
    ids = verifiable_by(work.actor, unit) if every else list(deeds)
    verified = verify_deeds(actor=work.actor, deed_ids=ids)
    left = unverified_shares_in(unit)
    facts = {"deeds": len(verified), "left": left}
    work.answer(facts, _("核实了%(deeds)s件里您管的户，村里还有%(left)s户次待核实。") % facts)


@deed.command("return", help=str(gettext_lazy("退回补充，写明缺什么")))
@click.argument("deed_id", metavar="DEED", type=int)
@click.option("--reason", required=True, help=str(gettext_lazy("理由")))
@in_county
def send_back(work: Work, deed_id: int, reason: str) -> None:
    returned = return_deed(actor=work.actor, deed_id=deed_id, reason=reason)
    work.answer({"deed": returned.pk, "state": returned.state}, _("退回了。"))


@deed.command(help=str(gettext_lazy("不予受理，写明理由")))
@click.argument("deed_id", metavar="DEED", type=int)
@click.option("--reason", required=True, help=str(gettext_lazy("理由")))
@in_county
def reject(work: Work, deed_id: int, reason: str) -> None:
    rejected = reject_deed(actor=work.actor, deed_id=deed_id, reason=reason)
    work.answer({"deed": rejected.pk, "state": rejected.state}, _("没有通过，理由已记下。"))
