"""What may stand between two values of a message that is plain, such as ``"/>⏎<Obs TIME_PERIOD="``.

A text that is one of these patterns is well-formed XML in any place where it fits: its names are legal and its prefix
is open, its tags are closed by the right names, and it has nothing but tags, attributes in double quotes and white
space. Whatever is not among them is for the XML parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from sdmx_server.formats.primary_measure import OBS_VALUE

from .columns import TYPES

OBS, SERIES = 1, 2
"""What an item is. An item begins with the tag of an observation or a series and ends where the next one begins."""

SAME, ODD = -1, -2
"""Instead of a state: the one before; none that is known."""

AT = "\n"
"""Stands for the dimension at the observation, which generic data need not name."""

_State = tuple[str, ...]
_Step = tuple[bool, str]

_STRUCTURE_SPECIFIC: tuple[_State, ...] = (("Series",), ("Obs",))
_GENERIC: tuple[_State, ...] = (
    ("Series", "SeriesKey", "Value"),
    ("Series", "Attributes", "Value"),
    ("Obs", "ObsDimension"),
    ("Obs", "ObsValue"),
    ("Obs", "ObsKey", "Value"),
    ("Obs", "Attributes", "Value"),
)
"""Elements around a value, from the item on."""

STATES = max(len(_STRUCTURE_SPECIFIC), len(_GENERIC))
_LONGEST = 1000
_NAMESPACES = "xmlns"

_S = r"[ \t\r\n]"
_NAME = r"[A-Za-z_][A-Za-z0-9_.-]*"
_TAG_NAME = rf"(?:{_NAME}:)?{_NAME}"
_IS = rf'{_S}*={_S}*"'
_NEXT = re.compile(rf'"{_S}+({_NAME}){_IS}')
_TAGS = re.compile(
    rf'"{_S}*(/?)>((?:{_S}*</?{_TAG_NAME}{_S}*>)*){_S}*<({_TAG_NAME}){_S}+(?:id="([A-Za-z0-9_@$.-]+)"{_S}+)?({_NAME}){_IS}'
)
_TAG = re.compile(rf"<(/?)({_TAG_NAME}){_S}*>")
_LINE = re.compile(r"\r\n|\r|\n")


class Pattern(msgspec.Struct, frozen=True, kw_only=True):
    """One text. ``fits[state]``: whether it may follow a value there; ``state`` is where the next value is.

    ``opens`` is the item that begins in it, at byte ``start`` and after ``start_line`` line ends; 0 = none. ``closes``:
    a series ends before that, at byte ``end`` and after ``end_line`` line ends. ``name`` is the component of the next
    value, ``names`` are the names as the XML parser knows them. ``marks``: bytes that no value of a plain message has.
    """

    text: str
    fits: tuple[bool, ...]
    state: int
    name: str
    names: tuple[str, ...]
    opens: int = 0
    closes: bool = False
    start: int = 0
    start_line: int = 0
    end: int = 0
    end_line: int = 0

    @property
    def lines(self) -> int:
        """Line ends, as the XML parser counts them."""
        return _lines(self.text)

    @property
    def marks(self) -> int:
        """Bytes below 32, and ``<``."""
        return sum(c < " " or c == "<" for c in self.text)


class Grammar:
    """The patterns of generic or of structure-specific data, while the same prefixes of namespaces are open.

    ``namespaces`` are the open prefixes, the empty one for names without, with what they stand for.
    """

    def __init__(self, namespaces: dict[str, str], *, generic: bool) -> None:
        self._generic = generic
        self._states = _GENERIC if generic else _STRUCTURE_SPECIFIC
        self._outer = {state[:depth] for state in self._states for depth in range(1, len(state))}
        self._namespaces = namespaces
        self._prefix: str | None = None

    def pattern(self, text: str) -> Pattern | None:
        """The pattern that a text is; None when it is none. It begins and ends with a quotation mark."""
        if len(text) > _LONGEST:
            return None
        found = None if self._generic else _NEXT.fullmatch(text)
        if found is not None:
            return self._following(text, found[1])
        found = _TAGS.fullmatch(text)
        return None if found is None else self._tags(text, found)

    def _following(self, text: str, name: str) -> Pattern | None:
        if name in TYPES or name == _NAMESPACES:
            return None
        return Pattern(text=text, fits=(True,) * len(self._states), state=SAME, name=name, names=(name,))

    def _tags(self, text: str, found: re.Match[str]) -> Pattern | None:
        tags = [*_TAG.finditer(found[2])]
        elements = [tag[2] for tag in tags] + [found[3]]
        prefixes = {name.rpartition(":")[0] for name in elements}
        prefix = prefixes.pop()
        local = [name.rpartition(":")[2] for name in elements]
        component = self._component(local[-1], found[4], found[5])
        if prefixes or component is None or not self._is_open(prefix):
            return None
        ends = [tag[1] == "/" for tag in tags] + [False]
        steps = list(zip(ends, local, strict=True))
        ways = {s: way for s in self._states if (way := self._walk(s, found[1] == "/", steps)) is not None}
        same = all(s == way[0] for s, way in ways.items())
        if not ways or (not same and len(set(ways.values())) > 1):
            return None
        state, opens, closes = next(iter(ways.values()))
        begin = found.start(2)
        attributes = ("id", found[5]) if found[4] else (found[5],)
        places = [begin + tag.start() for tag in tags] + [found.start(3) - 1]
        start, end = self._places(steps, places)
        return Pattern(
            text=text,
            fits=tuple(s in ways for s in self._states),
            state=SAME if same and not opens else self._states.index(state),
            name=component,
            names=(*self._expanded(prefix, local), *attributes),
            opens=opens,
            closes=closes,
            start=start,
            start_line=_lines(text[:start]),
            end=end,
            end_line=_lines(text[:end]),
        )

    def _component(self, element: str, given: str | None, attribute: str) -> str | None:
        """What an attribute of an element is the value of; ``given`` is the id that stands before it."""
        if not self._generic:
            return None if given is not None or attribute in TYPES or attribute == _NAMESPACES else attribute
        if attribute != "value":
            return None
        if element == "Value":
            return given
        if element == "ObsDimension":
            return given or AT
        return OBS_VALUE if element == "ObsValue" and given is None else None

    def _is_open(self, prefix: str) -> bool:
        """Whether names may have a prefix: it is open, and the one that all items have."""
        if prefix and prefix not in self._namespaces:
            return False
        if self._prefix is None:
            self._prefix = prefix
        return prefix == self._prefix

    def _expanded(self, prefix: str, local: Iterable[str]) -> list[str]:
        uri = self._namespaces.get(prefix, "")
        return [f"{uri} {name}" if uri else name for name in local]

    def _walk(self, state: _State, empty: bool, steps: list[_Step]) -> tuple[_State, int, bool] | None:
        """The state after the tags, the item that begins and whether a series ends; None when they cannot follow.

        That an observation stands in a series is not part of a state: who goes from item to item knows.
        """
        around, head = list(state[: -1 if empty else None]), state[0] == "Series"
        opens, closes = 0, False
        for number, (end, name) in enumerate(steps, 1):
            if end and around:
                if around.pop() != name:
                    return None
            elif end:
                if name != "Series" or head or opens or closes:
                    return None
                closes = True
            elif not around or (around == ["Series"] and name == "Obs"):
                expected = "Series" if closes else "Obs"
                if opens or name != expected or (head and not around):
                    return None
                around, head, opens = [name], closes, SERIES if closes else OBS
            else:
                around.append(name)
                if number < len(steps) and tuple(around) not in self._outer:
                    return None
        return (tuple(around), opens, closes) if tuple(around) in self._states else None

    @staticmethod
    def _places(steps: list[_Step], places: list[int]) -> tuple[int, int]:
        """Where an item begins, and where a series ends before it."""
        start = next((p for (end, n), p in zip(steps, places, strict=True) if not end and n in ("Obs", "Series")), 0)
        return start, next((p for (end, n), p in zip(steps, places, strict=True) if end and n == "Series"), 0)


def _lines(text: str) -> int:
    return len(_LINE.findall(text))
