"""The path of a query: raw, percent-encoded text to values with the standard's defaults (REST 2.2.2).

Every function takes the part behind the resource's name (``/codelist/SCI/CL_SEX``), with or without the slashes around
it. Segments are split before they are decoded, so that an escaped slash stays within its segment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from ..errors import BadQuery
from ..model.codelist import GEOGRAPHIC, GRID
from ..model.common import Value
from ..model.kinds import BY_RESOURCE
from ..model.version import VersionQuery, parse_versions
from .keys import Key, parse_keys
from .parameters import decoded

_MAX_PATH = 100_000
AGENCY = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z][A-Za-z0-9_-]*)*")
ID = re.compile(r"[A-Za-z0-9_@$-]+")
ITEM = re.compile(r"[A-Za-z0-9_@$-]+(\.[A-Za-z0-9_@$-]+)*")
COMPONENT = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
"""The forms of ids in paths, which those of REST 1.5.0 share."""

_NOT_IN_V2 = {"attachmentconstraint", "hierarchicalcodelist", "structureset"}
STRUCTURE_TYPES: Mapping[str, str] = {
    resource: kind.name for resource, kind in BY_RESOURCE.items() if resource not in _NOT_IN_V2
}
"""Artefact types of structure queries, with their kinds."""

GEO_TYPES: Mapping[str, str] = {"geographiccodelist": GEOGRAPHIC, "geogridcodelist": GRID}
"""Names that this server adds: of codelists (``codelist`` means all of them) those with a geography of this type."""
_TYPES: Mapping[str, str] = {**STRUCTURE_TYPES, **dict.fromkeys(GEO_TYPES, "Codelist")}

_NO_ITEMS = {"hierarchy", "process"}
ITEM_TYPES = frozenset(
    resource
    for resource in STRUCTURE_TYPES
    if resource == "valuelist" or (BY_RESOURCE[resource].item and resource not in _NO_ITEMS)
)
"""Artefact types that item queries are allowed on."""

DATA_CONTEXTS: Mapping[str, str] = {
    "datastructure": "DataStructure",
    "dataflow": "Dataflow",
    "provisionagreement": "ProvisionAgreement",
}
"""Contexts of data and availability queries, with their kinds."""

METADATA_CONTEXTS: Mapping[str, str] = {
    "metadatastructure": "MetadataStructure",
    "metadataflow": "Metadataflow",
    "metadataprovisionagreement": "MetadataProvisionAgreement",
}
"""Contexts of schema queries for reference metadata, with their kinds."""

SCHEMA_CONTEXTS: Mapping[str, str] = {**DATA_CONTEXTS, **METADATA_CONTEXTS}
"""Contexts of schema queries, with their kinds."""


class ArtefactPath(Value, frozen=True, kw_only=True):
    """Which artefacts a path names: None for an agency or id means any."""

    kinds: tuple[str, ...]
    agencies: frozenset[str] | None = None
    ids: frozenset[str] | None = None
    versions: VersionQuery

    def __str__(self) -> str:
        """The artefacts as messages name them: ``SCI:CPI(1.0.0)``; long lists are cut."""
        agencies, ids = ("*" if names is None else ",".join(sorted(names)) for names in (self.agencies, self.ids))
        return f"{agencies[:100]}:{ids[:100]}({str(self.versions)[:100]})"


class StructurePath(ArtefactPath, frozen=True, kw_only=True):
    """``items``: the items asked for, nested ones by their dotted path; None = all.

    ``role``: of data constraints, ``Allowed`` or ``Actual`` (resources of REST 1.5.0); None = any. ``geo_types``: of
    codelists, values of ``GEO_TYPES``; None = any, those without geography too.
    """

    items: tuple[str, ...] | None = None
    role: str | None = None
    geo_types: frozenset[str] | None = None

    def __str__(self) -> str:
        """With the items, where there are any: ``SCI:CL_SEX(1.0.0)/M``."""
        return super().__str__() + (f"/{','.join(self.items)[:100]}" if self.items else "")


class ProviderName(Value, frozen=True, kw_only=True):
    """A provider as REST names it: the agency of its scheme and its id there, None = any."""

    agency: str | None = None
    id: str | None = None

    def means(self, agency: str | None, own: str | None) -> bool:
        """Whether this is the provider with an id in the scheme of an agency; None is an agency that is not known."""
        return self.id in (None, own) and (agency is None or self.agency in (None, agency))


class DataPath(ArtefactPath, frozen=True, kw_only=True):
    """``keys``: the alternatives asked for, empty = everything.

    Of REST 1.5.0: ``whole_keys``, which name every dimension, and ``providers``, None = any.
    """

    keys: tuple[Key, ...] = ()
    whole_keys: bool = False
    providers: tuple[ProviderName, ...] | None = None


class AvailabilityPath(DataPath, frozen=True, kw_only=True):
    """``components``: the dimensions asked for; None = all."""

    components: tuple[str, ...] | None = None


def segments(tail: str, names: Sequence[str], any_word: str = "*") -> dict[str, str]:
    """The decoded parts of a path by name, those left out not among them.

    ``any_word`` is what stands for any value in this API. Raises ``BadQuery`` for too many parts and an empty one.
    """
    if len(tail) > _MAX_PATH:
        raise BadQuery("path-length", most=_MAX_PATH)
    parts = [decoded(part) for part in tail.strip("/").split("/")] if tail.strip("/") else []
    if len(parts) > len(names):
        raise BadQuery("path-parts", expected="/".join(names))
    if not all(parts):
        raise BadQuery("path-part-empty", word=any_word)
    return dict(zip(names, parts, strict=False))


def several(parts: Mapping[str, str], name: str, pattern: re.Pattern[str]) -> tuple[str, ...] | None:
    """The values of a part, None when it is ``*`` or left out."""
    values = tuple(dict.fromkeys(parts.get(name, "*").split(",")))
    if "*" in values:
        return None
    for value in values:
        if not pattern.fullmatch(value):
            raise BadQuery("path-ids", name=name, text=value)
    return values


def id_set(parts: Mapping[str, str], name: str, pattern: re.Pattern[str]) -> frozenset[str] | None:
    """The same in no order."""
    values = several(parts, name, pattern)
    return None if values is None else frozenset(values)


def kinds_named(text: str, name: str, allowed: Mapping[str, str]) -> tuple[str, ...]:
    """The kinds of artefact types joined by commas; raises ``BadQuery`` for one that is not among ``allowed``."""
    kinds = []
    for value in text.split(","):
        if value not in allowed:
            raise BadQuery("path-word", name=name, text=value, allowed=tuple(allowed))
        kinds.append(allowed[value])
    return tuple(dict.fromkeys(kinds))


def _data_kinds(text: str) -> tuple[str, ...]:
    return tuple(DATA_CONTEXTS.values()) if text == "*" else kinds_named(text, "context", DATA_CONTEXTS)


def parse_structure_path(tail: str) -> StructurePath:
    """``{artefactType}/{agencyID}/{resourceID}/{version}/{itemID}``, by default ``*/*/*/~/*`` (``structures.md``).

    The type may also be written ``all``, as the page's own example does. Raises ``BadQuery``.
    """
    parts = segments(tail, ("artefactType", "agencyID", "resourceID", "version", "itemID"))
    text = parts.get("artefactType", "*")
    any_type = text == "*" or text.lower() == "all"
    kinds = tuple(STRUCTURE_TYPES.values()) if any_type else kinds_named(text, "artefactType", _TYPES)
    values_only = text == "valuelist"
    items = several(parts, "itemID", re.compile(r".+", re.DOTALL) if values_only or any_type else ITEM)
    names = frozenset(text.split(","))
    if items is not None and not any_type and not names <= {*ITEM_TYPES, *GEO_TYPES}:
        raise BadQuery("type-without-items", name=text, allowed=sorted(ITEM_TYPES))
    geo_types = frozenset(geo_type for name, geo_type in GEO_TYPES.items() if name in names)
    return StructurePath(
        kinds=kinds,
        agencies=id_set(parts, "agencyID", AGENCY),
        ids=id_set(parts, "resourceID", ID),
        versions=parse_versions(parts.get("version", "~")),
        items=items,
        geo_types=geo_types if geo_types and "codelist" not in names else None,
    )


@lru_cache(maxsize=128)
def _data_artefacts(context: str, agency: str, resource: str, version: str) -> ArtefactPath:
    """What queries of a client have in common; of each no more is kept than what a request's line holds."""
    parts = {"agencyID": agency, "resourceID": resource}
    return ArtefactPath(
        kinds=_data_kinds(context),
        agencies=id_set(parts, "agencyID", AGENCY),
        ids=id_set(parts, "resourceID", ID),
        versions=parse_versions(version),
    )


def _data_path(parts: Mapping[str, str]) -> DataPath:
    get = parts.get
    named = _data_artefacts(get("context", "*"), get("agencyID", "*"), get("resourceID", "*"), get("version", "*"))
    return DataPath(
        kinds=named.kinds,
        agencies=named.agencies,
        ids=named.ids,
        versions=named.versions,
        keys=parse_keys(get("key", "*")),
    )


def parse_data_path(tail: str) -> DataPath:
    """``{context}/{agencyID}/{resourceID}/{version}/{key}``, by default ``*`` throughout (``data.md``).

    Raises ``BadQuery``.
    """
    return _data_path(segments(tail, ("context", "agencyID", "resourceID", "version", "key")))


def parse_availability_path(tail: str) -> AvailabilityPath:
    """``{context}/{agencyID}/{resourceID}/{version}/{key}/{componentID}``; the context is required, the rest ``*``.

    See ``availability.md``. Some clients write ``*`` for the context too, which is read as any. Raises ``BadQuery``.
    """
    names = ("context", "agencyID", "resourceID", "version", "key", "componentID")
    parts = segments(tail, names)
    if "context" not in parts:
        raise BadQuery("context-missing", allowed=tuple(DATA_CONTEXTS))
    path = _data_path(parts)
    return AvailabilityPath(
        kinds=path.kinds,
        agencies=path.agencies,
        ids=path.ids,
        versions=path.versions,
        keys=path.keys,
        components=several(parts, "componentID", COMPONENT),
    )


def parse_schema_path(tail: str) -> ArtefactPath:
    """``{context}/{agencyID}/{resourceID}/{version}``: one artefact; only the version may be left out (``~``).

    See ``schema.md``. Raises ``BadQuery``.
    """
    names = ("context", "agencyID", "resourceID", "version")
    parts = segments(tail, names)
    if len(parts) < 3:
        raise BadQuery("schema-path")
    for name, pattern in (("agencyID", AGENCY), ("resourceID", ID)):
        if not pattern.fullmatch(parts[name]):
            raise BadQuery("path-id", name=name, text=parts[name])
    version = parts.get("version", "~")
    if "*" in version or "," in version:
        raise BadQuery("version-several", version=version)
    return ArtefactPath(
        kinds=kinds_named(parts["context"], "context", SCHEMA_CONTEXTS),
        agencies=frozenset((parts["agencyID"],)),
        ids=frozenset((parts["resourceID"],)),
        versions=parse_versions(version),
    )
