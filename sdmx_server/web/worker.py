"""gunicorn's threaded worker, with SDMX error messages where gunicorn itself refuses a request (never HTML)."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import logging
import select
import selectors
import socket
import struct
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from gunicorn.http import wsgi
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.gthread import ThreadWorker

from ..config import Settings
from ..error_texts import texts_of
from .errors import V1, error_body
from .wire import Configuration, SdmxParser, SdmxResponse

_REASONS = {
    400: "Bad Request",
    414: "URI Too Long",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
}


REQUEST_SECONDS = 5.0
"""The longest pause within a request: it is one line and some headers, so half of one is a fault or an attack."""


REST_MS = 100
"""Milliseconds that a thread waits for the next request of a connection that it has just served."""


def _seconds(seconds: float) -> bytes:
    """A time as a socket option."""
    whole, fraction = divmod(seconds, 1)
    return struct.pack("ll", int(whole), int(fraction * 1e6))


def _judge(error: BaseException) -> int:
    """The HTTP status."""
    if isinstance(error, LimitRequestLine):
        return 414
    if isinstance(error, LimitRequestHeaders):
        return 431
    return 400 if isinstance(error, ParseException) else 500


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
        settings = Settings()
        self.cfg: Any = Configuration(self.cfg)
        self._patience = _seconds(min(settings.send_timeout, REQUEST_SECONDS)), _seconds(settings.send_timeout)
        self._plain = not self.cfg.is_ssl and self.cfg.http2_cleartext == "off" and self.cfg.protocol == "http"
        self._resting, self._most_resting, self._rest = 0, self.cfg.threads // 2, threading.Lock()
        self.log.error_log.addFilter(_is_news)
        super().init_process()

    def load_wsgi(self) -> None:
        """Make the application; what it is made of is never looked through for garbage."""
        super().load_wsgi()
        gc.collect()
        gc.freeze()

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
        conn.data_ready = True
        pool = self._health if begun is not None and begun.startswith(_HEALTH) else self.tpool
        done = pool.submit(self.handle, conn)
        done.add_done_callback(lambda ended: self.method_queue.defer(self.finish_request, conn, ended))

    def handle(self, conn: Any) -> Any:
        """Serve a connection; a client that begins a request and does not go on is dropped.

        The limits are the socket's own, as gunicorn makes the socket blocking again before it reads. A connection that
        ends is closed here: gunicorn waits for the client to close too, in its main loop, and every other client with
        it.
        """
        if not conn.initialized:
            for option, seconds in zip((socket.SO_RCVTIMEO, socket.SO_SNDTIMEO), self._patience, strict=True):
                conn.sock.setsockopt(socket.SOL_SOCKET, option, seconds)
            if self._plain:
                conn.parser = SdmxParser(self.cfg, conn.sock, conn.client)
        goes_on = super().handle(conn)
        while goes_on is True and self._goes_on_soon(conn):
            goes_on = super().handle(conn)
        if not goes_on:
            conn.close(graceful=True)
            conn.close = _already_closed
        return goes_on

    def _goes_on_soon(self, conn: Any) -> bool:
        """Whether the next request of a connection is there, or comes at once: then the thread stays with it.

        To hand a connection to the main loop and back takes longer than to answer. Only half of the threads wait so.
        """
        if not self.alive or conn.parser.unreader.buf.getvalue():
            return False
        with self._rest:
            if self._resting >= self._most_resting:
                return False
            self._resting += 1
        try:
            waiting = select.poll()
            waiting.register(conn.sock, select.POLLIN)
            return bool(waiting.poll(REST_MS)) and self.alive
        finally:
            with self._rest:
                self._resting -= 1

    def handle_request(self, req: Any, conn: Any) -> bool:
        """Answer one request by the application; returns whether the connection stays open."""
        if not self._plain or self.cfg.max_requests:
            return bool(super().handle_request(req, conn))
        began = dt.datetime.now()
        resp, environ = wsgi.create(req, conn.sock, conn.client, conn.server, self.cfg, response_class=SdmxResponse)
        environ["wsgi.multithread"] = True
        del environ["gunicorn.socket"]  # it has its limits
        if not self.alive or not self.cfg.keepalive or len(self.keepalived_conns) >= self.max_keepalived:
            resp.force_close()
        try:
            body = self.wsgi(environ, resp.start_response)
            try:
                for part in body:
                    resp.write(part)
                resp.close()
            finally:
                self.log.access(resp, req, environ, dt.datetime.now() - began)
                if hasattr(body, "close"):
                    body.close()
        except OSError:
            raise
        except (Exception, SystemExit):
            if not resp.headers_sent:
                raise
            self.log.exception("Error handling request")  # a second status in the same response would corrupt it
            raise StopIteration from None
        return not resp.should_close()

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:  # noqa: ARG002 - signature
        """Answer a request that could not be handed to the application, and close."""
        status = _judge(exc)
        if status == 500:
            self.log.exception("Error handling request %s", getattr(req, "uri", "(no URI read)"))
        v1 = _is_v1(exc)
        body, content_type = error_body(status, texts_of(f"http-{status}"), kind="xml" if v1 else "json", v1=v1)
        head = (
            f"HTTP/1.1 {status} {_REASONS[status]}\r\nConnection: close\r\nContent-Type: {content_type}\r\n"
            "Content-Language: en\r\n"
            f"Access-Control-Allow-Origin: *\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with contextlib.suppress(OSError):  # the client may be gone, which is no news
            client.sendall(head.encode("latin-1") + body)
