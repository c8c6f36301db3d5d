# ruff: noqa: ARG001 # the keys have one signature, of which each uses what it needs
"""Keys of SDMX-JSON 1.0, and of drafts of 2.0, in messages of 2.0 and later: registries go on writing some of them.

Each is read as what it is called now where its meaning is the same; the others stay, and are refused as unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .engine import Json

_Now = tuple[str, Any] | None
"""What a key is called now and its value then; no name: it is passed over; None: it is not an older key here."""

_USAGE = {"Mandatory": "mandatory", "Conditional": "optional"}
_OF_LIST = ("Dimension", "TimeDimension")
"""Types of dimensions that the list says that they stand in."""
_OF_CONSTRAINT = frozenset(("constraintAttachment", "cubeRegions", "dataKeySets"))


def _format(held: Any, owner: Json) -> _Now:
    return "enumerationFormat" if "enumeration" in owner else "format", held


def _included(held: Any, owner: Json) -> _Now:
    return None if "keys" in owner else ("include", held)  # key sets are called isIncluded to this day


def _type(held: Any, owner: Json) -> _Now:
    if isinstance(held, str) and _OF_CONSTRAINT & owner.keys():
        return "role", held.capitalize()
    return ("", None) if held in _OF_LIST and "conceptIdentity" in owner else None


def _usage(held: Any, owner: Json) -> _Now:
    return ("usage", _USAGE[held]) if held in _USAGE else None


def _time(held: Any, owner: Json) -> _Now:
    return ("timeDimension", held[0]) if isinstance(held, list) and len(held) == 1 else None


def _position(held: Any, owner: Json) -> _Now:
    concept = str(owner.get("conceptIdentity"))
    return ("", None) if owner.get("id") == "TIME_PERIOD" or concept.endswith(".TIME_PERIOD") else None


def _measure(held: Any, owner: Json) -> _Now:
    return ("measures", [held]) if isinstance(held, dict) else ("observation", {})


_SAME = {"textType": "dataType", "valuelists": "valueLists", "leveled": "hasFormalLevels"}
_KEYS: dict[str, Callable[[Any, Json], _Now]] = {
    "textFormat": _format,
    "isIncluded": _included,
    "type": _type,
    "assignmentStatus": _usage,
    "timeDimensions": _time,
    "position": _position,
    "primaryMeasure": _measure,
}


def modern(value: Any, told: Callable[[str, str], object]) -> Any:
    """A message with its keys as they are called from 2.0 on; ``told`` is called with the old name and the new one."""
    if isinstance(value, list):
        return [modern(one, told) for one in value]
    if not isinstance(value, dict):
        return value
    found: Json = {}
    for key, held in value.items():
        now = (_SAME[key], held) if key in _SAME else _KEYS[key](held, value) if key in _KEYS else None
        if now is None or now[0] in value:
            found[key] = modern(held, told)
            continue
        told(key, now[0])
        if now[0]:
            found[now[0]] = modern(now[1], told)
    return found
