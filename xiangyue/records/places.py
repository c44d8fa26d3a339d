"""Where files are kept: a folder, or a store that speaks S3. Read while Django's settings are made; no models here."""

import importlib.util
import os
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from xiangyue.records.refusals import BadFilesAddress, ObjectStoreMissing

LOCAL: Final = "xiangyue.records.storage.LocalFiles"
S3: Final = "storages.backends.s3.S3Storage"
ADDRESSING: Final = ("auto", "path", "virtual")
_KNOWN: Final = frozenset({"endpoint", "region", "addressing"})
_SECONDS_TO_CONNECT, _SECONDS_TO_READ, _TRIES = 5, 60, 4


def files_storage() -> dict[str, Any]:
    """Give Django's STORAGES entry for files, as XIANGYUE_FILES says.

    Empty: the folder `files` of the data home. A folder: that one. `s3://bucket/prefix?endpoint=…&region=…&addressing=…`:
    a bucket; keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and never stand in the address.
    Raises: BadFilesAddress, ObjectStoreMissing.
    """
    address = os.environ.get("XIANGYUE_FILES", "").strip()
    if not address.startswith("s3:"):
        return {"BACKEND": LOCAL, "OPTIONS": {"folder": _folder(address)}}
    options, addressing = _bucket(address)
    if not (importlib.util.find_spec("storages") and importlib.util.find_spec("boto3")):
        raise ObjectStoreMissing
    return {"BACKEND": S3, "OPTIONS": options | {"client_config": _client(addressing)}}


def _folder(address: str) -> str | None:
    if not address:
        return None
    if "://" in address:
        raise BadFilesAddress(cause=address.partition("://")[0] + "://")
    return str(Path(address).expanduser().resolve())


def _bucket(address: str) -> tuple[dict[str, Any], str]:
    """Give the options of a bucket, and how it is addressed."""
    try:
        parts = urlsplit(address)
        asked = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError as problem:
        raise BadFilesAddress(cause=problem) from None
    if "@" in parts.netloc or not parts.hostname:  # keys don't belong into an address that logs may show
        raise BadFilesAddress(cause="s3://" if not parts.hostname else "@")
    if unknown := sorted(set(asked) - _KNOWN):
        raise BadFilesAddress(cause=", ".join(unknown))
    endpoint, addressing = asked.get("endpoint"), asked.get("addressing", "auto")
    if endpoint and not endpoint.startswith(("https://", "http://")):
        raise BadFilesAddress(cause=f"endpoint={endpoint}")
    if addressing not in ADDRESSING:
        raise BadFilesAddress(cause=f"addressing={addressing}")
    options = {
        "bucket_name": parts.netloc,
        "location": parts.path.strip("/"),
        "endpoint_url": endpoint,
        "region_name": asked.get("region"),
        "file_overwrite": True,  # names are hashes: the same name is the same bytes
        "default_acl": None,  # the bucket is private, and many stores know no ACLs
    }
    return options, addressing


def _client(addressing: str) -> Any:
    from botocore.config import Config  # type: ignore[import-untyped] # there only with the extra `s3`

    return Config(
        signature_version="s3v4",
        s3={"addressing_style": addressing},
        # Trailing checksums, which Amazon's client sends unasked, are refused by most other stores.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        connect_timeout=_SECONDS_TO_CONNECT,
        read_timeout=_SECONDS_TO_READ,
        retries={"mode": "standard", "max_attempts": _TRIES},
    )
