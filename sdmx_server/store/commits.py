"""The commits of a cube in time: which revision a moment saw, and which commits lie between two revisions."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from ..errors import HistoryPruned
from ..services.ports import Commit
from .cubes import CubeRow, microseconds, moment_of
from .tables import commit

_of_cube = commit.c.cube == sa.bindparam("cube")
_at = (
    sa.select(commit.c.seq, commit.c.at)
    .where(_of_cube, commit.c.at <= sa.bindparam("moment"))
    .order_by(commit.c.seq.desc())
    .limit(1)
)
_between = (
    sa.select(commit.c.seq, commit.c.at)
    .where(_of_cube, commit.c.seq > sa.bindparam("after"), commit.c.seq <= sa.bindparam("until"))
    .order_by(commit.c.seq)
    .limit(sa.bindparam("most"))
)
_one = sa.select(commit.c.at).where(_of_cube, commit.c.seq == sa.bindparam("seq"))
BEFORE_ALL = Commit(0, moment_of(0))
"""The state before the first commit: nothing."""


def last_commit(connection: sa.Connection, cube: CubeRow, moment: dt.datetime) -> Commit:
    """The last commit at or before a moment; ``BEFORE_ALL`` before the first one."""
    found = connection.execute(_at, {"cube": cube.id, "moment": microseconds(moment)}).first()
    return Commit(found.seq, moment_of(found.at)) if found is not None else BEFORE_ALL


def commits_between(connection: sa.Connection, cube: CubeRow, after: int, until: int, most: int) -> list[Commit]:
    """The commits after one revision up to another, oldest first; no more than ``most``."""
    values = {"cube": cube.id, "after": after, "until": until, "most": most}
    return [Commit(found.seq, moment_of(found.at)) for found in connection.execute(_between, values)]


def oldest_commit(connection: sa.Connection, cube: CubeRow) -> Commit:
    """The oldest state that can be shown: ``BEFORE_ALL``, or the last commit whose history was pruned."""
    if not cube.pruned:
        return BEFORE_ALL
    return Commit(cube.pruned, moment_of(connection.execute(_one, {"cube": cube.id, "seq": cube.pruned}).scalar_one()))


def check_kept(connection: sa.Connection, cube: CubeRow, revision: int) -> None:
    """Raise ``HistoryPruned`` when a state is older than the history that is kept."""
    if revision >= cube.pruned:
        return
    raise HistoryPruned("data-pruned", dataflow=cube.reference, earliest=oldest_commit(connection, cube).at)
