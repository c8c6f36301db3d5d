"""The one way in: sources are read, mapped and checked whole before the first change is handed over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec
import numpy as np
import polars as pl

from ..batches import Action, Delta
from ..model.resolved import ResolvedStructure
from .api import Limits, Progress, RawBatch, Source
from .coding import plain
from .declared import run_checks
from .labels import Labels
from .levels import Levels, Parts, report_mandatory
from .loaders import find_loader, needs_recipe, recognised
from .mapping import SourceMapping
from .problems import Findings
from .recipe import Recipe, SourceSpec, markers, validate
from .scope import check_names
from .spool import Spool
from .totals import add_up, derive_totals
from .unpacking import unpacked
from .values import Rows, ValueChecker

_ACTIONS = {"M": Action.MERGE, "R": Action.REPLACE, "D": Action.DELETE}
_MOST_CHANGES = 10_000
_SLICE = 100_000


class FileJob(msgspec.Struct, frozen=True, kw_only=True):
    """One file to load without a recipe: its columns must be components. ``loader`` None = who recognises it."""

    path: Path
    loader: str | None = None
    options: dict[str, Any] = {}


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What has been read: rows of the sources, and observations that the changes name."""

    rows: int
    observations: int


class Prepared:
    """Changes that passed every check; a context manager. ``deltas`` may be read again and again until ``close``."""

    def __init__(self, spool: Spool, counts: Counts, *, replace_all: bool) -> None:
        self._spool = spool
        self._replace_all = replace_all
        self.counts = counts

    @property
    def deltas(self) -> Iterator[Delta]:
        """The changes in order; with ``mode = "replace"`` the first one deletes everything."""
        if self._replace_all:
            yield Delta(action=Action.DELETE, observations=pl.DataFrame())
        yield from self._spool.deltas()

    def close(self) -> None:
        """Remove the temporary files."""
        self._spool.close()

    def __enter__(self) -> Prepared:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self.close()


def prepare(
    job: Recipe | FileJob,
    resolved: ResolvedStructure,
    progress: Progress | None = None,
    limits: Limits | None = None,
    folder: Path | None = None,
) -> Prepared:
    """Read and check everything; raises ``Refused`` with all findings, and then nothing is handed over.

    ``folder`` is where temporary files go. ``progress`` is called with the source's name, the bytes read and its size.
    """
    spool = Spool(folder)
    try:
        with ExitStack() as unpacking:
            work = _Work(resolved, spool, progress, limits or Limits(), unpacking)
            counts = work.recipe(job) if isinstance(job, Recipe) else work.file(job)
        return Prepared(spool, counts, replace_all=isinstance(job, Recipe) and job.mode == "replace")
    except BaseException:
        spool.close()
        raise


