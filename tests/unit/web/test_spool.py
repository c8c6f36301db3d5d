"""Large answers: complete from the first byte on, bounded in slots and room, and never half kept."""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

import pytest

from sdmx_server.errors import Busy
from sdmx_server.web import spool as spool_module
from sdmx_server.web.spool import Spool, SpoolFailure


def wait_until(condition: object, seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_answer_is_complete_kept_and_found_again(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota=10_000_000, slots=1)
    ended = threading.Event()
    chunks = [bytes([i]) * 50_000 for i in range(20)]
    body = b"".join(spool.stream("tag", b"head", iter(chunks), ended.set))
    assert body == b"head" + b"".join(chunks)
    assert ended.is_set()
    found = spool.find("tag")
    assert found is not None
    with found:
        assert found.read() == body
    assert spool.find("other") is None


def test_the_source_ends_although_the_client_takes_nothing(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota=100_000_000, slots=1)
    ended = threading.Event()
    stream = spool.stream("tag", b"first", iter([b"x" * 100_000] * 50), ended.set)
    next(stream)
    assert ended.wait(5), "the read transaction must not wait for the client"
    stream.close()  # type: ignore[attr-defined]


def test_a_failure_reaches_the_reader_and_nothing_is_kept(tmp_path: Path) -> None:
    def failing() -> Iterator[bytes]:
        yield b"some"
        raise RuntimeError("the database is gone")

    spool = Spool(tmp_path, quota=1_000_000, slots=1)
    with pytest.raises(SpoolFailure):
        b"".join(spool.stream("tag", b"head", failing(), lambda: None))
    assert list(tmp_path.iterdir()) == []


def test_a_client_that_leaves_stops_the_production(tmp_path: Path) -> None:
    taken = []

    def endless() -> Iterator[bytes]:
        while True:
            taken.append(1)
            time.sleep(0.001)
            yield b"x" * 1000

    spool = Spool(tmp_path, quota=10_000_000, slots=1)
    ended = threading.Event()
    stream = spool.stream("tag", b"head", endless(), ended.set)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert ended.wait(5)
    wait_until(lambda: list(tmp_path.iterdir()) == [])


def test_slots_are_bounded(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota=1_000_000, slots=2)
    spool.acquire()
    spool.acquire()
    with pytest.raises(Busy, match="try again"):
        spool.acquire()
    spool.release()
    spool.acquire()


def test_old_answers_give_way_and_the_quota_holds(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota=1_000_000, slots=1)
    for number in range(12):
        b"".join(spool.stream(f"tag{number}", b"x" * 1000, iter([b"y" * 100_000]), lambda: None))
        time.sleep(0.01)
    assert sum(p.stat().st_size for p in tmp_path.iterdir()) <= 1_000_000
    assert spool.find("tag0") is None
    newest = spool.find("tag11")
    assert newest is not None
    newest.close()


def test_an_answer_beyond_the_quota_is_cut_off(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota=1_000_000, slots=1)
    with pytest.raises(SpoolFailure):
        b"".join(spool.stream("tag", b"x", iter([b"y" * 50_000] * 100), lambda: None))
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that takes 100,000 bytes of a file, the last of them in part, and then no more."""

    class Full(FileIO):
        def write(self, data: bytes) -> int:  # type: ignore[override]
            room = 100_000 - self.tell()
            if room <= 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(data[:room])

    monkeypatch.setattr(spool_module, "FileIO", Full)


@pytest.mark.usefixtures("full_disk")
def test_a_disk_that_is_full_from_the_beginning_is_busy(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota=10_000_000, slots=1)
    ended = threading.Event()
    with pytest.raises(Busy, match="try again"):
        spool.stream("tag", b"x" * 200_000, iter([b"y"]), ended.set)
    assert ended.is_set()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("full_disk")
def test_a_disk_that_fills_up_cuts_the_answer_and_ends_the_transaction(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota=10_000_000, slots=1)
    ended = threading.Event()
    stream = spool.stream("tag", b"x" * 50_000, iter([b"y" * 40_000] * 5), ended.set)
    with pytest.raises(SpoolFailure):
        b"".join(stream)
    assert ended.wait(5)
    assert list(tmp_path.iterdir()) == []
