"""The words of the small language, and what each says. Pure data: who teaches it a word, starts here."""

from typing import Final

from xiangyue.catalogue.language.event_words import (
    CATEGORY_RESETS,
    DOWNGRADES,
    INSTEAD,
    REPAIRED,
    RESET_TO,
    RESETS,
    VETO_TAKES,
    VETOES,
)
from xiangyue.catalogue.language.limit_words import HIGHEST, NO_ADDING, TO_NOTHING, UNLIMITED
from xiangyue.catalogue.language.noise_words import NOISE
from xiangyue.catalogue.rules.terms import (
    Circumstance,
    Layer,
    Level,
    Measure,
    RankStyle,
    Severity,
    Side,
    Split,
    Whose,
    Window,
)
from xiangyue.catalogue.rules.worth import HOUR, MINUTE, TEN_THOUSAND_YUAN, YUAN, Unit


def _each(table: dict[str, str]) -> dict[str, str]:
    """Turn {meaning: "several words"} into {word: meaning}."""
    return {word: meaning for meaning, words in table.items() for word in words.split()}


def _words(several: str) -> set[str]:
    return set(several.split())


# ---- points and signs
POINTS: Final = {"分", "积分", "个积分", "个分", "个山药豆", "山药豆", "豆", "颗豆"}
GAINS: Final = _words(
    "+ 加 加分 加计 增加 奖 奖励 奖分 奖励分 加奖 予以加 给予加 可加 各加 再加 均加 "
    "额外加 额外奖励 额外奖 可额外加 可额外奖励 另加 另奖 另奖励 再奖励 再奖 奖励积分 予以奖励 给予奖励 可奖励 可奖"
)
LOSSES: Final = _words(
    "扣 扣分 减 减分 扣除 扣减 减扣 罚 罚扣 倒扣 扣罚 给予扣 予以扣 各扣 均扣 酌扣 再扣 另扣 额外扣"
)
# On top of the points before: 成效显著的再加1分. Beside a deduction 加扣 can only be more of it.
ADDED: Final = _words(
    "再加 另加 额外加 额外奖励 额外奖 另奖 再奖励 再奖 加扣 另扣 再扣 额外扣 另 再 另计 再计 另积 再积 另奖励 额外得"
)
MINUS_SIGNS: Final = {"-", "—"}
NEUTRAL: Final = _words(
    "各 均 记 计 得 积 给 给予 可得 可积 赋 赋分 得分 计分 记分 积分为 为 是 = : 各得 各记 各计 均得 "
    "可获得 可获 获得 可计 可记 额外得 各积 均积 等于 另计 再计 另积 再积 另记 再记 再"
)
BOTH_SIGNS: Final = _words("± +- +/- 加减 奖罚 奖扣 加减分 加/减 加/扣")
MORE_TAKEN: Final = {"加扣"}  # either both sides, or as much again is taken: it must be said which
DASHES: Final = {"-", "—", "~", "至", "到"}
DECIDED: Final = {
    "评定",
    "确定",
    "认定",
    "议定",
    "打分",
    "评议决定",
    "研究决定",
    "裁定",
    "决定",
    "评分",
    "商定",
    "商议",
    "协商确定",
    "商量",
    "研究确定",
    "审定",
    "核定",
    "商议决定",
    "讨论决定",
    "讨论确定",
    "集体研究确定",
}
POINT_NAMES: Final = _words(
    "积分 分值 分数 得分 信用分 文明分 诚信分 道德分 信用积分 文明积分 道德积分 德育分"
)
SEPARATORS: Final = {
    "；",
    ";",
    "，",
    ",",
    "、",
    "。",
    "\n",
    "且",
    "并且",
    "同时",
    "和",
    "及",
    "并",
    "另",
    "但",
    ".",
}
SLASH: Final = {"/"}
DISCRETION: Final = _words(
    "酌情 可酌情 视情 视情况 视情节 根据情况 视情节轻重 酌情给予 视情给予 视具体情况 据情"
)
DEPENDING: Final = {"根据", "依据", "视", "按", "按照", "结合", "依", "据"}
ELSEWHERE: Final = (
    "规定", "标准", "文件", "制度", "办法", "细则", "条款", "上述", "以上", "合同", "通知", "政策", "同类",
)  # fmt: skip
GRANTING: Final = _words("给分 计分 评分 赋分 记分 奖励 加分 扣分 打分 而定 确定 积分 决定")
NO_POINTS: Final = _words(
    "不得分 不计分 不加分 不积分 不给分 不记分 无分 不扣分 不予计分 不予加分 不得积分 不予积分 不奖励 "
    "不扣 免扣 免于扣分 不减分 不减 不予扣分 不予减分 免予扣分 免减分"
)
NOT_COUNTED: Final = _words("不计 不计分 不算 不予计分 不积分 不计算 不予积分 舍去 忽略不计 不予计算")
FIRST_TIME: Final = _words("首次 第一次 初次 第1次 首犯 初犯")
NEXT_TIMES: Final = _words(
    "再次 第二次 第2次 再犯 再次发生 第二次及以上 第二次以上 第二次及以后 第2次及以上 以后每次 重犯 再次发现 第二次起"
)
EXCHANGING: Final = _words("换 兑 兑换 可换 可兑 可兑换 换取 兑换得")
CASE: Final = _words("一事一议 一事一评 一案一议 一事一策 逐件商量 集体商议 另行商定 集体研究决定 评议决定")
MOST: Final = _words(
    "最多 最高 至多 不超过 不超 不得超过 不能超过 不高于 不多于 不大于 ≤ <= 封顶 上限 上限为 限 只限 仅限 限定 "
    "最多不超过 最高不超过 累计 累计不超过 累计不得超过 累计最多 累计最高 合计 合计不超过 总计 总计不超过 共 共计 "
    "最高可 最多可 控制在 最多计 最高计 不再超过 限制 限计 限加 限记 限评 限报 只 仅 只能 只计 只记 "
    "仅计 仅记 只加 只评 最多加 最高加 最多奖 最高奖 最多扣 最高扣 最多减 最高减 最多得 最高得 最多记 最高记 "
    "累计加 累计扣 累计减 可 "
    "可计 可记 评 评比 评定 评选 计入 不得多于 最多为 最高为 累计最多不超过 累计最高不超过 检查 考核 测评 "
    "总共 总数不超过 名额 限额 累计扣分 累计减分 只奖励 只奖 限奖 限奖励 只评选 限评选 只享受 累计奖"
)
CAP_GAINS: Final = {word for word in MOST if word.endswith(("加", "奖"))}
CAP_LOSSES: Final = {word for word in MOST if word.endswith(("扣", "减", "扣分", "减分"))}
AT_MOST: Final = _words(
    "最多 最高 至多 不超过 不超 不得超过 不能超过 不高于 不多于 不大于 ≤ <= 上限 上限为 最多不超过 最高不超过 "
    "最多为 "
    "最高为 最多加 最高加 最多扣 最高扣 最多得 最高得 最多记 最高记 最多计 最高计 最多奖 最高奖 最多可 最高可"
)
CLOSING: Final = _words("封顶 为限 以内 之内 内 为上限 以下 为止 止 上限 为封顶 以内计")
AT_MOST_AFTER: Final = {"以内", "之内", "内", "以下", "及以下", "封顶", "为限", "为上限"}
AT_LEAST: Final = {"最少", "至少", "不少于", "不低于", "最低", "≥", ">=", "不小于"}
AT_LEAST_AFTER: Final = {"起", "以上", "及以上", "起步", "起算", "起评"}
EXACTLY_FULL: Final = _words("满分 基础分 标准分 总分 基准分 基础 底分 起评分 基础积分 初始分 初始积分")
STARTING: Final = {"基础分", "基础", "底分", "起评分", "基准分", "基础积分", "初始分", "初始积分"}
HEDGES: Final = {"约", "大约", "左右", "大概", "或", "或者", "若干", "适当", "不等", "另行", "上下"}

