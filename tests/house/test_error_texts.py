"""Every error that a user may see is in Persian and English: the catalogue is whole, and what is raised is in it."""

from __future__ import annotations

import ast
import inspect
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from sdmx_server import errors
from sdmx_server.error_texts import CATALOGUE, PARTS
from sdmx_server.store.archive import BadArchive

ROOT = Path(__file__).resolve().parents[2]
MODULES = [
    path
    for folder in ("sdmx_server", "loaders")
    for path in (ROOT / folder).rglob("*.py")
    if path.parent.name not in ("versions", "error_texts")
]
ERRORS = {
    BadArchive.__name__,
    *(
        name
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, errors.SdmxServerError) and value is not errors.Refused
    ),
}
"""Errors that are made with a code; a refusal is made of findings, which have their own catalogues."""

NOT_IN_TEXT = {"offered", "earliest", "retry_after"}
"""What an error may carry without saying it."""


def fields(template: str) -> set[tuple[str, str, str]]:
    """The placeholders of a template, each with its format and conversion."""
    parsed = string.Formatter().parse(template)
    return {(name, form or "", conversion or "") for _, name, form, conversion in parsed if name is not None}


def names(code: str) -> set[str]:
    """The values that the sentences of a code need."""
    return {re.split(r"[.\[]", name)[0] for name, _, _ in fields(CATALOGUE[code][0])}


@pytest.mark.parametrize("code", CATALOGUE)
def test_an_entry_says_the_same_in_both_languages(code: str) -> None:
    english, persian = CATALOGUE[code]
    assert english.strip()
    assert fields(english) == fields(persian)
    words = re.sub(r"\{[^}]*\}", "", english)
    if re.search(r"[a-z]{2}", words):
        assert re.search("[آ-ی]", persian), "no Persian"
    assert not re.search("[يكة]|ه‌ی ", persian), "a letter as Arabic writes it"


def test_no_code_is_given_twice() -> None:
    assert sum(map(len, PARTS)) == len(CATALOGUE)


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Everything that makes an error or its sentence, with its place."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in {*ERRORS, "texts_of"}:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def codes(node: ast.expr) -> list[str]:
    """The codes that are written out in an expression: one, or the two of a choice."""
    if isinstance(node, ast.IfExp):
        return codes(node.body) + codes(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def faults(call: ast.Call) -> Iterator[str]:
    """What is wrong with a call: a sentence of its own, no entry, other values than the entry has."""
    first, *others = call.args
    written = codes(first)
    named = isinstance(first, ast.Name | ast.Attribute | ast.Subscript) or "http-" in ast.unparse(first)
    if others or not (written or named):
        yield "give the code of an entry, and values by name"
    given = {word.arg for word in call.keywords}
    for code in written:
        if code not in CATALOGUE:
            yield f"{code!r} is no entry of error_texts"
        elif given - NOT_IN_TEXT != names(code) - NOT_IN_TEXT:
            yield f"{code} needs {sorted(names(code))}"


def test_whatever_is_raised_is_an_entry_with_its_values() -> None:
    assert [f"{place}: {fault}" for place, call in calls() for fault in faults(call)] == []


def test_every_entry_is_used() -> None:
    written = {
        node.value
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    unused = [code for code in CATALOGUE if code not in written and not re.fullmatch(r"http-\d{3}", code)]
    assert unused == []
