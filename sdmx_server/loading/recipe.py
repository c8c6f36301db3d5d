"""Recipes: TOML judged by ``schemas/recipe.schema.json``, then plain frozen values."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import msgspec

from ..artefacts import locate
from ..model.reference import Reference, parse_short
from .problems import Findings, suggestion

_ROW = re.compile(r"\(at line (\d+)")
RECIPE_FILE = "dataflow.toml"
_MAX_BYTES = 10_000_000


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """Base of a recipe's values."""


class ComponentMap(_Part, frozen=True, kw_only=True):
    """Where the values of a component come from; keys as in ``docs/recipes.md``."""

    value: Any = None
    column: str | None = None
    columns: tuple[str, ...] = ()
    languages: dict[str, str] = {}
    parts: dict[str, str] = {}
    extract: str | None = None
    map: str | dict[str, str] | None = None
    match: str = "id"
    pad: int = 0
    prefix: str = ""
    calendar: str = "gregorian"
    frequency: str | None = None
    scale: float | None = None
    missing: tuple[str, ...] | None = None
    intentional: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns that the source must have."""
        single = (self.column,) if self.column is not None else ()
        return (*single, *self.columns, *self.languages.values(), *self.parts.values())


class Condition(_Part, frozen=True, kw_only=True):
    """A condition on a raw column; all that are given must hold."""

    column: str
    equals: str | tuple[str, ...] | None = None
    not_equals: str | tuple[str, ...] | None = None
    matches: str | None = None
    not_matches: str | None = None


class Wide(_Part, frozen=True, kw_only=True):
    """Columns that become rows."""

    keep: tuple[str, ...]
    levels: tuple[str, ...]
    columns: str | None = None
    value: str = "value"


class SourceSpec(_Part, frozen=True, kw_only=True):
    """One source of a recipe. ``components`` are complete: those of the recipe with its own on top."""

    file: str
    loader: str
    options: dict[str, Any] = {}
    rows: int | None = None
    where: tuple[Condition, ...] = ()
    wide: Wide | None = None
    sum: bool = False
    missing: tuple[str, ...] = ()
    components: dict[str, ComponentMap] = {}


def markers(spec: SourceSpec) -> frozenset[str]:
    """The texts that stand in a source where a number would, but are a missing value or no observation."""
    own = [text for c in spec.components.values() for text in (*(c.missing or ()), *c.intentional, *c.drop)]
    return frozenset((*spec.missing, *own))


Scope = dict[str, Any]


class Derive(_Part, frozen=True, kw_only=True):
    """A total to compute."""

    dimension: str
    code: str
    parts: str | tuple[str, ...]
    where: Scope = {}
    require: str = "all"
    attributes: dict[str, Any] = {}


class Check(_Part, frozen=True, kw_only=True):
    """A declared check."""

    kind: str
    name: str = ""
    where: Scope = {}
    tolerance: float = 0.0
    dimension: str = ""
    whole: str = ""
    parts: str | tuple[str, ...] = ()
    require: str = "all"
    count: int = 12
    aggregate: str = "sum"
    value: float = 0.0


class MapFile(_Part, frozen=True, kw_only=True):
    """A table from label to code in a CSV file."""

    file: str
    label: str | tuple[str, ...] = msgspec.field(name="from")
    code: str = msgspec.field(name="to")


class About(_Part, frozen=True, kw_only=True):
    """What users are told of the sources."""

    source: dict[str, str] = {}
    doubts: tuple[dict[str, str], ...] = ()


class Recipe(_Part, frozen=True, kw_only=True):
    """A whole recipe. ``path`` is its file; the sources lie in the folder around it."""

    path: Path
    dataflow: Reference
    mode: str = "replace"
    about: About = About()
    missing_status: str = "O"
    maps: dict[str, dict[str, str]] = {}
    map_files: dict[str, MapFile] = {}
    source: tuple[SourceSpec, ...]
    derive: tuple[Derive, ...] = ()
    check: tuple[Check, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that the content depends on, the recipe first; for telling whether anything has changed."""
        names = [s.file for s in self.source] + [m.file for m in self.map_files.values()]
        return (self.path, *(self.path.parent / name for name in dict.fromkeys(names)))


