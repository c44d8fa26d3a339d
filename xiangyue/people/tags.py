"""Which words may not stand among a household's tags: those that tell of poverty or illness (CONDUCT "Little data").

Tags are read by everybody who sees a household in a list, and travel with every roster. Poverty, illness, disability
and living alone belong into a resident's Circumstance, where every reading is logged.
"""

import unicodedata

_POVERTY = (
    "贫",
    "穷",
    "低保",
    "五保",
    "特困",
    "困难",
    "困境",
    "低收入",
    "建档立卡",
    "监测户",
    "救助",
    "救济",
    "兜底",
    "供养",
    "三类人员",
    "三类户",
)
_ILLNESS = (
    "病",
    "症",
    "癌",
    "瘤",
    "瘫",
    "痴",
    "残",
    "聋",
    "哑",
    "盲人",
    "失明",
    "视障",
    "听障",
    "智障",
    "精障",
    "障碍",
    "失能",
    "失智",
    "卧床",
    "植物人",
    "艾滋",
    "肝炎",
    "结核",
    "抑郁",
    "自闭",
    "癫痫",
    "糖尿",
    "高血压",
    "透析",
    "慢特",
)
_ALONE = ("独居", "孤寡", "孤儿", "失独")
# The same told in other letters: abbreviations and plain English that such lists carry.
_LATIN = (
    "poor",
    "poverty",
    "dibao",
    "wubao",
    "tekun",
    "pinkun",
    "disab",
    "illness",
    "disease",
    "hiv",
    "aids",
)
SENSITIVE_WORDS = _POVERTY + _ILLNESS + _ALONE + _LATIN


def sensitive_tag(tag: str) -> bool:
    """Tell whether a tag speaks of poverty, illness, disability or living alone, however it is spaced or written."""
    folded = unicodedata.normalize("NFKC", tag).casefold()
    letters = "".join(letter for letter in folded if letter.isalnum())
    return any(word in letters for word in SENSITIVE_WORDS)
