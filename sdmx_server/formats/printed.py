"""Artefacts as they were printed, kept: answers have many of them in common, and what is stored seldom changes.

The store gives the very same object of an artefact again and again, so that the object tells which artefact is meant in
which revision; one that was cut or rebuilt for an answer is another object.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from ..model.common import Maintainable
from ..remembered import Remembered, Same

BUDGET = 32 * 1024 * 1024
"""Bytes that what is kept may take in a process."""

_LARGEST = BUDGET // 16
_ENTRY, _EXPANSION = 1_000, 4
"""What an entry takes beside its bytes, and how often its bytes count: it keeps the artefact, too."""

_printed: Remembered[bytes] = Remembered(BUDGET)


def printed(artefact: Maintainable, how: Hashable, make: Callable[[], bytes]) -> bytes:
    """What ``make`` gives for an artefact; ``how`` is all that the bytes depend on beside it."""
    key = (Same(artefact), how)
    found = _printed.get(key)
    if found is None:
        found = make()
        if len(found) <= _LARGEST:
            _printed.put(key, found, _ENTRY + _EXPANSION * len(found))
    return found
