"""Readers of data messages that share no code with the writers: each gives the cells of every observation.

Cells: ``{key: {component: value}}``; ``key`` are the texts of all dimensions in DSD order. Numbers come as int or
float, intentionally missing ones as ``"NaN"`` or ``"#N/A"``; several values as lists, texts in languages as dicts.
Attributes of whatever level stand at each observation they apply to; absent cells are left out.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
import re
from typing import Any

import openpyxl
import pyarrow.parquet as pq
from lxml import etree

from sdmx_server.model.period import parse_period
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


def without_empty_texts(cells: Cells) -> Cells:
    """The cells as a CSV reader sees them, to whom an empty text is no value."""
    return {key: {n: v for n, v in found.items() if v != ""} for key, found in cells.items()}


def split(text: str, separator: str) -> list[str]:
    """Values of a divided field."""
    return next(csv.reader([text], delimiter=separator, strict=True)) if text else [""]


def in_one_language(cells: Cells) -> Cells:
    """The cells as a format holds them that has one language: English, else the first of each text."""

    def one(value: Any) -> Any:
        if isinstance(value, list):
            return [one(v) for v in value]
        return value.get("en", next(iter(value.values()))) if isinstance(value, dict) else value

    return {key: {n: one(v) for n, v in found.items()} for key, found in cells.items()}


def read_csv(data: bytes, schema: ResolvedStructure) -> Cells:
    """SDMX-CSV 1.0 or 2.x with labels=id; texts in languages are plain texts in 1.0."""
    header, *rows = csv.reader(io.StringIO(data.decode(), newline=""), strict=True)
    if header[0] == "DATAFLOW":
        return _read_plain_csv(header, rows, schema)
    separator = header[0][len("STRUCTURE[") : -1]
    names = [name.partition("[")[0] for name in header]
    cells: Cells = {}
    for row in rows:
        assert len(row) == len(header)
        fields = dict(zip(names, row, strict=True))
        heads = [(c, ".".join((*c.above, c.id))) for c in schema.components]
        found = {c.id: _field(c, fields[head], separator) for c, head in heads if fields.get(head)}
        key = tuple(found.pop(d) for d in schema.dimension_ids)
        assert key not in cells
        cells[key] = found
    return cells


def _read_plain_csv(header: list[str], rows: list[list[str]], schema: ResolvedStructure) -> Cells:
    measures = [m.id for m in schema.measures]
    primary = next((m for m in measures if m == "OBS_VALUE"), measures[0] if measures else "")
    cells: Cells = {}
    for row in rows:
        fields = dict(zip(header, row, strict=True))
        fields[primary] = fields.pop("OBS_VALUE")
        found = {c.id: _plain_field(c, fields[c.id]) for c in schema.components if fields.get(c.id)}
        key = tuple(found.pop(d) for d in schema.dimension_ids)
        assert key not in cells
        cells[key] = found
    return cells


def _plain_field(component: ResolvedComponent, text: str) -> Any:
    if text == "#N/A" or not component.multi_valued:
        return typed(component, text)
    return split(text, ";")


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
    """Data of SDMX-ML: structure-specific of all versions, generic of 2.1; in 2.1 texts are in one language."""
    root = etree.fromstring(data)
    read = _generic_cells if "Generic" in root.tag else _xml_cells
    cells: Cells = {}
    for dataset in root.iterchildren("{*}DataSet"):
        shared = read(dataset, schema)
        for atts in dataset.iterchildren("Atts"):
            shared |= read(atts, schema)
        groups = [read(group, schema) for group in dataset.iterchildren("{*}Group")]
        for obs in dataset.iter("{*}Obs"):
            parent = obs.getparent()
            found = shared | (read(parent, schema) if parent.tag.endswith("Series") else {}) | read(obs, schema)
            key = tuple(found.pop(d) for d in schema.dimension_ids)
            for group in groups:
                if all(group.get(d, v) == v for d, v in zip(schema.dimension_ids, key, strict=True)):
                    found |= {n: v for n, v in group.items() if n not in schema.dimension_ids}
            assert key not in cells
            cells[key] = found
    return cells


def _generic_cells(element: etree._Element, schema: ResolvedStructure) -> dict[str, Any]:
    """The values that stand in an element itself."""
    at = element.getroottree().find(".//{*}Structure").get("dimensionAtObservation")
    fixed = {"ObsDimension": at, "ObsValue": "OBS_VALUE"}
    texts: dict[str, str] = {}
    for child in element.iterchildren():
        name = etree.QName(child).localname
        if name in fixed:
            texts[fixed[name]] = child.attrib["value"]
        elif name in ("Attributes", "SeriesKey", "ObsKey", "GroupKey"):
            values = {value.attrib["id"]: value.attrib["value"] for value in child}
            assert values
            assert not values.keys() & texts.keys()
            texts |= values
    return _plain_cells(texts, schema)


def _plain_cells(texts: dict[str, str], schema: ResolvedStructure) -> dict[str, Any]:
    """Cells of 2.1 from the texts of its components."""
    measures = [m.id for m in schema.measures]
    primary = next((m for m in measures if m == "OBS_VALUE"), measures[0] if measures else "")
    found: dict[str, Any] = {}
    for name, text in texts.items():
        component = schema.component(primary if name == "OBS_VALUE" else name)
        assert component is not None, name
        numeric = component.kind.value == "measure" and component.storage is not Storage.CODE
        mark = text == "NaN" and numeric and component.text_type not in ("Float", "Double")
        found[component.id] = "#N/A" if mark else _plain_field(component, text)
    return found


def _xml_cells(element: etree._Element, schema: ResolvedStructure) -> dict[str, Any]:
    if "v2_1" in element.getroottree().getroot().tag:
        return _plain_cells({n: text for n, text in element.attrib.items() if not n.startswith("{")}, schema)
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


def read_json(data: bytes, schema: ResolvedStructure) -> Cells:
    """SDMX-JSON data of all versions; numbers of attributes come back as their text."""
    message = json.loads(data, parse_float=Figure, parse_int=Figure).get("data", {})
    if "structures" not in message:
        return read_json_1(data, schema)
    cells: Cells = {}
    for dataset in message["dataSets"]:
        structure = message["structures"][int(dataset["structure"])]
        levels = {level: structure["dimensions"].get(level, []) for level in ("series", "observation")}
        attributes = structure["attributes"]
        values = {d["id"]: d.get("values", []) for group in levels.values() for d in group}
        shared = _json_cells(attributes.get("dataSet", []), dataset.get("attributes", []), schema)
        groups = dataset.get("dimensionGroupAttributes", {})
        for series_key, series in dataset.get("series", {"": dataset}).items():
            first = _json_key(levels["series"], series_key)
            above = shared | (
                _json_cells(attributes.get("series", []), series.get("attributes", []), schema) if first else {}
            )
            for key, observation in series["observations"].items():
                where = first | _json_key(levels["observation"], key)
                found = dict(above)
                for group, held in groups.items():
                    wanted = zip(schema.dimension_ids, group.split(":"), strict=True)
                    if all(not index or values[d][int(index)] is where[d] for d, index in wanted):
                        found |= _json_cells(attributes["dimensionGroup"], held, schema)
                components = structure["measures"]["observation"] + attributes.get("observation", [])
                found |= _json_cells(components, observation, schema)
                place = tuple(where[d].get("id", where[d].get("value")) for d in schema.dimension_ids)
                assert place not in cells
                cells[place] = found
    return cells


def read_json_1(data: bytes, schema: ResolvedStructure) -> Cells:
    """SDMX-JSON data 1.0, and the draft before it: one structure, everything but the primary measure by index."""
    whole = json.loads(data)
    message = whole.get("data", whole)
    structure = message["structure"]
    ids = [m.id for m in schema.measures]
    primary = "OBS_VALUE" if "OBS_VALUE" in ids or not ids else ids[0]
    cells: Cells = {}
    for dataset in message["dataSets"]:
        shared = _listed_cells(structure, "dataSet", dataset.get("attributes", []), schema)
        for series_key, series in dataset.get("series", {"": dataset}).items():
            first = _listed_key(structure, "series", series_key)
            above = shared | (_listed_cells(structure, "series", series.get("attributes", []), schema) if first else {})
            for key, (value, *indices) in series["observations"].items():
                where = first | _listed_key(structure, "observation", key)
                place = tuple(where[d] for d in schema.dimension_ids)
                assert place not in cells
                found = above | _listed_cells(structure, "observation", indices, schema)
                if value is not None:
                    found[primary] = _listed_value(schema, primary, {"name": value})
                cells[place] = found
    return cells


def _listed_key(structure: dict[str, Any], level: str, key: str) -> dict[str, str]:
    indices = key.split(":") if key else []
    return {d["id"]: d["values"][int(i)]["id"] for d, i in zip(structure["dimensions"][level], indices, strict=True)}


def _listed_cells(
    structure: dict[str, Any], level: str, indices: list[int | None], schema: ResolvedStructure
) -> dict[str, Any]:
    attributes = structure["attributes"][level]
    assert len(attributes) == len(indices)
    return {
        a["id"]: _listed_value(schema, a["id"], a["values"][index])
        for a, index in zip(attributes, indices, strict=True)
        if index is not None
    }


def _listed_value(schema: ResolvedStructure, name: str, entry: dict[str, Any]) -> Any:
    component = schema.component(name)
    assert component is not None
    value = entry.get("id", entry["name"])
    if component.enumeration is None and "names" in entry:
        return entry["names"]
    if value in ("NaN", "#N/A"):
        return value if component.text_type in ("Float", "Double") else "#N/A"
    if component.multi_valued:
        return json.loads(value) if value.startswith("[") else split(value, ";")
    if isinstance(value, int | float) and component.storage is Storage.FLOAT:
        return float(value)
    return value if isinstance(value, int) else typed(component, value)


class Figure(str):
    """A number of a JSON message as its text."""


def _json_key(dimensions: list[dict[str, Any]], key: str) -> dict[str, Any]:
    indices = key.split(":") if key else []
    return {d["id"]: d["values"][int(i)] for d, i in zip(dimensions, indices, strict=True)}


def _json_cells(components: list[dict[str, Any]], held: list[Any], schema: ResolvedStructure) -> dict[str, Any]:
    assert len(components) == len(held)
    found = {}
    for component, value in zip(components, held, strict=True):
        resolved = schema.component(component["id"])
        assert resolved is not None
        if value is not None:
            found[resolved.id] = _json_value(resolved, component.get("values"), value)
    return found


def _json_value(component: ResolvedComponent, values: list[dict[str, Any]] | None, value: Any) -> Any:
    if isinstance(value, list):
        return [_json_value(component, values, v) for v in value]
    if values is not None and isinstance(value, Figure):
        return values[int(value)].get("id", values[int(value)].get("value"))
    if isinstance(value, dict) or component.multi_valued:
        return str(value) if isinstance(value, Figure) else value
    text = str(value)
    if text == "NaN" and component.text_type not in ("Float", "Double"):
        return "#N/A"  # where values are numbers, JSON marks missing ones so
    return typed(component, text)


def read_parquet(data: bytes, schema: ResolvedStructure) -> Cells:
    """Parquet, through Arrow; the bounds of periods are compared with the periods' own."""
    cells: Cells = {}
    for row in pq.read_table(io.BytesIO(data)).to_pylist():
        found = {c.id: v for c in schema.components if (v := _parquet_cell(c, row)) is not None}
        key = tuple(found.pop(d) for d in schema.dimension_ids)
        if schema.time is not None:
            period = parse_period(row[schema.time.id])
            epoch = dt.datetime(1970, 1, 1)
            bounds = [(row[name] - epoch) // dt.timedelta(microseconds=1) for name in ("TIME_START", "TIME_END")]
            assert bounds == [period.start, period.end]
        assert key not in cells
        cells[key] = found
    return cells


def _parquet_cell(component: ResolvedComponent, row: dict[str, Any]) -> Any:
    value = row.get(component.id)
    if row.get(f"{component.id}_MISSING"):
        assert value is None
        return "#N/A"
    if isinstance(value, float) and math.isnan(value):
        return "NaN" if component.text_type in ("Float", "Double") else "#N/A"
    many = component.multi_valued or component.multilingual
    return json.loads(value) if many and value not in (None, "#N/A", "NaN") else value


def read_xlsx(data: bytes, schema: ResolvedStructure) -> Cells:
    """The sheets of observations of an Excel workbook with labels=id; texts in languages are plain texts there."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells: Cells = {}
    for sheet in book.worksheets[:-1]:
        head, *rows = sheet.iter_rows(values_only=True)
        for row in rows:
            fields = {str(name): _unescaped(value) for name, value in zip(head, row, strict=True)}
            found = {c.id: _sheet_cell(c, fields[c.id]) for c in schema.components if fields.get(c.id) is not None}
            key = tuple(found.pop(d) for d in schema.dimension_ids)
            assert key not in cells
            cells[key] = found
    return cells


def _unescaped(value: Any) -> Any:
    """A text with ``_x000D_`` and the like as Excel shows it."""
    if not isinstance(value, str):
        return value
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), value)


def _sheet_cell(component: ResolvedComponent, value: Any) -> Any:
    if component.storage in (Storage.FLOAT, Storage.INTEGER) and component.kind.value == "measure":
        return typed(component, value) if isinstance(value, str) else value
    assert isinstance(value, str), f"{component.id} is a number"
    return split(value, ";") if component.multi_valued and value != "#N/A" else value
