"""Clients that are slow on purpose."""

from __future__ import annotations

import array
import fcntl
import socket
import termios
import time
from collections.abc import Callable
from urllib.parse import urlsplit


def opened(base: str, text: str, window: int = 2048) -> socket.socket:
    """A connection with the smallest window there is, that has sent the text."""
    where = urlsplit(base)
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    client.settimeout(30)
    client.connect((where.hostname, where.port))
    client.sendall(text.encode())
    return client


def stalled(base: str, path: str) -> socket.socket:
    """A client that asks for something and reads nothing of it."""
    return opened(base, f"GET /sdmx/v2{path} HTTP/1.1\r\nHost: x\r\nAccept: application/xml\r\n\r\n")


def waiting(client: socket.socket) -> int:
    """Bytes that have come and were not read."""
    size = array.array("i", [0])
    fcntl.ioctl(client, termios.FIONREAD, size)
    return size[0]


def drained(client: socket.socket) -> bytes:
    """Everything that still comes until the server closes."""
    found = bytearray()
    try:
        while chunk := client.recv(65536):
            found += chunk
    except ConnectionResetError:
        pass
    return bytes(found)


def until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait for a condition; fails when it does not come true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
