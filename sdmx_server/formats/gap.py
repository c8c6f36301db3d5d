"""What one gap is: see ``gaps`` for the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

XML, JSON = "xml", "json"
BOTH = frozenset({XML, JSON})
ONLY_XML = frozenset({XML})
ONLY_JSON = frozenset({JSON})
ALL_30 = frozenset({"3.0", "3.1"})
ONLY_30 = frozenset({"3.0"})
ONLY_31 = frozenset({"3.1"})

Change = Callable[[Any], Any]


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that cannot be expressed.

    ``kind`` is the kind of artefact (``*`` = any), ``field`` the path in the model. ``versions`` are the generations
    that lack it, ``families`` the formats (``xml``, ``json``) that do. ``texts`` say what happens, ``en`` and ``fa``.
    ``change`` gives the artefact as it will be written: equal when the gap does not concern it, None when the artefact
    is left out.
    """

    kind: str
    field: str
    versions: frozenset[str]
    families: frozenset[str]
    texts: dict[str, str]
    change: Change


def row(kind: str, field: str, where: tuple[frozenset[str], frozenset[str]], texts: tuple[str, str], to: Change) -> Gap:
    """A row of the table: ``where`` are versions and families, ``texts`` the English and the Persian sentence."""
    versions, families = where
    en, fa = texts
    return Gap(kind=kind, field=field, versions=versions, families=families, texts={"en": en, "fa": fa}, change=to)
