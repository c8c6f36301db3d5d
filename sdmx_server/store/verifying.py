"""Verifies a database: every stored row, attribute table, history block, dictionary, index and artefact.

Each cube is read in a read transaction of its own, so that a verification can go on beside loads and answers.
"""

from __future__ import annotations

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from ..errors import NotFound
from ..model.reference import Reference
from ..services.ports import Progress
from . import cubes
from .cubes import CubeRow
from .database import read_only
from .dictionaries import DictionaryCache
from .findings import Verification
from .layout import version_line
from .metadata_sets import unsound_sets
from .registrations import unsound_registrations
from .snapshot import Snapshot
from .verify_history import HistoryCheck
from .verify_index import IndexCheck
from .verify_rows import WAY_OUT, RowCheck
from .verify_structures import unsound_artefacts, unsound_history


class Verifier:
    """Verifies a whole database, or the cubes of one dataflow."""

    def __init__(self, engine: Engine, progress: Progress) -> None:
        self._engine, self._tell = read_only(engine), progress
        self._found = Verification()

    def run(self, dataflow: Reference | None = None) -> Verification:
        """Read and check everything, or one dataflow; raises ``NotFound`` when that has no data."""
        if dataflow is None:
            self._artefacts()
            self._metadata()
        with self._engine.connect() as connection, connection.begin():
            chosen = [c for c in cubes.every(connection) if dataflow is None or _is_of(c, dataflow)]
        if dataflow is not None and not chosen:
            raise NotFound("no-data", dataflow=dataflow)
        for cube in chosen:
            self._cube(cube.id)
        return self._found

    def _artefacts(self) -> None:
        with self._engine.connect() as connection, connection.begin():
            for n, (reference, problem) in enumerate(unsound_artefacts(connection), start=1):
                self._found.artefacts = n
                if problem:
                    self._found.add(f"{reference.kind} {reference.short}", "", f"{problem}; {WAY_OUT}")
            for reference, revision, problem in unsound_history(connection):
                if problem:
                    about, place = f"{reference.kind} {reference.short}", f"as of structure revision {revision}"
                    self._found.add(about, place, f"{problem}; {WAY_OUT}")

    def _metadata(self) -> None:
        with self._engine.connect() as connection, connection.begin():
            for n, (reference, problem) in enumerate(unsound_sets(connection), start=1):
                self._found.metadata_sets = n
                if problem:
                    self._found.add(f"metadata set {reference.short}", "", f"{problem}; {WAY_OUT}")
            for n, (registration, problem) in enumerate(unsound_registrations(connection), start=1):
                self._found.registrations = n
                if problem:
                    self._found.add(f"registration {registration}", "", f"{problem}; {WAY_OUT}")

    def _cube(self, number: int) -> None:
        with self._engine.connect() as connection, connection.begin():
            cube = next((c for c in cubes.every(connection) if c.id == number), None)
            if cube is None:
                return
            self._found.cubes += 1
            about = f"{cube.agency}:{cube.dataflow}({cube.version})"
            if not cube.sound:
                self._found.add(about, "the cube's own row", f"it fails its checksum; {WAY_OUT}")
            elif cubes.find(connection, cube.reference) is None:
                self._found.add(about, "the cube's own row", f"it is not found by its version; {WAY_OUT}")
            try:
                self._checked(connection, cube)
            except sa.exc.DatabaseError as error:
                self._found.add(about, "", f"the database cannot read it: {error.orig}; {WAY_OUT}")
            except msgspec.DecodeError as error:
                self._found.add(about, "the cube's own row", f"it cannot be read: {error}; {WAY_OUT}")

    def _checked(self, connection: sa.Connection, cube: CubeRow) -> None:
        snapshot = Snapshot(connection, cube, DictionaryCache())
        index = IndexCheck(snapshot, self._found)
        if not index.dictionaries():
            self._found.add(cube.reference.short, "", "its rows were not read, for they mean nothing without the above")
            return
        commits = index.commits()
        observations: RowCheck | None = None
        for table in snapshot.tables:
            if table is None:
                continue
            rows = RowCheck(snapshot, table, self._found)
            total = cube.observations if table.layout.number == 0 else None
            rows.run(lambda done, total=total: self._tell(f"checking {cube.reference.short}", done, total))  # type: ignore[misc]
            history = HistoryCheck(snapshot, table, self._found)
            history.run(commits)
            if table.layout.number == 0:
                observations = rows
                self._found.observations += rows.n
                if history.sound:
                    index.agreement(commits, history)
        if observations is None or observations.sound:  # else damaged rows are missing in every count
            index.counts(observations)


def _is_of(cube: CubeRow, dataflow: Reference) -> bool:
    of = (cube.agency, cube.dataflow, version_line(cube.version))
    return of == (dataflow.agency, dataflow.id, version_line(dataflow.version))
