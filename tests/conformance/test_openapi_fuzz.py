"""What the OpenAPI documents allow, and what they do not, is asked of a running server.

``SDMX_EXAMPLES`` is the number of questions for each document, by default few; 2000 for a thorough run. 501 is right
only where docs/conformance.md does not say that the parameter is served.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from support.live import bootstrapped, run, serving

from conformance import items, seeds, table
from conformance.documents import DOCUMENTS, Document, resolved
from conformance.not_offered import NOT_OFFERED

EXAMPLES = int(os.environ.get("SDMX_EXAMPLES", "160"))
DATA_PATHS = ("data", "availability", "availableconstraint", "schema")
REPORT_PATHS = ("metadata", "registration")
ANSWERS: Counter[tuple[str, int]] = Counter()
"""How often each document got each status."""

ALIASES = {"flowRef": "flow", "providerRef": "provider", "componentId": "componentID"}


def operations() -> Iterator[Any]:
    """Every operation of every document, with its share of the questions."""
    for document in DOCUMENTS:
        paths = document.whole["paths"]
        share = max(1, -(-EXAMPLES // len(paths)))
        for path in paths:
            yield pytest.param(document, path, share, id=f"{document.name}:{path}")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running server with all products, and registrations of some."""
    env = bootstrapped(tmp_path_factory.mktemp("asked"))
    for name in seeds.REGISTRATIONS:
        address = f"https://example.org/{name}.xml"
        run("registrations", "add", f"SCI:PA_{name}(1.0.0)", "--id", name, "--file", address, env=env)
    with serving(env) as base:
        yield base


@pytest.fixture(scope="module")
def known(served: str) -> tuple[list[seeds.Flow], list[seeds.Artefact]]:
    return seeds.flows(served), seeds.artefacts(served)


def seeded(case: Case, values: seeds.Values, keep: list[bool], parameters: dict[str, dict[str, Any]]) -> None:
    """Put real values in the place of most of what was made up; lists are joined already, as they are sent."""
    for held in (case.path_parameters, case.query):
        for place, name in enumerate([*held]):
            real = values.get(ALIASES.get(name, name))
            if real is not None and not keep[place % len(keep)]:
                held[name] = ",".join(real) if isinstance(real, list) else real
            if name.startswith("c["):
                del held[name]
    if "c" in parameters and not keep[-1]:
        case.query.update({f"c[{component}]": text for component, text in values["c"].items()})


def wanted(
    version: str, path: str, flows: list[seeds.Flow], artefacts: list[seeds.Artefact]
) -> st.SearchStrategy[dict[str, Any]]:
    """Real values for a path: of data, of reports, or of artefacts of the type that the path names."""
    first = path.strip("/").partition("/")[0]
    if first in DATA_PATHS:
        return seeds.data_seeds(version, flows)
    if first in REPORT_PATHS:
        return seeds.metadata_seeds(version, artefacts)
    structures = [one for one in artefacts if one.resource != "metadataset"]
    return seeds.structure_seeds(version, [one for one in structures if one.resource == first] or structures)


def told(document: Document, path: str) -> dict[str, dict[str, Any]]:
    operation = document.whole["paths"][path]["get"]
    found = [resolved(document.whole, reference) for reference in operation["parameters"]]
    return {parameter["name"]: parameter for parameter in found}


def admitted(document: Document, text: str) -> bool:
    """Whether an answer names a parameter of which the table of conformance leaves something open."""
    proved = table.marks()
    stems = {
        f"{version} {area}: {parameter}": parameter
        for version, areas in items.SPECIFICATION.items()
        for area, parameters in areas.items()
        for parameter in parameters
    }
    left = [name for name in items.names() if name not in proved or name in NOT_OFFERED]
    open_items = [name for name in left if name.startswith(document.version)]
    words = {parameter for stem, parameter in stems.items() if any(name.startswith(stem) for name in open_items)}
    return any(re.search(rf"\b{re.escape(word)}\b", text) for word in words)


def media_type(text: str) -> str:
    """The type with its version, without its other parameters."""
    name, *parameters = [part.strip() for part in text.split(";")]
    version = [part for part in parameters if part.startswith("version=")]
    return ";".join((name, *version))


@pytest.mark.parametrize(("document", "path", "share"), list(operations()))
def test_answers_are_as_the_document_says(
    served: str, known: tuple[list[seeds.Flow], list[seeds.Artefact]], document: Document, path: str, share: int
) -> None:
    schema = schemathesis.openapi.from_dict(document.whole)
    operation = schema[path]["GET"]
    responses = document.whole["paths"][path]["get"]["responses"]
    offered = list(resolved(document.whole, responses["200"]).get("content", ()))
    parameters = told(document, path)
    real = wanted(document.version, path, *known)

    @settings(
        max_examples=share,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def asked(data: st.DataObject) -> None:
        mode = data.draw(st.sampled_from((GenerationMode.POSITIVE, GenerationMode.POSITIVE, GenerationMode.NEGATIVE)))
        case = data.draw(operation.as_strategy(generation_mode=mode))
        none = st.just([False] * 8)
        mostly = st.one_of(none, none, st.lists(st.sampled_from((False, False, False, True)), min_size=8, max_size=8))
        if mode is GenerationMode.POSITIVE:
            seeded(case, data.draw(real), data.draw(mostly), parameters)
        accept = data.draw(st.sampled_from((*offered, "*/*", None))) if offered else None
        judge(document, responses, case, served, accept)

    asked()


def judge(document: Document, responses: dict[str, Any], case: Case, base: str, accept: str | None) -> None:
    """No unexpected error, no status and no content type but those of the document."""
    response = case.call(
        base_url=f"{base}/sdmx/{document.version}", headers={"Accept": accept} if accept else None, timeout=60
    )
    status = str(response.status_code)
    where = f"{status} for {response.request.url} (Accept: {accept}): {response.content[:500]!r}"
    ANSWERS[document.name, response.status_code] += 1
    assert response.status_code < 500 or (status == "501" and admitted(document, where)), where
    assert status in responses, where
    declared = resolved(document.whole, responses[status]).get("content")
    sent = response.headers.get("content-type", [""])[0]
    if declared:
        plain = sent.partition(";")[0]  # of formats that belong to no version of SDMX
        assert media_type(sent) in declared or plain in declared, f"{sent}: {where}"
    else:
        assert not response.content or sent.startswith("application/vnd.sdmx.structure+"), f"{sent}: {where}"


def test_many_questions_had_an_answer() -> None:
    for document in {name for name, _ in ANSWERS}:
        asked = sum(count for (name, _), count in ANSWERS.items() if name == document)
        answered = sum(count for (name, status), count in ANSWERS.items() if name == document and status in (200, 204))
        # version 1.5.0 answers 404 where nothing fits
        assert asked < 100 or answered > asked / 10, (document, ANSWERS)
