import pytest

from xiangyue.people.tags import sensitive_tag


@pytest.mark.parametrize(
    "tag",
    [
        "低保户",
        "低 保 户",
        "低-保",
        "脱贫户",
        "防返贫监测户",
        "五保",
        "特困供养",
        "大病家庭",
        "慢性病",
        "残疾人家庭",
        "独居老人",
        "重症",
        "ｐｏｏｒ",
        "DiBao",
        "HIV",
    ],
)
def test_a_tag_that_tells_of_poverty_or_illness_is_known(tag: str) -> None:
    assert sensitive_tag(tag)


@pytest.mark.parametrize(
    "tag", ["党员户", "文明家庭", "外出务工", "种植大户", "军属", "扫盲志愿者", "第3组", ""]
)
def test_other_tags_are_not(tag: str) -> None:
    assert not sensitive_tag(tag)
