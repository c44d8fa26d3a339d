"""What the views give to each page: full, least and empty. A new page brings a module of its own."""

from tests.ui.samples import (
    declare,
    deeds,
    family,
    figures,
    gate,
    help,
    home,
    ledger,
    messages,
    objecting,
    opened,
    signing,
    who,
)
from tests.ui.samples.common import Pages

MODULES = (
    declare,
    deeds,
    family,
    figures,
    gate,
    help,
    home,
    ledger,
    messages,
    objecting,
    opened,
    signing,
    who,
)
PAGES: Pages = {name: page for module in MODULES for name, page in module.PAGES.items()}
