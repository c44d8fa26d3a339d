"""Options that several commands share."""

import click
from django.utils.translation import gettext_lazy

village_option = click.option(
    "--village", required=True, metavar="CODE", help=str(gettext_lazy("哪个村（官方代码）"))
)
period_option = click.option(
    "--period", required=True, metavar="YYYY-MM", help=str(gettext_lazy("哪个月，例如 2026-10"))
)
household_option = click.option(
    "--household", required=True, metavar="NUMBER", help=str(gettext_lazy("户号"))
)
key_option = click.option("--key", metavar="TEXT", help=str(gettext_lazy("防重号：同一个号办两次，只算一次")))


def numbered(text: str, option: str) -> tuple[int, str]:
    """Split `41=10` into its number and the rest, which may be missing. Raises: BadParameter."""
    number, _equals, rest = text.partition("=")
    if not number.isdecimal():
        raise click.BadParameter(text, param_hint=option)
    return int(number), rest
