"""The command line as a user has it: exit codes, refusals that change nothing, export and import."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from support.live import environment, run

from sdmx_server.formats.sdmx_ml.structure_reader import read_structures
from sdmx_server.model.datastructure import DataStructure

FLOW = "SCI:VITAL(1.0.0)"
HEAD = "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,RESIDENCE,VITAL_EVENT,SEX,AGE,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT,OBS_STATUS\n"  # noqa: E501
ROW = "dataflow,SCI:VITAL(1.0.0),M,A,IR,_T,BIRTH,_T,_T,2024-03-20/P366D,979924,NUM,0,A\n"


def exported(env: dict[str, str], name: str = "csv", flow: str = FLOW) -> str:
    return run("data", "export", flow, "--format", name, env=env).stdout


def test_bootstrap_loads_all_products_and_then_nothing(own: dict[str, str]) -> None:
    again = run("bootstrap", env=own).stdout
    assert again.count("unchanged") == 8, again  # structures, six products, metadata
    status = run("data", "status", env=own).stdout
    for flow in ("CENSUS_POP", "CENSUS_COUNTY", "CPI", "LFS_POP", "HOUSEHOLDS", "VITAL"):
        assert f"SCI:{flow}(1.0.0)" in status


def test_the_catalogue_survives_export_and_import(own: dict[str, str], tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    run("structures", "export", str(first), env=own)
    other = environment(tmp_path / "other")
    run("structures", "import", str(first), env=other)
    run("structures", "export", str(second), env=other)
    files = sorted(p.relative_to(first) for p in first.rglob("*.json"))
    assert len(files) > 40
    assert files == sorted(p.relative_to(second) for p in second.rglob("*.json"))
    for file in files:
        assert (first / file).read_bytes() == (second / file).read_bytes(), file


@pytest.mark.parametrize("name", ["xml", "xml-3.0", "json-2.0"])
def test_the_catalogue_survives_every_format(own: dict[str, str], tmp_path: Path, name: str) -> None:
    run("structures", "export", str(tmp_path / "out"), "--format", name, env=own)
    other = environment(tmp_path / "other")
    run("structures", "import", str(tmp_path / "out"), env=other)
    run("structures", "export", str(tmp_path / "again"), env=other)
    shipped = Path(__file__).resolve().parents[2] / "structures"
    for file in sorted(p.relative_to(shipped) for p in shipped.rglob("*.json")):
        assert (tmp_path / "again" / file).read_text("utf-8") == (shipped / file).read_text("utf-8"), file


def test_the_catalogue_can_be_given_away_in_2_1(own: dict[str, str], tmp_path: Path) -> None:
    run("structures", "export", str(tmp_path), "--format", "xml-2.1", env=own)
    files = sorted(tmp_path.rglob("*.xml"))
    assert len(files) > 40
    messages = [read_structures(io.BytesIO(file.read_bytes()), file.name) for file in files]
    structures = [one for message in messages for one in message.artefacts if isinstance(one, DataStructure)]
    assert len(structures) == 5
    assert all([measure.id for measure in one.measures] == ["OBS_VALUE"] for one in structures)
    assert all(b"/v2_1/message" in file.read_bytes() for file in files)


def test_the_shipped_files_are_what_export_writes(own: dict[str, str], tmp_path: Path) -> None:
    shipped = Path(__file__).resolve().parents[2] / "structures"
    run("structures", "export", str(tmp_path), env=own)
    for file in sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*.json")):
        assert (tmp_path / file).read_text("utf-8") == (shipped / file).read_text("utf-8"), file


@pytest.mark.parametrize("name", ["csv", "csv-2.0"])
@pytest.mark.parametrize("flow", ["SCI:VITAL(1.0.0)", "SCI:CPI(1.0.0)", "SCI:CENSUS_POP(1.0.0)"])
def test_exported_data_loaded_again_change_nothing(own: dict[str, str], tmp_path: Path, name: str, flow: str) -> None:
    file = tmp_path / "export.csv"
    run("data", "export", flow, "-o", str(file), "--format", name, env=own)
    loaded = run("data", "load", str(file), "--dataflow", flow, env=own).stdout
    assert "nothing has changed" in loaded


def test_a_correction_is_loaded_and_taken_back(own: dict[str, str], tmp_path: Path) -> None:
    before = exported(own)
    file = tmp_path / "births.csv"
    file.write_text(HEAD + ROW, encoding="utf-8")
    assert (
        "valid; nothing was loaded"
        in run("data", "load", str(file), "--dataflow", FLOW, "--validate-only", env=own).stdout
    )
    assert exported(own) == before
    assert "1 changed" in run("data", "load", str(file), "--dataflow", FLOW, env=own).stdout
    assert "979924" in exported(own)
    file.write_text(HEAD + ROW.replace("979924", "979923"), encoding="utf-8")
    run("data", "load", str(file), "--dataflow", FLOW, env=own)
    assert exported(own) == before


BAD_DATA = {
    "unknown code": (ROW.replace("BIRTH", "BRITH"), ["VITAL_EVENT", "BRITH", "2"]),
    "missing dimension": (ROW.replace(",BIRTH,", ",,"), ["VITAL_EVENT"]),
    "wrong type": (ROW.replace("979924", "many"), ["OBS_VALUE", "many"]),
    "duplicate key": (ROW + ROW.replace("979924", "5"), ["3"]),
    "period not allowed": (ROW.replace("2024-03-20/P366D", "1403"), ["TIME_PERIOD", "1403"]),
    "other flow": (ROW.replace("SCI:VITAL(1.0.0)", "SCI:CPI(1.0.0)"), ["SCI:CPI(1.0.0)"]),
    "constraint": (ROW.replace(",IR,", ",IR-0001,"), ["REF_AREA", "IR-0001"]),
    "truncated": (ROW[:40] + '"', ["2"]),
    "ragged": (ROW.rstrip() + ",x,y\n", ["2"]),
}


BAD_FILES = {
    "empty": b"",
    "binary": b"\x00\x01\x02",
    "utf-16": (HEAD + ROW).encode("utf-16"),
    "wrong bytes": HEAD.encode() + b"dataflow,SCI:VITAL(1.0.0),M,A,IR,_T,\xff\xfe,_T,_T,2024-03-20/P366D,1,NUM,0,A\n",
    "very long line": HEAD.encode() + b"x" * 3_000_000 + b"\n",
    "not SDMX-CSV": b"a;b\n1;2\n",
    **{case: (HEAD + rows).encode() for case, (rows, _) in BAD_DATA.items()},
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_bad_data_are_refused_with_their_place(own: dict[str, str], tmp_path: Path, case: str) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(BAD_FILES[case])
    done = run("data", "load", str(file), "--dataflow", FLOW, env=own, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    for word in ("bad.csv", *BAD_DATA.get(case, ("", []))[1]):
        assert word in done.stderr, done.stderr


def test_the_refused_files_changed_nothing(own: dict[str, str]) -> None:
    other = exported(own, "csv-2.0")
    births = [line for line in other.splitlines() if ",BIRTH," in line]
    assert len(other.splitlines()) == 5
    assert len(births) == 1
    assert ",979923," in births[0]
    assert "│ 3 " in run("data", "status", env=own).stdout  # one load, one correction, and its undoing


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
MESSAGE = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/message"


BAD_STRUCTURES = {
    "malformed.xml": b"<a><b></a>",
    "bomb.xml": BOMB,
    "external.xml": EXTERNAL,
    "deep.xml": b"<a>" * 100_000,
    "truncated.xml": f'<mes:Structure xmlns:mes="{MESSAGE}"><mes:Header>'.encode(),
    "invalid.xml": f'<mes:Structure xmlns:mes="{MESSAGE}"><mes:Nothing/></mes:Structure>'.encode(),
    "encoding.xml": b'<?xml version="1.0" encoding="ascii"?><a>\xff</a>',
    "truncated.json": b'{"meta": {',
    "deep.json": b"[" * 100_000,
    "other.json": b'{"a": 1}',
    "text.json": b"hello",
}


def test_bad_structures_are_refused_each_with_its_finding(own: dict[str, str], tmp_path: Path) -> None:
    for name, content in BAD_STRUCTURES.items():
        (tmp_path / name).write_bytes(content)
    done = run("structures", "import", str(tmp_path), env=own, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "root:" not in done.stderr
    for name in BAD_STRUCTURES:
        assert name in done.stderr, name


def test_a_recipe_with_a_typo_is_refused_with_advice(own: dict[str, str], tmp_path: Path) -> None:
    recipe = tmp_path / "dataflow.toml"
    recipe.write_text('dataflow = "SCI:VITAL(1.0.0)"\nmod = "replace"\n', encoding="utf-8")
    done = run("data", "load", str(recipe), env=own, check=False)
    assert done.returncode == 1
    assert "mode" in done.stderr
    assert "dataflow.toml" in done.stderr


def test_a_stable_version_does_not_change(own: dict[str, str], tmp_path: Path) -> None:
    run("structures", "export", str(tmp_path), env=own)
    file = tmp_path / "codelists/SCI/CL_SEX/1.0.0.json"
    file.write_text(file.read_text("utf-8").replace("Female", "Women"), encoding="utf-8")
    done = run("structures", "import", str(file), env=own, check=False)
    assert done.returncode == 1
    assert "CL_SEX" in done.stderr
    assert "Women" not in run("data", "status", env=own).stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["data", "load", "nowhere.csv", "--dataflow", FLOW],
        ["data", "export", "nonsense"],
        ["data", "export", "SCI:NOTHING(1.0.0)"],
        ["data", "export", FLOW, "--format", "pdf"],
        ["structures", "import", "nowhere.xml"],
    ],
    ids=" ".join,
)
def test_wrong_arguments_end_with_a_clear_error(own: dict[str, str], arguments: list[str]) -> None:
    done = run(*arguments, env=own, check=False)
    assert done.returncode != 0
    assert "Error:" in done.stderr
    assert "Traceback" not in done.stderr


def test_texts_that_look_like_markup_are_shown_as_they_are(own: dict[str, str], tmp_path: Path) -> None:
    for flow in ("[/red]", "[bold]x"):
        done = run("data", "load", str(tmp_path), "--dataflow", flow, env=own, check=False)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
    file = tmp_path / "no[link]file.csv"
    file.write_text(HEAD + ROW.replace("BIRTH", ":x:"), encoding="utf-8")
    done = run("data", "load", str(file), "--dataflow", FLOW, env=own, check=False)
    for word in ("no[link]file.csv", ":x:", "code-unknown"):
        assert word in done.stderr


def test_a_database_that_is_none_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "sdmx.db").write_text("hello", encoding="utf-8")
    for url, said in (
        ("", "not a database"),
        (f"sqlite:///{tmp_path}/nothing.db", "sdmx-server init"),
        ("mysql://user:secret@localhost/x", "begins with sqlite or postgresql"),
        ("postgresql://user:secret@127.0.0.1:1/x", "connection"),
    ):
        done = run("data", "status", env=environment(tmp_path, url), check=False)
        assert done.returncode in (1, 2)
        assert "Error:" in done.stderr
        assert said in done.stderr
        assert ("init" in said) is ("sdmx-server init" in done.stderr)
        assert "Traceback" not in done.stderr
        assert "secret" not in done.stderr


def test_agencies_of_several_files_live_together(own: dict[str, str], tmp_path: Path) -> None:
    """Another agency's message names the agencies that it needs; those that are here stay."""
    run("structures", "export", str(tmp_path / "all"), env=own)
    file = tmp_path / "all/agencyschemes/SDMX/AGENCIES/1.0.json"
    text = file.read_text("utf-8")
    other = tmp_path / "other.json"
    other.write_text(text.replace('"id": "SCI"', '"id": "OTHER"', 1), encoding="utf-8")
    assert "changed AgencyScheme" in run("structures", "import", str(other), env=own).stdout
    run("structures", "export", str(tmp_path / "again"), env=own)
    after = (tmp_path / "again/agencyschemes/SDMX/AGENCIES/1.0.json").read_text("utf-8")
    assert '"id": "SCI"' in after
    assert '"id": "OTHER"' in after


def test_errors_are_in_the_language_of_the_locale(tmp_path: Path) -> None:
    """As findings are: of the database, of a file, and of what is asked for."""
    env = {**environment(tmp_path), "LC_ALL": "", "LC_MESSAGES": "fa_IR.UTF-8"}
    for arguments, said in (
        (("data", "export", "SCI:CPI(1.0.0)"), "خطا: پایگاه داده آنچه را این انتشار در آن نگه می‌دارد ندارد"),
        (("structures", "import", str(tmp_path / "none.xml")), "خطا: "),
        (("data", "export", "CPI"), "خطا: «CPI» به شکل AGENCY:ID(VERSION) نیست؛ بنویسید 'SCI:CPI(1.0.0)'"),
        (("history", "prune", "--older-than", "soon"), "خطا: «soon»"),
    ):
        done = run(*arguments, env=env, check=False)
        assert done.returncode == 1
        assert said in done.stderr
