"""Words for who people are: children, faith, peoples, births, illness, need, relatives. Pure data."""

from typing import Final

from xiangyue.catalogue.guards.finding import Weight
from xiangyue.catalogue.guards.vocabulary import (
    BELIEVING,
    CHILD,
    FAITH,
    ILL,
    NOT,
    PEOPLE_NAMES,
    POOR,
    RELATIVES,
    WRONGS,
    any_of,
    near,
)
from xiangyue.catalogue.guards.wording import Words
from xiangyue.catalogue.rules.terms import Side

AWARD: Final = Side.AWARD
DEDUCTION: Final = Side.DEDUCTION
QUESTION: Final = Weight.QUESTION
_SCHOOL = any_of(
    "辍学 失学 逃学 旷课 弃学 退学 休学 不及格 成绩 挂科 留级 不上学 不念书 不读书 未入学 不入学 厌学 "
    "学习差 早恋 谈恋爱 没毕业 未毕业 "
    "中途离校 未上学 上网成瘾 沉迷"
)
MINORS: Final = (
    Words(
        "辍学|失学|弃学|逃学|控辍保学|(?:未完成|未接受|不接受|未履行|不履行|拒绝)[^,。;]{0,10}义务教育|"
        "不送[^,。;]{0,8}(?:上学|入学)",
        side=DEDUCTION,
    ),
    Words(
        f"(?:{CHILD}|子女|儿女|儿子|女儿|子弟){near(10)}{_SCHOOL}",
        side=DEDUCTION,
        before=("资助|帮扶|影响|干扰|妨碍"),
    ),
    Words(
        "(?:公布|公示|公开|展示|张贴|张榜|上墙|晾晒|通报|曝光)[^,。;]{0,8}(?:孩子|儿童|未成年|学生|子女|"
        "少年)[^,。;]{0,8}(?:姓名|名单|名字|成绩|照片|"
        "分数|排名)"
    ),
    Words(
        "(?:孩子|儿童|未成年人|学生|子女)[^,。;]{0,6}(?:姓名|名单|名字|成绩|照片)[^,。;]{0,6}(?:公布|"
        "公示|公开|张贴|张榜|上墙|上榜)",
        before="不",
        after="不",
    ),
    Words(
        f"(?:{CHILD}|未成年子女){near(6)}(?:打架|打人|偷|骂人|违纪|玩手机|上网|成瘾|抽烟|喝酒|破坏|乱扔|"
        "乱丢|损坏|违法|没读完|未读完)|"
        "(?:没有|没|未|不)让?[^,。;]{0,4}(?:孩子|子女|儿女)[^,。;]{0,4}(?:读|上学|念书)",
        side=DEDUCTION,
        before="(?:教唆|放任|纵容|允许|带|与|和|引诱|胁迫|利用|对|向|殴打|欺负|容留|为|给)[^,]{0,4}",
    ),
    Words(
        CHILD,
        side=DEDUCTION,
        weight=QUESTION,
        before=(
            "(?:虐待|遗弃|拐卖|歧视|伤害|欺负|教唆|侵害|不管|不养|性侵|猥亵|殴打|引诱|胁迫|收买|照顾|看护|接送|售|"
            "卖|利用|向|对)[^,]{0,8}"
        ),
    ),
)

RELIGION: Final = (
    Words(
        BELIEVING, side=DEDUCTION, before="邪教[^,]{0,6}|非法[^,]{0,4}|党员[^,]{0,4}", after="[^,]{0,4}邪教"
    ),
    Words(
        f"(?:不|未|无|没有|没|零|退|脱离|不再|停止|远离|放弃){near(4)}(?:{BELIEVING}|宗教(?!场所|政策|事务|法))",
        side=AWARD,
        within="邪教|非法",
    ),
    Words(
        BELIEVING,
        side=AWARD,
        before="尊重[^,]{0,6}|服务[^,]{0,4}",
        after="[^,]{0,6}(?:政策|法|服务|志愿|安全)",
    ),
    Words(f"{FAITH}|信仰", weight=QUESTION, before="理想|坚定[^,]{0,4}|政治|党的", side=Side.EACH),
    Words("封建迷信|算命|占卜|跳大神|看风水", side=DEDUCTION, weight=QUESTION),
)

PEOPLES: Final = (
    Words(
        f"{PEOPLE_NAMES}|(?:讲|说|使用)民族语|民族(?:服装|服饰|习俗)|不(?:讲|说|会)(?:普通话|汉语|国语)",
        side=DEDUCTION,
        before="歧视|侮辱|不尊重|破坏|家|伤害|(?:歧视|侮辱|不尊重|伤害|破坏)[^,]{0,6}",
        after="[^,]{0,4}(?:团结|感情)",
    ),
    Words(
        PEOPLE_NAMES,
        side=AWARD,
        weight=QUESTION,
        before="家|尊重|帮助",
        after="(?:团结|文化|歌舞|体育|习俗|节)",
    ),
)

