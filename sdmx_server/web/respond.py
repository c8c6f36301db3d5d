"""From an answer to an HTTP response: ETag and 304 before any work, codings, caches, spooling of what is large."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator

import msgspec
from flask import Response, request

from .compression import encode
from .spool import READ_SIZE, Spool

SMALL = 64 * 1024
"""Bytes up to which an answer is sent from memory. Such an answer fits the socket's buffer and holds up no thread."""


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
    """Turns answers into responses; one per application."""

    def __init__(self, spool: Spool, cache_bytes: int) -> None:
        self._spool = spool
        self._small = SmallAnswers(cache_bytes)

    def respond(self, answer: Answer, coding: str) -> Response:
        """Send an answer in a content coding; the answer is closed in every case."""
        etag = _etag(answer, coding)
        response = Response(content_type=answer.content_type)
        response.set_etag(etag)
        response.last_modified = answer.updated
        response.headers["Vary"] = "Accept, Accept-Encoding, Accept-Language"
        response.headers["Cache-Control"] = "public, no-cache"
        if answer.language:
            response.headers["Content-Language"] = answer.language
        if answer.file_name:
            response.headers["Content-Disposition"] = f'attachment; filename="{answer.file_name}"'
        if coding != "identity":
            response.headers["Content-Encoding"] = coding
        try:
            if _unchanged(etag, answer.updated):
                response.status_code = 304
                answer.close()
            elif request.method == "HEAD":
                answer.chunks()  # without the writing, but with its refusals: the status is that of GET
                answer.close()
            else:
                self._fill(response, answer, coding, etag)
        except Empty:
            answer.close()
            return empty(204, response.headers["Vary"])
        except BaseException:
            answer.close()
            raise
        return response

    def _fill(self, response: Response, answer: Answer, coding: str, etag: str) -> None:
        if (body := self._small.get(etag)) is not None:
            answer.close()
            response.set_data(body)
            return
        if (file := self._spool.find(etag)) is not None:
            answer.close()
            self._large(response, lambda: iter(lambda: file.read(READ_SIZE), b""), file.close)
            response.call_on_close(file.close)
            response.content_length = os.fstat(file.fileno()).st_size
            return
        chunks = encode(answer.chunks(), coding)
        head = bytearray()
        for chunk in chunks:
            head += chunk
            if len(head) > SMALL:
                break
        else:
            answer.close()
            self._small.put(etag, bytes(head))
            response.set_data(bytes(head))
            return
        self._large(response, lambda: self._spool.stream(etag, bytes(head), chunks, answer.close), answer.close)

    def _large(self, response: Response, body: Callable[[], Iterable[bytes]], on_failure: Callable[[], None]) -> None:
        """Give the response a body that may drain slowly: it holds a slot until it is closed."""
        try:
            self._spool.acquire()
        except BaseException:
            on_failure()
            raise
        try:
            response.response = body()
        except BaseException:
            self._spool.release()
            on_failure()
            raise
        response.call_on_close(self._spool.release)


def empty(status: int, vary: str) -> Response:
    """A response without a body; it names no content type, as there is no content."""
    response = Response(status=status)
    del response.headers["Content-Type"]
    response.headers["Vary"] = vary
    return response


def _etag(answer: Answer, coding: str) -> str:
    address = request.environ.get("RAW_URI") or request.url  # working out the latter takes time
    parts = (answer.seed, answer.content_type, answer.language, coding, address)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _unchanged(etag: str, updated: dt.datetime) -> bool:
    if request.if_none_match:
        return request.if_none_match.contains_weak(etag)  # RFC 9110, 13.1.2
    since = request.if_modified_since
    return since is not None and updated.replace(microsecond=0) <= since
