"""Founding a jurisdiction and taking one down."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django_tenants.utils import schema_context, schema_exists

from xiangyue.catalogue.operations.enacting import enact
from xiangyue.catalogue.operations.importing import import_catalogue
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Level, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.appointments import appoint
from xiangyue.people.operations.joining import admit_all
from xiangyue.people.operations.register import fill_register
from xiangyue.people.operations.units import NewUnit, create_units
from xiangyue.records import storage
from xiangyue.scoring.models import ScoringRules
from xiangyue.setup import divisions, presets
from xiangyue.setup.archive import archive as write_archive
from xiangyue.setup.archive import default_archive
from xiangyue.setup.refusals import (
    ArchiveExists,
    ArchiveFailed,
    BadHost,
    BadSlug,
    HostTaken,
    NotAJurisdiction,
    SlugTaken,
)
from xiangyue.tenancy.keys import make_key
from xiangyue.tenancy.models import Domain, Jurisdiction
from xiangyue.tenancy.queries import jurisdiction_by_slug
from xiangyue.users.operations import create_user

ADMIN_LOGIN = "admin"
SLUG_FORM = re.compile(r"[a-z][a-z0-9]{1,29}")
HOST_FORM = re.compile(r"[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?")
GOVERNED = {divisions.Level.CITY, divisions.Level.COUNTY, divisions.Level.TOWN}
LEVELS = {
    divisions.Level.CITY: Level.CITY,
    divisions.Level.COUNTY: Level.COUNTY,
    divisions.Level.TOWN: Level.TOWN,
    divisions.Level.VILLAGE: Level.VILLAGE,
}


@transaction.atomic
def found_jurisdiction(*, slug: str, division_code: str, preset: str, host: str) -> Jurisdiction:
    """Found a jurisdiction: its schema, its tree from the official codes, its scheme, and an administrator `admin`.

    division_code: of a city (4 digits), a county (6) or one town (9). preset: the key of a ready scheme, or the
    path of one's own .toml file. Whole or not at all: a founding that is killed leaves nothing.
    Raises: BadSlug, SlugTaken, BadHost, HostTaken, UnknownDivision, NotAJurisdiction, UnknownPreset, PresetRefused.
    """
    scheme = presets.load(preset)
    division = divisions.find(division_code)
    if division.level not in GOVERNED or division.is_filler:
        raise NotAJurisdiction(name=division.name, division=division.code)
    jurisdiction = _register(slug, division, scheme.key, host.lower())
    with _without_leftovers(jurisdiction):
        jurisdiction.create_schema(sync_schema=True, verbosity=0)
        with schema_context(jurisdiction.schema_name):
            _fill(division.code, scheme)
        make_key(jurisdiction.schema_name)
    return jurisdiction


def remove_jurisdiction(*, slug: str, archive: Path | None = None) -> Path:
    """Archive a jurisdiction, then take it down with all its data; give the archive's place.

    Nobody can write between the archive and the removal. Raises: UnknownJurisdiction, ArchiveExists, ArchiveFailed.
    """
    jurisdiction = jurisdiction_by_slug(slug)
    target = archive or default_archive(jurisdiction)
    if target.exists():
        raise ArchiveExists(archive=target)
    with transaction.atomic():
        try:
            write_archive(jurisdiction, target)
        except OSError as error:
            raise ArchiveFailed(archive=target, cause=error.strerror or error) from error
        jurisdiction.delete(force_drop=True)
    storage.drop_all(jurisdiction.schema_name)
    return target


def everyday_name(official: str) -> str:
    """Call a village what people call it. The list of codes names its committee: 大罗村村委会, 联和村委会."""
    for committee in ("村民委员会", "村委会"):
        if official.endswith(committee):
            return official.removesuffix(committee).removesuffix("村") + "村"
    for committee in ("居民委员会", "居委会"):
        place = official.removesuffix(committee)
        if place != official and place.endswith("社区"):
            return place
    return official


def _register(slug: str, division: divisions.Division, preset: str, host: str) -> Jurisdiction:
    if not SLUG_FORM.fullmatch(slug):
        raise BadSlug(slug=slug)
    if not HOST_FORM.fullmatch(host):
        raise BadHost(host=host)
    with connection.cursor() as cursor:  # one founding after another, so that what is free stays free
        cursor.execute("LOCK TABLE tenancy_jurisdiction IN SHARE ROW EXCLUSIVE MODE")
    schema = f"county_{slug}"
    if Jurisdiction.objects.filter(slug=slug).exists() or schema_exists(schema):
        raise SlugTaken(slug=slug)
    if Domain.objects.filter(domain=host).exists():
        raise HostTaken(host=host)
    jurisdiction: Jurisdiction = Jurisdiction.objects.create(
        schema_name=schema,
        slug=slug,
        name=division.name,
        division_code=division.code,
        preset=preset,
        founded_on=clock.today(),
    )
    Domain.objects.create(tenant=jurisdiction, domain=host, is_primary=True)
    return jurisdiction


@contextmanager
def _without_leftovers(jurisdiction: Jurisdiction) -> Iterator[None]:
    """Files don't roll back with the tables: take away what a killed founding has left, and our own if we fail."""
    storage.drop_all(jurisdiction.schema_name)
    try:
        yield
    except BaseException:
        storage.drop_all(jurisdiction.schema_name)
        raise


