"""A file that answers are streamed through: libraries write to it, and what they wrote is taken and sent on."""

from __future__ import annotations


class Sink:
    """A file that only remembers what was written since it was last emptied; it cannot be sought in."""

    closed = False

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._size = 0
        self.waiting = 0

    def write(self, data: bytes) -> int:
        """Take bytes."""
        self._chunks.append(bytes(data))
        self._size += len(data)
        self.waiting += len(data)
        return len(data)

    def tell(self) -> int:
        """How much was written in all."""
        return self._size

    def flush(self) -> None:
        """Do nothing: nothing is held back."""

    def close(self) -> None:
        """Do nothing: the last bytes stay to be taken."""

    def taken(self) -> bytes:
        """What was written since the last call."""
        data = b"".join(self._chunks)
        self._chunks.clear()
        self.waiting = 0
        return data
