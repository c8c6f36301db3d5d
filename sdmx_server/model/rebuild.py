"""Changing parts of a value wherever they stand in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from .common import Value


def rebuild(value: Any, kind: type[Value] | tuple[type[Value], ...], edit: Callable[[Any], Any]) -> Any:
    """The value with ``edit`` applied to every part of class ``kind``, itself included; the same when none changed."""
    if isinstance(value, msgspec.Struct):
        changes = {}
        for name in value.__struct_fields__:
            part = getattr(value, name)
            if part and isinstance(part, tuple | dict | msgspec.Struct):
                changed = rebuild(part, kind, edit)
                if changed is not part:
                    changes[name] = changed
        if changes:
            value = msgspec.structs.replace(value, **changes)
        return edit(value) if isinstance(value, kind) else value
    if isinstance(value, tuple):
        parts = tuple(rebuild(part, kind, edit) for part in value)
        return value if all(new is old for new, old in zip(parts, value, strict=True)) else parts
    if isinstance(value, dict):
        held = {key: rebuild(part, kind, edit) for key, part in value.items()}
        return value if all(held[key] is value[key] for key in held) else held
    return value
