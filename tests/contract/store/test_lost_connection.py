"""A connection whose server goes without a word, as a machine does that loses power."""

from __future__ import annotations

import os
import socket
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from sdmx_server.store.transaction import read_transaction

_ONE = sa.select(sa.literal(1))


@pytest.mark.parametrize("begun", [False, True])
def test_it_is_told_as_a_database_that_is_away_and_the_next_connection_works(
    postgresql_engine: Engine, begun: bool
) -> None:
    taken: list[Any] = []
    sa.event.listen(postgresql_engine, "checkout", lambda connection, *_: taken.append(connection))
    with read_transaction(postgresql_engine) as transaction:
        if begun:
            assert transaction.fetch(_ONE, {"param_1": 1}) == [[1]]
        with socket.socket(fileno=os.dup(taken[-1].fileno())) as held:
            held.shutdown(socket.SHUT_RDWR)
        with pytest.raises(sa.exc.OperationalError):
            transaction.fetch(_ONE, {"param_1": 1})
    with read_transaction(postgresql_engine) as transaction:
        assert transaction.fetch(_ONE, {"param_1": 1}) == [[1]]
