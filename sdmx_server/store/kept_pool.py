"""A pool whose connections go from one look-up to the next without being handed back in between.

What SQLAlchemy does when a connection leaves its pool and comes back takes as long as finding a row in SQLite. A
connection that is kept stays out of the pool, for the next look-up of any thread.
"""

from __future__ import annotations

from collections import deque

from sqlalchemy.engine import Engine
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

_MOST = 4
"""Connections that are kept; what has no place among them goes back to the pool."""


class KeepingPool(QueuePool):
    """SQLAlchemy's pool with a few connections kept ready outside of it. Safe for use from many threads."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type] # handed through
        self._kept: deque[PoolProxiedConnection] = deque()

    def take(self) -> PoolProxiedConnection:
        """A connection without a transaction, the last one kept if there is any."""
        try:
            return self._kept.pop()
        except IndexError:
            return self.connect()

    def give(self, pooled: PoolProxiedConnection) -> None:
        """Take back what ``take`` gave, without a transaction."""
        if len(self._kept) < _MOST and pooled.is_valid:
            self._kept.append(pooled)
        else:
            pooled.close()

    def dispose(self) -> None:
        """Close all connections that nobody uses."""
        while self._kept:
            self._kept.pop().close()
        super().dispose()


def take(engine: Engine) -> PoolProxiedConnection:
    """A connection of an engine for a look-up, to be handed to ``give``. Raises what the driver raises."""
    pool = engine.pool
    return pool.take() if isinstance(pool, KeepingPool) else pool.connect()


def give(engine: Engine, pooled: PoolProxiedConnection) -> None:
    """Hand back a connection that ``take`` gave, in which no transaction is open."""
    pool = engine.pool
    if isinstance(pool, KeepingPool):
        pool.give(pooled)
    else:
        pooled.close()
