"""Which facts of SDMX-ML 2.1 other generations do not carry over as they are: what ``docs/gaps.md`` tells."""

from __future__ import annotations

import re

from sdmx_server.model.kinds import OLDER

_WAYS = frozenset({"IncludedCodelist", "Code", "CodeID", "CodelistAliasRef", "Level", "@version", "@isFinal"})


def is_gap(fact, _version):
    """Whether a fact of 2.1 (``compare_xml``) is not carried over to a later version as it is."""
    kind, _, name = fact[0].partition(" SCI:")
    if kind in OLDER or kind in OLDER.values():  # the ones become the others: test_hierarchies, test_structure_sets
        return name.startswith(("HCL_AREA", "ITEMS", "SS_", "AREA_CODES"))
    if fact[0].startswith("VtlMappingScheme ") and fact[1:2] == ("VtlMapping[ITEMS]",):  # it maps a concept scheme
        return True
    if "MetadataStructureComponents" in fact or fact[1:2] == ("Target",):
        return True
    if fact[-2:] == ("@isFinal", "true") or (
        fact[-2:-1] == ("@position",) and fact[-3] == "TimeDimension[TIME_PERIOD]"
    ):
        return True
    if name in ("AC_CAPITAL", "MC_QUALITY") or fact[-2:] == ("@role", "Allowed"):  # test_constraint_kinds; a default
        return True
    return any(step.startswith(("MeasureDimension[", "Dimension[DEMO]")) for step in fact if isinstance(step, str))


def is_forgotten(fact, version):
    """Whether a fact does not come back from a later version to 2.1."""
    kind, _, name = fact[0].partition(" SCI:")
    if kind == "HierarchicalCodelist":  # codes are named in another way, and codelists are not listed
        return name == "HCL_AREA" and not _WAYS.isdisjoint(step for step in fact if isinstance(step, str))
    return name == "SS_OLD" if kind == "StructureSet" else is_gap(fact, version)


_LATER_JSON = {
    ("contentConstraints", "CON"): "",  # an actual constraint, which 3.1 does not have
    ("contentConstraints", "M"): "",  # of the reports and targets of metadata
    ("organisationUnitSchemes", "$"): "",  # its version is 1.0
    ("dataStructures", "$"): r"/dataStructureComponents/(dimensionList|groups/0)",  # measure dimension; constraint
    ("dataStructures", "ECB_EXR1"): r".*/timeDimensions/0/position",
    ("hierarchicalCodelists", "$"): r"/(annotations|links|includedCodelists|hierarchies/0/hierarchicalCodes)",
    ("reportingTaxonomies", "$"): r".*/provisioningMetadata",
    ("structureSets", "$"): r"/(annotations|links|relatedStructures|hybridCodelistMaps)|/structureMaps/0/"
    r"(isExtension|componentMaps/0/representationMapping/(toTextFormat|toValueType|valueMap))",
}
"""What of the samples of SDMX-JSON 1.0 does not come back from 2.0 and 2.1: the beginning of its pointer."""
_OTHER_URN = re.compile(r".*/links/\d+/urn")


def is_forgotten_json(fact):
    """Whether a fact (``compare_json``) does not come back from SDMX-JSON 2.0 and 2.1."""
    kind, _, name, _, pointer, _ = fact
    listed = _LATER_JSON.get((kind, name))
    return (listed is not None and re.match(listed, pointer) is not None) or _OTHER_URN.fullmatch(pointer) is not None
