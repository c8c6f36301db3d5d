"""Hypothesis strategies for the VTL schemes."""

from __future__ import annotations

from hypothesis import strategies as st

from sdmx_server.model.transformation import (
    CustomType,
    CustomTypeScheme,
    FromVtlMapping,
    NamePersonalisation,
    NamePersonalisationScheme,
    Ruleset,
    RulesetScheme,
    ToVtlMapping,
    Transformation,
    TransformationScheme,
    UserDefinedOperator,
    UserDefinedOperatorScheme,
    VtlMapping,
    VtlMappingScheme,
)

from .artefact_parts import IDS, MAINTAINABLE, NAMEABLE, TEXTS, references, unique

VTL = st.sampled_from(
    [
        'CPI := IDX[filter FREQ = "M" and OBS_VALUE <> 0];',
        "  sum(POP group by REF_AREA)\n    + 1\n",
        "define operator share (a dataset, b dataset) returns dataset is a / b * 100 end operator",
        "",
    ]
)
KEYS = st.lists(IDS, max_size=2, unique=True).map(tuple)
METHODS = st.sampled_from([None, "Basic", "Pivot-A2M", "M2A", "روش دیگر"])
TO_VTL = st.none() | st.builds(ToVtlMapping, method=METHODS, sub_space=KEYS)
FROM_VTL = st.none() | st.builds(FromVtlMapping, method=METHODS, super_space=KEYS)


def schemes_of_vtl(nameable, maintainable, references_to, versions=("2.0", "2.1"), older=False):
    """A strategy for each of the six kinds; ``older``: with mappings of concept schemes, which only 2.1 has."""

    def scheme(cls, item, *, vtl=True, **more):
        own = {"vtl_version": st.sampled_from(versions)} if vtl else {}
        return st.builds(cls, items=item, is_partial=st.booleans(), **own, **more, **maintainable)

    def items(cls, **fields):
        return unique(st.builds(cls, id=IDS, **fields, **nameable))

    def several_of(kind):
        return st.lists(references_to(kind), max_size=2, unique=True).map(tuple)

    def mapping(target, **more):
        return st.builds(VtlMapping, id=IDS, alias=TEXTS, target=target, **more, **nameable)

    mappings = [
        mapping(st.none() | references_to("Dataflow"), to_vtl=TO_VTL, from_vtl=FROM_VTL),
        mapping(references_to("Codelist")),
        mapping(references_to("ConceptScheme", IDS)),
    ]
    if older:
        mappings.append(mapping(references_to("ConceptScheme")))
    held = st.lists(st.one_of(mappings), max_size=3, unique_by=(lambda one: one.id, lambda one: one.alias)).map(tuple)
    mapping_scheme = st.none() | references_to("VtlMappingScheme")
    return {
        "CustomTypeScheme": scheme(
            CustomTypeScheme,
            items(
                CustomType,
                vtl_scalar_type=st.sampled_from(["number", "time_period"]),
                data_type=st.sampled_from(["Double", "NUMERIC"]),
                vtl_literal_format=st.none() | TEXTS,
                output_format=st.none() | st.just("YYYY-MM"),
                null_value=st.none() | st.sampled_from(["", "NaN"]),
            ),
        ),
        "VtlMappingScheme": scheme(VtlMappingScheme, held, vtl=False),
        "NamePersonalisationScheme": scheme(
            NamePersonalisationScheme,
            items(
                NamePersonalisation,
                vtl_default_name=TEXTS,
                personalised_name=TEXTS,
                vtl_artefact=st.sampled_from(["variable", "valuedomain"]),
            ),
        ),
        "RulesetScheme": scheme(
            RulesetScheme,
            items(
                Ruleset,
                definition=VTL,
                ruleset_type=st.sampled_from(["datapoint", "hierarchical"]),
                scope=st.sampled_from(["variable", "valuedomain"]),
            ),
            vtl_mapping_scheme=mapping_scheme,
        ),
        "TransformationScheme": scheme(
            TransformationScheme,
            items(Transformation, expression=VTL, result=TEXTS, is_persistent=st.booleans()),
            vtl_mapping_scheme=mapping_scheme,
            name_personalisation_scheme=st.none() | references_to("NamePersonalisationScheme"),
            custom_type_scheme=st.none() | references_to("CustomTypeScheme"),
            ruleset_schemes=several_of("RulesetScheme"),
            user_defined_operator_schemes=several_of("UserDefinedOperatorScheme"),
        ),
        "UserDefinedOperatorScheme": scheme(
            UserDefinedOperatorScheme,
            items(UserDefinedOperator, definition=VTL),
            vtl_mapping_scheme=mapping_scheme,
            ruleset_schemes=several_of("RulesetScheme"),
        ),
    }


BY_KIND_VTL = schemes_of_vtl(NAMEABLE, MAINTAINABLE, references, versions=(None, "2.0", "2.1"))
