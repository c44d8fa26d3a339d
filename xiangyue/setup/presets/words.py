"""What the words of a preset are called, for people."""

from django.utils.translation import gettext as _

from xiangyue.catalogue.rules.scheme import Stage
from xiangyue.catalogue.rules.terms import Window
from xiangyue.setup.presets.model import Figure, Goods, HonourKind, Partner, ShopMode, ShopPlace


def window(found: Window) -> str:
    """Say how often: 每周, 每月."""
    return {
        Window.TIME: _("每次"),
        Window.ACTIVITY: _("每场活动"),
        Window.DAY: _("每天"),
        Window.WEEK: _("每周"),
        Window.MONTH: _("每月"),
        Window.TWO_MONTHS: _("每两个月"),
        Window.QUARTER: _("每季"),
        Window.HALF_YEAR: _("每半年"),
        Window.YEAR: _("每年"),
        Window.ONCE: _("只一次"),
    }[found]


def stage(found: Stage) -> str:
    """Name a step on a deed's way."""
    return {
        Stage.SELF: _("农户自己申报"),
        Stage.PEERS: _("邻居互评"),
        Stage.GROUP_LEADER: _("组长上报"),
        Stage.COMMITTEES: _("村两委评定"),
        Stage.MEETING: _("评议会评定"),
        Stage.ASSEMBLY: _("村民代表会议确认"),
        Stage.ADMINISTRATOR: _("信息管理员录入"),
        Stage.GRID_LEADER: _("网格长审核"),
        Stage.WORKING_GROUP: _("工作组认定"),
        Stage.TOWN: _("镇里复核"),
        Stage.NOTICE: _("公示"),
    }[found]


def goods(found: Goods) -> str:
    return {
        Goods.DAILY: _("日用品"),
        Goods.FARMING: _("农用品"),
        Goods.SCHOOL: _("学习用品"),
        Goods.SPECIAL: _("社会组织的专供货"),
        Goods.SERVICE: _("服务"),
    }[found]


def mode(found: ShopMode) -> str:
    return {
        ShopMode.MARKET: _("商户办"),
        ShopMode.MIXED: _("村和商户合办"),
        ShopMode.COLLECTIVE: _("村集体办"),
        ShopMode.SPONSORED: _("社会捐助办"),
        ShopMode.OPERATOR: _("运营企业办"),
    }[found]


def place(found: ShopPlace) -> str:
    return {
        ShopPlace.ROOM: _("店面"),
        ShopPlace.IDLE_HOUSE: _("闲置房"),
        ShopPlace.CONTAINER: _("集装箱"),
        ShopPlace.VEHICLE: _("流动车"),
    }[found]


def partner(found: Partner) -> str:
    return {
        Partner.BANK: _("银行"),
        Partner.TELECOM: _("电信公司"),
        Partner.FILLING_STATION: _("加油站"),
        Partner.SUPPLY_COOP: _("供销社"),
        Partner.MERCHANT: _("联盟商家"),
    }[found]


def figure(found: Figure) -> str:
    return {Figure.TOTAL: _("总分"), Figure.AVERAGE: _("户均分")}[found]


def honour_kind(found: HonourKind) -> str:
    return {
        HonourKind.TITLE: _("称号"),
        HonourKind.STAR: _("星"),
        HonourKind.PLAQUE: _("牌子"),
        HonourKind.BOARD: _("上榜"),
    }[found]
