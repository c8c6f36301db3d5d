"""What products write that the standard does not have although its meaning is clear: mended, and remarked upon.

A message is read as it is first; only one that is refused is looked at here: its older keys, then what the schema
finds, finding by finding, and only at that place. It may also fit another version than the one that it names:
registries in wide use call SDMX-JSON 2.0 by the schema of 1.0. Nothing that the model has a place for is left out
without a remark.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from ...errors import Problem, Refused
from .engine import V10, V20, Json, Place, says_nothing
from .older_keys import modern
from .problems import problem
from .validation import findings, plain, problems_of

T = TypeVar("T")

_ROUNDS = 20
"""How often a message is judged again: a mended place may show what stands below it."""
_AT_ONCE = 50_000
"""Places that are mended before it is judged again: what a product writes amiss may stand at every code of a list."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?)?")
_TWO_PARTS = re.compile(r"\d+\.\d+")
_HEAD = {"id": "unnamed", "test": False, "prepared": "1970-01-01T00:00:00Z", "sender": {"id": "unknown"}}
"""What stands for the members that the head of a message has to have; of these nothing is stored."""
_REPRESENTATIONS = ("localRepresentation", "coreRepresentation")


class Attempt(NamedTuple):
    """A message as it may be read: its version, what had to be mended, and what the schema still finds."""

    message: Json
    version: str
    remarks: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()


class _Trial:
    """A message as it is read, the same as the schema sees it, and the remarks about it."""

    def __init__(self, message: Json, version: str, file: str) -> None:
        self.read, self.judged = copy.deepcopy(message), plain(message)
        self.version, self.file = version, file
        self.remarks: list[Problem] = []

    def at(self, path: list[Any]) -> tuple[Any, Any]:
        """The value at a path, in both."""
        read, judged = self.read, self.judged
        for key in path:
            read, judged = read[key], judged[key]
        return read, judged

    def remark(self, code: str, path: list[Any], value: object = None, **words: Any) -> None:
        """Note what was not as it should be."""
        place = Place()
        for key in path:
            place = place / key
        self.remarks.append(problem(code, self.file, path=str(place) or "/", value=value, **words))

    def renew(self) -> None:
        """Call older keys by their new names."""
        names: dict[str, str] = {}
        self.read = modern(self.read, names.setdefault)
        self.judged = plain(self.read)
        for key, name in names.items():
            if name:
                self.remark("json.lenient.name", [], key=key, name=name)

    def drop(self, path: list[Any]) -> None:
        """Take away what stands at a path, in both."""
        for holder in self.at(path[:-1]):
            del holder[path[-1]]


def attempts(message: Json, version: str, file: str, kind: str = "structure") -> Iterator[Attempt]:
    """Ways to read a message, the plainest first: as it is, mended, as 2.0 if it names 1.0 and does not fit that."""
    found = findings(message, version, kind)
    yield Attempt(message, version, problems=tuple(problems_of(found, file)))
    mended = _attempt(message, version, file, kind)
    yield mended
    if version == V10 and mended.problems:
        other = _attempt(message, V20, file, kind)
        named = problem("json.lenient.version", file, path="/", said=V10, found=V20)
        yield other._replace(remarks=(named, *other.remarks))


def _attempt(message: Json, version: str, file: str, kind: str) -> Attempt:
    trial = _Trial(message, version, file)
    if version != V10:
        trial.renew()
    left = _mend(trial, kind)
    return Attempt(trial.read, version, tuple(trial.remarks), tuple(problems_of(left, file)))


def read_at_best(tries: Iterable[Attempt], read: Callable[[Attempt], tuple[T, list[Problem]]]) -> T:
    """What the first attempt gives that is read without a finding; raises ``Refused`` with those of the nearest."""
    refusals: list[Sequence[Problem]] = []
    for attempt in tries:
        problems: Sequence[Problem] = attempt.problems
        if not problems:
            found, problems = read(attempt)
            if not problems:
                return found
        refusals.append(problems)
    raise Refused(min(refusals, key=len))


def _mend(trial: _Trial, kind: str) -> list[Any]:
    """Mend what can be; returns the findings that are left."""
    left: list[Any] = []
    for _ in range(_ROUNDS):
        left = findings(trial.judged, trial.version, kind, _AT_ONCE)
        mended = [error for error in _deepest_first(left) if _mended(trial, error)]
        if not mended:
            break
    return left


def _deepest_first(errors: list[Any]) -> list[Any]:
    """From the end of lists backwards, so that what is taken away moves nothing that is still to be looked at."""
    return sorted(errors, key=lambda error: [str(key).rjust(9) for key in error.instance_path], reverse=True)


