"""Templates are rendered here without any face's views, and a variable that nobody gives is an error."""

from copy import deepcopy
from typing import Any

import pytest
from pytest_django.fixtures import Settings


class Strict(str):
    """What Django writes where a variable is missing: nothing, for it stops."""

    __slots__ = ()

    def __mod__(self, name: Any) -> str:
        raise AssertionError(f"no such variable: {name}")


@pytest.fixture(autouse=True)
def strict_templates(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.ui.urls"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["string_if_invalid"] = Strict("%s")
    settings.TEMPLATES = templates
