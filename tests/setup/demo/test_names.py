"""Everybody is invented, and looks it."""

import random

from xiangyue.setup.demo.families import PHONES, Settlers
from xiangyue.setup.demo.names import FAVOURED, GIVEN, SURNAMES, Names
from xiangyue.setup.demo.places import PLACES

# Of the hundred surnames that most people bear, those that are also plants or places: none of ours.
COMMON = set(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦傅方白邹孟熊秦邱江尹薛阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)


def test_nobody_bears_a_common_surname() -> None:
    assert not {*SURNAMES, FAVOURED} & COMMON
    assert len(set(SURNAMES)) == len(SURNAMES)


def test_no_name_comes_twice_as_long_as_there_are_any() -> None:
    names = Names(random.Random(1))
    dealt = [names.name(surname) for surname in SURNAMES for _given in GIVEN]
    assert len(set(dealt)) == len(dealt) == len(SURNAMES) * len(GIVEN) > 20_000


def test_phones_are_the_ones_that_nobody_has_and_nobody_has_an_id_number() -> None:
    people = list(Settlers(PLACES["changshan"], 2026, random.Random(1)).people())
    phones = [each.phone for each in people if each.phone]
    assert all(phone.startswith("1990000") and len(phone) == 11 for phone in phones)
    assert len(set(phones)) == len(phones) == PLACES["changshan"].households < PHONES
    assert all(len(each.row()) == 13 for each in people)  # without the column of ID numbers


def test_the_same_seed_gives_the_same_people() -> None:
    first, second, other = (
        [each.row() for each in Settlers(PLACES["xihaian"], 2026, random.Random(seed)).people()]
        for seed in (1, 1, 2)
    )
    assert first == second != other
