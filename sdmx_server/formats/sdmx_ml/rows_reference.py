"""Rows for references: to other artefacts, and by id to parts of the same one.

From 3.0 on a reference is a URN, or the id as text; in 2.1 both are ``Ref`` elements, or a URN in its own element.
"""

from __future__ import annotations

import re

from lxml import etree
from typing_extensions import override

from ...model.common import Value
from ...model.kinds import ALIASES, BY_ITEM, BY_NAME, PARTS, kind_of_class
from ...model.reference import Reference, parse_urn
from .engine import Element, Reading, Row, Values, Writing, sub
from .rows import clean
from .versions import ALL, V21, qualified


def local_id(element: Element) -> str:
    """The id that a local reference holds: its text, or the id of its ``Ref`` (2.1)."""
    ref = element.find("Ref")
    return (element.text or "").strip() if ref is None else ref.get("id", "")


class LocalId(Row):
    """The local reference that the element itself is."""

    def __init__(self, field: str) -> None:
        super().__init__(field, ".")

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        values[self.field] = local_id(element)

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        put_local(parent, getattr(holder, self.field), to)


class LocalIds(Row):
    """References to parts of the same artefact by id. ``xml`` may name a wrapper, which is repeated with ``each``."""

    def __init__(
        self, field: str, xml: str, many: bool = False, each: bool = False, versions: frozenset[str] = ALL
    ) -> None:
        super().__init__(field, xml, versions)
        self.many = many
        self.each = each
        self.wrapper, _, self.inner = xml.rpartition("/")

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        inner = qualified(to.version, self.inner)
        for one in element if self.wrapper else (element,):
            if one.tag != inner:
                to.add("xml.unsupported", one, str(one.tag).rpartition("}")[2])
            elif self.many:
                values.setdefault(self.field, []).append(local_id(one))
            else:
                values[self.field] = local_id(one)

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        value = getattr(holder, self.field)
        ids = value if self.many else () if value is None else (value,)
        if self.wrapper and ids and not self.each:
            parent = sub(parent, self.wrapper, to)
        for one in ids:
            node = sub(parent, self.wrapper, to) if self.each else parent
            put_local(sub(node, self.inner, to), one, to)


class Marker(Row):
    """A flag that is set by the element being there; in 2.1 it may have to name the only thing that it can mean."""

    def __init__(self, field: str, xml: str, versions: frozenset[str] = ALL, names: str | None = None) -> None:
        super().__init__(field, xml, versions)
        self.names = names

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        values[self.field] = True

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        if getattr(holder, self.field):
            node = sub(parent, self.xml, to)
            if self.names is not None:
                put_local(node, self.names, to)


_NOT_IN_21 = frozenset(
    {
        *("ValueList", "Hierarchy", "HierarchyAssociation"),
        *("MetadataProviderScheme", "MetadataProvisionAgreement", "MetadataConstraint"),
        *(kind.name for kind in BY_NAME.values() if kind.package == "structuremapping"),
    }
)
_VERSION_21 = re.compile(r"[0-9]+(\.[0-9]+)*")
_CLASSES_21 = {new: old for old, new in ALIASES.items() if old == "ContentConstraint"}


def put_local(node: Element, identifier: str, to: Writing) -> None:
    """Make ``node`` a reference to a part of the same artefact: its text, in 2.1 a ``Ref``."""
    if to.version == V21:
        etree.SubElement(node, "Ref").set("id", clean(identifier))
    else:
        node.text = clean(identifier)


def put_reference(node: Element, reference: Reference, to: Writing) -> None:
    """Make ``node`` a reference: a URN, in 2.1 a ``Ref`` if it has such a class (XSD ``SDMXCommonReferences``)."""
    if to.version != V21:
        node.text = reference.urn
        return
    kind = BY_NAME[reference.kind]
    item = reference.item
    whole = reference.part is None and (item is None or kind.item is not None)
    if kind.name in _NOT_IN_21 or not _VERSION_21.fullmatch(reference.version) or not whole:
        etree.SubElement(node, "URN").text = reference.urn
        return
    ref = etree.SubElement(node, "Ref")
    ref.set("agencyID", reference.agency)
    if item is None:
        ref.set("id", reference.id)
        ref.set("version", reference.version)
    else:
        ref.set("maintainableParentID", reference.id)
        ref.set("maintainableParentVersion", reference.version)
        ref.set("id", item)
    ref.set("class", _CLASSES_21.get(kind.name, kind.name) if item is None else str(kind.item))
    ref.set("package", kind.package)


_FIXED_IDS = {
    "AgencyScheme": "AGENCIES",
    "DataProviderScheme": "DATA_PROVIDERS",
    "DataConsumerScheme": "DATA_CONSUMERS",
}


def _from_ref(ref: Element, default: str) -> Reference:
    """The reference of a 2.1 ``Ref``; ``default`` is the class when it names none."""
    named = ref.get("class") or default
    agency, own, parent = ref.get("agencyID"), ref.get("id", ""), ref.get("maintainableParentID")
    cls = ALIASES.get(named, named)
    kind = kind_of_class(cls, parent is not None)
    if kind is None:
        raise ValueError(f"unknown class {named!r}")
    if agency is None:
        raise ValueError("no agencyID")
    part = cls if cls in PARTS and cls != kind.name else None
    if part is None and cls != kind.item:
        return Reference(kind=kind.name, agency=agency, id=own, version=ref.get("version", "1.0"))
    parent = parent or _FIXED_IDS.get(kind.name)
    if parent is None:
        raise ValueError("no maintainableParentID")
    item = ".".join(filter(None, (ref.get("containerID"), own)))
    version = ref.get("maintainableParentVersion", "1.0")
    return Reference(kind=kind.name, agency=agency, id=parent, version=version, item=item, part=part)


class ReferenceItself(Row):
    """The reference to an artefact that the element itself is."""

    def __init__(self, field: str, cls: str, others: tuple[str, ...] = ()) -> None:
        super().__init__(field, ".")
        self.refers = Refers(field, ".", cls, others=others)

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        self.refers.read(element, values, to)

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        put_reference(parent, getattr(holder, self.field), to)


class Refers(Row):
    """A reference to another artefact; ``cls`` is the class of what is meant (``Concept``), None = anything.

    ``others`` are further kinds that may stand there; with ``only`` the row writes just references of its own kind,
    so that several rows can share a field.
    """

    def __init__(
        self,
        field: str,
        xml: str,
        cls: str | None,
        *,
        others: tuple[str, ...] = (),
        many: bool = False,
        only: bool = False,
        versions: frozenset[str] = ALL,
    ) -> None:
        super().__init__(field, xml, versions)
        self.cls = cls
        kind = (BY_NAME.get(cls) or BY_ITEM[cls]).name if cls else None
        self.kind = kind
        self.kinds = frozenset({kind, *others}) if kind else frozenset(BY_NAME)
        self.many = many
        self.only = only

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        ref = element.find("Ref")
        urn = element.findtext("URN") or element.text or ""
        try:
            found = parse_urn(urn) if ref is None else _from_ref(ref, self.cls or "")
            if found.kind not in self.kinds:
                raise ValueError(f"a {found.kind} is not allowed here")
        except ValueError as error:
            to.add("xml.reference", element, reason=str(error), expected=self.cls or "artefact")
            return
        if self.many:
            values.setdefault(self.field, []).append(found)
        else:
            values[self.field] = found

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        value = getattr(holder, self.field)
        for one in value if self.many else () if value is None else (value,):
            if not self.only or one.kind == self.kind:
                put_reference(sub(parent, self.xml, to), one, to)
