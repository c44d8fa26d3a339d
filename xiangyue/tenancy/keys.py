"""The key of each county: 32 random bytes in a file of its own, outside the database and whatever dumps it.

What is sealed with it (people/private.py) can be read by nobody who has a dump alone. A key is made once and never
replaced; whoever loses it loses what was sealed. Several machines share one folder, named by XIANGYUE_KEYS.
"""

import contextlib
import os
import secrets
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.refusals import Refusal
from xiangyue.tenancy.embedded.places import hand_over, make_folder, reported_for, write_once

KEY_BYTES: Final = 32


class KeyMissing(Refusal):
    """The county holds sealed data, and its key is not where it belongs. Facts: schema, path."""

    code = "county-key-missing"
    message = _(
        "%(schema)s的密钥不在%(path)s，存下的手机号、身份证号读不出来，也不能再存。"
        "请把密钥文件放回原处，或者用 XIANGYUE_KEYS 指明它在哪个文件夹。不会另造新的"
    )


class KeyDamaged(Refusal):
    """The key's file does not hold a key. Facts: path."""

    code = "county-key-damaged"
    message = _("密钥文件%(path)s的内容不对。请用备份的那份换回来")


class WrongKey(Refusal):
    """Not the key with which the county was sealed first. Facts: schema, path."""

    code = "county-key-wrong"
    message = _(
        "%(path)s不是%(schema)s原来的密钥。请把原来的密钥文件放回来，或者用 XIANGYUE_KEYS 指明它在哪个文件夹"
    )


def key_path(schema: str) -> Path:
    """Give the place of a county's key."""
    named = os.environ.get("XIANGYUE_KEYS")
    folder = Path(named).expanduser() if named else Path(str(settings.HOME), "keys")
    return folder / f"{schema}.key"


def find_key(schema: str) -> bytes | None:
    """Read a county's key; None where there is none. Raises: KeyDamaged, DataFolderUnwritable."""
    path = key_path(schema)
    with reported_for(path):
        try:
            text = path.read_text(encoding="ascii", errors="replace")
        except FileNotFoundError:
            return None
    try:
        key = bytes.fromhex(text)
    except ValueError:
        raise KeyDamaged(path=path) from None
    if len(key) != KEY_BYTES:
        raise KeyDamaged(path=path)
    return key


def make_key(schema: str) -> bytes:
    """Make a county's key, and give the one that is kept: another process may have been first.

    Once this returns, the key survives a power cut: what is sealed with it must never outlive it.
    Raises: KeyDamaged, DataFolderUnwritable, DiskFull.
    """
    path = key_path(schema)
    with reported_for(path.parent):
        make_folder(path.parent.parent)
        with contextlib.suppress(FileExistsError):
            path.parent.mkdir(mode=0o700)
            hand_over(path.parent)
        write_once(path, secrets.token_bytes(KEY_BYTES).hex())
    key = find_key(schema)
    if key is None:  # somebody took it away in this very moment
        raise KeyMissing(schema=schema, path=path)
    return key
