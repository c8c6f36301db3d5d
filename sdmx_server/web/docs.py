"""The documentation page at ``/docs`` and the OpenAPI files it is made from. It needs no script and no other host."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote

import msgspec
from flask import Blueprint, Response, render_template, request
from markupsafe import Markup, escape

from ..artefacts import locate
from . import front_texts
from .front import POLICY, page_language
from .openapi import PERSIAN, RESOURCES, VERSIONS, document, path_of
from .openapi.page_texts import TEXTS

_SAFE = "*.,+~:@$"
Json = dict[str, Any]


class PathForm(msgspec.Struct, frozen=True):
    """A path with what must be given and what may be left out, and an address of this kind that has an answer."""

    required: str
    optional: str
    example: str


class Entry(msgspec.Struct, frozen=True):
    """A parameter as the page prints it."""

    name: str
    place: str
    about: Markup
    values: tuple[str, ...]
    default: str
    example: str


class Section(msgspec.Struct, frozen=True):
    """A resource as the page prints it; ``statuses`` are pairs of number and meaning."""

    tag: str
    title: str
    about: Markup
    paths: list[PathForm]
    groups: dict[str, list[Entry]]
    media_types: list[str]
    statuses: list[tuple[str, Markup]]


def _marked(text: str) -> Markup:
    """The text with what stands between backticks as code."""
    pieces = text.split("`")
    return Markup("").join(
        Markup('<code dir="ltr">{}</code>').format(piece) if index % 2 else escape(piece)
        for index, piece in enumerate(pieces)
    )


def _said(found: Json, language: str) -> Markup:
    return _marked(str(found[PERSIAN if language == "fa" else "description"]))


def _plain(value: object) -> str:
    """A value as it stands in an address."""
    if isinstance(value, list):
        return ",".join(map(str, value))
    if isinstance(value, dict):
        return "&".join(f"c[{name}]={text}" for name, text in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)


def _entry(found: Json, language: str) -> Entry:
    schema = found["schema"]
    values = schema.get("enum") or schema.get("items", {}).get("enum") or ()
    return Entry(
        name=found["name"],
        place=found["in"],
        about=_said(found, language),
        values=tuple(values),
        default=_plain(schema.get("default", "")),
        example=_plain(found.get("example", "")),
    )


def _named(whole: Json, operation: Json) -> dict[str, Json]:
    """The parameters of an operation by name."""
    keys = [reference["$ref"].rpartition("/")[2] for reference in operation["parameters"]]
    return {found["name"]: found for found in map(whole["components"]["parameters"].__getitem__, keys)}


def _sections(version: str, language: str) -> Iterator[Section]:
    whole = document(version)
    for tag in whole["tags"]:
        name = tag["name"]
        forms = [resource for resource in RESOURCES[version] if resource.tag == name]
        paths = [path_of(version, resource, resource.parts) for resource in forms]
        operations = [whole["paths"][path]["get"] for path in paths]
        # a form that allows fewer values of a part than the one before it (items are not in all artefacts) hides none
        parameters = {n: found for operation in operations[::-1] for n, found in _named(whole, operation).items()}
        order = dict.fromkeys(name for operation in operations for name in _named(whole, operation))
        responses: Json = {
            status: found for operation in operations for status, found in operation["responses"].items()
        }
        yield Section(
            tag=name.strip("{}"),
            title=tag["x-title-fa" if language == "fa" else "x-title"],
            about=_said(tag, language),
            paths=[
                _form(whole, path, resource.least, _named(whole, operation))
                for resource, path, operation in zip(forms, paths, operations, strict=True)
            ],
            groups=_grouped([_entry(parameters[name], language) for name in order]),
            media_types=list(responses["200"]["content"]),
            statuses=[(s, _said(_resolved(whole, found), language)) for s, found in sorted(responses.items())],
        )


def _resolved(whole: Json, found: Json) -> Json:
    reference = found.get("$ref")
    resolved: Json = whole["components"]["responses"][reference.rpartition("/")[2]] if reference else found
    return resolved


def _grouped(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.place, []).append(entry)
    return found


def _form(whole: Json, path: str, least: int, parameters: dict[str, Json]) -> PathForm:
    base = whole["servers"][0]["url"]
    pieces = path.strip("/").split("/")
    fixed = sum(not piece.startswith("{") for piece in pieces)
    shown = [parameters[p.strip("{}")].get("example", p) if p.startswith("{") else p for p in pieces]
    cut = least + fixed
    return PathForm(
        required=f"{base}/" + "/".join(pieces[:cut]),
        optional="".join(f"/{piece}" for piece in pieces[cut:]),
        example=f"{base}/" + "/".join(quote(str(piece), safe=_SAFE) for piece in shown),
    )


@lru_cache(maxsize=len(TEXTS))
def _versions(language: str) -> dict[str, tuple[str, str, list[Section]]]:
    """Version -> its number, the versions of SDMX it is for, and its resources; the newest first."""
    return {version: (*VERSIONS[version], list(_sections(version, language))) for version in sorted(VERSIONS)[::-1]}


@cache
def _file(version: str) -> bytes:
    return (locate("schemas") / f"openapi-{version}.yaml").read_bytes()


def _cached(response: Response) -> Response:
    response.headers["Cache-Control"] = "public, no-cache"
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]  # it returns the response itself


def blueprint() -> Blueprint:
    """The page at ``/docs``, and ``/openapi-v1.yaml`` and ``/openapi-v2.yaml``."""
    pages = Blueprint("docs", __name__, template_folder="templates")

    @pages.get("/docs")
    def _docs() -> Response:
        language = page_language()
        page = render_template(
            "docs.html",
            language=language,
            other="fa" if language == "en" else "en",
            texts=TEXTS[language],
            root=request.host_url.rstrip("/"),
            versions=_versions(language),
            number=front_texts.number,
        )
        response = Response(page, content_type="text/html; charset=utf-8")
        response.headers["Content-Language"] = language
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Vary"] = "Accept-Language"
        return _cached(response)

    for version in VERSIONS:

        @pages.get(f"/openapi-{version}.yaml", endpoint=f"openapi_{version}")
        def _openapi(version: str = version) -> Response:
            return _cached(Response(_file(version), content_type="application/yaml"))

    return pages
