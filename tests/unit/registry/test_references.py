"""References of artefacts, against a walk over everything that an artefact holds."""

from hypothesis import given
from hypothesis import strategies as st
from support.artefacts import BY_KIND
from support.world import STRUCTURE, concept, ref

from sdmx_server.model.common import Value
from sdmx_server.model.kinds import STORED
from sdmx_server.model.reference import Reference, parse_urn
from sdmx_server.registry.references import references_of


def everything(value):
    """Every reference anywhere below a value."""
    if isinstance(value, Reference):
        yield value
    elif isinstance(value, Value):
        for name in value.__struct_fields__:
            yield from everything(getattr(value, name))
    elif isinstance(value, tuple):
        for part in value:
            yield from everything(part)


@given(st.one_of(*BY_KIND.values()))
def test_no_reference_is_forgotten(artefact):
    found = references_of(artefact)
    targets = {parse_urn(urn) for urn in getattr(artefact, "targets", ()) if isinstance(urn, str)}
    assert set(found) == {*everything(artefact), *targets}
    assert len(found) == len(set(found))


def test_items_and_wildcards_stay_as_written():
    found = references_of(STRUCTURE)
    assert concept("FREQ") in found
    assert ref("Codelist", "CL_AREA", "1.0+.0") in found


def test_every_stored_kind_is_tried():
    assert set(BY_KIND) == STORED
