"""Choosing a language: which of the texts that exist answers best to the languages that a client wants.

Lookup of RFC 4647, section 3.4, as SDMX-JSON prescribes it for its single texts, and a little more forgiving: a wanted
``fa-IR`` takes ``fa``, and a wanted ``fa`` takes ``fa-IR``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

DEFAULT_LANGUAGE = "en"
"""What a text without a language tag is in, and what is tried when no wanted language is there."""


def best_language(texts: Mapping[str, str], languages: Sequence[str] = ()) -> str | None:
    """The tag in ``texts`` that answers best to ``languages`` (best first; ``*`` is any), else English, else the first.

    None when there is no text at all.
    """
    by_tag = {tag.lower(): tag for tag in reversed(list(texts))}
    for wanted in languages:
        if wanted == "*":
            break
        found = _match(by_tag, wanted.lower())
        if found is not None:
            return found
    return _match(by_tag, DEFAULT_LANGUAGE) or next(iter(texts), None)


def best_text(texts: Mapping[str, str], languages: Sequence[str] = ()) -> str | None:
    """The text in the best language; see ``best_language``."""
    tag = best_language(texts, languages)
    return None if tag is None else texts[tag]


def _match(by_tag: Mapping[str, str], wanted: str) -> str | None:
    """The same tag, else a shorter one that it begins with, else a longer one that begins with it."""
    parts = wanted.split("-")
    for length in range(len(parts), 0, -1):
        shorter = by_tag.get("-".join(parts[:length]))
        if shorter is not None:
            return shorter
    return next((tag for low, tag in sorted(by_tag.items()) if low.startswith(wanted + "-")), None)
