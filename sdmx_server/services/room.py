"""Room for answers that hold several read transactions at once, handed out all or nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import Busy


class Room:
    """A number of places. Whoever needs several takes them together, so that nobody waits while holding some.

    Without it, answers over several dataflows could each hold a part of the database's connections and wait for the
    rest, and every other query with them.
    """

    def __init__(self, places: int, patience: float) -> None:
        """``patience``: the seconds to wait for room."""
        self._free = places
        self._patience = patience
        self._changed = threading.Condition()

    @contextmanager
    def taken(self, places: int) -> Iterator[None]:
        """Hold places for a while; raises ``Busy`` when they do not become free in time."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._free >= places, self._patience):
                raise Busy("too-many-queries")
            self._free -= places
        try:
            yield
        finally:
            with self._changed:
                self._free += places
                self._changed.notify_all()
