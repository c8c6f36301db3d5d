"""The table of registrations, the same in SDMX-ML 2.1, 3.0 and 3.1 (section 3A part V, ``RegistrationType``)."""

from __future__ import annotations

from ...model.registration import Registration
from .engine import Shape
from .rows import FLAG, Attribute, Child, Inline, Text
from .rows_reference import Refers
from .tables_constraint import QUERYABLE_SOURCE

REGISTRATION = Shape(
    Registration,
    Attribute("id", "id"),
    Attribute("valid_from", "validFrom"),
    Attribute("valid_to", "validTo"),
    Attribute("last_updated", "lastUpdated"),
    Attribute("index_time_series", "indexTimeSeries", FLAG),
    Attribute("index_data_set", "indexDataSet", FLAG),
    Attribute("index_attributes", "indexAttributes", FLAG),
    Attribute("index_reporting_period", "indexReportingPeriod", FLAG),
    Refers("provision_agreement", "rgy:ProvisionAgreement", "ProvisionAgreement"),
    Inline(
        "rgy:Datasource",
        Text("simple_source", "rgy:SimpleDataSource"),
        Child("queryable_source", "rgy:QueryableDataSource", QUERYABLE_SOURCE),
    ),
)
