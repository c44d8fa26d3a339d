import threading
from pathlib import Path

import psycopg
import pytest
from django.core.signals import request_finished, request_started
from django.db import connection

from tests.tenancy.twins import rows
from xiangyue.tenancy import environment
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.tenancy.refusals import BadDatabaseUrl, DataFolderUnwritable


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that is not there yet, and no variable but the one that names it."""
    for name in ("DATABASE_URL", "XIANGYUE_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XIANGYUE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_the_embedded_database_is_used_until_another_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert environment.uses_embedded_database()
    assert environment.database()["NAME"] == "xiangyue"
    assert environment.data_home() == home
    monkeypatch.setenv("DATABASE_URL", "postgresql://wang:a%40b@db.example:6432/points?sslmode=require")
    assert not environment.uses_embedded_database()
    named = environment.database()
    assert named["ENGINE"] == "django_tenants.postgresql_backend"
    assert (named["HOST"], named["PORT"], named["USER"]) == ("db.example", 6432, "wang")
    assert (named["PASSWORD"], named["NAME"], named["OPTIONS"]) == ("a@b", "points", {"sslmode": "require"})


def test_requests_take_over_a_connection_and_replace_a_dead_one(committed: Jurisdiction) -> None:
    def own_backend() -> int:
        request_started.send(sender=None)
        ((backend,),) = rows("SELECT pg_backend_pid()")
        request_finished.send(sender=None)
        return int(backend)

    first = own_backend()
    assert own_backend() == first
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    assert own_backend() != first


@pytest.mark.parametrize(
    "url", ["hello", "sqlite:///x", "mysql://a:secret@b/c", "postgresql://a:secret@b:port/c", "://"]
)
def test_a_database_that_cannot_be_ours_is_refused_without_telling_its_password(
    home: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(BadDatabaseUrl) as refused:
        environment.database()
    assert "secret" not in str(refused.value)


def test_the_signing_key_is_made_once_and_kept_for_us_alone(home: Path) -> None:
    key = environment.secret_key()
    assert len(key) > 50
    assert environment.secret_key() == key
    kept = home / "secret-key"
    assert (kept.read_text(), kept.stat().st_mode & 0o777) == (key, 0o600)
    assert list(home.iterdir()) == [kept]


def test_the_signing_key_may_be_given(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANGYUE_SECRET_KEY", "given")
    assert environment.secret_key() == "given"
    assert not home.exists()


def test_processes_that_start_at_once_sign_with_one_key(home: Path) -> None:
    keys: list[str] = []
    start = threading.Barrier(8)

    def read() -> None:
        start.wait()
        keys.append(environment.secret_key())

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1
    assert len(keys[0]) > 50


def test_a_home_that_cannot_be_one_is_refused(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XIANGYUE_HOME", str(tmp_path / "file"))
    with pytest.raises(DataFolderUnwritable):
        environment.secret_key()


@pytest.mark.parametrize(
    ("text", "on"), [("1", True), ("true", True), ("ON", True), ("0", False), ("", False), ("no", False)]
)
def test_switches(monkeypatch: pytest.MonkeyPatch, text: str, on: bool) -> None:
    monkeypatch.setenv("XIANGYUE_HTTPS", text)
    assert environment.flag("XIANGYUE_HTTPS") is on


def test_a_switch_that_is_not_set_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XIANGYUE_HTTPS", raising=False)
    assert not environment.flag("XIANGYUE_HTTPS")