# ---- every, from, beyond
EACH: Final = {"每", "按每", "每有", "每满", "每达", "每达到"}
EACH_FULL: Final = {"每满", "每达", "每达到"}
FULL: Final = {"满", "达到", "达", "满足"}
BEYOND: Final = {"超过", "超出", "超", "多于", "大于", ">", "高于"}
AND_ABOVE: Final = _words("以上 及以上 (含)以上 含以上 及其以上 以上的 及以上的 起 ≥ 以上(含)")
NOT_INCLUDED: Final = _words("(不含)以上 (不含) (不含本数) (不含本数)以上 以上(不含) 以上(不含本数)")
BELOW: Final = _words(
    "以下 以内 之内 及以下 以下的 以内的 内 (含)以下 含以下 及其以下 及以下的 以下(含) 以内(含)"
)
NOT_BELOW: Final = _words("(不含)以下 以下(不含) (不含本数)以下 以下(不含本数)")
INCLUDED: Final = _words(
    "及以下 (含)以下 含以下 及其以下 及以下的 以下(含) 以内(含) 及以上 (含)以上 含以上 及其以上 及以上的 以上(含) ≥"
)
UNDER: Final = {"不足", "不满", "未满", "少于", "低于"}
PRO_RATA: Final = {"不满的按比例", "按比例", "不足的按比例", "不满的按比例算", "可按比例计"}
BY_PARTS: Final = {"分段计算", "分段累计", "分段计"}
RELATIVE: Final = _words(
    "每超过 每超出 每超 每增加 每增 每多 每提高 每降低 每下降 每低于 每高于 每上升 每减少"
)

