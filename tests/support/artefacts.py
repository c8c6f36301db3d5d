"""Hypothesis strategies: random artefacts of every kind, holding what the 3.x generations of the model can hold.

Fields that only SDMX 2.1 has stay at their defaults, and members of a code selection come plain first, patterns last.
"""

from __future__ import annotations

from hypothesis import strategies as st

from sdmx_server.model.codelist import MemberValue
from sdmx_server.model.common import Maintainable
from sdmx_server.model.constraint import (
    ConstraintAttachment,
    CubeRegion,
    DataConstraint,
    DataKey,
    DataKeySet,
    MemberSelection,
    TimeBound,
    TimeRange,
)
from sdmx_server.model.message import Header, Party, StructureMessage
from sdmx_server.model.organisation import AgencyScheme, DataConsumerScheme, DataProviderScheme

from .artefact_parts import (
    ANNOTATIONS,
    CODE_IDS,
    DATES,
    IDS,
    INTERNATIONAL,
    MAINTAINABLE,
    PERIODS,
    PROVIDERS,
    references,
    several,
    unique,
)
from .artefacts_constraint import constraints_of_2_1, metadata_constraints
from .artefacts_geography import geo_codelists
from .artefacts_hierarchy import BY_KIND_HIERARCHY
from .artefacts_items import (
    CATEGORISATIONS,
    CATEGORY_SCHEMES,
    CODELISTS,
    CONCEPT_SCHEMES,
    EXTENSIONS,
    VALUE_LISTS,
    organisation_schemes,
)
from .artefacts_mapping import BY_KIND_MAPPING
from .artefacts_organisation import BY_KIND_ORGANISATION
from .artefacts_process import BY_KIND_PROCESS
from .artefacts_structure_map import BY_KIND_STRUCTURE_MAP
from .artefacts_structure_set import BY_KIND_STRUCTURE_SET
from .artefacts_structures import DATAFLOWS, METADATA_STRUCTURES, METADATAFLOWS, PROVISION_AGREEMENTS, data_structures
from .artefacts_transformation import BY_KIND_VTL

# -- constraints ------------------------------------------------------------------------------------------------------

BOUNDS = st.builds(TimeBound, period=PERIODS, inclusive=st.booleans())
TIME_RANGES = (
    st.builds(TimeRange, before=BOUNDS)
    | st.builds(TimeRange, after=BOUNDS)
    | st.builds(TimeRange, start=BOUNDS, end=BOUNDS)
)
VALUES = st.builds(MemberValue, value=CODE_IDS, cascade=st.sampled_from([None, "true", "excluderoot"]))
SELECTION = {"id": IDS, "include": st.booleans(), "remove_prefix": st.sampled_from([None, True])}
VALUE_SELECTIONS = st.builds(
    MemberSelection,
    values=st.lists(VALUES, min_size=1, max_size=3, unique_by=lambda v: v.value).map(tuple),
    **SELECTION,
)
MEMBER_SELECTIONS = VALUE_SELECTIONS | st.builds(MemberSelection, time_range=TIME_RANGES, **SELECTION)
KEY_PARTS = st.builds(MemberSelection, id=IDS, values=CODE_IDS.map(lambda text: (MemberValue(value=text),)))
REGIONS = st.builds(
    CubeRegion,
    include=st.booleans(),
    keys=unique(MEMBER_SELECTIONS, least=1),
    components=unique(MEMBER_SELECTIONS, most=1),
    annotations=several(ANNOTATIONS, 1),
)
KEY_SETS = st.builds(
    DataKeySet,
    is_included=st.booleans(),
    keys=st.lists(
        st.builds(DataKey, keys=unique(KEY_PARTS, least=1), components=unique(VALUE_SELECTIONS, most=1)),
        min_size=1,
        max_size=2,
    ).map(tuple),
)
ATTACHMENTS = st.builds(
    ConstraintAttachment,
    references=st.one_of(
        [
            st.lists(references(kind), min_size=1, max_size=2, unique=True).map(tuple)
            for kind in ("DataStructure", "Dataflow", "ProvisionAgreement")
        ]
        + [PROVIDERS.map(lambda provider: (provider,))]
    ),
)
DATA_CONSTRAINTS = st.builds(
    DataConstraint,
    attachment=st.none() | ATTACHMENTS,
    key_sets=several(KEY_SETS, 1),
    cube_regions=several(REGIONS),
    **MAINTAINABLE,
)

PLAIN_KEYS = st.builds(DataKey, keys=unique(KEY_PARTS, least=1))
_, ATTACHMENT_CONSTRAINTS = constraints_of_2_1(
    MAINTAINABLE,
    references,
    PLAIN_KEYS,
    TIME_RANGES,
    st.builds(DataKeySet, is_included=st.booleans(), keys=st.tuples(PLAIN_KEYS)),
)

BY_KIND: dict[str, st.SearchStrategy[Maintainable]] = {
    "AgencyScheme": organisation_schemes(AgencyScheme, "AGENCIES"),
    "DataProviderScheme": organisation_schemes(DataProviderScheme, "DATA_PROVIDERS"),
    "DataConsumerScheme": organisation_schemes(DataConsumerScheme, "DATA_CONSUMERS"),
    "Codelist": CODELISTS | geo_codelists(EXTENSIONS),
    "ValueList": VALUE_LISTS,
    **BY_KIND_HIERARCHY,
    **BY_KIND_ORGANISATION,
    **BY_KIND_MAPPING,
    **BY_KIND_STRUCTURE_MAP,
    **BY_KIND_STRUCTURE_SET,
    **BY_KIND_PROCESS,
    **BY_KIND_VTL,
    "ConceptScheme": CONCEPT_SCHEMES,
    "DataStructure": data_structures(),
    "Dataflow": DATAFLOWS,
    "MetadataStructure": METADATA_STRUCTURES,
    "Metadataflow": METADATAFLOWS,
    "CategoryScheme": CATEGORY_SCHEMES,
    "Categorisation": CATEGORISATIONS,
    "ProvisionAgreement": PROVISION_AGREEMENTS,
    "DataConstraint": DATA_CONSTRAINTS,
    "MetadataConstraint": metadata_constraints(TIME_RANGES),
    "AttachmentConstraint": ATTACHMENT_CONSTRAINTS,
}
"""One strategy for each kind that the server stores."""

PARTIES = st.builds(Party, id=IDS, names=INTERNATIONAL)
HEADERS = st.builds(
    Header, id=IDS, prepared=DATES, sender=PARTIES, test=st.booleans(), receivers=several(PARTIES), names=INTERNATIONAL
)


def messages(*kinds, most=3):
    """Structure messages with artefacts of these kinds (all when none is named), each reference once."""
    artefacts = st.one_of([BY_KIND[kind] for kind in kinds or BY_KIND])
    return st.builds(
        StructureMessage,
        header=HEADERS,
        artefacts=st.lists(
            artefacts, min_size=1, max_size=most, unique_by=lambda a: (a.kind, a.agency, a.id, a.version)
        ).map(tuple),
    )
