"""The gaps of the kinds of artefact that have a module of their own."""

from __future__ import annotations

from .kinds_constraint import CONSTRAINTS
from .kinds_geography import GEOGRAPHY
from .kinds_hierarchy import HIERARCHIES
from .kinds_mapping import MAPS
from .kinds_metadata import METADATA
from .kinds_organisation import ORGANISATIONS
from .kinds_process import PROCESSES
from .kinds_transformation import TRANSFORMATIONS

OF_KINDS = (*CONSTRAINTS, *GEOGRAPHY, *HIERARCHIES, *ORGANISATIONS, *MAPS, *PROCESSES, *TRANSFORMATIONS, *METADATA)
"""In the order in which they are applied."""