@cache
def recipe_schema() -> Mapping[str, Any]:
    """The JSON Schema of recipes."""
    path = locate("schemas") / "recipe.schema.json"
    schema: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def read_recipe(path: Path) -> Recipe:
    """Read and judge a recipe (its file, or its folder).

    Raises ``Refused`` with file-missing, recipe-syntax, recipe-key and recipe-value findings, each with the line.
    """
    file = path / RECIPE_FILE if path.is_dir() else path
    findings = Findings()
    text = _text(file, findings)
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = _ROW.search(str(error))
        row = int(found[1]) if found else None
        findings.add("recipe-syntax", file=file.name, row=row, reason=str(error))
        data = {}
    findings.refuse()
    validate(data, recipe_schema(), findings, file.name, text)
    findings.refuse()
    recipe = _build(file, data)
    _check_expressions(recipe, findings, text)
    findings.refuse()
    return recipe


def _check_expressions(recipe: Recipe, findings: Findings, text: str) -> None:
    """Finding recipe-value for regular expressions that are none, and for an ``extract`` without its one group."""
    given: list[tuple[str, str | None]] = []
    for source in recipe.source:
        given += [("columns", source.wide.columns)] if source.wide else []
        given += [(key, getattr(c, key)) for c in source.where for key in ("matches", "not_matches")]
        given += [("extract", component.extract) for component in source.components.values()]
    for key, expression in given:
        try:
            groups = re.compile(expression or "").groups
            reason = "extract needs exactly one group" if key == "extract" and expression and groups != 1 else ""
        except re.error as error:
            reason = str(error)
        if reason:
            row = _line(text, key)
            findings.add("recipe-value", file=recipe.path.name, row=row, value=expression, place=key, reason=reason)


def _text(file: Path, findings: Findings) -> str:
    try:
        if file.stat().st_size > _MAX_BYTES:
            findings.add("file-too-large", file=file.name, size=file.stat().st_size, most=_MAX_BYTES)
            findings.refuse()
        return file.read_text(encoding="utf-8")
    except OSError as error:
        findings.add("file-missing", file=file.name, reason=error.strerror or str(error))
    except UnicodeDecodeError as error:
        findings.add("encoding", file=file.name, encoding="utf-8", reason=error.reason)
    findings.refuse()
    return ""


def validate(data: Any, schema: Mapping[str, Any], findings: Findings, file: str, text: str = "") -> None:
    """Judge data by a JSON Schema; unknown keys get the nearest known one as advice.

    ``text`` is the file's text, to find the line of a key.
    """
    validator = jsonschema.Draft202012Validator(schema)
    for error in sorted(validator.iter_errors(data), key=lambda e: [str(p) for p in e.absolute_path]):
        place = "/".join(str(p) for p in error.absolute_path) or "/"
        path = "/" + place.strip("/")
        if error.validator == "additionalProperties" and isinstance(error.instance, dict):
            known = sorted(error.schema.get("properties", {}))
            for key in sorted(set(error.instance) - set(known)):
                findings.add(
                    "recipe-key",
                    file=file,
                    row=_line(text, key),
                    path=path,
                    value=key,
                    place=place,
                    known=", ".join(known),
                    hint=suggestion(key, known),
                )
            continue
        key = next((p for p in reversed(error.absolute_path) if isinstance(p, str)), "")
        findings.add(
            "recipe-value", file=file, row=_line(text, key), path=path, place=place, reason=error.message[:300]
        )


def _line(text: str, key: str) -> int | None:
    """The first line that sets the key or opens its table."""
    if not key:
        return None
    quoted = re.escape(key)
    found = re.search(rf'^\s*\[*[^=#"]*?"?\b{quoted}\b"?\s*(=|\]|\.)|[{{,]\s*"?{quoted}"?\s*=', text, re.MULTILINE)
    return text.count("\n", 0, found.end()) + 1 if found else None


def _component(value: Any) -> Any:
    return value if isinstance(value, dict) else {"value": value}


def _build(path: Path, data: dict[str, Any]) -> Recipe:
    common = {name: _component(value) for name, value in data.get("components", {}).items()}
    sources = []
    for source in data["source"]:
        own = {name: _component(value) for name, value in source.get("components", {}).items()}
        missing = source.get("missing", data.get("missing", ()))
        sources.append({**source, "missing": missing, "components": {**common, **own}})
    whole = {**data, "source": sources, "path": path, "dataflow": parse_short(data["dataflow"], "Dataflow")}
    recipe: Recipe = msgspec.convert(whole, Recipe)
    return recipe
