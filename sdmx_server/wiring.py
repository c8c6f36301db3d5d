"""The composition root: joins the use cases to the stores and the formats."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from .artefacts import locate
from .batches import WriteOptions
from .config import Settings
from .errors import Damaged, Malformed, NotAcceptable, SdmxServerError
from .formats import FORMATS
from .formats.detect import read_metadata_file, read_registration_file, read_structure_file
from .formats.names import format_named
from .formats.sdmx_json.structure import write_pretty
from .formats.texts import best_language, tried
from .loading.api import Limits
from .model.common import Maintainable
from .model.message import Header, StructureMessage
from .model.metadataset import MetadataSet
from .model.reference import Reference, parse_short
from .query.data import DataQuery
from .query.metadata import MetadataQuery, parse_metadata_path
from .query.paths import parse_data_path
from .registry.catalogue import Catalogue, CatalogueCache
from .registry.counterparts import turned_with_origins
from .services.availability import AvailabilityService
from .services.catalogue import StructureService
from .services.data import ROOM, DataService
from .services.headers import header
from .services.load import LoadReport, LoadService
from .services.load_metadata import MetadataLoader
from .services.load_registrations import RegistrationLoader
from .services.metadata import MetadataService
from .services.overview import OverviewService
from .services.ports import CubeStatus, Progress, PruneReport
from .services.pruning import PruningService
from .services.registrations import RegistrationDesk, RegistrationService
from .services.schema import SchemaService
from .services.structures import RegisterReport, Registrar, export_structures
from .store.backing_up import BackupReport, back_up
from .store.database import create_engine
from .store.findings import Verification
from .store.load_log import SqlLoadLog
from .store.metadata_sets import SqlMetadataStore
from .store.observation_store import PackedObservationStore
from .store.pruning import HistoryPruner
from .store.rebuilding import Rebuilder, Rebuilt
from .store.registrations import SqlRegistrationStore
from .store.replica import ANSWERING, Standing, State, Watch, is_lost, may_ask_primary, replica_engine, wait_until_shown
from .store.restoring import RestoreReport, restore
from .store.structures import SqlStructureStore
from .store.upgrade import is_current, upgrade
from .store.verifying import Verifier

T = TypeVar("T")


def prepare_database(settings: Settings) -> bool:
    """Create or upgrade the database; returns whether anything was to do."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = create_engine(settings.effective_database_url)
    try:
        return upgrade(engine)
    finally:
        engine.dispose()


def _tags(languages: Iterable[str]) -> dict[str, str]:
    return {language: language for language in sorted(languages)}


def _speaks(found: str | None, wanted: str) -> bool:
    """Whether a tag is of the language that is wanted, in whatever region."""
    return found is not None and found.partition("-")[0].lower() == wanted.partition("-")[0].lower()


