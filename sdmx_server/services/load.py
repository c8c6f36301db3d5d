"""The use case of a load: a recipe or a file, checked whole, then made visible in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from ..errors import NotFound, Refused, SdmxServerError
from ..loading.api import Limits
from ..loading.loaders import named_structures
from ..loading.prepare import FileJob, Prepared, prepare
from ..loading.recipe import read_recipe
from ..model.reference import Reference
from ..model.resolved import ResolvedStructure
from ..registry.catalogue import Catalogue, CatalogueCache
from ..registry.resolve import resolve_structure
from .ports import CommitReport, LoadLog, ObservationStore, Progress
from .structures import fingerprint_of

_ACTOR = "command line"


class LoadReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a load did. ``rows`` were read; ``commit`` is None when the input was only checked."""

    dataflow: Reference
    rows: int
    commit: CommitReport | None

    def summary(self) -> str:
        """One line for the user."""
        name = f"{self.dataflow.short}: {self.rows:,} rows"
        done = self.commit
        if done is None:
            return f"{name} are valid; nothing was loaded."
        if not done.changed:
            return f"{name}, nothing has changed."
        text = f"{name}; {done.inserted:,} observations new, {done.updated:,} changed, {done.deleted:,} deleted"
        return f"{text}, {done.attributes_changed:,} attribute values changed; revision {done.revision.data}."


class LoadService:
    """Loads recipes and files into the store, and keeps a report of each."""

    def __init__(
        self, catalogues: CatalogueCache, observations: ObservationStore, log: LoadLog, limits: Limits
    ) -> None:
        self._catalogues = catalogues
        self._limits = limits
        self._observations = observations
        self._log = log

    def run_recipe(
        self,
        path: Path,
        progress: Progress,
        *,
        validate_only: bool = False,
        only_if_changed: bool = False,
        wait: bool = True,
    ) -> LoadReport | None:
        """Run a recipe; None when ``only_if_changed`` and it, its files and its structure are those of the last load.

        Raises ``Refused`` with every finding, ``NotFound`` when the dataflow is not registered, ``Busy`` without
        ``wait`` when another load is writing; then nothing has changed.
        """
        recipe = read_recipe(path)
        schema, revision = self._resolve(recipe.dataflow)
        structure = hashlib.sha256(msgspec.json.encode(schema)).hexdigest()
        fingerprint = f"{fingerprint_of(file for file in recipe.files if file.is_file())}-{structure}"
        source = f"recipe {recipe.dataflow.short}"
        if only_if_changed and self._log.last(source) == fingerprint:
            return None
        return self._load(
            source,
            fingerprint,
            lambda: prepare(recipe, schema, progress, self._limits),
            (recipe.dataflow, schema, revision),
            progress=progress,
            validate_only=validate_only,
            wait=wait,
        )

    def load_file(
        self,
        path: Path,
        dataflow: Reference | None,
        progress: Progress,
        *,
        validate_only: bool = False,
        wait: bool = True,
    ) -> LoadReport:
        """Load a data message of a dataflow, in any format that a loader recognises; raises as ``run_recipe`` does.

        Without a dataflow it is the one that the message names, or the only one of the structure that it names.
        """
        if dataflow is None:
            dataflow = _dataflow_of(self._catalogues.current(), named_structures(path, self._limits), path.name)
        schema, revision = self._resolve(dataflow)
        return self._load(
            f"file {path.name}",
            fingerprint_of([path]),
            lambda: prepare(FileJob(path=path), schema, progress, self._limits),
            (dataflow, schema, revision),
            progress=progress,
            validate_only=validate_only,
            wait=wait,
        )

    def _resolve(self, dataflow: Reference) -> tuple[ResolvedStructure, int]:
        catalogue = self._catalogues.current()
        return resolve_structure(catalogue, dataflow), catalogue.revision

    def _load(
        self,
        source: str,
        fingerprint: str,
        check: Callable[[], Prepared],
        target: tuple[Reference, ResolvedStructure, int],
        *,
        progress: Progress,
        validate_only: bool,
        wait: bool,
    ) -> LoadReport:
        dataflow, schema, revision = target
        try:
            with check() as prepared:
                if validate_only:
                    return LoadReport(dataflow=dataflow, rows=prepared.counts.rows, commit=None)
                with self._observations.staging(schema, revision, progress) as staging:
                    for delta in prepared.deltas:
                        staging.add(delta)
                    commit = staging.commit(_ACTOR, source, wait)
                report = LoadReport(dataflow=dataflow, rows=prepared.counts.rows, commit=commit)
        except Refused as refused:
            if not validate_only:
                self._log.record(source, fingerprint, False, msgspec.json.encode(refused.problems).decode())
            raise
        self._log.record(source, fingerprint, True, report.summary())
        return report


def _dataflow_of(catalogue: Catalogue, named: Sequence[Reference], file: str) -> Reference:
    """The stored dataflow that these references mean; raises when there is none, or more than one."""
    found: dict[Reference, None] = {}
    for reference in named:
        stored = catalogue.resolve(reference)
        if stored is None:
            raise NotFound("flow-not-stored", file=file, reference=reference)
        if stored.kind == "Dataflow":
            near: Sequence[Reference] = (stored,)
        elif stored.kind == "DataStructure":
            near = catalogue.parents(stored)
        else:
            near = catalogue.children(stored)
        found |= dict.fromkeys(r for r in near if r.kind == "Dataflow")
    if len(found) != 1:
        raise SdmxServerError("flow-unclear", file=file, found=[r.short for r in found])
    return next(iter(found))
