"""A request as the API sees it, and its reply, right over WSGI.

What a framework does for every request - match routes, push contexts, make and check objects for headers - takes
longer than to find a series and print it. Sources: PEP 3333; RFC 9110.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec
from werkzeug.sansio.utils import get_current_url, get_host

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

METHODS = ("GET", "HEAD", "OPTIONS")
"""What can be done with any address of the API."""

EXPOSED = "ETag, Last-Modified, Content-Language, Content-Encoding, Content-Disposition, Retry-After, Warning"
ALLOWED = "Accept, Accept-Language, Accept-Encoding, Cache-Control, If-None-Match, If-Modified-Since"

OPEN = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", EXPOSED),
    ("X-Content-Type-Options", "nosniff"),
)
"""Headers of every response: any page may read this service (Fetch standard, CORS protocol)."""

PREFLIGHT = (
    ("Access-Control-Allow-Methods", ", ".join(("GET", "HEAD", "OPTIONS"))),
    ("Access-Control-Allow-Headers", ALLOWED),
    ("Access-Control-Max-Age", "86400"),
)
"""Headers of every response to OPTIONS."""

_STATUS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


@lru_cache(maxsize=256)
def _root(scheme: str, host: str | None, server: tuple[str, int | None] | None) -> str:
    """``https://stat.example``; the same for all requests of a client, and costly to work out."""
    return get_current_url(scheme, get_host(scheme, host, server)).rstrip("/")


class Request:
    """What the API reads of a WSGI environment."""

    __slots__ = ("environ", "method", "path")

    def __init__(self, environ: WSGIEnvironment) -> None:
        self.environ = environ
        self.method: str = environ["REQUEST_METHOD"]
        self.path: str = environ.get("PATH_INFO", "")

    def header(self, name: str) -> str | None:
        """A header by its name in the environment (``HTTP_ACCEPT``); None when it was not sent."""
        found: str | None = self.environ.get(name)
        return found

    @property
    def query(self) -> str:
        """What stands behind the question mark, as it came."""
        return str(self.environ.get("QUERY_STRING", ""))

    @property
    def address(self) -> str:
        """Path and query as they came over the wire."""
        raw: str | None = self.environ.get("RAW_URI")
        if raw:
            return raw
        path = quote(self.path.encode("latin-1"))  # as PEP 3333 hands bytes over
        return f"{path}?{self.query}" if self.query else path

    @property
    def root(self) -> str:
        """Scheme and host that the client asked, without a slash at the end. Raises werkzeug's ``SecurityError``."""
        environ = self.environ
        port = str(environ.get("SERVER_PORT", ""))
        server = (environ["SERVER_NAME"], int(port) if port.isdecimal() else None)
        return _root(environ["wsgi.url_scheme"], environ.get("HTTP_HOST"), server)


class Reply(msgspec.Struct):
    """A response: its status, headers beside those of every response, and body; ``closing`` is called at its end."""

    status: int
    headers: list[tuple[str, str]]
    body: Iterable[bytes] = ()
    closing: tuple[Callable[[], object], ...] = ()

    def send(self, start: StartResponse) -> Iterable[bytes]:
        """Hand the response to a WSGI server."""
        self.headers += OPEN
        start(_STATUS[self.status], self.headers)
        return _Closing(self.body, self.closing) if self.closing else self.body


class _Closing:
    """A body with what is to be done when it was sent, or when it could not be."""

    def __init__(self, body: Iterable[bytes], closing: tuple[Callable[[], object], ...]) -> None:
        self._body, self._closing = body, closing

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._body)

    def close(self) -> None:
        """Called by the WSGI server in every case."""
        closing, self._closing = self._closing, ()
        if closing and (own := getattr(self._body, "close", None)) is not None:
            own()
        for close in closing:
            close()
