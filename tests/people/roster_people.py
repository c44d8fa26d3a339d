"""Invented households of any number, for rosters that go in and out."""

from collections.abc import Iterator, Sequence
from itertools import cycle

from tests.people.test_roster_reading import full

SURNAMES, GIVEN = (
    "田麦豆石白秋兰榆帆林江河山水云㐂𠀀𪜀𫝀",
    "禾生春芽苗穗香榴红露清满仓幽钱多正远知微书文武安宁𬺰𰀀",
)
WEIGHTS, CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"


def id_number(born: str, serial: int) -> str:
    """Give a right ID number of an area that there is not."""
    digits = f"999999{born.replace('-', '')}{serial % 1000:03d}"
    return (
        digits + CHECKS[sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True)) % 11]
    )


def people(households: int, codes: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Give the rows of so many households, in villages of these codes; about two people each."""
    village_of = -(-households // len(codes))
    for home in range(households):
        village, door = divmod(home, village_of)
        for place, relation in zip(range(2 + (home % 25 < 2)), cycle(("户主", "配偶", "子女")), strict=False):
            person = home * 3 + place
            born = f"{1950 + person % 50}-{person // 50 % 12 + 1:02d}-{person // 600 % 28 + 1:02d}"
            name = f"{SURNAMES[home % len(SURNAMES)]}{GIVEN[person % len(GIVEN)]}{GIVEN[person // 27 % len(GIVEN)]}"
            yield full(
                f"{door + 1:04d}",
                name,
                relation,
                村=codes[village],
                网格=f"第{door // 64 + 1}网格",
                联户组=f"第{door % 64 // 8 + 1}联户组",
                性别="女男"[person % 2],
                出生=("2018" if relation == "子女" else born),
                身份证号=id_number(born, person // 16_800) if relation == "户主" else "",
                电话=f"199{person:08d}" if place == 0 else "",
                党员="是" if person % 14 == 0 else "",
                在外="是" if person % 5 == 0 else "",
                标签="光荣之家、示范户" if home % 10 == 0 and place == 0 else "",
                地址=f"三巷 {door + 1}号" if place == 0 else "",
            )
