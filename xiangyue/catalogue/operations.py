"""Every write on catalogues: importing one as a draft, and putting it in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePath

from django.db import transaction

from xiangyue.catalogue.conduct import forbidden
from xiangyue.catalogue.models import Cap, Catalogue, Category, Indicator, State
from xiangyue.catalogue.refusals import (
    DeductionWithoutGrounds,
    EmptyCatalogue,
    ForbiddenConsequence,
    NotADraft,
    NotAfterPresent,
)
from xiangyue.catalogue.table import GROUNDS, TEXTS, Line, Reading, read_catalogue
from xiangyue.catalogue.terms import Direction
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Unit
from xiangyue.people.offices import Act
from xiangyue.people.permissions import require
from xiangyue.records.models import StoredFile
from xiangyue.records.operations import log_act, store_file
from xiangyue.sheets.problems import Problem


@dataclass(frozen=True)
class CatalogueReport:
    """What an import made, or would make.

    structured: indicators whose points are bounded; case_by_case: those decided each time.
    warnings: what has to be mended before the draft can be put in force, and what may not have been meant.
    catalogue_id: of the draft; None after a dry run.
    """

    indicators: int
    categories: int
    structured: int
    case_by_case: int
    warnings: tuple[Problem, ...]
    catalogue_id: int | None


def import_catalogue(
    *, actor: Actor, unit_id: int, content: bytes, name: str, dry_run: bool = False
) -> CatalogueReport:
    """Read a catalogue from a sheet (RULES "Excel and CSV form") and keep it, with the file, as a draft.

    The whole file is imported, or nothing of it. A dry run makes the same report and stores nothing.
    Raises: NotAllowed; SheetRefused with every problem; what a file that is no such table raises.
    """
    with transaction.atomic():
        unit = Unit.objects.get(pk=unit_id)
        actor = require(actor, Act.MANAGE_CATALOGUE, unit)
        reading = read_catalogue(content, name)
        reading.problems.raise_if_any()
        if dry_run:
            return _report(reading, None)
        catalogue = Catalogue.objects.create(
            unit=unit, name=PurePath(name).stem[:120], source=store_file(name=name, content=content)
        )
        _write(catalogue, reading.lines)
        log_act(
            actor=actor,
            act="import_catalogue",
            subject="catalogue",
            subject_ids=[catalogue.pk],
            to_state=State.DRAFT,
        )
        return _report(reading, catalogue.pk)


def enact(
    *, actor: Actor, catalogue_id: int, on: date, minutes: bytes | None = None, minutes_name: str = ""
) -> Catalogue:
    """Put a draft in force from a day; the unit's present catalogue judges acts up to the day before.

    on: may lie in the past, but after the day from which the present catalogue is in force. minutes: of the
    meeting that deliberated the draft.
    Raises: NotAllowed, NotADraft, EmptyCatalogue, DeductionWithoutGrounds, ForbiddenConsequence,
    NotAfterPresent.
    """
    with transaction.atomic():
        unit_id = Catalogue.objects.values_list("unit_id", flat=True).get(pk=catalogue_id)
        unit = Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
        actor = require(actor, Act.MANAGE_CATALOGUE, unit)
        draft = Catalogue.objects.select_for_update().get(pk=catalogue_id)
        if draft.state != State.DRAFT:
            raise NotADraft(catalogue=draft.name, state=draft.get_state_display())
        _check_lawful(draft)
        stored = None if minutes is None else store_file(name=minutes_name, content=minutes)
        _supersede(actor, unit, on)
        _put_in_force(actor, draft, on, stored)
        return draft


def _report(reading: Reading, catalogue_id: int | None) -> CatalogueReport:
    return CatalogueReport(
        indicators=len(reading.lines),
        categories=len(_categories(reading.lines)),
        structured=len(reading.lines) - reading.case_by_case,
        case_by_case=reading.case_by_case,
        warnings=tuple(reading.warnings),
        catalogue_id=catalogue_id,
    )


def _categories(lines: Iterable[Line]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((line.family, line.category) for line in lines))


def _write(catalogue: Catalogue, lines: list[Line]) -> None:
    categories = Category.objects.bulk_create(
        Category(catalogue=catalogue, family=family, name=name, position=position)
        for position, (family, name) in enumerate(_categories(lines), 1)
    )
    category_of = {(category.family, category.name): category for category in categories}
    indicators = Indicator.objects.bulk_create(
        _indicator(catalogue, category_of[line.family, line.category], position, line)
        for position, line in enumerate(lines, 1)
    )
    Cap.objects.bulk_create(
        Cap(
            indicator=indicator,
            window=limit.window,
            measure=limit.measure,
            amount=limit.amount,
            scope=limit.scope,
        )
        for indicator, line in zip(indicators, lines, strict=True)
        for limit in line.limits
    )


def _indicator(catalogue: Catalogue, category: Category, position: int, line: Line) -> Indicator:
    return Indicator(
        catalogue=catalogue,
        category=category,
        position=position,
        number=line.number,
        title=line.title,
        direction=line.direction,
        form=line.value.form,
        points_min=line.value.minimum,
        points_max=line.value.maximum,
        unit=line.unit,
        subject=line.subject,
        **line.texts,
    )


def _check_lawful(draft: Catalogue) -> None:
    """Refuse what CONDUCT forbids ("No loss of rights", "Named and refused"), by indicator and clause."""
    indicators = list(draft.indicators.all())
    if not indicators:
        raise EmptyCatalogue(catalogue=draft.name)
    for indicator in indicators:
        _check_grounds(indicator)
        texts = (indicator.title, *(getattr(indicator, field) for field in TEXTS.values()))
        if found := forbidden(Direction(indicator.direction), texts):
            consequence, words = found
            raise ForbiddenConsequence(
                number=indicator.number,
                title=indicator.title,
                words=words,
                consequence=consequence.name,
                source=consequence.source,
                instead=consequence.instead,
            )


def _check_grounds(indicator: Indicator) -> None:
    missing = [header for field, header in GROUNDS.items() if not getattr(indicator, field)]
    if indicator.direction == Direction.DEDUCTION and missing:
        raise DeductionWithoutGrounds(
            number=indicator.number, title=indicator.title, missing="、".join(missing)
        )


def _supersede(actor: Actor, unit: Unit, on: date) -> None:
    present = Catalogue.objects.select_for_update().filter(unit=unit, state=State.IN_FORCE).first()
    if present is None:
        return
    assert present.in_force_from is not None  # held by the constraint catalogue_state_has_days
    if on <= present.in_force_from:
        raise NotAfterPresent(catalogue=present.name, since=present.in_force_from, on=on)
    present.state = State.SUPERSEDED
    present.in_force_until = on - timedelta(days=1)
    present.save(update_fields=["state", "in_force_until"])
    _log_change(actor, "supersede_catalogue", present, State.IN_FORCE)


def _put_in_force(actor: Actor, draft: Catalogue, on: date, minutes: StoredFile | None) -> None:
    draft.state = State.IN_FORCE
    draft.in_force_from = on
    draft.minutes = minutes
    draft.save(update_fields=["state", "in_force_from", "minutes"])
    _log_change(actor, "enact_catalogue", draft, State.DRAFT)


def _log_change(actor: Actor, act: str, catalogue: Catalogue, before: State) -> None:
    log_act(
        actor=actor,
        act=act,
        subject="catalogue",
        subject_ids=[catalogue.pk],
        from_state=before,
        to_state=catalogue.state,
    )
