"""Words for punishment without law and for burdens: money, shame, credit, telephones, gifts, papers. Pure data."""

from typing import Final

from xiangyue.catalogue.guards.finding import Weight
from xiangyue.catalogue.guards.vocabulary import (
    AUTHORITY,
    CONSEQUENCE,
    GOOD_EXAMPLES,
    MACHINES,
    NOT,
    NOT_DONE,
    ONLY_THEN,
    OPERATING,
    WRONGLY,
    any_of,
    near,
)
from xiangyue.catalogue.guards.wording import EVERYWHERE, Words
from xiangyue.catalogue.language import columns
from xiangyue.catalogue.rules.terms import Side

AWARD: Final = Side.AWARD
DEDUCTION: Final = Side.DEDUCTION
QUESTION: Final = Weight.QUESTION
_PENALISED = f"(?:处|处以|受到|被|受|因|经)[^;。]{{0,20}}|(?:{AUTHORITY})[^;。]{{0,16}}|缴纳|拒缴|不缴|行政"
_SUM: Final = "(?:了|他|她|其|一次)*[0-9一二两三四五六七八九十百千]+(?:元|块)钱?"
FINES: Final = (
    Words(
        "罚款|罚金|罚钱|罚[0-9一二三五十百千]+元",
        before=_PENALISED,
        after=f"[^,。;]{{0,4}}(?:行政处罚|处罚决定)|[^,。;]{{0,8}}(?:{AUTHORITY})",
        fields=EVERYWHERE,
    ),
    Words(
        "(?:并处|另处|并罚|另罚|同时处|村委会处|村里处|本村处)[^,。;]{0,8}(?:罚|元)|罚[^。;]{0,12}(?:村里|村委会?|村集体|小组)(?:收|所有|管)|"
        "(?:村里|村委会?|本村|村集体|小组)[^,。;]{0,4}(?:罚款|罚金)",
        fields=EVERYWHERE,
    ),
    Words(
        "(?:处|处以)[^,。;]{0,12}(?:罚款|罚金|元)",
        weight=QUESTION,
        within="行政处罚",
        after=f"[^,]{{0,8}}(?:{AUTHORITY}|行政处罚)",
        under="公安|交通|执法|司法|行政处罚|市场监管|环保",
    ),
    Words(
        "(?:扣|扣发|扣除|停发|核减|克扣)(?:其|当月|全部|部分|本人)*(?:工资|报酬|务工费|劳务费|误工费|"
        "工钱|钱|款|现金|误工补)",
        before=WRONGLY + "|拖欠|" + NOT,
        after="(?:农民|工人)",
        fields=EVERYWHERE,
    ),
    Words(
        "(?:收取|收|缴纳|缴|交纳|交|预交|预收|扣除|扣|没收|抵扣|罚没)[^,。;]{0,8}(?:押金|保证金|违约金|罚金|滞纳金)",
        before="拒不|不|未|退还|拖欠|农民工[^,]{0,4}",
        after="制度宣传",
        fields=EVERYWHERE,
    ),
    Words(
        "(?:交|缴|付|缴纳|花)[^,。;]{0,6}元[^。;]{0,8}(?:抵|补|免扣|修复|恢复|赎|换|买)|花钱(?:买|补|抵)|"
        "交钱|以钱(?:抵|补|代)",
        fields=EVERYWHERE,
    ),
    Words(
        "缴纳[^,。;]{0,8}元|交[^,。;]{0,4}元|赔款|缴款|罚",
        fields=frozenset({columns.REPAIR}),
        before="所欠|拖欠|欠缴|补|行政|缴清|公安[^,]{0,6}",
        after="[^,]{0,6}(?:水费|电费|卫生费|保险|医保|税)",
    ),
    Words(
        f"每[^,。;]{{0,4}}{_SUM}[^,。;]{{0,4}}罚|{_SUM}[^,。;]{{0,2}}(?:处罚|罚)",
        before=_PENALISED,
        fields=EVERYWHERE,
    ),
    Words("捐款|捐赠|捐资", weight=QUESTION, fields=frozenset({columns.REPAIR})),
    Words(
        f"(?:交|出|掏|付|缴|补交|收|赔)[^,。;]{{0,4}}{_SUM}[^,。;]{{0,8}}(?:归村|归集体|归组|给保洁|给村|风险金|押金|保证金|入账)|"
        f"(?:收|交|缴)[^,。;]{{0,4}}{_SUM}?[^,。;]{{0,2}}(?:风险金|诚信金|担保金)",
        side=DEDUCTION,
        before=_PENALISED,
        fields=EVERYWHERE,
    ),
    Words(
        f"(?:交|出|掏|付|缴|补交){_SUM}",
        side=DEDUCTION,
        weight=QUESTION,
        before=f"{_PENALISED}|拖欠[^,]{{0,8}}|欠[^,]{{0,8}}|不[^,]{{0,4}}|未[^,]{{0,4}}|骗[^,]{{0,8}}",
        fields=EVERYWHERE,
    ),
)

