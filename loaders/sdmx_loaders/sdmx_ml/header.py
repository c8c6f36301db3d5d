"""The header of a data message: what structures its data sets follow, and what is to be done with them."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from sdmx_server.model.reference import Reference, parse_urn

from .stream import Attributes, File, local

ALL_DIMENSIONS = "AllDimensions"
_REFERS = {
    "StructureUsage": "Dataflow",
    "Structure": "DataStructure",
    "ProvisionAgreement": "ProvisionAgreement",
    "ProvisionAgrement": "ProvisionAgreement",  # so spelt in the 2.1 schema
}


class Organisation(msgspec.Struct, kw_only=True):
    """A ``Structure`` of the header: what the data follow, and how they are laid out."""

    line: int
    reference: Reference | None = None
    dimension_at_observation: str = "TIME_PERIOD"
    explicit_measures: bool = False


class Header:
    """Reads the header. ``depth`` counts the elements that are open in it, itself included."""

    def __init__(self, file: File, done: Callable[[], None]) -> None:
        self.file = file
        self.organisations: dict[str, Organisation] = {}
        self.action: str | None = None
        self.held = 0
        self._done = done
        self._path: list[str] = ["Header"]
        self._text: list[str] = []
        self._open: Organisation | None = None
        file.parser.CharacterDataHandler = self._characters

    @property
    def depth(self) -> int:
        """How many elements are open."""
        return len(self._path)

    def start(self, name: str, attributes: Attributes) -> None:
        """A start tag within the header."""
        self._path.append(local(name))
        self._text.clear()
        self.held = 0
        if self._path[1:] == ["Structure"]:
            self._open = Organisation(
                line=self.file.parser.CurrentLineNumber,
                dimension_at_observation=attributes.get("dimensionAtObservation", "TIME_PERIOD"),
                explicit_measures=attributes.get("explicitMeasures", "false").strip() in ("true", "1"),
            )
            self.organisations[attributes.get("structureID", "")] = self._open
        elif self._path[1:2] == ["Structure"] and self._path[3:] == ["Ref"] and self._open is not None:
            kind = _REFERS.get(self._path[2])
            agency, own = attributes.get("agencyID"), attributes.get("id")
            if kind and agency and own:
                version = attributes.get("version", "1.0")
                self._open.reference = Reference(kind=kind, agency=agency, id=own, version=version)

    def end(self, _name: str) -> None:
        """An end tag within the header."""
        path, text = self._path[1:], "".join(self._text).strip()
        self._text.clear()
        self.held = 0
        if path == ["DataSetAction"]:
            self.action = text
        elif path[:1] == ["Structure"] and self._open is not None and text.startswith("urn:"):
            try:
                self._open.reference = parse_urn(text)
            except ValueError as error:
                raise self.file.stop("xml-reference", value=text, reason=str(error)) from None
        self._path.pop()
        if not self._path:
            self.file.parser.CharacterDataHandler = None
            self._done()

    def _characters(self, text: str) -> None:
        self._text.append(text)
        self.held += len(text)
