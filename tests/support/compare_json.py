"""An independent comparison of SDMX-JSON structure messages: what each artefact says, as a set of plain facts.

It knows nothing of the product. Two messages say the same when their facts are equal. Only these differences are none:
the order of artefacts and links, keys at their default, the forms that mean the same (a text beside its map, a value as
text, number or object, a list of one value, members named twice), extension keys, component
lists' fixed ids, and bare links to the artefact itself.
"""

from __future__ import annotations

import json

SUPPORTED = {
    "agencySchemes",
    "dataProviderSchemes",
    "dataConsumerSchemes",
    "codelists",
    "geographicCodelists",
    "geoGridCodelists",
    "valueLists",
    "hierarchies",
    "hierarchyAssociations",
    "hierarchicalCodelists",
    "metadataProviderSchemes",
    "organisationUnitSchemes",
    "reportingTaxonomies",
    "metadataProvisionAgreements",
    "structureSets",
    "structureMaps",
    "representationMaps",
    "conceptSchemeMaps",
    "categorySchemeMaps",
    "organisationSchemeMaps",
    "reportingTaxonomyMaps",
    "processes",
    "customTypeSchemes",
    "vtlMappingSchemes",
    "namePersonalisationSchemes",
    "rulesetSchemes",
    "transformationSchemes",
    "userDefinedOperatorSchemes",
    "conceptSchemes",
    "dataStructures",
    "dataflows",
    "metadataStructures",
    "metadataflows",
    "categorySchemes",
    "categorisations",
    "provisionAgreements",
    "dataConstraints",
    "contentConstraints",
    "metadataConstraints",
    "attachmentConstraints",
}
DEFAULTS = {
    "isExternalReference": False,
    "isFinal": False,
    "isPartial": False,
    "isPartialLanguage": False,
    "include": True,
    "isInclusive": True,
    "usage": "optional",
}
TEXTS = ("name", "description", "text", "title", "department", "role")
KEY_VALUE = {"id", "include", "removePrefix", "value"}  # of a dimension in a key
DIMENSION_TYPES = {"Dimension", "MeasureDimension", "TimeDimension"}
DESCRIPTORS = {"AttributeDescriptor", "DimensionDescriptor", "MeasureDescriptor"}


def facts(message):
    """The set of (kind, agency, id, version, pointer, value) of all artefacts of the kinds that are supported."""
    found = set()
    language = (message.get("meta", {}).get("contentLanguages") or ["en"])[0]
    for kind, artefacts in message.get("data", {}).items():
        if kind not in SUPPORTED:
            continue
        for artefact in artefacts:
            version = artefact.get("version", "1.0")
            who = (kind, artefact["agencyID"], artefact["id"], version)
            own = {f":{artefact['id']}({version})"}
            for pointer, value in _flat(_plain(artefact, own, language), ""):
                found.add((*who, pointer, value))
    return found


def _flat(value, pointer):
    if isinstance(value, dict):
        if not value:
            yield pointer, "{}"
        for key, held in value.items():
            yield from _flat(held, f"{pointer}/{key}")
    elif isinstance(value, list):
        for index, held in enumerate(value):
            yield from _flat(held, f"{pointer}/{index}")
    else:
        yield pointer, json.dumps(value)


def _plain(value, own, language):
    if isinstance(value, list):
        return [_plain(one, own, language) for one in value]
    if not isinstance(value, dict):
        return value
    own = own | {"." + str(value["id"])} if "id" in value else own
    out = {}
    if "conceptIdentity" in value and "id" not in value:
        out["id"] = value["conceptIdentity"].rpartition(".")[2]
    for key, held in value.items():
        if key.startswith("x-") or held is None or _is_default(key, held, value):
            continue
        if key in TEXTS and (key != "title" or "rel" in value):  # the title of an annotation is in no language
            out.setdefault(key + "s", value.get(key + "s", {language: held}))
        elif key in SPECIAL:
            SPECIAL[key](out, held, value, own, language)
        else:
            out[key] = _plain(held, own, language)
    if "members" in out:
        out["members"] = sorted({json.dumps(member) for member in out["members"]})
    return out["value"] if set(out) == {"value"} else out


def _links(out, held, value, own, language):
    links = [_plain(link, own, language) for link in held if not _is_bare(link, own)]
    if links:
        out["links"] = sorted(links, key=lambda link: json.dumps(link, sort_keys=True))


def _sentinels(out, held, value, own, language):
    out["sentinelValues"] = [{**_plain(one, own, language), "value": str(one["value"])} for one in held]


def _members(out, held, value, own, language):
    out.setdefault("members", []).extend(_plain(one, own, language) for one in held)


def _value(out, held, value, own, language):
    if "id" in value and set(value) <= KEY_VALUE:
        out["values"] = [held]
    else:
        out["value"] = held


SPECIAL = {
    "links": _links,
    "sentinelValues": _sentinels,
    "memberValues": _members,
    "wildcardedMemberValues": _members,
    "value": _value,
}


def _is_default(key, held, value):
    if key == "usage" and str(value.get("id")).startswith("REPORTING_YEAR_"):
        return held == "mandatory"
    if key == "id" and held in DESCRIPTORS:
        return True
    if key == "type" and held in DIMENSION_TYPES and "conceptIdentity" in value:
        return True  # what the list says that the dimension is in
    return key in DEFAULTS and held == DEFAULTS[key]


def _is_bare(link, own):
    return link.get("rel") == "self" and set(link) == {"rel", "urn"} and any(link["urn"].endswith(end) for end in own)
