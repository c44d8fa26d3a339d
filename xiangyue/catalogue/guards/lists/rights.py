"""Words for rights that no resolution takes away: benefits, services, land, a say in the village. Pure data."""

from typing import Final

from xiangyue.catalogue.guards.finding import Weight
from xiangyue.catalogue.guards.vocabulary import (
    BARRED,
    BENEFIT,
    FEAST,
    GETTING,
    GIFTS,
    GOOD_EXAMPLES,
    MEMBERS_RIGHTS,
    NOT,
    OFFICES,
    ONLY_THEN,
    PAPERS,
    PEOPLE_OF,
    TAKE_AWAY,
    TAKEN,
    UTILITIES,
    VILLAGE_RIGHTS,
    WRONGLY,
    near,
)
from xiangyue.catalogue.guards.wording import EVERYWHERE, Words
from xiangyue.catalogue.language import columns
from xiangyue.catalogue.rules.terms import Side

AWARD: Final = Side.AWARD
DEDUCTION: Final = Side.DEDUCTION
QUESTION: Final = Weight.QUESTION
_NOT_OR_WRONGLY = f"{NOT}|{WRONGLY}"
_CHEATING = "(?:骗取|骗|套取|冒领|虚报|谎报|违规领取|违规享受|重复领取|重复享受|多领)[^,]{0,4}"
_STILL_LAWFUL = "再?(?:重复|多头|冒领|虚报|截留|挪用|骗取|代领|克扣|拖欠|优亲|少发|取消|停发|扣|减)"
_IN_FEAST = f"(?:{FEAST})[^;。]{{0,10}}"

BENEFITS: Final = (
    Words(
        f"{TAKE_AWAY}{near(16)}{BENEFIT}(?!{PEOPLE_OF}的?[^,]{{0,6}}(?:{GOOD_EXAMPLES}))",
        before=_NOT_OR_WRONGLY,
        within="缴|交纳|参保",
        fields=EVERYWHERE,
    ),
    Words(f"{BARRED}{GETTING}{near(16)}{BENEFIT}", before=NOT, fields=EVERYWHERE),
    Words(
        f"{BENEFIT}(?!{PEOPLE_OF}|宣传|宣讲){near(10)}{TAKEN}",
        before=f"{_CHEATING}|{WRONGLY}{near(6)}",
        after=_STILL_LAWFUL,
        within="缴|参保|宣传",
        fields=EVERYWHERE,
    ),
    Words(
        f"(?:扣|停|断|砍)(?:了|掉|其|他|该户|全家|家里|减|除|发)*{BENEFIT}",
        before=_NOT_OR_WRONGLY,
        after=PEOPLE_OF,
    ),
    Words(f"从[^,。;!?]{{0,8}}{BENEFIT}{near(8)}(?:扣|抵|划|减)"),
    Words(f"(?:与|和|跟|同){near(10)}{BENEFIT}{near(10)}(?:挂钩|联动|捆绑)", before="不|脱", after="脱钩"),
    Words(
        f"{BENEFIT}{near(10)}(?:挂钩|联动|捆绑)", before="不与|不和|不同|不跟|不得与|不能与", within="不挂|脱"
    ),
    Words(f"作为{near(12)}{BENEFIT}{near(12)}(?:依据|条件|参考|前提|门槛|凭据)", before="不|不得|不能"),
    Words(f"影响{near(10)}{BENEFIT}", before="不|没有|不会|不能|不得"),
    Words(f"{ONLY_THEN}{near(4)}(?:享受|申请|申报|领取|办理|发放|评){near(8)}{BENEFIT}"),
    Words(f"(?:恢复|解除|重新享受|重新发放){near(10)}{BENEFIT}", fields=frozenset({columns.REPAIR})),
    Words(
        f"(?:申请|申领|领取|享受|吃|要求){near(4)}{BENEFIT}(?=$|[的者且户,。;、])",
        side=DEDUCTION,
        before="骗|冒|虚|假|违规|不符合|不够|重复|多|套|截|代|瞒|不该|非法|亲|提供[^,]{0,10}|无理|争|违法|弄虚作假",
        within="骗|冒|虚|假|违规|重复|多",
    ),
    Words(
        "(?:争当|争要|争吃|无理要求|无理争取)[^,。;]{0,6}(?:低保|补助|救助)",
        side=DEDUCTION,
        weight=QUESTION,
    ),
    Words(f"(?:退出|放弃|失掉){near(4)}{BENEFIT}", side=DEDUCTION, before="不|主动|自愿"),
    Words(f"{BENEFIT}{PEOPLE_OF}{near(10)}{TAKEN}", weight=QUESTION),
    Words(f"{WRONGLY}{TAKE_AWAY}{near(16)}{BENEFIT}", weight=QUESTION),
    Words(f"(?:退出|放弃|不要|不申请|不享受){near(6)}{BENEFIT}", side=AWARD, weight=QUESTION),
    Words(
        BENEFIT,
        side=DEDUCTION,
        weight=QUESTION,
        before=f"{_CHEATING}|不影响[^,]{{0,8}}|不取消[^,]{{0,8}}|(?:不|脱)[^,]{{0,4}}",
        fields=frozenset({columns.REMARKS, columns.REPAIR, columns.TERM}),
    ),
    Words(f"优先{near(12)}{BENEFIT}", weight=QUESTION),
    Words(f"(?:{TAKE_AWAY}|{BARRED}{GETTING}){near(12)}{GIFTS}", before=NOT, weight=QUESTION),
)

