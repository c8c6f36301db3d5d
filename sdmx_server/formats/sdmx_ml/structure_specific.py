"""Data sets of structure-specific data: components are XML attributes.

Where values stand (base schema ``SDMXDataStructureSpecific``): attributes of the data set on ``DataSet``, those of a
named group on ``Group``, those that do not depend on the dimension at the observation on ``Series``, the others on
``Obs``; in a flat answer everything but the groups on ``Obs``. Values that are no simple text - several, or in
languages - stand from 3.0 on in ``Comp`` elements, those of the data set in ``Atts``.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ...batches import DataPart
from ...model.datastructure import Group
from ...model.resolved import ResolvedComponent
from ..lines import Number, Piece
from ..values import decoded
from .data_forms import DataForm
from .data_names import attribute, complex_type, text
from .data_set import DataSetWriter, Literal
from .xhtml import embedded


class StructureSpecificDataSet(DataSetWriter):
    """One data set; ``prefix`` is that of its namespace."""

    close = "</Series>"

    def __init__(self, part: DataPart, form: DataForm, structure: str, languages: Sequence[str], prefix: str) -> None:
        super().__init__(part, form, structure, languages)
        self.prefix = prefix

    def start(self) -> str:
        """``DataSet`` with the attributes of the data set; 2.1 also says at which level it is valid."""
        simple: list[str] = []
        several: list[str] = []
        for component, value in self.own_attributes():
            (several if self.values.nested(component) else simple).append(self.literal(component)(value))
        atts = f"<Atts>{''.join(several)}</Atts>" if several else ""
        about = self.about() | ({"dataScope": self.part.context.kind} if self.values.plain else {})
        qualified = "".join(f' ss:{name}="{value}"' for name, value in about.items())
        return f'<message:DataSet xsi:type="{self.prefix}:DataSetType"{qualified}{"".join(simple)}>{atts}'

    def series(self, key: list[ResolvedComponent], shared: list[ResolvedComponent]) -> list[Piece]:
        """``<Series ...>``."""
        nested = self.values.nested
        pieces: list[Piece] = ["\n<Series", *(self.lookup(c) for c in (*key, *shared) if not nested(c))]
        return [*pieces, ">", *(self.lookup(c) for c in shared if nested(c))]

    def observation(self, key: list[ResolvedComponent], values: list[ResolvedComponent]) -> list[Piece]:
        """``<Obs .../>``."""
        pieces: list[Piece] = ["\n<Obs", *(self.lookup(d) for d in key)]
        pieces += [self.lookup(c) for c in values if not self.values.nested(c)]
        nested = [self.lookup(c) for c in values if self.values.nested(c)]
        return [*pieces, ">", *nested, "</Obs>"] if nested else [*pieces, "/>"]

    def group(
        self, group: Group | None, key: list[pl.Series], values: list[tuple[ResolvedComponent, pl.Series]]
    ) -> list[str | pl.Series]:
        """``<Group xsi:type="...">``, or ``<Atts ...>``."""
        simple = [found for a, found in values if not self.values.nested(a)]
        nested = [found for a, found in values if self.values.nested(a)]
        if group is None:
            return ["\n<Atts", *key, *simple, ">", *nested, "</Atts>"]
        begin = f'\n<Group xsi:type="{self.prefix}:{group.id}"'
        return [begin, *key, *simple, ">", *nested, "</Group>"]

    def number(self, component: ResolvedComponent) -> Number:
        """`` NAME="1"``."""
        before, missing = f' {self.values.name(component)}="', self.values.missing(component)
        style = self.values.number(component)
        return Number(component.id, style, before=before, after='"', missing=f'{before}{missing}"')

    def literal(self, component: ResolvedComponent) -> Literal:
        """An XML attribute, or a ``Comp`` element."""
        name, values, prefix = self.values.name(component), self.values, self.prefix  # the literals outlive the answer
        if not values.nested(component):
            return lambda code: f' {name}="{attribute(values.simple(component, code))}"'

        def comp(code: str) -> str:
            value = decoded(component, code)
            several = value if isinstance(value, list) else [value]
            content = _structured if component.structured else _value
            return _comp(prefix, component, "".join(f"<Value>{content(v)}</Value>" for v in several))

        return comp

    def missing_literal(self, component: ResolvedComponent) -> str:
        """The mark, in place of a value."""
        mark = self.values.missing(component)
        if not self.values.nested(component):
            return f' {self.values.name(component)}="{mark}"'
        content = _value({"en": mark} if component.multilingual else mark)
        return _comp(self.prefix, component, f"<Value>{_structured(mark) if component.structured else content}</Value>")


def _comp(prefix: str, component: ResolvedComponent, content: str) -> str:
    return f'<Comp id="{component.id}" xsi:type="{prefix}:{complex_type(component)}">{content}</Comp>'


def _structured(value: str | dict[str, str]) -> str:
    """The same for XHTML, which always has a language: English when nothing is said."""
    texts = value if isinstance(value, dict) else {"en": value}
    return "".join(
        f'<common:StructuredText xml:lang="{attribute(lang)}">{embedded(one)}</common:StructuredText>'
        for lang, one in texts.items()
    )


def _value(value: str | dict[str, str]) -> str:
    """The content of a ``Value`` element."""
    if isinstance(value, dict):
        return "".join(
            f'<common:Text xml:lang="{attribute(lang)}">{text(one)}</common:Text>' for lang, one in value.items()
        )
    return text(value)
