"""Sub-fields: the values that share one cell of an SDMX-CSV metadata message (field guide of metadata messages).

Values of one cell are separated by the character that the first column's head names in brackets. One that holds this
character, a quotation mark or a line break, and every set of texts in languages, is enclosed in quotation marks, those
within it doubled, as the cells of a CSV file are. A text in a language begins with its tag and a colon.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

SEPARATOR = ";"
"""What we write; others may use another character."""

_LANGUAGE = re.compile(r"\s*([A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*):")


def quoted(text: str) -> str:
    """The text in quotation marks."""
    return '"' + text.replace('"', '""') + '"'


def joined(parts: Iterable[str], separator: str = SEPARATOR) -> str:
    """The parts as sub-fields of one cell."""
    return separator.join(part if _plain(part, separator) else quoted(part) for part in parts)


def _plain(part: str, separator: str) -> bool:
    return not any(character in part for character in (separator, '"', "\n", "\r"))


def split(cell: str, separator: str) -> list[str]:
    """The sub-fields of a cell, without the quotation marks around them; raises ``ValueError`` for wrong ones."""
    parts: list[str] = []
    place = 0
    while True:
        if cell[place : place + 1] == '"':
            text, place = _unquoted(cell, place)
            if cell[place : place + 1] not in ("", separator):
                raise ValueError("something stands between a closing quotation mark and the separator")
        else:
            end = cell.find(separator, place)
            end = len(cell) if end < 0 else end
            text, place = cell[place:end], end
        parts.append(text)
        if place >= len(cell):
            return parts
        place += 1


def _unquoted(cell: str, place: int) -> tuple[str, int]:
    """The quoted text that begins at a place, and where it ends."""
    parts = []
    place += 1
    while True:
        end = cell.find('"', place)
        if end < 0:
            raise ValueError("a quotation mark is not closed")
        parts.append(cell[place:end])
        if cell[end + 1 : end + 2] != '"':
            return "".join(parts), end + 1
        parts.append('"')
        place = end + 2


def in_languages(texts: Mapping[str, str], separator: str = SEPARATOR) -> str:
    """Texts by language as one sub-field: ``en:Value;fr:Valeur``."""
    items = (
        f"{tag}:{text if _plain(text, separator) and not _LANGUAGE.match(text) else quoted(text)}"
        for tag, text in texts.items()
    )
    return separator.join(items)


def by_language(field: str, separator: str) -> dict[str, str]:
    """The texts of such a sub-field.

    A text that is not quoted goes on to the next separator with a language behind it. Raises ``ValueError`` where a
    text has no language.
    """
    texts: dict[str, str] = {}
    place = 0
    while place < len(field):
        found = _LANGUAGE.match(field, place)
        if found is None:
            raise ValueError(f"a text without its language: {field[place : place + 40]}")
        place = found.end()
        if field[place : place + 1] == '"':
            text, place = _unquoted(field, place)
            if field[place : place + 1] not in ("", separator):
                raise ValueError("something stands between a closing quotation mark and the separator")
        else:
            end = _next_language(field, place, separator)
            text, place = field[place:end], end
        if texts.setdefault(found[1], text) != text:
            raise ValueError(f"two texts in the language {found[1]}")
        place += 1
    return texts


def _next_language(field: str, place: int, separator: str) -> int:
    """Where the separator stands that a language follows; the end when there is none."""
    end = place
    while (end := field.find(separator, end)) >= 0:
        if _LANGUAGE.match(field, end + 1):
            return end
        end += 1
    return len(field)
