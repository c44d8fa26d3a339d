"""How founding says no."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class UnknownPreset(Refusal):
    code = "unknown-preset"
    message = _("没有叫“%(preset)s”的方案。现有：%(known)s。")
    field = "preset"


class BadSlug(Refusal):
    code = "bad-slug"
    message = _("“%(slug)s”不能当作辖区的简称。请用 2 到 30 个小写字母或数字，字母打头，例如 cangcheng。")
    field = "slug"


class SlugTaken(Refusal):
    code = "slug-taken"
    message = _("已经有简称为“%(slug)s”的辖区。")
    field = "slug"


class BadHost(Refusal):
    code = "bad-host"
    message = _("“%(host)s”不能当作网址。请只写主机名，不带 http:// 和端口，例如 cangcheng.localhost。")
    field = "host"


class HostTaken(Refusal):
    code = "host-taken"
    message = _("网址“%(host)s”已经给了别的辖区。")
    field = "host"


class NotAJurisdiction(Refusal):
    code = "not-a-jurisdiction"
    message = _("%(name)s（%(division)s）不能单独作为辖区：市、县（区）或者镇（街道）才行。")
    field = "division"


class ArchiveFailed(Refusal):
    code = "archive-failed"
    message = _("存档写不成（%(archive)s：%(cause)s），所以什么都没有删除。请换一个写得下的地方。")
    field = "archive"


class ArchiveExists(Refusal):
    code = "archive-exists"
    message = _("%(archive)s已经有了，不覆盖。请换一个文件名。")
    field = "archive"


class ExportFailed(Refusal):
    code = "export-failed"
    message = _("数据写不到%(target)s（%(cause)s）。请换一个写得下的地方。")
    field = "file"
