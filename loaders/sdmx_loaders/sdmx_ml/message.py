"""A message: which kind it is, its header, and its data sets one after the other."""

from __future__ import annotations

import re

from sdmx_server.loading.api import Source

from ..naming import expected, fits
from .columns import Columns
from .content import Content, Generic, StructureSpecific
from .header import Header, Organisation
from .rows import Rows
from .stream import Attributes, File, Stop, listen, local

_NAMESPACE = re.compile(r"http://www\.sdmx\.org/resources/sdmxml/schemas/v(\d+)_(\d+)/message", re.IGNORECASE)
_VERSIONS = ("2.1", "3.0", "3.1")
_FORMS: dict[str, type[Content]] = {
    "GenericData": Generic,
    "GenericTimeSeriesData": Generic,
    "StructureSpecificData": StructureSpecific,
    "StructureSpecificTimeSeriesData": StructureSpecific,
}
_ACTIONS = {"Append": "M", "Information": "M", "Merge": "M", "Update": "M", "Replace": "R", "Delete": "D"}
_OF_SET = frozenset(
    (
        *("structureRef", "setID", "action", "dataScope", "publicationYear", "publicationPeriod"),
        *("reportingBeginDate", "reportingEndDate", "validFromDate", "validToDate"),
    )
)
"""XML attributes of a data set that are no components (``SetAttributeGroup``)."""


class Message:
    """Reads a message into ``rows``; without a source just its header.

    Findings, which end the reading: xml-not-sdmx, xml-version, xml-message-kind, xml-error-message,
    xml-structure-missing, structure-wrong, xml-action, and those of the parts.
    """

    def __init__(self, file: File, source: Source | None) -> None:
        self._file, self._source = file, source
        self._open = 0
        self._content: Content | None = None
        self._inside: Header | Content | _ErrorMessage | None = None
        self.header = Header(file, self._end_header)
        self.rows: Rows | None = None

    @property
    def depth(self) -> int:
        """How many elements are open."""
        return self._open + (self._inside.depth if self._inside else 0)

    @property
    def held(self) -> int:
        """Characters kept of a text that is being read."""
        return self._inside.held if self._inside else 0

    @property
    def content(self) -> Content | None:
        """What reads the data set that is open."""
        return self._content if self._inside is self._content else None

    @property
    def reading(self) -> bool:
        """Whether the last row is still being read."""
        return self._content is not None and self._inside is self._content and self._content.reading

    def start(self, name: str, attributes: Attributes) -> None:
        """A start tag of the message itself, or of what is passed over (a footer)."""
        self._open += 1
        if self._open == 1:
            self._begin(name)
        elif self._open == 2 and local(name) == "Header":
            self._inside = self.header
            listen(self._file.parser, self.header)
        elif self._open == 2 and local(name) == "DataSet":
            self._begin_data_set(attributes)

    def end(self, _name: str) -> None:
        """An end tag likewise."""
        self._open -= 1

    def _begin(self, name: str) -> None:
        """The root element says which message this is."""
        namespace = _NAMESPACE.fullmatch(name.rpartition(" ")[0])
        kind = local(name)
        if namespace is None:
            raise self._file.stop("xml-not-sdmx", value=kind)
        version = ".".join(namespace.groups())
        if version not in _VERSIONS:
            raise self._file.stop("xml-version", value=version)
        if kind == "Error":
            self._inside = _ErrorMessage(self._file)
            listen(self._file.parser, self._inside)
            return
        if kind not in _FORMS:
            raise self._file.stop("xml-message-kind", value=kind)
        if self._source is not None:
            columns = Columns(self._source, version)
            self.rows = Rows(self._source, columns)
            self._content = _FORMS[kind](self._file, self.rows, columns)

    def _end_header(self) -> None:
        if self._source is None:
            raise Stop
        self._outside()

    def _outside(self) -> None:
        """Listen to the message itself again."""
        self._inside = None
        self._open -= 1
        listen(self._file.parser, self)

    def _begin_data_set(self, attributes: Attributes) -> None:
        content, rows, source = self._content, self.rows, self._source
        if content is None or rows is None or source is None:  # a message without a header, of which no more is wanted
            raise Stop
        given = {local(name): text for name, text in attributes.items()}
        organisation = self._organisation(given.get("structureRef"))
        self._check(organisation, source)
        action = given.get("action") or self.header.action or "Merge"
        if action not in _ACTIONS:
            raise self._file.stop("xml-action", value=action)
        at = organisation.dimension_at_observation
        rows.kind(_ACTIONS[action], at if organisation.explicit_measures else None)
        components = {n: t for n, t in attributes.items() if " " not in n and n not in _OF_SET}
        content.open(components, at, self._outside)
        self._inside = content

    def _organisation(self, name: str | None) -> Organisation:
        """The ``Structure`` of the header that a data set refers to; the only one when it does not say."""
        known = self.header.organisations
        found = known.get(name or "")
        if found is None and len(known) == 1 and name is None:
            found = next(iter(known.values()))
        if found is None or found.reference is None:
            raise self._file.stop("xml-structure-missing", value=name or "")
        return found

    def _check(self, organisation: Organisation, source: Source) -> None:
        """Finding structure-wrong; a provision agreement is not held against anything, the components will tell."""
        named, schema = organisation.reference, source.structure
        if named is None or named.kind == "ProvisionAgreement":
            return
        artefact = schema.dataflow if named.kind == "Dataflow" else schema.structure
        if not fits(artefact, named.agency, named.id, named.version):
            value = f"{named.kind} {named.short}"
            raise self._file.stop("structure-wrong", row=organisation.line, value=value, expected=expected(schema))


class _ErrorMessage:
    """Reads an error message, which somebody has saved in place of data: the finding shows what it says."""

    def __init__(self, file: File) -> None:
        self._file = file
        self.depth = self.held = 0
        self._code = ""
        self._parts: list[str] = []
        file.parser.CharacterDataHandler = self._characters

    def start(self, name: str, attributes: Attributes) -> None:
        """A start tag."""
        self.depth += 1
        self._parts.clear()
        if local(name) == "ErrorMessage":
            self._code = attributes.get("code", "")

    def end(self, name: str) -> None:
        """An end tag; that of the first text ends the reading. Finding: xml-error-message."""
        if local(name) == "Text" or not self.depth:
            raise self._file.stop("xml-error-message", value=f"{self._code}: {''.join(self._parts).strip()}")
        self.depth -= 1

    def _characters(self, text: str) -> None:
        self._parts.append(text)
        self.held += len(text)
