"""A real server for tests: bootstrapped like a user's, served by gunicorn on a free port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

COMMAND = Path(sys.executable).with_name("sdmx-server")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def run(*arguments: str, env: dict[str, str], check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run ``sdmx-server`` with the arguments, as a user does."""
    done = subprocess.run(
        [COMMAND, *arguments], env=env, capture_output=True, text=True, encoding="utf-8", check=False, timeout=280
    )
    if check:
        assert done.returncode == 0, done.stdout + done.stderr
    return done


def environment(folder: Path, database_url: str = "", **more: str) -> dict[str, str]:
    """The environment of a server of its own below ``folder``."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SDMX_")}
    return {**kept, "SDMX_DATA_DIR": str(folder), "SDMX_DATABASE_URL": database_url, "COLUMNS": "400", **more}


def bootstrapped(folder: Path) -> dict[str, str]:
    """The environment of a server below ``folder`` with all shipped products loaded."""
    env = environment(folder)
    run("bootstrap", env=env)
    return env


@contextmanager
def serving(env: dict[str, str], workers: int = 2) -> Iterator[str]:
    """A running server; yields its base address without a trailing slash."""
    port = free_port()
    process = subprocess.Popen(
        [COMMAND, "serve", "--port", str(port), "--workers", str(workers)],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 90  # machines can be busy
        while True:
            try:
                requests.get(f"{base}/readyz", timeout=5).raise_for_status()
                break
            except requests.RequestException:
                if process.poll() is not None or time.monotonic() > deadline:
                    process.kill()
                    _, errors = process.communicate()
                    raise AssertionError(f"the server did not start: {errors.decode()}") from None
                time.sleep(0.1)
        yield base
    finally:
        process.terminate()
        try:
            process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


@pytest.fixture(scope="session")
def products(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a server with all shipped products loaded; do not change its data."""
    return bootstrapped(tmp_path_factory.mktemp("products"))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The same for one module of tests, which may change its data."""
    return bootstrapped(tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="session")
def live(products: dict[str, str]) -> Iterator[str]:
    """The base address of a running server with all shipped products."""
    with serving(products) as base:
        yield base
