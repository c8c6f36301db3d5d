# rows and codecs have one signature, of which each uses what it needs
"""The table of what constraints are attached to: artefacts under a key for each kind, sets and sources."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from ...model.constraint import ConstraintAttachment, DataSetTarget, QueryableDataSource
from .engine import (
    ALL,
    BOTH,
    EXTENSION,
    PLAIN,
    URN,
    V10,
    V20,
    V21,
    Codec,
    Field,
    Json,
    Many,
    Place,
    Reading,
    Row,
    Table,
    Writing,
    many,
    only_1_0,
)

_OF_DATA = {"DataStructure": "dataStructures", "Dataflow": "dataflows", "ProvisionAgreement": "provisionAgreements"}
_OF_METADATA = {"MetadataStructure": "metadataStructures", "Metadataflow": "metadataflows"}
_FROM_2_0 = {**_OF_METADATA, "MetadataProvisionAgreement": "metadataProvisionAgreements"}
_PROVIDER = ("DataProviderScheme", "dataProvider")
_METADATA_PROVIDER = ("MetadataProviderScheme", "metadataProvider")


@dataclasses.dataclass(frozen=True)
class _References:
    """What a constraint is attached to: one provider, or a key for each kind; other kinds go into an extension."""

    provider: tuple[str, str]
    by_kind: Mapping[str, str]
    versions: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all kinds."""
        return (self.provider[1], *self.by_kind.values(), EXTENSION + "references")

    def write(self, value: Any, out: Json, to: Writing) -> None:
        """Put each reference where its kind has a place."""
        kind, key = self.provider
        for reference in value.references:
            if reference.kind == kind and key not in out:
                out[key] = reference.urn
            elif reference.kind in self.by_kind:
                out.setdefault(self.by_kind[reference.kind], []).append(reference.urn)
            elif to.version == V21:
                out.setdefault(EXTENSION + "references", []).append(reference.urn)

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        """Take them all."""
        held = []
        for key in self.keys:
            urns = source.get(key, ())
            single = isinstance(urns, str)
            for index, urn in enumerate((urns,) if single else urns):
                held.append(URN.read(urn, place / key if single else place / key / index, of))
        fields["references"] = tuple(one for one in held if one is not None)


@dataclasses.dataclass(frozen=True)
class _Single:
    """The one member of a list, as the schema of 1.0 has it; the list itself, as its samples have it, is written."""

    key: str
    field: str
    member: Codec
    versions: tuple[str, ...] = (V10,)

    @property
    def keys(self) -> tuple[str, ...]:
        """The one key."""
        return (self.key,)

    def write(self, value: Any, out: Json, to: Writing) -> None:
        """Nothing."""

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        """Take the member beside those that are there."""
        if self.key in source:
            fields[self.field] = (*fields.get(self.field, ()), self.member.read(source[self.key], place / self.key, of))


_QUERYABLE = Table(
    QueryableDataSource,
    (
        Field("isRESTDatasource", "is_rest", PLAIN, always=True),
        Field("isWebServiceDatasource", "is_web_service", PLAIN, always=True),
        Field("dataURL", "data_url", PLAIN),
        Field("wsdlURL", "wsdl_url", PLAIN),
        Field("wadlURL", "wadl_url", PLAIN),
    ),
)
DATA_SET = Table(DataSetTarget, (Field("id", "id", PLAIN), Field("dataProvider", "data_provider", URN)))


def _many_until_3_0(key: str, field: str, member: Codec) -> tuple[Row, Row]:
    return many(key, field, member, versions=(V10, V20)), many(EXTENSION + key, field, member, versions=(V21,))


def _attachment(*references: Row) -> Table:
    return Table(
        ConstraintAttachment,
        (
            _References(_PROVIDER, {**_OF_DATA, **_OF_METADATA}, (V10,)),
            *references,
            *_many_until_3_0("simpleDataSources", "simple_data_sources", PLAIN),
            *_many_until_3_0("queryableDataSources", "queryable_data_sources", _QUERYABLE),
            *only_1_0("dataSets", "data_sets", Many(DATA_SET), ()),
            *only_1_0("metadataSets", "metadata_sets", Many(DATA_SET), ()),
            _Single("simpleDataSource", "simple_data_sources", PLAIN),
            _Single("dataSet", "data_sets", DATA_SET),
            _Single("metadataSet", "metadata_sets", DATA_SET),
        ),
    )


@dataclasses.dataclass(frozen=True)
class Attachment:
    """The row of the attachment; one that names nothing that the version knows is an extension."""

    table: Table
    versions: tuple[str, ...] = ALL
    keys: tuple[str, ...] = ("constraintAttachment", EXTENSION + "constraintAttachment")

    def write(self, value: Any, out: Json, to: Writing) -> None:
        """Put the attachment."""
        if value.attachment is None:
            return
        written = self.table.write(value.attachment, to)
        if any(not key.startswith(EXTENSION) for key in written):
            out[self.keys[0]] = written
        elif to.version == V21:
            out[self.keys[1]] = written

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        """Take the attachment from where it is."""
        for key in self.keys:
            if key in source:
                fields["attachment"] = self.table.read(source[key], place / key, of)


DATA_ATTACHMENT = Attachment(_attachment(_References(_PROVIDER, _OF_DATA, BOTH)))
METADATA_ATTACHMENT = Attachment(
    _attachment(
        _References(_METADATA_PROVIDER, {**_FROM_2_0, "MetadataSet": "metadataSets"}, (V20,)),
        _References(_METADATA_PROVIDER, _FROM_2_0, (V21,)),
    )
)
