"""What an import did, or would do, in words and figures."""

from dataclasses import asdict, dataclass
from typing import Any

from xiangyue.people.operations.roster.changes import Change, Counts


@dataclass(frozen=True)
class NewOffice:
    """One appointment of a roster, in words."""

    name: str
    login: str
    office: str
    unit: str


@dataclass(frozen=True)
class RosterReport:
    """What an import did, or would do.

    village: name of the unit that the roster is of. households, residents, party_members: that the file has.
    units: labels of the grids and groups that were not there before. appointments: that begin with it. ignored: headers
    that nobody asked for. counts: how many are new, changed or missing; changes: the first thousand of each, told
    with an update only. left: whether those who are missing left with it.
    """

    village: str
    households: int
    residents: int
    party_members: int
    units: tuple[str, ...]
    appointments: tuple[NewOffice, ...]
    ignored: tuple[str, ...]
    dry_run: bool
    counts: Counts
    changes: tuple[Change, ...] = ()
    left: bool = False

    @property
    def changes_nothing(self) -> bool:
        """Whether everything in the file is in the county already, just so."""
        return not (any(asdict(self.counts).values()) or self.units or self.appointments)

    def as_dict(self) -> dict[str, Any]:
        """Give the report as plain data."""
        return asdict(self)
