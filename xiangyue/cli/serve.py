"""Commands that keep running: the web server with its worker, and the worker alone."""

import hashlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connections
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from xiangyue.cli.common import answer, connected, progress
from xiangyue.kernel import clock
from xiangyue.setup.example import STEPS, load_example
from xiangyue.tenancy.jobs import revive_stalled
from xiangyue.tenancy.refusals import PortTaken
from xiangyue.tenancy.upgrades import behind, upgrade_all

LOOPBACK = "127.0.0.1"


@click.command(help=str(gettext_lazy("打开网页服务（本机），后台任务一起跑")))
@click.option("--port", type=int, default=8000, show_default=True)
@click.option("--host", default=LOOPBACK, show_default=True)
@click.option("--workers", type=int, default=1, show_default=True, help=str(gettext_lazy("进程数")))
@click.option("--example", is_flag=True, help=str(gettext_lazy("没有示例村就先建一个")))
@connected
def serve(port: int, host: str, workers: int, example: bool, *, as_json: bool) -> None:
    _require_free(host, port)
    url = f"http://localhost:{port}"
    if example:
        _show_example()
    lines = _prepare_example(url) if example else []
    with progress(_("正在准备")):
        if behind():
            list(upgrade_all())
        _collect_static()
    connections.close_all()
    clock.keep_everywhere()  # `--as-of` holds for whoever opens a page, too
    with _worker_beside():
        lines.append(_("乡约开着：%(url)s　按 Ctrl+C 停下。") % {"url": url})
        answer({"url": url}, *lines, as_json=as_json)
        sys.stdout.flush()
        Granian(
            "xiangyue.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=4,
            log_level=LogLevels.warning,
        ).serve()


@click.command(help=str(gettext_lazy("只跑后台任务：到期入账、发送消息")))
@connected
def worker(*, as_json: bool) -> None:
    async_to_sync(revive_stalled)()  # what was killed with the last one need not wait for the next minute
    call_command("procrastinate", "worker", delete_jobs="successful")


def _show_example() -> None:
    """Let the pages show as whom one may try the example: in the processes that are forked, and those begun anew."""
    settings.SHOWS_EXAMPLE, settings.SMS_FALLBACK = True, settings.SMS_FALLBACK or "console"
    os.environ.update(XIANGYUE_SHOWS_EXAMPLE="1", XIANGYUE_SMS=settings.SMS_FALLBACK)


def _prepare_example(url: str) -> list[str]:
    with progress(_("正在准备示例村"), total=STEPS) as advance:
        loaded = load_example(advance=advance)
    lines = [_("示例村准备好了。") if loaded.is_new else _("示例村已经在了，数据没有动。")]
    for card in loaded.cards:
        facts = {"url": url + card["path"], "pin": card["pin"]}
        lines.append(_("示例户的页面：%(url)s　密码 %(pin)s") % facts)
    lines.append(_("还可以当别的人试：%(url)s/places/") % {"url": url})
    return lines


def _collect_static() -> None:
    """Gather the faces' files into one folder, compressed and named by content, unless it has these very files."""
    state = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            state.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    stamp = Path(str(settings.STATIC_ROOT), ".collected")
    if stamp.exists() and stamp.read_text() == state.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(state.hexdigest())


@contextmanager
def _worker_beside() -> Iterator[None]:
    """Run the worker as a process of its own for as long as the server runs."""
    shift = ["--as-of", str(clock.today())] if clock.is_shifted() else []
    background = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "xiangyue", *shift, "worker"], stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        background.terminate()
        background.wait()


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise PortTaken(port=port) from None
