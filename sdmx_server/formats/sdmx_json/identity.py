# ruff: noqa: ARG002 # rows and codecs have one signature, of which each uses what it needs
"""Rows and codecs for what every artefact carries: links, annotations, moments, the list of children.

An artefact's URN is computed, never stored: a link ``self`` that only says the URN (and the ``uri`` of more
information) stands for these two, and is not a link of the model. Any other link is kept as it is.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from ...model.common import Annotation, AnnotationURL, Link
from ...model.kinds import BY_NAME, METADATA_SET
from ..gaps.changes_json import moment, names_artefact
from .engine import (
    ALL,
    BOTH,
    CONSTRAINT_CLASSES,
    EXTENSION,
    PLAIN,
    URN,
    V10,
    V20,
    V21,
    Codec,
    Field,
    Json,
    Place,
    Reading,
    Row,
    Table,
    Writing,
    many,
    texts,
)

_INFOMODEL = "urn:sdmx:org.sdmx.infomodel."


class _LinkUrn:
    """The URN of a link, in 1.0 any, later one of SDMX.

    The schema of 2.0 spells the class of value lists ``Valuelist``, and in 1.0 a data constraint is a
    ``ContentConstraint``.
    """

    _OURS, _THEIRS = _INFOMODEL + "codelist.ValueList=", _INFOMODEL + "codelist.Valuelist="

    def write(self, value: Any, to: Writing) -> Any:
        return self.spell(value, to) if to.version == V10 or names_artefact(value) else None

    def spell(self, value: str, to: Writing) -> str:
        """The URN of an artefact as the version spells its class."""
        if to.version == V10:
            return value.replace(*CONSTRAINT_CLASSES)
        return value.replace(self._OURS, self._THEIRS) if to.version == V20 else value

    def read(self, source: Any, place: Place, of: Reading) -> Any:
        if of.version == V10:
            return source.replace(*reversed(CONSTRAINT_CLASSES))
        return source.replace(self._THEIRS, self._OURS)


LINK_URN = _LinkUrn()


@dataclasses.dataclass(frozen=True)
class _Target:
    """The row of what a link names: its address, its URN or both.

    A URN that the version does not allow stands as the address where there is none, else in an extension (2.1).
    """

    versions: tuple[str, ...] = ALL
    keys: tuple[str, ...] = ("href", "urn", EXTENSION + "urn")

    def write(self, value: Link, out: Json, to: Writing) -> None:
        urn = None if value.urn is None else LINK_URN.write(value.urn, to)
        href = value.href if value.href is not None or urn is not None else value.urn
        other = value.urn if urn is None and value.href is not None and to.version == V21 else None
        said = {"href": href, "urn": urn, EXTENSION + "urn": other}
        out.update({key: held for key, held in said.items() if held is not None})

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        href, urn = source.get("href"), source.get("urn")
        if urn is not None:
            fields["urn"] = LINK_URN.read(urn, place / "urn", of)
        elif EXTENSION + "urn" in source:
            fields["urn"] = source[EXTENSION + "urn"]
        elif href is not None and href.startswith("urn:"):
            href, fields["urn"] = None, href
        fields["href"] = href


LINK = Table(
    Link,
    (
        Field("rel", "rel", PLAIN),
        _Target(),
        Field("uri", "uri", PLAIN),
        texts("title", "titles"),
        Field("type", "type", PLAIN),
        Field("hreflang", "hreflang", PLAIN),
    ),
)


@dataclasses.dataclass(frozen=True)
class Links:
    """The row of an artefact's links and its ``uri``.

    ``cls`` is the package and class in the artefact's URN (``codelist.Code``); None for an artefact that has no URN (as
    a part without id has none), whose ``uri`` becomes an extension. ``name`` is the last part of the URN where it is
    fixed (component lists). ``maintainable`` artefacts always get their link ``self``, but
    those that are made for an answer alone.
    """

    cls: str | None
    name: str | None = None
    maintainable: bool = False
    versions: tuple[str, ...] = ALL

    @property
    def keys(self) -> tuple[str, ...]:
        """The links, and the extension that carries a ``uri`` without URN."""
        return ("links", EXTENSION + "uri")

    def _urn(self, owner: str, parents: list[str], identifier: str | None) -> str | None:
        if self.cls is None or (identifier is None and self.name is None):
            return None
        path = "" if self.maintainable else "." + ".".join((*parents, self.name or identifier or ""))
        return f"{_INFOMODEL}{self.cls}={owner}{path}"

    def _has_address(self, value: Any, to: Writing) -> bool:
        return self.maintainable and value.kind not in to.made_here

    def write(self, value: Any, out: Json, to: Writing) -> None:
        """Put the links, the one to the artefact itself first."""
        urn = self._urn(to.owner, to.parents, getattr(value, "id", None))
        links = [LINK.write(link, to) for link in value.links]
        if urn is None:
            if value.uri is not None and to.version == V21:
                out[EXTENSION + "uri"] = value.uri
        elif value.uri is not None or (self._has_address(value, to) and not any(_is_self(x, urn) for x in value.links)):
            own: Json = {"rel": "self", "urn": LINK_URN.spell(urn, to)}
            if self.maintainable and to.base_url:
                own["href"] = address(value, to.base_url)
            if value.uri is not None:
                own["uri"] = value.uri
            links.insert(0, own)
        if links:
            out["links"] = links

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        """Take the links; the bare one to the artefact itself only gives the ``uri``."""
        if EXTENSION + "uri" in source:
            fields["uri"] = source[EXTENSION + "uri"]
        links = source.get("links", ())
        if not links:
            return
        urn = self._urn(of.owner, of.parents, source.get("id"))
        kept = []
        for index, link in enumerate(links):
            read = LINK.read(link, place / "links" / index, of)
            if urn is not None and read == Link(rel="self", urn=urn, uri=read.uri):
                fields["uri"] = read.uri
            else:
                kept.append(read)
        fields["links"] = tuple(kept)


def _is_self(link: Link, urn: str) -> bool:
    return link.rel == "self" and link.urn == urn


def address(of: Any, base_url: str) -> str:
    """Where the service gives an artefact, or what a reference names. Version 1 of it has no ``/structure``."""
    root = base_url if base_url.endswith("/v1") else f"{base_url}/structure"
    if of.kind == METADATA_SET.name:
        root = f"{base_url}/metadata"
    resource = BY_NAME[of.kind].resource
    if base_url.endswith("/v1") and of.kind == "DataConstraint":
        resource = "contentconstraint"
    return f"{root}/{resource}/{of.agency}/{of.id}/{of.version}"


@dataclasses.dataclass(frozen=True)
class _AnnotationLinks:
    """The row of an annotation's links: an address, perhaps with its language, is an AnnotationURL."""

    versions: tuple[str, ...] = ALL
    keys: tuple[str, ...] = ("links",)

    def write(self, value: Any, out: Json, to: Writing) -> None:
        urls = [Link(rel="self", href=url.href, hreflang=url.lang) for url in value.urls]
        if urls or value.links:
            out["links"] = [LINK.write(link, to) for link in (*urls, *value.links)]

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        links = [LINK.read(link, place / "links" / index, of) for index, link in enumerate(source.get("links", ()))]
        plain = [link for link in links if link == Link(rel="self", href=link.href, hreflang=link.hreflang)]
        fields["urls"] = tuple(AnnotationURL(href=link.href, lang=link.hreflang) for link in plain)
        fields["links"] = tuple(link for link in links if link not in plain)


