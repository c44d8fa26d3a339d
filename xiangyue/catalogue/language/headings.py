"""What headings and titles say about the side of an item whose row doesn't say it: 扣分项目, 乱倒垃圾. Pure."""

import re
from typing import Final

from xiangyue.catalogue.language.plain import plain
from xiangyue.catalogue.rules.terms import Direction

_POINTS: Final = re.compile(r"[0-9一二三四五六七八九十百]+分|满分")


_BASE: Final = re.compile("(?:基础|初始|起始|原始|基准)(?:积|信用)?分|底分")


def _words(several: str) -> tuple[str, ...]:
    return tuple(several.split())


_DEDUCTING: Final = _words(
    "扣分 减分 负面 负向 反向 失信 (扣) 惩戒 罚分 处罚 黑榜 不良行为 违规行为 扣减 倒扣 不文明行为 (减) 逆向"
)
_AWARDING: Final = _words(
    "加分 奖分 奖励 正面 正向 守信 激励 (奖) (加) 红榜 得分 奖惩 奖扣 加扣 加减 奖罚 增分 积分增减 增减"
)
_NEITHER: Final = ("不扣分", "不加分", "免扣分")
# How faults begin. A title that praises may begin with 不 or 无, never with one of these.
_FAULTS: Final = _words(
    "乱 随意 随地 私自 擅自 违规 违反 违法 违章 违建 拒不 赌博 参与赌博 聚众 参赌 打架 "
    "酗酒 辱骂 谩骂 虐待 遗弃 偷 盗 破坏 损坏 毁坏 毁 造谣 散布 传播谣言 传播邪教 参与邪教 "
    "无故 欠缴 拖欠 霸占 侵占 强占 非法 焚烧 露天焚烧 大操大办 寻衅 恶意 吵架 家暴 酒驾 "
    "醉驾 诈骗 弄虚作假 冒领 骗取 不履行 不赡养 不孝 不服从 不配合 不参加 不听 缺席 迟到 "
    "早退 旷工 被处 被通报 受到处分 受处分 受到处罚"
)


def side(heading: str) -> Direction | None:
    """Say which side a heading takes: BOTH where it names both, None where it names none."""
    text = plain(heading)
    for word in _NEITHER:
        text = text.replace(word, "")
    deducts = any(word in text for word in _DEDUCTING)
    awards = any(word in text for word in _AWARDING)
    # 加分与扣分, 加减分, 奖惩: both sides, however they are put together.
    if deducts and (awards or any(character in text for character in "加奖")):
        return Direction.BOTH
    if awards and any(character in text for character in "扣减惩罚"):
        return Direction.BOTH
    if deducts:
        return Direction.DEDUCTION
    return Direction.AWARD if awards else None


def is_base(*texts: str) -> bool:
    """Whether a title, or else its heading, is of what everybody starts with: 每户基础积分, 基础分."""
    return any(_BASE.search(plain(text)) for text in texts)


def has_points(*texts: str) -> bool:
    """Whether a heading or a title names points of its own: 环境卫生（20分）."""
    return any(_POINTS.search(plain(text)) for text in texts)


def is_fault(title: str) -> bool:
    """Whether a title names what nobody is praised for. title: plain."""
    return title.startswith(_FAULTS)
