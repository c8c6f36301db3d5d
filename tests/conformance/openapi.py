"""schemas/openapi-v*.yaml from the tables of the server: ``python -m tests.conformance.openapi`` writes them."""

from __future__ import annotations

from pathlib import Path

import yaml

from sdmx_server.web.openapi import VERSIONS, document

ROOT = Path(__file__).resolve().parents[2]
COMMAND = "python -m tests.conformance.openapi"


class _Plain(yaml.SafeDumper):
    """Repeats what occurs twice instead of naming it."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def path(version: str) -> Path:
    """The file of ``v1`` or ``v2``."""
    return ROOT / f"schemas/openapi-{version}.yaml"


def text(version: str) -> str:
    """What it should say."""
    head = f"# SDMX REST {VERSIONS[version][0]} as this server offers it; written by `{COMMAND}`.\n"
    return head + yaml.dump(document(version), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110)


if __name__ == "__main__":
    for version in VERSIONS:
        path(version).write_text(text(version), encoding="utf-8")
