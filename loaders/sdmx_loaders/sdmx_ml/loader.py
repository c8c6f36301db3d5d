"""The loader ``sdmx-ml``: data messages of SDMX-ML 2.1, 3.0 and 3.1."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from sdmx_server.loading.api import Findings, Limits, RawBatch, Source
from sdmx_server.model.reference import Reference

from .message import Message
from .shortcut import Shortcut
from .stream import File, Stop

_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class SdmxMlLoader:
    """Reads SDMX-ML; its columns are components. The option is described in ``docs/recipes.md``."""

    name: ClassVar[str] = "sdmx-ml"
    options_schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"ignore": {"type": "array", "items": {"type": "string"}}},
    }

    def recognises(self, head: bytes) -> bool:
        """Whether this is XML: whatever kind of XML it is, this loader says best what is wrong with it."""
        for mark, encoding in _MARKS.items():
            if head.startswith(mark):
                text = head[len(mark) :].decode(encoding, "replace")
                return text.lstrip().startswith("<")
        return head.lstrip().startswith((b"<", b"<\0", b"\0<"))

    def structures(self, path: Path) -> tuple[Reference, ...]:
        """The dataflows, data structures or provision agreements that the header names; none when it cannot be read."""
        message: list[Message] = []

        def listen(file: File) -> Message:
            message.append(Message(file, None))
            return message[0]

        for _ in File(path, path.name, Findings(), Limits()).events(listen):
            pass
        known = message[0].header.organisations.values() if message else ()
        return tuple(dict.fromkeys(o.reference for o in known if o.reference is not None))

    def read(self, source: Source) -> Iterator[RawBatch]:
        """Yield the rows, columns named by component.

        Findings: those of ``stream``, ``message``, ``content``, ``comp`` and ``columns``.
        """
        file = File(source.path, source.name, source.findings, source.limits)
        message = Message(file, source)
        done = 0
        try:
            for done in file.events(lambda _: message, Shortcut(file, message).feed):
                if message.rows is not None:
                    yield from message.rows.batches(done, hold=message.reading)
            if message.rows is not None and not source.findings:
                yield from message.rows.batches(done, last=True)
        except Stop:
            return
