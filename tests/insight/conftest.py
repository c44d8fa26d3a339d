from tests.auditor.conftest import month, two_months

__all__ = ["month", "two_months"]
