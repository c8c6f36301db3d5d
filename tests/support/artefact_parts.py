"""Hypothesis strategies for what artefacts are made of: texts, annotations, references, representations.

Texts avoid control characters, so that every format can carry them; some are Persian, some need escaping.
"""

from __future__ import annotations

from hypothesis import strategies as st

from sdmx_server.model.common import Annotation, AnnotationURL, Link
from sdmx_server.model.reference import Reference
from sdmx_server.model.representation import Representation, SentinelValue, TextFormat

IDS = st.from_regex(r"[A-Z][A-Z0-9_]{0,5}", fullmatch=True)
CODE_IDS = st.from_regex(r"[A-Z0-9_@$-]{1,5}", fullmatch=True)
AGENCIES = st.sampled_from(["SCI", "SDMX", "IMF.STA"])
VERSIONS = st.sampled_from(["1.0", "1.0.0", "2.3.1", "1.2.0-draft"])
WANTED_VERSIONS = st.sampled_from(["1.0", "1.0.0", "1.0+.0", "2.1+.0"])
TEXTS = st.text(alphabet="abcXYZ 09<>&\"'\\/é€‌آمارنفوس۱۲", min_size=1, max_size=12).map(str.strip).filter(bool)
TAGS = st.sampled_from(["en", "fa", "fr", "en-GB"])
INTERNATIONAL = st.dictionaries(TAGS, TEXTS, max_size=3)
NAMES = st.dictionaries(TAGS, TEXTS, min_size=1, max_size=3)
URLS = st.sampled_from(["https://example.org/a", "https://example.org/b?c=1&d=2", "http://www.example.net/fa"])
DATES = st.sampled_from(["2016-03-20T00:00:00Z", "2021-01-01T12:30:00+03:30"])
PERIODS = st.sampled_from(["2016", "2016-03", "2016-Q1", "2016-03-20", "2016-03-20/P366D"])
COUNTS = st.integers(1, 40).map(str)


def several(strategy, most=2):
    return st.lists(strategy, max_size=most).map(tuple)


def unique(strategy, least=0, most=3):
    return st.lists(strategy, min_size=least, max_size=most, unique_by=lambda thing: thing.id).map(tuple)


ANNOTATIONS = st.builds(
    Annotation,
    id=st.none() | IDS,
    title=st.none() | TEXTS,
    type=st.none() | IDS,
    urls=several(st.builds(AnnotationURL, href=URLS, lang=st.sampled_from([None, "fa", "en"])), 1),
    texts=INTERNATIONAL,
    value=st.none() | TEXTS,
)
LINKS = st.builds(Link, rel=st.sampled_from(["help", "alternate"]), href=URLS, type=st.none() | st.just("text/html"))
IDENTITY = {"annotations": several(ANNOTATIONS, 1), "links": several(LINKS, 1), "uri": st.none() | URLS}
NAMEABLE = IDENTITY | {"names": NAMES, "descriptions": INTERNATIONAL}
VERSIONED = NAMEABLE | {
    "agency": AGENCIES,
    "valid_from": st.none() | DATES,
    "valid_to": st.none() | DATES,
    "is_external_reference": st.booleans(),
    "is_partial_language": st.booleans(),
}
MAINTAINABLE = VERSIONED | {"id": IDS, "version": VERSIONS}


def references(kind, item=None):
    return st.builds(
        Reference,
        kind=st.just(kind),
        agency=AGENCIES,
        id=IDS,
        version=WANTED_VERSIONS,
        item=st.none() if item is None else item,
    )


CONCEPT_REFERENCES = references("ConceptScheme", IDS)
PROVIDERS = st.builds(
    Reference,
    kind=st.just("DataProviderScheme"),
    agency=AGENCIES,
    id=st.just("DATA_PROVIDERS"),
    version=st.just("1.0"),
    item=IDS,
)

# -- representations --------------------------------------------------------------------------------------------------

FREE_FACETS = st.fixed_dictionaries(
    {},
    optional={
        "minLength": COUNTS,
        "maxLength": COUNTS,
        "minValue": st.sampled_from(["0", "-1.5", "0.10"]),
        "maxValue": st.sampled_from(["100", "12345678901234567890"]),
        "decimals": COUNTS,
        "pattern": st.sampled_from(["[0-9]+", "A|B"]),
        "isSequence": st.sampled_from(["true", "false"]),
        "isMultiLingual": st.sampled_from(["true", "false"]),
    },
)
CODED_FACETS = st.fixed_dictionaries({}, optional={"minLength": COUNTS, "maxLength": COUNTS, "pattern": st.just("A|B")})
SENTINELS = st.builds(SentinelValue, value=st.sampled_from(["-9", "NA"]), names=NAMES, descriptions=INTERNATIONAL)
FREE_FORMATS = st.builds(
    TextFormat,
    text_type=st.none() | st.sampled_from(["String", "Double", "Integer", "XHTML"]),
    facets=FREE_FACETS,
    sentinels=several(SENTINELS, 1),
)
DIMENSION_FORMATS = st.builds(
    TextFormat,
    text_type=st.none() | st.sampled_from(["String", "Integer"]),
    facets=FREE_FACETS.map(lambda facets: {k: v for k, v in facets.items() if k != "isMultiLingual"}),
)
CODED_FORMATS = st.builds(TextFormat, text_type=st.none() | st.just("AlphaNumeric"), facets=CODED_FACETS)
OCCURRENCES = {
    "min_occurs": st.none() | st.integers(0, 2),
    "max_occurs": st.none() | st.integers(2, 5) | st.just("unbounded"),
}
LISTS = references("Codelist") | references("ValueList")
REPRESENTATIONS = st.builds(Representation, text_format=FREE_FORMATS, **OCCURRENCES) | st.builds(
    Representation, enumeration=LISTS, enumeration_format=st.none() | CODED_FORMATS, **OCCURRENCES
)
DIMENSION_REPRESENTATIONS = st.builds(Representation, text_format=DIMENSION_FORMATS) | st.builds(
    Representation, enumeration=references("Codelist"), enumeration_format=st.none() | CODED_FORMATS
)
METADATA_REPRESENTATIONS = st.builds(Representation, text_format=FREE_FORMATS) | st.builds(
    Representation, enumeration=references("Codelist"), enumeration_format=st.none() | CODED_FORMATS
)
TIME_REPRESENTATIONS = st.builds(
    Representation,
    text_format=st.builds(
        TextFormat,
        text_type=st.sampled_from(["ObservationalTimePeriod", "TimeRange"]),
        facets=st.fixed_dictionaries({}, optional={"startTime": st.just("2000"), "endTime": st.just("2030-12")}),
    ),
)
