"""Tables from labels to codes: of the recipe, of its files, and of the codelists' own names."""

from __future__ import annotations

import csv
from collections.abc import Mapping

from ..model.resolved import ResolvedComponent
from .persian import match_key
from .problems import Findings, suggestion
from .recipe import MapFile, Recipe


class Labels:
    """All tables of a recipe, keyed by normalised label; each is built once.

    Findings, when built: recipe-name for a table that is not there, and file-missing or column-missing for files.
    """

    def __init__(self, recipe: Recipe, findings: Findings) -> None:
        self._recipe, self._findings = recipe, findings
        self._tables: dict[str, dict[str, str]] = {n: _keyed(t) for n, t in recipe.maps.items()}
        self._names: dict[str, dict[str, list[str]]] = {}
        for name, file in recipe.map_files.items():
            self._tables[name] = self._file(file)

        for wanted in {c.map for s in recipe.source for c in s.components.values() if isinstance(c.map, str)}:
            if wanted not in self._tables:
                known, hint = ", ".join(self._tables) or "-", suggestion(wanted, self._tables)
                source = recipe.path.name
                findings.add("recipe-name", file=source, value=wanted, place="map", known=known, hint=hint)

    def table(self, wanted: str | dict[str, str]) -> tuple[Mapping[str, str], str]:
        """A table by name, or the one written in place, and what findings call it."""
        return (_keyed(wanted), "map") if isinstance(wanted, dict) else (self._tables[wanted], wanted)

    def names(self, component: ResolvedComponent) -> Mapping[str, list[str]]:
        """Codes of a component's codelist by their names in every language."""
        if component.id not in self._names:
            table: dict[str, list[str]] = {}
            for item in component.enumeration.items if component.enumeration else ():
                for name in item.names.values():
                    codes = table.setdefault(match_key(name), [])
                    if item.id not in codes:
                        codes.append(item.id)
            self._names[component.id] = table
        return self._names[component.id]

    def _file(self, spec: MapFile) -> dict[str, str]:
        path = self._recipe.path.parent / spec.file
        labels = [spec.label] if isinstance(spec.label, str) else list(spec.label)
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            self._findings.add("file-missing", file=spec.file, reason=str(error))
            return {}
        columns = list(rows[0]) if rows else []
        for name in [*labels, spec.code]:
            if name not in columns:
                hint = suggestion(name, columns)
                listed = ", ".join(map(str, columns))
                self._findings.add("column-missing", file=spec.file, column=name, columns=listed, hint=hint)
                return {}
        return _keyed({"|".join(row[c] or "" for c in labels): row[spec.code] for row in rows})


def _keyed(table: Mapping[str, str]) -> dict[str, str]:
    return {match_key(label): code for label, code in table.items()}
