"""Random queries over the shipped products: every format holds the same cells, and they are the ones asked for."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.asking import DATA_TYPES, PRODUCTS, STRUCTURE_TYPES, XML_21_TYPES, ask, judge_data, judge_structures
from support.oracle import NUMBERS, Condition, Export
from support.read_back import (
    Cells,
    in_one_language,
    read_csv,
    read_json,
    read_parquet,
    read_xlsx,
    read_xml,
    without_empty_texts,
)

from sdmx_server.config import Settings
from sdmx_server.formats import FORMATS
from sdmx_server.model.resolved import ResolvedStructure
from sdmx_server.query.structure import parse_schema_query
from sdmx_server.wiring import build

Reader = Callable[[bytes, ResolvedStructure], Cells]
READERS: dict[str, Reader] = {"json": read_json, "xml": read_xml, "csv": read_csv}
JSON_1, CSV_1 = (f"application/vnd.sdmx.data+{kind};version=1.0.0" for kind in ("json", "csv"))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet;labels=id"
JUDGED: dict[str, Reader] = {
    media_type: READERS[media_type.partition("+")[2].partition(";")[0]]
    for media_type in (*DATA_TYPES, *XML_21_TYPES, JSON_1, CSV_1)
}
"""Types whose messages have a schema, or are read to the last field, with their readers."""

DRAFT = "application/vnd.sdmx.draft-sdmx-json+json;version=1.0.0"
OTHERS: dict[str, Reader] = {"application/vnd.apache.parquet": read_parquet, XLSX: read_xlsx, DRAFT: read_json}
ONE_LANGUAGE = (*XML_21_TYPES, CSV_1, XLSX, DRAFT)
"""Types that hold each text in one language."""

_ROWS = ("application/vnd.sdmx.data+csv", "application/vnd.apache.parquet", "application/vnd.openxmlformats")
"""Types of plain rows, which stand in the order that is asked for, whatever is at the observation."""

QUERIES = 200
MOST = 1_200
"""Observations of an answer that are compared; larger ones would only take longer."""

PERIODS = ("2016", "2016-03-20/P366D", "2011-03-21/P365D", "2015", "2018-06", "2006-03-21/P3653D", "2022", "2024")


class World:
    """The products as exported, and their structures."""

    def __init__(self, base: str, products: dict[str, str]) -> None:
        server = build(Settings(data_dir=Path(products["SDMX_DATA_DIR"])))
        self.base = base
        self.exports: dict[str, Export] = {}
        self.schemas: dict[str, ResolvedStructure] = {}
        self.cells: dict[str, Cells] = {}
        for flow in PRODUCTS:
            text = ask(base, f"/data/dataflow/SCI/{flow}/1.0.0?attributes=all", "text/csv").content
            self.schemas[flow] = server.schemas.open(parse_schema_query(f"/dataflow/SCI/{flow}/1.0.0")).message().schema
            self.exports[flow] = Export(text)
            self.cells[flow] = read_csv(text, self.schemas[flow])


@pytest.fixture(scope="module")
def world(live: str, products: dict[str, str]) -> World:
    return World(live, products)


class Query:
    """A random query: its address, and what the oracle says of it."""

    def __init__(self, world: World, seed: int) -> None:
        self._random = random.Random(seed)
        self.flow = self._random.choice(PRODUCTS)
        self._export = world.exports[self.flow]
        self._schema = world.schemas[self.flow]
        while True:
            self.path = self._draw()
            if len(self.found) <= MOST:
                break

    def _draw(self) -> str:
        draw = self._random
        keys = [self._key() for _ in range(draw.choice((0, 1, 1, 2, 3)))]
        components = draw.sample(self._export.dimensions, draw.choice((0, 0, 1, 2)))
        filters = [(component, self._groups(component)) for component in components]
        if draw.random() < 0.5:
            filters.append(("TIME_PERIOD", self._groups("TIME_PERIOD")))
        filters += [(name, self._groups(name)) for name in draw.sample(self._valued, draw.choice((0, 0, 0, 1, 2)))]
        first, last = draw.choice(((None, None), (None, None), (1, None), (None, 2), (1, 1)))
        self.found = self._export.select(keys, filters, first, last)
        self.at = draw.choice(("TIME_PERIOD", "AllDimensions", draw.choice(self._export.dimensions)))
        attributes = self._attributes()
        self.measures = draw.choice(("all", "all", "all", "none"))
        if self.measures == "none" and attributes in ("none", "series", "dataset"):
            self.at = "AllDimensions"  # else series alone are meant
        parameters = [self._filter(component, groups) for component, groups in filters]
        parameters += [f"firstNObservations={first}"] if first else []
        parameters += [f"lastNObservations={last}"] if last else []
        parameters += [f"dimensionAtObservation={self.at}", f"attributes={attributes}", f"measures={self.measures}"]
        parameters += self._page()
        draw.shuffle(parameters)
        key = ",".join(".".join(key) for key in keys) or "*"
        return f"/data/dataflow/SCI/{self.flow}/1.0.0/{key}?{'&'.join(parameters)}"

    @property
    def _valued(self) -> list[str]:
        """Measures and attributes that a file of text has one plain text of."""
        names = [c.id for c in (*self._schema.measures, *self._schema.attributes)]
        return [name for name in names if name in self._export.table.columns]

    def _page(self) -> list[str]:
        """Parameters that sort and page; after the last component there is only one order left."""
        draw = self._random
        self.sorted = draw.random() < 0.4
        if not self.sorted:
            return []
        some = draw.sample([*self._export.dimensions, "TIME_PERIOD", *self._valued], draw.choice((0, 1, 2)))
        terms = [(name, draw.random() < 0.5) for name in some]
        every = [(name, False) for name in (*self._export.dimensions, "TIME_PERIOD")]
        self.found = self._export.ordered(self.found, [*terms, *every])
        shown = [f"{name}:desc" if descending else draw.choice((name, f"{name}:asc")) for name, descending in terms]
        parameters = [f"sort={draw.choice(('+', '%2B')).join([*shown, '*'])}"]
        if draw.random() < 0.5:
            offset, limit = draw.choice((0, 1, 7)), draw.choice((1, 5, 200))
            self.found = self.found.slice(offset, limit)
            parameters += [f"offset={offset}", f"limit={limit}"]
        return parameters

    def _key(self) -> list[str]:
        draw = self._random
        row = self._export.table.row(draw.randrange(self._export.table.height), named=True)
        key = [row[d] if draw.random() < 0.6 else "*" for d in self._export.dimensions]
        return key[: draw.randint(1, len(key))]

    def _groups(self, component: str) -> list[list[Condition]]:
        draw = self._random
        return [
            [self._condition(component) for _ in range(draw.choice((1, 1, 2)))] for _ in range(draw.choice((1, 1, 2)))
        ]

    def _condition(self, component: str) -> Condition:
        draw = self._random
        if component == "TIME_PERIOD":
            return draw.choice(("eq", "ne", "lt", "le", "gt", "ge")), draw.choice(PERIODS)
        code = draw.choice(self._export.table[component].drop_nulls().unique().sort().to_list() or ["A"])
        if component in NUMBERS:
            return draw.choice(("eq", "ne", "lt", "le", "gt", "ge")), code
        name = draw.choice(("eq", "eq", "ne", "co", "nc", "sw", "ew", "lt", "le", "gt", "ge"))
        return name, code[: draw.randint(1, len(code))] if name in ("co", "nc", "sw") else code

    def _filter(self, component: str, groups: list[list[Condition]]) -> str:
        start, end = self._random.choice(("[]", ("%5B", "%5D")))
        plus = self._random.choice(("+", "+", "%2B"))
        shown = [plus.join(f"{name}:{value}" for name, value in group) for group in groups]
        return f"c{start}{component}{end}={','.join(shown)}"

    def _attributes(self) -> str:
        draw = self._random
        attributes = self._schema.attributes
        levels = {"dataset": ("dataset",), "series": ("group", "series"), "obs": ("observation",), "none": ()}
        word = draw.choice(("dsd", "msd", "all", "ids", *levels))
        if word in ("dsd", "msd", "all"):
            chosen = [a for a in attributes if word == "all" or a.metadata == (word == "msd")]
        elif word == "ids":
            chosen = draw.sample(attributes, 2)
            word = ",".join(a.id for a in chosen)
        else:
            chosen = [a for a in attributes if self._schema.level(a) in levels[word] and not a.metadata]
        self.attributes = {a.id for a in chosen}
        return word

    def expected(self, world: World) -> Cells:
        """The cells that every format must hold."""
        wanted = self.attributes | ({m.id for m in self._schema.measures} if self.measures == "all" else set())
        cells = world.cells[self.flow]
        keys: Iterator[tuple[str, ...]] = self.found.select(*self._export.dimensions, "TIME_PERIOD").iter_rows()
        return {key: {n: v for n, v in cells[key].items() if n in wanted} for key in keys}


@pytest.mark.proves(
    "v2 data: Accept=application/vnd.sdmx.data+json;version=2.1.0",
    "v2 data: Accept=application/vnd.sdmx.data+json;version=2.0.0",
    "v2 data: Accept=application/vnd.sdmx.data+xml;version=3.1.0",
    "v2 data: Accept=application/vnd.sdmx.data+xml;version=3.0.0",
    "v2 data: Accept=application/vnd.sdmx.data+csv;version=2.1.0",
    "v2 data: Accept=application/vnd.sdmx.data+csv;version=2.0.0",
    "v2 data: attributes=dsd",
    "v2 data: attributes=msd",
    "v2 data: attributes=all",
    "v2 data: attributes=series",
    "v2 data: attributes={attribute}",
    "v2 data: measures=all",
)
@pytest.mark.parametrize("seed", range(QUERIES))
def test_every_format_holds_what_was_asked_for(world: World, seed: int) -> None:
    query = Query(world, seed)
    expected = query.expected(world)
    for media_type, reader in (JUDGED | OTHERS).items():
        answer = ask(world.base, query.path, media_type)
        if not expected:
            assert (answer.status_code, answer.content) == (204, b""), query.path
            continue
        if "timeseries" in media_type and query.at not in ("TIME_PERIOD", "AllDimensions"):
            assert answer.status_code == 406, query.path
            continue
        assert answer.status_code == 200, (query.path, answer.text)
        assert answer.headers["Content-Type"].startswith(media_type.removesuffix(";labels=id"))
        cells = in_one_language(expected) if media_type in ONE_LANGUAGE else expected
        found = without_empty_texts(reader(answer.content, world.schemas[query.flow]))
        assert found == cells, (media_type, query.path)
        if query.sorted and (media_type.startswith(_ROWS) or query.at == "AllDimensions"):
            assert list(found) == list(cells), (media_type, query.path)
        if media_type in JUDGED:
            judge_data(world.base, query.flow, answer, query.at)


def test_no_format_of_data_is_forgotten() -> None:
    asked = {media_type.removesuffix(";labels=id") for media_type in JUDGED | OTHERS}
    served = {
        f"{f.media_type};version={f.version}" if f.generation else f.media_type for f in FORMATS if f.kind == "data"
    }
    assert asked == served


def test_the_random_queries_are_worth_asking(world: World) -> None:
    sizes = [len(Query(world, seed).found) for seed in range(QUERIES)]
    assert sum(size > 0 for size in sizes) > QUERIES / 3
    assert max(sizes) > 500


@pytest.mark.parametrize("flow", PRODUCTS)
@pytest.mark.parametrize("at", ["TIME_PERIOD", "AllDimensions", "REF_AREA"])
def test_whole_products_are_valid_in_every_organisation(live: str, flow: str, at: str) -> None:
    query = f"/data/dataflow/SCI/{flow}/1.0.0?dimensionAtObservation={at}"
    cut = "&c[REF_AREA]=IR,ew:01" if flow in ("CENSUS_COUNTY", "CPI") else ""
    for media_type in (*DATA_TYPES[:4], *XML_21_TYPES[: 4 if at != "REF_AREA" else 2]):
        judge_data(live, flow, ask(live, query + cut, media_type), at)


STRUCTURE_QUERIES = (
    "*/*/*/*",
    "*/*/*/*?detail=allstubs",
    "*/*/*/*?detail=allcompletestubs",
    "dataflow/SCI/*/*?references=all&detail=referencepartial",
    "dataflow/SCI/CPI/1.0.0?references=all&detail=referencestubs",
    "datastructure/SCI/CENSUS/+?references=descendants",
    "codelist/SCI/CL_AREA/~/IR-01",
    "conceptscheme?references=parents&detail=raw",
    "categoryscheme?references=parentsandsiblings",
)


@pytest.mark.parametrize("path", STRUCTURE_QUERIES)
def test_structures_are_valid_and_name_the_same_artefacts(live: str, path: str) -> None:
    found: list[Any] = []
    for media_type in STRUCTURE_TYPES:
        answer = ask(live, f"/structure/{path}", media_type)
        assert answer.status_code == 200, answer.text
        judge_structures(answer)
        urns = answer.text.count('"rel":"self"') if "json" in media_type else None
        found.append(urns)
    assert found[0] == found[1]
