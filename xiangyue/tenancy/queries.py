"""Reads on jurisdictions."""

from xiangyue.tenancy.models import Jurisdiction
from xiangyue.tenancy.refusals import UnknownJurisdiction


def jurisdiction_by_slug(slug: str) -> Jurisdiction:
    """Find a jurisdiction by its key. Raises: UnknownJurisdiction, naming those that exist."""
    known: dict[str, Jurisdiction] = {
        jurisdiction.slug: jurisdiction for jurisdiction in Jurisdiction.objects.all()
    }
    if slug not in known:
        raise UnknownJurisdiction(slug=slug, known="、".join(known) or "—")
    return known[slug]
