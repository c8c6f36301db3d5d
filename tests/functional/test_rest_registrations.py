"""Registrations against a running server: by their id, by provider, and by what they are about, within a time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests
from lxml import etree
from support.asking import ask, refusal
from support.live import bootstrapped, run, serving
from support.metadata import judge_xml

TYPES = tuple(f"application/vnd.sdmx.registry+xml;version={version}" for version in ("3.1.0", "3.0.0"))
FILE, SERVICE = "https://example.org/cpi.xml", "https://example.org/sdmx/v2/data"


class Registered:
    """A server with three registrations; ``between`` is a moment after the first one and before the others."""

    def __init__(self, base: str, between: str) -> None:
        self.base, self.between = base, between

    def ask(self, path: str, accept: str | None = None) -> requests.Response:
        return ask(self.base, f"/registration{path}", accept)

    def found(self, path: str) -> set[str]:
        """The ids of the registrations that a query finds."""
        answer = self.ask(path)
        if answer.status_code == 204:
            return set()
        assert answer.status_code == 200, answer.text
        return {one.get("id") for one in etree.fromstring(answer.content).iter("{*}Registration")}


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registered]:
    env = bootstrapped(tmp_path_factory.mktemp("registered"))
    run("registrations", "add", "SCI:PA_CPI(1.0.0)", "--id", "CPI_FILE", "--file", FILE, env=env)
    time.sleep(1.1)  # moments of registrations have seconds
    between = datetime.now(UTC).replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")
    time.sleep(1.1)
    run("registrations", "add", "SCI:PA_CPI(1.0.0)", "--id", "CPI_SERVICE", "--query", SERVICE, env=env)
    run("registrations", "add", "SCI:PA_VITAL(1.0.0)", "--id", "VITAL", "--file", FILE, "--index-data-set", env=env)
    with serving(env, workers=1) as base:
        yield Registered(base, between)


CPI, ALL = {"CPI_FILE", "CPI_SERVICE"}, {"CPI_FILE", "CPI_SERVICE", "VITAL"}


@pytest.mark.proves(
    "v2 registration: id: registrationID",
    "v2 registration: Accept=application/vnd.sdmx.registry+xml;version=3.1.0",
    "v2 registration: Accept=application/vnd.sdmx.registry+xml;version=3.0.0",
)
@pytest.mark.parametrize("accept", TYPES)
def test_a_registration_by_its_id(registered: Registered, accept: str) -> None:
    answer = registered.ask("/id/CPI_SERVICE", accept)
    assert answer.headers["Content-Type"].startswith(accept)
    judge_xml(answer.content, accept.partition("version=")[2].replace(".", "")[:2])
    [one] = etree.fromstring(answer.content).iter("{*}Registration")
    assert one.get("id") == "CPI_SERVICE"
    assert (
        "".join(one.find("{*}ProvisionAgreement").itertext()).strip().endswith("ProvisionAgreement=SCI:PA_CPI(1.0.0)")
    )
    assert SERVICE in "".join(one.itertext())
    assert registered.found("/id/VITAL") == {"VITAL"}
    assert registered.found("/id/NOTHING") == set()


def test_the_newest_xml_is_the_default(registered: Registered) -> None:
    for accept in (None, "*/*", "application/xml"):
        assert registered.ask("/id/VITAL", accept).headers["Content-Type"].startswith(TYPES[0])
    assert "registry+xml" in refusal(registered.ask("/id/VITAL", "application/json"), 406)


@pytest.mark.proves(
    "v2 registration: provider: providerAgencyID={id}",
    "v2 registration: provider: providerAgencyID=A,B",
    "v2 registration: provider: providerAgencyID=*",
    "v2 registration: provider: providerID={id}",
    "v2 registration: provider: providerID=A,B",
    "v2 registration: provider: providerID=*",
)
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/SCI/SCI", CPI),
        ("/SCI", ALL),
        ("", ALL),
        ("/*/*", ALL),
        ("/ECB,SCI/*", ALL),
        ("/*/ECB,SCI", CPI),
        ("/SCI/ECB", set()),
        ("/ECB/SCI", set()),
    ],
)
def test_registrations_by_provider(registered: Registered, path: str, expected: set[str]) -> None:
    assert registered.found(f"/provider{path}") == expected


@pytest.mark.proves(
    "v2 registration: context=datastructure",
    "v2 registration: context=dataflow",
    "v2 registration: context=provisionagreement",
    "v2 registration: context=*",
    "v2 registration: agencyID={id}",
    "v2 registration: agencyID=A,B",
    "v2 registration: agencyID=*",
    "v2 registration: resourceID={id}",
    "v2 registration: resourceID=A,B",
    "v2 registration: resourceID=*",
    "v2 registration: version={version}",
    "v2 registration: version=A,B",
    "v2 registration: version=*",
    "v2 registration: version=+",
    "v2 registration: version=~",
    "v2 registration: parts omitted at the end",
)
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", ALL),
        ("/*", ALL),
        ("/*/*/*/*", ALL),
        ("/dataflow/SCI/CPI/1.0.0", CPI),
        ("/dataflow/SCI/CPI", CPI),
        ("/dataflow/ECB,SCI/CPI,VITAL", ALL),
        ("/dataflow/SCI/VITAL/+", {"VITAL"}),
        ("/dataflow/SCI/VITAL/~", {"VITAL"}),
        ("/dataflow/SCI/*/1.0.0,2.0.0", ALL),
        ("/dataflow/SCI/*/2.0.0", set()),
        ("/dataflow/SCI/CENSUS_POP", set()),
        ("/datastructure/SCI/CPI", CPI),
        ("/datastructure/ECB", set()),
        ("/provisionagreement/SCI/PA_CPI", CPI),
        ("/provisionagreement/*/PA_VITAL/*", {"VITAL"}),
    ],
)
def test_registrations_by_what_they_are_about(registered: Registered, path: str, expected: set[str]) -> None:
    assert registered.found(path) == expected


@pytest.mark.proves("v2 registration: updatedAfter", "v2 registration: updatedBefore")
def test_registrations_within_a_time(registered: Registered) -> None:
    moment = registered.between
    assert registered.found(f"/dataflow?updatedAfter={moment}") == {"CPI_SERVICE", "VITAL"}
    assert registered.found(f"/dataflow?updatedBefore={moment}") == {"CPI_FILE"}
    assert registered.found(f"/provider?updatedAfter={moment}&updatedBefore={moment}") == set()
    assert registered.found("/provider?updatedAfter=2020-01-01T00%3A00%3A00%2B03%3A30") == ALL


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/id", "id"),
        ("/id/CPI_FILE?updatedAfter=2020-01-01T00:00:00Z", "unknown parameter"),
        ("/codelist/SCI", "context"),
        ("/dataflow/SCI/CPI/1.0.0/more", "too many parts"),
        ("/dataflow?updatedAfter=yesterday", "date and time"),
    ],
)
def test_wrong_queries_are_refused(registered: Registered, path: str, word: str) -> None:
    assert word in refusal(registered.ask(path), 400)
