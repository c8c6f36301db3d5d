"""Content negotiation: format, languages and content coding (REST 2.2.2 ``content_negotiation.md``, ``extend.md``).

The formats that are offered come in as an argument, the default first; this module knows none. Headers are read
liberally, as RFC 9110 wants: what cannot be read counts as not said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol, TypeVar

from ..errors import BadQuery, NotAcceptable
from ..model.version import parse_version, parse_versions
from .parameters import NO_OVERRIDES, Overrides

_MAX_HEADER = 10_000
_ITEM = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+')
_PARAMETER = re.compile(r';\s*([A-Za-z0-9_.-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;"\s]*)')
_RANGE = re.compile(r"\s*([A-Za-z0-9!#$&^_.+-]+|\*)/([A-Za-z0-9!#$&^_.+-]+|\*)")
_LANGUAGE = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)")
_CODING = re.compile(r"\s*([A-Za-z0-9_-]+|\*)")
_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
_SPECIAL = ("q", "version")

CODINGS = ("zstd", "gzip", "br", "deflate", "identity")
"""Content codings that are offered, best first."""


class Offered(Protocol):
    """What negotiation needs to know of a format; ``formats.api.Format`` is one."""

    @property
    def media_type(self) -> str:
        """Without parameters, e.g. ``application/vnd.sdmx.data+csv``."""
        ...

    @property
    def version(self) -> str:
        """E.g. ``2.0.0``."""
        ...

    @property
    def family(self) -> tuple[str, ...]:
        """Values of ``?format=`` that mean it."""
        ...

    @property
    def generic(self) -> tuple[str, ...]:
        """Plain media types that mean it."""
        ...

    @property
    def parameters(self) -> Mapping[str, tuple[str, ...]]:
        """Media type parameters that it understands, with their allowed values, default first."""
        ...


F = TypeVar("F", bound=Offered)


class _Wish(NamedTuple):
    """One member of a header: what is wanted, with its parameters in lower case and its weight."""

    name: str
    parameters: Mapping[str, str]
    quality: float


def _wishes(header: str, pattern: re.Pattern[str]) -> list[_Wish]:
    wishes = []
    for item in _ITEM.findall(header[:_MAX_HEADER]):
        found = pattern.match(item)
        if found is None:
            continue
        parameters = {name.lower(): text.strip('"') for name, text in _PARAMETER.findall(item, found.end())}
        quality = parameters.get("q", "1")
        weight = float(quality) if _QUALITY.fullmatch(quality) else 1.0
        wishes.append(_Wish(found[0].strip().lower(), parameters, weight))
    return wishes


def _three_parts(version: str) -> str:
    """``3.0`` as ``3.0.0``; the extension of ``1.0.0-wd`` is dropped."""
    parts = version.split("-", 1)[0].split(".")
    return ".".join((*parts, "0", "0")[: max(3, len(parts))])


def _version_fits(offered: str, wanted: str) -> bool:
    """Whether a version of a format is one that is wanted: the same, or within a wildcard such as ``2.3+.1``.

    As ``2.1`` and ``2.1.0`` are the same, a wildcard may be written for either (``2.*``).
    """
    whole = _three_parts(offered)
    if whole == _three_parts(wanted):
        return True
    try:
        patterns = parse_versions(wanted).patterns
        versions = [parse_version(text) for text in (whole, whole.removesuffix(".0"))]
    except (BadQuery, ValueError):
        return False
    return any(pattern.matches(version) for pattern in patterns for version in versions)


def _specificity(offered: Offered, wish: _Wish) -> int:
    """How closely the wish names the format, from 1; 0 when it does not."""
    family, _, kind = wish.name.partition("/")
    if kind == "*":
        own = any(name.startswith(f"{family}/") for name in (offered.media_type, *offered.generic))
        return 1 if family == "*" else 2 * own
    if wish.name in offered.generic:
        return 3
    if wish.name != offered.media_type.lower():
        return 0
    version = wish.parameters.get("version")
    if version is not None and not _version_fits(offered.version, version):
        return 0
    allowed = {name.lower(): [v.lower() for v in values] for name, values in offered.parameters.items()}
    known = {name: text for name, text in wish.parameters.items() if name in allowed and name not in _SPECIAL}
    if any(text.lower() not in allowed[name] for name, text in known.items()):
        return 0
    return 4 + (version is not None) + len(known)


def _chosen(offered: Offered, wish: _Wish | None) -> dict[str, str]:
    """The value of every parameter that the format understands: the one wished for, else the default."""
    named = wish is not None and wish.name in (offered.media_type.lower(), *offered.generic)
    given = wish.parameters if wish is not None and named else {}
    return {name: _spelt(given.get(name.lower(), values[0]), values) for name, values in offered.parameters.items()}


def _spelt(text: str, values: Sequence[str]) -> str:
    """The value as it is spelt where it is allowed, since clients write keywords in any case; else the default."""
    return next((value for value in values if value.lower() == text.lower()), values[0])


def _described(offered: Sequence[Offered]) -> list[str]:
    return [f"{one.media_type};version={one.version}" for one in offered]


def _not_acceptable(wanted: str, offered: Sequence[Offered]) -> NotAcceptable:
    return NotAcceptable("format-not-offered", wanted=wanted, offered=_described(offered))


def _overridden(offered: Sequence[F], overrides: Overrides) -> list[F]:
    """The formats that ``format`` and ``formatVersion`` leave; a version without a format is ignored."""
    if overrides.format is None:
        return list(offered)
    family = overrides.format.lower()
    version = overrides.format_version
    left = [one for one in offered if family in one.family and (version is None or _version_fits(one.version, version))]
    if not left:
        asked = f"format={overrides.format[:100]}" + (f"&formatVersion={version[:100]}" if version else "")
        raise _not_acceptable(asked, offered)
    return left


def negotiate(
    offered: Sequence[F], accept: str | None, overrides: Overrides = NO_OVERRIDES
) -> tuple[F, dict[str, str]]:
    """The format to answer in, and the value of each media type parameter that it understands.

    ``offered`` has the default first; ``accept`` is the Accept header. ``?format=`` wins over the header, which then
    only gives media type parameters. Of equally wanted formats the one named most closely wins, then the first offered.
    Raises ``NotAcceptable`` listing what is offered.
    """
    left = _overridden(offered, overrides)
    wishes = _wishes(accept or "", _RANGE)
    if overrides.format is not None or not wishes:
        exact = [wish for wish in wishes if _specificity(left[0], wish) >= 3]
        return left[0], _chosen(left[0], exact[0] if exact else None)
    best: tuple[float, int, int] | None = None
    answer: tuple[F, _Wish] | None = None
    for position, one in enumerate(left):
        level, first = max((_specificity(one, wish), -index) for index, wish in enumerate(wishes))
        wish = wishes[-first]
        score = (wish.quality, level, -position)
        if level and wish.quality > 0 and (best is None or score > best):
            best, answer = score, (one, wish)
    if answer is None:
        raise _not_acceptable(f"Accept: {(accept or '')[:200]}", offered)
    return answer[0], _chosen(*answer)


def languages(accept_language: str | None, overrides: Overrides = NO_OVERRIDES) -> tuple[str, ...]:
    """The languages wanted, best first, ``*`` = whatever is there; empty = all of them, also for ``*`` alone.

    Browsers' and Node's own clients send ``*`` where nobody chose anything.
    ``?lang=`` wins: then it is that one language (``all`` = empty), and the caller answers 406 when it is not there.
    Raises ``BadQuery`` when it is no language tag.
    """
    if overrides.lang is not None:
        if overrides.lang.lower() == "all":
            return ()
        if not _LANGUAGE.fullmatch(overrides.lang) or overrides.lang == "*":
            raise BadQuery("language-tag", text=overrides.lang)
        return (overrides.lang,)
    wishes = [wish for wish in _wishes(accept_language or "", _LANGUAGE) if wish.quality > 0]
    found = tuple(dict.fromkeys(wish.name for wish in sorted(wishes, key=lambda wish: -wish.quality)))
    return () if found == ("*",) else found


def coding(accept_encoding: str | None, overrides: Overrides = NO_OVERRIDES) -> str:
    """The content coding: ``zstd``, ``gzip`` or ``identity``.

    Of equally wanted ones the first of ``CODINGS``. ``?compression=`` wins. Raises ``NotAcceptable``.
    """
    if overrides.compression is not None:
        asked = overrides.compression.lower()
        if asked not in CODINGS:
            raise NotAcceptable("coding-not-offered", wanted=asked, offered=CODINGS)
        return asked
    weights = {wish.name.removeprefix("x-"): wish.quality for wish in _wishes(accept_encoding or "", _CODING)}
    others = weights.get("*")
    found = {name: weights.get(name, others if others is not None else 0.0) for name in CODINGS}
    if "identity" not in weights and others != 0.0:
        found["identity"] = 0.0001  # always acceptable unless it is refused, and the last choice
    best = max(CODINGS, key=lambda name: found[name])
    if found[best] <= 0:
        raise NotAcceptable("coding-none-left", wanted=accept_encoding or "", offered=CODINGS)
    return best
