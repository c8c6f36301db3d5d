"""The head and the foot of a data message (SDMX-ML ``StructureSpecificDataHeaderType``, ``GenericDataHeaderType``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from ...batches import DataMessage, DataPart
from ...model.message import FooterMessage, Header, Party
from ...model.organisation import Contact
from ...model.reference import Reference
from .data_forms import DataForm
from .data_names import attribute, data_namespace, namespace, text
from .versions import V21

XSI = "http://www.w3.org/2001/XMLSchema-instance"
_USAGE = {"Dataflow": "StructureUsage", "DataStructure": "Structure", "ProvisionAgreement": "ProvisionAgreement"}
_SPELLING_21 = {"ProvisionAgreement": "ProvisionAgrement"}
"""As the schema of 2.1 has it."""

Organisation = tuple[Reference, str]
"""What was asked for, and the dimension at the observation: each pair has a namespace and a schema of its own."""


def organisations(parts: Iterable[DataPart], version: str) -> dict[Organisation, str]:
    """A ``structureID`` for each organisation of the data in a message; in 2.1 the id of the data structure.

    Clients of 2.1 look there for the structure when the reference beside it is to a dataflow.
    """
    found: dict[Organisation, str] = {}
    for part in parts:
        key = (part.context, part.dimension_at_observation)
        if key not in found:
            asked = part.context
            whole = f"{asked.agency}_{asked.id}_{asked.version}"
            name = re.sub(r"[^A-Za-z0-9_.-]", "_", part.dataset.schema.structure.id if version == V21 else whole)
            name = name if re.match("[A-Za-z_]", name) else f"_{name}"
            found[key] = f"{name}.{len(found) + 1}" if name in found.values() else name
    return found


def prefix(organisation: Organisation, known: Sequence[Organisation]) -> str:
    """The namespace prefix of an organisation of the data."""
    return f"ns{known.index(organisation) + 1}"


def opening(message: DataMessage, form: DataForm) -> str:
    """Everything before the first data set."""
    known = organisations(message.parts, form.version)
    names = {"message": "message", "common": "common"}
    names |= {"g": "data/generic"} if form.generic else {"ss": "data/structurespecific"}
    names |= {"footer": "message/footer"} if form.version == V21 else {}
    declared = {short: namespace(form.version, name) for short, name in names.items()} | {"xsi": XSI}
    if not form.generic:
        declared |= {prefix(key, list(known)): data_namespace(*key) for key in known}
    shown = "".join(f' xmlns:{name}="{attribute(uri)}"' for name, uri in declared.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<message:{form.element}{shown}>{_header(message.header, known, form)}'
    )


def closing(footer: Sequence[FooterMessage], form: DataForm) -> str:
    """Everything after the last data set."""
    messages = "".join(
        f'<footer:Message code="{attribute(one.code)}" severity="{attribute(one.severity or "Information")}">'
        f"{_texts('common:Text', one.texts)}</footer:Message>"
        for one in footer
    )
    return (f"<footer:Footer>{messages}</footer:Footer>" if messages else "") + f"</message:{form.element}>"


def _header(header: Header, known: Mapping[Organisation, str], form: DataForm) -> str:
    parts = [
        f"<message:ID>{text(header.id)}</message:ID>",
        f"<message:Test>{'true' if header.test else 'false'}</message:Test>",
        f"<message:Prepared>{text(header.prepared)}</message:Prepared>",
        _party("Sender", header.sender),
        *(_party("Receiver", receiver) for receiver in header.receivers),
        _texts("common:Name", header.names),
        *(_structure(key, name, form) for key, name in known.items()),
        _texts("message:Source", header.sources),
    ]
    return f"<message:Header>{''.join(parts)}</message:Header>"


def _structure(organisation: Organisation, name: str, form: DataForm) -> str:
    context, dimension = organisation
    own = "" if form.generic else f' namespace="{attribute(data_namespace(*organisation))}"'
    element, reference = _USAGE[context.kind], text(context.urn)
    if form.version == V21:
        element = _SPELLING_21.get(element, element)
        agency, own_id, number = map(attribute, (context.agency, context.id, context.version))
        reference = f'<Ref agencyID="{agency}" id="{own_id}" version="{number}"/>'
    return (
        f'<message:Structure structureID="{attribute(name)}"{own} dimensionAtObservation="{attribute(dimension)}">'
        f"<common:{element}>{reference}</common:{element}></message:Structure>"
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
