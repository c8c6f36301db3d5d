"""gunicorn's threaded worker, with SDMX error messages where gunicorn itself refuses a request (never HTML)."""

from __future__ import annotations

import contextlib
from typing import Any

from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.gthread import ThreadWorker

from .errors import error_body

_REASONS = {
    400: "Bad Request",
    414: "URI Too Long",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
}


def _judge(error: BaseException) -> tuple[int, str]:
    if isinstance(error, LimitRequestLine):
        return 414, "The address is longer than this server reads (8,190 bytes); ask in several queries."
    if isinstance(error, LimitRequestHeaders):
        return 431, "The request's headers are larger than this server reads."
    if isinstance(error, ParseException):
        return 400, "The request is not valid HTTP."
    return 500, "An unexpected error; it has been logged."


class SdmxWorker(ThreadWorker):  # type: ignore[misc] # gunicorn ships no types
    """The worker class of ``sdmx-server serve``."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:  # noqa: ARG002 - signature
        """Answer a request that could not be handed to the application, and close."""
        status, text = _judge(exc)
        if status == 500:
            self.log.exception("Error handling request %s", getattr(req, "uri", "(no URI read)"))
        body, content_type = error_body(status, text)
        head = (
            f"HTTP/1.1 {status} {_REASONS[status]}\r\nConnection: close\r\nContent-Type: {content_type}\r\n"
            f"Access-Control-Allow-Origin: *\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with contextlib.suppress(OSError):  # the client may be gone, which is no news
            client.sendall(head.encode("latin-1") + body)
