"""What the guards rest on: rows of CONDUCT and the law, in words for people. Pure data.

Looked up in November 2026: the constitution's articles 4, 36 and 41; article 28 of the law on personal information; the
organic law of villagers' committees, changed from 1 January 2026 and renumbered, so no article of it is cited; the law
on collective economic organisations (from 1 May 2025); the rules on credit reporting; voluntariness in the law on
donations; 国办发〔2020〕49号, 国办函〔2026〕12号 and the rules on what villages may ask for by vote. Not found, so
cited by name alone: 信访工作条例, 宗教事务条例, and the laws on births, minors, schooling and the disabled. Social
assistance is cited as such, since a law is to replace the interim rules.
"""

from typing import Final

from django.utils.translation import gettext_lazy as _

from xiangyue.catalogue.guards.finding import Clause

# ---- rights that no resolution takes away
BENEFITS: Final = Clause(
    "statutory-benefits",
    _("法定待遇和补贴"),
    _("不得损害权利：法定待遇按法律给（国办发〔2020〕49号、社会救助的规定、社会保险法）"),
    _("“%(words)s”动了法律给的待遇或补贴，积分不能管。"),
    _("可以改成上门帮扶，或者写明依据和期限的少得奖励、不参加评优。"),
)
SERVICES: Final = Clause(
    "public-services",
    _("办事和水电"),
    _("不得损害权利：公共服务人人都有（国办发〔2020〕49号、村民委员会组织法）"),
    _("“%(words)s”是拿办事、证明或水电来罚人，积分不能管。"),
    _("办事照办。可以改成上门谈心，或者写明依据和期限的少得奖励。"),
)
MEMBERS: Final = Clause(
    "members-rights",
    _("土地、宅基地和集体收益"),
    _("不得损害权利：成员的土地和收益权（农村土地承包法、农村集体经济组织法）"),
    _("“%(words)s”动了村民的土地、宅基地或集体收益，积分不能管。"),
    _("可以改成写明依据和期限的少得积分奖励。确实违法占地的，由主管部门依法处理。"),
)
VILLAGE: Final = Clause(
    "village-rights",
    _("参与村里事务的权利"),
    _("不得损害权利：选举、表决、知情和监督（村民委员会组织法）"),
    _("“%(words)s”限制了村民参与村里事务的权利，积分不能管。"),
    _("可以改成上门谈心，或者写明依据和期限的不参加评优。"),
)

# ---- people
MINORS: Final = Clause(
    "minors",
    _("未成年人"),
    _("点名不许：不因孩子罚一家人，不公开孩子（义务教育法、未成年人保护法）"),
    _("“%(words)s”是因为孩子扣分，或者把孩子的名字亮出来，不能这样做。"),
    _("可以改成登记帮扶，上门劝学。公开时只写户号。"),
)
RELIGION: Final = Clause(
    "religion",
    _("信教自由"),
    _("不得损害权利：信不信教是个人的事（宪法第三十六条、宗教事务条例）"),
    _("“%(words)s”拿信教不信教来加分扣分，不能这样做。"),
    _("可以只写违法的事本身，例如经主管部门处理的违法建设，不提信仰。"),
)
PEOPLES: Final = Clause(
    "ethnic-group",
    _("民族平等"),
    _("不得损害权利：各民族一律平等（宪法第四条）"),
    _("“%(words)s”按民族来加分扣分，不能这样做。"),
    _("可以写事情本身，对谁都一样评。"),
)
BIRTHS: Final = Clause(
    "family-planning",
    _("生育"),
    _("不得损害权利：生不生由自己定（人口与计划生育法）"),
    _("“%(words)s”拿生育来加分扣分，不能这样做。"),
    _("可以改成优生优育的宣传和服务，参加了不加分也给办。"),
)
ILLNESS: Final = Clause(
    "illness",
    _("生病和残疾"),
    _("遮名：生病残疾不上账、不扣分（残疾人保障法、个人信息保护法第二十八条）"),
    _("“%(words)s”是因为生病或残疾扣分，不能这样做。"),
    _("可以改成登记帮扶，上门照看。"),
)
POVERTY: Final = Clause(
    "poverty",
    _("家境困难"),
    _("遮名：家境不上账、不扣分（社会救助的规定、个人信息保护法）"),
    _("“%(words)s”是因为家境困难扣分，不能这样做。"),
    _("可以写事情本身，对谁都一样评；困难户另外登记帮扶。"),
)
KIN: Final = Clause(
    "collective-punishment",
    _("谁做的事谁担"),
    _("不得损害权利：一人做事一人当，不牵连别人（国办发〔2020〕49号）"),
    _("“%(words)s”让没做这件事的人跟着受罚，不能这样做。"),
    _("可以只对做事的那一户扣分，写明依据、期限和修复办法。"),
)

