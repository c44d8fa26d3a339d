"""Points as whole numbers of centipoints: 1 point (分) = 100 centipoints. There are no floats anywhere."""

import re
import unicodedata
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal

CENTIPOINTS_PER_POINT = 100
MINUS = "\N{MINUS SIGN}"  # as wide as the plus sign, so that columns of figures stay straight

# Figures as people write them: commas only between thousands, and nothing that a column of the ledger can't hold.
_FORM = re.compile(r"(?=.*\d)[+-]?(\d{1,9}|\d{1,3}(,\d{3}){1,2})?(\.\d{0,2}0*)?")


class NotPoints(Refusal):
    code = "not-points"
    message = _("“%(text)s”不是分值。请写数字，最多两位小数，例如 5 或 0.5。")
    field = "points"


def parse_points(text: str) -> int:
    """Read points as people write them ("5", "0.5", "＋３", "−2", "1,000") and give centipoints.

    Raises: NotPoints when it is no number, has more than two decimals, or is a thousand million and more.
    """
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("分").strip().replace(MINUS, "-")
    if not _FORM.fullmatch(plain):
        raise NotPoints(text=text)
    return int(Decimal(plain.replace(",", "")) * CENTIPOINTS_PER_POINT)


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
