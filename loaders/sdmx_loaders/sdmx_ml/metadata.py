"""``Metadata`` elements within data of SDMX-ML 3.x: metadata attributes of what they stand in.

From 3.1 on they hold the values of metadata attributes (``MetadataType``), which are the same as in ``Comp`` elements.
In 3.0 they are whole metadata sets with a metadataflow and targets of their own (``MetadataSetType``), which are no
data.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from .columns import Columns
from .comp import Markup, language_of, store
from .stream import Attributes, File, local

_ATTRIBUTE, _ANNOTATIONS = "Attribute", "Annotations"
_TEXTS = ("Value", "Text", "StructuredText")


class _Reported(msgspec.Struct):
    """An ``Attribute`` that is open: its id, its value or texts so far, and the ids of those within it."""

    id: str
    value: str | None = None
    texts: dict[str, str] = {}
    within: set[str] = set()


class Metadata:
    """Reads one element and puts its values into the cells of what it stands in.

    Nested metadata attributes stand alone, by their ids (decision 9). Findings, which end the reading:
    xml-metadata-set, xml-element, xml-incomplete, xml-twice, xml-values.
    """

    def __init__(
        self, file: File, columns: Columns, cells: Attributes, done: Callable[[], None], *, deleting: bool
    ) -> None:
        self._file, self._columns, self._cells, self._done = file, columns, cells, done
        self._deleting = deleting
        self._open: list[_Reported] = []
        self._values: dict[str, list[str | dict[str, str]]] = {}
        self._parents: set[str] = set()
        self._passed = 0
        self._text = ""
        self._language = ""
        self._parts: list[str] = []
        self._markup: Markup | None = None
        self.held = 0

    @property
    def depth(self) -> int:
        """How many elements are open within it."""
        return len(self._open) + self._passed + bool(self._text) + (self._markup.depth if self._markup else 0)

    def start(self, name: str, attributes: Attributes) -> None:
        """A start tag within the element."""
        plain = local(name)
        if self._markup is not None:
            self._markup.start(name, attributes)
        elif self._passed or plain == _ANNOTATIONS:
            self._passed += 1
        elif self._text:
            raise self._file.stop("xml-element", value=plain)
        elif plain == _ATTRIBUTE:
            self._begin(attributes)
        elif not self._open:
            raise self._file.stop("xml-metadata-set", value=plain)
        elif plain in _TEXTS:
            self._begin_text(plain, attributes)
        else:
            raise self._file.stop("xml-element", value=plain)

    def end(self, _name: str) -> None:
        """An end tag, that of the element itself included."""
        if self._passed:
            self._passed -= 1
        elif self._markup is not None and self._markup.depth:
            self._markup.end()
        elif self._text:
            self._end_text()
        elif self._open:
            self._end_attribute(self._open.pop())
        else:
            for name, values in self._values.items():
                self._store(name, values)
            self._done()

    def _begin(self, attributes: Attributes) -> None:
        name = attributes.get("id")
        if not name:
            raise self._file.stop("xml-incomplete", value=_ATTRIBUTE)
        if self._open:
            self._open[-1].within.add(name)
        self._open.append(_Reported(name, None, {}, set()))

    def _begin_text(self, kind: str, attributes: Attributes) -> None:
        reported = self._open[-1]
        component = self._columns.component(reported.id)
        structured = kind == "StructuredText"
        if structured and component is not None and not component.structured:
            raise self._file.stop("xml-element", value=kind)
        self._text, self._language = kind, "" if kind == "Value" else language_of(attributes)
        if reported.value is not None or self._language in reported.texts or (reported.texts and not self._language):
            raise self._file.stop("xml-twice", column=reported.id, value=self._language or kind)
        self._parts.clear()
        self._markup = Markup() if structured else None
        self._file.parser.CharacterDataHandler = self._characters

    def _end_text(self) -> None:
        text = "".join(self._parts) if self._markup is None else self._markup.whole
        reported, self._markup, self._text = self._open[-1], None, ""
        self._file.parser.CharacterDataHandler = None
        if self._language:
            reported.texts[self._language] = text
        else:
            reported.value = text

    def _end_attribute(self, reported: _Reported) -> None:
        """A parent occurs once: of what several of them hold it could not be told which belongs together."""
        if reported.within:
            if reported.id in self._parents:
                raise self._file.stop("xml-twice", value=reported.id)
            self._parents.add(reported.id)
        if reported.texts or reported.value is not None:
            self._values.setdefault(reported.id, []).append(reported.texts or reported.value or "")
        elif not reported.within and self._deleting:
            self._values.setdefault(reported.id, [])

    def _store(self, name: str, values: list[str | dict[str, str]]) -> None:
        store(self._file, name, self._columns.component(name), values, self._cells)
        if not values:
            self._cells[name] = ""  # names what is to be deleted

    def _characters(self, text: str) -> None:
        self.held += len(text)
        if self._markup is not None:
            self._markup.text(text)
        else:
            self._parts.append(text)
