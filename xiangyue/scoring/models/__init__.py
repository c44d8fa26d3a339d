"""Scoring: the way of a deed from what happened to posted points (DOMAIN §3).

Deeds and their shares, meetings that decide them, notices that show the decisions, objections, settlement.
Points are signed centipoints everywhere: an award is positive, a deduction negative.
"""

from xiangyue.scoring.models.calendar import Reminder
from xiangyue.scoring.models.deeds import Deed, DeedState, Evidence, Share, Source
from xiangyue.scoring.models.inspections import Inspection, InspectionScore
from xiangyue.scoring.models.meetings import (
    Attendance,
    Call,
    Confirmation,
    Decision,
    Meeting,
    Verdict,
)
from xiangyue.scoring.models.notices import HeldLine, Notice, NoticeLine, NoticeSheet, NoticeTotal, Settlement
from xiangyue.scoring.models.objections import (
    Instance,
    Objection,
    ObjectionEvidence,
    ObjectionKind,
    ObjectionState,
    ObjectionWay,
    Remark,
)
from xiangyue.scoring.models.rules import Rhythm, ScoringRules

__all__ = [
    "Attendance",
    "Call",
    "Confirmation",
    "Decision",
    "Deed",
    "DeedState",
    "Evidence",
    "HeldLine",
    "Inspection",
    "InspectionScore",
    "Instance",
    "Meeting",
    "Notice",
    "NoticeLine",
    "NoticeSheet",
    "NoticeTotal",
    "Objection",
    "ObjectionEvidence",
    "ObjectionKind",
    "ObjectionState",
    "ObjectionWay",
    "Remark",
    "Reminder",
    "Rhythm",
    "ScoringRules",
    "Settlement",
    "Share",
    "Source",
    "Verdict",
]
