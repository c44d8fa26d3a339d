"""Where a county's files lie when they lie in a folder."""

from pathlib import Path

from django.conf import settings

from xiangyue.tenancy.models import Jurisdiction


def files_folder(jurisdiction: Jurisdiction) -> Path:
    return Path(str(settings.HOME), "files", jurisdiction.schema_name)