# ---- units
_MINUTES = {"小时": HOUR, "个小时": HOUR, "钟头": HOUR, "个钟头": HOUR, "课时": None, "分钟": MINUTE}
UNITS: Final[dict[str, tuple[Unit, int]]] = {
    **{word: (unit, 1) for word, unit in _MINUTES.items() if unit},
    "元": (YUAN, 1), "块钱": (YUAN, 1), "元钱": (YUAN, 1), "元人民币": (YUAN, 1),
    "百米": (Unit("米"), 100), "十元": (YUAN, 10), "百元": (YUAN, 100), "千元": (YUAN, 1000),
    "万元": (TEN_THOUSAND_YUAN, 1),
}  # fmt: skip
MONEY: Final = {word for word, (unit, _factor) in UNITS.items() if unit.measure is Measure.FEN}
COUNTED: Final = _words(
    "场次 车次 班次 课次 人日 股 颗星 次 人次 户次 人 名 位 户 家 个 件 处 例 起 条 项 份 篇 本 张 "
    "只 头 匹 株 棵 块 袋 桶 车 吨 方 立方米 平方米 "
    "平方 平米 毫升 升 度 根 场 回 宗 事 天 日 工日 个工 工 人天 台 辆 艘 间 栋 幢 座 口 盏 盆 瓶 箱 筐 篓 担 斤 "
    "公斤 千克 克 亩 公顷 公里 里 千米 米 门 堂 节 课时 期 类 套 双 批 组 队 轮 趟 遍 盘 面 幅 首 部 集 枚 颗 粒 "
    "捆 捧 包 对 学时 单 餐 票 晚 夜 晌 平 处所 户人 学分 页 字 层 眼 孔 班 届 桌 席 支 分地 平方公里 公分 厘米 样 "
    "种 册 则 幅次 户数 台班 证 把 台次 件次 项次 针 剂 羽 尾 窝 罐 卷 封 "
    "治疗量 单位 个单位 个工日 治疗单位 辆次 课 人小时 人晚 人亩 顿"
)
HEADS: Final = {"人", "名", "位", "人次", "户", "家", "户次"}
SAME_UNITS: Final = {
    "日": "天", "千克": "公斤", "平方": "平方米", "平米": "平方米", "千米": "公里", "个工日": "工日",
}  # fmt: skip
EVENTS: Final = _words("次 回 项 件 例 起 场 宗 事 例次 项次 件次 场次")
HAPPENINGS: Final = {"处", "人", "户", "篇", "条", "天", "人次", "名", "个", "份", "家"}
MEASURED: Final = _words("小时 分钟 亩 公里 平方米 斤 公斤 吨 天 工日 学时 课时 立方米 公顷")
MONEY_OR_TIME: Final = {Measure.FEN, Measure.MINUTES}
# Of these there may be any amount, and points for one follow the amount; any other unit is one deed by itself.
BY_AMOUNT: Final = MEASURED | _words(
    "日 工 个工 人天 人小时 人晚 人亩 里 千米 米 平方 平米 平 方 毫升 升 度 担 千克 克 分地 平方公里 公分 厘米 层 眼 "
    "页 字 学分 晌 人日 元 万元"
)