SHAMING: Final = (
    Words(
        "游街|游村|示众|(?:公开|当众|大会|村民大会|全村)[^,。;]{0,4}(?:检讨|认错|道歉|念检讨)|挂(?:黑牌|"
        "黄牌|差牌|落后牌)|(?:插|贴|挂)(?:黑旗|黄旗|白旗|"
        "黑榜牌|差评牌)|门口[^,。;]{0,6}(?:挂|贴)[^,。;]{0,4}(?:黑|黄|差|落后|失信)|戴高帽|脸谱",
        before=NOT,
        fields=EVERYWHERE,
    ),
    Words(
        "(?:喇叭|广播|微信群|村民群|大会|工作群)[^,。;]{0,8}(?:点名|通报|曝光|批评|播放|公布|"
        "念)[^,。;]{0,10}(?:名|户|人|批评|曝光|通报)?|点名(?:通报|批评|曝光)|"
        "(?:曝光|公开|公布|张贴|通报|发布)(?:其|全家|违反者|当事人|该户|本人|户主|他|失信人|"
        "扣分人)*[^,。;]{0,6}(?:姓名|名字|照片|视频|头像|身份|电话|住址|扣分原因|丑行)|"
        "(?:姓名|名字|照片|视频)[^,。;]{0,8}(?:曝光|挂到|挂在|贴到|贴在|上墙|大屏)",
        before=f"{NOT}|随手|宣传[^,]{{0,6}}|未经同意|擅自|私自|恶意",
        after="表扬|[^,]{0,4}(?:表扬|好人好事|先进)",
        within="先进|表扬|好人|红榜|最美|防汛|防火|安全",
        fields=EVERYWHERE,
    ),
    Words(
        "(?:喇叭|广播)[^,。;]{0,6}(?:点|念|喊|报)[^,。;]{0,6}名|"
        "(?:门口|门上|大门|家门|门前)[^,。;]{0,2}(?:挂|贴|钉|刷)[^,。;]{0,10}(?:后进|落后|最差|懒|不文明|失信|问题)|"
        "(?:名单|名字|照片|视频|扣分)[^,。;]{0,4}(?:发|晒|传|推|挂|写|抄|登|印|贴)[^,。;]{0,8}(?:群|朋友圈|网上|抖音|公众号|村口|黑板|墙|栏)|"
        "(?:上台|站台|当场|会上)[^,。;]{0,4}(?:检讨|认错|道歉|亮相)",
        side=DEDUCTION,
        before=f"{NOT}|他人[^,]{{0,6}}|别人[^,]{{0,6}}|邻居[^,]{{0,6}}|未经[^,]{{0,6}}|擅自",
        fields=frozenset({columns.REMARKS, columns.REPAIR, columns.TERM}),
    ),
    Words(
        "黑榜|黑名单|拉黑|曝光台|曝光栏|负面榜|失信榜|失信名单|后进榜|落后榜|差评榜|脏乱差榜|末位|"
        "公开曝光|通报批评|曝光",
        side=DEDUCTION,
        weight=QUESTION,
        before=f"{NOT}|宣传",
        within="被执行",
        after="[^,]{0,4}被执行人",
        fields=EVERYWHERE,
    ),
)

_CREDIT_FILE: Final = any_of(
    "征信 信用记录 信用档案 信用信息 信用系统 信用平台 信用报告 信用数据 失信名单 失信人名单 失信惩戒 "
    "信用惩戒 信用黑名单 失信记录 "
    "个人信用 社会信用 诚信档案 信用等级 信用评价"
)
CREDIT: Final = (
    Words(
        "(?:纳入|记入|记到|记进|写到|写进|报到|报给|计入|录入|上报|报送|推送|列入|影响|作为|视为|等同|共享|上传|同步|进入|载入|写入|"
        "归集|转为|折算|抄送|报|上|进|入)" + near(8) + _CREDIT_FILE,
        before=f"{NOT}|宣传[^,]{{0,6}}|法院[^,]{{0,8}}",
        within="法院|学习|宣传|知识",
        after="[^,]{0,4}被执行人",
        fields=EVERYWHERE,
    ),
    Words(
        f"{_CREDIT_FILE}{near(6)}(?:挂钩|联动|降|下调|惩戒|互认)",
        before=NOT,
        within=("不挂|不与"),
        fields=EVERYWHERE,
    ),
    Words("联合惩戒", before=NOT, fields=EVERYWHERE),
    Words(
        "(?:报|告|通报|推送|抄)[^,。;]{0,3}银行[^,。;]{0,12}(?:信用|黑户|黑名单|贷)|信用(?:黑户|污点|不良)",
        side=DEDUCTION,
        before=NOT,
        fields=EVERYWHERE,
    ),
    Words("征信|信用记录|信用信息|信用等级|个人信用", side=DEDUCTION, weight=QUESTION),
)

