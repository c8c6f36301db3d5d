"""What one gap is: see ``gaps`` for the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

XML, JSON = "xml", "json"
BOTH = frozenset({XML, JSON})
ONLY_XML = frozenset({XML})
ONLY_JSON = frozenset({JSON})
ALL = frozenset({"2.1", "3.0", "3.1"})
ALL_30 = frozenset({"3.0", "3.1"})
UNTIL_30 = frozenset({"2.1", "3.0"})
ONLY_21 = frozenset({"2.1"})
ONLY_30 = frozenset({"3.0"})
ONLY_31 = frozenset({"3.1"})

ORGANISATIONS = ("AgencyScheme", "DataProviderScheme", "DataConsumerScheme")
"""Kinds of schemes whose ids are fixed."""

Change = Callable[[Any], Any]
Test = Callable[[Any], bool]


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that cannot be expressed.

    ``kind`` is the kind of artefact (``*`` = any), ``field`` the path in the model. ``versions`` are the generations
    that lack it, ``families`` the formats (``xml``, ``json``) that do. ``texts`` say what happens, ``en`` and ``fa``.
    ``change`` gives the artefact as it will be written: equal when the gap does not concern it, None when the artefact
    is left out. ``tells`` says whether the gap concerns an artefact where that is not whether it changes.
    """

    kind: str
    field: str
    versions: frozenset[str]
    families: frozenset[str]
    texts: dict[str, str]
    change: Change
    tells: Test | None = None


def row(
    kind: str,
    field: str,
    where: tuple[frozenset[str], frozenset[str]],
    texts: tuple[str, str],
    to: Change,
    *,
    tells: Test | None = None,
) -> Gap:
    """A row of the table: ``where`` are versions and families, ``texts`` the English and the Persian sentence."""
    versions, families = where
    said = dict(zip(("en", "fa"), texts, strict=True))
    return Gap(kind=kind, field=field, versions=versions, families=families, texts=said, change=to, tells=tells)
