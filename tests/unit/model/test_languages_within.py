"""The languages of all texts within artefacts."""

from __future__ import annotations

from support.world import AREA, WORLD

from sdmx_server.model.codelist import Code, Codelist
from sdmx_server.model.common import Annotation
from sdmx_server.model.languages import languages_within
from sdmx_server.model.metadataset import MetadataSet, ReportedAttribute
from sdmx_server.model.process import Process, ProcessStep, Transition
from sdmx_server.model.representation import Representation, TextFormat


def test_texts_of_items_annotations_and_parts_count() -> None:
    assert languages_within((AREA,)) == {"en", "fa"}
    code = Code(id="A", descriptions={"fr": "x"}, annotations=(Annotation(texts={"de": "y"}),))
    assert languages_within((Codelist(agency="SCI", id="CL", items=(code,)),)) == {"fr", "de"}
    step = ProcessStep(id="S", transitions=(Transition(id="T", target="S", conditions={"ku": "z"}),))
    assert languages_within((Process(agency="SCI", id="P", steps=(step,)),)) == {"ku"}
    reported = ReportedAttribute(id="A", attributes=(ReportedAttribute(id="B", texts={"ar": "w"}),))
    assert languages_within((MetadataSet(agency="SCI", id="M", attributes=(reported,)),)) == {"ar"}


def test_facets_and_ids_are_no_languages() -> None:
    held = Representation(text_format=TextFormat(text_type="String", facets={"maxLength": "4"}))
    assert languages_within((held,)) == frozenset()
    assert languages_within(WORLD) == {"en", "fa"}