class _Work:
    """One load in progress."""

    def __init__(
        self,
        schema: ResolvedStructure,
        spool: Spool,
        progress: Progress | None,
        limits: Limits,
        unpacking: ExitStack,
    ) -> None:
        self._schema, self._spool, self._progress, self._limits = schema, spool, progress, limits
        self._unpacking = unpacking
        self._findings = Findings()
        self._values = ValueChecker(schema, self._findings)
        self._levels = Levels(schema, self._findings)
        self._rows = 0
        self._changes = 0

    def file(self, job: FileJob) -> Counts:
        """Load a file whose columns are components."""
        for batch in self._read(job.path, job.path.name, job.loader, job.options):
            if not batch.components:
                self._findings.add("not-sdmx-csv", file=job.path.name, row=1)
                break
            self._runs(batch, job.path.name)
        return self._finish()

    def recipe(self, recipe: Recipe) -> Counts:
        """Load the sources of a recipe."""
        check_names(recipe, self._schema, self._findings)
        labels = Labels(recipe, self._findings)
        self._findings.refuse()
        gather = bool(recipe.derive or recipe.check)
        gathered: list[tuple[str, pl.DataFrame, Rows]] = []
        for spec in recipe.source:
            for frame, rows in self._mapped(recipe, spec, labels):
                if gather:
                    gathered.append((spec.file, frame, rows))
                else:
                    self._keep(recipe, frame, rows, spec.file)
        if gather:
            self._computed(recipe, gathered)
        return self._finish()

    def _mapped(self, recipe: Recipe, spec: SourceSpec, labels: Labels) -> Iterator[tuple[pl.DataFrame, Rows]]:
        mapping = SourceMapping(recipe, spec, self._schema, labels, self._findings)
        path = recipe.path.parent / spec.file
        parts: list[tuple[pl.DataFrame, Rows]] = []
        for batch in self._read(path, spec.file, spec.loader, spec.options, markers(spec)):
            frame, rows = mapping.apply(batch)
            if len(frame):
                typed = self._values.typed(frame, rows, spec.file)
                if spec.sum:
                    parts.append((typed, rows))
                else:
                    yield typed, rows
        mapping.finish()
        if parts:
            yield add_up(parts, self._schema)

    def _computed(self, recipe: Recipe, gathered: list[tuple[str, pl.DataFrame, Rows]]) -> None:
        """Derivations and declared checks see all observations together, once every value is right."""
        for file, frame, rows in gathered:
            self._keep(recipe, frame, rows, file)
        if not gathered or self._findings:
            return
        together = pl.concat([frame for _, frame, _ in gathered], how="diagonal")
        added = derive_totals(recipe, self._schema, together, self._findings)
        for frame in added:
            rows = np.zeros(len(frame), np.int64)
            self._values.recheck(frame, rows, recipe.path.name)
            self._keep(recipe, frame, rows, recipe.path.name)
        everything = pl.concat([together, *added], how="diagonal") if added else together
        run_checks(recipe, self._schema, everything, self._findings)

    def _keep(self, recipe: Recipe, frame: pl.DataFrame, rows: Rows, file: str) -> None:
        """Split and spool the flat rows of a recipe."""
        whole = recipe.mode == "replace"
        if whole:
            report_mandatory(self._schema, frame, rows, file, self._findings, own_only=False)
        whole_key = frame.select(pl.all_horizontal(pl.col(d).is_not_null() for d in self._schema.dimension_ids))
        mask = whole_key.to_series()
        frame, rows = frame.filter(mask), rows[mask.to_numpy()]  # the mapping has reported the others
        for start in range(0, len(frame), _SLICE):
            part, lines = frame[start : start + _SLICE], rows[start : start + _SLICE]
            parts = self._levels.merge(part, lines, file, keep_empty=True)
            if whole:
                self._add(Action.REPLACE, parts, file)
            else:
                self._add_merged(parts, file)

    def _add_merged(self, parts: Parts, file: str) -> None:
        """Spool what is merged. A missing figure replaces what was there; merging would leave the old one."""
        observations = parts.observations
        if observations is None:
            return
        measures = [m.id for m in self._schema.measures if m.id in observations.columns]
        gap = pl.all_horizontal([pl.col(m).is_null() for m in measures] or [pl.lit(False)])
        replaced = observations.filter(gap)
        if len(replaced):
            self._add(Action.REPLACE, Parts(observations=replaced, groups={}), file)
        self._add(Action.MERGE, Parts(observations=observations.filter(~gap), groups=parts.groups), file)

    def _runs(self, batch: RawBatch, file: str) -> None:
        """Rows of equal action are one change each, in file order."""
        frame, rows = batch.frame, batch.rows
        if not len(frame):
            return
        if "ACTION" not in frame.columns:
            self._run(Action.MERGE, frame, rows, file)
            return
        actions = frame["ACTION"]
        frame = frame.drop("ACTION")
        starts = np.flatnonzero((actions != actions.shift(1)).fill_null(True).to_numpy())
        self._changes += len(starts)
        if self._changes > _MOST_CHANGES:
            self._findings.add("too-many-actions", file=file, row=int(rows[0]), most=_MOST_CHANGES)
            return
        for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(frame)], strict=True):
            self._run(_ACTIONS[actions[start]], frame[start:end], rows[start:end], file)

    def _run(self, action: Action, frame: pl.DataFrame, rows: Rows, file: str) -> None:
        if action is Action.DELETE:
            self._delete(self._values.dimensions(plain(frame), rows, file), rows, file)
            return
        typed = self._levels.complete(self._values.typed(self._values.coded(frame), rows, file))
        replaced = action is Action.REPLACE
        if replaced:
            whole = typed.select(pl.all_horizontal(pl.col(d).is_not_null() for d in self._schema.dimension_ids))
            mask = whole.to_series()
            own = rows[mask.to_numpy()]
            report_mandatory(self._schema, typed.filter(mask), own, file, self._findings, own_only=True)
        self._add(action, self._levels.merge(typed, rows, file, keep_empty=replaced), file)

    def _delete(self, frame: pl.DataFrame, rows: Rows, file: str) -> None:
        """A row without any value deletes everything; the others what they name."""
        whole = frame.select(pl.all_horizontal(pl.all().is_null())).to_series()
        if whole.any():
            self._add(Action.DELETE, Parts(observations=pl.DataFrame(), groups={}), file)
        if not whole.all():
            self._add(Action.DELETE, self._levels.delete(frame.filter(~whole), rows[~whole.to_numpy()]), file)

    def _add(self, action: Action, parts: Parts, file: str) -> None:
        self._spool.add(action, parts, self._schema.dimension_ids, file)

    def _finish(self) -> Counts:
        self._spool.check_duplicates(self._schema.dimension_ids, self._findings)
        self._spool.check_groups(self._findings)
        self._findings.refuse()
        return Counts(rows=self._rows, observations=self._spool.observations)

    def _read(
        self, path: Path, name: str, loader: str | None, options: dict[str, Any], marked: frozenset[str] = frozenset()
    ) -> Iterator[RawBatch]:
        """The batches of one source. Findings: recipe-name, recipe-key, recipe-value, needs-recipe and the loader's."""
        plain = self._unpacking.enter_context(unpacked(path, name, self._findings, self._limits))
        found = None
        if plain is not None:
            found = recognised(plain) if loader is None else find_loader(loader, name, self._findings)
        if plain is None or found is None or (loader is None and needs_recipe(found, name, self._findings)):
            return
        before = self._findings.count
        validate(options, found.options_schema, self._findings, name)
        if self._findings.count > before:
            return
        source = Source(
            path=plain,
            name=name,
            options=options,
            structure=self._schema,
            findings=self._findings,
            limits=self._limits,
            markers=marked,
        )
        size = plain.stat().st_size if plain.is_file() else None
        for batch in found.read(source):
            self._rows += len(batch.rows)
            if self._progress is not None:
                self._progress(name, batch.done, size)
            yield batch
