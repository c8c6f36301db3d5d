"""gunicorn's requests and responses, with what is the same again and again done once.

Clients send the same headers with every request of a connection, and this service answers with headers of few names.
Whatever is out of the ordinary goes gunicorn's own way, and every judgement about what is allowed stays its own.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from gunicorn import util
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser
from gunicorn.http.wsgi import Response

from ..remembered import Remembered

HEADER_BYTES = 4 * 1024 * 1024
_MOST = 4 * 1024
"""Room for blocks of headers that were read before, and the longest that is kept."""

_WEIGHT = 20
"""How many times its own size a block of headers takes with what was read from it."""

known_headers: Remembered[tuple[tuple[tuple[str, str], ...], str, bool]] = Remembered(HEADER_BYTES)
"""By the bytes of a block, the address it came from, version and scheme: the headers, the scheme they tell, and whether
``100 Continue`` is expected."""


_PLAIN_LINE = re.compile(r"""(GET|HEAD) ((/(?!/)[!"$->@-~]*)(?:\?([!"$-~]*))?) HTTP/1\.1""")
"""Path and query in printable ASCII, without a fragment; two slashes at the beginning could mean a host."""


class Configuration:
    """gunicorn's configuration, each setting looked up once: a request takes some twenty of them."""

    def __init__(self, source: Any) -> None:
        self._source = source

    def __getattr__(self, name: str) -> Any:
        """What the configuration has by that name; from then on it is found here."""
        value = getattr(self._source, name)
        setattr(self, name, value)
        return value


class SdmxRequest(Request):  # type: ignore[misc] # gunicorn ships no types
    """A request whose headers are looked up when the same ones were read before from the same address."""

    scheme: str
    method: str
    uri: str
    path: str
    query: str
    fragment: str
    version: tuple[int, int]
    _expected_100_continue: bool

    def parse_request_line(self, line_bytes: bytes) -> None:
        """The line as gunicorn reads and judges it; of a plain one the parts need no further look."""
        plain = _PLAIN_LINE.fullmatch(line_bytes.decode("latin-1"))
        if plain is None:
            super().parse_request_line(line_bytes)
            return
        self.method, self.uri, self.path, query = plain.groups()
        self.query, self.fragment, self.version = query or "", "", (1, 1)

    def parse_headers(self, data: bytes, from_trailer: bool = False) -> list[tuple[str, str]]:
        """The headers as gunicorn reads and judges them."""
        peer = self.peer_addr[0] if isinstance(self.peer_addr, tuple) else self.peer_addr
        key = (data, peer, self.version, self.scheme)
        if from_trailer or len(data) > _MOST:
            found: list[tuple[str, str]] = super().parse_headers(data, from_trailer)
            return found
        known = known_headers.get(key)
        if known is None:
            headers = super().parse_headers(data, from_trailer)
            known = tuple(headers), self.scheme, self._expected_100_continue
            known_headers.put(key, known, _WEIGHT * (len(data) + 100))
        headers, self.scheme, self._expected_100_continue = known
        return list(headers)


class SdmxParser(RequestParser):  # type: ignore[misc] # gunicorn ships no types
    """Reads the requests of one connection."""

    mesg_class = SdmxRequest

    def without_body(self) -> bool:
        """Whether the present request has no body, so that nothing is left of it on the connection."""
        return getattr(self.mesg.body.reader, "length", None) == 0

    def finish_body(self, deadline: float | None = None, max_bytes: int | None = None) -> bool:
        """Read what the application left of a body."""
        if self.mesg is not None and self.without_body():
            return True
        return bool(super().finish_body(deadline, max_bytes))


_OWN = frozenset(
    (
        *("ETag", "Vary", "Cache-Control", "Content-Disposition", "Content-Type", "Last-Modified"),
        *("Content-Language", "Content-Encoding", "Content-Length", "Access-Control-Allow-Origin"),
        *("Access-Control-Expose-Headers", "X-Content-Type-Options"),
    )
)
_VALUES = re.compile(r"[ \t\x21-\x7e\x80-\xff\n]*")
"""What gunicorn allows in values, and the line end that stands between them here."""


@lru_cache(maxsize=4)
def _date(_second: int) -> str:
    return str(util.http_date())


class SdmxResponse(Response):  # type: ignore[misc] # gunicorn ships no types
    """A response whose head is put together at once, and goes out together with a body that is there in one piece."""

    headers_sent: bool

    def process_headers(self, headers: Sequence[tuple[str, str]]) -> None:
        """Take the headers, as gunicorn does for those that it does not know."""
        text = "\n".join([value for _, value in headers])
        if not _VALUES.fullmatch(text) or text.count("\n") >= max(len(headers), 1):
            super().process_headers(headers)
            return
        for name, value in headers:
            if name not in _OWN:
                self.headers.clear()
                self.response_length = None
                super().process_headers(headers)
                return
            if name == "Content-Length":
                self.response_length = int(value)
            self.headers.append((name, value.strip(" \t")))

    def write(self, arg: bytes) -> None:
        """Send a part of the body, before it the head."""
        if self.headers_sent or self._omits_body or self.chunked or len(arg) != self.response_length:
            super().write(arg)
            return
        connection = "close" if self.should_close() else "keep-alive"
        head = (
            f"HTTP/{self.req.version[0]}.{self.req.version[1]} {self.status}\r\nServer: {self.version}\r\n"
            f"Date: {_date(int(time.time()))}\r\nConnection: {connection}\r\n"
        )
        lines = "".join([f"{name}: {value}\r\n" for name, value in self.headers])
        self.headers_sent = True
        self.sent = len(arg)
        util.write(self.sock, f"{head}{lines}\r\n".encode("latin-1") + arg)
