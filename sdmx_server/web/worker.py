"""gunicorn's threaded worker, with SDMX error messages where gunicorn itself refuses a request (never HTML)."""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import struct
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.gthread import ThreadWorker

from ..config import Settings
from .errors import V1, error_body

_REASONS = {
    400: "Bad Request",
    414: "URI Too Long",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
}


REQUEST_SECONDS = 5.0
"""The longest pause within a request: it is one line and some headers, so half of one is a fault or an attack."""


def _judge(error: BaseException) -> tuple[int, str]:
    if isinstance(error, LimitRequestLine):
        return 414, "The address is longer than this server reads (8,190 bytes); ask in several queries."
    if isinstance(error, LimitRequestHeaders):
        return 431, "The request's headers are larger than this server reads."
    if isinstance(error, ParseException):
        return 400, "The request is not valid HTTP."
    return 500, "An unexpected error; it has been logged."


def _is_v1(error: BaseException) -> bool:
    """Whether the request asked REST 1.5.0 for something.

    gunicorn hands over no request that it could not read, so this looks at what its parser had read of it.
    """
    for frame, _ in traceback.walk_tb(error.__traceback__):
        address = getattr(frame.f_locals.get("self"), "uri", None)
        line = frame.f_locals.get("data")
        if address is None and isinstance(line, bytes | bytearray):
            address = bytes(line[:100]).decode("latin-1").partition(" ")[2]
        if address:
            return str(address).startswith(f"{V1}/")
    return False


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a log record tells more than that a client was too slow."""
    return not (record.exc_info and isinstance(record.exc_info[1], TimeoutError | BlockingIOError))


_HEALTH = (b"GET /healthz", b"HEAD /healthz")


def _begun(sock: socket.socket) -> bytes | None:
    """How a request begins that waits on a socket; None when there is none yet, empty when its end has come."""
    try:
        return sock.recv(len(_HEALTH[1]), socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return None
    except OSError:
        return b""  # for the thread to find out


def _already_closed(graceful: bool = False) -> None:
    """In place of a connection's ``close``."""


class SdmxWorker(ThreadWorker):  # type: ignore[misc] # gunicorn ships no types
    """The worker class of ``sdmx-server serve``."""

    def init_process(self) -> None:
        """Begin to serve, with the patience that the settings name."""
        self._health = ThreadPoolExecutor(1, "health")
        seconds, fraction = divmod(min(Settings().send_timeout, REQUEST_SECONDS), 1)
        self._patience = struct.pack("ll", int(seconds), int(fraction * 1e6))
        self.log.error_log.addFilter(_is_news)
        super().init_process()

    def enqueue_req(self, conn: Any) -> None:
        """Hand a connection to a thread; asked for its health the worker answers even when all threads wait.

        A new connection that has sent nothing waits for that in the main loop, without a thread.
        """
        begun = _begun(conn.sock)
        if begun is None and not conn.initialized:
            conn.sock.setblocking(False)
            conn.timeout = time.monotonic() + self.cfg.keepalive
            self.pending_conns.append(conn)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))
            return
        pool = self._health if begun is not None and begun.startswith(_HEALTH) else self.tpool
        done = pool.submit(self.handle, conn)
        done.add_done_callback(lambda ended: self.method_queue.defer(self.finish_request, conn, ended))

    def handle(self, conn: Any) -> Any:
        """Serve a connection; a client that begins a request and does not go on is dropped.

        The limit is the socket's own, as gunicorn makes the socket blocking again before it reads. A connection that
        ends is closed here: gunicorn waits for the client to close too, in its main loop, and every other client with
        it.
        """
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, self._patience)
        goes_on = super().handle(conn)
        if not goes_on:
            conn.close(graceful=True)
            conn.close = _already_closed
        return goes_on

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:  # noqa: ARG002 - signature
        """Answer a request that could not be handed to the application, and close."""
        status, text = _judge(exc)
        if status == 500:
            self.log.exception("Error handling request %s", getattr(req, "uri", "(no URI read)"))
        v1 = _is_v1(exc)
        body, content_type = error_body(status, text, kind="xml" if v1 else "json", v1=v1)
        head = (
            f"HTTP/1.1 {status} {_REASONS[status]}\r\nConnection: close\r\nContent-Type: {content_type}\r\n"
            f"Access-Control-Allow-Origin: *\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with contextlib.suppress(OSError):  # the client may be gone, which is no news
            client.sendall(head.encode("latin-1") + body)