BIRTHS: Final = (
    Words(
        "计划生育|计生|超生|[二两三四多]孩|[二三四多]胎|结扎|上环|节育|引产|堕胎|人流|独生子女|只生一个|"
        "违法生育|违规生育|抢生|偷生|"
        "未婚先孕|未婚生育|不生育|不孕|不生孩|不生二|孕检|环孕|社会抚养费|早生|晚育|多生|执行计生",
        side=DEDUCTION,
        before="骗取[^,]{0,6}|歧视[^,]{0,6}|非法(?:实施|进行)?|虐待[^,]{0,6}|弃",
    ),
    Words("生育|生男|生女|生儿子", side=DEDUCTION, before="骗取|歧视[^,]{0,6}|鼓吹|宣扬", after="保险|津贴"),
    Words(
        "(?:不|无|未|零|没有|杜绝)(?:超生|违法生育|计划外|违规生育|多胎)|(?:生育|生|怀|"
        "生了)(?:第?[一二两三四多])(?:个)?(?:孩|胎|娃)|"
        "[二三多]孩家庭|(?:落实|采取|做)(?:了)?[^,。;]{0,4}(?:节育|结扎|上环|避孕)|结扎|上环|引产|"
        "独生子女(?:户|家庭|证|父母|光荣)|"
        "按(?:政策|计划)生育|计划内生育|执行计划生育|遵守计划生育|双女户|参加孕检|参加环孕",
        side=AWARD,
        before="(?:看望|照顾|慰问|帮助|服务|帮扶|关爱|走访|陪伴)[^,]{0,8}",
    ),
    Words(
        "生育(?!保险|津贴|率)|计生|独生子女|[二三]孩|孕检|非法鉴定胎儿|选择性别|胎儿性别",
        weight=QUESTION,
    ),
)

_VICTIM = (
    "(?:歧视|虐待|遗弃|不照顾|欺负|侮辱|嘲笑|骗|不关心|不赡养|不管|辱骂|殴打|伤害|占用|侵占|挪用|冒充|"
    "假冒|冒领|克扣|不尊重|不扶|瞒报|"
    "隐瞒|嫌弃|截留|套取|虚报|拒绝扶养|不扶养|不养|冒用|妨碍|传播)[^,]{0,10}"
)
_ANIMAL = "(?:畜|禽|猪|牛|羊|鸡|鸭|鹅|犬|狗|宠物|庄稼|树|松|动物|作物)[^,]{0,4}"
ILLNESS: Final = (
    Words(
        f"(?:患有?|得了?|染上|感染|身患|家有|家中有|家里有|家庭有){near(4)}(?:病|{ILL})",
        side=DEDUCTION,
        before=f"{_VICTIM}|{_ANIMAL}|除|非因|非",
        after="[^,]{0,8}(?:除外|例外|不扣|免|请假|不计)",
        within="牛|猪|羊|禽|犬",
    ),
    Words(
        f"{ILL}|患病|生病|住院",
        side=DEDUCTION,
        weight=QUESTION,
        before=f"{_VICTIM}|{_ANIMAL}|除[^,]{{0,4}}|非因|无|因",
        after="[^,]{0,8}(?:除外|例外|不扣|免|请假|不计|人联合会|联)",
    ),
)

_NEEDY = "贫困|贫穷|家贫|无收入|低收入|没有收入|收入低|返贫|未脱贫|不脱贫|家庭困难|领救济"
POVERTY: Final = (
    Words(
        f"{POOR}|{_NEEDY}",
        side=DEDUCTION,
        before=f"{_VICTIM}|争当|虚|假|骗取|非|评定[^,]{{0,4}}|欺[^,]{{0,4}}|刁难|优亲厚友[^,]{{0,6}}|对",
        after="[^,]{0,6}(?:除外|例外|不扣|免|资金|款)",
    ),
    Words(f"(?:争当|骗取|虚报|冒充|假冒){near(4)}{POOR}", side=DEDUCTION, weight=QUESTION),
)

KIN: Final = (
    Words(
        f"{RELATIVES}(?:中|里|们)?(?:有人|有|成员|发生)*{near(6)}{WRONGS}",
        side=DEDUCTION,
        within="不和|之间|纠纷|反目|争",
        before="(?:为|替|给|帮|与|和|跟|对|利用|纵容|包庇|袒护|虐待|殴打|打骂|唆使|让|同)[^,]{0,6}",
    ),
    Words(
        "(?:一人|有一人|家中一人|一个人|任何一人)[^。;]{0,16}(?:全家|全户|整户|家人|亲属|全族|全组|邻居|"
        "联户|其他人)[^。;]{0,6}"
        "(?:扣|罚|受|取消|停|不得|减|连|一律|都)"
    ),
    Words(
        "(?:同组|联户|左邻右舍|邻居|邻户|其他户|其余户|全组|全村|所在组|联户组|小组其他|全体|"
        "整组)[^,。;]{0,8}(?:一并|连带|同时|都|均|全部|共同|也|"
        "一起|一律|每户)[^,。;]{0,6}(?:扣|减|罚|取消|不得)"
    ),
    Words(
        "(?:其他家庭成员|家庭其他成员|家人|亲属|全家)[^,。;]{0,4}(?:同样|一并|连带|也要|都要|"
        "跟着)[^,。;]{0,2}(?:扣|罚|受)|"
        "(?:父母|配偶|子女|儿女|爱人|丈夫|妻子)(?:一并|连带|同时|也|跟着|同样)[^,。;]{0,2}(?:扣|罚|受|减)"
    ),
    Words(
        "连坐|株连|连带(?:扣|处罚|责任|受罚|减分|惩)|一人犯错|父债子还|(?:牵连|殃及)(?:家|亲|全)", before=NOT
    ),
    Words(
        f"(?:其|该户|当事人|本人)?(?:直系|旁系|近)?{RELATIVES}{near(4)}(?:一并|连带|同时|也|均|"
        f"一律)[^,。;]{{0,4}}(?:扣|罚|取消|停|不得)"
    ),
)
