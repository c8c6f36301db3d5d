"""The OpenAPI documents that a server is held to: the official ones of the samples, and our own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from sdmx_server.web.openapi import VERSIONS, document

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(os.environ.get("SDMX_SAMPLES", ROOT.parent / "shared/samples"))
SAMPLES_EXPECTED = "SDMX_SAMPLES" in os.environ or SAMPLES.is_dir()
"""Whether there are samples to be read: somebody named their folder, or it lies in its place."""

NUMBERS = {number: version for version, (number, _) in VERSIONS.items()}


class Document(NamedTuple):
    """A document, and the version of the API that it is about (``v1`` or ``v2``)."""

    name: str
    version: str
    whole: dict[str, Any]


_REGISTRATIONS = {f"application/vnd.sdmx.registry+xml;version={version}": {} for version in ("3.1.0", "3.0.0")}


def _mended(whole: dict[str, Any]) -> dict[str, Any]:
    """The document with the types of registrations from the specification's page (``registration.md``).

    By a slip it refers to those of reference metadata, with which the page has nothing in common.
    """
    for path, found in whole["paths"].items():
        if path.startswith("/registration/"):
            found["get"]["responses"]["200"] = {"description": "Registrations", "content": _REGISTRATIONS}
    return whole


def _official() -> list[Document]:
    found = []
    for path in sorted(SAMPLES.glob("openapi/sdmx-rest-*.yaml")):
        number = path.name.removeprefix("sdmx-rest-").partition(".fixed")[0]
        whole = _mended(yaml.safe_load(path.read_text("utf-8")))
        found.append(Document(f"official-{number}", NUMBERS[number], whole))
    return found


DOCUMENTS = (
    *_official(),
    *(Document(f"own-{number}", version, document(version)) for number, version in NUMBERS.items()),
)
"""All of them; the official ones as far as there are samples."""


def resolved(whole: dict[str, Any], thing: dict[str, Any]) -> dict[str, Any]:
    """What a reference means."""
    while "$ref" in thing:
        found: Any = whole
        for step in thing["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        thing = found
    return thing
