"""Finality: a flag in 2.1; from 3.0 on a stable version is final (Technical Notes, "Semantic Versioning").

In the model a stable version is final unless ``is_final`` is False, as a message of 2.1 may say; the version of a 2.1
artefact may be of three parts as well. Of any other version ``is_final`` is what 2.1 says.
"""

from __future__ import annotations

import msgspec

from .common import Maintainable
from .version import parse_version


def has_stable_version(artefact: Maintainable) -> bool:
    """Whether its version alone makes it final from 3.0 on."""
    try:
        return parse_version(artefact.version).stable
    except ValueError:
        return False


def from_flag(artefact: Maintainable) -> Maintainable:
    """An artefact as 2.1 says it, where a flag that is not there means no: as the model has it."""
    if not has_stable_version(artefact):
        return artefact
    return msgspec.structs.replace(artefact, is_final=None if artefact.is_final else False)


def with_flag(artefact: Maintainable) -> Maintainable:
    """An artefact of the model as 2.1 says it."""
    if artefact.is_final is not None or not has_stable_version(artefact):
        return artefact
    return msgspec.structs.replace(artefact, is_final=True)


def loses_flag(artefact: Maintainable) -> bool:
    """Whether its version says something else from 3.0 on than the flag does."""
    return artefact.is_final is not None and artefact.is_final != has_stable_version(artefact)
