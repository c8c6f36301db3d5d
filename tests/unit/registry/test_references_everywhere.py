"""Every value of ``references``, for every artefact of several worlds, against sets worked out in plain steps.

The edges come from a walk over everything that an artefact holds, whatever its kind.
"""

import functools
import os
from contextlib import suppress
from pathlib import Path

import pytest
from support.catalogues import catalogue_of
from support.every_kind import ABOUT_ANYTHING, every_kind
from support.references_table import closure
from support.shipped import STRUCTURES
from test_references import everything

from sdmx_server.errors import Refused
from sdmx_server.formats import FORMATS
from sdmx_server.formats.detect import read_structure_file
from sdmx_server.model.kinds import BY_NAME
from sdmx_server.model.reference import parse_urn, reference_to
from sdmx_server.query.paths import STRUCTURE_TYPES
from sdmx_server.query.structure import parse_structure_query
from sdmx_server.registry.structures import answer_structure_query

ROOT = Path(__file__).parents[3]
SAMPLES = Path(os.environ.get("SDMX_SAMPLES", ROOT.parent / "shared" / "samples"))
OWN = [*(ROOT / "tests" / "data" / "sdmx_ml").glob("*.xml"), *(ROOT / "tests" / "data" / "sdmx_json").glob("*.json")]
SCOPES = ("none", "parents", "parentsandsiblings", "ancestors", "children", "descendants", "all")


def read(files):
    """The artefacts of structure messages; of two of one name the first."""
    found = {}
    for path in files:
        text = path.read_bytes()[:3000]
        if b"Structure xmlns" in text or b"structure-schema.json" in text:
            with suppress(Refused):  # one sample follows no schema
                for one in read_structure_file(path, FORMATS).artefacts:
                    found.setdefault(reference_to(one), one)
    only_old = ("HierarchicalCodelist", "StructureSet", "AttachmentConstraint")
    return [one for one in found.values() if one.kind not in only_old]


WORLDS = {
    "every kind": lambda: [*every_kind(), ABOUT_ANYTHING],
    "shipped": lambda: read(STRUCTURES),
    "own": lambda: read(sorted(OWN)),
    "official": lambda: read(sorted([*SAMPLES.glob("3.*/ml/**/*.xml"), *SAMPLES.glob("3.*/json/structure/**/*.json")])),
}


@functools.cache
def world(name):
    held = WORLDS[name]()
    return catalogue_of(held), {reference_to(one): one for one in held}, edges(held)


def edges(held):
    """What each artefact refers to, what of it by name, and what refers to it."""
    catalogue = catalogue_of(held)
    children = {reference_to(one): set() for one in held}
    named, among = {}, {own: set() for own in children}
    for one in held:
        own = reference_to(one)
        written = {found.maintainable for found in everything(one)}
        for urn in (urn for urn in getattr(one, "targets", ()) if isinstance(urn, str)):
            target = parse_urn(urn.replace("base.Any", "codelist.Codelist"))
            any_kind = "base.Any" in urn
            among[own].update(other for other in children if fits(target, other, any_kind))
        written.add(agencies(own, children))
        named[own] = {catalogue.resolve(other) for other in written if other is not None} - {None, own}
        children[own] = (named[own] | among[own]) - {own}
    parents = {own: {other for other, targets in children.items() if own in targets} for own in children}
    return children, named, parents


def fits(target, other, any_kind):
    pairs = ((target.agency, other.agency), (target.id, other.id), (target.version, other.version))
    return (any_kind or target.kind == other.kind) and all(wild in ("*", plain) for wild, plain in pairs)


def agencies(own, known):
    owner = own.agency.rpartition(".")[0] or "SDMX"
    return max((o for o in known if (o.kind, o.agency, o.id) == ("AgencyScheme", owner, "AGENCIES")), default=None)


def around(start, words, children, named, parents):
    """What fits a wildcard counts only one step from the start."""
    siblings = set(parents[start]).union(*(named[parent] for parent in parents[start]))
    descendants = closure(start, named | {start: children[start]})
    sets = {
        "none": set(),
        "parents": parents[start],
        "parentsandsiblings": siblings,
        "ancestors": closure(start, parents),
        "children": children[start],
        "descendants": descendants,
        "all": siblings | descendants,
    }
    near = closure(start, parents) | descendants
    sets |= {name: {one for one in near if one.kind == kind} for name, kind in STRUCTURE_TYPES.items()}
    return set().union(*(sets[word] for word in words)) - {start}


def proving(*words):
    return pytest.param(",".join(words), marks=pytest.mark.proves(f"v2 structure: references={words[0]}"))


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize(
    "words",
    [
        *(proving(word) for word in (*SCOPES, *STRUCTURE_TYPES)),
        *(
            pytest.param(text, marks=pytest.mark.proves("v2 structure: references=A,B"))
            for text in ("parents,children", "ancestors,codelist", "dataflow,conceptscheme,categorisation")
        ),
    ],
)
def test_an_answer_holds_what_there_is_and_nothing_else(name, words):
    catalogue, held, (children, named, parents) = world(name)
    for start in held:
        tail = f"/{BY_NAME[start.kind].resource}/{start.agency}/{start.id}/{start.version}"
        query = parse_structure_query(tail, f"references={words}&detail=raw")
        answer = answer_structure_query(catalogue, query)
        expected = around(start, words.split(","), children, named, parents)
        assert [reference_to(one) for one in answer.matching] == [start]
        assert {reference_to(one) for one in answer.related} == expected