# ---- speaking up
PETITIONS: Final = Clause(
    "petitioning",
    _("信访"),
    _("不得罚有意见的人：信访是权利（宪法第四十一条、信访工作条例）"),
    _("“%(words)s”拿信访来加分扣分，不能这样做；“缠访”“闹访”这样的叫法法律里没有，也不能用。"),
    _("真有违法的事，就写那件事本身，例如打砸公物、受到治安处罚的；矛盾请人调解，调解的人可以加分。"),
)
COMPLAINTS: Final = Clause(
    "complaints",
    _("投诉、异议和批评"),
    _("不得罚有意见的人：谁都可以提异议、投诉、批评（宪法第四十一条、村民委员会组织法）"),
    _("“%(words)s”会罚提意见的人，不能这样做。"),
    _("有意见的请按异议答复。真有造谣诬告的，写明经公安机关认定的事实。"),
)
INFORMERS: Final = Clause(
    "informers",
    _("不奖励盯着邻居"),
    _("不得损害权利：不奖励打听邻居的信仰、言论和往来（个人信息保护法）"),
    _("“%(words)s”奖励盯着别人，不能这样做。"),
    _("可以只奖励报告违法犯罪和安全隐患。"),
)

# ---- punishment without law
FINES: Final = Clause(
    "fines",
    _("罚钱"),
    _("不得损害权利：村里不能罚款、扣钱、收押金（行政处罚法、村民委员会组织法）"),
    _("“%(words)s”是让人掏钱，积分办法里不能有。"),
    _("可以改成扣积分，写明依据、期限和修复办法；修复写要做的事，不写交钱。"),
)
SHAMING: Final = Clause(
    "public-shaming",
    _("不当众羞辱"),
    _("先私下说：扣分只告诉本户，黑榜要两次批准、有期限、能提异议（民法典、个人信息保护法）"),
    _("“%(words)s”是当众羞辱人，或者上黑榜没有期限，不能这样做。"),
    _("可以改成只告诉本户。真要上榜，写明依据、期限和怎样提异议，到期自动撤下。"),
)
CREDIT: Final = Clause(
    "credit-information",
    _("不是信用记录"),
    _("不是信用记录：积分不进征信（征信业管理条例、国办发〔2020〕49号）"),
    _("“%(words)s”把积分当成信用信息，不能这样做。"),
    _("可以写：本户同意后，给银行一张参考单。"),
)
BURDEN: Final = Clause(
    "installs",
    _("不添负担"),
    _("不添负担：谁都不必注册、下载、转发（国办函〔2026〕12号）"),
    _("“%(words)s”逼人用手机、装软件或者转发，不能这样做。"),
    _("可以改成上门教会用手机，不会用的由网格员代办，照样得分。"),
)
GIVING: Final = Clause(
    "compulsory-giving",
    _("捐款出工要自愿"),
    _("不添负担：捐款、出工要自愿（公益事业捐赠法、村民一事一议筹资筹劳管理办法）"),
    _("“%(words)s”是逼人捐款或出工，不能这样做。"),
    _("可以只给自愿捐、自愿干的加分，不捐不干的不扣。"),
)
PAPERS: Final = Clause(
    "private-evidence",
    _("少要个人材料"),
    _("少收材料：证件、病历不能当证明收（个人信息保护法第二十八条）"),
    _("“%(words)s”是很私人的材料。"),
    _("可以改成当面看一眼，由核实人签字，不留复印件。"),
)
PHOTOS: Final = Clause(
    "photos-everywhere",
    _("不事事拍照"),
    _("不添负担：只在该拍照的事上要照片（国办函〔2026〕12号）"),
    _("差不多每一项都要照片。"),
    _("可以只在看得见的事上要照片，别的由核实人签字。"),
)

OTHER: Final = Clause(
    "other-consequences",
    _("扣分以外的后果"),
    _("不得损害权利：扣分以外的后果，法律没有写的不能加（国办发〔2020〕49号、村民委员会组织法）"),
    _("“%(words)s”是扣分以外的后果。"),
    _("可以只扣分。少得奖励、不参加评优，写明依据和期限也可以。"),
)

