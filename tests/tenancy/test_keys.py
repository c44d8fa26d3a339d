import os
import threading
from pathlib import Path

import pytest

from xiangyue.tenancy import keys
from xiangyue.tenancy.keys import KeyDamaged, find_key, key_path, make_key
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.tenancy.refusals import DataFolderUnwritable


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XIANGYUE_KEYS", str(tmp_path / "keys"))
    return tmp_path / "keys"


def test_a_key_is_made_once_and_for_its_owner_alone(folder: Path) -> None:
    assert find_key("county_a") is None
    made = make_key("county_a")
    assert len(made) == 32
    assert make_key("county_a") == find_key("county_a") == made
    assert make_key("county_b") != made
    assert key_path("county_a") == folder / "county_a.key"
    assert (folder / "county_a.key").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert sorted(each.name for each in folder.iterdir()) == ["county_a.key", "county_b.key"]


def test_many_that_make_it_at_once_get_the_same(folder: Path) -> None:
    made: list[bytes] = []
    barrier = threading.Barrier(8)

    def make() -> None:
        barrier.wait()
        made.append(make_key("county_a"))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len(set(made)) == 1


def test_a_slower_one_keeps_what_is_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = make_key("county_a")
    monkeypatch.setattr(Path, "exists", lambda _path: False)  # both looked before either wrote
    assert make_key("county_a") == first


def test_a_key_is_on_the_disk_before_it_is_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    plain = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        plain(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    make_key("county_a")
    assert len(synced) == 2
    assert synced[1] == str(folder)  # its name is durable too


@pytest.mark.parametrize("text", ["", "00", "not a key", "00" * 33, "匙"])
def test_what_is_no_key_is_refused(folder: Path, text: str) -> None:
    make_key("county_a")
    (folder / "county_a.key").write_text(text, encoding="utf-8")
    with pytest.raises(KeyDamaged):
        find_key("county_a")


def test_a_folder_that_is_none_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XIANGYUE_KEYS", str(tmp_path / "file" / "keys"))
    with pytest.raises(DataFolderUnwritable):
        make_key("county_a")


def test_founding_makes_the_key_beside_the_database(founded: Jurisdiction) -> None:
    assert "XIANGYUE_KEYS" not in os.environ
    key = find_key(founded.schema_name)
    assert key is not None
    assert keys.key_path(founded.schema_name).parent.name == "keys"
