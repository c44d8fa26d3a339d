"""A limit's rank as one small number that sorts as the rank does, and back. Pure."""

from xiangyue.catalogue.rules.model import Rank
from xiangyue.catalogue.rules.terms import Counting, Layer, Side, Whose, Window

# As Limit.rank: shared or not, then the places in these lists.
_SIZES = (2, len(Layer), len(Window), len(Counting), len(Whose), len(Side))


def code_of(rank: Rank) -> int:
    """Give the number of a rank, 0 to 3779. It holds as long as no word is added to these lists."""
    code = 0
    for place, size in zip(rank, _SIZES, strict=True):
        code = code * size + place
    return code


def rank_of(code: int) -> Rank:
    """Give the rank of a number."""
    places = []
    for size in reversed(_SIZES):
        code, place = divmod(code, size)
        places.append(place)
    return tuple(reversed(places))
