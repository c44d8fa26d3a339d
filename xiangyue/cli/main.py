"""The entry point of `xiangyue`. Django is set up first, since commands import the rooms' operations."""

import gc
import os
import sys

import click
from django.conf import settings
from django.utils import translation

from xiangyue.kernel.refusals import Refusal

REFUSED = 1


def main() -> None:
    """Run one command and leave with its exit code (docs/commands.md)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiangyue.config.settings")
    try:
        import django

        django.setup()
        translation.activate(os.environ.get("XIANGYUE_LANG", settings.LANGUAGE_CODE))
        from xiangyue.cli.words import speak

        speak()
        from xiangyue.cli.commands import cli
    except Refusal as refusal:  # a data folder that can't be used is noticed while settings are read
        click.echo(f"{refusal} [{refusal.code}]", err=True)
        sys.exit(REFUSED)
    gc.freeze()  # what is loaded stays: founding a county, which makes much garbage, is quicker by a quarter
    cli(prog_name="xiangyue")
