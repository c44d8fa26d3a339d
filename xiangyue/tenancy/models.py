"""Jurisdictions and their addresses: all that the `public` schema knows of a county."""

from django.db import models
from django_tenants.models import DomainMixin, TenantMixin


class Jurisdiction(TenantMixin):  # type: ignore[misc]
    """A tenant: one city, county, district or town that runs a scheme (辖区). Its data lies in a schema of its own.

    slug: short key, chosen at founding, since two towns of one county may each run a scheme.
    division_code: official code of 2023 (4 digits city, 6 county, 9 town).
    preset: which of the ready schemes it was founded with.
    """

    slug = models.SlugField(unique=True, max_length=30)
    name = models.CharField(max_length=60)
    division_code = models.CharField(max_length=9)
    preset = models.CharField(max_length=30)
    founded_on = models.DateField()

    auto_create_schema = False  # founding does it, inside its own transaction
    auto_drop_schema = False

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.name


class Domain(DomainMixin):  # type: ignore[misc]
    """A host name that leads to a jurisdiction."""

    class Meta:
        ordering = ("domain",)

    def __str__(self) -> str:
        return str(self.domain)
