"""SDMX-ML data messages for tests, put together from parts, and short ways to load them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdmx_server.errors import Refused
from sdmx_server.loading.prepare import FileJob
from sdmx_server.model.resolved import ResolvedStructure

from .loading import Loaded, places, structure

BASE = "http://www.sdmx.org/resources/sdmxml/schemas/"
URN = "urn:sdmx:org.sdmx.infomodel.datastructure."
FLOW = f"<c:StructureUsage>{URN}Dataflow=SCI:T(1.0.0)</c:StructureUsage>"
REF = '<c:Structure><Ref agencyID="SCI" id="DSD_T" version="1.0.0"/></c:Structure>'
SERIES_KEY = 'FREQ="A" REF_AREA="IR" SEX="_T"'
OBS = '<Obs TIME_PERIOD="2016" OBS_VALUE="79926270" OBS_STATUS="A"/>'
ROW = {"FREQ": "A", "REF_AREA": "IR", "SEX": "_T", "TIME_PERIOD": "2016", "OBS_VALUE": 79926270.0, "OBS_STATUS": "A"}


def message(
    *sets: str, version: str = "3.1", kind: str = "StructureSpecificData", structures: str = "", header: str = ""
) -> str:
    """A message around data sets. The header stands on line 3, the first data set on line 4."""
    v = "v" + version.replace(".", "_")
    refers = structures or organisation(FLOW if version > "3" else REF)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<m:{kind} xmlns:m="{BASE}{v}/message" xmlns:c="{BASE}{v}/common"'
        f' xmlns:g="{BASE}{v}/data/generic" xmlns:ss="{BASE}{v}/data/structurespecific" xmlns:ns="urn:any"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
        f"<m:Header><m:ID>M1</m:ID><m:Sender id='X'/>{refers}{header}</m:Header>\n"
        + "\n".join(sets)
        + f"\n</m:{kind}>\n"
    )


def organisation(refers: str, name: str = "S", at: str = "TIME_PERIOD", more: str = "") -> str:
    return f'<m:Structure structureID="{name}" dimensionAtObservation="{at}" {more}>{refers}</m:Structure>'


def data_set(*content: str, action: str = "", more: str = "", ref: str = "S") -> str:
    act = f' ss:action="{action}"' if action else ""
    head = f'<m:DataSet ss:structureRef="{ref}" xsi:type="ns:DataSetType"{act} {more}>'
    return head + "\n" + "\n".join(content) + "\n</m:DataSet>"


def series(*obs: str, key: str = SERIES_KEY) -> str:
    return f"<Series {key}>" + "\n".join(obs) + "</Series>"


def generic(*content: str, kind: str = "GenericData", action: str = "Append", at: str = "TIME_PERIOD") -> str:
    head = f'<m:DataSet structureRef="S" action="{action}">'
    text = head + "\n" + "\n".join(content) + "\n</m:DataSet>"
    return message(text, version="2.1", kind=kind, structures=organisation(REF, at=at))


def values(tag: str, **cells: str) -> str:
    return f"<g:{tag}>" + "".join(f'<g:Value id="{k}" value="{v}"/>' for k, v in cells.items()) + f"</g:{tag}>"


KEY = values("SeriesKey", FREQ="A", REF_AREA="IR", SEX="_T")
GENERIC_OBS = (
    '<g:Obs><g:ObsDimension value="2016"/><g:ObsValue value="79926270"/>'
    '<g:Attributes><g:Value id="OBS_STATUS" value="A"/></g:Attributes></g:Obs>'
)


def load(tmp_path: Path, text: str | bytes, schema: ResolvedStructure | None = None, **more: object) -> Loaded:
    path = tmp_path / "data.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Loaded(FileJob(path=path), schema or structure(), **more)


def refused(tmp_path: Path, text: str | bytes, schema: ResolvedStructure | None = None, **more: object):
    with pytest.raises(Refused) as caught:
        load(tmp_path, text, schema, **more)
    return [place[:1] + place[2:] for place in places(caught.value)]
