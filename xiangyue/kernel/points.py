"""Points as whole numbers of centipoints: 1 point (分) = 100 centipoints. There are no floats anywhere."""

import unicodedata
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal

CENTIPOINTS_PER_POINT = 100
MINUS = "\N{MINUS SIGN}"  # as wide as the plus sign, so that columns of figures stay straight


class NotPoints(Refusal):
    code = "not-points"
    message = _("“%(text)s”不是分值。请写数字，最多两位小数，例如 5 或 0.5。")
    field = "points"


def parse_points(text: str) -> int:
    """Read points as people write them ("5", "0.5", "＋３", "−2", "1,000") and give centipoints.

    Raises: NotPoints when it is no number or has more than two decimals.
    """
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("分").strip()
    plain = plain.replace(MINUS, "-").replace(",", "").replace("，", "")
    try:
        points = Decimal(plain)
        centipoints = points * CENTIPOINTS_PER_POINT
        whole = int(centipoints)
    except (InvalidOperation, OverflowError, ValueError):
        raise NotPoints(text=text) from None
    if whole != centipoints:
        raise NotPoints(text=text)
    return whole


def format_points(centipoints: int, *, signed: bool = False) -> str:
    """Write centipoints as points: 18600 -> "186", 50 -> "0.5", 123400 -> "1,234"; signed: "+35", "−2", "0"."""
    whole, rest = divmod(abs(centipoints), CENTIPOINTS_PER_POINT)
    figure = f"{whole:,}" + (f".{rest:02d}".rstrip("0") if rest else "")
    if centipoints < 0:
        return MINUS + figure
    return f"+{figure}" if signed and centipoints else figure


def times(centipoints: int, factor: Decimal) -> int:
    """Multiply centipoints by a factor, rounding half away from zero to whole centipoints."""
    exact = Decimal(centipoints) * factor
    return int(exact.quantize(Decimal(1), rounding="ROUND_HALF_UP"))
