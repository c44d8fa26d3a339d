"""The closed vocabulary of a catalogue's rules: every word that a rule may use (RULES, DOMAIN §4). Pure.

Units everywhere in this package: points are whole centipoints (1 point = 100); money is whole fen, time whole
minutes, every other quantity whole hundredths of its unit (half a mu is 50). There are no floats.
"""

from enum import Enum

MOST = 100_000_000  # a million points in centipoints: no published catalogue comes near, a slip of the keyboard does
MOST_TIMES = 10_000
MOST_FACTOR = 10_000  # a hundredfold, in hundredths


class BadRule(ValueError):  # noqa: N818 - it tells what the rule is
    """A rule that contradicts itself. code: stable, kebab-case. detail: for whoever wrote the calling code."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}" if detail else code)


def demand(holds: bool, code: str, detail: str = "") -> None:
    """Raise BadRule with a code unless a condition holds."""
    if not holds:
        raise BadRule(code, detail)


class Direction(Enum):
    """What an item does. BASE gives starting or full marks; the last three are events that override points."""

    AWARD = "award"
    DEDUCTION = "deduction"
    BOTH = "both"
    BASE = "base"
    RESET = "reset"
    DOWNGRADE = "downgrade"
    VETO = "veto"


class Side(Enum):
    """On which side of the account a rule works. EACH: on both, each counted apart from the other."""

    AWARD = "award"
    DEDUCTION = "deduction"
    EACH = "each"


class Measure(Enum):
    """What a quantity is counted in: the base unit of the whole numbers that facts carry."""

    MINUTES = "minutes"
    FEN = "fen"
    HUNDREDTHS = "hundredths"


class Level(Enum):
    """Level of an award or of whoever gives it, from the lowest to the highest.

    A *_OFFICE is a department of that level (区级部门), which ranks below the level itself.
    """

    SCHOOL = "school"
    VILLAGE = "village"
    TOWN = "town"
    COUNTY_OFFICE = "county_office"
    COUNTY = "county"
    CITY_OFFICE = "city_office"
    CITY = "city"
    PROVINCE_OFFICE = "province_office"
    PROVINCE = "province"
    NATION_OFFICE = "nation_office"
    NATION = "nation"


class RankStyle(Enum):
    """How ranks are named: 第1名, 一等奖, 一等功, 一级."""

    PLACE = "place"
    PRIZE = "prize"
    MERIT = "merit"
    GRADE = "grade"


class Severity(Enum):
    """How grave a fault is: 一般, 较重, 严重, 特别严重 (恶劣)."""

    COMMON = "common"
    SERIOUS = "serious"
    GRAVE = "grave"
    EXTREME = "extreme"


class Window(Enum):
    """The stretch in which a limit counts, from the narrowest to the widest.

    TIME is one single deed, ACTIVITY one activity whatever its days, ONCE for ever. The others are the
    calendar's day, week from Monday, month, two months (from January, March, …), quarter, half-year and year
    that hold the day of the act.
    """

    TIME = "time"
    ACTIVITY = "activity"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    TWO_MONTHS = "two_months"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    ONCE = "once"


class Counting(Enum):
    """What a limit counts: the quantity of the facts, times (a slot is one time), or centipoints."""

    AMOUNT = "amount"
    TIMES = "times"
    POINTS = "points"


class Whose(Enum):
    """Whose deeds a limit counts together.

    FAMILY_MEMBER: the household's together, and the limit is as many times as large as the household has
    members. GROUP, GRID, VILLAGE: of all households there, so that the limit is a quota or a budget.
    """

    PERSON = "person"
    HOUSEHOLD = "household"
    FAMILY_MEMBER = "family_member"
    GROUP = "group"
    GRID = "grid"
    VILLAGE = "village"
    EVERYONE = "everyone"


class Layer(Enum):
    """Which items a limit counts together: one item, the items of its category, or all. Clamped in this order."""

    ITEM = "item"
    CATEGORY = "category"
    ALL = "all"


class Subject(Enum):
    """Who is scored."""

    PERSON = "person"
    HOUSEHOLD = "household"
    PARTY_MEMBER = "party_member"
    GROUP = "group"
    GRID = "grid"
    VILLAGE = "village"


class Trait(Enum):
    """What may be known of a subject, and multiplies its points or puts it outside.

    STUDENT to ABSENT are reasons for exclusion; ABSENT is away from the village for most of the year.
    """

    PARTY_MEMBER = "party_member"
    CADRE = "cadre"
    STUDENT = "student"
    MINOR = "minor"
    MOVED = "moved"
    DECEASED = "deceased"
    INVESTIGATED = "investigated"
    NON_RESIDENT = "non_resident"
    ABSENT = "absent"


class Circumstance(Enum):
    """What makes a multiplier hold.

    PARTY_MEMBER, CADRE: the subject is one. REPEAT: an earlier fault under the item is still valid.
    FIRST_MONTH: the deed falls in the first month of the scheme there. KIND: the subject is of a named kind.
    """

    PARTY_MEMBER = "party_member"
    CADRE = "cadre"
    REPEAT = "repeat"
    FIRST_MONTH = "first_month"
    KIND = "kind"


class Receiver(Enum):
    """To whom a deed's points go, beside or instead of who did it."""

    DOER = "doer"
    HEAD = "head"
    PARENTS = "parents"
    SPOUSE = "spouse"
    CHILDREN = "children"
    MEMBERS = "members"


class Split(Enum):
    """How one deed's points become shares.

    EACH: everyone gets them in full. EQUAL: they are divided, remainders to the first (largest remainder).
    GIVEN: in parts that the meeting gives, which add up. BY_ROLE: each by the role played, as the rule lists.
    """

    EACH = "each"
    EQUAL = "equal"
    GIVEN = "given"
    BY_ROLE = "by_role"


class Balance(Enum):
    """Where points are kept: to spend, for honour (never spent), given as a gift, hours of service."""

    SPENDABLE = "spendable"
    HONOUR = "honour"
    GIFTED = "gifted"
    HOURS = "hours"


class Bar(Enum):
    """What a veto or a threshold takes away for a term."""

    REDEMPTION = "redemption"
    HONOURS = "honours"
    RANKING = "ranking"
    SCHEME = "scheme"


class Proof(Enum):
    """What an item demands as evidence."""

    PHOTO = "photo"
    PLACE = "place"
    CERTIFICATE = "certificate"
    TWO_WITNESSES = "two_witnesses"
    CHECK_IN = "check_in"
    CONFIRMATION = "confirmation"
    RECORD = "record"
