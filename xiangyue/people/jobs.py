"""What the worker does for people's data: nobody's are kept longer than the scheme's term."""

from datetime import timedelta

from xiangyue.kernel import clock
from xiangyue.people.operations.erasing import erase_due, forget_old_sheets
from xiangyue.people.operations.tries import forget_old_tries
from xiangyue.tenancy.jobs import every_few_minutes
from xiangyue.users.operations import forget_unfinished


def keep_to_terms() -> None:
    """Erase whose term is over, imported sheets, and old failed tries, in the county whose schema is entered."""
    erase_due()
    forget_old_sheets()
    forget_unfinished(before=clock.now() - timedelta(days=1))
    forget_old_tries()


every_few_minutes("people-terms", keep_to_terms, minutes=30)