PERIOD_UNITS: Final = {
    "天": 0, "日": 0, "周": 0, "个星期": 0, "星期": 0, "月": 1, "个月": 1, "个季度": 3, "季度": 3, "季": 3, "年": 12,
}  # fmt: skip
# How long something lasts, in full ones; elsewhere these words are windows.
LASTING: Final = {"个月": "个月", "年": "年", "周年": "年", "个季度": "个季度"}
ONE_LASTING: Final = {"一个月": "个月", "一年": "年", "每个月": "个月"}
NUMERALS: Final = "零一二三四五六七八九十"
PARTIES: Final = {"双方", "责任双方", "当事双方", "双方当事人", "当事人双方", "各方", "涉事双方"}
RHYTHMS: Final = {"评定", "评比", "考核", "检查", "评选", "测评", "评分", "打分", "公示", "评", "考评"}
WHOLE_DAYS: Final = {"全天", "整天"}
# ---- windows and whose
WINDOWS: Final[dict[str, Window]] = {
    word: Window(name)
    for word, name in _each({
        "time": "每次 单次 每一次 每回 单笔 每笔 每批 单件 每例次 单个项目 单个活动",
        "activity": "每场活动 每次活动 单次活动 一次活动 单场活动 每项活动 同一活动 每个活动",
        "day": "每天 每日 当天 当日 每一天 日",
        "week": "每周 每星期 当周 一周 每个星期 周 每一周 每礼拜",
        "month": "每月 每个月 月度 当月 一个月 月 单月 每一个月 每月度 月内 个月 每自然月",
        "two_months": "每两个月 两个月 每2个月 双月 每双月 隔月 两个月内 两月",
        "quarter": "每季 每季度 季度 当季 当季度 季 一季度 一季 每个季度 单季 单季度 个季度 每一季度",
        "half_year": "半年 每半年 半年度 每半年度 半年内",
        "year": (
            "每年 每年度 年度 全年 当年 一年 年内 年 一年度 年度内 每自然年 全年度 本年度 当年度 每一年 单年 "
            "一年内 年累计 一个年度 每个年度 每一年度"
        ),
        "once": "终身 永久 历年 一生 终生 一辈子",
    }).items()
}  # fmt: skip
# How a window is written out; the same word reads back.
WINDOW_WORDS: Final = {
    Window.TIME: "每次", Window.ACTIVITY: "每场活动", Window.DAY: "每天", Window.WEEK: "每周", Window.MONTH: "每月",
    Window.TWO_MONTHS: "每两个月", Window.QUARTER: "每季", Window.HALF_YEAR: "每半年", Window.YEAR: "每年",
    Window.ONCE: "终身",
}  # fmt: skip
ADDING_UP: Final = {
    Window.DAY: "当天累计", Window.WEEK: "当周累计", Window.MONTH: "当月累计", Window.TWO_MONTHS: "双月累计",
    Window.QUARTER: "当季累计", Window.HALF_YEAR: "半年累计", Window.YEAR: "年度累计", Window.ONCE: "历年累计",
}  # fmt: skip
ADDED_UP: Final = {
    **{words: window for window, words in ADDING_UP.items()},
    "全年累计": Window.YEAR, "当年累计": Window.YEAR, "年内累计": Window.YEAR, "每年累计": Window.YEAR,
    "年度内累计": Window.YEAR, "每月累计": Window.MONTH, "月累计": Window.MONTH, "月度累计": Window.MONTH,
    "每季度累计": Window.QUARTER, "季度累计": Window.QUARTER, "每季累计": Window.QUARTER, "每周累计": Window.WEEK,
    "每天累计": Window.DAY, "终身累计": Window.ONCE,
}  # fmt: skip
SLOT_WINDOWS: Final = {
    Window.WEEK, Window.MONTH, Window.TWO_MONTHS, Window.QUARTER, Window.HALF_YEAR, Window.YEAR,
}  # fmt: skip
ONCE: Final = {"一次性", "一次性计分", "一次性加分", "一次性奖励", "一次性的", "一次性/年"}
# How a clause begins that only says what is needed for the points.
WHOSE: Final[dict[str, Whose]] = {
    word: Whose(name)
    for word, name in _each({
        "person": (
            "每人 每个人 每名村民 个人 每名 每位 每位村民 每名党员 每个村民 每名居民 人均 单人 每一人 同一人 本人 "
            "人"
        ),
        "household": "每户 每个家庭 每家 每户家庭 每户农户 户 家庭 单户 每一户 同一户 户均 全家 全户 每家庭",
        "family_member": (
            "家庭成员 每名家庭成员 每个家庭成员 每位家庭成员 家庭每名成员 家庭每位成员 家庭每人 每户每名家庭成员"
        ),
        "group": "每组 每个小组 每个村民小组 每小组 每村民组 每个村民组 每村民小组 组 全组 村民组",
        "grid": "每网格 每个网格 网格 全网格",
        "village": "全村 每村 每个村 本村 村 各村",
        "everyone": "全部 全镇 全县 总发放 所有村",
    }).items()
}  # fmt: skip
WHOSE_WORDS: Final = {
    Whose.PERSON: "每人", Whose.HOUSEHOLD: "每户", Whose.FAMILY_MEMBER: "每名家庭成员", Whose.GROUP: "每组",
    Whose.GRID: "每网格", Whose.VILLAGE: "全村", Whose.EVERYONE: "全部",
}  # fmt: skip
LAYERS: Final[dict[str, Layer]] = {
    word: Layer(name)
    for word, name in _each({
        "item": "本项目 该指标 此指标 本事项 该事项 此事项 本项 该项 此项 单项 每项 同一项 本条 该条 各项 同项 "
        "每一项 每个项目 本指标 同一事项 每条",
        "category": "本大类 该大类 该类别 本类项目 本类 该类 本板块 此类 每类 同类 该板块 本类别 同类项 本大项 "
        "各类 单类",
        "all": "总积分 总分 所有项目 各项合计 全部项目 所有指标 总得分",
    }).items()
}  # fmt: skip
LAYER_WORDS: Final = {Layer.ITEM: "", Layer.CATEGORY: "本类", Layer.ALL: "所有指标"}
TIMES: Final = {"次", "回", "场", "人次", "遍", "趟", "次数"}
QUOTA: Final = {"户", "人", "名", "个", "家", "位", "例", "项", "个名额", "件", "条"}
SIDE_SIGNS: Final = {
    "加": Side.AWARD, "奖": Side.AWARD, "奖励": Side.AWARD, "加分": Side.AWARD, "扣": Side.DEDUCTION,
    "减": Side.DEDUCTION, "扣分": Side.DEDUCTION, "减分": Side.DEDUCTION,
}  # fmt: skip
SIDES: Final = {"加分": Side.AWARD, "扣分": Side.DEDUCTION}

