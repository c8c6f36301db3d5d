"""Errors as SDMX messages: one table from domain errors to HTTP status and SDMX code (REST ``status.md``)."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from flask import Flask, Response, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from .. import errors
from ..formats import FORMATS
from ..formats.api import ErrorEntry, Format

log = logging.getLogger(__name__)

ERRORS: tuple[tuple[type[Exception], int, int], ...] = (
    (errors.NotFound, 404, 100),
    (errors.BadQuery, 400, 140),
    (errors.BadSemantics, 422, 150),
    (errors.NotAcceptable, 406, 140),
    (errors.NotImplementedYet, 501, 501),
    (errors.TooLarge, 413, 130),
    (errors.Busy, 503, 503),
    (errors.Conflict, 409, 150),
    (errors.Refused, 422, 150),
    (errors.Damaged, 500, 500),
    (PoolTimeout, 503, 503),
    (OperationalError, 503, 503),
)
"""Exception, HTTP status, SDMX code; the first match counts."""

_HTTP_CODES: Mapping[int, int] = {400: 140, 404: 100, 405: 140, 413: 130, 414: 140, 501: 501, 503: 503}
_UNAVAILABLE = "The database does not answer at this moment; please try again in a few seconds."
_UNEXPECTED = "An unexpected error; it has been logged."


def _formats(kind: str) -> Format:
    """The newest format that writes errors as ``xml`` or ``json``."""
    found = [f for f in FORMATS if f.write_error and f.media_type.endswith(kind)]
    return max(found, key=lambda f: f.version)


def _wanted() -> str:
    """JSON, this API's default, unless the client asks for XML and not for JSON."""
    asked = request.headers.get("Accept", "").lower() + " " + request.args.get("format", "").lower()
    xml = "xml" in asked or "structurespecific" in asked or asked.endswith(" structure")
    return "xml" if xml and "json" not in asked else "json"


def error_body(status: int, text: str, code: int | None = None, kind: str = "json") -> tuple[bytes, str]:
    """The body and the content type of an error message; ``code`` defaults to the SDMX code of the HTTP status."""
    chosen = _formats(kind)
    assert chosen.write_error is not None  # noqa: S101 - _formats picked it for that
    entry = ErrorEntry(code or _HTTP_CODES.get(status, 500), {"en": text})
    return chosen.write_error([entry]), f"{chosen.media_type};version={chosen.version}"


def _response(status: int, text: str, code: int | None = None) -> Response:
    body, content_type = error_body(status, text, code, _wanted())
    response = Response(body, status, content_type=content_type)
    response.headers["Vary"] = "Accept"
    response.headers["Cache-Control"] = "no-store"
    return response


def _domain(error: Exception) -> Response:
    status, code = next((status, code) for kind, status, code in ERRORS if isinstance(error, kind))
    text = str(error)
    if isinstance(error, OperationalError | PoolTimeout):
        log.warning("database: %s", error)
        text = _UNAVAILABLE
    response = _response(status, text, code)
    if status == 503:
        response.headers["Retry-After"] = str(getattr(error, "retry_after", 5))
    return response


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    response = _response(status, error.description or error.name)
    for name, value in error.get_headers():
        if name.lower() == "allow":
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected error for %s", request.url, exc_info=error)
    return _response(500, _UNEXPECTED)


def register(app: Flask) -> None:
    """Answer every error of the application with an SDMX message."""
    for kind, _, _ in ERRORS:
        app.register_error_handler(kind, _domain)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)
