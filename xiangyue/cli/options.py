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
