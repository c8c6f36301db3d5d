"""Artefacts that were decoded, kept within a budget of memory."""

from __future__ import annotations

import threading
from collections import OrderedDict

from ..model.common import Maintainable
from ..model.reference import Reference
from .artefact_types import DECODERS

_EXPANSION = 9
"""A decoded artefact takes about so many times the memory of its payload (measured on codelists in two languages)."""


class DecodedArtefacts:
    """Decoded artefacts by reference and fingerprint, the least recently used dropped over a budget of bytes.

    Safe for use from many threads.
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._used = 0
        self._entries: OrderedDict[tuple[Reference, str], tuple[Maintainable, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, reference: Reference, fingerprint: str) -> Maintainable | None:
        """The artefact of that content, when it is kept."""
        with self._lock:
            key = reference, fingerprint
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def decode(self, reference: Reference, fingerprint: str, payload: bytes) -> Maintainable:
        """Read a stored artefact, and keep it where it fits the budget."""
        value: Maintainable = DECODERS[reference.kind].decode(payload)
        self._keep((reference, fingerprint), value, len(payload) * _EXPANSION)
        return value

    def _keep(self, key: tuple[Reference, str], value: Maintainable, size: int) -> None:
        with self._lock:
            if key in self._entries or size > self._budget:
                return
            self._entries[key] = (value, size)
            self._used += size
            while self._used > self._budget:
                _, (_, dropped) = self._entries.popitem(last=False)
                self._used -= dropped
