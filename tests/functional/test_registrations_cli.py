"""Registrations by command: exported, imported elsewhere, handed in; another server then answers the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree
from support.asking import ask
from support.live import bootstrapped, environment, run, serving
from support.metadata import judge_xml

FILE, SERVICE = "https://example.org/cpi.xml", "https://example.org/sdmx/v2"


@pytest.fixture(scope="module")
def registered(own: dict[str, str]) -> dict[str, str]:
    """The environment of a server with two registrations."""
    run("registrations", "add", "SCI:PA_CPI(1.0.0)", "--id", "FILE", "--file", FILE, "--index-attributes", env=own)
    options = ("--wadl", "https://example.org/wadl", "--valid-from", "2026-01-01T00:00:00", "--index-data-set")
    run("registrations", "add", "SCI:PA_VITAL(1.0.0)", "--id", "SERVICE", "--query", SERVICE, *options, env=own)
    return own


def told(content: bytes) -> list[bytes]:
    """The registrations of a message in one form, without the moments of their last changes."""
    found = sorted(etree.fromstring(content).iter("{*}Registration"), key=lambda one: str(one.get("id")))
    for one in found:
        del one.attrib["lastUpdated"]
    return [re.sub(rb"/v3_\d/", b"/v3/", etree.tostring(one, method="c14n", exclusive=True)) for one in found]


@pytest.mark.parametrize(("name", "generation"), [("xml", "31"), ("xml-3.1", "31"), ("xml-3.0", "30")])
def test_what_is_exported_is_valid_and_can_be_imported_again(
    registered: dict[str, str], name: str, generation: str, tmp_path: Path
) -> None:
    file = tmp_path / "registrations.xml"
    run("registrations", "export", "--format", name, "-o", str(file), env=registered)
    judge_xml(file.read_bytes(), generation)
    assert run("registrations", "export", "--format", name, env=registered).stdout == file.read_text("utf-8")
    before = run("registrations", "list", env=registered).stdout
    said = run("registrations", "import", str(file), env=registered).stdout
    assert said == "2 registrations read, 0 stored, 2 unchanged.\n"
    assert run("registrations", "list", env=registered).stdout == before


def test_another_server_answers_the_same_after_the_import(registered: dict[str, str], tmp_path: Path) -> None:
    other = bootstrapped(tmp_path / "other")
    file, answered = tmp_path / "registrations.xml", tmp_path / "answer.xml"
    run("registrations", "export", "-o", str(file), env=registered)
    said = run("registrations", "import", str(file), env=other).stdout.splitlines()
    assert said == [
        "registered FILE under SCI:PA_CPI(1.0.0)",
        "registered SERVICE under SCI:PA_VITAL(1.0.0)",
        "2 registrations read, 2 stored, 0 unchanged.",
    ]
    with serving(registered, workers=1) as base, serving(other, workers=1) as copy:
        path = "/registration/provider/*/*"
        answer = ask(base, path)
        assert len(told(answer.content)) == 2
        assert told(ask(copy, path).content) == told(answer.content) == told(file.read_bytes())
    answered.write_bytes(answer.content.replace(FILE.encode(), b"https://example.org/new.xml"))
    said = run("registrations", "import", str(answered), env=other).stdout
    assert said.startswith("changed FILE under SCI:PA_CPI(1.0.0)\n2 registrations read, 1 stored")
    assert "all sound" in run("verify", env=other).stdout


def test_what_cannot_be_exported_or_imported_is_said(tmp_path: Path) -> None:
    env = environment(tmp_path / "empty")
    run("init", env=env)
    nothing = run("registrations", "export", env=env, check=False)
    assert (nothing.returncode, "there are no registrations" in nothing.stderr) == (1, True)
    strange = run("registrations", "export", "--format", "csv", env=env, check=False)
    assert (strange.returncode, "xml-3.1" in strange.stderr) == (1, True)
    file = tmp_path / "broken.xml"
    file.write_text("<a/>", encoding="utf-8")
    for path, word in ((file, "broken.xml"), (tmp_path / "none.xml", "there is no file")):
        done = run("registrations", "import", str(path), env=env, check=False)
        assert (done.returncode, word in done.stderr, "Traceback" in done.stderr) == (1, True, False), done.stderr


def test_what_refers_to_nothing_here_is_refused_whole(registered: dict[str, str], tmp_path: Path) -> None:
    env = environment(tmp_path / "empty")
    run("init", env=env)
    file = tmp_path / "registrations.xml"
    run("registrations", "export", "-o", str(file), env=registered)
    done = run("registrations", "import", str(file), env=env, check=False)
    assert done.returncode == 1
    assert "SCI:PA_CPI(1.0.0) is not stored here" in done.stderr
    assert "SCI:PA_VITAL(1.0.0) is not stored here" in done.stderr
    assert "registrations.xml" in done.stderr
