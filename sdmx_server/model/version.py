"""Versions of artefacts and the expressions that select among them (REST 2.2.2 ``querying_versions.md``).

A version is semantic (``1.2.0``, ``1.2.0-draft``) or legacy (``1``, ``1.0``, ``2.1``). Its text is never rewritten:
``1.0`` and ``1.0.0`` are two versions. Semantic versions are ordered by their numbers, a pre-release below its release
(Technical Notes, annex "Semantic Versioning"); of two texts with the same numbers the one with more parts is higher.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from functools import lru_cache

from ..errors import BadQuery, Malformed
from .common import Value

MAX_LENGTH = 500
"""Longest version expression that is read, in characters."""

_VERSION = re.compile(
    r"(?P<numbers>[0-9]{1,9}(?:\.[0-9]{1,9}){0,7})"
    r"(?:-(?P<extension>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
)
_PART = re.compile(r"(?P<number>0|[1-9][0-9]{0,8})?(?P<wildcard>[+~*])?")


class Version(Value, frozen=True, kw_only=True):
    """A version's parts. ``numbers`` has one to three members; legacy texts may have more. Ordered, see the module."""

    text: str
    numbers: tuple[int, ...]
    extension: str | None = None

    @property
    def semantic(self) -> bool:
        """Whether it has the three parts of a semantic version."""
        return len(self.numbers) == 3

    @property
    def stable(self) -> bool:
        """Whether it is a stable semantic version: ``x.y.z`` with x > 0 and without extension."""
        return self.semantic and self.extension is None and self.numbers[0] > 0

    @property
    def sort_key(self) -> tuple[object, ...]:
        """A key that sorts versions, oldest first."""
        numbers = (*self.numbers, 0, 0, 0)[: max(3, len(self.numbers))]
        if self.extension is None:
            return (numbers, 1, (), len(self.numbers), self.text)
        identifiers = tuple(
            (0, int(part), "") if part.isdecimal() else (1, 0, part) for part in self.extension.split(".")
        )
        return (numbers, 0, identifiers, len(self.numbers), self.text)

    def __lt__(self, other: Version) -> bool:
        return self.sort_key < other.sort_key

    def __str__(self) -> str:
        return self.text


def parse_version(text: str) -> Version:
    """Parse the version of an artefact; raises ``ValueError`` naming the text when it is none."""
    found = _VERSION.fullmatch(text) if len(text) <= MAX_LENGTH else None
    if found is None:
        raise Malformed("version-wrong", version=text)
    numbers = tuple(int(part) for part in found["numbers"].split("."))
    extension = found["extension"]
    if extension is not None and len(numbers) != 3:
        raise Malformed("version-extension", version=text)
    return Version(text=text, numbers=numbers, extension=extension)


class Wildcard(enum.Enum):
    """What a wildcard asks for."""

    STABLE = "+"
    LATEST = "~"
    ALL = "*"


class VersionPattern(Value, frozen=True, kw_only=True):
    """One alternative of a version expression.

    Without ``wildcard`` it is the exact text. Else ``numbers`` are the parts as written, a missing number being 0, and
    ``position`` is the index of the part that carries the wildcard: parts before it are equal, the others are at least
    these. No numbers at all: a bare ``+``, ``~`` or ``*``. ``or_draft``: where there is no version of the exact text,
    the latest of its pre-releases, which a message of SDMX 2.1 calls by that text.
    """

    text: str
    wildcard: Wildcard | None = None
    numbers: tuple[int, ...] = ()
    position: int = 0
    or_draft: bool = False

    def matches(self, version: Version) -> bool:
        """Whether the version fits the pattern, before the latest one is picked."""
        if self.wildcard is None:
            return version.text == self.text
        if self.wildcard is Wildcard.STABLE and not version.stable:
            return False
        if not self.numbers:
            return True
        return (
            len(version.numbers) == len(self.numbers)
            and version.numbers[: self.position] == self.numbers[: self.position]
            and version.numbers[self.position :] >= self.numbers[self.position :]
        )

    def select(self, versions: Iterable[Version]) -> list[Version]:
        """The matching versions, oldest first: all of them for ``*`` and for a text, else at most one."""
        candidates = list(versions)
        found = sorted(filter(self.matches, candidates))
        if not found and self.or_draft:
            return sorted(v for v in candidates if v.text.partition("-")[::2] == (self.text, v.extension))[-1:]
        return found[-1:] if self.wildcard in (Wildcard.STABLE, Wildcard.LATEST) else found


class VersionQuery(Value, frozen=True, kw_only=True):
    """A version expression: alternatives joined by commas."""

    patterns: tuple[VersionPattern, ...]

    def select(self, versions: Iterable[str]) -> list[str]:
        """Which of the versions of ONE artefact are asked for, oldest first. Raises ``ValueError`` for no version."""
        parsed = [parse_version(version) for version in versions]
        chosen = {version for pattern in self.patterns for version in pattern.select(parsed)}
        return [version.text for version in sorted(chosen)]

    def __str__(self) -> str:
        return ",".join(pattern.text for pattern in self.patterns)


def _parse_parts(text: str) -> list[re.Match[str]]:
    parts = []
    for part in text.split("."):
        found = _PART.fullmatch(part)
        if found is None or not part:
            raise BadQuery("version-form", version=text)
        parts.append(found)
    if len(parts) > 3:
        raise BadQuery("version-parts", version=text)
    return parts


def _check_form(text: str, parts: list[re.Match[str]], position: int) -> None:
    wildcard = Wildcard(parts[position]["wildcard"])
    full = parts[position]["number"] is None
    if len(parts) == 1 and not full:
        raise BadQuery("version-from", version=text, least=text[:-1])
    if full and any(part["number"] != "0" for part in parts[position + 1 :]):
        raise BadQuery("version-after-wildcard", version=text)
    if wildcard is not Wildcard.STABLE or text == "+":
        return
    if len(parts) != 3:
        raise BadQuery("version-stable-parts", version=text)
    if parts[0]["number"] == "0":
        raise BadQuery("version-stable-least", version=text)


def _parse_pattern(text: str) -> VersionPattern:
    if _VERSION.fullmatch(text):
        try:
            return VersionPattern(text=parse_version(text).text)
        except Malformed as error:
            raise BadQuery(error.code, **error.values) from error
    parts = _parse_parts(text)
    positions = [i for i, part in enumerate(parts) if part["wildcard"]]
    if len(positions) != 1:
        raise BadQuery("version-wildcards", version=text)
    position = positions[0]
    _check_form(text, parts, position)
    numbers = tuple(int(part["number"] or 0) for part in parts) if len(parts) > 1 else ()
    return VersionPattern(text=text, wildcard=Wildcard(parts[position]["wildcard"]), numbers=numbers, position=position)


@lru_cache(maxsize=256)
def parse_versions(text: str) -> VersionQuery:
    """Parse a version expression of a query; raises ``BadQuery`` naming the part that is not allowed and why."""
    if not text or len(text) > MAX_LENGTH:
        raise BadQuery("version-length", most=MAX_LENGTH)
    return VersionQuery(patterns=tuple(_parse_pattern(part) for part in text.split(",")))


def resolve_version(written: str, versions: Iterable[str]) -> str | None:
    """The stored version that a reference means, or None.

    A wildcard reference (``1.0+.0``) means the latest compatible stable version that is there (Technical Notes,
    "Dependency Management"); ``*`` means the latest of any kind. A reference that is no version expression means none.
    """
    candidates = list(versions)
    if written in candidates:
        return written
    try:
        found = parse_versions(written).select(candidates)
    except (BadQuery, ValueError):
        return None
    return found[-1] if found else None
