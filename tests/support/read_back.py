"""Readers of data messages that share no code with the writers: each gives the cells of every observation.

Cells: ``{key: {component: value}}``; ``key`` are the texts of all dimensions in DSD order. Numbers come as int or
float, intentionally missing ones as ``"NaN"`` or ``"#N/A"``; several values as lists, texts in languages as dicts.
Attributes of whatever level stand at each observation they apply to; absent cells are left out.
"""

from __future__ import annotations

import csv
import io
import json
import math
from typing import Any

from lxml import etree

from sdmx_server.model.resolved import ResolvedComponent, ResolvedStructure, Storage
from support.cases import Case

Cells = dict[tuple[str, ...], dict[str, Any]]


def typed(component: ResolvedComponent, text: str) -> Any:
    """A simple value from its text."""
    if text in ("NaN", "#N/A") or component.kind.value != "measure":
        return text
    if component.storage is Storage.INTEGER:
        return int(text)
    return float(text.replace("INF", "inf")) if component.storage is Storage.FLOAT else text


def expected(case: Case) -> Cells:
    """The cells that went in."""
    schema, cells = case.schema, {}
    for row in case.observations.iter_rows(named=True):
        key = tuple(row[d] for d in schema.dimension_ids)
        found = {a: _cell(schema, a, text, None) for a, text in case.dataset_attributes.items()}
        for dimensions, frame in case.groups.items():
            for line in frame.iter_rows(named=True):
                if all(line[d] == row[d] for d in dimensions):
                    found |= _cells(schema, line, dimensions)
        cells[key] = found | _cells(schema, row, schema.dimension_ids)
    return cells


def _cells(schema: ResolvedStructure, row: dict[str, Any], key: tuple[str, ...]) -> dict[str, Any]:
    names = [n for n in row if n not in key and not n.endswith("?")]
    cells = {n: _cell(schema, n, row[n], row.get(f"{n}?")) for n in names}
    return {n: value for n, value in cells.items() if value is not None}


def _cell(schema: ResolvedStructure, name: str, value: Any, mark: int | None) -> Any:
    component = schema.component(name)
    assert component is not None
    floating = component.text_type in ("Float", "Double") and component.enumeration is None
    if mark == 2:
        return "NaN" if floating else "#N/A"
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    many = component.multi_valued or component.multilingual
    return json.loads(value) if many and isinstance(value, str) else value


def split(text: str, separator: str) -> list[str]:
    """Values of a divided field."""
    return next(csv.reader([text], delimiter=separator, strict=True)) if text else [""]


def read_csv(data: bytes, schema: ResolvedStructure) -> Cells:
    """SDMX-CSV 2.x with labels=id."""
    header, *rows = csv.reader(io.StringIO(data.decode(), newline=""), strict=True)
    separator = header[0][len("STRUCTURE[") : -1]
    names = [name.partition("[")[0] for name in header]
    cells: Cells = {}
    for row in rows:
        assert len(row) == len(header)
        fields = dict(zip(names, row, strict=True))
        found = {c.id: _field(c, fields[c.id], separator) for c in schema.components if fields.get(c.id)}
        key = tuple(found.pop(d) for d in schema.dimension_ids)
        assert key not in cells
        cells[key] = found
    return cells


def _field(component: ResolvedComponent, text: str, separator: str) -> Any:
    if text == "#N/A" or not (component.multi_valued or component.multilingual):
        return typed(component, text)
    values = split(text, separator)
    if not component.multilingual:
        return values
    if not component.multi_valued:
        return dict(v.split(":", 1) for v in values)
    return [dict(v.split(":", 1) for v in split(one, separator)) for one in values]


XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read_xml(data: bytes, schema: ResolvedStructure) -> Cells:
    """Structure-specific data of SDMX-ML 3.x."""
    root = etree.fromstring(data)
    cells: Cells = {}
    for dataset in root.iterchildren("{*}DataSet"):
        shared = _xml_cells(dataset, schema)
        for atts in dataset.iterchildren("Atts"):
            shared |= _xml_cells(atts, schema)
        groups = [_xml_cells(group, schema) for group in dataset.iterchildren("Group")]
        for obs in dataset.iter("Obs"):
            parent = obs.getparent()
            found = shared | (_xml_cells(parent, schema) if parent.tag == "Series" else {}) | _xml_cells(obs, schema)
            key = tuple(found.pop(d) for d in schema.dimension_ids)
            for group in groups:
                if all(group.get(d, v) == v for d, v in zip(schema.dimension_ids, key, strict=True)):
                    found |= {n: v for n, v in group.items() if n not in schema.dimension_ids}
            assert key not in cells
            cells[key] = found
    return cells


def _xml_cells(element: etree._Element, schema: ResolvedStructure) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, text in element.attrib.items():
        if not name.startswith("{"):
            component = schema.component(name)
            assert component is not None, name
            found[name] = typed(component, text)
    for comp in element.iterchildren("Comp"):
        component = schema.component(comp.get("id", ""))
        assert component is not None
        values = [_xml_value(value) for value in comp.iterchildren("Value")]
        missing = values in (["#N/A"], ["NaN"], [{"en": "#N/A"}])
        found[component.id] = "#N/A" if missing else values if component.multi_valued else values[0]
    return found


def _xml_value(value: etree._Element) -> Any:
    texts = list(value.iterchildren("{*}Text"))
    return {t.get(XML_LANG): t.text or "" for t in texts} if texts else value.text or ""
