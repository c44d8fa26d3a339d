"""What must not be read from a dump: ID numbers, phone numbers and notes on hardship, sealed with the county's key.

A sealed text can't be searched, so beside it stand indexes: HMACs of the whole and of its last four characters.
"""

import functools
import hmac
import operator
import os
import re
import unicodedata
from datetime import date
from typing import Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from xiangyue.kernel import clock
from xiangyue.people.models import Circumstance, PeopleRules, Resident
from xiangyue.people.models.residents import INDEX_LENGTH
from xiangyue.people.private_refusals import SealBroken
from xiangyue.tenancy.keys import KeyMissing, WrongKey, find_key, key_path, make_key
from xiangyue.tenancy.schemas import current_schema

Kind = Literal["id", "id-tail", "phone", "phone-tail", "source"]

TAIL: Final = 4  # characters by which people look for an ID number or a phone

_VERSION: Final = b"\x01"
_NONCE: Final = 12
_TAILS: Final = frozenset({"id-tail", "phone-tail"})

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_CHECKS: Final = "10X98765432"
_ID_LENGTH: Final = 18
_ID_FORM: Final = re.compile(r"[0-9]{17}[0-9X]")
_OLDEST: Final = date(1880, 1, 1)
_BETWEEN: Final = re.compile(r"[\s\-‐-―()]")
_ABROAD: Final = re.compile(r"^(\+|00)86(?=\d{10})")
_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
_LANDLINE: Final = re.compile(r"0\d{9,11}|[2-9]\d{6,7}")


class Keys:
    """What seals, opens and indexes for one county; both keys are derived from the county's one."""

    def __init__(self, schema: str, county_key: bytes) -> None:
        self._bound_to = schema.encode()
        self._cipher = AESGCM(_derived(county_key, b"xiangyue seal 1"))
        self._index_key = _derived(county_key, b"xiangyue index 1")

    def seal(self, text: str) -> bytes:
        """Encrypt a text; the same text gives other bytes each time. What is sealed opens in this county only."""
        nonce = os.urandom(_NONCE)
        return _VERSION + nonce + self._cipher.encrypt(nonce, text.encode(), self._bound_to)

    def open(self, sealed: bytes | memoryview) -> str:
        """Decrypt what was sealed. Raises: SealBroken."""
        whole = bytes(sealed)
        if whole[:1] != _VERSION:
            raise SealBroken
        nonce, body = whole[1 : 1 + _NONCE], whole[1 + _NONCE :]
        try:
            return self._cipher.decrypt(nonce, body, self._bound_to).decode()
        except (InvalidTag, ValueError):
            raise SealBroken from None

    def index(self, kind: Kind, text: str) -> str:
        """Give what a text in its normal form is found by: 32 hex digits. Of a tail, the last four characters count.

        The kind is hashed too, so that a phone's tail and an ID's never look alike.
        """
        sought = text[-TAIL:] if kind in _TAILS else text
        return hmac.digest(self._index_key, f"{kind}\0{sought}".encode(), "sha256").hex()[:INDEX_LENGTH]

    def check(self) -> str:
        """Give what tells this key from another, and nothing else of it."""
        return hmac.digest(self._index_key, b"key check", "sha256").hex()[:INDEX_LENGTH]


def keys() -> Keys:
    """Give the keys of the county that is entered, made at its first use.

    Raises: KeyMissing where the county holds sealed data and its key is gone; WrongKey, KeyDamaged.
    """
    return _keys_of(current_schema(), str(key_path(current_schema())))


@functools.cache
def _keys_of(schema: str, path: str) -> Keys:
    key = find_key(schema)
    if key is None:
        if _holds_sealed_data():
            raise KeyMissing(schema=schema, path=path)
        key = make_key(schema)
    found = Keys(schema, key)
    _require_the_first(found, schema, path)
    return found


def _require_the_first(found: Keys, schema: str, path: str) -> None:
    """Insist that this is the key with which the county was sealed first; the first one is noted.

    A machine that looks into another folder would seal what the others can't open. Raises: WrongKey.
    """
    rules = PeopleRules.objects.order_by("id").first()
    if rules is None:
        return
    if not rules.key_check:
        PeopleRules.objects.filter(id=rules.pk, key_check="").update(key_check=found.check())
        rules.refresh_from_db()
    if rules.key_check != found.check():
        raise WrongKey(schema=schema, path=path)


def _holds_sealed_data() -> bool:
    return (
        Resident.objects.filter(id_number__isnull=False).exists()
        or Resident.objects.filter(phone__isnull=False).exists()
        or Circumstance.objects.filter(note__isnull=False).exists()
    )


def _derived(county_key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(county_key)


def normal_id(text: str) -> str:
    """Write an ID number as it is kept: half-width, without spaces or dashes, a capital X."""
    return _digits_joined(text).upper()


def id_problem(text: str) -> str | None:
    """Tell what is wrong with an ID number in its normal form (GB 11643-1999), by the first that is found.

    id-length, id-characters, id-birth (no day, or one to come), id-checksum; None where nothing is.
    """
    if len(text) != _ID_LENGTH:
        return "id-length"
    if not _ID_FORM.fullmatch(text):
        return "id-characters"
    try:
        born = born_of(text)
    except ValueError:
        return "id-birth"
    if not _OLDEST <= born <= clock.today():
        return "id-birth"
    total = sum(map(operator.mul, map(int, text[:17]), _WEIGHTS))
    return None if _CHECKS[total % 11] == text[17] else "id-checksum"


def born_of(id_number: str) -> date:
    """Give the day of birth that an ID number in its normal form names. Raises: ValueError where it names none."""
    return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))


def normal_phone(text: str) -> str:
    """Write a phone number as it is kept: digits alone, without the country's 86."""
    return _ABROAD.sub("", _digits_joined(text))


def phone_problem(text: str) -> str | None:
    """Tell what is wrong with a phone number in its normal form; mobiles and landlines are both right.

    phone-characters, phone-length (7 to 12 digits), phone-form; None where nothing is.
    """
    if not (text.isascii() and text.isdigit()):
        return "phone-characters"
    if not 7 <= len(text) <= 12:
        return "phone-length"
    return None if _MOBILE.fullmatch(text) or _LANDLINE.fullmatch(text) else "phone-form"


def is_mobile(text: str) -> bool:
    """Tell whether a phone number in its normal form is a mobile's, to which a code can be sent."""
    return _MOBILE.fullmatch(text) is not None


def masked_phone(phone: str) -> str:
    """Show a phone number as far as it tells people apart: 199****0001."""
    return f"{phone[:3]}****{phone[-TAIL:]}" if len(phone) > 3 + TAIL else f"****{phone[-TAIL:]}"


def masked_id(id_number: str) -> str:
    """Show of an ID number the last four characters only."""
    return "*" * max(len(id_number) - TAIL, 0) + id_number[-TAIL:]


def _digits_joined(text: str) -> str:
    if text.isascii() and text.isalnum():  # a county's roster is hardly ever written otherwise
        return text
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
