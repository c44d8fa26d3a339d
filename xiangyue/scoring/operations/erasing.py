"""What scoring keeps of a person: given to them, and erased with them (`people/person.py`).

Points, decisions and digests stay: they hold ids and figures. What may name somebody are texts that people wrote, the
masked heads on notices, and evidence.
"""

from collections.abc import Collection

from django.db.models import Q
from django.utils.translation import gettext as _

from xiangyue.kernel.actors import SYSTEM, ActorKind
from xiangyue.kernel.masking import STAR
from xiangyue.people.models import Resident
from xiangyue.people.operations.erasing import blank, strike
from xiangyue.people.person import Erased, Row, Section
from xiangyue.records.kinds import CSV, XLS, XLSX
from xiangyue.records.models import LoggedAct
from xiangyue.records.operations import erase_files
from xiangyue.scoring.models import (
    Confirmation,
    Decision,
    Deed,
    Evidence,
    InspectionScore,
    Notice,
    NoticeTotal,
    Objection,
    ObjectionEvidence,
    Remark,
    Share,
    Source,
)

SHEETS = (XLSX.media_type, XLS.media_type, CSV.media_type)


def kept_of(resident: Resident) -> list[Section]:
    """Give the deeds in which a person is named, the objections that they lodged as a user, and remarks of theirs or on
    what is theirs."""
    shares = Share.objects.filter(resident=resident).select_related("deed__indicator")
    deeds = [
        {
            "day": share.deed.day,
            "title": share.deed.indicator.title,
            "description": share.deed.description,
            "centipoints": share.points,
            "sentence": share.sentence,
        }
        for share in shares.order_by("deed__day", "id")
    ]
    lodged = Objection.objects.filter(
        lodged_by_kind=ActorKind.USER, lodged_by_id=resident.user_id or 0
    ).order_by("id")
    objections = [
        {
            "at": each.lodged_at,
            "kind": each.get_kind_display(),
            "text": each.text,
            "state": str(each.get_state_display()),
            "answer": each.answer,
        }
        for each in lodged
    ]
    return [
        Section(
            "deeds",
            _("积分事项"),
            {
                "day": _("日期"),
                "title": _("事项"),
                "description": _("说明"),
                "centipoints": _("百分之一分"),
                "sentence": _("怎么算的"),
            },
            deeds,
        ),
        Section(
            "objections",
            _("异议"),
            {
                "at": _("时间"),
                "kind": _("哪里不对"),
                "text": _("异议"),
                "state": _("结果"),
                "answer": _("答复"),
            },
            objections,
        ),
        Section(
            "remarks",
            _("监督意见"),
            {"at": _("时间"), "own": _("本人提的"), "text": _("意见"), "answer": _("答复")},
            _remarks(resident),
        ),
    ]


def _remarks(resident: Resident) -> list[Row]:
    """Give the remarks that a person made as a supervisor, and those on deeds in which they are named."""
    concerned = Q(made_by=resident.user_id or 0) | Q(share__resident=resident)
    return [
        {
            "at": each.made_at,
            "own": each.made_by_id == resident.user_id,
            "text": each.text,
            "answer": each.answer,
        }
        for each in Remark.objects.filter(concerned).order_by("id")
    ]


def erase(erased: Erased) -> None:
    """Take out of deeds, decisions, objections, remarks, notices and the log what names the erased."""
    homes = erased.households
    others = Share.objects.exclude(resident_id__in=erased.residents)
    alone = Deed.objects.filter(shares__resident_id__in=erased.residents)
    alone_ids = set(
        alone.exclude(id__in=others.filter(deed__in=alone).values("deed")).values_list("id", flat=True)
    )
    blank(Deed.objects.filter(id__in=alone_ids), "description")
    _erase_evidence(alone_ids, homes)
    objections = Objection.objects.filter(
        Q(household_id__in=homes) | Q(line__household_id__in=homes) | Q(total__household_id__in=homes)
    )
    for field in ("description", "activity", "fact"):
        strike(Deed.objects.all(), field, erased, own=Q(shares__household_id__in=homes))
    for field in ("sentence", "reason"):
        strike(Share.objects.all(), field, erased, own=Q(household_id__in=homes))
    strike(Decision.objects.all(), "reason", erased, own=Q(share__household_id__in=homes))
    strike(Confirmation.objects.all(), "reason", erased, own=Q(decision__share__household_id__in=homes))
    strike(InspectionScore.objects.all(), "note", erased, own=Q(household_id__in=homes))
    # Why a special notice was hung out may name whom it praises.
    strike(Notice.objects.all(), "reason", erased, own=Q(sheets__lines__household_id__in=homes))
    for field in ("text", "answer"):
        strike(Objection.objects.all(), field, erased, own=Q(id__in=objections.values("id")))
        strike(Remark.objects.all(), field, erased, own=Q(share__household_id__in=homes))
    # An upheld objection's answer is also why the log says that the next edition was issued.
    noticed = Q(
        unit__in=objections.values("sheet__notice__unit"),
        period__in=objections.values("sheet__notice__period"),
    )
    about = {
        "deed": Deed.objects.filter(shares__household_id__in=homes),
        "objection": objections,
        "notice": Notice.objects.filter(noticed),
    }
    own = Q()
    for subject, rows in about.items():
        own |= Q(subject=subject, subject_id__in=rows.values("id"))
    strike(LoggedAct.objects.all(), "reason", erased, own=own)
    # Digests are over numbers and figures, not over names.
    NoticeTotal.objects.filter(household_id__in=homes, masked_name__in=erased.masked).update(masked_name=STAR)


def _erase_evidence(alone: Collection[int], homes: Collection[int]) -> None:
    """Erase the evidence of deeds that were theirs alone, the sheets that brought any of their households' deeds, and
    the photos with which their households objected.

    What shows others' deeds too stays theirs; a sheet only says what the deeds say themselves.
    """
    files = set(Evidence.objects.filter(deed_id__in=alone).values_list("file_id", flat=True))
    elsewhere = Evidence.objects.filter(file_id__in=files).exclude(deed_id__in=alone)
    files -= set(elsewhere.values_list("file_id", flat=True))
    sheets = Evidence.objects.filter(deed__source=Source.SHEET, deed__shares__household_id__in=homes)
    sheets = sheets.filter(file__media_type__in=SHEETS, file__erased_at=None)
    files |= set(sheets.values_list("file_id", flat=True))
    files |= _photos_of_objectors(homes)
    erase_files(actor=SYSTEM, file_ids=sorted(files), reason="person-erased")


def _photos_of_objectors(homes: Collection[int]) -> set[int]:
    """Give the photos that these households showed, and nobody else did."""
    shown = ObjectionEvidence.objects.filter(file__erased_at=None)
    files = set(shown.filter(objection__household_id__in=homes).values_list("file_id", flat=True))
    others = shown.filter(file_id__in=files).exclude(objection__household_id__in=homes)
    files -= set(others.values_list("file_id", flat=True))
    return files - set(Evidence.objects.filter(file_id__in=files).values_list("file_id", flat=True))
