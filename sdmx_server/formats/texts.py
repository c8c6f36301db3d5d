"""Choosing a language: which of the texts that exist answers best to the languages that a client wants.

Lookup of RFC 4647, section 3.4, as SDMX-JSON prescribes it for its single texts, and a little more forgiving: a wanted
``fa-IR`` takes ``fa``, and a wanted ``fa`` takes ``fa-IR``.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

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


def tried(there: Iterable[str], languages: Sequence[str]) -> tuple[str, ...]:
    """The languages that ``best_language`` tries, alike for clients that say the same in other words.

    ``there`` are languages that texts are in: ``fa-IR, en-US;q=0.5`` is ``fa``, since English is tried at last in any
    case. What is not there is kept, for a text of the data may be in it. Empty when any language would do.
    """
    by_tag = {tag.lower(): tag for tag in sorted(there, reverse=True)}
    wanted = itertools.takewhile(lambda language: language != "*", languages)
    found = tuple(dict.fromkeys(_match(by_tag, tag) or tag for tag in map(str.lower, wanted)))
    return found[:-1] if len(found) > 1 and found[-1] == DEFAULT_LANGUAGE else found


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