_WHEN_PAID: Final = "交清|缴清|交齐|缴齐|补交|补缴|交上|还清|整改|改正|改好|认错"
SERVICES: Final = (
    Words(
        f"(?:{_WHEN_PAID})[^。;]{{0,8}}(?:再|才|方|啥时候|什么时候|何时)[^,。;]{{0,6}}(?:办事|办证|办手续|开证明|盖章|办理)|"
        "(?:办事|办证|办手续|开证明|盖章|公章|证明)[^,。;]{0,6}(?:不接待|不理|免谈|靠边|不给用|不让用|先不)",
        side=DEDUCTION,
        before="干部[^,]{0,8}|工作人员[^,]{0,8}",
        fields=EVERYWHERE,
    ),
    Words(
        "(?:拉|掐|断|剪|停)(?:了|掉|其|他|她|家|该户|的|全家|家里)*(?:电闸|电表|水表|水管|自来水|水龙头|电线)|"
        "(?:电闸|水闸|电表|水管)[^,。;]{0,3}(?:拉|掐|关|断|停)",
        side=DEDUCTION,
        before="私自|私|恶意|擅自|邻居[^,]{0,4}|他人[^,]{0,4}|乱|挖|挖断|弄|盗|偷",
        fields=frozenset({columns.REMARKS, columns.REPAIR, columns.TERM}),
    ),
    Words(
        "(?:不予|不给|不再|不为其|不为他|不为该户|不向其|拒绝为其|拒绝给其|暂停|停止|暂缓|缓|一律不|"
        "一律不予|概不|都不|"
        "就不|限制)(?:其|为其|给其|全家|该户|再)*(?:受理|办理|办|开具|开|出具|出|盖|审批|批|签|提供)"
        f"{near(8)}(?:{PAPERS}|章|证)",
        before=f"{_NOT_OR_WRONGLY}|干部[^,]{{0,6}}",
        within="虚假|假|违章|违法|违建|不实",
        fields=EVERYWHERE,
    ),
    Words(
        "(?:不|拒)(?:予|给|让)?(?:盖章|开证明|开具证明|出具证明|盖公章|开介绍信)",
        before=f"{_NOT_OR_WRONGLY}|干部[^,]{{0,8}}|工作人员[^,]{{0,8}}",
        fields=EVERYWHERE,
    ),
    Words(
        f"(?:{PAPERS}|一切事){near(8)}(?:一律不予?办|一律不予?受理|一律停|概不|不予|不给|停办|缓办|"
        "停止办|暂停|暂缓|不盖|不开)",
        before="弄虚作假[^,]{0,4}|虚假|未经[^,]{0,6}",
        after="(?:理)?(?:酒|宴|席)",
        within="不全|不齐|虚假|未批|公开",
        fields=EVERYWHERE,
    ),
    Words(
        "(?:不再|不|停止|暂停|拒绝)(?:为|给|替)(?:其|他|她|该户|这户|全家|家人|该家庭)+(?:村里)?(?:办|服务|提供|跑)|"
        "(?:办事|办证|盖章|手续)[^,。;]{0,4}(?:往后|靠后|拖(?!拉|沓|延)|缓)|不盖章不办",
        before=f"{NOT}|干部[^,]{{0,4}}|工作人员[^,]{{0,4}}",
        fields=EVERYWHERE,
    ),
    Words(
        "一律不予?办|一概不予?办|概不办理|一律不予?受理|啥也不办|什么都不办|一律停办|停办(?:一切|所有|"
        "各类|各项|全部)",
        before=_IN_FEAST,
        after=f"理?(?:[^,]{{0,6}}(?:{FEAST}))",
        fields=EVERYWHERE,
    ),
    Words(
        f"(?:影响|限制)(?:其|到|全家)*(?:办事|办证|盖章|开证明|{UTILITIES})",
        before="不|不得|不会|没有",
        after="安全|设施|线路",
    ),
    Words(f"{ONLY_THEN}(?:给|予以?|为其)?(?:办理|办|开具|出具|盖){near(8)}(?:{PAPERS}|章|证)"),
    Words(
        "(?:停|断|掐)(?:其|他家|他|该户|全家|家里|了|掉)*(?:水|电|气|"
        "暖)(?![稻费池瓶车动工泥污源沟渠渗压器站厂商线表])",
        side=DEDUCTION,
        before=(
            "恶意|私自|擅自|随意|邻居|他人|村民|群众|抢|因|遇|期间|避免|防止|及时|造成|导致|引起|致使|缺|人|大面积"
        ),
        after="时|期间|抢修|事故|后",
    ),
    Words(
        "停[^,。;]{0,6}[水电气](?=$|[,。;])",
        side=DEDUCTION,
        before="造成|导致|引起",
        fields=frozenset({columns.REMARKS, columns.REPAIR, columns.TERM}),
    ),
    Words(
        f"(?:停止|暂停|中断|切断|取消|限制|停供|断供|不予|不给|停掉|掐断){near(4)}{UTILITIES}",
        before=f"{_NOT_OR_WRONGLY}|造成|导致|引起|期间|造成[^,]{{0,8}}",
        fields=EVERYWHERE,
    ),
)

