"""How categories of a catalogue look: six colours in a fixed order serve any number of them (LOOK §2), and the icon is
of what a category is about, as far as its name says so.
"""

from typing import Final

ICONS: Final = ("school", "plant-2", "building-community", "scale", "confetti", "heart-handshake")
# Icons with the words that call for them. The first row that has a word of the name counts, so whatever qualifies
# another word stands above it: 国防教育 is about defence, 家庭教育 is teaching, 平安建设 builds nothing.
BY_WORD: Final = (
    ("flag", ("党", "爱国")),
    ("shield-check", ("国防", "军", "平安", "安全", "疫")),
    ("scale", ("守法", "学法", "普法", "依法", "法治", "法律", "纠纷", "调解")),
    ("ban", ("负面", "惩", "扣")),
    ("award", ("奖", "表彰", "贡献")),
    ("school", ("教育", "学习", "培训")),
    ("run", ("体育", "文体")),
    ("plant-2", ("生态", "环境", "卫生", "庭院", "垃圾", "绿化")),
    ("trending-up", ("发展", "产业", "生产", "经营", "致富", "招商", "脱贫")),
    ("home", ("家庭", "家风")),
    ("confetti", ("移风", "新风", "文明", "文化", "红白", "喜事")),
    ("hammer", ("建设", "设施")),
    ("mood-happy", ("品德", "道德", "公德")),
    ("heart-handshake", ("互助", "互帮", "邻里", "志愿", "公益", "好人", "帮扶")),
    ("users", ("评议", "议事")),
    ("building-community", ("事务", "村务", "公共", "治理")),
    ("map-pin", ("网格", "一村")),
)


def colour_of(position: int) -> int:
    """Give the index of a category's colour, 1 to 6. position: as the catalogue counts, from 1."""
    return (position - 1) % len(ICONS) + 1


def icon_of(name: str, position: int) -> str:
    """Give the icon of a category by its name; by its position, as the colour, where the name says nothing."""
    said = (icon for icon, words in BY_WORD if any(word in name for word in words))
    return next(said, ICONS[colour_of(position) - 1])
