"""The paths of REST 1.5.0, read into the values of ``paths`` (documentation, sections 4.3, 4.4, 4.5 and 4.6.1).

``+`` means OR, ``all`` any and ``latest`` the latest version; the keywords are read in any case. Parts at the end may
be left out. Every function takes the raw path behind the resource's name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from ..errors import BadQuery
from ..model.kinds import BY_NAME, BY_RESOURCE, OLDER
from ..model.version import VersionQuery, parse_version, parse_versions
from .keys import parse_joined_key
from .paths import (
    AGENCY,
    COMPONENT,
    ID,
    ITEM,
    SCHEMA_CONTEXTS,
    ArtefactPath,
    AvailabilityPath,
    DataPath,
    ProviderName,
    StructurePath,
    segments,
)

ALL, LATEST = "all", "latest"

_ORGANISATIONS = ("agencyscheme", "dataproviderscheme", "dataconsumerscheme", "organisationunitscheme")
_SINGLE = (
    *("datastructure", "metadatastructure", "categoryscheme", "conceptscheme", "codelist", "hierarchicalcodelist"),
    *_ORGANISATIONS,
    *("dataflow", "metadataflow", "reportingtaxonomy", "provisionagreement", "structureset", "process"),
    *("categorisation", "attachmentconstraint", "transformationscheme", "rulesetscheme", "userdefinedoperatorscheme"),
    *("customtypescheme", "namepersonalisationscheme", "vtlmappingscheme"),
)
_CONSTRAINTS: Mapping[str, str | None] = {
    "contentconstraint": None,
    "actualconstraint": "Actual",
    "allowedconstraint": "Allowed",
}


def _with_newer(kind: str) -> tuple[str, ...]:
    """The kind, and those of 3.x that are written as it in 2.1."""
    return (kind, *(newer for newer, older in OLDER.items() if older == kind))


_ONE_OR_SEVERAL: Mapping[str, tuple[str, ...]] = {
    **{resource: _with_newer(BY_RESOURCE[resource].name) for resource in _SINGLE},
    "organisationscheme": tuple(BY_RESOURCE[resource].name for resource in _ORGANISATIONS),
    **dict.fromkeys(_CONSTRAINTS, ("DataConstraint", "MetadataConstraint")),
}
RESOURCES: Mapping[str, tuple[str, ...]] = {
    **_ONE_OR_SEVERAL,
    "structure": tuple(dict.fromkeys(kind for kinds in _ONE_OR_SEVERAL.values() for kind in kinds)),
}
"""The resources of structure queries (section 4.3), with their kinds."""

_NO_ITEMS = {"structure", "process"}
ITEM_RESOURCES = frozenset(
    resource
    for resource, kinds in RESOURCES.items()
    if resource not in _NO_ITEMS and all(BY_NAME[kind].item for kind in kinds)
)
"""Resources that item queries are allowed on: item schemes, and the hierarchical codelist."""

CONTEXTS: Mapping[str, str] = {
    context: SCHEMA_CONTEXTS[context]
    for context in ("datastructure", "metadatastructure", "dataflow", "metadataflow", "provisionagreement")
}
"""Contexts of schema queries, with their kinds."""


def role_of(resource: str) -> str | None:
    """The role of the data constraints that a resource means; None = any, or no constraints at all."""
    return _CONSTRAINTS.get(resource)


def _any(text: str) -> bool:
    return text.lower() in (ALL, "*")  # clients that know later versions send the star


def _joined(parts: Mapping[str, str], name: str, pattern: re.Pattern[str]) -> tuple[str, ...] | None:
    """The values of a part, None when it is ``all`` or left out."""
    values = tuple(dict.fromkeys(parts.get(name, ALL).split("+")))
    if any(_any(value) for value in values):
        return None
    for value in values:
        if not pattern.fullmatch(value):
            raise BadQuery("path-ids-joined", name=name, text=value)
    return values


def _set(parts: Mapping[str, str], name: str, pattern: re.Pattern[str]) -> frozenset[str] | None:
    values = _joined(parts, name, pattern)
    return None if values is None else frozenset(values)


def _versions(text: str) -> VersionQuery:
    """Versions joined by ``+``, ``all`` or ``latest``, which is the latest one of any kind.

    A version may mean a draft: ``1.2.0-draft`` is 1.2.0 in messages of SDMX 2.1.
    """
    words = []
    for word in text.split("+"):
        if _any(word):
            words.append("*")
        elif word.lower() == LATEST:
            words.append("~")
        else:
            try:
                words.append(parse_version(word).text)
            except ValueError as error:
                raise BadQuery("version-joined", version=word) from error
    patterns = parse_versions(",".join(words)).patterns
    return VersionQuery(patterns=tuple(msgspec.structs.replace(pattern, or_draft=True) for pattern in patterns))


def parse_structure_path(resource: str, tail: str) -> StructurePath:
    """``{agencyID}/{resourceID}/{version}/{itemID}``, by default ``all/all/latest/all``.

    ``resource`` is one of ``RESOURCES``. Raises ``BadQuery``.
    """
    parts = segments(tail, ("agencyID", "resourceID", "version", "itemID"), ALL)
    items = _joined(parts, "itemID", ITEM)
    if items is not None and resource not in ITEM_RESOURCES:
        raise BadQuery("resource-without-items", name=resource, allowed=sorted(ITEM_RESOURCES))
    return StructurePath(
        kinds=RESOURCES[resource],
        agencies=_set(parts, "agencyID", AGENCY),
        ids=_set(parts, "resourceID", ID),
        versions=_versions(parts.get("version", LATEST)),
        items=items,
        role=role_of(resource),
    )


def _flow(text: str) -> tuple[frozenset[str] | None, frozenset[str] | None, VersionQuery]:
    """Agency, id and version of a ``flowRef``: ``ID``, ``AGENCY,ID`` or ``AGENCY,ID,VERSION``."""
    parts = text.split(",")
    if len(parts) > 3 or not all(parts):
        raise BadQuery("flow-form", text=text)
    agency, artefact, version = (ALL, *parts, LATEST) if len(parts) == 1 else (*parts, LATEST)[:3]
    for wrong, value, pattern in (("flow-agency", agency, AGENCY), ("flow-id", artefact, ID)):
        if not _any(value) and not pattern.fullmatch(value):
            raise BadQuery(wrong, text=text, value=value)
    return (
        None if _any(agency) else frozenset((agency,)),
        None if _any(artefact) else frozenset((artefact,)),
        _versions(version),
    )


def _named(word: str) -> str | None:
    return None if not word or _any(word) else word


def _providers(text: str) -> tuple[ProviderName, ...] | None:
    """A ``providerRef``: ``[AGENCY,]ID``, several joined by ``+``, either of them perhaps ``all``; None = any."""
    found = []
    for one in text.split("+"):
        agency, comma, provider = one.rpartition(",")
        if _any(provider) and (not comma or _any(agency)):
            return None
        if not (_any(provider) or ID.fullmatch(provider)) or (
            comma and not _any(agency) and not AGENCY.fullmatch(agency)
        ):
            raise BadQuery("provider-form", text=one)
        found.append(ProviderName(agency=_named(agency), id=_named(provider)))
    return tuple(dict.fromkeys(found))


def _need_flow(parts: Mapping[str, str], resource: str) -> str:
    if "flowRef" not in parts:
        raise BadQuery("flow-missing", resource=resource)
    return parts["flowRef"]


def parse_data_path(tail: str, resource: str = "data") -> DataPath:
    """``{flowRef}/{key}/{providerRef}``; only the flow is required. Raises ``BadQuery``."""
    parts = segments(tail, ("flowRef", "key", "providerRef"), ALL)
    agencies, ids, versions = _flow(_need_flow(parts, resource))
    return DataPath(
        kinds=("Dataflow",),
        agencies=agencies,
        ids=ids,
        versions=versions,
        keys=parse_joined_key(parts.get("key", ALL)),
        whole_keys=True,
        providers=_providers(parts.get("providerRef", ALL)),
    )


def parse_availability_path(tail: str) -> AvailabilityPath:
    """``{flowRef}/{key}/{providerRef}/{componentID}``; only the dataflow is required. Raises ``BadQuery``."""
    parts = segments(tail, ("flowRef", "key", "providerRef", "componentID"), ALL)
    agencies, ids, versions = _flow(_need_flow(parts, "availableconstraint"))
    return AvailabilityPath(
        kinds=("Dataflow",),
        agencies=agencies,
        ids=ids,
        versions=versions,
        keys=parse_joined_key(parts.get("key", ALL)),
        whole_keys=True,
        providers=_providers(parts.get("providerRef", ALL)),
        components=_joined(parts, "componentID", COMPONENT),
    )


def parse_schema_path(tail: str) -> ArtefactPath:
    """``{context}/{agencyID}/{resourceID}/{version}``: one artefact; only the version may be left out (``latest``).

    Raises ``BadQuery``.
    """
    parts = segments(tail, ("context", "agencyID", "resourceID", "version"), ALL)
    if len(parts) < 3:
        raise BadQuery("schema-path")
    if parts["context"] not in CONTEXTS:
        raise BadQuery("path-word", name="context", text=parts["context"], allowed=tuple(CONTEXTS))
    for name, pattern in (("agencyID", AGENCY), ("resourceID", ID)):
        if _any(parts[name]) or not pattern.fullmatch(parts[name]):
            raise BadQuery("path-id", name=name, text=parts[name])
    version = parts.get("version", LATEST)
    if _any(version) or "+" in version:
        raise BadQuery("version-several", version=version)
    return ArtefactPath(
        kinds=(CONTEXTS[parts["context"]],),
        agencies=frozenset((parts["agencyID"],)),
        ids=frozenset((parts["resourceID"],)),
        versions=_versions(version),
    )
