"""The short names of formats, which the command line takes: ``csv``, ``json-2.0``, ``xml-2.1-generic``, ``parquet``."""

from __future__ import annotations

from ..errors import SdmxServerError
from . import FORMATS
from .api import Format


def short_name(chosen: Format) -> str:
    """What the format is called within its kind, unique there: ``sdmx-ml-2.1-generic-data`` is ``xml-2.1-generic``."""
    name = chosen.name.removeprefix("sdmx-").removesuffix(f"-{chosen.kind}")
    return "xml" + name.removeprefix("ml") if name.startswith("ml-") else name


def writable(kind: str) -> dict[str, Format]:
    """The formats that ``data``, ``structure`` and the other kinds are written in, by short name; the best first."""
    return {short_name(f): f for f in FORMATS if f.kind == kind and _writes(f)}


def _writes(one: Format) -> bool:
    return any((one.write_data, one.write_structures, one.write_metadata, one.write_registrations))


def format_named(name: str, kind: str) -> Format:
    """The format of a short name; of one that is cut short (``xml``, ``xml-2.1``) the best that begins with it.

    Raises ``SdmxServerError``, which names those that there are.
    """
    able = writable(kind)
    if name in able:
        return able[name]
    found = [chosen for known, chosen in able.items() if known.startswith((f"{name}-", f"{name}."))]
    if not found:
        families = dict.fromkeys(known.partition("-")[0] for known in able)
        raise SdmxServerError("format-unknown", name=name, known=sorted({*families, *able}))
    return found[0]
