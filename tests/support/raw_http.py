"""Requests byte by byte, such as no library for clients would send."""

from __future__ import annotations

import http.client
import socket
from urllib.parse import urlsplit

import requests


def raw(base: str, data: bytes) -> requests.Response:
    """What comes back for bytes as they stand."""
    where = urlsplit(base)
    with socket.create_connection((where.hostname, where.port), timeout=20) as client:
        client.sendall(data)
        found = http.client.HTTPResponse(client)
        found.begin()
        answer = requests.Response()
        answer.status_code = found.status
        answer.headers.update(dict(found.getheaders()))
        answer._content = found.read()
        return answer


def request(path: bytes, *headers: bytes) -> bytes:
    """A GET of a path of REST 2.2.2, with further headers, as bytes."""
    return b"\r\n".join((b"GET /sdmx/v2" + path + b" HTTP/1.1", b"Host: x", b"Connection: close", *headers, b"", b""))
