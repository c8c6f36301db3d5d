"""Turns: requests of one process are worked on one after the other, as long as each of them is short.

Threads that work at once take Python's lock from one another at every call of SQLite, which costs more than the calls
themselves: a look-up that four clients ask for at once took three times the CPU that it takes alone, and longer. So a
thread waits for its turn, without a claim on that lock; whoever works for long is left behind and works beside the
others from then on.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

LONG = 0.01
"""Seconds after which a turn is long, and others no longer wait for its end."""


class _Turn:
    """One queue of threads: the lock of whoever works, and when that began."""

    __slots__ = ("began", "lock")

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.began = monotonic()


class Turns:
    """The turns of a process."""

    def __init__(self) -> None:
        self._turn = _Turn()

    @contextmanager
    def mine(self) -> Iterator[None]:
        """Work within a turn; nobody waits longer than until the turn before has become long."""
        turn = self._begun()
        try:
            yield
        finally:
            turn.lock.release()

    def _begun(self) -> _Turn:
        while True:
            turn = self._turn
            if turn.lock.acquire(timeout=LONG):
                turn.began = monotonic()
                return turn
            if monotonic() - turn.began >= LONG and self._turn is turn:
                self._turn = _Turn()  # those who wait for the old one come here in a moment
