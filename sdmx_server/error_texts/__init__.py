"""The sentences of errors, by code, in English and Persian: what is wrong, with value and rule, and the way out.

A module for each subject. Templates are those of ``str.format``, with three things more, each as the language has it:
``{name!r}`` quotes a text, without characters that cannot be printed and cut at 100; a sequence is listed, with ``or``
as its format by alternatives; a value that is itself a text by language gives the one of the sentence's language.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from string import Formatter
from typing import Any

from .answers import ANSWERS
from .commands import COMMANDS
from .queries import QUERIES
from .requests import REQUESTS
from .storage import STORAGE
from .structures import STRUCTURES

LANGUAGES = ("en", "fa")
"""The languages of every sentence; the first is that of ``str`` and of clients that ask for none of them."""

PARTS = (REQUESTS, QUERIES, STRUCTURES, ANSWERS, STORAGE, COMMANDS)
CATALOGUE: Mapping[str, tuple[str, str]] = {code: texts for part in PARTS for code, texts in part.items()}
"""Code -> templates, in the order of ``LANGUAGES``; both have the same placeholders."""

_LONGEST = 100


class _Wording(Formatter):
    def __init__(self, language: str, quotes: str, joints: Mapping[str, str], nothing: str) -> None:
        self._language, self._quotes, self._joints, self._nothing = language, quotes, joints, nothing

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        if conversion != "r":
            return super().convert_field(value, conversion)
        shown = repr(str(value)[:_LONGEST])
        return shown if not self._quotes else f"{self._quotes[0]}{shown[1:-1]}{self._quotes[1]}"

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Mapping):
            return self.format_field(value[self._language], format_spec)
        if isinstance(value, Collection) and not isinstance(value, str):
            return self._joints[format_spec].join(self.format_field(one, "") for one in value) or self._nothing
        return str(super().format_field(value, format_spec))


_WORDINGS = (
    _Wording("en", "", {"": ", ", "or": " or "}, "none"),
    _Wording("fa", "«»", {"": "، ", "or": " یا "}, "هیچ"),
)


def texts_of(code: str, **values: object) -> dict[str, str]:
    """The sentence of a code with its values, by language; ``KeyError`` for a code that is no entry."""
    return {
        language: wording.vformat(template, (), values)
        for language, wording, template in zip(LANGUAGES, _WORDINGS, CATALOGUE[code], strict=True)
    }
