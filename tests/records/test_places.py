import importlib.util
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.utils.module_loading import import_string

from xiangyue.kernel.refusals import Refusal
from xiangyue.records.places import files_storage
from xiangyue.records.refusals import BadFilesAddress, ObjectStoreMissing

ADDRESS = "s3://county-files/xiangyue?endpoint=https://oss-cn-guangzhou.example&region=cn-guangzhou&addressing=virtual"


def at(address: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("XIANGYUE_FILES", address)
    return files_storage()


def test_files_lie_in_the_data_home_unless_something_is_said(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    monkeypatch.delenv("XIANGYUE_FILES", raising=False)
    assert files_storage() == at("", monkeypatch) == settings.STORAGES["files"]
    settings.HOME = tmp_path / "home"
    assert storages.create_storage(files_storage()).path("a/b") == str(
        tmp_path / "home" / "files" / "a" / "b"
    )


def test_any_folder_may_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = storages.create_storage(at(str(tmp_path), monkeypatch))
    assert made.path("a") == str(tmp_path / "a")
    monkeypatch.chdir(tmp_path)
    assert storages.create_storage(at("below", monkeypatch)).path("a") == str(tmp_path / "below" / "a")


def test_a_bucket_is_named_by_its_address_and_its_keys_by_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "KEYID")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "sesame")
    entry = at(ADDRESS, monkeypatch)
    assert "sesame" not in repr(entry)
    made = import_string(entry["BACKEND"])(**entry["OPTIONS"])
    assert (made.bucket_name, made.location, made.file_overwrite, made.default_acl) == (
        "county-files",
        "xiangyue",
        True,
        None,
    )
    client = made.connection.meta.client
    assert client.meta.endpoint_url == "https://oss-cn-guangzhou.example"
    assert client.meta.region_name == "cn-guangzhou"
    config = client.meta.config
    assert (config.signature_version, config.s3["addressing_style"]) == ("s3v4", "virtual")
    assert config.request_checksum_calculation == config.response_checksum_validation == "when_required"
    keys = client._get_credentials()
    assert (keys.access_key, keys.secret_key) == ("KEYID", "sesame")


def test_a_bucket_needs_no_more_than_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = at("s3://county-files", monkeypatch)["OPTIONS"]
    assert (entry["bucket_name"], entry["location"], entry["endpoint_url"], entry["region_name"]) == (
        "county-files",
        "",
        None,
        None,
    )


@pytest.mark.parametrize(
    ("address", "cause"),
    [
        ("s3://", "s3://"),
        ("s3:county-files", "s3://"),
        ("s3://KEYID:sesame@county-files", "@"),
        ("s3://county-files?endpiont=https://x", "endpiont"),
        ("s3://county-files?endpoint=x.example", "endpoint=x.example"),
        ("s3://county-files?addressing=sideways", "addressing=sideways"),
        ("s3://county-files?endpoint", "endpoint"),
        ("s3://[county", "Invalid"),
        ("https://files.example", "https://"),
        ("ftp://files.example", "ftp://"),
    ],
)
def test_an_address_that_is_none_is_refused_without_its_secrets(
    monkeypatch: pytest.MonkeyPatch, address: str, cause: str
) -> None:
    with pytest.raises(BadFilesAddress) as refused:
        at(address, monkeypatch)
    assert cause in str(refused.value.facts["cause"])
    assert "sesame" not in str(refused.value)


def test_a_bucket_without_its_extra_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "boto3" else real(name))
    refused: type[Refusal] = ObjectStoreMissing
    with pytest.raises(refused, match=r"xiangyue\[s3\]"):
        at(ADDRESS, monkeypatch)
    assert at("", monkeypatch)
