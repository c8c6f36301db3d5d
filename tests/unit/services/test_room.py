"""Room for answers that hold several read transactions."""

from __future__ import annotations

import threading

import pytest

from sdmx_server.errors import Busy
from sdmx_server.services.room import Room


def test_nobody_holds_a_part_and_waits_for_the_rest() -> None:
    room, done = Room(6, patience=20), []

    def answer(number: int) -> None:
        for _ in range(20):
            with room.taken(4):
                done.append(number)

    threads = [threading.Thread(target=answer, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(done) == sorted(list(range(8)) * 20)
    with room.taken(6):
        pass


def test_who_waits_too_long_is_told_so() -> None:
    room = Room(6, patience=0.05)
    with room.taken(4), pytest.raises(Busy) as refused, room.taken(3):
        raise AssertionError("there was no room")
    assert refused.value.retry_after > 0


def test_the_places_come_back_after_a_failure() -> None:
    room = Room(2, patience=0.05)
    with pytest.raises(ValueError, match="broken"), room.taken(2):
        raise ValueError("broken")
    with room.taken(2):
        pass
