"""What the views give to each page: full, least and empty. A new page brings a module of its own."""

from tests.ui.samples import gate, home, ledger, objecting
from tests.ui.samples.common import Pages

PAGES: Pages = {**gate.PAGES, **home.PAGES, **ledger.PAGES, **objecting.PAGES}
