"""Whether a client asks for the newest state, rather than for what a replica has of it (RFC 9111, 5.2.1.4)."""

from __future__ import annotations

from werkzeug.http import parse_cache_control_header


def wants_newest(cache_control: str | None) -> bool:
    """Whether a request says ``Cache-Control: no-cache``, as a browser does that reloads past its cache.

    A replica is a cache of the database that fills itself: who has just changed something asks past it.
    """
    return cache_control is not None and bool(parse_cache_control_header(cache_control).no_cache)