class Queries:
    """The use cases that only read, over one database."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._store = SqlStructureStore(engine, settings.cache_bytes // 4)
        self._observations = PackedObservationStore(engine)
        self._catalogues = CatalogueCache(self._store)
        sender = settings.sender_id
        self.structures = StructureService(self._catalogues, sender)
        self.data = DataService(self._catalogues, self._observations, sender, settings.max_cells)
        self.schemas = SchemaService(self._catalogues, sender)
        self.availability = AvailabilityService(self._catalogues, self._observations, sender)
        self._metadata_sets = SqlMetadataStore(engine)
        self._registrations = SqlRegistrationStore(engine)
        self.metadata = MetadataService(self._catalogues, self._metadata_sets, sender)
        self.registrations = RegistrationService(self._catalogues, self._registrations, sender)
        self.overview = OverviewService(self._catalogues, self._observations)

    def close(self) -> None:
        """Give back the connections to the database; new ones are opened when it is asked again."""
        self._engine.dispose()

    def check(self) -> None:
        """Raise ``SdmxServerError`` when the database is not of this release; a database error when it is away."""
        if not is_current(self._engine):
            raise SdmxServerError("database-other")

    def catalogue(self, moment: dt.datetime | None = None) -> Catalogue:
        """All artefacts at the present revision, what a request sees, whatever it asks; or as they were at a moment.

        Raises ``HistoryPruned`` for a moment whose state is no longer kept.
        """
        return self._catalogues.current() if moment is None else self._catalogues.at(moment)

    def languages(
        self, wanted: Sequence[str], strict: bool, catalogue: Catalogue | None = None
    ) -> tuple[tuple[str, ...], str | None]:
        """The languages to write in and the Content-Language; ``strict``: raise NotAcceptable when it is not there.

        Not there is a language in which no artefact is named, nor any item or part of one, and nothing is reported.
        """
        if not wanted:
            return (), None
        there = _tags(self.structures.languages(catalogue))
        found = best_language(there, wanted)
        if strict and not _speaks(found, wanted[0]):
            there = _tags(self.structures.every_language(catalogue) | self.metadata.languages())
            found = best_language(there, wanted)
            if not _speaks(found, wanted[0]):
                raise NotAcceptable("language-not-offered", wanted=wanted[0], offered=tuple(there))
        return tried(there, wanted) or tuple(wanted), found


class Server(Queries):
    """The use cases of one server over its database, and over a replica of it, where the settings name one."""

    def __init__(self, settings: Settings) -> None:
        size = max(settings.threads // 2, ROOM)
        super().__init__(create_engine(settings.effective_database_url, pool_size=size), settings)
        self._settings = settings
        self._log = SqlLoadLog(self._engine)
        self._registrar = Registrar(self._store, self._log, lambda path: read_structure_file(path, FORMATS))
        self._loads = LoadService(
            self._catalogues, self._observations, self._log, Limits(file_bytes=settings.max_upload_bytes)
        )
        self.metadata_loads = MetadataLoader(
            self._catalogues, self._metadata_sets, self._log, lambda path: read_metadata_file(path, FORMATS)
        )
        self.registration_desk = RegistrationDesk(self._catalogues, self._registrations)
        self.registration_loads = RegistrationLoader(
            self._catalogues, self._registrations, lambda path: read_registration_file(path, FORMATS)
        )
        self._replica: Queries | None = None
        if replica := settings.read_database_url:
            self._watch = Watch(settings.effective_database_url, replica, settings.read_max_lag)
            self._replica = Queries(replica_engine(replica, size), settings)

    @property
    def embedded(self) -> bool:
        """Whether the database works within this process, as SQLite does."""
        return self._engine.dialect.name == "sqlite"

    def close(self) -> None:
        """Give back the connections to the databases."""
        super().close()
        if self._replica is not None:
            self._watch.close()
            self._replica.close()

    def ask(self, work: Callable[[Queries], T], newest: bool = False) -> T:
        """What ``work`` gives with the replica, or with the database itself; ``newest``: with that in every case.

        The replica is asked as long as it follows. What it fails to answer because it is lost, or has cancelled it, the
        database is asked, from the beginning; so is the replica when it is the database that is lost, and the replica
        then has what there is. ``work`` may therefore run twice, and must have given nothing away before it returns.
        """
        if self._replica is None or newest:
            return work(self)
        state = self._watch.state()
        if state is State.FOLLOWING:
            try:
                return work(self._replica)
            except (DBAPIError, Damaged) as error:
                if is_lost(error):
                    self._watch.lost()
                if not may_ask_primary(error):
                    raise
                return work(self)
        try:
            return work(self)
        except OperationalError:
            if state not in ANSWERING:
                raise
            return work(self._replica)

    def replica(self, wait: float | None = None) -> Standing | None:
        """How the replica stands; None without one.

        It is what the last look found, at most some seconds old; with ``wait`` it is looked at now, again and again
        until it lacks no commit or so many seconds are over.
        """
        if self._replica is None:
            return None
        return self._watch.latest() if wait is None else wait_until_shown(self._watch, wait)

    def import_structures(self, paths: Sequence[Path], progress: Progress) -> RegisterReport:
        """Register the artefacts of files and folders; see ``Registrar.register``."""
        return self._registrar.register(paths, progress)

    def export_structures(self, folder: Path, name: str, progress: Progress) -> int:
        """Write every artefact to a folder, one file each; returns how many."""
        chosen = format_named(name, "structure")

        def write(artefact: Maintainable, origins: tuple[Maintainable, ...]) -> Iterator[bytes]:
            if name == "json":
                return iter([write_pretty(artefact)])
            assert chosen.write_structures is not None  # noqa: S101 - format_named takes only those
            message = StructureMessage(header=self._export_header(), artefacts=(artefact,), origins=origins)
            if chosen.generation == "2.1":
                message = self.structures.concrete(message)
            return chosen.write_structures(message, WriteOptions())

        turn = None if name == "json" else functools.partial(turned_with_origins, chosen.generation, self.catalogue())
        return export_structures(self._store, folder, chosen.extension, write, progress, turn=turn)

    def _export_header(self) -> Header:
        revision, at = self._store.revision()
        return header(self._settings.sender_id, at, revision)

    def bootstrap(self, progress: Progress) -> list[str]:
        """Register the shipped artefacts and run the shipped recipes where they have changed; says what was done."""
        lines = []
        registered = self._registrar.register_shipped(locate("structures", self._settings.structures_dir), progress)
        if registered is None:
            lines.append("structures: unchanged")
        else:
            lines.append(f"structures: {registered.read} read, {len(registered.changed)} registered")
        for recipe in sorted(locate("dataflows", self._settings.dataflows_dir).glob("*/dataflow.toml")):
            report = self._loads.run_recipe(recipe, progress, only_if_changed=True)
            lines.append(f"{recipe.parent.name}: {report.summary() if report else 'unchanged'}")
        files = sorted(locate("dataflows", self._settings.dataflows_dir).glob("*/metadata.json"))
        metadata = self.metadata_loads.load_shipped(files, progress)
        lines.append(f"metadata: {metadata.summary() if metadata else 'unchanged'}")
        return lines

    def load_data(
        self, source: Path, dataflow: str | None, validate_only: bool, progress: Progress, *, wait: bool = True
    ) -> LoadReport:
        """Load a recipe (file or folder) or a data message; without ``dataflow`` the one that the message names.

        Without ``wait`` another load that is writing is an error, ``Busy``.
        """
        if source.is_dir():
            source = source / "dataflow.toml"
        if not source.is_file():
            raise SdmxServerError("no-file", path=source)
        if source.suffix == ".toml":
            if dataflow is not None:
                raise SdmxServerError("recipe-names-flow")
            report = self._loads.run_recipe(source, progress, validate_only=validate_only, wait=wait)
            assert report is not None  # noqa: S101 - None is only for only_if_changed
            return report
        flow = None if dataflow is None else _dataflow(dataflow)
        return self._loads.load_file(source, flow, progress, validate_only=validate_only, wait=wait)

    def export_data(self, dataflow: str, name: str) -> Iterator[bytes]:
        """All observations of a dataflow in a format (``csv``, ``json-2.0`` ...), metadata attributes included."""
        chosen = format_named(name, "data")
        assert chosen.write_data is not None  # noqa: S101 - format_named takes only those
        flow = _dataflow(dataflow)
        path = parse_data_path(f"dataflow/{flow.agency}/{flow.id}/{flow.version}")
        opened = self.data.open(DataQuery(path=path, attributes=("all",)))
        try:
            message = opened.message()
            if message is None:
                raise SdmxServerError("flow-empty", name=dataflow)
            yield from chosen.write_data(message, WriteOptions())
        finally:
            opened.close()

    def export_metadata(self, name: str) -> Iterator[bytes]:
        """All metadata sets, every version, in a format (``json``, ``xml-3.0`` ...; see ``formats.names``)."""
        chosen = format_named(name, "metadata")
        assert chosen.write_metadata is not None  # noqa: S101 - format_named takes only those
        message = self.metadata.open(MetadataQuery(path=parse_metadata_path("metadataset/*/*/*"))).message()
        if message is None:
            raise SdmxServerError("no-metadata-sets")
        yield from chosen.write_metadata(message, WriteOptions())

    def export_registrations(self, name: str) -> Iterator[bytes]:
        """All registrations as a registry message in a format (``xml``, ``xml-3.0``; see ``formats.names``)."""
        chosen = format_named(name, "registration")
        assert chosen.write_registrations is not None  # noqa: S101 - format_named takes only those
        message = self.registrations.all()
        if message is None:
            raise SdmxServerError("no-registrations")
        yield from chosen.write_registrations(message, WriteOptions())

    def metadata_list(self) -> Sequence[MetadataSet]:
        """Every metadata set, without what is reported in it."""
        return [head.metadata_set for head in self._metadata_sets.state().heads]

    def cubes(self) -> Sequence[CubeStatus]:
        """Every dataflow with data."""
        return self._observations.status()

    def verify(self, dataflow: str | None, progress: Progress) -> Verification:
        """Check all that is stored, or the data of one dataflow."""
        self.check()
        return Verifier(self._engine, progress).run(None if dataflow is None else _dataflow(dataflow))

    def backup(self, path: Path, progress: Progress) -> BackupReport:
        """Write the whole database to a file, as it is at this moment."""
        self.check()
        return back_up(self._engine, path, progress)

    def restore(self, path: Path, progress: Progress) -> RestoreReport:
        """Fill the database, which must hold nothing yet, from a backup."""
        self._settings.data_dir.mkdir(parents=True, exist_ok=True)
        return restore(self._engine, path, progress)

    def rebuild(self, dataflow: str, progress: Progress) -> Rebuilt:
        """Write the rows of a dataflow anew, cut to the size that it has now."""
        self.check()
        return Rebuilder(self._engine, _dataflow(dataflow), progress).run()

    def prune_history(
        self,
        older_than: str | None,
        before: str | None,
        dataflow: str | None,
        progress: Progress,
        *,
        dry_run: bool = False,
        compact: bool = False,
    ) -> tuple[dt.datetime, PruneReport]:
        """Forget what the data were before a moment or an age; see ``PruningService.prune``."""
        self.check()
        flow = None if dataflow is None else _dataflow(dataflow)
        service = PruningService(HistoryPruner(self._engine))
        return service.prune(older_than, before, flow, progress, dry_run=dry_run, compact=compact)


def build(settings: Settings) -> Server:
    """A server over the database that the settings name."""
    return Server(settings)


def _dataflow(text: str) -> Reference:
    try:
        return parse_short(text, "Dataflow")
    except Malformed as error:
        raise SdmxServerError("reference-wrong", reason=error.texts, example="SCI:CPI(1.0.0)") from error
