"""Names for things: public identifiers, secrets on cards, and the digests that prove that nothing was changed."""

import hashlib
import json
import secrets
from typing import Any, Final
from uuid import UUID

import uuid6

CHECK_CODE_LENGTH = 16

# What `public_id` gives, for many rows of one statement: a UUIDv7 of %(milliseconds)s since 1970, then what is random.
PUBLIC_ID_SQL: Final = """
    encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        PLACING substring(int8send(%(milliseconds)s) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
"""


def public_id() -> UUID:
    """Give a new UUIDv7: unguessable enough for an address, and sorted by time in an index."""
    return UUID(int=uuid6.uuid7().int)


def secret_token() -> str:
    """Give 128 random bits as text for a card's address. Only its hash is ever stored."""
    return secrets.token_urlsafe(16)


def token_hash(token: str) -> str:
    """Hash a random token for storing. It has 128 random bits, so that no salt and no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def digest(value: Any) -> str:
    """Give the SHA-256 (64 hex digits) of a value's canonical JSON. Raises: TypeError as `canonical` does."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def canonical(value: Any) -> str:
    """Write a value as canonical JSON: sorted keys, no spaces, nothing escaped that need not be.

    Only None, bool, int, str, and lists, tuples and string-keyed dicts of them have one canonical form.
    Raises: TypeError for anything else, floats among them.
    """
    _require_canonical(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def check_code(full_digest: str) -> str:
    """Give the short form of a digest that people compare on wall, phone and paper (LOOK §10)."""
    return full_digest[:CHECK_CODE_LENGTH].upper()


def grouped(code: str) -> str:
    """Write a code in groups of four, as it is read aloud: `5896 D829 34D7 28A8`."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def _require_canonical(value: Any) -> None:
    if value is None or isinstance(value, bool | int | str):
        return
    if isinstance(value, list | tuple):
        for item in value:
            _require_canonical(item)
    elif isinstance(value, dict) and all(isinstance(key, str) for key in value):
        for item in value.values():
            _require_canonical(item)
    else:
        raise TypeError(f"no canonical form for {type(value).__name__}")
