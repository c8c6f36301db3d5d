"""Ready pieces of code for one series of a dataflow, as the front page shows them; the tests run each one."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ..services.overview import DataflowEntry

LANGUAGES = {"curl": "bash", "pandas": "python", "sdmx1": "python", "pysdmx": "python"}
"""Each kind of snippet with the language it is in."""


class Snippet(msgspec.Struct, frozen=True):
    """A piece of code. ``kind`` is a key of ``LANGUAGES``."""

    kind: str
    code: str


def snippets(entry: DataflowEntry, root: str) -> Iterator[Snippet]:
    """The pieces for a dataflow with data; ``root`` is the server's address without a trailing slash."""
    if entry.contents is None:
        return
    flow, key = entry.reference, ".".join(entry.contents.sample.key)
    v2 = f"{root}/sdmx/v2/data/dataflow/{flow.agency}/{flow.id}/{flow.version}/{key}"
    yield Snippet("curl", f"curl -g '{v2}?format=csv'")
    columns = ", ".join(f'"{name}"' for name in (entry.time, *entry.measures) if name)
    yield Snippet("pandas", f'import pandas as pd\n\ndata = pd.read_csv("{v2}?format=csv")\nprint(data[[{columns}]])')
    yield Snippet(
        "sdmx1",
        "import sdmx\n\n"
        f'sdmx.add_source({{"id": "{flow.agency}", "name": "{flow.agency}", "url": "{root}/sdmx/v1"}})\n'
        f'message = sdmx.Client("{flow.agency}").data("{flow.id}", key="{key}")\n'
        "print(sdmx.to_pandas(message))",
    )
    v1 = f"{root}/sdmx/v1"
    yield Snippet(
        "pysdmx",
        "from pysdmx.io import get_datasets\n\n"
        f'data = "{v1}/data/{flow.agency},{flow.id},{flow.version}/{key}"\n'
        f'structure = "{v1}/dataflow/{flow.agency}/{flow.id}/{flow.version}?references=all"\n'
        f"[found] = get_datasets(data, structure)\nprint(found.data[[{columns}]])",
    )
