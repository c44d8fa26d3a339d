"""What the worker does for people's data: nobody's are kept longer than the scheme's term."""

from xiangyue.people.operations.erasing import erase_due, forget_old_sheets
from xiangyue.tenancy.jobs import every_few_minutes


def keep_to_terms() -> None:
    """Erase whose term is over, and imported sheets, in the county whose schema is entered."""
    erase_due()
    forget_old_sheets()


every_few_minutes("people-terms", keep_to_terms, minutes=30)
