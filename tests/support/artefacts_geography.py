"""Hypothesis strategies for codelists with a geography."""

from __future__ import annotations

from hypothesis import strategies as st

from sdmx_server.model.codelist import GEOGRAPHIC, GRID, Code, Codelist

from .artefact_parts import CODE_IDS, MAINTAINABLE, NAMEABLE, TEXTS, several, unique

FEATURES = st.sampled_from(["EPSG:4326, 0.001: {(POINT (51.4 35.7)): Tehran}", "IR"]) | TEXTS


def geo_codelists(extensions):
    """Geographic codelists and grids, which may extend others."""
    more = {"extensions": several(extensions, 1), "is_partial": st.booleans(), **MAINTAINABLE}
    return st.builds(
        Codelist,
        geo_type=st.just(GEOGRAPHIC),
        items=unique(st.builds(Code, id=CODE_IDS, feature_set=st.none() | FEATURES, **NAMEABLE)),
        **more,
    ) | st.builds(
        Codelist,
        geo_type=st.just(GRID),
        grid_definition=st.none() | TEXTS,
        items=unique(st.builds(Code, id=CODE_IDS, cell=st.none() | TEXTS, **NAMEABLE)),
        **more,
    )
