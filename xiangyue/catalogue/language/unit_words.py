"""Names that stand under 单位 and nowhere else, so that no other column is cut at them. Pure data."""

from typing import Final

from xiangyue.catalogue.rules.terms import Window


def _words(several: str) -> set[str]:
    return set(several.split())


UNIT_NAMES: Final = {
    "时": "小时",
    "每家庭": "每户",
    "天数": "天",
    "小时数": "小时",
    "时长": "小时",
    "台/天": "台班",
    "台/日": "台班",
    "台天": "台班",
    "人数": "人",
}
NO_UNIT: Final = _words(
    "累计 累计计分 动态 实时 长期 随时 不限 不定期 无 逐次累计 按实际 视情况 一事一议 即时 常态化 累计时长"
)
DEED_NAMES: Final = _words(
    "荣誉 奖项 称号 等级 级别 名次 档次 星级 笔 桩 荣誉称号 奖励 表彰 事项 行为 案例 情形"
)
SCHOOL_SLOTS: Final = {
    "学年": Window.YEAR, "学年度": Window.YEAR, "学期": Window.HALF_YEAR, "个学期": Window.HALF_YEAR,
}  # fmt: skip
SLOT_NAMES: Final[dict[str, Window]] = {
    f"{by}{when}{what}": window
    for window, whens in {
        Window.WEEK: ("周", "每周"),
        Window.MONTH: ("月", "每月", "月度"),
        Window.QUARTER: ("季", "季度", "每季", "每季度"),
        Window.HALF_YEAR: ("半年", "每半年", "半年度"),
        Window.YEAR: ("年", "每年", "年度", "年终", "年底", "年末", "全年"),
    }.items()
    for when in whens
    for by in ("", "按")
    for what in (
        "评比", "评选", "考核", "评定", "评价", "检查", "测评", "一评", "评", "计", "计分", "结算", "统计", "公示",
        "评议", "一次性", "为一周期", "为一个周期", "一周期", "为周期", "一个周期", "评比一次", "评一次", "评选一次",
        "考核一次",
        "计一次", "计分一次", "结算一次", "一次性计分", "兑现", "一计", "审核", "一考核", "一次性评定", "汇总",
    )
} | {
    f"按{when}": window
    for window, whens in {
        Window.MONTH: ("月", "月度"),
        Window.QUARTER: ("季", "季度"),
        Window.YEAR: ("年", "年度"),
    }.items()
    for when in whens
} | {"年终": Window.YEAR, "年底": Window.YEAR, "年末": Window.YEAR}  # fmt: skip
# What is given or handed in, of which more is worth more.
GOODS: Final = _words(
    "个 件 斤 公斤 千克 克 吨 棵 株 本 册 袋 瓶 桶 箱 筐 篓 担 张 支 节 枚 颗 粒 捆 包 块 根 米 平方米 平方 "
    "平米 毫升 "
    "升 立方米 方 车 盆 套"
)
