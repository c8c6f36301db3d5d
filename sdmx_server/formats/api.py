"""What a format is: the contract of every folder below ``formats``, and of the writers in it.

Adding a format is one folder with a ``FORMATS`` tuple and one line in ``formats/__init__.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import BinaryIO, Protocol

import msgspec

from ..batches import DataMessage, DataPart, WriteOptions
from ..model.message import AvailabilityMessage, StructureMessage
from ..model.metadatastructure import MetadataStructure
from ..model.reference import Reference
from ..model.registration import RegistrationMessage, SubmissionMessage
from ..model.resolved import ResolvedStructure
from ..model.resolved_metadata import MetadataMessage, ResolvedMetadataAttribute
from ..model.validity import ANYTHING, Validity

__all__ = [
    "AvailabilityMessage",
    "AvailabilityWriter",
    "DataMessage",
    "DataPart",
    "DataWriter",
    "ErrorEntry",
    "ErrorWriter",
    "Format",
    "MetadataReader",
    "MetadataSchemaWriter",
    "MetadataWriter",
    "RegistrationReader",
    "RegistrationWriter",
    "SchemaWriter",
    "StructureReader",
    "StructureWriter",
    "WriteOptions",
]


DataWriter = Callable[[DataMessage, WriteOptions], Iterator[bytes]]
StructureWriter = Callable[[StructureMessage, WriteOptions], Iterator[bytes]]
AvailabilityWriter = Callable[[AvailabilityMessage, WriteOptions], Iterator[bytes]]
StructureReader = Callable[[BinaryIO, str], StructureMessage]
"""Called with the stream and its name; raises ``errors.Refused`` with line, path and reason."""

MetadataWriter = Callable[[MetadataMessage, WriteOptions], Iterator[bytes]]
MetadataReader = Callable[[BinaryIO, str], MetadataMessage]
"""As ``StructureReader``."""
RegistrationWriter = Callable[[RegistrationMessage, WriteOptions], Iterator[bytes]]
RegistrationReader = Callable[[BinaryIO, str], SubmissionMessage]
"""As ``StructureReader``."""


class ErrorEntry(msgspec.Struct, frozen=True):
    """One entry of an SDMX error message; ``texts`` by language, that of the reader first."""

    code: int
    texts: Mapping[str, str]


ErrorWriter = Callable[[Sequence[ErrorEntry]], bytes]


class SchemaWriter(Protocol):
    """Writes the schema of a structure's data in one organisation, whole.

    ``dimension_at_observation`` is a dimension id or ``AllDimensions``; ``context`` the artefact that was asked for
    (None = the dataflow, or else the structure); ``validity`` what constraints leave and what messages it is for.
    """

    def __call__(
        self,
        schema: ResolvedStructure,
        *,
        dimension_at_observation: str,
        context: Reference | None = None,
        validity: Validity = ANYTHING,
    ) -> bytes:
        """The text of the schema."""
        ...


MetadataSchemaWriter = Callable[[MetadataStructure, Sequence[ResolvedMetadataAttribute], Reference], bytes]
"""Writes the schema of reference metadata of a structure with these attributes, for the context that was asked for."""


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """One media type with its version, and what it can do.

    ``name`` is unique (``sdmx-csv-2.0-data``); ``kind`` is ``data``, ``structure``, ``schema``, ``metadata`` or
    ``registration``. ``family`` is the value of ``?format=`` (``csvdata``, ``jsondata``, ``structurespecificdata``,
    ``structure``, ``json``, ``xml``, ``csv``) with ``version``. ``generic`` are the plain types that also mean this
    format when it is the best of its kind (``text/csv``). ``rows``: a message is plain rows of observations, in any
    order; ``streamed``: and a client can read them one after the other, however many there are. ``parameters`` names
    the media type parameters that it understands, with their allowed values, default first.
    ``charset``: whether its media type names one, as those of text do; JSON has no such parameter (RFC 8259).
    ``writer_version`` is part of every ETag: raise it whenever the same data prints differently.
    """

    name: str
    kind: str
    media_type: str  # without parameters: application/vnd.sdmx.data+csv
    version: str  # 2.0.0
    family: tuple[str, ...]
    extension: str
    generation: str = ""  # of SDMX: 2.1, 3.0 or 3.1; empty for what belongs to none (Parquet, Excel)
    generic: tuple[str, ...] = ()
    charset: bool = True
    rows: bool = False
    streamed: bool = False
    download: bool = False  # to be kept as a file with a name of its own, rather than looked at
    parameters: Mapping[str, tuple[str, ...]] = {}
    writer_version: int = 1
    write_data: DataWriter | None = None
    write_structures: StructureWriter | None = None
    write_availability: AvailabilityWriter | None = None
    write_schema: SchemaWriter | None = None
    write_metadata_schema: MetadataSchemaWriter | None = None
    write_error: ErrorWriter | None = None
    read_structures: StructureReader | None = None
    write_metadata: MetadataWriter | None = None
    read_metadata: MetadataReader | None = None
    write_registrations: RegistrationWriter | None = None
    read_registrations: RegistrationReader | None = None
