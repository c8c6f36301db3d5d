"""Registrations that are handed in are checked whole, by what is stored, before anything is."""

from __future__ import annotations

import types
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support.catalogues import catalogue_of
from support.world import ref

from sdmx_server.errors import Refused, SdmxServerError
from sdmx_server.model.constraint import QueryableDataSource
from sdmx_server.model.dataflow import ProvisionAgreement
from sdmx_server.model.message import Header, Party
from sdmx_server.model.registration import Registration, Submission, SubmissionMessage
from sdmx_server.services.load_registrations import RegistrationLoader, SubmissionReport

STORED = ProvisionAgreement(
    agency="SCI", id="PA_CPI", version="1.0.0", names={"en": "Prices"}, dataflow=ref("Dataflow", "CPI", "1.0.0")
)
HERE = Path(__file__)
WHOLE = Registration(
    id="FILE", provision_agreement=ref("ProvisionAgreement", "PA_CPI", "1.0.0"), simple_source="https://example.org/a"
)


class Store:
    """What the loader needs of a store, in memory."""

    def __init__(self, *held: Registration) -> None:
        self.held = {one.id: one for one in held}

    def state(self) -> Any:
        return types.SimpleNamespace(registrations=tuple(self.held.values()))

    def put(self, registrations: Sequence[Registration], actor: str) -> list[Registration]:
        assert actor
        changed = [one for one in registrations if self.held.get(one.id) != one]
        self.held |= {one.id: one for one in changed}
        return changed


def load(store: Store, *submissions: Submission | Registration, files: int = 1) -> SubmissionReport:
    """Load a message that holds these, as often as there are files."""
    held = tuple(one if isinstance(one, Submission) else Submission(registration=one, row=7) for one in submissions)
    header = Header(id="M", prepared="2026-11-23T10:00:00Z", sender=Party(id="SCI"))
    message = SubmissionMessage(header=header, submissions=held)
    catalogues: Any = types.SimpleNamespace(current=lambda: catalogue_of([STORED]))
    return RegistrationLoader(catalogues, store, lambda _: message).load([HERE] * files)  # type: ignore[arg-type]


def changed(**fields: Any) -> Registration:
    return msgspec.structs.replace(WHOLE, **fields)


def test_new_ones_are_stored_and_those_of_their_ids_replaced() -> None:
    store = Store(WHOLE)
    report = load(store, WHOLE, changed(id="NEXT"), files=2)
    assert (report.summary(), report.replaced) == (
        "2 registrations read, 1 stored, 1 unchanged.",
        frozenset(),
    )
    report = load(store, changed(index_data_set=True))
    assert (report.changed, report.replaced) == ((changed(index_data_set=True),), {"FILE"})


def test_one_without_an_id_gets_a_new_one() -> None:
    store = Store()
    load(store, changed(id=""), changed(id=""))
    assert len(store.held) == 2
    assert all(len(name) == 32 for name in store.held)


@pytest.mark.parametrize("action", ["Append", "Replace", "Merge"])
def test_moments_have_one_form_and_that_of_the_last_change_is_the_stores_own(action: str) -> None:
    store = Store()
    given = changed(
        valid_from="2026-01-01T00:00:00",
        valid_to="2027-01-01T00:00:00+03:30",
        last_updated="2020-01-01T00:00:00Z",
    )
    load(store, Submission(registration=given, action=action))
    expected = changed(valid_from="2026-01-01T00:00:00Z", valid_to="2027-01-01T00:00:00+03:30")
    assert store.held == {"FILE": expected}


@pytest.mark.parametrize(
    ("code", "word", "given"),
    [
        (
            "agreement-absent",
            "SCI:PA_NONE(1.0.0)",
            changed(provision_agreement=ref("ProvisionAgreement", "PA_NONE", "1.0.0")),
        ),
        ("registration-source", "address", changed(simple_source=None)),
        ("registration-address", "cpi.xml", changed(simple_source="cpi.xml")),
        ("registration-address", "javascript:", changed(queryable_source=QueryableDataSource(data_url="javascript:x"))),
        (
            "registration-address",
            "no address",
            changed(queryable_source=QueryableDataSource(data_url="http://a", wadl_url="b")),
        ),
        ("registration-id-wrong", "a b", changed(id="a b")),
        ("registration-moment", "validTo", changed(valid_to="soon")),
        ("registration-action", "Delete", Submission(registration=WHOLE, action="Delete", row=7)),
        ("registration-action", "Information", Submission(registration=WHOLE, action="Information", row=7)),
    ],
)
def test_every_finding_names_its_place_and_nothing_is_stored(
    code: str, word: str, given: Submission | Registration
) -> None:
    store = Store()
    with pytest.raises(Refused) as refused:
        load(store, changed(id="GOOD"), given, files=2)
    first, second = refused.value.problems
    assert first == second
    assert (first.code, first.file, first.row) == (code, str(HERE), 7)
    assert word in first.texts["en"]
    assert first.texts["fa"]
    assert store.held == {}


def test_one_that_stands_twice_must_be_the_same() -> None:
    with pytest.raises(Refused, match="FILE stands twice"):
        load(Store(), WHOLE, changed(index_attributes=True))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    loader = RegistrationLoader(None, Store(), lambda _: None)  # type: ignore[arg-type, return-value]
    with pytest.raises(SdmxServerError, match="there is no file"):
        loader.load([tmp_path / "none.xml"])