# ---- tables
LEVELS: Final[dict[str, Level]] = {
    word: Level(name)
    for word, name in _each({
        "school": "校级 学校级 学校",
        "village": "村级 村居级 社区级 行政村级 嘎查级 村(社区)级 村(居)级 村社级 村组级 村、社区级",
        "town": (
            "镇级 乡级 乡镇级 镇街级 街道级 乡(镇)级 镇(街)级 镇乡级 镇(街道)级 乡镇(街道)级 苏木级 镇(乡)级 "
            "乡镇街道级"
        ),
        "county": "县级 区级 县区级 区县级 县(区)级 区(县)级 旗级 旗县级 县(市)级 县(市、区)级 县(市区)级",
        "city": "市级 地市级 设区市级 州级 市州级 地级市级 地市州级 盟市级 市(州)级 地(市)级",
        "province": "省级 省部级 自治区级 省(部)级 直辖市级 省(区)级",
        "nation": "国家级 全国级 国级 中央级 部级 国家部委级",
    }).items()
}  # fmt: skip
BARE_LEVELS: Final[dict[str, Level]] = {
    "校": Level.SCHOOL, "村": Level.VILLAGE, "村居": Level.VILLAGE, "社区": Level.VILLAGE, "镇": Level.TOWN,
    "乡": Level.TOWN, "乡镇": Level.TOWN, "镇街": Level.TOWN, "街道": Level.TOWN, "县": Level.COUNTY,
    "区": Level.COUNTY, "区县": Level.COUNTY, "县区": Level.COUNTY, "市": Level.CITY, "地市": Level.CITY,
    "省": Level.PROVINCE, "省部": Level.PROVINCE, "国家": Level.NATION, "全国": Level.NATION, "中央": Level.NATION,
    "国": Level.NATION,
}  # fmt: skip
LEVEL_WORDS: Final = {
    Level.SCHOOL: "校级", Level.VILLAGE: "村级", Level.TOWN: "镇级", Level.COUNTY_OFFICE: "县级部门",
    Level.COUNTY: "县级", Level.CITY_OFFICE: "市级部门", Level.CITY: "市级", Level.PROVINCE_OFFICE: "省级部门",
    Level.PROVINCE: "省级", Level.NATION_OFFICE: "国家级部门", Level.NATION: "国家级",
}  # fmt: skip
OFFICES: Final = {
    Level.COUNTY: Level.COUNTY_OFFICE, Level.CITY: Level.CITY_OFFICE, Level.PROVINCE: Level.PROVINCE_OFFICE,
    Level.NATION: Level.NATION_OFFICE,
}  # fmt: skip
OFFICE: Final = {"部门"}
RANK_STYLES: Final = {
    "名": RankStyle.PLACE, "等奖": RankStyle.PRIZE, "等": RankStyle.PRIZE, "等功": RankStyle.MERIT,
    "级": RankStyle.GRADE,
}  # fmt: skip
STYLE_WORDS: Final = {
    RankStyle.PLACE: "第{}名", RankStyle.PRIZE: "{}等奖", RankStyle.MERIT: "{}等功", RankStyle.GRADE: "{}级",
}  # fmt: skip
PODIUM: Final = {"冠军": 1, "亚军": 2, "季军": 3}
FIRST_FEW: Final = {"前"}
RESPECTIVELY: Final = {"分别", "依次", "分别为", "依次为", "分别是", "分别给予", "分别按"}
SEVERITIES: Final[dict[str, int]] = {
    word: rank
    for rank, words in enumerate(
        (
            "轻微 较轻 情节轻微 情节较轻", "一般 情节一般 影响一般", "较重 情节较重 较严重", "严重 情节严重",
            "特别严重 恶劣 情节特别严重 情节恶劣 特别恶劣")
    )
    for word in words.split()
}  # fmt: skip
PLAIN_SEVERITIES: Final = {
    "一般": Severity.COMMON, "较重": Severity.SERIOUS, "严重": Severity.GRAVE, "特别严重": Severity.EXTREME,
}  # fmt: skip
KINDS: Final = _words(
    "党员 群众 普通群众 普通村民 村民 干部 村干部 村两委 两委干部 党员干部 贫困户 建档立卡户 脱贫户 监测户 低保户 "
    "一般村民 一般群众 一般户 一般农户 非贫困户 普通农户 普通户 农户 预备党员 网格员 村民代表 志愿者 在校学生 "
    "老年人 妇女 退役军人 "
    "党员户 示范户 居民 非党员 流动党员 无职党员 党员家庭 残疾人 五保户 家庭成员"
)
OTHERS: Final = {"其他", "其它", "其余", "其他对象", "其余农户", "其他人", "其他人员", "其他农户"}
BY_KIND: Final = {"按对象:"}
ROLES: Final = _words(
    "书记 党支部书记 党组织书记 村书记 主任 村主任 村委会主任 副书记 副主任 委员 组长 网格长 联户长 户主 责任人 "
    "当事人"
)
# Labels that stand for what is good, so that beside a deduction they award without saying so.
AWARD_LABELS: Final = _words(
    "达标 合格 做到 完成 按时 按期 好 参加 红星 符合 优秀 优 良好 良 先进 满意 干净 整洁 主动 "
    "积极 及时 到位 到会 参会 "
)
MORE_OR_LESS: Final = ("比较", "基本", "最", "较", "很")
DENIALS: Final = {"不", "未", "没", "没有", "不能", "未能", "无"}
ORDINAL: Final = {"第"}

