"""What shows that a deed happened (证明材料): what an indicator demands, and what of it a deed has.

Only what an indicator demands (必备：照片) is asked for, photos like the rest (CONDUCT "No burden"); what else its
row says of evidence is a remark that whoever verifies reads.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Final

from django.utils.translation import gettext as _

from xiangyue.catalogue.models import Indicator
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.terms import Proof
from xiangyue.records.kinds import CSV, JPEG, XLS, XLSX, kind_of
from xiangyue.records.models import StoredFile
from xiangyue.records.operations import store_file
from xiangyue.scoring.models import Deed, Evidence

Proofs = frozenset[Proof]

# A sheet of deeds is kept with each of them, and proves none.
_SHEETS: Final = frozenset({XLSX.media_type, XLS.media_type, CSV.media_type})
# What who brings a deed can show; the rest stands in the village's own books, and whoever verifies looks there.
_TO_BE_SHOWN: Final = frozenset({Proof.PHOTO, Proof.PLACE, Proof.CERTIFICATE, Proof.TWO_WITNESSES})


def lacking(item: Item, media_types: Collection[str], description: str) -> Proofs:
    """Give what an item demands and a deed does not show; what the village's own books say is not asked for.

    media_types: of the deed's files, as they are stored. A photo of a paper does for the paper.
    """
    return (item.evidence.proofs & _TO_BE_SHOWN) - _shown(media_types, description)


def media_type_of(name: str, content: bytes) -> str:
    """Give the media type under which a file will be stored. Raises: as `records.kinds.kind_of`."""
    kind = kind_of(content, name)
    return JPEG.media_type if kind.photo_format else kind.media_type


def kept_files(files: Iterable[tuple[str, bytes]]) -> list[StoredFile]:
    """Keep files, each once, and give their rows. files: (name, bytes).

    To be called before any lock of scoring: to encode a photo anew takes longer than others should wait. What is
    refused afterwards takes the rows with it, and `sweep_files` the bytes. In one order whoever sends them, so that
    two who send the same ones don't wait for each other in a circle. Raises: as `records.store_file`.
    """
    in_order = sorted(files, key=lambda file: file[1])
    return list(dict.fromkeys(store_file(name=name, content=content) for name, content in in_order))


def lacking_of(deeds: Iterable[Deed]) -> dict[int, Proofs]:
    """Give by id what deeds lack, for whoever verifies them; those that lack nothing are left out. Two queries."""
    known = {deed.pk: deed for deed in deeds}
    indicators = Indicator.objects.select_related("category", "catalogue").in_bulk(
        {deed.indicator_id for deed in known.values()}
    )
    types: dict[int, set[str]] = defaultdict(set)
    files = Evidence.objects.filter(deed__in=known).values_list("deed_id", "file__media_type")
    for deed_id, media_type in files:
        types[deed_id].add(media_type)
    lacks = {
        pk: lacking(indicators[deed.indicator_id].item, types[pk], deed.description)
        for pk, deed in known.items()
    }
    return {pk: proofs for pk, proofs in lacks.items() if proofs}


def proofs_text(proofs: Proofs) -> str:
    """Name what is demanded in plain words: 照片、地点."""
    names = {
        Proof.PHOTO: _("照片"),
        Proof.PLACE: _("地点"),
        Proof.CERTIFICATE: _("证书或者证明（拍照、扫描都行）"),
        Proof.TWO_WITNESSES: _("两个人签字的证明（拍照、扫描都行）"),
        Proof.CHECK_IN: _("签到"),
        Proof.CONFIRMATION: _("确认"),
        Proof.RECORD: _("记录"),
    }
    return _("、").join(names[proof] for proof in Proof if proof in proofs)


def _shown(media_types: Collection[str], description: str) -> Proofs:
    found = {Proof.PHOTO} if JPEG.media_type in media_types else set()
    if set(media_types) - _SHEETS:
        found |= {Proof.CERTIFICATE, Proof.TWO_WITNESSES}
    if description.strip():
        found.add(Proof.PLACE)
    return frozenset(found)
