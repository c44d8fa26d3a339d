import pytest

from xiangyue.kernel.masking import mask_name


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("田禾生", "田＊生"),
        ("田禾", "田＊"),
        ("欧阳春芽", "欧＊芽"),
        ("阿依古丽·买买提", "阿＊提"),
        ("田", "＊"),
        ("", "＊"),
    ],
)
def test_the_middle_of_a_name_is_hidden(name: str, masked: str) -> None:
    assert mask_name(name) == masked