# ---- likeness
ANALOGY: Final = {"参照", "比照", "参考", "同", "按照", "参照执行", "对照", "依照", "按"}
BY_POINTS: Final = {"按", "按照", "依照"}  # 按10计分 is ten points, 按第10条计分 is like the tenth item
POINTS_ENDS: Final = {
    "计分",
    "计",
    "记分",
    "记",
    "计算",
    "执行",
    "给分",
    "赋分",
    "积分",
    "打分",
    "标准计分",
    "标准执行",
}
ANALOGY_ENDS: Final = _words(
    "条 项 款 号 条执行 项执行 条计分 项计分 条标准 项标准 条标准执行 项标准执行 条款 条规定 号指标 执行 计分 "
    "号执行 项指标"
)
SAME_KIND: Final = _words(
    "同类 同类项 同类事项 同性质事项 同类项目 类似项 类似事项 相近事项 同类指标 相似事项 同类标准 相关条款 "
    "同类事项执行"
)

# ---- sharing
SPLITS: Final[dict[str, Split]] = {
    word: Split(name)
    for word, name in _each({
        "equal": (
            "平分 平均分 均分 平均分配 由参加的农户平分 由参加的人平分 由参与者平分 参与者平分 参与人员平分 "
            "参加者平分 "
            "参加人员平分 由参加农户平分 由参与农户平分 参与户平分 由参加的户平分 参加农户平分"
        ),
        "given": "按贡献分 按贡献分配 由评议会分 由评议会分配 按贡献大小分配 协商分配 商量着分",
    }).items()
}  # fmt: skip

