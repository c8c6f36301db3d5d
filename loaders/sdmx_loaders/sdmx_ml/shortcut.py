"""The way around the XML parser: what is plain in a message goes straight to the rows, the rest to the parser.

The parser is given as many line ends in place of what it does not see, always whole elements, so that it finds the
same faults in the same lines.
"""

from __future__ import annotations

import numpy as np

from .blocks import Block, Patterns, cut
from .content import IN_SERIES, IN_SET, OUTSIDE, Content, Generic
from .message import Message
from .patterns import Grammar
from .stream import File

_STEP = 4096
"""How much the parser reads before it is looked at again whether something plain can follow."""
_TRIES = 4


class Shortcut:
    """Feeds the parser of a message."""

    def __init__(self, file: File, message: Message) -> None:
        self._file, self._message = file, message
        self._patterns: Patterns | None = None
        self._scope = -1
        self._told: set[int] = set()

    def feed(self, piece: bytes, final: bool) -> None:
        """Pass over what is plain in a piece of the file, and let the parser read the rest."""
        fed = self._until_data(piece)
        content = self._message.content
        if content is not None and self._file.utf8 and not content.rows.deleting:
            fed = self._data(piece, fed, content)
        self._file.feed(piece[fed:], final)

    def _until_data(self, piece: bytes) -> int:
        """Let the parser read until a data set begins, or the piece ends."""
        fed, step = 0, _STEP
        while self._message.content is None:
            end = piece.find(b"<", fed + step)
            if end < 0:
                break
            self._file.feed(piece[fed:end], final=False)
            fed, step = end, 2 * step
        return fed

    def _data(self, piece: bytes, fed: int, content: Content) -> int:
        patterns = self._current(content)
        block = cut(piece[fed:] if fed else piece, patterns, content.at)
        if block is None:
            return fed
        way = _Way(self._file, content, piece, fed, block)
        at, scope = content.at, self._scope
        for begin, last in block.runs:
            first = way.reach(begin, last)
            if self._message.content is not content or content.at != at or self._file.scope != scope:
                break
            if first < last:
                self._tell(patterns, block, first, last)
                way.go(first, last)
        return way.fed

    def _current(self, content: Content) -> Patterns:
        """The patterns, which hold while the namespaces do."""
        if self._patterns is None or self._scope != self._file.scope:
            generic = isinstance(content, Generic)
            self._patterns = Patterns(Grammar(self._file.namespaces, generic=generic), generic=generic)
            self._scope, self._told = self._file.scope, set()
        return self._patterns

    def _tell(self, patterns: Patterns, block: Block, first: int, last: int) -> None:
        """Let the parser know the names that it will not see, since their number is bounded."""
        if len(self._told) == len(patterns.known):
            return
        intern = self._file.parser.intern
        codes = block.codes[block.texts[first] : block.texts[last] + 1]
        for code in set(np.flatnonzero(np.bincount(codes)).tolist()) - self._told:
            intern.update((name, name) for name in patterns.known[code - 1].names)
            self._told.add(code)


class _Way:
    """The way through a block: ``fed`` is how far the parser has come in the piece."""

    def __init__(self, file: File, content: Content, piece: bytes, offset: int, block: Block) -> None:
        self._file, self._content, self._piece, self._offset, self._block = file, content, piece, offset, block
        self.fed = offset

    def reach(self, first: int, last: int) -> int:
        """Let the parser read up to an item, or a later one of the run where it is between tokens. Returns that one."""
        starts = self._block.starts
        for _ in range(_TRIES):
            self._feed(int(starts[first]))
            if self._file.between_tokens:
                return first
            first = first + int(starts[first:last].searchsorted(starts[first] + _STEP))
            if first >= last:
                break
        return last

    def go(self, first: int, last: int) -> None:
        """Take the items of a run to the rows as far as they are plain in their place."""
        block = self._block
        while first < last and self._file.between_tokens:
            place = self._content.place
            if place == IN_SET and not block.is_obs[first]:
                first = self._series(first, last)
            elif place != OUTSIDE and block.is_obs[first]:
                first = self._observations(first, last, place)
            else:
                return

    def _series(self, first: int, last: int) -> int:
        """Whole series; the head of one that goes on behind the run is for the parser."""
        block = self._block
        whole = block.ends[first:last].nonzero()[0]
        if not len(whole):
            self._feed(int(block.starts[first + 1]))
            return first + 1
        end = first + int(whole[-1]) + 1
        self._pass(first, end, int(block.starts[end]), int(block.lines[end]), headed=True)
        return end

    def _observations(self, first: int, last: int, place: int) -> int:
        """Observations up to the end of their series, or of the run."""
        block = self._block
        ended = block.ends[first:last].nonzero()[0]
        if not len(ended):
            self._pass(first, last, int(block.starts[last]), int(block.lines[last]), headed=False)
            return last
        end = first + int(ended[0]) + 1
        if place != IN_SERIES:
            return last  # the end of a series that has not begun: the parser will say so
        self._pass(first, end, int(block.ends[end - 1]), int(block.end_lines[end - 1]), headed=False)
        self._feed(int(block.starts[end]))
        return end

    def _pass(self, first: int, last: int, until: int, line: int, *, headed: bool) -> None:
        """Pass over items; the parser goes on at a place of the block, on a line of it."""
        block = self._block
        began = self._file.parser.CurrentLineNumber
        obs = block.is_obs[first:last]
        lines = block.lines[first:last][obs] + (began - block.lines[first])
        number = int(block.numbers[first:last][obs.argmax()])
        self._content.rows.add(block, number, lines, headed=headed)
        until += self._offset
        self._file.pass_over(until - self.fed, int(line - block.lines[first]))
        self.fed = until

    def _feed(self, until: int) -> None:
        until += self._offset
        if until > self.fed:
            self._file.feed(self._piece[self.fed : until], final=False)
            self.fed = until
