"""How the records' room says no."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class FileTooLarge(Refusal):
    code = "file-too-large"
    message = _("“%(name)s”太大了（%(megabytes)s兆），最多%(limit)s兆。")
    field = "file"


class FileEmpty(Refusal):
    code = "file-empty"
    message = _("“%(name)s”是空的。请重新选一份。")
    field = "file"


class FileTypeRefused(Refusal):
    """Facts: name; kind: what its bytes say it is."""

    code = "file-type-refused"
    message = _(
        "“%(name)s”是%(kind)s，收不了。能收的有：照片（JPEG、PNG、WebP）、PDF、表格（xlsx、xls、csv）、"
        "Word文档（docx）和纯文本。"
    )
    field = "file"


class NotAPhoto(Refusal):
    code = "not-a-photo"
    message = _("“%(name)s”不是照片。这里只收照片（JPEG、PNG、WebP）。")
    field = "file"


class FileUnpacksTooLarge(Refusal):
    code = "file-unpacks-too-large"
    message = _("“%(name)s”展开来太大，打不开。请删掉用不着的内容，另存一份再传。")
    field = "file"


class TooManyDrafts(Refusal):
    """Facts: count, hours."""

    code = "photo-drafts-too-many"
    message = _("%(hours)s小时里传的照片已经有%(count)s张，先不收了。过一阵再传，或者请网格员帮着办。")
    field = "file"


class PhotoTooLarge(Refusal):
    """Facts: name; limit: in millions of pixels."""

    code = "photo-too-large"
    message = _("照片“%(name)s”的尺寸太大了，最多%(limit)s百万像素。请缩小再传。")
    field = "file"


class PhotoUnreadable(Refusal):
    code = "photo-unreadable"
    message = _("照片“%(name)s”打不开，可能没有传完整。请再传一次。")
    field = "file"


class BadFilesAddress(Refusal):
    code = "bad-files-address"
    message = _(
        "XIANGYUE_FILES 看不懂：%(cause)s。请写一个文件夹，"
        "或者 s3://桶名/前缀?endpoint=https://…&region=…&addressing=path。"
    )


class ObjectStoreMissing(Refusal):
    code = "object-store-missing"
    message = _("XIANGYUE_FILES 指向对象存储，可是没有装它要的程序。请运行：pip install 'xiangyue[s3]'")
