"""The OpenAPI documents of both versions of the API, built from the tables that answer (OpenAPI 3.0.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from ...formats.api import Format
from .. import v1, v2
from ..errors import error_type
from .parameters import COMPONENT_KEYS, HEADERS, OVERRIDES, Parameter
from .resources import RESOURCES, Resource
from .texts import ABOUT, EMPTY_V1, PARAMETERS, STATUSES, Text
from .texts import HEADERS as HEADER_TEXTS
from .texts import RESOURCES as TITLES

PERSIAN = "x-description-fa"
"""The extension beside ``description`` that has the text in Persian."""

VERSIONS: Mapping[str, tuple[str, str]] = {"v1": ("1.5.0", "2.1"), "v2": ("2.2.2", "3.1 and 3.0")}
"""Version of the API -> its number, and the versions of SDMX that it is for."""

_LICENCE = {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0.html"}
_SHORTER = {"json": {"type": "object"}, "text": {"type": "string"}, "binary": {"type": "string", "format": "binary"}}
Json = dict[str, Any]


def media_type(one: Format) -> str:
    """The media type of a format with its version, as negotiation reads it and answers begin."""
    return f"{one.media_type};version={one.version}" if one.generation else one.media_type


@cache
def document(version: str) -> Json:
    """The document of ``v1`` or ``v2``; texts in English, and in Persian in ``x-description-fa``. Do not change it."""
    number, generations = VERSIONS[version]
    resources = RESOURCES[version]
    used = dict.fromkeys(key for resource in resources for key in (*resource.parts, *resource.query))
    common = [p.key for p in (*OVERRIDES, *HEADERS)]
    tags = dict.fromkeys(resource.tag for resource in resources)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": f"SDMX REST {number}",
            "description": f"Statistical data and their structures, for SDMX {generations}.",
            "license": _LICENCE,
            "version": number,
        },
        "servers": [{"url": v1.API.prefix if version == "v1" else v2.API.prefix}],
        "tags": [
            {"name": tag, "x-title": TITLES[tag].en, "x-title-fa": TITLES[tag].fa, **_said(ABOUT[tag])} for tag in tags
        ],
        "paths": dict(_paths(version, resources)),
        "components": {
            "parameters": {key: _parameter(COMPONENT_KEYS[version][key]) for key in (*used, *common)}
            | {f"{resource.tag.strip('{}')}.format": _format_parameter(resource) for resource in resources},
            "headers": {name: {**_said(text), "schema": {"type": "string"}} for name, text in HEADER_TEXTS.items()},
            "responses": dict(_errors(version)),
        },
    }


def _said(text: Text) -> Json:
    return {"description": text.en, PERSIAN: text.fa}


def _parameter(one: Parameter) -> Json:
    text = PARAMETERS.get(one.key) or PARAMETERS[one.name]
    found: Json = {"name": one.name, "in": one.place, **_said(text)}
    if one.place == "path":
        found["required"] = True
    if one.style is not None:
        found["style"] = one.style
    if one.explode is not None:
        found["explode"] = one.explode
    found["schema"] = dict(one.schema)
    return found if one.example is None else {**found, "example": one.example}


def _format_parameter(resource: Resource) -> Json:
    words = dict.fromkeys(word for one in resource.formats for word in one.family)
    schema = {"type": "string", "enum": list(words)}
    return {"name": "format", "in": "query", **_said(PARAMETERS["format"]), "schema": schema}


def _paths(version: str, resources: tuple[Resource, ...]) -> Iterator[tuple[str, Json]]:
    for resource in resources:
        for parts in resource.forms():
            yield path_of(version, resource, parts), {"get": _operation(version, resource, parts)}


def path_of(version: str, resource: Resource, parts: tuple[str, ...]) -> str:
    """The path of one form, such as ``/data/{context}/{agencyID}``."""
    named = [f"{{{COMPONENT_KEYS[version][key].name}}}" for key in parts]
    return "/" + "/".join(named if resource.name.startswith("{") else [resource.name, *named])


def _operation(version: str, resource: Resource, parts: tuple[str, ...]) -> Json:
    tag = resource.tag.strip("{}")
    last = COMPONENT_KEYS[version][parts[-1]].name if parts else "all"
    keys = (*parts, *resource.query, f"{tag}.format", *(p.key for p in (*OVERRIDES, *HEADERS)))
    return {
        "operationId": f"{resource.name.strip('{}').replace('/', '-')}-{last}",
        "tags": [resource.tag],
        "summary": TITLES[resource.tag].en,
        "parameters": [{"$ref": f"#/components/parameters/{key}"} for key in keys],
        "responses": {str(status): _response(resource, status) for status in sorted(resource.statuses)},
    }


def _response(resource: Resource, status: int) -> Json:
    if status != 200:
        return {"$ref": f"#/components/responses/{status}"}
    content = {media_type(one): {"schema": _schema(one)} for one in resource.formats}
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in HEADER_TEXTS}
    return {**_said(STATUSES[200]), "headers": headers, "content": content}


def _schema(one: Format) -> Json:
    kind = "json" if one.media_type.endswith("json") else "text" if one.charset else "binary"
    return dict(_SHORTER[kind])


def _errors(version: str) -> Iterator[tuple[str, Json]]:
    """The responses beside 200, as far as some resource has them."""
    for status in sorted({status for resource in RESOURCES[version] for status in resource.statuses} - {200}):
        text = EMPTY_V1 if (version, status) == ("v1", 404) else STATUSES[status]
        found = _said(text)
        if status not in (204, 304):
            found["content"] = {
                error_type(kind, version == "v1"): {"schema": dict(_SHORTER[form])}
                for kind, form in (("json", "json"), ("xml", "text"))
            }
        yield str(status), found
