"""Hypothesis strategies for metadata constraints and attachment constraints."""

from __future__ import annotations

from hypothesis import strategies as st

from sdmx_server.model.codelist import MemberValue
from sdmx_server.model.constraint import (
    AttachmentConstraint,
    ConstraintAttachment,
    DataSetTarget,
    MemberSelection,
    MetadataConstraint,
    MetadataKey,
    MetadataKeySet,
    MetadataTargetRegion,
    QueryableDataSource,
    ReferencePeriod,
    ReleaseCalendar,
    TargetSelection,
)
from sdmx_server.model.reference import Reference

from .artefact_parts import (
    AGENCIES,
    ANNOTATIONS,
    CODE_IDS,
    DATES,
    IDS,
    MAINTAINABLE,
    PROVIDERS,
    URLS,
    references,
    several,
    unique,
)

METADATA_PROVIDERS = st.builds(
    Reference,
    kind=st.just("MetadataProviderScheme"),
    agency=AGENCIES,
    id=st.just("METADATA_PROVIDERS"),
    version=st.just("1.0"),
    item=IDS,
)
CALENDARS = st.none() | st.just(ReleaseCalendar(periodicity="P1M", offset="P1D", tolerance="P2D"))
SOURCES = st.builds(QueryableDataSource, data_url=URLS, wadl_url=st.none() | URLS, is_rest=st.booleans())
DATA_SETS = st.builds(DataSetTarget, id=IDS, data_provider=PROVIDERS)


def _one_or_two(strategy):
    return st.lists(strategy, min_size=1, max_size=2, unique=True).map(tuple)


VALIDITY = st.sampled_from([None, "2016", "2016-03", "2016-Q1", "2016-03-20"])

# -- from 3.0 on ------------------------------------------------------------------------------------------------------

VALUES = st.builds(
    MemberValue,
    value=CODE_IDS,
    cascade=st.sampled_from([None, "true", "excluderoot"]),
    lang=st.sampled_from([None, "en", "fa"]),
    valid_from=VALIDITY,
)


def selections(values, times, **more):
    plain = st.lists(values, min_size=1, max_size=3, unique_by=lambda one: one.value).map(tuple)
    own = {"id": IDS | st.just("CONTACT.NAME"), "include": st.booleans()} | more
    return st.builds(MemberSelection, values=plain, **own) | st.builds(MemberSelection, time_range=times, **own)


def metadata_constraints(times):
    """Metadata constraints of 3.x."""
    regions = st.builds(
        MetadataTargetRegion,
        include=st.booleans(),
        components=unique(selections(VALUES, times, remove_prefix=st.sampled_from([None, True])), most=2),
        annotations=several(ANNOTATIONS, 1),
        valid_from=VALIDITY,
        valid_to=VALIDITY,
    )
    attachments = st.one_of(
        *(
            st.builds(
                ConstraintAttachment,
                references=_one_or_two(references(kind)),
                queryable_data_sources=several(SOURCES, 1),
            )
            for kind in ("MetadataStructure", "Metadataflow", "MetadataProvisionAgreement")
        ),
        _one_or_two(references("MetadataSet")).map(lambda held: ConstraintAttachment(references=held)),
        METADATA_PROVIDERS.map(lambda one: ConstraintAttachment(references=(one,))),
        _one_or_two(URLS).map(lambda held: ConstraintAttachment(simple_data_sources=held)),
    )
    return st.builds(
        MetadataConstraint,
        attachment=st.none() | attachments,
        release_calendar=CALENDARS,
        metadata_regions=several(regions),
        **MAINTAINABLE,
    )


# -- 2.1 --------------------------------------------------------------------------------------------------------------


def targets(objects, keys, times):
    """Selections of objects of a target: one of each kind of what may be selected."""
    values = CODE_IDS.map(lambda text: MemberValue(value=text))
    contents = {"values": values, "data_sets": DATA_SETS, "data_keys": keys, "objects": objects}
    of_keys = [st.builds(TargetSelection, id=IDS, **{name: st.tuples(held)}) for name, held in contents.items()]
    of_regions = [
        st.builds(TargetSelection, id=IDS, include=st.booleans(), **{name: _listed(held)})
        for name, held in contents.items()
    ]
    return st.one_of(of_keys), st.one_of(*of_regions, st.builds(TargetSelection, id=IDS, time_range=times))


def _listed(strategy):
    return st.lists(strategy, min_size=1, max_size=2).map(tuple)


def metadata_content(refer, keys, times):
    """What constraints of 2.1 hold of metadata: key sets, and regions."""
    of_keys, of_regions = targets(refer("Dataflow") | refer("CategoryScheme", IDS), keys, times)
    own = {"report": IDS, "target": IDS}
    key_sets = st.builds(
        MetadataKeySet,
        is_included=st.booleans(),
        keys=_listed(st.builds(MetadataKey, keys=unique(of_keys, least=1, most=2), **own)),
    )
    plain = st.builds(MemberValue, value=CODE_IDS, cascade=st.sampled_from([None, "true"]))
    regions = st.builds(
        MetadataTargetRegion,
        include=st.booleans(),
        components=unique(selections(plain, times), most=1),
        keys=unique(of_regions, most=2),
        **own,
    )
    return key_sets, regions


def constraints_of_2_1(maintainable, refer, keys, times, data_key_sets):
    """Metadata constraints and attachment constraints as 2.1 has them."""
    key_sets, regions = metadata_content(refer, keys, times)
    attachments = st.one_of(
        st.lists(DATA_SETS, min_size=1, max_size=1).map(lambda held: ConstraintAttachment(metadata_sets=tuple(held))),
        *(
            st.builds(
                ConstraintAttachment,
                references=_one_or_two(refer(kind)),
                queryable_data_sources=several(SOURCES, 1),
            )
            for kind in ("MetadataStructure", "Metadataflow")
        ),
    )
    of_metadata = st.builds(
        MetadataConstraint,
        role=st.sampled_from([None, "Actual"]),
        attachment=attachments,
        metadata_key_sets=several(key_sets, 1),
        metadata_regions=several(regions),
        release_calendar=CALENDARS,
        reference_period=st.none() | st.builds(ReferencePeriod, start=DATES, end=DATES),
        **maintainable,
    )
    attached = st.one_of(
        _listed(DATA_SETS).map(lambda held: ConstraintAttachment(data_sets=held)),
        _listed(DATA_SETS).map(lambda held: ConstraintAttachment(metadata_sets=held)),
        _listed(URLS).map(lambda held: ConstraintAttachment(simple_data_sources=held)),
        *(
            _one_or_two(refer(kind)).map(lambda held: ConstraintAttachment(references=held))
            for kind in ("DataStructure", "MetadataStructure", "Dataflow", "Metadataflow", "ProvisionAgreement")
        ),
    )
    of_attachment = st.builds(
        AttachmentConstraint,
        attachment=st.none() | attached,
        key_sets=several(data_key_sets, 1),
        metadata_key_sets=several(key_sets, 1),
        **maintainable,
    )
    return of_metadata, of_attachment
