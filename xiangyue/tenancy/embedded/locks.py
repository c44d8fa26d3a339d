"""Lock files between processes. The kernel drops them when a process ends, however it ends.

They belong to the process that took them: a program that it executes inherits none, except where one is
handed over on purpose. A fork doubles them, and its two sides have to settle whose they are.
"""

import os
import sys
import time
from pathlib import Path

from .places import hand_over

if sys.platform == "win32":
    import msvcrt

    # Windows locks ranges of bytes, and only exclusively: a sharer holds one of many, an owner all.
    _SLOTS = 512

    def _locked(descriptor: int, start: int, length: int) -> bool:
        os.lseek(descriptor, start, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, length)
        except OSError:
            return False
        return True

    def _lock(descriptor: int, shared: bool) -> bool:
        if shared:
            return any(_locked(descriptor, slot, 1) for slot in range(_SLOTS))
        _unlock(descriptor)
        return _locked(descriptor, 0, _SLOTS)

    def _unlock(descriptor: int) -> None:
        for start, length in [(0, _SLOTS), *((slot, 1) for slot in range(_SLOTS))]:
            os.lseek(descriptor, start, os.SEEK_SET)
            try:
                msvcrt.locking(descriptor, msvcrt.LK_UNLCK, length)
            except OSError:
                continue
            return

else:
    import fcntl

    def _lock(descriptor: int, shared: bool) -> bool:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


_POLL = 0.02  # seconds between two tries


class FileLock:
    """One open lock file, held shared, exclusively or not at all."""

    def __init__(self, path: Path) -> None:
        is_new = not path.exists()
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        if is_new:
            hand_over(path)

    def acquire(self, *, shared: bool, patience: float = 0.0) -> bool:
        """Take the lock, or exchange the one held for it; try for `patience` seconds.

        On False nothing is held any more: an exchange gives up the old lock first.
        """
        deadline = time.monotonic() + patience
        while not _lock(self.descriptor, shared):
            if time.monotonic() >= deadline:
                return False
            time.sleep(_POLL)
        return True

    def close(self) -> None:
        """Let go and close the file. It stays on disk, or two processes could lock two files of one name."""
        _unlock(self.descriptor)
        os.close(self.descriptor)

    def leave_to_other(self) -> None:
        """Close our copy of a lock that a fork has doubled; the other process holds it from now on."""
        os.close(self.descriptor)
