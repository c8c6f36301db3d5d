"""The generations of SDMX-ML and the namespaces of their messages (SDMX-ML section 3A, part I)."""

from __future__ import annotations

from functools import cache

V21, V30, V31 = "2.1", "3.0", "3.1"
ALL = frozenset({V21, V30, V31})
FROM_30 = frozenset({V30, V31})

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
XHTML = "http://www.w3.org/1999/xhtml"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"

_BASE = "http://www.sdmx.org/resources/sdmxml/schemas/v{}/{}"


def _namespaces(version: str) -> dict[str, str]:
    """Prefixes used in the tables. ``reg`` is where the parts of a cube region live: ``com`` in 2.1, ``str`` later."""
    number = version.replace(".", "_")
    names = {
        "mes": _BASE.format(number, "message"),
        "ftr": _BASE.format(number, "message/footer"),
        "str": _BASE.format(number, "structure"),
        "com": _BASE.format(number, "common"),
        "met": _BASE.format(number, "metadata/generic"),
        "rgy": _BASE.format(number, "registry"),
    }
    return names | {"reg": names["com" if version == V21 else "str"]}


NAMESPACES: dict[str, dict[str, str]] = {version: _namespaces(version) for version in (V21, V30, V31)}

VERSION_BY_NAMESPACE: dict[str, str] = {names["mes"]: version for version, names in NAMESPACES.items()}


@cache
def qualified(version: str, name: str) -> str:
    """``str:Code`` as lxml spells it: ``{namespace}Code``; a name without prefix stays as it is."""
    prefix, colon, local = name.partition(":")
    return f"{{{NAMESPACES[version][prefix]}}}{local}" if colon else name