# ---- deductions that hang in the air
BASIS: Final = Clause(
    "deduction-without-basis",
    _("依据"),
    _("不得损害权利：扣分要有依据（国办发〔2020〕49号、村民委员会组织法）"),
    _("写的“%(words)s”不是法律，也不是写明哪天通过的村规民约。"),
    _("请写法律法规的名称，或者像这样写：村规民约（2026年3月5日村民会议通过）。"),
    _("没写依据。"),
)
TERM: Final = Clause(
    "deduction-without-term",
    _("期限"),
    _("不得损害权利：扣分要有期限（国办发〔2020〕49号）"),
    _("写的“%(words)s”没有头。"),
    _("请写到什么时候为止，例如1年、到当年年底。"),
    _("没写多久算到头。"),
)
REPAIR: Final = Clause(
    "deduction-without-repair",
    _("修复"),
    _("不得损害权利：扣分要能修复（国办发〔2020〕49号）"),
    _("写的“%(words)s”等于不能修复。"),
    _("请写做到什么就能恢复，例如改正后满3个月可申请。"),
    _("没写怎样修复。"),
)
EVENT_BASIS: Final = Clause(
    "event-without-basis",
    _("依据"),
    _("不得损害权利：清零、降级、否决要有依据（国办发〔2020〕49号、村民委员会组织法）"),
    _("写的“%(words)s”不是法律，也不是写明哪天通过的村规民约。"),
    _("请写法律法规的名称，或者像这样写：村规民约（2026年3月5日村民会议通过）。"),
    _("清零、降级、否决没写依据。"),
)
EVENT_TERM: Final = Clause(
    "event-without-term",
    _("期限"),
    _("不得损害权利：清零、降级、否决到期自己结束（国办发〔2020〕49号）"),
    _("写的“%(words)s”没有头。"),
    _("请写到什么时候为止，例如1年、到当年年底。"),
    _("清零、降级、否决没写多久算到头，或者不会自己结束。"),
)

# ---- what is said in the rules themselves, not in words
KINDS: Final = Clause(
    "kind-of-person-deducted",
    _("对谁都一样"),
    _("不得损害权利：不因年纪、家境、生病、民族、信仰多扣（未成年人保护法、残疾人保障法、宪法第四条）"),
    _("“%(words)s”被单独扣分，或者扣得比别人多，不能这样做。"),
    _("可以对谁都一样扣；困难的、年幼的可以少扣或不扣。"),
)
KIN_CHARGED: Final = Clause(
    "relatives-charged",
    _("谁做的事谁担"),
    KIN.source,
    _("这一项扣到“%(words)s”头上，他们没做这件事。"),
    _("可以只扣做事的人，或者扣户主并写明依据。"),
)

# ---- the scheme
THRESHOLD: Final = Clause(
    "threshold-without-way-back",
    _("能回来"),
    _("不得损害权利：限制要有办法恢复（国办发〔2020〕49号）"),
    _("低于%(words)s分就不让参加积分，不参加就挣不回分，永远回不来。"),
    _("可以改成低于这个分不能兑换，分够了就恢复。"),
)
FLOOR: Final = Clause(
    "floor-below-zero",
    _("不欠分"),
    _("不得损害权利：扣分要有头（国办发〔2020〕49号）"),
    _("分数可以扣到零以下，分低又要受限制，欠多了就没有头。"),
    _("请把最低分定为0，或者去掉低分的限制。"),
)
EXCLUSION: Final = Clause(
    "exclusion-without-term",
    _("期限"),
    _("不得损害权利：退出要有期限（国办发〔2020〕49号）"),
    _("基础分扣完就退出，没写到什么时候为止。"),
    _("请写明退出多久，例如1年，到期自动回来。"),
)
UNNOTICED: Final = Clause(
    "no-notice",
    _("公示和异议"),
    _("先私下说：扣分要能提异议；评完要公示（国办发〔2020〕49号）"),
    _("评议步骤里没有公示，村民没法提异议。"),
    _("请在评议步骤里加上公示，3天到15天。"),
)
ALONE: Final = Clause(
    "nobody-else-decides",
    _("另有人定"),
    _("公道：要有第二个人定"),
    _("评议步骤里没有别人来定，自己报的自己就算数了。"),
    _("请加上评议会、村两委或村民代表会议。"),
)
GATED: Final = Clause(
    "benefit-behind-points",
    _("法定待遇和权利"),
    _("不得损害权利：法定的待遇、办事和权利不看积分（国办发〔2020〕49号）"),
    _("“%(words)s”是法律给的，不能等积分够了才有。"),
    _("可以换成村里和共建单位自愿给的好处，例如免费耕地、打折、贷款参考。"),
)
GRADE_NAMES: Final = Clause(
    "shaming-grade",
    _("不当众羞辱"),
    SHAMING.source,
    _("“%(words)s”这样的等级名字会羞辱人。"),
    _("可以改成中性的名字，例如一星、二星，或者只公开好的等级。"),
)
ACCOUNT: Final = Clause(
    "points-called-credit",
    _("不是信用记录"),
    CREDIT.source,
    _("把积分叫做“%(words)s”，就成了信用记录。"),
    _("可以叫积分、文明分、豆。"),
)