def _fill(division_code: str, scheme: presets.Preset) -> None:
    root = _create_tree(division_code)
    if scheme.admit_at_founding:
        admit_all(actor=SYSTEM, level=Level(scheme.judging_level))
    ScoringRules.objects.create(
        judging_level=scheme.judging_level,
        quorum_percent=scheme.quorum_percent,
        unit_word=scheme.unit_word,
        **_way_and_rhythm(scheme),
    )
    _fill_register(scheme)
    _enact_preset(root, scheme)
    _appoint_admin(root)


def _way_and_rhythm(scheme: presets.Preset) -> dict[str, Any]:
    """Give the columns of `ScoringRules` that say by which steps, and how often, a scheme scores."""
    way, rhythm = scheme.scheme.way, scheme.rhythm
    often = {name: getattr(rhythm, name) for name in ("scored", "redeemed", "compared", "ranked", "reviewed")}
    return {
        "stages": [stage.value for stage in way.stages],
        "deductions_through": scheme.deductions_through.value if scheme.deductions_through else "",
        "notice_days": way.notice_days,
        "objection_days": way.objection_days,
        **{name: window.value if window else "" for name, window in often.items()},
    }


def _create_tree(division_code: str) -> Unit:
    """Create the units of a division. Fillers, which nobody governs, are left out: what they hold moves up."""
    found = divisions.tree(division_code)
    parents = {division.code: division.parent for division in found}
    fillers = {division.code for division in found if division.is_filler and division.code != division_code}

    def parent_of(code: str) -> str | None:
        parent = parents[code]
        return parent_of(parent) if parent in fillers else parent

    create_units(
        divisions=[
            NewUnit(
                code=division.code,
                name=everyday_name(division.name),
                level=LEVELS[division.level],
                parent_code=None if division.code == division_code else parent_of(division.code),
            )
            for division in found
            if division.code not in fillers
        ]
    )
    return Unit.objects.get(code=division_code)


def _fill_register(scheme: presets.Preset) -> None:
    fill_register(
        offices=scheme.offices,
        seats=scheme.seats,
        keeps_id_numbers=scheme.keeps_id_numbers,
        retention_years=scheme.retention_years,
    )


def _enact_preset(root: Unit, scheme: presets.Preset) -> None:
    name = f"{scheme.catalogue_name}{Path(scheme.catalogue_file).suffix}"
    report = import_catalogue(
        actor=SYSTEM, unit_id=root.pk, content=scheme.catalogue, name=name, scheme=scheme.scheme
    )
    assert report.catalogue_id is not None  # only a dry run makes none
    enact(actor=SYSTEM, catalogue_id=report.catalogue_id, on=clock.today().replace(month=1, day=1))


def _appoint_admin(root: Unit) -> None:
    admin = create_user(login=ADMIN_LOGIN, name="管理员")
    appoint(
        actor=SYSTEM,
        user_id=admin.pk,
        office=Office.ADMINISTRATOR,
        unit_id=root.pk,
        since=clock.today(),
    )
