"""The head of a structure-specific data message (SDMX-ML ``StructureSpecificDataHeaderType``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from ...batches import DataMessage, DataPart
from ...model.message import Header, Party
from ...model.organisation import Contact
from ...model.reference import Reference
from .data_names import attribute, data_namespace, namespace, text

XSI = "http://www.w3.org/2001/XMLSchema-instance"
_USAGE = {"Dataflow": "StructureUsage", "DataStructure": "Structure", "ProvisionAgreement": "ProvisionAgreement"}

Organisation = tuple[Reference, str]
"""What was asked for, and the dimension at the observation: each pair has a namespace and a schema of its own."""


def organisations(parts: Iterable[DataPart]) -> dict[Organisation, str]:
    """A ``structureID`` for each organisation of the data in a message."""
    found: dict[Organisation, str] = {}
    for part in parts:
        key = (part.context, part.dimension_at_observation)
        if key not in found:
            name = re.sub(r"[^A-Za-z0-9_.-]", "_", f"{part.context.agency}_{part.context.id}_{part.context.version}")
            name = name if re.match("[A-Za-z_]", name) else f"_{name}"
            found[key] = f"{name}.{len(found) + 1}" if name in found.values() else name
    return found


def prefix(organisation: Organisation, known: Sequence[Organisation]) -> str:
    """The namespace prefix of an organisation of the data."""
    return f"ns{known.index(organisation) + 1}"


def opening(message: DataMessage, version: str) -> str:
    """Everything before the first data set."""
    known = organisations(message.parts)
    declared = {
        "message": namespace(version, "message"),
        "common": namespace(version, "common"),
        "ss": namespace(version, "data/structurespecific"),
        "xsi": XSI,
    } | {prefix(key, list(known)): data_namespace(*key) for key in known}
    names = "".join(f' xmlns:{name}="{attribute(uri)}"' for name, uri in declared.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<message:StructureSpecificData{names}>'
        f"{_header(message.header, known)}"
    )


def _header(header: Header, known: Mapping[Organisation, str]) -> str:
    parts = [
        f"<message:ID>{text(header.id)}</message:ID>",
        f"<message:Test>{'true' if header.test else 'false'}</message:Test>",
        f"<message:Prepared>{text(header.prepared)}</message:Prepared>",
        _party("Sender", header.sender),
        *(_party("Receiver", receiver) for receiver in header.receivers),
        _texts("common:Name", header.names),
        *(_structure(key, name) for key, name in known.items()),
        _texts("message:Source", header.sources),
    ]
    return f"<message:Header>{''.join(parts)}</message:Header>"


def _structure(organisation: Organisation, name: str) -> str:
    context, dimension = organisation
    element = _USAGE[context.kind]
    return (
        f'<message:Structure structureID="{attribute(name)}" namespace="{attribute(data_namespace(*organisation))}"'
        f' dimensionAtObservation="{attribute(dimension)}">'
        f"<common:{element}>{text(context.urn)}</common:{element}></message:Structure>"
    )


def _texts(element: str, texts: Mapping[str, str]) -> str:
    return "".join(f'<{element} xml:lang="{attribute(lang)}">{text(t)}</{element}>' for lang, t in texts.items())


def _party(element: str, party: Party) -> str:
    content = _texts("common:Name", party.names) + "".join(map(_contact, party.contacts))
    return f'<message:{element} id="{attribute(party.id)}">{content}</message:{element}>'


def _contact(contact: Contact) -> str:
    named = (
        ("common:Name", contact.names),
        ("message:Department", contact.departments),
        ("message:Role", contact.roles),
    )
    ways = {
        "Telephone": contact.telephones,
        "Fax": contact.faxes,
        "X400": contact.x400s,
        "URI": contact.uris,
        "Email": contact.emails,
    }
    parts = [_texts(element, texts) for element, texts in named]
    parts += [f"<message:{way}>{text(v)}</message:{way}>" for way, values in ways.items() for v in values]
    return f"<message:Contact>{''.join(parts)}</message:Contact>"
