"""Photos of a form that is not sent yet: kept for a day, for whoever is filling it in, and for nobody else.

A form that comes back since something is missing must not ask for its photos again, and a phone on a slow line sends
them one by one. They are encoded anew at once (`photos`), so that what can be looked at is never what came in. That
takes a machine's time, so how many one owner lays down in a day is limited, and counted by rows. `sweep_files` takes
away what is older than a day. Once the form is sent, the file that is kept is `store_file`'s.
"""

import re
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from xiangyue.kernel import clock
from xiangyue.records import storage
from xiangyue.records.kinds import kind_of
from xiangyue.records.models import PhotoDraft
from xiangyue.records.operations import FILE_LIMIT
from xiangyue.records.photos import encode_anew
from xiangyue.records.refusals import FileTooLarge, NotAPhoto, TooManyDrafts

MOST_AT_ONCE: Final = 60  # ten forms full of photos, or one many times over a bad line
SPAN: Final = timedelta(hours=24)

_TOKEN: Final = re.compile(r"[0-9a-f]{32}")
_OWNER: Final = re.compile(r"[0-9a-z-]{1,60}")


def draft_photo(*, owner: str, name: str, content: bytes) -> str:
    """Keep a photo for a form that is not sent yet; give the token by which its owner finds it again.

    owner: who fills the form in, small letters, figures and hyphens.
    Raises: FileTooLarge, FileEmpty, FileTypeRefused, NotAPhoto, TooManyDrafts, PhotoTooLarge, PhotoUnreadable.
    """
    if len(content) > FILE_LIMIT:
        raise FileTooLarge(name=name, megabytes=len(content) >> 20, limit=FILE_LIMIT >> 20)
    kind = kind_of(content, name)
    if not kind.photo_format:
        raise NotAPhoto(name=name)
    _count(owner)
    photo = encode_anew(content, name, kind.photo_format)
    token = secrets.token_hex(16)
    storage.keep_draft(_name(owner, token, thumbnail=False), photo.content)
    storage.keep_draft(_name(owner, token, thumbnail=True), photo.thumbnail)
    return token


def drafted_photo(*, owner: str, token: str, thumbnail: bool = False) -> bytes | None:
    """Give a draft's bytes, a JPEG; None where its owner has none by that token, or no longer."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        with storage.open_draft(_name(owner, token, thumbnail=thumbnail)) as file:
            return file.read()
    except FileNotFoundError:
        return None


def forget_photos(*, owner: str, tokens: Iterable[str]) -> None:
    """Take drafts away whose form was sent; those that are not there are left alone."""
    for token in tokens:
        if _TOKEN.fullmatch(token):
            storage.drop_draft(_name(owner, token, thumbnail=True))
            storage.drop_draft(_name(owner, token, thumbnail=False))


def forget_counted() -> int:
    """Remove what is counted no more; give how many. The worker does it."""
    return PhotoDraft.objects.filter(at__lte=clock.now() - SPAN).delete()[0]


def _count(owner: str) -> None:
    """Count a draft before it is encoded, so that many at once are counted too. Raises: TooManyDrafts."""
    now = clock.now()
    own = PhotoDraft.objects.create(owner=owner, at=now)
    earlier = PhotoDraft.objects.filter(owner=owner, at__gt=now - SPAN).exclude(pk=own.pk)
    if earlier.count() >= MOST_AT_ONCE:
        own.delete()  # what is turned away makes nobody wait longer
        raise TooManyDrafts(count=MOST_AT_ONCE, hours=SPAN // timedelta(hours=1))


def _name(owner: str, token: str, *, thumbnail: bool) -> str:
    assert _OWNER.fullmatch(owner), owner
    return f"{owner}-{token}{'-small' if thumbnail else ''}"
