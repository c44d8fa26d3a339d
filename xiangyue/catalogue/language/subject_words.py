"""The words for who is scored and who receives, and what each says. Pure data."""

from typing import Final

from xiangyue.catalogue.rules.terms import Receiver, Subject, Whose


def _each(table: dict[str, str]) -> dict[str, str]:
    """Turn {meaning: "several words"} into {word: meaning}."""
    return {word: meaning for meaning, words in table.items() for word in words.split()}


def _words(several: str) -> set[str]:
    return set(several.split())


SUBJECTS: Final[dict[str, Subject]] = {
    word: Subject(name)
    for word, name in _each({
        "household": (
            "农户 户 家庭 家庭户 每户 以户为单位 全体农户 各户 住户 家户 村民家庭 居民户 全部农户 所有农户 按户 "
            "本村农户 全体户 本户 每户家庭 家家户户 常住农户"
        ),
        "person": "村民个人 个人 村民 家庭成员 每人 本人 全体村民 居民 居民个人 社区居民 区级个人 "
                  "全村村民 人 自然人 所有村民 村民本人 参与者 "
                  "全体居民 农村居民 个体 区村级个人 村级个人 市民 农民 村居民 居村民 全员 所有人 全体人员 "
                  "公民 社员 乡亲 儿女 子女 党员群众 干部群众 党员干部群众 家庭全体成员 家庭每位成员 家庭每名成员 "
                  "组织者 参与人员 参加者 参加人员 参加人 当事人 责任人 "
                  "直接责任人 相关责任人 获奖者 获奖人 获奖人员 行为人 捐赠者 捐款人 举报人 活动参与者 活动组织者 "
                  "当事人双方 双方当事人 当事双方 责任双方",
        "party_member": "党员 全体党员 农村党员 无职党员 党员个人 党员本人 中共党员 在册党员 普通党员 每名党员 "
        "党员同志",
        "group": "村民小组 小组 村民组 组 自然村 屯 自然屯 村组",
        "grid": "网格 微网格",
        "village": "行政村 村 村集体 全村 村级 各村 嘎查 社区 村居 村社区 村、社区",
    }).items()
}  # fmt: skip
HOUSEHOLD_KINDS: Final = _words(
    "贫困户 脱贫户 监测户 低保户 建档立卡户 一般户 一般农户 非贫困户 普通农户 示范户 党员户 五保户 五星户 经营户 "
    "养殖户 种植户 常住户 商户 党员家庭 租户 大户 种养大户 脱贫监测户 重点户 经商户 民宿户"
)
PERSON_KINDS: Final = _words(
    "村干部 两委干部 村两委 村两委干部 党员干部 志愿者 村民代表 网格员 网格长 小组长 村民小组长 退役军人 妇女 "
    "老年人 老人 在校学生 学生 青年 预备党员 流动党员 民兵 保洁员 护林员 公益性岗位人员 公益岗位人员 乡贤 两委成员 "
    "残疾人 组长 书记 主任 大学生 村组干部 驻村干部 包村干部 致富带头人 新乡贤 返乡大学生 "
    "返乡青年 常住村民 外来人员 联户长 楼栋长 中心户长 村医 教师 儿童 青少年 种植大户 农民工 未成年人 "
    "群众 普通群众 普通村民 一般村民 一般群众 非党员 军属 烈属 军烈属 能人 手艺人 监护人 联系人 传承人 公益性岗位 "
    "公益岗位 公益岗 房东 流动人口"
)
# How the names of kinds end that a village makes up for itself.
HOUSEHOLD_ENDS: Final = (
    "家庭",
    "农户",
    "贫困户",
    "经营户",
    "养殖户",
    "种植户",
    "搬迁户",
    "困难户",
    "示范户",
    "联系户",
    "户",
)
NO_HOUSEHOLDS: Final = (
    "大户",
    "联户",
    "账户",
    "落户",
    "入户",
    "门户",
    "分户",
    "过户",
    "开户",
    "用户",
    "客户",
)
PERSON_ENDS: Final = (
    "分子", "代表", "干部", "骨干", "成员", "队员", "人员", "志愿者", "负责人", "带头人", "经纪人", "承包人", "老人",
    "军人", "残疾人", "青年", "儿童", "学生", "妇女", "职工", "教师", "教练", "乡贤", "家属", "经营者", "创业者",
    "指导员", "宣传员", "信息员", "调解员", "巡逻员", "管理员", "联络员", "监督员", "护林员", "辅警", "楼长",
    "片长", "大户", "员", "民", "主", "书记", "主任", "主席", "会长", "支书", "委员", "群众",
    "人群", "能手", "家长", "匠", "师", "工人", "艺人",
)  # fmt: skip
RECEIVERS: Final[dict[str, Receiver]] = {
    "本人": Receiver.DOER, "父母": Receiver.PARENTS, "配偶": Receiver.SPOUSE, "子女": Receiver.CHILDREN,
    "户主": Receiver.HEAD, "家庭成员": Receiver.MEMBERS, "全家": Receiver.MEMBERS, "孩子": Receiver.CHILDREN,
}  # fmt: skip
ONLY: Final = {"仅", "只限", "仅限", "限", "只对", "专指"}
WHOSE_OF: Final = {
    Subject.HOUSEHOLD: Whose.HOUSEHOLD, Subject.PERSON: Whose.PERSON, Subject.PARTY_MEMBER: Whose.PERSON,
    Subject.GROUP: Whose.GROUP, Subject.GRID: Whose.GRID, Subject.VILLAGE: Whose.VILLAGE,
}  # fmt: skip

# What stands before a subject and means all of them.
ALL_OF: Final = ("全体", "所有", "全村", "本村", "各", "每名", "每位", "每个", "广大", "全部")
LEVELS_OF: Final = (
    "区级",
    "村级",
    "区村级",
    "镇级",
    "县级",
    "镇村级",
    "县镇村级",
    "市级",
)  # 区级个人: in whose book
ANYBODY: Final = {"不限", "全体", "所有", "通用", "均可", "不限对象"}
EVERYBODY: Final = ("群众", "普通群众", "普通村民", "一般村民", "一般群众", "非党员")  # together with 党员

# ---- nouns that hold a word of their own
PERSON_HOURS: Final = {"每人小时"}
NOUNS: Final = _words("村规民约 乡规民约 签约 节约 公约 预约 约定 违约 履约")  # 约 in them is no hedge
PLACES: Final = _words("省外 省内 市外 市内 县外 县内 区外 区内 镇外 镇内 村外 村内 国外 国内")

# ---- notes beside points
NOTE_STARTS: Final = (
    "需", "须", "凭", "附", "提供", "公示", "经", "以", "应", "批评", "责令", "通报", "移送", "限期", "立即",
    "照价赔偿", "赔偿损失", "恢复原状", "公开道歉", "并照价赔偿", "并赔偿损失", "并恢复原状", "并公开道歉",
    "承担", "公开", "书面", "在全村", "全村通报", "追缴",
    "补种", "补交", "补缴", "赔偿", "修复", "清理", "拆除", "没收",
    "直至", "直到", "追回", "报送", "上报", "列入", "张榜", "追究",
)  # fmt: skip
NOTE_ENDS: Final = (
    "没收",
    "赔偿",
    "通报",
    "道歉",
    "检讨",
    "公示",
    "曝光",
    "追责",
    "问责",
    "查处",
    "处理",
    "批评",
)
NARROWING: Final = ("除", "不含", "不包括", "仅", "限", "只", "不得", "不能", "另", "否则")