# ---- multipliers
CIRCUMSTANCES: Final[dict[str, Circumstance]] = {
    word: Circumstance(name)
    for word, name in _each({
        "party_member": "党员 党员干部 中共党员 是党员的 党员家庭 党员户 属党员的",
        "cadre": "干部 村干部 两委干部 村两委 村两委干部 村组干部 村两委成员 两委成员",
        "repeat": (
            "重复 再犯 屡教不改 重复发生 多次违反 重犯 第二次 再次 再次发生 重复失信 累犯 有效期内重复 "
            "有效期内再犯 重复违反 第二次起 二次 重复出现 同一问题重复出现 第二次及以上 "
            "第二次以上 再次发现 二次违反 再次违反 重复出现同类问题"
        ),
        "first_month": "首月 第一个月 头一个月 头月 首个月",
    }).items()
}  # fmt: skip
CIRCUMSTANCE_WORDS: Final = {
    Circumstance.PARTY_MEMBER: "党员", Circumstance.CADRE: "村干部", Circumstance.REPEAT: "重复发生",
    Circumstance.FIRST_MONTH: "首月",
}  # fmt: skip
FACTORS: Final = {"加倍": 200, "双倍": 200, "翻倍": 200, "翻番": 200, "减半": 50, "折半": 50}
TIMES_SIGNS: Final = {"×", "*", "x", "X", "乘", "乘以"}
FACTOR_ENDS: Final = {"倍"}
FACTOR_SIDES: Final = {
    "扣": Side.DEDUCTION, "扣分": Side.DEDUCTION, "减分": Side.DEDUCTION,
    "减": Side.DEDUCTION, "扣除": Side.DEDUCTION,
    "扣减": Side.DEDUCTION, "加": Side.AWARD, "加分": Side.AWARD, "奖励": Side.AWARD, "奖": Side.AWARD,
    "积分": Side.EACH, "计分": Side.EACH, "记分": Side.EACH, "计": Side.EACH, "记": Side.EACH, "计算": Side.EACH,
    "得分": Side.EACH, "执行": Side.EACH, **dict.fromkeys(BOTH_SIGNS, Side.EACH), "加扣分": Side.EACH,
    "加分扣分": Side.EACH, "奖扣分": Side.EACH,
}  # fmt: skip
ONLY_SIDE: Final = {"只", "仅", "仅限", "只限", "限", "只对", "仅对"}
NO_MULTIPLIER: Final = {"1", "无", "不加倍", "1倍", "否"}

