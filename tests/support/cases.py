"""Small data sets, each with a trait that writers must get right, as structures and frames."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import polars as pl

from sdmx_server.batches import DataMessage, DataPart, Order, canonical
from sdmx_server.model.codelist import Code, Codelist
from sdmx_server.model.common import Maintainable
from sdmx_server.model.dataflow import Dataflow
from sdmx_server.model.datastructure import DataStructure, Group
from sdmx_server.model.message import Header, Party
from sdmx_server.model.reference import reference_to
from sdmx_server.model.representation import TextFormat
from sdmx_server.model.resolved import ComponentKind, ResolvedComponent, ResolvedStructure, Storage
from support.memory import Groups, MemoryDataSet

HEADER = Header(id="ANSWER1", prepared="2026-11-22T10:00:00Z", sender=Party(id="SCI", names={"en": "Centre"}))
_STORAGE = {"Float": Storage.FLOAT, "Double": Storage.FLOAT, "Decimal": Storage.FLOAT}
_STORAGE |= dict.fromkeys(("Integer", "Long", "Count", "Short"), Storage.INTEGER)


def codelist(name: str, codes: Mapping[str, Mapping[str, str]]) -> Codelist:
    """A codelist from ids and their names."""
    items = tuple(Code(id=i, names=dict(names)) for i, names in codes.items())
    return Codelist(agency="SCI", id=name, version="1.0.0", names={"en": name}, items=items)


def dimension(name: str, codes: Codelist | None = None, **rest: Any) -> ResolvedComponent:
    """A dimension, coded or of type String."""
    return ResolvedComponent(
        id=name,
        kind=ComponentKind.DIMENSION,
        storage=Storage.CODE,
        names={"en": name.title(), "fa": "بُعد"},
        enumeration=codes,
        **rest,
    )


TIME = ResolvedComponent(
    id="TIME_PERIOD",
    kind=ComponentKind.TIME,
    storage=Storage.PERIOD,
    names={"en": "Time period"},
    text_format=TextFormat(text_type="ObservationalTimePeriod"),
)


def measure(name: str, text_type: str = "Double", codes: Codelist | None = None, **rest: Any) -> ResolvedComponent:
    """A measure; numeric types are kept as numbers."""
    facets = rest.pop("facets", {})
    return ResolvedComponent(
        id=name,
        kind=ComponentKind.MEASURE,
        storage=Storage.CODE if codes or rest.get("multi_valued") else _STORAGE.get(text_type, Storage.CODE),
        names={"en": name.title()},
        enumeration=codes,
        text_format=TextFormat(text_type=text_type, facets=facets),
        **rest,
    )


def attribute(name: str, attached: tuple[str, ...], text_type: str = "String", **rest: Any) -> ResolvedComponent:
    """An attribute of the dimensions it is attached to."""
    many = {"multi_valued": True, "max_occurs": None} if rest.pop("many", False) else {}
    return ResolvedComponent(
        id=name,
        kind=ComponentKind.ATTRIBUTE,
        storage=Storage.CODE,
        names={"en": name.title(), "fa": "ویژگی"},
        text_format=TextFormat(text_type=text_type),
        attached_to=attached,
        **many,
        **rest,
    )


class Case(msgspec.Struct, kw_only=True):
    """A structure with observations, group values and data set attributes."""

    name: str
    schema: ResolvedStructure
    observations: pl.DataFrame
    groups: Groups = {}
    dataset_attributes: Mapping[str, str] = {}

    def part(self, at: str | None = None, context: Maintainable | None = None, **rest: Any) -> DataPart:
        """The case as a part of a message, in the order that the dimension at the observation asks for."""
        time = self.schema.time.id if self.schema.time else None
        at = at or time or "AllDimensions"
        cross = at not in ("AllDimensions", time)
        dataset = MemoryDataSet(
            self.schema,
            self.observations,
            self.groups,
            self.dataset_attributes,
            order=Order.CROSS if cross else Order.SERIES,
            apart=at if cross else None,
            **rest,
        )
        asked = context or self.schema.dataflow or self.schema.structure
        return DataPart(dataset=dataset, context=reference_to(asked), dimension_at_observation=at)

    def message(self, at: str | None = None, **rest: Any) -> DataMessage:
        """A message with this case alone."""
        return DataMessage(header=HEADER, parts=(self.part(at, **rest),))

    @property
    def packagings(self) -> list[str]:
        """Every dimension that may stand at the observation, and the flat form."""
        return [*self.schema.dimension_ids, "AllDimensions"]


def structure(
    name: str,
    dimensions: tuple[ResolvedComponent, ...],
    measures: tuple[ResolvedComponent, ...],
    attributes: tuple[ResolvedComponent, ...] = (),
    *,
    time: bool = True,
    groups: tuple[Group, ...] = (),
) -> ResolvedStructure:
    """A resolved structure with a dataflow."""
    return ResolvedStructure(
        structure=DataStructure(agency="SCI", id=f"DSD_{name}", version="1.2.0", names={"en": f"Structure {name}"}),
        dataflow=Dataflow(agency="SCI", id=f"DF_{name}", version="1.0.0", names={"en": f"{name}, data", "fa": "داده"}),
        dimensions=dimensions,
        time=TIME if time else None,
        measures=measures,
        attributes=attributes,
        groups=groups,
    )


FREQ = codelist("CL_FREQ", {"A": {"en": "Annual", "fa": "سالانه"}, "M": {"en": "Monthly", "fa": "ماهانه"}})
AREA = codelist(
    "CL_AREA",
    {"IR": {"en": "Iran", "fa": "ایران"}, "IR-07": {"en": "Fars, the province", "fa": "فارس"}, "TR": {"en": "Türkiye"}},
)
STATUS = codelist("CL_STATUS", {"A": {"en": "Normal"}, "E": {"en": 'Estimated, "about"', "fa": "برآورد"}, "P": {}})
QUALITY = codelist("CL_QUALITY", {"GOOD": {"en": "Good"}, "POOR": {"en": "Poor"}})
NASTY = 'a,b "c" <d> & e\tf\ng\rh'


def prices() -> Case:
    """A time series case with attributes of all levels, a named group, texts that need escapes, missing values."""
    freq, area = dimension("FREQ", FREQ), dimension("REF_AREA", AREA)
    full = ("FREQ", "REF_AREA", "ITEM", "TIME_PERIOD")
    schema = structure(
        "PRICES",
        (freq, area, dimension("ITEM")),
        (measure("OBS_VALUE"),),
        (
            attribute("TITLE", ()),
            attribute("UNIT", ("REF_AREA", "ITEM"), group="Sibling"),
            attribute("AREA_NOTE", ("REF_AREA",)),
            attribute("SOURCE", full[:3]),
            attribute("OBS_STATUS", full, enumeration=STATUS),
            attribute("TIME_LABEL", ("TIME_PERIOD",)),
            attribute("COMMENT", full),
        ),
        groups=(Group(id="Sibling", dimensions=("REF_AREA", "ITEM")),),
    )
    rows = [
        ("M", "IR", "RICE", "2024-01", 12.5, 1, "A", "fine"),
        ("M", "IR", "RICE", "2024-02", 13.0, 1, "E", NASTY),
        ("M", "IR", "RICE", "2024-03", None, 2, None, None),
        ("M", "IR", "OIL & FAT", "2024-01", None, 0, "P", ""),
        ("M", "IR", "OIL & FAT", "2024-02", 1e16, 1, "A", None),
        ("M", "IR-07", "RICE", "2024-01", 0.1, 1, None, None),
        ("A", "IR-07", "RICE", "1402-01-01/P1Y", -1.5e-7, 1, "A", " spaced "),
        ("A", "TR", "RICE", "2024", 1234567.891, 1, "A", "#"),
    ]
    names = ["FREQ", "REF_AREA", "ITEM", "TIME_PERIOD", "OBS_VALUE", "OBS_VALUE?", "OBS_STATUS", "COMMENT"]
    groups = {
        ("REF_AREA", "ITEM"): pl.DataFrame(
            {"REF_AREA": ["IR", "TR"], "ITEM": ["RICE", "RICE"], "UNIT": ["KG", 'T"'], "UNIT?": [1, 1]}
        ),
        ("REF_AREA",): pl.DataFrame({"REF_AREA": ["IR", "IR-07"], "AREA_NOTE": ["country; whole", "x"]}),
        ("FREQ", "REF_AREA", "ITEM"): pl.DataFrame(
            {
                "FREQ": ["M", "A"],
                "REF_AREA": ["IR", "TR"],
                "ITEM": ["RICE", "RICE"],
                "SOURCE": ["Survey <1>", None],
                "SOURCE?": [1, 2],
            }
        ),
        ("TIME_PERIOD",): pl.DataFrame(
            {"TIME_PERIOD": ["2024-01", "1402-01-01/P1Y"], "TIME_LABEL": ["Dey", "سال ۱۴۰۲"]}
        ),
    }
    return Case(
        name="prices",
        schema=schema,
        observations=pl.DataFrame(rows, schema=names, orient="row"),
        groups=groups,
        dataset_attributes={"TITLE": "Prices, & <more>"},
    )


def measures() -> Case:
    """Several measures: numbers of all kinds, a coded one, a textual one, several values in one."""
    full = ("REF_AREA", "TIME_PERIOD")
    schema = structure(
        "MEASURES",
        (dimension("REF_AREA", AREA),),
        (
            measure("RATE", facets={"decimals": "2"}),
            measure("POP", "Long"),
            measure("AMOUNT", "Decimal"),
            measure("QUALITY", "String", QUALITY),
            measure("NOTE", "String"),
            measure("READINGS", "Double", multi_valued=True, max_occurs=None),
        ),
        (attribute("DECIMALS", full, "Integer"), attribute("FLAGS", full, many=True, enumeration=STATUS)),
    )
    rows = [
        ("IR", "2020", 5.0, 9007199254740993, 1e20, "GOOD", "first", '["1.5","2"]', "1", '["A","E"]'),
        ("IR", "2021", 5.125, None, 1.5e-9, "POOR", None, None, "2", None),
        ("IR", "2022", None, -7, 0.25, None, NASTY, None, None, '["P"]'),
        ("TR", "2020", float("nan"), 0, 3.0, "GOOD", "", None, "0", None),
        ("TR", "2021", float("inf"), 12, None, "GOOD", "x", None, None, None),
    ]
    names = ["REF_AREA", "TIME_PERIOD", "RATE", "POP", "AMOUNT", "QUALITY", "NOTE", "READINGS", "DECIMALS", "FLAGS"]
    frame = pl.DataFrame(rows, schema=names, orient="row").with_columns(
        pl.Series("POP?", [1, 2, 1, 1, 1]),
        pl.Series("AMOUNT?", [1, 1, 1, 1, 2]),
        pl.Series("QUALITY?", [1, 1, 2, 1, 1]),
    )
    return Case(name="measures", schema=schema, observations=frame)


def languages() -> Case:
    """Multilingual and multi-valued attributes at the observation and the series."""
    full = ("REF_AREA", "TIME_PERIOD")
    schema = structure(
        "LANGUAGES",
        (dimension("REF_AREA", AREA),),
        (measure("OBS_VALUE", "Integer"),),
        (
            attribute("TITLE", ("REF_AREA",), multilingual=True),
            attribute("NOTES", full, multilingual=True, many=True),
            attribute("TAGS", full, many=True),
            attribute("WORDS", (), many=True),
        ),
    )
    notes = canonical([{"en": 'One; "two"', "fa": "یک"}, {"en": "Three", "fr": "Trois <3>"}])
    rows = [
        ("IR", "2020-Q1", 1, notes, canonical(["a", "b;c", '"d"'])),
        ("IR", "2020-Q2", 2, None, canonical(["single"])),
        ("TR", "2020-Q1", 3, canonical([{"en": "only"}]), None),
    ]
    names = ["REF_AREA", "TIME_PERIOD", "OBS_VALUE", "NOTES", "TAGS"]
    titles = [canonical({"en": "Iran; all", "fa": "ایران"}), canonical({"fr": "Turquie", "en": 'The "T"'})]
    return Case(
        name="languages",
        schema=schema,
        observations=pl.DataFrame(rows, schema=names, orient="row"),
        groups={("REF_AREA",): pl.DataFrame({"REF_AREA": ["IR", "TR"], "TITLE": titles})},
        dataset_attributes={"WORDS": canonical(["x", "y, z"])},
    )


def census() -> Case:
    """A structure without time."""
    schema = structure(
        "CENSUS",
        (dimension("REF_AREA", AREA), dimension("SEX"), dimension("AGE")),
        (measure("OBS_VALUE", "Count"),),
        (
            attribute("UNIT", ("REF_AREA",), group="Area"),
            attribute("NOTE", ("SEX", "AGE")),
            attribute("OBS_STATUS", ("REF_AREA", "SEX", "AGE"), enumeration=STATUS),
        ),
        time=False,
        groups=(Group(id="Area", dimensions=("REF_AREA",)),),
    )
    rows = [
        (a, s, g, 10 * i + j, "A" if j else None)
        for i, a in enumerate(("IR", "TR"))
        for j, (s, g) in enumerate((("F", "Y1"), ("F", "Y2"), ("M", "Y1")))
    ]
    return Case(
        name="census",
        schema=schema,
        observations=pl.DataFrame(rows, schema=["REF_AREA", "SEX", "AGE", "OBS_VALUE", "OBS_STATUS"], orient="row"),
        groups={
            ("REF_AREA",): pl.DataFrame({"REF_AREA": ["IR", "TR"], "UNIT": ["PERSONS", None], "UNIT?": [1, 2]}),
            ("SEX", "AGE"): pl.DataFrame({"SEX": ["F", "M"], "AGE": ["Y1", "Y1"], "NOTE": ["girls", "boys"]}),
        },
    )


def footnotes() -> Case:
    """Metadata attributes of every level beside an attribute; one stands in another."""
    full = ("FREQ", "REF_AREA", "TIME_PERIOD")
    schema = structure(
        "FOOTNOTES",
        (dimension("FREQ", FREQ), dimension("REF_AREA", AREA)),
        (measure("OBS_VALUE"),),
        (
            attribute("OBS_STATUS", full, enumeration=STATUS),
            attribute("METHOD", (), multilingual=True, metadata=True),
            attribute("NAME", ("FREQ",), metadata=True, above=("CONTACT", "PERSON")),
            attribute("GRADE", full[:2], many=True, enumeration=QUALITY, metadata=True),
            attribute("EVENTS", full, multilingual=True, many=True, metadata=True, above=("CONTEXT",)),
        ),
    )
    events = canonical([{"en": "War; blockade", "fa": "جنگ"}, {"en": "Drought"}])
    rows = [
        ("A", "IR", "1980", 7.5, "A", events),
        ("A", "IR", "1981", 8.25, None, None),
        ("M", "IR-07", "1981-01", 1.5, "E", canonical([{"fa": "زلزله"}])),
    ]
    series = {"FREQ": ["A"], "REF_AREA": ["IR"], "GRADE": [canonical(["GOOD", "POOR"])]}
    return Case(
        name="footnotes",
        schema=schema,
        observations=pl.DataFrame(rows, schema=[*full, "OBS_VALUE", "OBS_STATUS", "EVENTS"], orient="row"),
        groups={
            ("FREQ",): pl.DataFrame({"FREQ": ["A", "M"], "NAME": ["Yearly, desk", "Monthly"]}),
            ("FREQ", "REF_AREA"): pl.DataFrame(series),
        },
        dataset_attributes={"METHOD": canonical({"en": "Laspeyres", "fa": "لاسپیرز"})},
    )


CASES = (prices, measures, languages, census, footnotes)
