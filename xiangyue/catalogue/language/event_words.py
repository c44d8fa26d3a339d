"""The words of events that override points, and what each says. Pure data."""

from typing import Final

from xiangyue.catalogue.rules.terms import Bar, Window


def _each(table: dict[str, str]) -> dict[str, str]:
    """Turn {meaning: "several words"} into {word: meaning}."""
    return {word: meaning for meaning, words in table.items() for word in words.split()}


def _words(several: str) -> set[str]:
    return set(several.split())


_OF_WINDOW = _each({
    "": "总 全部 所有 个人 家庭 该户",
    "month": "当月 本月 月度",
    "quarter": "当季 当季度 本季度 季度",
    "half_year": "半年 当半年 半年度",
    "year": "当年 年度 本年度 当年度 全年 本年",
})  # fmt: skip
_CLEARED = _words(
    "{}积分清零 {}积分归零 {}积分全部清零 {}积分全部归零 {}积分扣完 {}积分清空 {}积分一次性清零 {}所有积分清零 "
    "{}全部积分清零 {}总积分清零 {}总分清零 {}得分清零 {}分数清零 {}分数归零 {}总分归零 {}积分扣光 {}积分作零分处理 "
    "{}积分全部扣除 {}积分全部扣完 {}积分取消 {}积分作废"
)
# What a reset clears: the whole balance, or what was earned in a window.
RESETS: Final[dict[str, Window]] = {
    **dict.fromkeys(_words("清零 归零 全部清零 全部归零 一次性清零 全部扣完 全部扣除"), Window.ONCE),
    **{form.format(of): Window(name) if name else Window.ONCE for of, name in _OF_WINDOW.items() for form in _CLEARED},
    **{form.format(""): Window.ONCE for form in _CLEARED if not form.endswith(("取消", "作废"))},
}  # fmt: skip
# 取消当年积分, 扣除全部积分: whose points, or all of them, must be said.
TAKES_ALL: Final = _words("取消 扣除 扣完 扣光 扣 扣减 清零 清空 清除 扣掉")
ALL: Final = {"全部", "所有"}
RESET_PERIODS: Final = {of: Window(name) for of, name in _OF_WINDOW.items() if name}
CATEGORY_RESETS: Final = _words(
    "本类清零 本类归零 本板块清零 该类清零 本类积分清零 该板块清零 此类清零 本板块归零 本类积分归零 本板块积分清零"
)
RESET_WORDS: Final = {
    Window.MONTH: "当月积分", Window.QUARTER: "当季积分", Window.HALF_YEAR: "半年积分", Window.YEAR: "当年积分",
    Window.ONCE: "",
}  # fmt: skip
RESET_OF: Final = {word: window for window, word in RESET_WORDS.items() if word}
ON_SIGHT: Final = _words("一经发现 一经查实 一旦发现 发现即 一次即 经查实 查实后 发现后 每次 单次")
DIRECTLY: Final = _words("直接 立即 一律 予以")
RESET_TO: Final = {"清至", "清零至", "清到", "归至", "恢复到基础分", "清零到"}
REPAIRED: Final = {
    "改正后",
    "改正后改为",
    "整改后",
    "整改后改为",
    "修复后",
    "当年改正的",
    "当年改正",
    "改正的",
    "修复为",
}
INSTEAD: Final = {"改为", "变为", "按", "修复为"}
VETOES: Final = _words("一票否决 否决 实行一票否决 一票否决制")
VETO_TAKES: Final = {"取消", "不得", "不能", "不予", "禁止", "暂停"}
BARS: Final[dict[str, Bar]] = {
    word: Bar(name)
    for word, name in _each({
        "redemption": "参与积分兑换 参加积分兑换 参与兑换 参加兑换 积分兑换活动 积分兑现 兑换积分 "
        "积分兑换活动资格 兑换 兑换资格 积分兑换 积分兑换资格 兑奖 兑奖资格",
        "honours": (
            "参与评优 参加评优 参与评先评优 参加评先评优 各类评优 各类评先评优 各类评选 评先创优 评先创优资格 "
            "各项评优 "
            "评比 评比资格 参评各类先进 评选先进 评星 评星资格 星级评定 文明户评选 荣誉评选 "
            "参加评选 参加评先 参与评选 参与评先 评优 评优资格 评先评优 评先树优 评先 评先评优资格 评优评先 "
            "评选资格 评优评先资格 参评 参评资格 "
            "评先资格 评选"
        ),
        "ranking": "排名 排名资格 参与排名",
        "scheme": "参加 参加资格 参与资格 积分资格 参与积分",
    }).items()
}  # fmt: skip
BAR_WORDS: Final = {Bar.REDEMPTION: "兑换", Bar.HONOURS: "评优", Bar.RANKING: "排名", Bar.SCHEME: "参加"}
DOWNGRADES: Final = _words(
    "直接判级 判级 判级为 评级为 定级为 降级为 降级至 降为 降至 降到 降成 降 直接降为 直接判为 判为 直接判级为 "
    "评为 定为 直接定为 下调为 直接降至 直接评为"
)
STEPS_DOWN: Final = {"级", "档", "个等级", "个星级", "星", "颗星", "个档次", "等", "个级别"}
GRADE_ENDS: Final = {"级", "档", "等", "类", "星", "星级", "星户", "类户", "等户", "级户"}