BURDEN: Final = (
    Words(
        f"{NOT_DONE}(?:按时|及时|主动|按要求|按规定|每天|每日|积极|在|给)*{near(6)}{OPERATING}{near(8)}{MACHINES}",
        side=DEDUCTION,
        within="谣|诈骗|虚假",
    ),
    Words(
        f"{MACHINES}{near(8)}{NOT_DONE}(?:按时|及时|主动|按要求)*{near(4)}(?:{OPERATING}|签到|回复|接龙|响应)",
        side=DEDUCTION,
        within="谣|诈骗|虚假",
    ),
    Words(
        "(?:未|不|没有|没|拒绝)(?:及时|按时|按要求)*[^,。;]{0,2}(?:注册|登录|登陆|下载|实名认证|扫码|接龙|点赞|"
        "转发)(?!谣|虚|登记|上牌|营业|商标)|(?:退出|退掉|不加入|不进)[^,。;]{0,4}(?:微信群|工作群|村民?群)|"
        f"{NOT_DONE}[^,。;]{{0,4}}(?:微信群|工作群|群)(?:里|内|中)[^,。;]{{0,4}}(?:接龙|回复|签到|发言|点赞|转发|响应)",
        side=DEDUCTION,
    ),
    Words(
        f"(?:必须|强制|须|应当|务必|一律){near(4)}{OPERATING}{near(8)}{MACHINES}|"
        f"{OPERATING}{near(10)}{MACHINES}{near(4)}{ONLY_THEN}",
    ),
    Words(
        "(?:登录|下载|安装|注册|转发|关注|活跃)[^,。;]{0,6}(?:排名|排行|通报|评比)",
        side=Side.EACH,
        within="好人",
    ),
    Words(
        f"{OPERATING}{near(10)}{MACHINES}|{MACHINES}{near(4)}{OPERATING}|首次登录|首次登陆|每日登录|"
        f"学习强国|集赞|转发{near(8)}(?:文章|视频|信息|链接|推文)",
        side=AWARD,
        weight=QUESTION,
        before="帮|教|(?:帮助|协助|教会|教|指导|引导|为)[^,]{0,10}",
    ),
)

GIVING: Final = (
    Words(
        "(?:不|未|没|没有|拒绝)[^,。;]{0,6}捐(?![^,。;]{0,6}(?:公开|公示|专用|献给))|(?:不|未|没|没有)[^,。;]{0,2}(?:兑钱|凑钱|摊钱|掏钱|出份子|随份子|摊派)|捐(?:得|的|款|钱)?(?:少|不够|太少)",
        side=DEDUCTION,
    ),
    Words(
        "(?:不|未|没有|没|拒绝|拒不|少|未完成|没完成)(?:参加|参与|进行|按[^,。;]{0,6}|主动|积极|按时|愿)*(?:捐款|捐赠|"
        "捐资|捐物|献血|乐捐|认捐|集资|众筹|捐|随礼|义捐|出资|筹资|出钱|兑资)",
        side=DEDUCTION,
        after="[^,]{0,6}(?:公开|公示|专用)",
    ),
    Words(
        "(?:必须|强制|每户须|每人须|一律|摊派|至少|不少于|不得少于)[^,。;]{0,6}(?:捐款|捐赠|捐资|献血|"
        "集资|捐\\d|捐[0-9一二三五十百]|出资)|"
        "(?:捐款|捐赠|捐资)[^,。;]{0,6}(?:摊派|必须|不得少于|每户不少于|任务)|(?:强制|摊派|必须无偿|"
        "强迫|义务)[^,。;]{0,4}(?:出工|劳动|投工)(?:任务)",
        before=NOT,
    ),
    Words("(?:强制|摊派|强迫|必须无偿|必须义务)[^,。;]{0,6}(?:出工|劳动|投工|劳务|义务工)", before=NOT),
    Words("以资代劳|出资代工|交钱抵工|出钱代工", weight=QUESTION),
)

OTHER: Final = (
    Words(
        CONSEQUENCE,
        side=DEDUCTION,
        weight=QUESTION,
        before=f"{NOT}|{WRONGLY}|积分|奖励|公安[^,]{{0,6}}|交警[^,]{{0,6}}|被|受",
        within=f"{GOOD_EXAMPLES}|奖|兑|积分|重复|累计|叠加|超过|[高低多少]于|超市|加分|扣分|礼品|公开|公示|泄露",
        after=f"[^,。;]{{0,4}}(?:{GOOD_EXAMPLES})",
        fields=frozenset({columns.REMARKS, columns.REPAIR, columns.TERM}),
    ),
)

EVIDENCE: Final = (
    Words(
        "身份证|户口本|户口簿|病历|诊断|残疾证|银行卡|低保证|体检报告|体检单|出院小结|住院|处方|社保卡|"
        "化验单|检查报告|人脸|指纹",
        weight=QUESTION,
        before="不收|不需|无需|不要求|不用",
        fields=frozenset({columns.EVIDENCE}),
    ),
)
