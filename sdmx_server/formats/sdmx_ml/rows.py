"""The kinds of rows that tables are made of: attributes, texts, nested shapes; ``rows_reference`` has references."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from typing_extensions import override

from ...model.common import Identity, Value
from .engine import Element, Reading, Row, Shape, Table, Values, Writing, sub
from .versions import ALL, V21, XML_LANG, qualified

DEFAULT_LANGUAGE = "en"
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """The text with what XML 1.0 cannot hold (control characters) replaced by U+FFFD."""
    return text if text.isprintable() else _FORBIDDEN.sub("\ufffd", text)  # most are, and that is told sooner


class Scalar(NamedTuple):
    """How a plain value is read from and written to text."""

    parse: Callable[[str], Any]
    show: Callable[[Any], str]


TEXT = Scalar(str, clean)
FLAG = Scalar(lambda text: text.strip() in ("true", "1"), lambda value: "true" if value else "false")
NUMBER = Scalar(lambda text: int(text.strip()), str)
OCCURS = Scalar(lambda text: text.strip() if text.strip() == "unbounded" else int(text.strip()), str)
BOOLEAN_OR_WORD = Scalar(lambda text: {"1": "true", "0": "false"}.get(text.strip(), text.strip()), str)


def word(true: str, false: str) -> Scalar:
    """A flag that is written as one of two words."""
    return Scalar(lambda text: text.strip() == true, lambda value: true if value else false)


class Attribute(Row):
    """A field in an XML attribute; not written when it is None or ``skip``."""

    def __init__(
        self, field: str, xml: str, scalar: Scalar = TEXT, skip: Any = None, versions: frozenset[str] = ALL
    ) -> None:
        super().__init__(field, "@" + xml, versions)
        self.name = XML_LANG if xml == "xml:lang" else xml
        self.xml = "@" + self.name
        self.scalar = scalar
        self.skip = skip

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        text = element.get(self.name)
        if text is not None:
            values[self.field] = self.scalar.parse(text)

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        value = getattr(holder, self.field)
        if value is not None and value != self.skip:
            parent.set(self.name, self.scalar.show(value))


class Known(Row):
    """Something that is known and carries nothing of its own: a fixed id, say."""

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        return

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        return


class Facets(Row):
    """All attributes but ``textType``, as they are written."""

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        values[self.field] = {str(name): str(text) for name, text in element.attrib.items() if name != "textType"}

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        for name, text in getattr(holder, self.field).items():
            parent.set(name, clean(text))


class Content(Row):
    """The text of the element itself; ``exact`` keeps white space around it."""

    def __init__(self, field: str, exact: bool = False) -> None:
        super().__init__(field, ".")
        self.exact = exact

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        text = element.text or ""
        values[self.field] = text if self.exact else text.strip()

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        parent.text = clean(getattr(holder, self.field))


class Text(Row):
    """A child element with a plain value; ``many`` makes a tuple."""

    def __init__(
        self, field: str, xml: str, scalar: Scalar = TEXT, many: bool = False, versions: frozenset[str] = ALL
    ) -> None:
        super().__init__(field, xml, versions)
        self.scalar = scalar
        self.many = many

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        value = self.scalar.parse(element.text or "")
        if self.many:
            values.setdefault(self.field, []).append(value)
        else:
            values[self.field] = value

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        value = getattr(holder, self.field)
        for one in value if self.many else () if value is None else (value,):
            sub(parent, self.xml, to).text = self.scalar.show(one)


class Texts(Row):
    """A text in languages: one child element for each."""

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        texts = values.setdefault(self.field, {})
        tag, text = element.get(XML_LANG, DEFAULT_LANGUAGE), element.text or ""
        if texts.setdefault(tag, text) != text:
            to.add("xml.language", element, tag)

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        for tag, text in to.choose(getattr(holder, self.field)).items():
            node = sub(parent, self.xml, to)
            node.set(XML_LANG, tag)
            node.text = clean(text)


class Child(Row):
    """A nested shape; ``many`` makes a tuple; ``xml`` may name a wrapper: ``com:Annotations/com:Annotation``."""

    def __init__(self, field: str, xml: str, shape: Shape, many: bool = False, versions: frozenset[str] = ALL) -> None:
        super().__init__(field, xml, versions)
        self.shape = shape
        self.many = many
        self.wrapper, _, inner = xml.rpartition("/")
        self.inner = inner

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        for one in element if self.wrapper else (element,):
            value = self.shape.read(one, to)
            if self.many:
                values.setdefault(self.field, []).append(value)
            else:
                values[self.field] = value

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        value = getattr(holder, self.field)
        chosen = value if self.many else () if value is None else (value,)
        if chosen and self.wrapper:
            parent = sub(parent, self.wrapper, to)
        for one in chosen:
            self.shape.write(one, sub(parent, self.inner, to), to)


class OneOf(Row):
    """Nested shapes of several names in one order; ``pick`` says by which name a value is written."""

    def __init__(
        self, field: str, shapes: Mapping[str, Shape], pick: Callable[[Any], str], versions: frozenset[str] = ALL
    ) -> None:
        super().__init__(field, next(iter(shapes)), versions)
        self.shapes = dict(shapes)
        self.pick = pick

    @property
    @override
    def elements(self) -> tuple[str, ...]:
        return tuple(self.shapes)

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        shape = next(shape for name, shape in self.shapes.items() if qualified(to.version, name) == element.tag)
        values.setdefault(self.field, []).append(shape.read(element, to))

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        for one in getattr(holder, self.field):
            name = self.pick(one)
            self.shapes[name].write(one, sub(parent, name, to), to)


class Inline(Row):
    """An element whose content belongs to the same object; a component list when ``descriptor`` is its fixed id.

    The annotations, links and address of a component list go to ``descriptors`` under that id. ``package`` is that of
    its URN; None when it has none.
    """

    def __init__(
        self,
        xml: str,
        *rows: Row,
        descriptor: str | None = None,
        package: str | None = "datastructure",
        identity: tuple[Row, ...] = (),
        versions: frozenset[str] = ALL,
    ) -> None:
        super().__init__("", xml, versions)
        self.package = package
        self.table = Table(*rows)
        self.identity = Table(*identity)
        self.whole = Table(*identity, *rows)
        self.descriptor = descriptor

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        inner: Values = {}
        self.whole.fill(element, inner, to)
        own = {name: inner.pop(name) for name in ("annotations", "links", "uri") if name in inner}
        if own and self.descriptor is not None:
            held: Values = {name: tuple(value) if isinstance(value, list) else value for name, value in own.items()}
            values.setdefault("descriptors", {})[self.descriptor] = Identity(**held)
        for name, value in inner.items():
            if name == "descriptors":
                values.setdefault(name, {}).update(value)
            else:
                values[name] = value

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        node = sub(parent, self.xml, to)
        if self.descriptor is not None:
            identity = getattr(holder, "descriptors").get(self.descriptor)  # noqa: B009 - only structures have them
            node.set("id", self.descriptor)
            if self.package is not None:
                node.set("urn", f"{to.urn(f'{self.package}.{self.descriptor}')}.{self.descriptor}")
            if identity is not None:
                self.identity.put(identity, node, to)
        own = len(node)
        self.table.put(holder, node, to)
        if len(node) == own:
            parent.remove(node)


ONLY_21 = frozenset({V21})
