"""Whether the XML parser sees all of a message or what is not plain in it: the rows and the findings are the same."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sdmx_loaders.sdmx_ml.loader import SdmxMlLoader
from sdmx_loaders.sdmx_ml.rows import Rows
from sdmx_loaders.sdmx_ml.shortcut import Shortcut
from sdmx_loaders.sdmx_ml.stream import File
from support.loading import structure
from support.sdmx_ml import FLOW, REF, data_set, generic, message, organisation, values

from sdmx_server.loading.api import Findings, Limits, Source

SCHEMA = structure()
TEXTS = ("1", "-2.5", "", " 7 ", "A", "IR", "IR-00", "a > b", "it's", "سال ۱۳۹۵", "x" * 40, "NaN", "#N/A", "🏠", "a  b")
ODD_TEXTS = ("a &amp; b", "&#65;", "&lt;", "a\nb", "a\tb", "\ufffd", "&nbsp;", "<", "\x7f", "&#0;")
SPACES = ("", "\n", "\n    ", "\r\n", "\r\n\t", " ", "\r", "\n\n")
NAMES = ("TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "COMMENT_OBS", "TAGS")
HEAD = ("FREQ", "REF_AREA", "SEX", "UNIT_MEASURE")
FAKE = '<Obs TIME_PERIOD="1901" OBS_VALUE="1"/>\n<Obs TIME_PERIOD="1902" OBS_VALUE="2"/>\n<Obs TIME_PERIOD="1903"/>'
COMP = '<Comp id="TAGS"><Value>X</Value><Value>"Y"</Value></Comp>'
BETWEEN = (
    f"<!-- {FAKE} -->",
    f"<![CDATA[{FAKE}]]>",
    f"<?do {FAKE}?>",
    '<!-- an odd " -->',
    f"<c:Annotations>{FAKE}</c:Annotations>",
    COMP,
    '<Group REF_AREA="IR" TITLE="Iran"/>',
    "<Atts SOURCE='x'/>",
    "some text",
    'a "quoted" text',
    "]]>",
    "<Obs/>",
    "<ns:Obs TIME_PERIOD='1'/>",
    '<ns:Obs TIME_PERIOD="1904" OBS_VALUE="3"/>',
    '<no:Obs TIME_PERIOD="1904" OBS_VALUE="3"/>',
    '<Obs xmlns="urn:other" TIME_PERIOD="1905" OBS_VALUE="3"/>',
    '<Obs xmlns:q="urn:other" TIME_PERIOD="1906" OBS_VALUE="3"/>',
    '<Obs xsi:type="ns:M" TIME_PERIOD="1907" type="x"/>',
    '<Obs TIME_PERIOD="1908" TIME_PERIOD="1909"/>',
    '<Obs TIME_PERIOD="1908"OBS_VALUE="1"/>',
    '<Obs TIME_PERIOD="1910"><Obs TIME_PERIOD="1911"/></Obs>',
    '<Obs TIME_PERIOD="1912" OTHER="1"/>',
    '<Observation TIME_PERIOD="1913"/>',
    "</Series>",
    '<Series FREQ="A">',
    '<Series FREQ="A"/>',
)

chance = st.randoms(use_true_random=False)


def cell(r: random.Random, name: str, odd: float) -> str:
    mark = "'" if r.random() < odd else '"'
    texts = ODD_TEXTS if r.random() < odd else TEXTS
    equal = r.choice(("=", " = ")) if r.random() < odd else "="
    return f"{name}{equal}{mark}{r.choice(texts).replace(mark, '')}{mark}"


def structure_specific_obs(r: random.Random, odd: float, extra: str = "") -> str:
    names = r.sample(NAMES, r.randint(1, 3)) if r.random() < 0.3 else ["TIME_PERIOD", "OBS_VALUE"]
    cells = " ".join(cell(r, n, odd) for n in names)
    tail = r.choice(("/>", " />", "></Obs>", f">{COMP}</Obs>" if r.random() < odd else ">\n</Obs>"))
    return f"<Obs {extra}{cells}{tail}"


def generic_obs(r: random.Random, odd: float, key: str = "") -> str:
    value = f"<g:ObsValue {cell(r, 'value', odd)}/>" if r.random() < 0.8 else ""
    names = r.sample(NAMES[2:], r.randint(1, 2)) if r.random() < 0.98 else NAMES[1:2]
    ids = "".join(f'<g:Value id="{n}" {cell(r, "value", odd)}/>' for n in names)
    attributes = f"<g:Attributes>{ids}</g:Attributes>" if r.random() < 0.3 else ""
    dimension = key or f"<g:ObsDimension {cell(r, 'value', odd)}/>"
    return f"<g:Obs>{dimension}{value}{attributes}</g:Obs>"


def joined(r: random.Random, odd: float, one: Callable[[random.Random, float], str], most: int) -> str:
    """Observations in a row, mostly with the same white space between them, and now and then something odd."""
    space = r.choice(SPACES)
    parts = []
    for _ in range(r.randint(0, most)):
        parts.append(one(r, odd))
        if r.random() < odd:
            parts.append(r.choice(BETWEEN))
        parts.append(r.choice(SPACES) if r.random() < odd else space)
    return space + "".join(parts)


def structure_specific(r: random.Random, odd: float) -> str:
    flat = r.random() < 0.2
    sections = []
    for _ in range(r.randint(1, 6)):
        head = " ".join(cell(r, n, odd) for n in HEAD[: r.choice((3, 3, 3, 4))])
        if flat:
            sections.append(joined(r, odd, lambda r, odd, head=head: structure_specific_obs(r, odd, head + " "), 12))
        else:
            comp = COMP if r.random() < odd else ""
            sections.append(f"<Series {head}>{comp}{joined(r, odd, structure_specific_obs, 12)}</Series>")
        if r.random() < odd:
            sections.append(r.choice(BETWEEN))
    cut = r.randint(0, len(sections))
    action = r.choice(("Append", "Replace", "Delete")) if r.random() < odd else "Append"
    space = r.choice(SPACES)
    version = r.choice(("2.1", "3.0", "3.1"))
    sets = [data_set(space.join(sections[:cut])), data_set(space.join(sections[cut:]), action=action)]
    return message(*sets, version=version)


def generic_data(r: random.Random, odd: float) -> str:
    flat = r.random() < 0.2
    sections = []
    for _ in range(r.randint(1, 6)):
        ids = [f'<g:Value id="{n}" {cell(r, "value", odd)}/>' for n in HEAD]
        if flat:
            key = f'<g:ObsKey>{"".join(ids[:3])}<g:Value id="TIME_PERIOD" value="2001"/></g:ObsKey>'
            sections.append(joined(r, odd, lambda r, odd, key=key: generic_obs(r, odd, key), 12))
        else:
            own = f"<g:Attributes>{ids[3]}</g:Attributes>" if r.random() < 0.3 else ""
            head = f"<g:SeriesKey>{''.join(ids[:3])}</g:SeriesKey>{own}"
            sections.append(f"<g:Series>{head}{joined(r, odd, generic_obs, 12)}</g:Series>")
    return generic(r.choice(SPACES).join(sections), at=r.choice(("TIME_PERIOD", "SEX")))


def mutated(r: random.Random, text: bytes) -> bytes:
    """The text with some bytes changed, left out or put in."""
    data = bytearray(text)
    for _ in range(r.randint(1, 3)):
        at = r.randrange(len(text) // 4, len(data))
        byte = r.choice(
            (b"<", b">", b'"', b"'", b"&", b"/", b"=", b" ", b"\n", b"\r", b"\0", b"\x1f", b"\xff", b"\xc3")
        )
        length = r.choice((0, 1, 1, 30))
        data[at : at + length] = r.choice((b"", byte, byte, b"\xef\xbf\xbf", b"<!--", b"]]>"))
    return bytes(data)


def by_parser(shortcut: Shortcut, piece: bytes, final: bool) -> None:
    """What feeds the parser when there is no way around it."""
    shortcut._file.feed(piece, final)


class Read:
    """What came of reading a message, with the names that the parser knows in the end."""

    def __init__(self, text: bytes, chunk: int, limits: Limits, *, parser: bool) -> None:
        findings, files = Findings(), []
        self.blocks = 0
        begin, add = File.__init__, Rows.add

        def opened(file: File, *given: Any) -> None:
            begin(file, *given)
            files.append(file)

        def counted(rows: Rows, *given: Any, **more: Any) -> None:
            add(rows, *given, **more)
            self.blocks += len(given[2])

        with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            path = Path(folder, "data.xml")
            path.write_bytes(text)
            patch.setattr("sdmx_loaders.sdmx_ml.stream._CHUNK", chunk)
            patch.setattr("sdmx_loaders.sdmx_ml.blocks._LEAST", 1)
            patch.setattr("sdmx_loaders.sdmx_ml.shortcut._STEP", 40)
            patch.setattr(File, "__init__", opened)
            patch.setattr(Rows, "add", counted)
            if parser:
                patch.setattr(Shortcut, "feed", by_parser)
            source = Source(path=path, name="data.xml", options={}, structure=SCHEMA, findings=findings, limits=limits)
            read = [(b.done, b.rows.tolist(), b.frame.columns, b.frame.rows()) for b in SdmxMlLoader().read(source)]
        self.batches = read
        self.rows = sum(len(rows) for _, rows, _, _ in read)
        self.problems = [(p.code, p.row, p.column, p.value, p.texts) for p in findings.problems()]
        self.count = findings.count
        self.names = set(files[0].parser.intern)


def same(text: bytes, chunk: int, block: int) -> tuple[Read, Read]:
    limits = Limits(block_bytes=block)
    short, whole = (Read(text, chunk, limits, parser=parser) for parser in (False, True))
    assert short.problems == whole.problems
    assert short.count == whole.count
    assert short.batches == whole.batches
    if not whole.problems:
        assert short.names == whole.names
    return short, whole


made = st.sampled_from([structure_specific, structure_specific, generic_data])
odds = st.sampled_from([0.0, 0.0, 0.02, 0.1, 0.4])
chunks = st.sampled_from([200, 900, 3000, 1 << 20])
blocks = st.sampled_from([1, 2000, 8_000_000])


@settings(max_examples=150, deadline=None)
@given(made, odds, chunks, blocks, chance)
def test_the_same_rows_and_findings(
    make: Callable[[random.Random, float], str], odd: float, chunk: int, block: int, r: random.Random
) -> None:
    same(make(r, odd).encode(), chunk, block)


@settings(max_examples=150, deadline=None)
@given(made, odds, chunks, blocks, chance)
def test_the_same_faults_in_damaged_messages(
    make: Callable[[random.Random, float], str], odd: float, chunk: int, block: int, r: random.Random
) -> None:
    same(mutated(r, make(r, odd).encode()), chunk, block)


@pytest.mark.parametrize("space", ["", "\n", "\r\n\t"])
@pytest.mark.parametrize("form", ["structure-specific", "generic"])
def test_plain_messages_hardly_need_the_parser(form: str, space: str) -> None:
    r = random.Random(1)
    if form == "generic":
        obs = [f'<g:Obs><g:ObsDimension value="{y}"/><g:ObsValue value="{y}.5"/></g:Obs>' for y in range(1900, 2000)]
        key = values("SeriesKey", FREQ="A", REF_AREA="IR", SEX="M")
        text = generic(*(f"<g:Series>{key}{space.join(obs)}</g:Series>{space}" for _ in range(20)))
    else:
        obs = [f'<Obs TIME_PERIOD="{y}" OBS_VALUE="{r.random()}"/>' for y in range(1900, 2000)]
        refers = organisation(FLOW) + organisation(REF, name="other")
        sections = (f'<Series FREQ="A" SEX="M" REF_AREA="IR">{space.join(obs)}</Series>{space}' for _ in range(20))
        text = message(data_set(*sections), structures=refers)
    short, whole = same(text.encode(), 20_000, 8_000_000)
    assert whole.rows == 2000
    assert whole.blocks == 0
    assert short.blocks > 1900
