"""Data sets of generic data (2.1): every value is an element that names its component.

Where values stand (base schema ``SDMXDataGenericBase``): as in structure-specific data, but in ``Attributes`` elements,
which are only there when one of the attributes is. ``ObsDimension`` is not named: the header says which one it is.
"""

from __future__ import annotations

import polars as pl

from ...model.datastructure import Group
from ...model.resolved import ResolvedComponent
from ..lines import Number, Piece, enclosed
from ..literals import Level
from .data_names import attribute
from .data_set import DataSetWriter, Literal

_ATTRIBUTES = ("<g:Attributes>", "</g:Attributes>")


class GenericDataSet(DataSetWriter):
    """One data set."""

    close = "</g:Series>"

    def start(self) -> str:
        """``DataSet`` with the attributes of the data set."""
        about = "".join(f' {name}="{value}"' for name, value in self.about().items())
        own = "".join(self.literal(component)(value) for component, value in self.own_attributes())
        return f"<message:DataSet{about}>" + (own.join(_ATTRIBUTES) if own else "")

    def series(self, key: list[ResolvedComponent], shared: list[ResolvedComponent]) -> list[Piece]:
        """``Series`` with its key and attributes."""
        values = [self.lookup(a) for a in shared]
        head = ["\n<g:Series><g:SeriesKey>", *map(self.lookup, key), "</g:SeriesKey>"]
        return [*head, *enclosed(values, *_ATTRIBUTES, Level.GROUP)]

    def observation(self, key: list[ResolvedComponent], values: list[ResolvedComponent]) -> list[Piece]:
        """``Obs`` with its dimension or key, its value and its attributes."""
        if self.flat:
            place: list[Piece] = ["<g:ObsKey>", *map(self.lookup, key), "</g:ObsKey>"]
        else:
            place = [self.lookup(d, self._written(d, '<g:ObsDimension value="')) for d in key]
        primary = self.values.primary
        value = [self.lookup(c) for c in values if c.id == primary]
        others = [self.lookup(c) for c in values if c.id != primary]
        return ["\n<g:Obs>", *place, *value, *enclosed(others, *_ATTRIBUTES, Level.OBSERVATION), "</g:Obs>"]

    def group(
        self, group: Group | None, key: list[pl.Series], values: list[tuple[ResolvedComponent, pl.Series]]
    ) -> list[str | pl.Series]:
        """``Group`` with its key and attributes."""
        assert group is not None  # noqa: S101 - generic data are of 2.1, where values are never told by themselves
        begin = f'\n<g:Group type="{attribute(group.id)}"><g:GroupKey>'
        return [begin, *key, f"</g:GroupKey>{_ATTRIBUTES[0]}", *(v for _, v in values), f"{_ATTRIBUTES[1]}</g:Group>"]

    def number(self, component: ResolvedComponent) -> Number:
        """``ObsValue``, or a named value."""
        before = self._before(component)
        style, missing = self.values.number(component), self.values.missing(component)
        return Number(component.id, style, before=before, after='"/>', missing=f'{before}{missing}"/>')

    def literal(self, component: ResolvedComponent) -> Literal:
        """``Value`` or ``ObsValue``."""
        return self._written(component, self._before(component))

    def missing_literal(self, component: ResolvedComponent) -> str:
        """The mark, in place of a value."""
        return f'{self._before(component)}{self.values.missing(component)}"/>'

    def _written(self, component: ResolvedComponent, before: str) -> Literal:
        simple = self.values.simple  # the literals outlive the answer
        return lambda code: f'{before}{attribute(simple(component, code))}"/>'

    def _before(self, component: ResolvedComponent) -> str:
        primary = component.id == self.values.primary
        return '<g:ObsValue value="' if primary else f'<g:Value id="{component.id}" value="'
