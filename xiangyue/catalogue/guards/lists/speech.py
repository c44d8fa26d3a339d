"""Words for speaking up: petitions, complaints, criticism; and for watching others. Pure data."""

from typing import Final

from xiangyue.catalogue.guards.finding import Weight
from xiangyue.catalogue.guards.vocabulary import (
    COMPLAINT,
    EACH_OTHERS,
    NOT,
    OWN_FIELD,
    PETITION,
    SILENCE,
    SUPPRESSING,
)
from xiangyue.catalogue.guards.wording import Words
from xiangyue.catalogue.rules.terms import Side

AWARD: Final = Side.AWARD
DEDUCTION: Final = Side.DEDUCTION
QUESTION: Final = Weight.QUESTION
_LEGAL_FACT = "打砸|围堵|冲击|殴打|治安处罚|治安管理处罚|行政处罚|拘留|扰乱[^,。;]{0,10}秩序|伤害|损毁"
PETITIONS: Final = (
    Words(
        "越级(?:上访|信访|访)|非访|缠访|闹访|集体(?:上访|信访|访)|群访|进京(?:上访|访)?|赴京|赴省|"
        "无理(?:上访|信访)|重复(?:上访|信访)|"
        "越访|集访|违规(?:上访|信访)|非正常(?:上访|信访)|恶意(?:上访|信访)|违法(?:上访|信访)|到(?:县|市|"
        "省|北京|镇|乡)[^,。;]{0,6}"
        "(?:告状|上访|反映问题|反映情况)|串联(?:上访|信访)|(?:到|去|赴|给|向)[^,。;]{0,4}(?:北京|中央|省|市里|县里|上级|上面|镇里|乡里)[^,。;]{0,6}(?:反映|告状|写信|上访|告)|赴上级",
        side=DEDUCTION,
        before=SUPPRESSING,
        within="赴京(?:学习|务工)|进京(?:学习|务工)",
        after="(?:学习|务工|打工|就医|求学|旅游)",
    ),
    Words(
        f"{PETITION}",
        side=DEDUCTION,
        before=f"{SUPPRESSING}|{_LEGAL_FACT}[^,]{{0,4}}|邻里",
        after=(
            f"[^。;]{{0,12}}(?:{_LEGAL_FACT})|(?:学习|务工|打工|就医|求学)|(?:事项|件|案件|"
            f"诉求)?[^,]{{0,6}}(?:不处理|推诿|拖延|未办|未及时|不及时|未按)"
        ),
    ),
    Words(
        PETITION, side=DEDUCTION, weight=QUESTION, before=SUPPRESSING, after="(?:学习|务工|打工|就医|求学)"
    ),
    Words(
        f"{SILENCE}|(?:不|未|没)(?:到|去|向|越级)[^,。;]{{0,8}}(?:反映|告状|上访)|(?:息|罢|停)访(?:协议|承诺)",
        side=AWARD,
    ),
    Words(
        "(?:劝返|劝说|动员|劝导|劝阻|稳控|拦截|截访|接返|劝回|盯防|看住|劝导放弃|拦下)[^,。;]{0,8}(?:上访|信访|访|进京)|截访|"
        "(?:上访|信访)(?:人员|对象|户|老户|人)?[^,。;]{0,4}(?:劝返|稳控|拦截|接返|劝回|盯防)",
        side=AWARD,
    ),
    Words(
        "信访|上访",
        side=AWARD,
        weight=QUESTION,
        before=(
            "(?:调解|调处|化解|代办|接待|协助|帮助|处理|解决|宣传|学习|引导|参与|反映|受理|排查|依法|协调|包保|"
            "办理)[^,]{0,10}"
        ),
        after="[^,]{0,8}(?:调解|调处|化解|代办|接待|协助|处理|解决|宣传|学习|排查|办结|协调|条例|法规)",
    ),
)

