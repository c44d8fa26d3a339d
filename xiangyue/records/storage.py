"""The bytes of stored files, through Django's Storage API: nothing else knows whether they lie in a folder or a bucket.

Names are `schema/ab/abcd…`: a county's apart from every other's, and a file's by the hash of its bytes, never by what
its bringer called it. A thumbnail lies beside its photo, with the length of its side behind the name.
"""

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO, Final, cast

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, storages

from xiangyue.kernel import clock
from xiangyue.records.photos import THUMBNAIL_SIDE
from xiangyue.tenancy.embedded.places import sync_folder
from xiangyue.tenancy.schemas import current_schema

_HASH: Final = re.compile(r"[0-9a-f]{64}")
_DRAFT: Final = re.compile("draft-")
_A_DAY: Final = timedelta(days=1)


class LocalFiles(FileSystemStorage):
    """A folder. A file appears under its name only once it is whole and on the disk: a crash leaves all or nothing.

    folder: where; `files` in the data home if None.
    """

    def __init__(self, folder: str | None = None) -> None:
        super().__init__()
        self._folder = folder

    @property
    def base_location(self) -> str:
        return self._folder or str(Path(str(settings.HOME), "files"))

    @property
    def location(self) -> str:
        return os.path.abspath(self.base_location)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Keep the name: the same name is the same bytes."""
        return name

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]
        path = Path(self.path(name))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(prefix="draft-", dir=path.parent)  # mode 600
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, path)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
        return name


def keep(sha256: str, content: bytes, thumbnail: bytes | None) -> None:
    """Keep a file's bytes, and a photo's thumbnail. What is there already is left alone."""
    wanted = {_place(sha256): content, _thumbnail_place(sha256): thumbnail}
    for name, each in wanted.items():
        if each is not None and not _storage().exists(name):
            _storage().save(name, ContentFile(each))


def is_kept(sha256: str) -> bool:
    """Tell whether a file's bytes are there."""
    return _storage().exists(_place(sha256))


def open_bytes(sha256: str, *, thumbnail: bool = False) -> IO[bytes]:
    """Open a file of the county that is entered. Raises: FileNotFoundError."""
    name = _thumbnail_place(sha256) if thumbnail else _place(sha256)
    return cast("IO[bytes]", _storage().open(name, "rb"))


def local_path(sha256: str) -> Path:
    """Give a file's place in the file system. Raises: NotImplementedError where files don't lie in a folder."""
    return Path(_storage().path(_place(sha256)))


def drop(sha256: str) -> None:
    """Remove a file's bytes and its thumbnail for good."""
    # The thumbnail first: as long as the file is listed, what belongs to it can be found.
    for name in (_thumbnail_place(sha256), _place(sha256)):
        with contextlib.suppress(FileNotFoundError):
            _storage().delete(name)


def keep_draft(name: str, content: bytes) -> None:
    """Keep what belongs to a form that is not sent yet (`drafts`). name: nobody else's."""
    _storage().save(_draft_place(name), ContentFile(content))


def open_draft(name: str) -> IO[bytes]:
    """Open a draft of the county that is entered. Raises: FileNotFoundError."""
    return cast("IO[bytes]", _storage().open(_draft_place(name), "rb"))


def drop_draft(name: str) -> None:
    """Remove a draft of the county that is entered, if it is there."""
    with contextlib.suppress(FileNotFoundError):
        _storage().delete(_draft_place(name))


def hashes_of(schema: str) -> Iterator[str]:
    """Give the hashes of all the files of a county, in order. Thumbnails and drafts of crashed writers are left out."""
    for folder in sorted(_listed(schema)[0]):
        yield from sorted(name for name in _listed(f"{schema}/{folder}")[1] if _HASH.fullmatch(name))


def open_of(schema: str, sha256: str) -> IO[bytes]:
    """Open a file of a county that need not be entered. Raises: FileNotFoundError."""
    return cast("IO[bytes]", _storage().open(_place(sha256, schema), "rb"))


def drop_drafts(schema: str) -> None:
    """Remove what crashed writers left half written, and what belongs to forms not sent, a day ago or earlier."""
    for folder in _listed(schema)[0]:
        for file in _listed(f"{schema}/{folder}")[1]:
            name = f"{schema}/{folder}/{file}"
            # By the machine's own clock, which wrote the file's time, whatever day ours has been set to.
            if _DRAFT.match(file) and _storage().get_modified_time(name) < clock.outside() - _A_DAY:
                _storage().delete(name)


def drop_all(schema: str) -> None:
    """Remove all the files of a county for good."""
    if schema:
        _drop_folder(schema)


def _drop_folder(name: str) -> None:
    folders, files = _listed(name)
    for folder in folders:
        _drop_folder(f"{name}/{folder}")
    for file in files:
        _storage().delete(f"{name}/{file}")
    with contextlib.suppress(OSError):  # there may be none, or somebody has just written into it
        _storage().delete(name)


def _listed(name: str) -> tuple[list[str], list[str]]:
    try:
        return _storage().listdir(name)
    except FileNotFoundError:
        return [], []


def _place(sha256: str, schema: str | None = None) -> str:
    return f"{schema or current_schema()}/{sha256[:2]}/{sha256}"


def _draft_place(name: str) -> str:
    return f"{current_schema()}/drafts/draft-{name}"


def _thumbnail_place(sha256: str) -> str:
    return f"{_place(sha256)}-{THUMBNAIL_SIDE}"


def _storage() -> Storage:
    return storages["files"]
