"""``Comp`` elements of SDMX-ML 3.x: several values, and texts in languages (``CompType``)."""

from __future__ import annotations

from collections.abc import Callable

from sdmx_server.batches import canonical
from sdmx_server.formats.values import missing_text
from sdmx_server.model.resolved import ResolvedComponent

from .columns import MISSING, READY
from .stream import Attributes, File, local

_LANGUAGE = "http://www.w3.org/XML/1998/namespace lang"
_ENGLISH = "en"


class Comp:
    """Reads one element and puts its value into the cells of what it stands in."""

    def __init__(
        self, file: File, name: str, component: ResolvedComponent | None, cells: Attributes, done: Callable[[], None]
    ) -> None:
        self._file, self._name, self._component, self._cells = file, name, component, cells
        self._done = done
        self._path: list[str] = []
        self._values: list[str | dict[str, str]] = []
        self._texts: dict[str, str] = {}
        self._language = _ENGLISH
        self._parts: list[str] = []
        self.held = 0

    @property
    def depth(self) -> int:
        """How many elements are open within it."""
        return len(self._path)

    def start(self, name: str, attributes: Attributes) -> None:
        """A start tag within the element."""
        self._path.append(local(name))
        if self._path not in (["Value"], ["Value", "Text"]):
            raise self._file.stop("xml-element", value=self._path[-1])
        self._parts.clear()
        self._language = attributes.get(_LANGUAGE, _ENGLISH)
        self._file.parser.CharacterDataHandler = self._characters

    def end(self, _name: str) -> None:
        """An end tag, that of the element itself included."""
        if not self._path:
            self._store()
            self._done()
            return
        text = "".join(self._parts)
        if self._path.pop() == "Text":
            if self._language in self._texts:
                raise self._file.stop("xml-twice", column=self._name, value=self._language)
            self._texts[self._language] = text
        else:
            self._values.append(self._texts or text)
            self._texts = {}
            self._file.parser.CharacterDataHandler = None
        self._parts.clear()

    def _characters(self, text: str) -> None:
        self._parts.append(text)
        self.held += len(text)

    def _store(self) -> None:
        if self._name in self._cells or READY + self._name in self._cells:
            raise self._file.stop("xml-twice", value=self._name)
        component = self._component
        if component is None:  # told about when the columns are built
            self._cells[self._name] = ""
        elif (value := self._canonical(component)) is not None:
            self._cells[READY + self._name] = value

    def _canonical(self, component: ResolvedComponent) -> str | None:
        international, many = component.multilingual, component.multi_valued
        values = [self._in_form(v, international) for v in self._values]
        if not values:
            return None
        mark = missing_text(component)
        if values in ([mark], [{_ENGLISH: mark}]):
            return MISSING
        if many:
            return canonical(values)
        if len(values) > 1:
            raise self._file.stop("xml-values", column=self._name, value=str(values[1]), found=len(values))
        return canonical(values[0]) if international else str(values[0])

    def _in_form(self, value: str | dict[str, str], international: bool) -> str | dict[str, str]:
        if international:
            return value if isinstance(value, dict) else {_ENGLISH: value}
        if isinstance(value, str):
            return value
        if len(value) > 1:
            raise self._file.stop("xml-values", column=self._name, value=", ".join(value), found=len(value))
        return next(iter(value.values()))