MEMBERS: Final = (
    Words(
        "(?:取消|停发|停止|暂停|暂缓|中止|终止|扣发|扣除|扣减|扣留|剥夺|限制|冻结|收回|没收|撤销|不予|"
        "不批|不给批|不分|调减|"
        f"失去|丧失|享受不到|缓批|不审批|不让分){near(12)}{MEMBERS_RIGHTS}",
        before=_NOT_OR_WRONGLY,
        within="占|破坏|毁|挖|焚|撂荒|抛荒|污染|施工|闲置|积分分红|积分股|复垦",
        fields=EVERYWHERE,
    ),
    Words(
        f"{BARRED}(?:{GETTING}|参与|参加|分配|分|承包|建|新建|翻建){near(10)}{MEMBERS_RIGHTS}",
        before=NOT,
        within="积分|乱|违",
        fields=EVERYWHERE,
    ),
    Words(
        "(?:分红|分钱|宅基地|地基|批地|承包地|建房申请|征地款|补偿款|集体收益|流转费)"
        + near(8)
        + "(?:取消|停发|不予|暂停|暂缓|不批|缓批|"
        "扣除|扣发|扣下|收回|不分|没有份|没份|没他|往后|打对?折|减半|享受不到|不享受|拿不到|领不到|一律不|作废|不发|暂不)|开除村籍",
        before="积分|自愿|主动|闲置",
        fields=EVERYWHERE,
    ),
    Words("不(?:给|予|再|让|准)*批[^,。;]{0,3}(?:房|地|建|宅)", before=_NOT_OR_WRONGLY, fields=EVERYWHERE),
    Words(
        "(?:流转|征地|补偿|分红|租金)[^,。;]{0,10}(?:扣着|先扣|压着|扣下|不给|不发)",
        side=DEDUCTION,
        before="干部[^,]{0,6}|截留",
        fields=frozenset({columns.REMARKS, columns.REPAIR, columns.TERM}),
    ),
    Words(
        "(?:承包|责任|自留|口粮)?[地田][^,。;]{0,2}(?:收回|收走|收掉)|(?:收回|收走|没收)[^,。;]{0,4}(?:承包|责任|自留|口粮)[地田]",
        side=DEDUCTION,
        before=_NOT_OR_WRONGLY,
        after="[^,]{0,6}(?:垃圾|秸秆)",
        fields=frozenset({columns.REMARKS, columns.REPAIR, columns.TERM}),
    ),
    Words("(?:不参与|不享受|不参加|不得参与|没有)(?:集体|年终|村里|年底|收益)*(?:分红|收益分配)"),
    Words(
        "(?:不配合|拒绝|阻挠|不同意|拒不)[^,。;]{0,8}(?:征地|拆迁|征收|土地流转|流转土地)",
        side=DEDUCTION,
        weight=QUESTION,
    ),
    Words("(?:退出|腾退|收回)[^,。;]{0,6}宅基地", side=AWARD, weight=QUESTION),
    Words(
        "宅基地|承包地|分红",
        side=DEDUCTION,
        weight=QUESTION,
        before="无故[^,]{0,6}|不影响[^,]{0,8}|积分|因病[^,]{0,8}|(?:经|由|提交|报)[^,]{0,4}",
        after="[^,]{0,6}(?:通过|决定|评议|讨论|批准|同意|审议)",
        fields=frozenset({columns.REMARKS, columns.REPAIR, columns.TERM}),
    ),
)

