"""How the records' room says no."""

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class FileTooLarge(Refusal):
    code = "file-too-large"
    message = _("“%(name)s”太大了（%(megabytes)s兆），最多%(limit)s兆。")
    field = "file"
