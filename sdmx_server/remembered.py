"""What was worked out for a state of the database, kept within a budget."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Remembered(Generic[V]):
    """Values by key under a budget in bytes, the least recently used dropped first; thread-safe.

    Keys name the revision that a value belongs to, so that nothing ever has to be taken back.
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._used = 0
        self._values: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def used(self) -> int:
        """Bytes that all values take together."""
        return self._used

    def get(self, key: Hashable) -> V | None:
        """The value of a key, or None."""
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None
            self._values.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, value: V, weight: int) -> None:
        """Keep a value of so many bytes, and drop the longest unused ones beyond the budget."""
        with self._lock:
            if key in self._values:
                self._used -= self._values.pop(key)[1]
            self._values[key] = (value, weight)
            self._used += weight
            while self._used > self._budget:
                self._used -= self._values.popitem(last=False)[1][1]


class Same(Generic[V]):
    """A key that is equal to another one of the very same object, which it keeps alive."""

    __slots__ = ("value",)

    def __init__(self, value: V) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.value is other.value
