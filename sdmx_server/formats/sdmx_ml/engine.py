"""The engine: walks tables that say which XML element or attribute carries which field of the model.

A ``Shape`` belongs to one class of the model and holds ``Row``s; a row names a field, the XML name that carries it
(``@id``, ``com:Name``; ``.`` is the element's own text) and the versions that have it. Rows stand in the order that the
schemas want. Reading and writing walk the same rows; what no row knows is a finding, never skipped.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from lxml import etree

from ...errors import Problem, Refused
from ...model.common import Maintainable, Value
from ..texts import best_language
from .problems import line_of, place, problem
from .versions import ALL, XSI, qualified

MAX_DEPTH = 64
"""Levels of nested parts that are read: categories within categories, mostly."""

Element = etree._Element
Values = dict[str, Any]

_SILENT = frozenset({"urn"})  # computed from the parts, which are all read


class Reading:
    """State of reading one message: its version, the file's name, and the findings so far."""

    def __init__(self, version: str, name: str | None) -> None:
        self.version = version
        self.name = name
        self.problems: list[Problem] = []
        self._depth = 0

    @contextmanager
    def deeper(self, element: Element) -> Iterator[None]:
        """One level further down; raises ``Refused`` below ``MAX_DEPTH`` levels."""
        if self._depth >= MAX_DEPTH:
            self.add("xml.depth", element, reason=f"more than {MAX_DEPTH} levels")
            raise Refused(self.problems)
        self._depth += 1
        yield
        self._depth -= 1

    def add(self, code: str, element: Element, value: str | None = None, **more: Any) -> None:
        """Note a finding about the element."""
        found = problem(code, self.name, row=line_of(element), path=place(element), value=value, **more)
        self.problems.append(found)


class Writing:
    """State of writing: version, wanted languages, and where the URNs of nested artefacts begin."""

    def __init__(self, version: str, languages: Sequence[str] = ()) -> None:
        self.version = version
        self.languages = tuple(languages)
        self.base = ""
        self.items: list[str] = []
        self.left_out = False  # whether a text in another language was left out

    def choose(self, texts: Mapping[str, str]) -> Mapping[str, str]:
        """The texts to write: all, or the best one when languages are wanted."""
        if not self.languages or len(texts) < 2:
            return texts
        tag = best_language(texts, self.languages)
        self.left_out = True
        return {} if tag is None else {tag: texts[tag]}

    def urn(self, cls: str) -> str:
        """The URN of what is being written; ``cls`` is ``package.Class``."""
        tail = "".join(f".{item}" for item in self.items)
        return f"urn:sdmx:org.sdmx.infomodel.{cls}={self.base}{tail}"


class Row(ABC):
    """One line of a table. ``xml`` is where the field stands; ``versions`` are those that have it there."""

    def __init__(self, field: str, xml: str, versions: frozenset[str] = ALL) -> None:
        self.field = field
        self.xml = xml
        self.versions = versions

    @property
    def elements(self) -> tuple[str, ...]:
        """The names of the children that the row reads."""
        return (self.xml.partition("/")[0],)

    @abstractmethod
    def read(self, element: Element, values: Values, to: Reading) -> None:
        """Put what ``element`` holds into ``values``; for an attribute ``element`` is its owner."""

    @abstractmethod
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        """Write the field of ``holder`` below ``parent``."""


class Plan:
    """The rows of one version, found by XML name."""

    def __init__(self, rows: Sequence[Row], version: str) -> None:
        self.ordered = [row for row in rows if version in row.versions]
        self.attributes = {row.xml[1:]: row for row in self.ordered if row.xml.startswith("@")}
        self.content = next((row for row in self.ordered if row.xml == "."), None)
        self.any_attribute = self.attributes.pop("*", None)
        self.children = {
            qualified(version, name): row for row in self.ordered if row.xml[0] not in "@." for name in row.elements
        }


class Table:
    """Rows with a plan for each version; rows may be added until the first use."""

    def __init__(self, *rows: Row) -> None:
        self.rows = rows
        self._plans: dict[str, Plan] = {}

    def plan(self, version: str) -> Plan:
        """The rows of that version."""
        if version not in self._plans:
            self._plans[version] = Plan(self.rows, version)
        return self._plans[version]

    def fill(self, element: Element, values: Values, to: Reading) -> None:
        """Read the attributes and children of ``element``; an unknown one is a finding."""
        plan = self.plan(to.version)
        if plan.any_attribute is not None:
            plan.any_attribute.read(element, values, to)
        for name in element.attrib:
            row = plan.attributes.get(str(name))
            if row is not None:
                row.read(element, values, to)
            elif plan.any_attribute is None and name not in _SILENT and not str(name).startswith(XSI):
                to.add("xml.unsupported", element, "@" + str(name))
        if plan.content is not None:
            plan.content.read(element, values, to)
            return
        for child in element:
            row = plan.children.get(child.tag)
            if row is None:
                to.add("xml.unsupported", child, etree.QName(child).localname)
            else:
                row.read(child, values, to)

    def put(self, holder: Value, node: Element, to: Writing) -> None:
        """Write all fields of ``holder`` into ``node``."""
        for row in self.plan(to.version).ordered:
            row.write(holder, node, to)


Finish = Callable[[Element, Values, Reading], None]


class Shape:
    """How a class of the model looks in XML; ``model`` makes it of its fields.

    ``fixed`` are fields that the element's name implies, ``urn`` the ``package.Class`` of its URN, ``finish`` completes
    what was read (an id taken from the concept).
    """

    def __init__(
        self,
        model: Callable[..., Value],
        *rows: Row,
        urn: str | None = None,
        fixed: Mapping[str, Any] | None = None,
        finish: Finish | None = None,
    ) -> None:
        self.model = model
        self.table = Table(*rows)
        self.urn = urn
        self.fixed = dict(fixed or {})
        self.finish = finish

    def read(self, element: Element, to: Reading) -> Any:
        """The model value that ``element`` holds. Raises ``Refused`` when a required part is missing."""
        values: Values = dict(self.fixed)
        with to.deeper(element):
            self.table.fill(element, values, to)
        if self.finish is not None:
            self.finish(element, values, to)
        whole = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
        try:
            return self.model(**whole)
        except TypeError as error:
            to.add("xml.incomplete", element, reason=str(error))
            raise Refused(to.problems) from None

    def write(self, value: Value, node: Element, to: Writing) -> None:
        """Write ``value`` into ``node``, with its URN where it has one."""
        own = getattr(value, "id", None)  # some parts may have none, and then no URN
        nested = own is not None and self.urn is not None and not isinstance(value, Maintainable)
        if isinstance(value, Maintainable):
            to.base, to.items = f"{value.agency}:{value.id}({value.version})", []
        elif nested:
            to.items.append(str(own))
        if self.urn is not None and own is not None:
            node.set("urn", to.urn(self.urn))
        self.table.put(value, node, to)
        if nested:
            to.items.pop()


def sub(parent: Element, name: str, to: Writing) -> Element:
    """A new last child of ``parent``; ``name`` has a prefix of the tables."""
    return etree.SubElement(parent, qualified(to.version, name))