ANNOTATION = Table(
    Annotation,
    (
        Field("id", "id", PLAIN),
        Field("title", "title", PLAIN),
        Field("type", "type", PLAIN),
        Field("value", "value", PLAIN, versions=BOTH),
        texts("text", "texts"),
        _AnnotationLinks(),
    ),
)
ANNOTATIONS = many("annotations", "annotations", ANNOTATION)
ID = Field("id", "id", PLAIN)
NAMES: tuple[Row, ...] = (texts("name", "names", instead="id"), texts("description", "descriptions"))


@dataclasses.dataclass(frozen=True)
class Moment:
    """A row for a date-time; a form that JSON does not allow is completed, and from 2.1 on also kept as it was."""

    key: str
    field: str
    versions: tuple[str, ...] = ALL

    @property
    def keys(self) -> tuple[str, ...]:
        """The key and its extension."""
        return (self.key, EXTENSION + self.key)

    def write(self, value: Any, out: Json, to: Writing) -> None:
        """Put the completed moment, and what it was made from."""
        text = getattr(value, self.field)
        if text is None:
            return
        out[self.key] = moment(text)
        if out[self.key] != text and to.version == V21:
            out[EXTENSION + self.key] = text

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        """Take the original form, if there is one."""
        text = source.get(EXTENSION + self.key, source.get(self.key))
        if text is not None:
            fields[self.field] = text


