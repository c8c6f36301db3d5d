"""What a generation of SDMX cannot express, and what becomes of it: closed tables, shown in ``docs/gaps.md``.

``structures`` is the table for artefacts with the changes that each row makes, ``data`` the one for data messages;
``footer`` tells the client.
"""

from __future__ import annotations

from .known import expressible
from .structures import GAPS, gaps_of, table

__all__ = ["GAPS", "expressible", "gaps_of", "table"]
