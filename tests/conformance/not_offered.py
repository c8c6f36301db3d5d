"""What the specification has and this server does not do, and why; tests prove what it answers instead.

A mark of such an item proves the answer that is said here, never that the item works.
"""

from __future__ import annotations

_READS = "`501`: the service reads; artefacts and registrations are loaded by its command line."
_OPEN = "Never sent: the service is open to everyone, and credentials change nothing."
_NO_LIMIT_OF_CLIENTS = "Never sent: no parameter of REST says what a client can take; the service's own limit is `510`."
_ONLY_REPORTS = "`501`: generic metadata of SDMX 2.1 have no place for a report without what is reported."

NOT_OFFERED: dict[str, str] = {
    "v1 http: error=110": _OPEN,
    "v1 http: error=130": _NO_LIMIT_OF_CLIENTS,
    "v1 http: status=401": _OPEN,
    **{f"v1 metadata: detail={detail}": _ONLY_REPORTS for detail in ("serieskeysonly", "nodata")},
    **{f"v2 maintenance: method={method}": _READS for method in ("POST", "PUT", "DELETE")},
    "v2 maintenance: partial item schemes": _READS,
    "v2 maintenance: submission of registrations": _READS,
    "v2 maintenance: answer=SubmitStructureResponse": _READS,
    **{f"v2 maintenance: status={status}": _READS for status in (200, 201, 207, 404, 409, 422)},
    "v2 http: compression=compress": "`406`: a coding of the past; `gzip`, `br`, `deflate`, `zstd` are offered.",
    "v2 http: status=401": _OPEN,
    "v2 http: status=403": _OPEN,
}
"""Item -> what is answered instead, as Markdown."""