_SPEECH = "发帖|发布|发表|发抖音|发视频|发朋友圈|散布|传播|转发|评论|议论|发牢骚|说"
COMPLAINTS: Final = (
    Words(
        COMPLAINT,
        side=DEDUCTION,
        before=f"{EACH_OTHERS}|{SUPPRESSING}|捏造[^,]{{0,8}}|诬告[^,]{{0,4}}|虚假|公安[^,]{{0,4}}|泄露|对|受",
        after="人[^,]{0,4}(?:打击|报复|威胁)|[^,]{0,4}(?:查实|属实|不处理|推诿|诈骗)|(?:人|者)?[^,]{0,2}信息",
    ),
    Words(
        "(?:提出|提|存在|有|不服|坚持|反复|无理)[^,。;]{0,10}(?:异议|申诉|复核|复议|意见)|"
        "不服[^,。;]{0,8}(?:评议|评分|结果|处理|扣分|决定|管理结果)|"
        "(?:不满|抱怨)[^,。;]{0,8}|对[^,。;]{0,10}(?:不满|有意见|不服|提异议)|要求(?:公开账|查账|公布账|"
        "公开村务|公开财务)|过问村务|查账|"
        "(?:不|拒绝|拒不)(?:签字|确认|认可|签字确认)[^,。;]{0,4}(?:扣分|评分|结果|公示)|拒不(?:认账|认可)[^,。;]{0,6}",
        side=DEDUCTION,
        before="群众|村民|让群众|引起|引发|造成|调解[^,]{0,4}|被|听取|无",
        after="的?(?:未|不)(?:答复|处理|办理)",
        within="合理化|不提意见|征求|无不满",
    ),
    Words(
        f"(?:{_SPEECH})[^,。;]{{0,14}}(?:负面|不利|不当言论|不满|诋毁|抹黑|批评|牢骚|坏话|闲话)|(?:抹黑|"
        "诋毁|丑化|妄议|诬蔑|污蔑|批评|指责|顶撞|质疑)"
        f"[^,。;]{{0,4}}{OWN_FIELD}|给{OWN_FIELD}抹黑|(?:网上|网络|微信群|抖音|"
        f"媒体)[^,。;]{{0,10}}(?:反映|曝光|爆料|吐槽)[^,。;]{{0,4}}{OWN_FIELD}|"
        "向?(?:媒体|记者)(?:爆料|反映|曝光)|负面言论|负面信息|不当言论|不利于本?村[^,。;]{0,4}言论|网上发帖",
        side=DEDUCTION,
        within="谣|虚假|诈骗|邪教|反动|淫秽|分裂",
        before="群众",
    ),
    Words(
        "负面舆情|网络舆情|引发舆情|炒作|诬告|虚假(?:投诉|举报)|捏造[^,。;]{0,8}(?:投诉|举报)",
        side=DEDUCTION,
        weight=QUESTION,
    ),
    Words(
        "(?:不|未|没有|没|无|零)(?:打|拨打|向)?[^,。;]{0,2}(?:举报|检举|控告|申诉|异议|12345|热线|"
        "提意见)|不投诉|不提异议|"
        "(?:撤回|撤销|放弃)(?:异议|投诉|申诉|举报|复议)|没有意见|从不(?:抱怨|提意见)",
        side=AWARD,
        within="电信|诈骗",
    ),
    Words("(?:零|无|未被|未受)投诉", side=AWARD, weight=QUESTION),
)

INFORMERS: Final = (
    Words(
        "(?:监视|盯梢|监听|打探|窥探|盯防|偷拍)[^,。;]{0,8}(?:邻居|村民|他人|群众|家|户|信徒|上访|信访)",
        side=AWARD,
        before=NOT,
    ),
    Words(
        "(?:举报|检举|揭发|告发|报告|上报|反映|提供)[^,。;]{0,14}(?:宗教|信教|传教|政治|思想|言论|上访|"
        "信访|境外联系|邻居|亲属|家人|亲友|"
        "微信群聊|聚会)",
        side=AWARD,
        weight=QUESTION,
        before="不",
        within="邪教|困难|求助|患病|独居|安全|隐患|需求|矛盾",
    ),
    Words(
        "(?:打听|留意|掌握|收集)[^,。;]{0,8}(?:邻居|他人|村民)[^,。;]{0,8}(?:信仰|思想|言论|动向|往来)",
        weight=QUESTION,
    ),
)
