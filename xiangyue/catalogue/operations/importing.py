"""Importing a catalogue from a table as a draft."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from django.db import transaction

from xiangyue.catalogue.codec import scheme_to_json
from xiangyue.catalogue.language.report import Report, check_file
from xiangyue.catalogue.models import Catalogue, Category, Indicator, State, rule_of
from xiangyue.catalogue.operations.changing import beside_frame
from xiangyue.catalogue.queries import frame_above, indicators_of, scheme_for
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.scheme import Scheme
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Unit
from xiangyue.people.offices import Act
from xiangyue.people.permissions import require
from xiangyue.records.operations import log_act, store_file
from xiangyue.sheets.problems import Problem


@dataclass(frozen=True)
class CatalogueReport:
    """What an import made, or would make.

    structured: indicators whose points can be computed; case_by_case: those decided each time.
    warnings: what may not have been meant. catalogue_id: of the draft; None after a dry run.
    """

    indicators: int
    categories: int
    structured: int
    case_by_case: int
    warnings: tuple[Problem, ...]
    catalogue_id: int | None


def import_catalogue(
    *,
    actor: Actor,
    unit_id: int,
    content: bytes,
    name: str,
    scheme: Scheme | None = None,
    is_local: bool = False,
    dry_run: bool = False,
) -> CatalogueReport:
    """Read a catalogue from a sheet (RULES "Excel and CSV form") and keep it, with the file, as a draft.

    scheme: what holds beside the indicators; without one, what holds in the unit now goes on holding. is_local: the
    table lists the unit's own items, beside the frame above it, and other points for items of that frame, which it
    names by number and title. The whole file is imported, or nothing of it. A dry
    run makes the same report and stores nothing.
    Raises: NotAllowed; NoFrame; SheetRefused with every problem; what a file that is no such table raises.
    """
    with transaction.atomic():
        unit = Unit.objects.get(pk=unit_id)
        actor = require(actor, Act.MANAGE_CATALOGUE, unit)
        report = check_file(content, name)
        changes = beside_frame(report, indicators_of(frame_above(unit))) if is_local else {}
        report.problems.raise_if_any()
        if dry_run:
            return _told(report, None)
        catalogue = Catalogue.objects.create(
            unit=unit,
            name=PurePath(name).stem[:120],
            source=store_file(name=name, content=content),
            scheme=scheme_to_json(scheme if scheme is not None else scheme_for(unit)),
            is_local=is_local,
        )
        _write(catalogue, report.items, changes)
        log_act(
            actor=actor,
            act="import_catalogue",
            subject="catalogue",
            subject_ids=[catalogue.pk],
            to_state=State.DRAFT,
        )
        return _told(report, catalogue.pk)


def _told(report: Report, catalogue_id: int | None) -> CatalogueReport:
    return CatalogueReport(
        indicators=len(report.rows),
        categories=len(_categories(report.items)),
        structured=report.structured,
        case_by_case=report.case_by_case,
        warnings=tuple(report.warnings),
        catalogue_id=catalogue_id,
    )


def _categories(items: Iterable[Item]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((item.family, item.category) for item in items))


def _write(catalogue: Catalogue, items: Sequence[Item], changes: Mapping[str, Indicator]) -> None:
    categories = Category.objects.bulk_create(
        Category(catalogue=catalogue, family=family, name=name, position=position)
        for position, (family, name) in enumerate(_categories(items), 1)
    )
    category_of = {(category.family, category.name): category for category in categories}
    Indicator.objects.bulk_create(
        Indicator(
            catalogue=catalogue,
            category=category_of[item.family, item.category],
            position=position,
            number=item.number,
            title=item.title,
            rule=rule_of(item),
            changes=changes.get(item.number),
        )
        for position, item in enumerate(items, 1)
    )
