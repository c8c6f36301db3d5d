"""The rows of every maintainable artefact."""

from __future__ import annotations

from ...model.kinds import BY_NAME
from .engine import PLAIN, V10, V20, V21, Field, Row, extension, flag
from .identity import ANNOTATIONS, ID, NAMES, Links, Moment

IS_PARTIAL = flag("isPartial", "is_partial")
"""The row of every item scheme that may be shown in part."""


def maintainable(kind: str, *rows: Row) -> tuple[Row, ...]:
    """The rows of every maintainable artefact, then those of the kind."""
    return (
        ID,
        Field("version", "version", PLAIN),
        Field("agencyID", "agency", PLAIN),
        flag("isPartialLanguage", "is_partial_language", versions=(V21,)),
        flag("isExternalReference", "is_external_reference"),
        Field("isFinal", "is_final", PLAIN, versions=(V10, V20)),  # not in 2.0, but its open schema lets it pass
        extension("isFinal", "is_final"),
        extension("serviceURL", "service_url"),
        extension("structureURL", "structure_url"),
        Moment("validFrom", "valid_from"),
        Moment("validTo", "valid_to"),
        *NAMES,
        ANNOTATIONS,
        Links(f"{BY_NAME[kind].package}.{kind}", maintainable=True),
        *rows,
    )
