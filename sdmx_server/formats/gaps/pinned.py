"""Wildcard references pinned within a message: 2.1 has exact versions only."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ...model.common import Maintainable
from ...model.rebuild import rebuild
from ...model.reference import Reference
from ...model.version import resolve_version


def pinned(artefacts: Sequence[Maintainable]) -> tuple[Maintainable, ...]:
    """The artefacts, each wildcard reference (``1.0+.0``) at the version that it means among them.

    A reference to what is not among them stays as it is (``gaps`` says what becomes of it).
    """
    versions: dict[tuple[str, str, str], list[str]] = {}
    for artefact in artefacts:
        versions.setdefault((artefact.kind, artefact.agency, artefact.id), []).append(artefact.version)

    def pin(written: Reference) -> Reference:
        found = resolve_version(written.version, versions.get((written.kind, written.agency, written.id), ()))
        return written if found in (None, written.version) else msgspec.structs.replace(written, version=found)

    return tuple(rebuild(artefact, Reference, pin) if _refers(artefact) else artefact for artefact in artefacts)


def _refers(artefact: Maintainable) -> bool:
    """Whether it can hold references: item schemes of many plain items are not walked for nothing."""
    return artefact.kind not in ("Codelist", "ValueList", "CategoryScheme")
