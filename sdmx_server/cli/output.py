"""Where a command writes: to standard output, or to a file that gets its name once it is whole."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def write(chunks: Iterable[bytes], output: Path | None) -> None:
    """Write all chunks to a file, or to standard output where there is none.

    A file of that name is replaced once the new one is whole. A device or a pipe (``/dev/stdout``) is never replaced
    but written to. Raises ``OSError`` where that cannot be done; nothing is left behind then.
    """
    if output is None:
        for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
    elif output.exists() and not output.is_file():
        with output.open("wb") as stream:  # raises IsADirectoryError for a folder
            stream.writelines(chunks)
    else:
        _replace(chunks, output)


def _replace(chunks: Iterable[bytes], output: Path) -> None:
    part = output.with_name(output.name + ".part")
    try:
        with part.open("wb") as file:
            file.writelines(chunks)
        part.replace(output)
    finally:
        with suppress(OSError):  # what went wrong before is what the user has to know
            part.unlink()