@dataclasses.dataclass(frozen=True)
class Children:
    """A row for items inside an item: its id is a part of their URNs."""

    key: str
    field: str
    codec: list[Codec]  # holds the one codec, which is made after this row because it holds it
    versions: tuple[str, ...] = ALL

    @property
    def keys(self) -> tuple[str, ...]:
        """The one key."""
        return (self.key,)

    def write(self, value: Any, out: Json, to: Writing) -> None:
        """Put the children."""
        items = getattr(value, self.field)
        if items:
            to.parents.append(value.id)
            out[self.key] = [self.codec[0].write(item, to) for item in items]
            to.parents.pop()

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        """Take the children."""
        if self.key in source:
            of.parents.append(source.get("id", ""))
            below = place / self.key
            fields[self.field] = tuple(
                self.codec[0].read(item, below / index, of) for index, item in enumerate(source[self.key])
            )
            of.parents.pop()


@dataclasses.dataclass(frozen=True)
class Child:
    """A row for the one part inside a part; its id follows those above in URNs."""

    key: str
    field: str
    codec: list[Codec]  # as in ``Children``
    versions: tuple[str, ...] = ALL

    @property
    def keys(self) -> tuple[str, ...]:
        """The one key."""
        return (self.key,)

    def write(self, value: Any, out: Json, to: Writing) -> None:
        """Put the part, if there is one."""
        part = getattr(value, self.field)
        if part is not None:
            to.parents.append(value.id)
            out[self.key] = self.codec[0].write(part, to)
            to.parents.pop()

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        """Take the part."""
        if self.key in source:
            of.parents.append(source.get("id", ""))
            fields[self.field] = self.codec[0].read(source[self.key], place / self.key, of)
            of.parents.pop()


@dataclasses.dataclass(frozen=True)
class ParentUrn:
    """The parent of an item, which 1.0 names by URN (``begin`` is its beginning); both are in one scheme."""

    begin: str

    def write(self, value: str, to: Writing) -> str:
        """The URN of the parent."""
        return f"{self.begin}{to.owner}.{value}"

    def read(self, source: Any, place: Place, of: Reading) -> Any:
        """The id of the parent."""
        reference = URN.read(source, place, of)
        return None if reference is None else reference.item


def identifiable(cls: str | None, *rows: Row, name: str | None = None) -> tuple[Row, ...]:
    """The rows of an identifiable artefact, then the given ones."""
    return (ID, ANNOTATIONS, Links(cls, name), *rows)


def nameable(cls: str, *rows: Row) -> tuple[Row, ...]:
    """The rows of a nameable artefact, then the given ones."""
    return (ID, *NAMES, ANNOTATIONS, Links(cls), *rows)
