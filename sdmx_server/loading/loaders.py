"""Which loader reads a file: the one that is named, or the one that recognises what is in the file."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

from ..model.reference import Reference
from .api import Limits, Loader, Recogniser, StructureFinder
from .problems import Findings, suggestion
from .unpacking import unpacked

GROUP = "sdmx_server.loaders"
"""The entry point group of loaders."""

DEFAULT = "sdmx-csv"
"""Who reads a file that no loader recognises, and says what is wrong with it."""

_HEAD = 4096


def find_loader(name: str, file: str, findings: Findings) -> Loader | None:
    """The loader of that name among the installed ones; None after a finding recipe-name."""
    known = {point.name: point for point in entry_points(group=GROUP)}
    if name not in known:
        hint = suggestion(name, known)
        findings.add("recipe-name", file=file, value=name, place="loader", known=", ".join(sorted(known)), hint=hint)
        return None
    loader: Loader = known[name].load()()
    return loader


def recognised(path: Path) -> Loader:
    """The first loader, by name, that recognises the file's beginning; else that of SDMX-CSV."""
    head = b""
    if path.is_file():
        with path.open("rb") as file:
            head = file.read(_HEAD)
    known = {point.name: point for point in entry_points(group=GROUP)}
    for name in sorted(known):
        loader: Loader = known[name].load()()
        if isinstance(loader, Recogniser) and loader.recognises(head):
            return loader
    default: Loader = known[DEFAULT].load()()
    return default


def named_structures(path: Path, limits: Limits) -> tuple[Reference, ...]:
    """The dataflows or other structures that a message says its data are of; none when it does not say.

    What is wrong with the file is left to its loading.
    """
    with unpacked(path, path.name, Findings(), limits) as plain:
        if plain is None:
            return ()
        loader = recognised(plain)
        return loader.structures(plain) if isinstance(loader, StructureFinder) else ()
