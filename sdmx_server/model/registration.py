"""Registrations: where the data of a provision agreement are (SDMX-ML section 3A part V, ``RegistrationType``)."""

from __future__ import annotations

from .common import Value
from .constraint import QueryableDataSource
from .message import Header
from .reference import Reference


class Registration(Value, frozen=True, kw_only=True):
    """A data source under a provision agreement: a file (``simple_source``), a service that is queried, or both.

    Moments are ``xs:dateTime`` with offset. The ``index_`` flags say what of the source a registry may index.
    """

    id: str = ""
    provision_agreement: Reference
    simple_source: str | None = None
    queryable_source: QueryableDataSource | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    last_updated: str | None = None
    index_time_series: bool = False
    index_data_set: bool = False
    index_attributes: bool = False
    index_reporting_period: bool = False


class RegistrationMessage(Value, frozen=True, kw_only=True):
    """The answer to a query for registrations."""

    header: Header
    registrations: tuple[Registration, ...] = ()


class Submission(Value, frozen=True, kw_only=True):
    """A registration as it is handed in, with what shall be done (``ActionType``: Append, Replace, Merge, Delete).

    Its ``id`` may be empty, which leaves it to the registry; ``row`` is its line in the message (section 3A part V,
    ``SubmitRegistrationsRequestType``).
    """

    registration: Registration
    action: str = "Replace"
    row: int | None = None


class SubmissionMessage(Value, frozen=True, kw_only=True):
    """A message that hands registrations in."""

    header: Header
    submissions: tuple[Submission, ...] = ()
