"""References between artefacts: the parsed parts of an SDMX URN (information model, annex "URN")."""

from __future__ import annotations

import re

from ..errors import Malformed
from .common import Maintainable, Value
from .kinds import BY_NAME, PARTS, kind_of_class

_URN = re.compile(
    r"urn:sdmx:org\.sdmx\.infomodel\.(?P<package>[a-z]+)\.(?P<cls>[A-Za-z]+)="
    r"(?P<agency>[^:()]+):(?P<id>[^()]+)\((?P<version>[^()]*)\)(?:\.(?P<item>.+))?"
)


class Reference(Value, frozen=True, kw_only=True, order=True):
    """A reference to a maintainable artefact, or to an item of it.

    ``kind`` is the maintainable class (``Codelist`` also when a ``Code`` is meant; the item is then in ``item``, nested
    items by their dotted path). ``version`` is kept as written and may hold a wildcard (``1.0+.0``, ``*``, ``~``).
    ``part`` is the class of a part that is no item of a scheme (``Dimension``), or of an item that may be of several
    classes (``VtlCodelistMapping``), None for anything else.
    """

    kind: str
    agency: str
    id: str
    version: str = "1.0"
    item: str | None = None
    part: str | None = None

    @property
    def urn(self) -> str:
        """The URN, e.g. ``urn:sdmx:org.sdmx.infomodel.codelist.Code=SCI:CL_SEX(1.0.0).F``."""
        kind = BY_NAME[self.kind]
        cls = self.part or (kind.item if self.item is not None and kind.item else kind.name)
        tail = f".{self.item}" if self.item is not None else ""
        return f"urn:sdmx:org.sdmx.infomodel.{kind.package}.{cls}={self.short}{tail}"

    @property
    def short(self) -> str:
        """``AGENCY:ID(VERSION)``."""
        return f"{self.agency}:{self.id}({self.version})"

    @property
    def maintainable(self) -> Reference:
        """The same reference without its item."""
        return (
            self
            if self.item is None and self.part is None
            else Reference(kind=self.kind, agency=self.agency, id=self.id, version=self.version)
        )


def parse_urn(urn: str) -> Reference:
    """Parse a URN of any maintainable or item class; raises ``ValueError`` naming the URN when it is not one."""
    found = _URN.fullmatch(urn.strip())
    if found is None:
        raise Malformed("urn-wrong", urn=urn)
    kind = kind_of_class(found["cls"], found["item"] is not None, found["package"])
    if kind is None:
        raise Malformed("urn-class", name=found["cls"], urn=urn)
    return Reference(
        kind=kind.name,
        agency=found["agency"],
        id=found["id"],
        version=found["version"],
        item=found["item"],
        part=found["cls"] if found["cls"] in PARTS and found["cls"] != kind.name else None,
    )


_SHORT = re.compile(r"(?P<agency>[^:()]+):(?P<id>[^:()]+)\((?P<version>[^()]+)\)")


def parse_short(text: str, kind: str) -> Reference:
    """Parse ``AGENCY:ID(VERSION)``; raises ``ValueError`` naming the text."""
    found = _SHORT.fullmatch(text.strip())
    if found is None:
        raise Malformed("reference-form", text=text)
    return Reference(kind=kind, **found.groupdict())


def reference_to(artefact: Maintainable, item: str | None = None) -> Reference:
    """The reference of an artefact, or of one of its items."""
    return Reference(kind=artefact.kind, agency=artefact.agency, id=artefact.id, version=artefact.version, item=item)
