import pytest

from xiangyue.people.models import Resident
from xiangyue.people.names import pinyin_of


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("田禾生", "tianhesheng", "ths"),
        ("麦春芽", "maichunya", "mcy"),
        ("单禾", "shanhe", "sh"),
        ("仇禾", "qiuhe", "qh"),
        ("解禾", "xiehe", "xh"),
        ("曾禾", "zenghe", "zh"),
        ("查禾", "zhahe", "zh"),
        ("区禾", "ouhe", "oh"),
        ("任禾", "renhe", "rh"),
        ("华禾", "huahe", "hh"),
        ("朴禾", "piaohe", "ph"),
        ("盖禾", "gehe", "gh"),
        ("翟禾", "zhaihe", "zh"),
        ("尉迟禾生", "yuchihesheng", "ychs"),
        ("万俟禾生", "moqihesheng", "mqhs"),
        ("长孙禾", "zhangsunhe", "zsh"),
        ("欧阳春芽", "ouyangchunya", "oycy"),
        ("万禾", "wanhe", "wh"),
        ("吕绿女", "lvlvnv", "lln"),
        ("田长春", "tianchangchun", "tcc"),
    ],
)
def test_names_are_spelt_as_they_are_read(name: str, pinyin: str, initials: str) -> None:
    assert pinyin_of(name) == (pinyin, initials)


def test_a_surname_is_read_as_one_only_in_front() -> None:
    assert pinyin_of("田单")[0] == "tiandan"
    assert pinyin_of("单")[0] == "dan"  # a given name alone


def test_a_character_in_no_list_gives_nothing_and_the_rest_is_spelt() -> None:
    assert pinyin_of("田\U00020bb7禾") == ("tianhe", "th")
    assert pinyin_of("\U0003134a") == ("", "")


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("Tom Green", "tomgreen", "tg"),
        ("Lü Wei", "lvwei", "lw"),
        ("Ａｎ", "an", "a"),
        ("阿依古丽·麦麦提", "ayigulimaimaiti", "ayglmmt"),
        ("田T禾", "tianthe", "tth"),
        ("", "", ""),
        ("·-", "", ""),
    ],
)
def test_latin_names_pass_through_and_signs_are_left_out(name: str, pinyin: str, initials: str) -> None:
    assert pinyin_of(name) == (pinyin, initials)


def test_the_longest_name_still_fits_the_columns() -> None:
    pinyin, initials = pinyin_of("庄" * 60)
    assert len(pinyin) == Resident._meta.get_field("pinyin").max_length
    assert len(initials) == Resident._meta.get_field("initials").max_length == 60
