"""Words for what is known of a subject. Pure."""

from django.utils.translation import gettext as _

from xiangyue.catalogue.rules.terms import Trait


def trait_text(trait: Trait) -> str:
    """Name a trait in plain words: 党员, 在校学生."""
    return {
        Trait.PARTY_MEMBER: _("党员"),
        Trait.CADRE: _("村干部"),
        Trait.STUDENT: _("在校学生"),
        Trait.MINOR: _("未成年人"),
        Trait.MOVED: _("已经迁走的人"),
        Trait.DECEASED: _("已经去世的人"),
        Trait.INVESTIGATED: _("正在接受调查的人"),
        Trait.NON_RESIDENT: _("户口不在村里的人"),
        Trait.ABSENT: _("常年不在村的人"),
    }[trait]
