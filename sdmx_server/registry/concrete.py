"""Puts concrete versions in place of wildcards, for answers that must stand on their own."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from ..model.common import Maintainable
from ..model.rebuild import rebuild
from ..model.reference import Reference
from .catalogue import Catalogue
from .generations import seen_in

_WITHOUT_REFERENCES = ("Codelist", "ValueList", "CategoryScheme")
"""Item schemes of many plain items, which are not walked for nothing."""

M = TypeVar("M", bound=Maintainable)


def concrete(catalogue: Catalogue, artefact: M) -> M:
    """The artefact with every reference at the version that it means now; unchanged where nothing stored fits.

    A stored structure refers to ``1.0+.0``. A client that looks its codelists up by their exact URN, within one answer,
    needs ``1.0.0``, and SDMX 2.1 knows no other versions.
    """
    if artefact.kind in _WITHOUT_REFERENCES:
        return artefact

    later = seen_in("3.1", catalogue).catalogue

    def at_version(written: Reference) -> Reference:
        found = catalogue.resolve(written) or later.resolve(written)
        if found is None or found.version == written.version:
            return written
        return msgspec.structs.replace(written, version=found.version)

    result: M = rebuild(artefact, Reference, at_version)
    return result
