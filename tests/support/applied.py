"""What a client holds who applies the rows, sets and series of a message to what it has: Merge, Replace, Delete."""

from __future__ import annotations

from typing import Any

from lxml import etree

from .revised import KEY

LEVELS = {"OBS_VALUE": KEY, "OBS_STATUS": KEY, "COMMENT_OBS": KEY, "SOURCE": ()}
"""Where components stand; those that are not named here belong to series."""
COMPARED = ("OBS_VALUE", "OBS_STATUS", "UNIT_MULT", "UNIT_MEASURE", "DECIMALS")
"""Components that are the same text in every format."""

State = dict[tuple[str, ...], dict[str, str]]
"""Values by component and the part of the key that it has."""


def _at(component: str, key: tuple[str, ...]) -> tuple[str, ...]:
    """The part of a full key that a component has."""
    names = LEVELS.get(component, KEY[:-1])
    return (component, *(code for name, code in zip(KEY, key, strict=True) if name in names))


def _set(state: State, action: str, key: tuple[str, ...], cells: dict[str, str]) -> None:
    """Apply one row: ``key`` has empty codes where it is partial."""
    whole = all(key)
    if action == "Delete":
        names = set(cells) or {name for name, level in LEVELS.items() if level == KEY}
        for name in names:
            state.pop(_at(name, key), None)
        return
    if whole and action == "Replace":
        for name in (n for n, level in LEVELS.items() if level == KEY):
            state.pop(_at(name, key), None)
    for name, value in cells.items():
        state[_at(name, key)] = {"": value}


def from_csv(rows: list[dict[str, str]]) -> State:
    """The state that rows of SDMX-CSV 2.0 or 2.1 make, applied in their order."""
    state: State = {}
    actions = {"R": "Replace", "M": "Merge", "D": "Delete", "I": "Merge"}
    for row in rows:
        cells = {n.partition("[")[0]: v for n, v in row.items() if v and n not in KEY}
        cells = {n: v for n, v in cells.items() if n in COMPARED}
        _set(state, actions[row["ACTION"]], tuple(row[n] for n in KEY), cells)
    return state


def from_xml(content: bytes) -> State:
    """The same of the data sets of an SDMX-ML 3.x message with series."""
    state: State = {}
    for data_set in etree.fromstring(content).iterchildren("{*}DataSet"):
        action = next(text for name, text in data_set.attrib.items() if str(name).endswith("action"))
        for series in data_set.iterchildren("Series"):
            of_series = {str(n): str(v) for n, v in series.attrib.items()}
            series_key = tuple(of_series.get(n, "") for n in KEY)
            shared = {n: v for n, v in of_series.items() if n in COMPARED}
            if shared:
                _set(state, "Merge" if action == "Replace" else action, series_key, shared)
            for obs in series.iterchildren("Obs"):
                key = (*series_key[:-1], str(obs.get("TIME_PERIOD")))
                _set(state, action, key, {str(n): str(v) for n, v in obs.attrib.items() if n in COMPARED})
    return state


def from_json(message: dict[str, Any]) -> State:
    """The same of the data sets of an SDMX-JSON 2.x message with series."""
    state: State = {}
    structures = message["data"]["structures"]
    for data_set in message["data"]["dataSets"]:
        structure, action = structures[data_set["structure"]], data_set["action"]
        levels, attributes = structure["dimensions"], structure["attributes"]
        of_series = [[v.get("id") or v["value"] for v in d["values"]] for d in levels["series"]]
        periods = [v.get("id") or v["value"] for v in levels["observation"][0].get("values", [])]
        for text, values in data_set.get("dimensionGroupAttributes", {}).items():
            places = text.split(":")
            codes = [own[int(i)] if i else "" for own, i in zip((*of_series, periods), places, strict=True)]
            cells = _json_cells(attributes["dimensionGroup"], values)
            _set(state, "Merge" if action == "Replace" else action, tuple(codes), cells)
        for text, series in data_set["series"].items():
            codes = [own[int(i)] for own, i in zip(of_series, text.split(":"), strict=True)]
            shared = _json_cells(attributes.get("series", []), series.get("attributes", []))
            if shared:
                _set(state, "Merge" if action == "Replace" else action, (*codes, ""), shared)
            for at, values in series["observations"].items():
                own = structure["measures"]["observation"] + attributes.get("observation", [])
                _set(state, action, (*codes, periods[int(at)]), _json_cells(own, values))
    return state


def _json_cells(components: list[dict[str, Any]], values: list[Any]) -> dict[str, str]:
    found = {}
    for component, value in zip(components, values, strict=False):
        if value is not None and component["id"] in COMPARED:
            listed = component.get("values")
            found[component["id"]] = str(listed[value]["id"] if listed else value)
    return found


def numbers(state: State) -> State:
    """The state with numbers in one form, as an answer shows it: attributes only of series that have observations."""
    series = {k[1:-1] for k in state if k[0] == "OBS_VALUE"}
    state = {k: v for k, v in state.items() if LEVELS.get(k[0]) is not None or k[1:] in series}
    return plain(state)


def plain(state: State) -> State:
    """The state with numbers in one form."""
    return {k: {"": str(float(v[""]))} if k[0] in ("OBS_VALUE", "DECIMALS") else v for k, v in state.items()}
