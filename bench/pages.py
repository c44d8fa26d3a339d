"""Pages as phones open them: a notice that a whole county reads on one evening, and signed-in households' homes.

Beside each stands the barest Django behind the same server, which answers with as many bytes (`bench/bare_pages.py`).
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.client import HTTPConnection
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from bench import report
from bench.browsers import answered_a_second, request
from bench.county import County
from bench.month import MONTH, decide
from bench.scale import Scale
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.ids import secret_token, token_hash
from xiangyue.people.models import Card, Household
from xiangyue.scoring.operations.notices import issue_notice
from xiangyue.ui.access import SESSION_CARD

NOTICE_GOAL = 0.6  # of the bare one's
HOME_GOAL = 200  # a second
HOMES = 50  # households that open theirs by turns
START_SECONDS = 60


def measure(county: County, scale: Scale) -> None:
    """Print how many notices and homes a second are opened."""
    period = type(MONTH)(MONTH.year + 1, MONTH.month)
    decide(period, villages=county.villages[:1], households=min(county.households, 691))
    notice = issue_notice(actor=SYSTEM, unit_id=county.villages[0], period=period)
    host = f"b{county.households}.localhost"
    call_command("collectstatic", verbosity=0, interactive=False)
    with ExitStack() as servers:
        port = servers.enter_context(_server("xiangyue.config.wsgi:application"))
        sheet = [request(f"/notice/{notice.public_id}/1/", host)]
        homes = [request("/my/home/", host, cookie) for cookie in _sessions(county)]
        for what, asked, goal in (("notice page", sheet, NOTICE_GOAL), ("signed-in home", homes, None)):
            page = Path(str(settings.HOME), "bench-page.html")
            page.write_bytes(_body(port, asked[0]))
            bare = servers.enter_context(_server("bench.bare_pages:application", BENCH_PAGE=str(page)))
            ours, beside = report.in_turns(
                scale.runs,
                partial(answered_a_second, port, asked, scale.seconds),
                partial(answered_a_second, bare, [request("/", host)], scale.seconds),
            )
            rest = [f"{page.stat().st_size / 1024:.0f} KiB"]
            if goal is None:
                rest.append(report.at_least(HOME_GOAL, report.median(ours), "/s"))
            report.rates(f"pages: {what}", str(county), ours=ours, beside=beside, goal=goal, rest=rest)


def _sessions(county: County) -> Iterator[str]:
    """Sign households in by cards, without the work of a PIN; give their cookies."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for household in Household.objects.order_by("id")[:HOMES]:
        token = token_hash(secret_token())
        card = Card.objects.create(household=household, token_hash=token, pin_hash="", issued_at=clock.now())
        session = store()
        session[SESSION_CARD] = card.pk
        session.save()
        yield f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


@contextmanager
def _server(application: str, **environment: str) -> Iterator[int]:
    """Run an application behind granian, as `xiangyue serve` does with a process a core; give its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = (sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", str(os.cpu_count() or 1))
    options = ("--blocking-threads", "4", "--host", "127.0.0.1", "--port", str(port), "--log-level", "error")
    server = subprocess.Popen([*command, *options, application], env=os.environ | environment)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def _body(port: int, asked: bytes) -> bytes:
    """Give what is answered, once."""
    path = asked.split(b" ", 2)[1].decode()
    headers = dict(line.split(": ", 1) for line in asked.decode().splitlines()[1:] if line)
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    if response.status != 200:
        raise RuntimeError(f"{path}: {response.status}")
    return response.read()
