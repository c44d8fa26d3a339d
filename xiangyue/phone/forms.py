"""What the phone's forms have in common."""

from uuid import UUID

from xiangyue.kernel.ids import public_id
from xiangyue.people.models import Household


def form_key(form: str, household: Household, number: str) -> str:
    """Give the key of what a form with its own number sends, so that sending it twice counts once.

    form: which it is. A number that we did not draw counts as a new form's.
    """
    try:
        own = UUID(number)
    except ValueError:
        own = public_id()
    return f"{form}:{household.pk}:{own}"
