"""Which loader reads a file: the one that is named, or the one that recognises what is in the file."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from ..model.datastructure import DataStructure
from ..model.reference import Reference
from ..model.resolved import ResolvedStructure
from .api import Limits, Loader, Recogniser, Source, StructureFinder
from .problems import Findings, suggestion
from .unpacking import unpacked

GROUP = "sdmx_server.loaders"
"""The entry point group of loaders."""

DEFAULT = "sdmx-csv"
"""Who reads a file that no loader recognises, and says what is wrong with it."""

_OWN = "sdmx_loaders."
"""Where the loaders are that come with the server: they take any XML and any JSON, so others are asked before them."""

_HEAD = 4096
_NOTHING = ResolvedStructure(
    structure=DataStructure(agency="", id=""), dataflow=None, dimensions=(), time=None, measures=(), attributes=()
)
_OF_STRUCTURE = frozenset(["column-unknown", "structure-wrong"])
"""Findings that say nothing as long as the structure is not known."""


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
    """The first loader that recognises the file's beginning, others' before ours, by name; else that of SDMX-CSV."""
    head = b""
    if path.is_file():
        with path.open("rb") as file:
            head = file.read(_HEAD)
    known = {point.name: point for point in entry_points(group=GROUP)}
    for point in sorted(known.values(), key=_turn):
        loader: Loader = point.load()()
        if isinstance(loader, Recogniser) and loader.recognises(head):
            return loader
    default: Loader = known[DEFAULT].load()()
    return default


def _turn(point: EntryPoint) -> tuple[bool, bool, str]:
    # ours tell their files apart; the default goes first, since it need not load what others need
    return point.value.startswith(_OWN), point.name != DEFAULT, point.name


def named_structures(path: Path, limits: Limits) -> tuple[Reference, ...]:
    """The dataflows or other structures that a message says its data are of; none when it does not say.

    Raises ``Refused`` when that is because of what is wrong with the file as a whole: it is packed wrongly, no data
    message, cut off before it says so. Other faults are left to its loading.
    """
    findings = Findings()
    with unpacked(path, path.name, findings, limits) as plain:
        if plain is None:
            findings.refuse()
            return ()
        loader = recognised(plain)
        if needs_recipe(loader, path.name, findings):
            findings.refuse()
        if not isinstance(loader, StructureFinder):
            return ()
        named = loader.structures(plain)
        if not named:
            _refuse_fault(loader, plain, path.name, limits)
        return named


def needs_recipe(loader: Loader, name: str, findings: Findings) -> bool:
    """Whether a loader cannot read files without options, after the finding needs-recipe."""
    needed = bool(loader.options_schema.get("required"))
    if needed:
        findings.add("needs-recipe", file=name, value=loader.name)
    return needed


def _refuse_fault(loader: Loader, plain: Path, name: str, limits: Limits) -> None:
    """Raise ``Refused`` for what keeps the loader from reading anything at all."""
    findings = Findings()
    source = Source(path=plain, name=name, options={}, structure=_NOTHING, findings=findings, limits=limits)
    if next(loader.read(source), None) is None and not any(p.code in _OF_STRUCTURE for p in findings.problems()):
        findings.refuse()
