"""A text in languages that is merged into another one adds and changes its own languages; the others stay.

So a message of a generation that can tell one language only does not take the others away. A value that is replaced,
or that was deleted before, is taken as it comes (``WHOLE``); so are several values of one component, for nothing says
which of them belong together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np

from ..batches import FIRST_ID, Ids, canonical
from .encoding import DELETED

WHOLE = 0x80000000
"""Marks the id of a text that is not to be merged with what the cell held before. No dictionary grows so far."""


class Dictionary:
    """The texts of one component by id: those that are stored, that the load brings, and that merging makes.

    The latter are appended to ``new``, which the load writes in the end.
    """

    def __init__(self, stored: tuple[str | None, ...], new: list[str]) -> None:
        self._stored, self.new = stored, new
        self._made: dict[tuple[int, int], int] = {}
        self._index: dict[str, int] | None = None

    def __len__(self) -> int:
        return len(self._stored) + len(self.new)

    def text(self, number: int) -> str:
        """The text of an id."""
        first = len(self._stored)
        return self.new[number - first] if number >= first else self._stored[number] or ""

    def merged(self, before: int, asked: int) -> int:
        """The id of a text with the languages of both, those of ``asked`` as it has them."""
        known = self._made.get((before, asked))
        if known is None:
            old, new = _languages(self.text(before)), _languages(self.text(asked))
            text = canonical(old | new) if old and new else self.text(asked)
            known = self._made[before, asked] = self._id(text)
        return known

    def _id(self, text: str) -> int:
        if self._index is None:
            every = enumerate((*self._stored, *self.new))
            self._index = {found: number for number, found in every if found is not None}
        if text not in self._index:
            self._index[text] = len(self)
            self.new.append(text)
        return self._index[text]


def _languages(text: str) -> dict[str, str]:
    """The texts by language; none for what an older structure without languages has left."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


class Languages:
    """Merges ids of texts, for the components that have texts in languages."""

    def __init__(self, dictionaries: Mapping[str, Dictionary]) -> None:
        self.dictionaries = dictionaries

    def merge(self, component: str, before: Ids, asked: Ids) -> Ids:
        """What becomes of cells: the merged text where both are texts, else what is asked for, without its mark.

        ``asked`` has no untouched cells.
        """
        whole = (asked & WHOLE != 0) & (asked != DELETED)
        result = np.where(whole, asked & (WHOLE - 1), asked).astype(np.uint32)
        joint = ~whole & (before >= FIRST_ID) & (asked >= FIRST_ID) & (asked != DELETED) & (before != asked)
        if joint.any():
            pairs = before[joint].astype(np.uint64) << np.uint64(32) | asked[joint]
            distinct, which = np.unique(pairs, return_inverse=True)
            dictionary = self.dictionaries[component]
            made = [dictionary.merged(pair >> 32, pair & 0xFFFFFFFF) for pair in distinct.tolist()]
            result[joint] = np.array(made, np.uint32)[which]
        return result

    def follow(self, component: str, earlier: Ids, later: Ids) -> Ids:
        """One operation that does to a cell what two do one after the other; both touch it."""
        result = self.merge(component, _known(earlier), later)
        real = (result >= FIRST_ID) & (result != DELETED)
        # what comes after a delete, a missing mark or a whole text is whole itself
        ended = (earlier == DELETED) | (earlier < FIRST_ID) | (earlier & WHOLE != 0) | (later & WHOLE != 0)
        result[real & ended] |= np.uint32(WHOLE)
        return result


def _known(ids: Ids) -> Ids:
    """Ids without marks; a delete leaves nothing."""
    return np.where(ids == DELETED, 0, ids & (WHOLE - 1)).astype(np.uint32)
