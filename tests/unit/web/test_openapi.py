"""The OpenAPI documents hold what the parsers, the negotiation and the table of errors know; no more, no less."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import yaml
from conformance import openapi
from openapi_spec_validator import validate

from sdmx_server.errors import BadQuery
from sdmx_server.query import v1 as query_v1
from sdmx_server.query.data import parse_availability_query, parse_data_query
from sdmx_server.query.metadata import parse_metadata_query
from sdmx_server.query.registration import parse_registration_query
from sdmx_server.query.structure import parse_schema_query, parse_structure_query
from sdmx_server.web import v1, v2
from sdmx_server.web.errors import ERRORS
from sdmx_server.web.openapi import PERSIAN, RESOURCES, document, path_of
from sdmx_server.web.openapi.document import media_type

Parse = Callable[[str, str], object]
PARSERS: dict[tuple[str, str], tuple[Parse, str]] = {
    ("v2", "data"): (parse_data_query, ""),
    ("v2", "availability"): (parse_availability_query, "/dataflow"),
    ("v2", "structure"): (parse_structure_query, ""),
    ("v2", "schema"): (parse_schema_query, "/dataflow/SCI/CPI"),
    ("v2", "metadata/metadataset"): (parse_metadata_query, "/metadataset"),
    ("v2", "metadata/metadataflow"): (parse_metadata_query, "/metadataflow"),
    ("v2", "metadata/structure"): (parse_metadata_query, "/structure"),
    ("v2", "registration/id"): (parse_registration_query, "/id/CPI"),
    ("v2", "registration/provider"): (parse_registration_query, "/provider"),
    ("v2", "registration"): (parse_registration_query, ""),
    ("v1", "data"): (query_v1.parse_data_query, "/CPI"),
    ("v1", "metadata"): (query_v1.parse_metadata_query, "/QUALITY_REPORT"),
    ("v1", "availableconstraint"): (query_v1.parse_availability_query, "/CPI"),
    ("v1", "{resource}"): (partial(query_v1.parse_structure_query, "codelist"), ""),
    ("v1", "schema"): (query_v1.parse_schema_query, "/dataflow/SCI/CPI"),
}
ALIASES = {"explicit"}
"""Second names of parameters, which are for clients that have them and not for documents."""

OFFERED = {
    ("v2", "data"): v2.DATA,
    ("v2", "availability"): v2.AVAILABILITY,
    ("v2", "structure"): v2.STRUCTURE,
    ("v2", "schema"): v2.SCHEMA,
    ("v2", "metadata/metadataset"): v2.METADATA,
    ("v2", "metadata/metadataflow"): v2.METADATA,
    ("v2", "metadata/structure"): v2.METADATA,
    ("v2", "registration/id"): v2.REGISTRATION,
    ("v2", "registration/provider"): v2.REGISTRATION,
    ("v2", "registration"): v2.REGISTRATION,
    ("v1", "data"): v1.DATA,
    ("v1", "metadata"): v1.METADATA,
    ("v1", "availableconstraint"): v1.AVAILABILITY,
    ("v1", "{resource}"): v1.STRUCTURE,
    ("v1", "schema"): v1.SCHEMA,
}


def operations(version: str, name: str) -> list[dict[str, Any]]:
    """All forms of a resource, the longest first."""
    paths = document(version)["paths"]
    resources = [resource for resource in RESOURCES[version] if resource.name == name]
    return [paths[path_of(version, one, parts)]["get"] for one in resources for parts in one.forms()]


def test_every_resource_is_held_to_its_tables() -> None:
    told = {(version, resource.name) for version, resources in RESOURCES.items() for resource in resources}
    assert told == set(PARSERS) == set(OFFERED)


def parameters(version: str, operation: dict[str, Any], place: str) -> dict[str, dict[str, Any]]:
    known = document(version)["components"]["parameters"]
    told = [known[reference["$ref"].rpartition("/")[2]] for reference in operation["parameters"]]
    return {parameter["name"]: parameter for parameter in told if parameter["in"] == place}


def refused(parse: Parse, tail: str, query: str) -> str:
    with pytest.raises(BadQuery) as error:
        parse(tail, query)
    return str(error.value)


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_file_is_valid_and_what_the_tables_say(version: str) -> None:
    text = openapi.path(version).read_text(encoding="utf-8")
    assert text == openapi.text(version), f"schemas/openapi-{version}.yaml is old: run `{openapi.COMMAND}`, commit it"
    validate(yaml.safe_load(text))


@pytest.mark.parametrize(("version", "name"), PARSERS)
def test_parameters_are_those_that_the_parser_knows(version: str, name: str) -> None:
    parse, tail = PARSERS[version, name]
    known = refused(parse, tail, "nonsense=1").rpartition("known here: ")[2].split(", ")
    expected = {name.partition("[")[0] for name in known} - ALIASES
    for operation in operations(version, name):
        assert parameters(version, operation, "query").keys() == expected


@pytest.mark.parametrize(("version", "name"), PARSERS)
def test_words_are_those_that_the_parser_allows(version: str, name: str) -> None:
    parse, tail = PARSERS[version, name]
    told = parameters(version, operations(version, name)[0], "query")
    asked = 0
    for key, parameter in told.items():
        words = parameter["schema"].get("enum") or parameter["schema"].get("items", {}).get("enum")
        if words and key not in ("format", "compression"):
            allowed = re.search(r"use (?:one|some) of (.*)", refused(parse, tail, f"{key}=nonsense"))
            assert allowed, key
            assert sorted(words) == sorted(allowed[1].split(", ")), key
            asked += 1
    assert asked or name in ("schema", "data") or name.startswith("registration")


@pytest.mark.parametrize(("version", "name"), OFFERED)
def test_media_types_are_those_that_are_offered(version: str, name: str) -> None:
    for operation in operations(version, name):
        assert list(operation["responses"]["200"]["content"]) == [media_type(one) for one in OFFERED[version, name]]


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_statuses_are_those_of_the_table_of_errors(version: str) -> None:
    possible = {(newer if version == "v2" else older)[0] for _, newer, older in ERRORS} | {200, 304, 414, 500}
    possible |= {204} if version == "v2" else set()
    told = {int(s) for found in document(version)["paths"].values() for s in found["get"]["responses"]}
    assert told - possible == set()
    assert possible - told <= {409, 501}  # which are for those who write, as far as the version leaves out no query


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_everything_is_said_in_both_languages(version: str) -> None:
    whole = document(version)
    told = [*whole["tags"], *(thing for kind in whole["components"].values() for thing in kind.values())]
    assert [thing for thing in told if not thing.get("description") or not thing.get(PERSIAN)] == []


def test_operations_have_ids_of_their_own() -> None:
    for version in ("v1", "v2"):
        ids = [found["get"]["operationId"] for found in document(version)["paths"].values()]
        assert len(set(ids)) == len(ids)
