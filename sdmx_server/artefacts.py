"""Finds the shipped artefacts: a setting, else the packaged copies, else the checkout that this package stands in.

A wheel carries copies below ``sdmx_server/shipped``; an editable install has none, and its artefacts are beside the
package.
"""

from __future__ import annotations

from pathlib import Path

from .errors import SdmxServerError

_PACKAGE = Path(__file__).resolve().parent


def locate(folder: str, configured: Path | None = None) -> Path:
    """The folder ``structures``, ``dataflows`` or ``schemas``; raises ``SdmxServerError`` naming where it looked."""
    candidates = [configured] if configured else [_PACKAGE / "shipped" / folder, _PACKAGE.parent / folder]
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise SdmxServerError("no-shipped-folder", folder=folder, looked=candidates)
