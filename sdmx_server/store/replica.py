"""A streaming replica of a PostgreSQL database: an engine over it, and a watch over how far it is behind.

PostgreSQL applies the primary's commits to a replica in their order, so a replica shows a state that the primary had:
whole commits, the same revisions, hence the same ETags. All there is to watch is whether it answers, whether it is a
replica of this primary at all, and how many commits it lacks.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

import msgspec
import psycopg.errors
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from ..errors import Damaged, SdmxServerError
from .database import create_engine, normalise_url
from .structure_tables import structure_revision
from .tables import commit, cube
from .upgrade import releases

T = TypeVar("T")

log = logging.getLogger(__name__)

_PATIENCE = {"connect_timeout": 3, "tcp_user_timeout": 10_000, "keepalives_idle": 5, "keepalives_interval": 2}
"""Seconds and milliseconds after which a server is given up in whose place another one can answer."""

_LOOK_SECONDS = 1.0
_LOOK_MS = 3_000


class State(StrEnum):
    """What a replica is like at the last look."""

    FOLLOWING = "following"
    """It answers, and lacks no commit for longer than it may."""

    BEHIND = "behind"
    """It answers, and lacks commits for too long, or has not caught up since it did or was away."""

    AWAY = "away"
    """It does not answer."""

    PROMOTED = "promoted"
    """It takes writes of its own and follows no more."""

    FOREIGN = "foreign"
    """It is no copy of the primary: another cluster or database, or tables of another release."""


ANSWERING = frozenset((State.FOLLOWING, State.BEHIND, State.PROMOTED))
"""The states in which a replica answers where the primary does not."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Primary and replica at one look; None where it could not be told.

    ``commits_behind`` counts changes of data and of structures, ``seconds_behind`` is how long ago the primary made the
    first of them, ``bytes_behind`` is of its log, with what belongs to no commit. ``replayed_at`` is when the primary
    made the last transaction that the replica has (``pg_last_xact_replay_timestamp``).
    """

    state: State
    primary: bool
    commits_behind: int | None = None
    seconds_behind: float | None = None
    bytes_behind: int | None = None
    replayed_at: dt.datetime | None = None

    @property
    def asked(self) -> bool:
        """Whether it is the replica that answers queries."""
        return self.state is State.FOLLOWING


class _Position(msgspec.Struct, frozen=True, kw_only=True):
    """Where a database stands."""

    system: tuple[int, str]
    release: str
    following: bool
    log: int | None
    replayed_at: dt.datetime | None
    commits: int
    newest: int


_POSITION = sa.text(
    "SELECT system_identifier, current_database(), pg_is_in_recovery(), pg_last_xact_replay_timestamp(), "
    "(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END - '0/0'::pg_lsn)"
    "::bigint, (SELECT version_num FROM alembic_version) FROM pg_control_system()"
)
_STRUCTURES = sa.select(sa.func.max(structure_revision.c.revision), sa.func.max(structure_revision.c.at))
_DATA = sa.select(sa.func.sum(cube.c.data_rev), sa.func.max(cube.c.updated))
_FIRST_AFTER = sa.union_all(
    sa.select(sa.func.min(commit.c.at).label("at")).where(commit.c.at > sa.bindparam("moment")),
    sa.select(sa.func.min(structure_revision.c.at)).where(structure_revision.c.at > sa.bindparam("moment")),
)


def replica_engine(url: str, pool_size: int) -> Engine:
    """An engine over a replica; nothing is ever written through it, whatever becomes of the server.

    Raises ``SdmxServerError`` for a database that is not PostgreSQL.
    """
    engine = _engine(url, pool_size)

    @sa.event.listens_for(engine, "checkout")
    def _only_read(connection: Any, _record: Any, _pooled: Any) -> None:
        connection.read_only = True  # SQLAlchemy sets it to False whenever it takes a connection back

    return engine


def _engine(url: str, pool_size: int) -> Engine:
    parsed = normalise_url(url)
    if parsed.get_backend_name() != "postgresql":
        raise SdmxServerError("replica-not-postgresql", found=parsed.get_backend_name())
    wanted = {name: str(value) for name, value in _PATIENCE.items() if name not in parsed.query}
    return create_engine(parsed.update_query_dict(wanted).render_as_string(hide_password=False), pool_size=pool_size)


def is_lost(error: BaseException) -> bool:
    """Whether a database failed as one does that goes away, rather than over the one statement."""
    original = getattr(error, "orig", None)
    conflict = isinstance(original, psycopg.errors.SerializationFailure | psycopg.errors.DeadlockDetected)
    return isinstance(error, sa.exc.OperationalError) and not conflict


def means_no_writes(error: BaseException) -> bool:
    """Whether a database says that it is a replica, which takes no writes."""
    original = getattr(error, "orig", None)
    return isinstance(original, psycopg.errors.ReadOnlySqlTransaction) or "during recovery" in str(original)


def may_ask_primary(error: BaseException) -> bool:
    """Whether the primary may well answer what a replica failed to.

    A replica cancels a query whose rows or tables the primary has cleared away, or does not find the table any more
    (PostgreSQL, "Handling Query Conflicts"), and what is damaged on its disk need not be so elsewhere.
    """
    undefined = isinstance(getattr(error, "orig", None), psycopg.errors.UndefinedTable)
    return undefined or isinstance(error, sa.exc.OperationalError | Damaged)


class Watch:
    """Looks at primary and replica, once a second from the first question on, in a thread of its own.

    ``most_seconds``: how long a replica may lack a commit and still be asked.
    """

    def __init__(self, primary: str, replica: str, most_seconds: float) -> None:
        self._primary, self._replica = _engine(primary, 1), _engine(replica, 1)
        self._most = most_seconds
        self._latest: Standing | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._end = threading.Event()

    def state(self) -> State | None:
        """The state of the replica at the last look; None before the first one. Begins to look, and never waits."""
        if self._thread is None:
            self._begin()
        latest = self._latest
        return latest.state if latest else None

    def latest(self) -> Standing:
        """The last look; the first one if there was none yet."""
        return self._latest or self.look()

    def lost(self) -> None:
        """Take note that the replica has just failed; the next look may find it back."""
        latest = self._latest
        if latest is not None:
            self._latest = Standing(state=State.AWAY, primary=latest.primary)

    def close(self) -> None:
        """Look no more."""
        self._end.set()
        for engine in (self._primary, self._replica):
            engine.dispose()

    def _begin(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._go_on, name="replica", daemon=True)
                self._thread.start()

    def _go_on(self) -> None:
        while not self._end.is_set():
            before, found = self._latest, self.look()
            if before is None or before.state != found.state:
                log.warning("the replica is %s", found.state.value)
            self._latest = found
            self._end.wait(_LOOK_SECONDS)

    def look(self) -> Standing:
        """Look now; takes some seconds at most, however either of the two is lost."""
        primary = _tried(self._primary, _position)
        replica = _tried(self._replica, _position)
        if replica is None:
            return Standing(state=State.AWAY, primary=primary is not None)
        if replica.release != releases()[-1] or (primary and primary.system != replica.system):
            return Standing(state=State.FOREIGN, primary=primary is not None)
        state = State.FOLLOWING if replica.following else State.PROMOTED
        if primary is None:
            return Standing(state=state, primary=False, replayed_at=replica.replayed_at)
        commits = max(0, primary.commits - replica.commits)  # it may have caught up between the two looks
        seconds = self._seconds(replica.newest) if commits else 0.0
        if state is State.FOLLOWING and not self._near(commits, seconds):
            state = State.BEHIND
        known = primary.log is not None and replica.log is not None
        return Standing(
            state=state,
            primary=True,
            commits_behind=commits,
            seconds_behind=seconds,
            bytes_behind=max(0, (primary.log or 0) - (replica.log or 0)) if known else None,
            replayed_at=replica.replayed_at,
        )

    def _near(self, commits: int, seconds: float | None) -> bool:
        """Whether a replica may be asked; one that could not be asked has to catch up first, lest time go back."""
        latest = self._latest
        if latest is not None and latest.state is not State.FOLLOWING:
            return not commits
        return seconds is not None and seconds <= self._most

    def _seconds(self, newest: int) -> float | None:
        """How long ago, by the primary's clock, it made the first change that came after a moment."""

        def ago(connection: sa.Connection) -> float:
            now = connection.scalar(sa.text("SELECT extract(epoch FROM clock_timestamp())"))
            found = [at for at in connection.scalars(_FIRST_AFTER, {"moment": newest}) if at is not None]
            return max(0.0, round(float(now) - min(found, default=newest) / 1e6, 3))

        return _tried(self._primary, ago)


def _position(connection: sa.Connection) -> _Position:
    system, database, following, replayed_at, log_position, release = connection.execute(_POSITION).one()
    structures, changed = connection.execute(_STRUCTURES).one()
    data, updated = connection.execute(_DATA).one()
    return _Position(
        system=(system, database),
        release=release,
        following=following,
        log=log_position,
        replayed_at=replayed_at,
        commits=int(data or 0) + (structures or 0),
        newest=max(updated or 0, changed or 0),
    )


def _tried(engine: Engine, work: Callable[[sa.Connection], T]) -> T | None:
    """What ``work`` finds in a short transaction; None from a database that does not answer or has no such tables."""
    try:
        with engine.connect() as connection, connection.begin():
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = {_LOOK_MS}")
            return work(connection)
    except sa.exc.DBAPIError as error:
        log.debug("no look at %s: %s", engine.url.host, error)
        return None


def wait_until_shown(watch: Watch, seconds: float) -> Standing:
    """Look until the replica lacks no commit, or so many seconds are over; the last look."""
    until = time.monotonic() + seconds
    while True:
        found = watch.look()
        if found.commits_behind == 0 or time.monotonic() >= until:
            return found
        time.sleep(min(0.05, seconds))