def _mended(trial: _Trial, error: Any) -> bool:
    path = list(error.instance_path)
    try:
        return any(rule(trial, path, error) for rule in _RULES.get(error.kind.name, ()))
    except (KeyError, IndexError, TypeError):  # another finding has taken this place away
        return False


def _head(trial: _Trial, path: list[Any], error: Any) -> bool:
    """A member that the head lacks."""
    name = error.kind.property
    if path != ["meta"] or name not in _HEAD:
        return False
    for meta in trial.at(path):
        meta[name] = copy.deepcopy(_HEAD[name])
    trial.remark("json.lenient.head", path, key=name)
    return True


def _head_links(trial: _Trial, path: list[Any], _error: Any) -> bool:
    """Links of the head are not read at all."""
    if path[:2] != ["meta", "links"]:
        return False
    trial.drop(["meta", "links"])
    return True


def _relation(trial: _Trial, path: list[Any], error: Any) -> bool:
    """A link that does not say what it is for."""
    if path[-2:-1] != ["links"] or error.kind.property != "rel":
        return False
    for link in trial.at(path):
        link["rel"] = "related"
    trial.remark("json.lenient.rel", path)
    return True


def _link_urn(trial: _Trial, path: list[Any], error: Any) -> bool:
    """A URN that is not one of SDMX: the link keeps its address, and goes when it has none."""
    if path[-3:-2] != ["links"] or path[-1] != "urn":
        return False
    link, _ = trial.at(path[:-1])
    trial.drop(path if "href" in link else path[:-1])
    trial.remark("json.lenient.link", path, value=error.instance)
    return True


def _moment(trial: _Trial, path: list[Any], error: Any) -> bool:
    """A moment without offset, which SDMX-ML allows: it stays so where writers add one, not in facets."""
    value = error.instance
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return False
    read, judged = trial.at(path[:-1])
    judged[path[-1]] = (value if "T" in value else f"{value}T00:00:00") + "Z"
    if error.kind.name == "pattern":
        read[path[-1]] = judged[path[-1]]
    trial.remark("json.lenient.moment", path, value=value)
    return True


def _of_set(trial: _Trial, path: list[Any], error: Any) -> bool:
    """The version of a metadata set, which has three parts."""
    if path[-1] != "version" or "metadataSets" not in path or not _TWO_PARTS.fullmatch(str(error.instance)):
        return False
    for holder in trial.at(path[:-1]):
        holder["version"] = f"{error.instance}.0"
    trial.remark("json.lenient.set-version", path, value=error.instance)
    return True


def _uncoded(trial: _Trial, path: list[Any], error: Any) -> bool:
    """The format of codes where there is no codelist: it is the format of values."""
    held, _ = trial.at(path)
    if path[-1] not in _REPRESENTATIONS or error.kind.property != "enumeration" or "format" in held:
        return False
    for one in trial.at(path):
        one["format"] = one.pop("enumerationFormat")
    trial.remark("json.lenient.name", path, key="enumerationFormat", name="format")
    return True


def _empty(trial: _Trial, path: list[Any], error: Any) -> bool:
    """An empty list means the same as none, but for what makes a group."""
    if error.instance != [] or not isinstance(path[-1], str) or path[-1] == "groupDimensions":
        return False
    trial.drop(path)
    return True


def _unknown(trial: _Trial, path: list[Any], error: Any) -> bool:
    """Keys that are not defined: those that say nothing, and links."""
    changed = False
    for key in error.kind.unexpected:
        read, _ = trial.at(path)
        if says_nothing(key, read[key]):
            trial.drop([*path, key])
        elif key == "links":
            trial.remark("json.lenient.links", path, value=", ".join(_targets(read[key])))
            trial.drop([*path, key])
        else:
            continue
        changed = True
    return changed


def _targets(links: Any) -> list[str]:
    """Where links lead to."""
    return [str(link.get("urn") or link.get("href") or link.get("uri")) for link in links if isinstance(link, dict)]


_Rule = Callable[[_Trial, list[Any], Any], bool]
_RULES: dict[str, tuple[_Rule, ...]] = {
    "required": (_head, _head_links, _relation, _uncoded),
    "pattern": (_head_links, _link_urn, _of_set, _moment),
    "format": (_moment,),
    "minItems": (_empty,),
    "additionalProperties": (_unknown,),
    "unevaluatedProperties": (_unknown,),
}
"""What is tried, by the keyword of the schema that a place breaks."""
