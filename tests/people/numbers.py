"""ID and phone numbers of nobody: the area 999999 was never given out, nor was the range 199 0000."""

from xiangyue.people.private import id_problem

PHONE = "19900000001"


def id_of(born: str = "19840309", serial: str = "001") -> str:
    """Make an ID number with the right last character."""
    stem = f"999999{born}{serial}"
    return next(stem + last for last in "0123456789X" if id_problem(stem + last) is None)
