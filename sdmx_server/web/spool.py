"""Large answers go through a file, so that a slow client cannot hold a database transaction open.

A producer thread writes the answer at full speed into a file; the request's thread drains the file to its client,
from the first byte on, while it grows. Finished files are kept under their ETag and serve the next client, until their
bytes are needed. Producers are bounded by slots, files by a quota; beyond either the client is asked to come back.
"""

from __future__ import annotations

import logging
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from ..errors import Busy

log = logging.getLogger(__name__)

READ_SIZE = 256 * 1024
_SUFFIX = ".answer"
_PART = ".part"


def _no_room() -> Busy:
    return Busy("answers-no-room", retry_after=60)


class SpoolFailure(Exception):
    """The producer failed after the first byte had left; the connection is cut so that the client notices."""


class _Growing:
    """A file that one thread writes and another reads."""

    def __init__(self, file: FileIO) -> None:
        self.file = file
        self.size = 0
        self.done = False
        self.failure: BaseException | None = None
        self.abandoned = False
        self._changed = threading.Condition()

    def append(self, chunk: bytes) -> None:
        rest = memoryview(chunk)
        while rest:  # an unbuffered file may take a part, and closing it has nothing left that could fail
            rest = rest[self.file.write(rest) :]
        with self._changed:
            self.size += len(chunk)
            self._changed.notify_all()

    def finish(self, failure: BaseException | None) -> None:
        with self._changed:
            self.done, self.failure = True, failure
            self._changed.notify_all()

    def wait_beyond(self, position: int) -> int:
        """Wait until there are bytes after ``position``, or the end; returns the size."""
        with self._changed:
            self._changed.wait_for(lambda: self.size > position or self.done)
            if self.size <= position and self.failure is not None:
                raise SpoolFailure from self.failure
            return self.size


class Spool:
    """The folder of one server's large answers; several worker processes may share it.

    Args:
        folder: made when missing.
        quota: bytes that all files together may take.
        slots: large answers under way at the same time in this process; a stalled client keeps its slot until the
            send timeout drops it.
    """

    def __init__(self, folder: Path, quota: int, slots: int) -> None:
        self.folder = folder
        self.quota = quota
        self._slots = threading.BoundedSemaphore(slots)
        folder.mkdir(parents=True, exist_ok=True)
        for left_over in folder.glob("*" + _PART):  # of a process that was killed
            if left_over.stat().st_mtime < time.time() - 3600:
                left_over.unlink(missing_ok=True)

    def acquire(self) -> None:
        """Take a slot; raises ``Busy`` when none is free."""
        if not self._slots.acquire(blocking=False):
            raise Busy("answers-too-many")

    def release(self) -> None:
        """Give a slot back."""
        self._slots.release()

    def _path(self, etag: str) -> str:
        return f"{self.folder}/{etag}{_SUFFIX}"

    def find(self, etag: str) -> BinaryIO | None:
        """A finished answer, opened, or None. ETags are names of files: letters and digits."""
        try:
            file = open(self._path(etag), "rb")  # noqa: SIM115 - a Path takes longer than the look
        except FileNotFoundError:
            return None
        os.utime(file.fileno())
        return file

    def _make_room(self, wanted: int) -> None:
        """Delete finished answers, longest unused first, until ``wanted`` bytes fit; raises ``Busy`` if they cannot."""
        self.folder.mkdir(parents=True, exist_ok=True)  # an administrator may have emptied the data folder
        entries = []
        for entry in os.scandir(self.folder):
            try:
                entries.append((entry.stat(), entry))
            except FileNotFoundError:
                continue  # another process removed it between the listing and the look
        used = sum(stat.st_size for stat, _ in entries)
        for _, entry in sorted(entries, key=lambda pair: pair[0].st_mtime):
            if used + wanted <= self.quota:
                return
            if entry.name.endswith(_SUFFIX):
                used -= entry.stat().st_size
                Path(entry.path).unlink(missing_ok=True)
        if used + wanted > self.quota:
            raise _no_room()

    def stream(self, etag: str, head: bytes, rest: Iterator[bytes], on_end: Callable[[], None]) -> Iterator[bytes]:
        """Produce ``head`` and ``rest`` into a file in the background; yields its bytes as they come.

        ``on_end`` is called in the producer's thread when the source is used up or failed: it ends the read
        transaction. The caller holds a slot and releases it when the client is served. Raises ``Busy`` at once when
        there is no room, ``SpoolFailure`` during iteration when the source fails.
        """
        try:
            self._make_room(len(head) * 16)
            growing, part = self._begin(head)
        except BaseException:
            on_end()
            raise
        reader = part.open("rb")
        producer = threading.Thread(
            target=self._produce, args=(growing, rest, on_end, part, self._path(etag)), daemon=True
        )
        producer.start()
        return _drain(growing, reader)

    def _begin(self, head: bytes) -> tuple[_Growing, Path]:
        """A new file that holds ``head``; raises ``Busy`` when the disk takes no more."""
        try:
            handle, name = tempfile.mkstemp(dir=self.folder, suffix=_PART)
        except OSError as error:
            raise _no_room() from error
        growing = _Growing(FileIO(handle, "wb"))
        try:
            growing.append(head)
        except OSError as error:
            growing.file.close()
            Path(name).unlink(missing_ok=True)
            raise _no_room() from error
        return growing, Path(name)

    def _produce(
        self, growing: _Growing, rest: Iterator[bytes], on_end: Callable[[], None], part: Path, final: str
    ) -> None:
        failure: BaseException | None = None
        checked = growing.size
        try:
            for chunk in rest:
                if growing.abandoned:
                    break
                growing.append(chunk)
                if growing.size - checked > self.quota // 64:
                    self._make_room(0)
                    checked = growing.size
        except BaseException as error:
            failure = error
        finally:
            growing.file.close()
            try:
                on_end()
            except Exception as error:  # of a database that has gone: the answer is none the worse
                log.warning("the end of an answer's transaction: %s", error)
            finally:
                if failure is None and not growing.abandoned:
                    part.replace(final)
                else:
                    part.unlink(missing_ok=True)
                growing.finish(failure)


def _drain(growing: _Growing, reader: BinaryIO) -> Iterator[bytes]:
    position = 0
    try:
        while True:
            size = growing.wait_beyond(position)
            if size == position:
                return
            while position < size:
                chunk = reader.read(min(READ_SIZE, size - position))
                position += len(chunk)
                yield chunk
    finally:
        growing.abandoned = True  # a client that went away stops the production
        reader.close()
