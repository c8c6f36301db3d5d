"""``Comp`` elements of SDMX-ML 3.x: several values, texts in languages, and XHTML (``CompType``)."""

from __future__ import annotations

from collections.abc import Callable
from xml.sax.saxutils import escape, quoteattr

from sdmx_server.batches import canonical
from sdmx_server.formats.values import missing_text
from sdmx_server.model.resolved import ResolvedComponent

from .columns import MISSING, READY
from .stream import Attributes, File, local

_XML = "http://www.w3.org/XML/1998/namespace"
_LANGUAGE = f"{_XML} lang"
_ENGLISH = "en"
_XHTML = "http://www.w3.org/1999/xhtml"
_PLACES = (["Value"], ["Value", "Text"], ["Value", "StructuredText"])
_TEXTS = ("Text", "StructuredText")


class Markup:
    """The content of a ``StructuredText`` as text: elements of XHTML by their local names, others with their namespace.

    An element without content is written as one tag.
    """

    def __init__(self) -> None:
        self._open: list[str] = []
        self._begun = False
        self._parts: list[str] = []

    @property
    def depth(self) -> int:
        """How many elements are open."""
        return len(self._open)

    @property
    def whole(self) -> str:
        """The text so far."""
        return "".join(self._parts)

    def start(self, name: str, attributes: Attributes) -> None:
        """A start tag."""
        space, _, plain = name.rpartition(" ")
        declared = "" if space == _XHTML else f" xmlns={quoteattr(space)}"
        given = "".join(f" {_attribute(key)}={quoteattr(text)}" for key, text in attributes.items())
        self._add(f"<{plain}{declared}{given}")
        self._open.append(plain)
        self._begun = True

    def text(self, text: str) -> None:
        """Characters between tags."""
        self._add(escape(text))

    def end(self) -> None:
        """An end tag."""
        name = self._open.pop()
        self._parts.append("/>" if self._begun else f"</{name}>")
        self._begun = False

    def _add(self, part: str) -> None:
        self._parts += (">", part) if self._begun else (part,)
        self._begun = False


def language_of(attributes: Attributes) -> str:
    """The language of a text: English where none is said."""
    return attributes.get(_LANGUAGE, _ENGLISH)


def _attribute(name: str) -> str:
    """The name of an attribute of XHTML; those of XML itself keep their prefix."""
    return f"xml:{local(name)}" if name.startswith(_XML) else local(name)


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
        self._markup: Markup | None = None
        self.held = 0

    @property
    def depth(self) -> int:
        """How many elements are open within it."""
        return len(self._path) + (self._markup.depth if self._markup else 0)

    def start(self, name: str, attributes: Attributes) -> None:
        """A start tag within the element."""
        if self._markup is not None:
            self._markup.start(name, attributes)
            return
        self._path.append(local(name))
        structured = self._path[-1] == "StructuredText"
        if self._path not in _PLACES or (structured and not (self._component and self._component.structured)):
            raise self._file.stop("xml-element", value=self._path[-1])
        self._parts.clear()
        self._markup = Markup() if structured else None
        self._language = language_of(attributes)
        self._file.parser.CharacterDataHandler = self._characters

    def end(self, _name: str) -> None:
        """An end tag, that of the element itself included."""
        if not self._path:
            self._store()
            self._done()
            return
        if self._markup is not None and self._markup.depth:
            self._markup.end()
            return
        text = "".join(self._parts) if self._markup is None else self._markup.whole
        self._markup = None
        if self._path.pop() in _TEXTS:
            if self._language in self._texts:
                raise self._file.stop("xml-twice", column=self._name, value=self._language)
            self._texts[self._language] = text
        else:
            self._values.append(self._texts or text)
            self._texts = {}
            self._file.parser.CharacterDataHandler = None
        self._parts.clear()

    def _characters(self, text: str) -> None:
        self.held += len(text)
        if self._markup is not None:
            self._markup.text(text)
        else:
            self._parts.append(text)

    def _store(self) -> None:
        store(self._file, self._name, self._component, self._values, self._cells)


def store(
    file: File,
    name: str,
    component: ResolvedComponent | None,
    values: list[str | dict[str, str]],
    cells: Attributes,
) -> None:
    """Put the values of a component, texts or texts by language, into the cells of what they stand in.

    Findings: xml-twice, xml-values; they end the reading. A component that is unknown (None) is told about when the
    columns are built.
    """
    if name in cells or READY + name in cells:
        raise file.stop("xml-twice", value=name)
    if component is None:
        cells[name] = ""
    elif (value := _canonical(file, name, component, values)) is not None:
        cells[READY + name] = value


def _canonical(file: File, name: str, component: ResolvedComponent, given: list[str | dict[str, str]]) -> str | None:
    international, many = component.multilingual, component.multi_valued
    values = [_in_form(file, name, value, international) for value in given]
    if not values:
        return None
    mark = missing_text(component)
    if values in ([mark], [{_ENGLISH: mark}]):
        return MISSING
    if many:
        return canonical(values)
    if len(values) > 1:
        raise file.stop("xml-values", column=name, value=str(values[1]), found=len(values))
    return canonical(values[0]) if international else str(values[0])


def _in_form(file: File, name: str, value: str | dict[str, str], international: bool) -> str | dict[str, str]:
    if international:
        return value if isinstance(value, dict) else {_ENGLISH: value}
    if isinstance(value, str):
        return value
    if len(value) > 1:
        raise file.stop("xml-values", column=name, value=", ".join(value), found=len(value))
    return next(iter(value.values()))
