"""A small resolved structure with a component of every kind, and short ways to load text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from sdmx_server.errors import Refused
from sdmx_server.loading.prepare import FileJob, prepare
from sdmx_server.loading.recipe import read_recipe
from sdmx_server.model.codelist import Code, Codelist
from sdmx_server.model.dataflow import Dataflow
from sdmx_server.model.datastructure import DataStructure
from sdmx_server.model.representation import TextFormat
from sdmx_server.model.resolved import ComponentKind, ResolvedComponent, ResolvedStructure, Storage

DIMENSIONS = ("FREQ", "REF_AREA", "SEX", "TIME_PERIOD")
SERIES = DIMENSIONS[:3]
AREAS = (
    Code(id="IR", names={"en": "Iran", "fa": "ایران"}),
    Code(id="IR-00", names={"en": "Markazi", "fa": "مرکزی"}, parent="IR"),
    Code(id="IR-01", names={"en": "Gilan", "fa": "گیلان"}, parent="IR"),
)


def codelist(list_id: str, *codes: str | Code) -> Codelist:
    items = tuple(c if isinstance(c, Code) else Code(id=c, names={"en": c}) for c in codes)
    return Codelist(agency="SCI", id=list_id, version="1.0.0", items=items)


def _coded(
    name: str, listed: Codelist, kind: ComponentKind = ComponentKind.DIMENSION, **more: Any
) -> ResolvedComponent:
    return ResolvedComponent(id=name, kind=kind, storage=Storage.CODE, enumeration=listed, **more)


def _attribute(name: str, attached_to: tuple[str, ...], **more: Any) -> ResolvedComponent:
    given = {"storage": Storage.CODE, "attached_to": attached_to, **more}
    return ResolvedComponent(id=name, kind=ComponentKind.ATTRIBUTE, **given)


def structure(
    time_type: str = "ObservationalTimePeriod", measure: dict[str, Any] | None = None, **more: Any
) -> ResolvedStructure:
    """FREQ.REF_AREA.SEX.TIME_PERIOD with OBS_VALUE and attributes at all four levels."""
    value = {"storage": Storage.FLOAT, "text_format": TextFormat(text_type="Double"), **(measure or {})}
    time = ResolvedComponent(
        id="TIME_PERIOD",
        kind=ComponentKind.TIME,
        storage=Storage.PERIOD,
        text_format=TextFormat(text_type=time_type),
    )
    return ResolvedStructure(
        structure=DataStructure(agency="SCI", id="DSD_T", version="1.0.0"),
        dataflow=Dataflow(agency="SCI", id="T", version="1.0.0"),
        dimensions=(
            _coded("FREQ", codelist("CL_FREQ", "A", "M")),
            _coded("REF_AREA", codelist("CL_AREA", *AREAS)),
            _coded("SEX", codelist("CL_SEX", "_T", "M", "F")),
        ),
        time=time,
        measures=(ResolvedComponent(id="OBS_VALUE", kind=ComponentKind.MEASURE, **value),),
        attributes=(
            _attribute("OBS_STATUS", DIMENSIONS, enumeration=codelist("CL_OBS_STATUS", "A", "O", "P"), mandatory=True),
            _attribute("COMMENT_OBS", DIMENSIONS, multilingual=True),
            _attribute(
                "TAGS", DIMENSIONS, enumeration=codelist("CL_TAG", "X", "Y", "Z"), multi_valued=True, max_occurs=2
            ),
            _attribute("UNIT_MEASURE", SERIES, enumeration=codelist("CL_UNIT", "PS", "HH")),
            _attribute(
                "TITLE", ("REF_AREA",), text_format=TextFormat(facets={"maxLength": "10", "pattern": "[A-Z].*"})
            ),
            _attribute("SOURCE", (), multilingual=True),
        ),
        **more,
    )


class Loaded:
    """What a load handed over: actions, observations of each, groups of each, and counts."""

    def __init__(self, job: Any, schema: ResolvedStructure, **more: Any) -> None:
        with prepare(job, schema, **more) as prepared:
            self.counts = prepared.counts
            self.deltas = list(prepared.deltas)

    @property
    def actions(self) -> list[str]:
        return [delta.action.value for delta in self.deltas]

    @property
    def rows(self) -> list[dict[str, Any]]:
        frames = [d.observations for d in self.deltas if d.observations is not None and d.observations.width]
        return pl.concat(frames, how="diagonal").rows(named=True) if frames else []

    def group(self, *key: str) -> list[dict[str, Any]]:
        frames = [d.groups[key] for d in self.deltas if key in d.groups]
        return pl.concat(frames, how="diagonal").unique().rows(named=True) if frames else []


def load_csv(tmp_path: Path, text: str | bytes, schema: ResolvedStructure | None = None, **options: Any) -> Loaded:
    """Load SDMX-CSV text."""
    path = tmp_path / "data.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Loaded(FileJob(path=path, options=options), schema or structure())


def load_recipe(tmp_path: Path, recipe: str, schema: ResolvedStructure | None = None, **sources: str) -> Loaded:
    """Load a recipe; ``sources`` are the files, named without ``.csv``."""
    for name, text in sources.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "dataflow.toml").write_text(recipe, encoding="utf-8")
    return Loaded(read_recipe(tmp_path), schema or structure())


def places(refused: Refused) -> list[tuple[str, str | None, int | None, str | None, str | None]]:
    """Each finding as (code, file, row, column, value)."""
    for problem in refused.problems:
        assert set(problem.texts) == {"en", "fa"}
        assert "{" not in problem.texts["en"] + problem.texts["fa"]
    return [(p.code, p.file, p.row, p.column, p.value) for p in refused.problems]
