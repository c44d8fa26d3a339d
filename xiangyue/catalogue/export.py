"""A catalogue written as the table it can be imported from again (RULES "Excel and CSV form")."""

from xiangyue.catalogue.limits import format_limits
from xiangyue.catalogue.models import Catalogue, Indicator
from xiangyue.catalogue.queries import indicators_of, rule_of
from xiangyue.catalogue.table import (
    CATEGORY,
    DIRECTION,
    DIRECTIONS,
    FAMILY,
    HEADERS,
    LIMITS,
    NUMBER,
    SUBJECT,
    SUBJECTS,
    TEXTS,
    TITLE,
    UNIT,
    VALUE,
)
from xiangyue.catalogue.values import Value, format_value


def to_rows(catalogue: Catalogue) -> list[list[str]]:
    """Give the header row, and a row for each indicator; reading them again gives the same catalogue."""
    rows = [_cells(indicator) for indicator in indicators_of(catalogue)]
    return [list(HEADERS), *([cells.get(header, "") for header in HEADERS] for cells in rows)]


def _cells(indicator: Indicator) -> dict[str, str]:
    rule = rule_of(indicator)
    texts = {header: getattr(indicator, field) for header, field in TEXTS.items()}
    return texts | {
        FAMILY: indicator.category.family,
        CATEGORY: indicator.category.name,
        NUMBER: indicator.number,
        TITLE: indicator.title,
        DIRECTION: DIRECTIONS[rule.direction][0],
        VALUE: format_value(Value(rule.form, rule.minimum, rule.maximum, rule.unit)),
        UNIT: rule.unit,
        LIMITS: format_limits(rule.limits),
        SUBJECT: SUBJECTS[rule.subject][0],
    }