VILLAGE: Final = (
    Words(
        "(?:取消|停止|暂停|中止|终止|剥夺|限制|撤销|失去|丧失|无权|没有资格|没资格|无资格|不具备|不享有|褫夺)"
        f"{near(12)}{VILLAGE_RIGHTS}",
        before=_NOT_OR_WRONGLY,
        after=f"人?的?(?:{GOOD_EXAMPLES})",
        within=GOOD_EXAMPLES,
        fields=EVERYWHERE,
    ),
    Words(
        f"{BARRED}(?:参加|参与|行使|列为|推选为|推选|推荐为|推荐|当选|担任|竞选|参选|选为|选举|提名为|"
        "提名|列席|出席|进入|过问|查阅|"
        f"查看|了解|知晓|作为){near(12)}(?:{VILLAGE_RIGHTS}|{OFFICES}|财务|账目|账本|候选)",
        before=f"{NOT}|因病|因事|因故|外出|确|无法|请假|病",
        after="的?(?:提前)?(?:请假|委托)",
        within=GOOD_EXAMPLES,
        fields=EVERYWHERE,
    ),
    Words(
        f"{BARRED}(?:参选|竞选|投票|表决|当选|参加竞选|参加选举|选举|议事)",
        before=f"{NOT}|因病|因事|因故|外出",
        within=GOOD_EXAMPLES,
        fields=EVERYWHERE,
    ),
    Words(
        f"(?:没有|没|无|不享有|不具有|不具备){near(6)}(?:选举|投票|表决|参选|议事|发言|参与村务|"
        "参加选举)(?:权|资格)"
    ),
    Words(
        "(?:选举权|投票权|表决权|参选资格|候选人资格|村民代表资格|知情权|监督权|发言权)"
        + near(8)
        + "(?:取消|停止|暂停|中止|剥夺|没有|丧失|失去|不享有|作废|收回|冻结)"
    ),
    Words(
        "(?:选票|投票|票)(?:作废|无效|不算)|不算[^,。;]{0,4}票|不(?:许|准|让)[^,。;]{0,4}(?:说话|发言|开会|进会场)"
    ),
    Words(
        "(?:不能|不得|不许|不准|没资格|不可以)[^,。;]{0,2}(?:选|当|做)[^,。;]{0,4}(?:干部|代表|组长|主任|委员)",
        fields=EVERYWHERE,
    ),
    Words(
        "(?:账目?|账本|财务)[^,。;]{0,4}(?:不给|不让|不准|不许)[^,。;]{0,4}(?:看|查)|"
        "(?:发言|说话|表决|投票|议事|开会)[^,。;]{0,4}(?:没|没有|无)[^,。;]{0,4}份|"
        "(?:没|没有|无)[^,。;]{0,4}(?:发言|说话|表决|投票|议事|开会)[^,。;]{0,2}份",
        before="干部[^,]{0,4}|村委[^,]{0,4}",
        fields=EVERYWHERE,
    ),
    Words(
        "(?:会上|开会|表决|举手|画票|投票)[^,。;]{0,6}(?:反对|弃权|不同意|不举手)|"
        "(?:不|未|没|没有)按[^,。;]{0,10}(?:画票|投票|选举|推选)",
        side=DEDUCTION,
        before="强迫[^,]{0,4}|干部[^,]{0,6}",
        within="程序|规定|法",
    ),
    Words(
        "不(?:予|对其|给其)?公开村务|(?:村务|财务)不(?:予|对其)?公开",
        before="干部[^,]{0,4}|村委[^,]{0,4}",
        weight=QUESTION,
    ),
    Words(
        "投反对票|投弃权票|不按[^,。;]{0,8}(?:投票|选举)|反对[^,。;]{0,10}(?:决议|决定|方案|项目|工作)|"
        "不(?:同意|支持)[^,。;]{0,10}(?:决议|决定|方案|项目)",
        side=DEDUCTION,
    ),
    Words(
        "组织意图[^,。;]{0,6}(?:投票|选举)|投票给|选[^,。;]{1,6}(?:当|为)(?:村主任|村委|代表|书记)",
        side=AWARD,
    ),
    Words(
        "(?:不|未|没有|没|拒绝)(?:按时|按规定|积极|主动)?(?:参加|参与|进行|去)?(?:村民|村|换届|两委|"
        "村委会|民主)*(?:选举|投票)",
        side=DEDUCTION,
        weight=QUESTION,
    ),
    Words(
        VILLAGE_RIGHTS,
        side=DEDUCTION,
        weight=QUESTION,
        before="无故[^,]{0,6}|不影响[^,]{0,8}|积分|因病[^,]{0,8}|(?:经|由|提交|报)[^,]{0,4}",
        after="[^,]{0,6}(?:通过|决定|评议|讨论|批准|同意|审议)",
        fields=frozenset({columns.REMARKS, columns.REPAIR, columns.TERM}),
    ),
)
