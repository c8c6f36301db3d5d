"""How each version of SDMX-ML names components in data and puts their values into simple text.

From 3.0 on names are the components' ids, and what is no simple text stands in elements. 2.1 has one measure with a
fixed name (see ``primary_measure``) and simple text alone: several values are joined, and of several languages the best
one is written. ``gaps_data`` tells the reader so.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...model.resolved import ResolvedComponent, ResolvedStructure
from ...number_texts import NumberStyle
from ..flat import in_language
from ..primary_measure import OBS_VALUE, primary_measure
from ..values import decoded, is_numeric, joined, missing_text
from .data_names import is_complex
from .versions import V21


class Values:
    """Names and simple values of a structure's components in one version; ``languages`` are wanted, best first."""

    def __init__(self, schema: ResolvedStructure, version: str, languages: Sequence[str] = ()) -> None:
        self.languages = languages
        self.plain = version == V21
        self.primary = primary_measure([m.id for m in schema.measures]) if self.plain else None

    def name(self, component: ResolvedComponent) -> str:
        """What a component is called in data."""
        return OBS_VALUE if component.id == self.primary else component.id

    def nested(self, component: ResolvedComponent) -> bool:
        """Whether its values stand in elements of their own."""
        return not self.plain and is_complex(component)

    def simple(self, component: ResolvedComponent, code: str) -> str:
        """The simple text of a value, from its dictionary text."""
        if not is_complex(component):
            return code
        value = in_language(decoded(component, code), self.languages)
        return joined(value) if isinstance(value, list) else value

    def missing(self, component: ResolvedComponent) -> str:
        """The mark of an intentionally missing value; 2.1 knows it of numbers only, where it is NaN."""
        return "NaN" if self.plain and is_numeric(component) else missing_text(component)

    @staticmethod
    def number(component: ResolvedComponent) -> NumberStyle:
        """How the numbers of a numeric measure look."""
        return NumberStyle().of(component)
