"""Errors as SDMX messages: one table from domain errors to HTTP status and SDMX code.

Sources: REST 2.2.2 ``status.md``; REST 1.5.0, section 4.7.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from flask import Flask, Response, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from .. import errors
from ..error_texts import CATALOGUE, LANGUAGES, texts_of
from ..formats import FORMATS
from ..formats.api import ErrorEntry, Format
from ..formats.texts import best_language
from ..query.negotiation import languages

log = logging.getLogger(__name__)

V1 = "/sdmx/v1"
"""Where REST 1.5.0 is, whose errors differ in status and default format."""

_Status = tuple[int, int]

ERRORS: tuple[tuple[type[Exception], _Status, _Status], ...] = (
    (errors.NotFound, (404, 100), (404, 100)),
    (errors.BadQuery, (400, 140), (400, 140)),
    (errors.BadSemantics, (422, 150), (403, 150)),
    (errors.NotAcceptable, (406, 140), (406, 140)),
    (errors.NotImplementedYet, (501, 501), (501, 501)),
    (errors.TooLarge, (413, 130), (413, 510)),
    (errors.Busy, (503, 503), (503, 503)),
    (errors.Conflict, (409, 150), (403, 150)),
    (errors.Refused, (422, 150), (403, 150)),
    (errors.HistoryPruned, (422, 150), (403, 150)),
    (errors.Damaged, (500, 500), (500, 500)),
    (PoolTimeout, (503, 503), (503, 503)),
    (OperationalError, (503, 503), (503, 503)),
)
"""Exception, then HTTP status and SDMX code in REST 2.2.2 and in 1.5.0; the first match counts.

A past that was pruned is a semantic error: the question is well formed, and the office's rules on how long history is
kept forbid it. 204 and 404 would say that there were no data then, and 501 that no past can be asked for at all.
"""

_HTTP_CODES: Mapping[int, int] = {400: 140, 404: 100, 405: 140, 413: 130, 414: 140, 431: 140, 501: 501, 503: 503}


def _format(kind: str, v1: bool) -> Format:
    """What writes errors as ``xml`` or ``json``: in 1.5.0 the format of the oldest generation, else of the newest."""
    found = [f for f in FORMATS if f.write_error and f.media_type.endswith(kind)]
    return (min if v1 else max)(found, key=lambda f: f.generation)


def _is_v1() -> bool:
    return request.path == V1 or request.path.startswith(f"{V1}/")


_OF_XML = (" structure", " schema")
"""Formats of SDMX-ML (``?format=``) whose names do not tell."""


def _wanted(v1: bool) -> str:
    """The default of the API, which is XML in 1.5.0 and JSON else, unless the client asks for the other one only."""
    asked = request.headers.get("Accept", "").lower() + " " + request.args.get("format", "").lower()
    json = "json" in asked
    xml = any(word in asked for word in ("xml", "generic", "structurespecific")) or asked.endswith(_OF_XML)
    if xml == json:
        return "xml" if v1 else "json"
    return "xml" if xml else "json"


_TAG = 35
"""Characters of a language tag that are looked at (RFC 5646, section 4.4.1)."""


def _language() -> str:
    """``?lang=`` where errors are in it, else the best of Accept-Language, else English, whatever a client sends."""
    wanted = (request.args.get("lang", "")[:_TAG], *languages(request.headers.get("Accept-Language")))
    return best_language(dict.fromkeys(LANGUAGES, ""), wanted) or LANGUAGES[0]


def error_type(kind: str, v1: bool) -> str:
    """The media type of error messages in ``xml`` or ``json``, with its version."""
    chosen = _format(kind, v1)
    return f"{chosen.media_type};version={chosen.version}"


def error_body(
    status: int,
    texts: Mapping[str, str],
    code: int | None = None,
    *,
    kind: str = "json",
    v1: bool = False,
    language: str = LANGUAGES[0],
) -> tuple[bytes, str]:
    """The body and the content type of an error message; ``code`` defaults to the SDMX code of the HTTP status.

    ``texts`` has the sentence by language, and the message all of them, that of ``language`` first.
    """
    chosen = _format(kind, v1)
    assert chosen.write_error is not None  # noqa: S101 - _formats picked it for that
    entry = ErrorEntry(code or _HTTP_CODES.get(status, 500), {language: texts[language], **texts})
    charset = ";charset=utf-8" if chosen.charset else ""
    return chosen.write_error([entry]), error_type(kind, v1) + charset


def _response(status: int, texts: Mapping[str, str], code: int | None = None) -> Response:
    v1, language = _is_v1(), _language()
    body, content_type = error_body(status, texts, code, kind=_wanted(v1), v1=v1, language=language)
    response = Response(body, status, content_type=content_type)
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept, Accept-Language"
    response.headers["Cache-Control"] = "no-store"
    return response


def _domain(error: Exception) -> Response:
    v2, v1 = next((v2, v1) for kind, v2, v1 in ERRORS if isinstance(error, kind))
    status, code = v1 if _is_v1() else v2
    if isinstance(error, errors.SdmxServerError):
        texts = error.texts
    else:
        log.warning("database: %s", error)
        texts = texts_of("database-away")
    response = _response(status, texts, code)
    if status == 503:
        response.headers["Retry-After"] = str(getattr(error, "retry_after", 5))
    return response


def _http(error: HTTPException) -> Response:
    """What Flask and werkzeug refuse, in our words; ``text`` of an exception of our own is its entry."""
    status = error.code or 500
    code = getattr(error, "text", f"http-{status}")
    texts = texts_of(code) if code in CATALOGUE else texts_of("http-other", status=status, name=error.name)
    response = _response(status, texts)
    for name, value in error.get_headers():
        if name.lower() == "allow":
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected error for %s", request.url, exc_info=error)
    return _response(500, texts_of("http-500"))


def register(app: Flask) -> None:
    """Answer every error of the application with an SDMX message."""
    for kind, _, _ in ERRORS:
        app.register_error_handler(kind, _domain)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)
