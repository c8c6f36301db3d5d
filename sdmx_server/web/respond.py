"""From an answer to an HTTP response: ETag and 304 before any work, codings, caches, spooling of what is large."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

import msgspec
from werkzeug.http import http_date, parse_date, parse_etags

from .compression import encode
from .exchange import Reply, Request
from .spool import READ_SIZE, Spool

SMALL = 64 * 1024
"""Bytes up to which an answer is sent from memory. Such an answer fits the socket's buffer and holds up no thread."""


_VARY = "Accept, Accept-Encoding, Accept-Language"


class Empty(Exception):
    """The query has no results."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that has not been written yet.

    ``seed`` holds everything that the bytes depend on beside the address, coding and language: revisions and the
    writer's version. ``file_name`` is what a download is called; None = to be shown. ``chunks`` starts the writing or
    raises ``Empty``; ``close`` ends the read transaction and may be called twice.
    """

    seed: tuple[object, ...]
    updated: dt.datetime
    content_type: str
    language: str | None
    chunks: Callable[[], Iterator[bytes]]
    close: Callable[[], None]
    file_name: str | None = None


class SmallAnswers:
    """The latest small answers of this process by ETag, within a byte budget."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._used = 0
        self._answers: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, etag: str) -> bytes | None:
        """The bytes of an answer, or None."""
        with self._lock:
            if etag in self._answers:
                self._answers.move_to_end(etag)
            return self._answers.get(etag)

    def put(self, etag: str, body: bytes) -> None:
        """Keep an answer, and forget the longest unused ones beyond the budget."""
        with self._lock:
            if etag in self._answers or len(body) > self._budget // 16:
                return
            self._answers[etag] = body
            self._used += len(body)
            while self._used > self._budget:
                self._used -= len(self._answers.popitem(last=False)[1])


class Responder:
    """Turns answers into replies; one per application."""

    def __init__(self, spool: Spool, cache_bytes: int) -> None:
        self._spool = spool
        self._small = SmallAnswers(cache_bytes)

    def respond(self, request: Request, answer: Answer, coding: str) -> Reply:
        """Reply with an answer in a content coding; the answer is closed in every case."""
        etag = _etag(request, answer, coding)
        headers = [("ETag", f'"{etag}"'), ("Vary", _VARY), ("Cache-Control", "public, no-cache")]
        if answer.file_name:
            headers.append(("Content-Disposition", f'attachment; filename="{answer.file_name}"'))
        try:
            if _unchanged(request, etag, answer.updated):
                answer.close()
                return Reply(304, headers)
            headers += (("Content-Type", answer.content_type), ("Last-Modified", _date(answer.updated)))
            if answer.language:
                headers.append(("Content-Language", answer.language))
            if coding != "identity":
                headers.append(("Content-Encoding", coding))
            if request.method == "HEAD":
                answer.chunks()  # without the writing, but with its refusals: the status is that of GET
                answer.close()
                return Reply(200, headers)
            return self._filled(headers, answer, coding, etag)
        except Empty:
            answer.close()
            return Reply(204, [("Vary", _VARY)])
        except BaseException:
            answer.close()
            raise

    def _filled(self, headers: list[tuple[str, str]], answer: Answer, coding: str, etag: str) -> Reply:
        if (body := self._small.get(etag)) is not None:
            answer.close()
            return _whole(headers, body)
        if (file := self._spool.find(etag)) is not None:
            answer.close()
            headers.append(("Content-Length", str(os.fstat(file.fileno()).st_size)))
            reply = self._large(headers, lambda: iter(lambda: file.read(READ_SIZE), b""), file.close)
            reply.closing = (file.close, *reply.closing)
            return reply
        chunks = encode(answer.chunks(), coding)
        head = bytearray()
        for chunk in chunks:
            head += chunk
            if len(head) > SMALL:
                break
        else:
            answer.close()
            self._small.put(etag, bytes(head))
            return _whole(headers, bytes(head))
        return self._large(headers, lambda: self._spool.stream(etag, bytes(head), chunks, answer.close), answer.close)

    def _large(
        self, headers: list[tuple[str, str]], body: Callable[[], Iterable[bytes]], on_failure: Callable[[], None]
    ) -> Reply:
        """A reply whose body may drain slowly: it holds a slot until it is closed."""
        try:
            self._spool.acquire()
        except BaseException:
            on_failure()
            raise
        try:
            return Reply(200, headers, body(), (self._spool.release,))
        except BaseException:
            self._spool.release()
            on_failure()
            raise


_date = lru_cache(maxsize=1024)(http_date)


def _whole(headers: list[tuple[str, str]], body: bytes) -> Reply:
    headers.append(("Content-Length", str(len(body))))
    return Reply(200, headers, (body,))


def _etag(request: Request, answer: Answer, coding: str) -> str:
    # The moment tells revisions of one number apart: a failover may lose the last ones, and others take their numbers.
    parts = (answer.seed, answer.updated, answer.content_type, answer.language, coding, request.address)
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def _unchanged(request: Request, etag: str, updated: dt.datetime) -> bool:
    if held := request.header("HTTP_IF_NONE_MATCH"):
        return held == f'"{etag}"' or parse_etags(held).contains_weak(etag)  # RFC 9110, 13.1.2
    since = parse_date(request.header("HTTP_IF_MODIFIED_SINCE"))
    return since is not None and updated.replace(microsecond=0) <= since