# Words that single rules ask for.
OTHER_WORDS: Final = {
    "项", "都", "连续", "均", "部分",
    "(", ")", "的", "经", "直至", "直到", "(含)", "是", "内", "本类", "由", "年年底", "年度",
    "月份", "号", "底", "末", "实行", "实施", "(含)以下", "全表满分", "的奖励",
}  # fmt: skip

# ---- what may not stand inside a name, a noun or a verb: it would be cut off from what it says

STRUCTURE: Final = frozenset[str]().union(
    GAINS, LOSSES, MINUS_SIGNS, NEUTRAL, BOTH_SIGNS, MORE_TAKEN, EXCHANGING, DASHES, SEPARATORS, SLASH,
    DISCRETION, CASE, MOST, CLOSING, AT_MOST,
    AT_MOST_AFTER, AT_LEAST, AT_LEAST_AFTER, EXACTLY_FULL, TO_NOTHING, HEDGES, EACH, FULL, BEYOND, AND_ABOVE,
    NOT_INCLUDED, BELOW, NOT_BELOW, UNDER, PRO_RATA, BY_PARTS, RELATIVE, WINDOWS, ADDED_UP, ONCE, UNLIMITED,
    WHOSE, LAYERS,
    NO_ADDING, HIGHEST, LEVELS, OFFICE, RANK_STYLES, PODIUM, FIRST_FEW, RESPECTIVELY, SEVERITIES, KINDS, OTHERS, ROLES,
    NO_POINTS, NOT_COUNTED, ORDINAL, RESETS, CATEGORY_RESETS, VETOES, FACTORS, TIMES_SIGNS, FACTOR_ENDS,
    POINTS, DOWNGRADES, ANALOGY,
    {"(", ")", "本类", "的"}, BY_KIND, UNITS, DECIDED, POINT_NAMES,
    SPLITS, RESET_TO, REPAIRED, VETO_TAKES, INSTEAD, CIRCUMSTANCES,
) - COUNTED - NOISE  # fmt: skip
