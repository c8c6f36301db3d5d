"""Which observations a derivation or a declared check speaks of."""

from __future__ import annotations

from typing import Any

import polars as pl

from ..model.codelist import Codelist
from ..model.resolved import ResolvedStructure
from ..model.solar_hijri import exact, parse_label
from .persian import match_key
from .problems import Findings, suggestion
from .recipe import Recipe, Scope


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _period(text: str) -> str:
    """A Solar Hijri label as its exact period; any other text as it is."""
    try:
        return exact(parse_label(match_key(text)))
    except ValueError:
        return text


def chosen(schema: ResolvedStructure, scope: Scope) -> pl.Expr:
    """The condition that a scope means."""
    result = pl.lit(True)
    for dimension, value in scope.items():
        texts = _texts(value["not"] if isinstance(value, dict) else value)
        if schema.time is not None and dimension == schema.time.id:
            texts = [_period(text) for text in texts]
        hit = pl.col(dimension).is_in(texts)
        result &= ~hit if isinstance(value, dict) else hit
    return result


def part_codes(schema: ResolvedStructure, dimension: str, whole: str, parts: str | tuple[str, ...]) -> list[str]:
    """The codes of the parts; ``children`` are those whose parent in the codelist is the whole."""
    if not isinstance(parts, str):
        return list(parts)
    component = schema.component(dimension)
    codelist = component.enumeration if component else None
    return [item.id for item in codelist.items if item.parent == whole] if isinstance(codelist, Codelist) else []


def check_names(recipe: Recipe, schema: ResolvedStructure, findings: Findings) -> None:
    """Finding recipe-name for components that the structure lacks, in mappings, scopes, derivations and checks."""
    components = [c.id for c in schema.components]
    dimensions = list(schema.dimension_ids)
    attributes = [a.id for a in schema.attributes]
    wanted = [(name, components, "components") for source in recipe.source for name in source.components]
    for derive in recipe.derive:
        wanted += [(name, dimensions, "derive/where") for name in derive.where]
        wanted += [(derive.dimension, dimensions, "derive/dimension")]
        wanted += [(name, attributes, "derive/attributes") for name in derive.attributes]
    for check in recipe.check:
        wanted += [(name, dimensions, "check/where") for name in check.where]
        wanted += [(check.dimension, dimensions, "check/dimension")] if check.dimension else []
    for name, known, place in dict.fromkeys((n, tuple(k), p) for n, k, p in wanted):
        if name not in known:
            hint = suggestion(name, known)
            listed = ", ".join(known)
            findings.add("recipe-name", file=recipe.path.name, value=name, place=place, known=listed, hint=hint)
