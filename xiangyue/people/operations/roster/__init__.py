"""Importing rosters (户册): one village's, or a whole county's from one file."""

from xiangyue.people.operations.roster.changes import Change, Counts
from xiangyue.people.operations.roster.importing import LEAF_LEVELS, Mode, import_roster, import_rosters
from xiangyue.people.operations.roster.reports import NewOffice, RosterReport

__all__ = [
    "LEAF_LEVELS",
    "Change",
    "Counts",
    "Mode",
    "NewOffice",
    "RosterReport",
    "import_roster",
    "import_rosters",
]
