"""``history prune`` as an office has it: by command, on a server that answers meanwhile, and what clients see of it."""

from __future__ import annotations

import csv
import io
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from lxml import etree
from support.asking import ask, refusal
from support.live import environment, run, serving

FLOW = "SCI:CPI(1.0.0)"
DATA = "/data/dataflow/SCI/CPI/1.0.0/M.IR.U._T.N.B1395"
AVAILABILITY = "/availability/dataflow/SCI/CPI/1.0.0/M.IR.U._T.N.B1395"
DATA_1_5 = "/data/CPI/M.IR.U._T.N.B1395"
CSV = "application/vnd.sdmx.data+csv;version=2.1.0"
JSON = "application/vnd.sdmx.data+json;version=2.1.0"
XML = "application/vnd.sdmx.data+xml;version=3.1.0"
XML21 = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"
HEAD = (
    "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,RESIDENCE,ITEM,TRANSFORMATION,BASE_PER,TIME_PERIOD,OBS_VALUE,"
    "UNIT_MEASURE,UNIT_MULT,OBS_STATUS\n"
)
VALUES = ("10.7", "10.8", "10.9")
PERIOD = "2002-03-21/P31D"


class Pruned(msgspec.Struct, frozen=True):
    """A server whose oldest state is that of the first of three revisions; the states as they were asked before.

    ``first`` lies between the first load of all and those revisions.
    """

    base: str
    env: dict[str, str]
    first: str
    moments: list[str]
    before: list[dict[str, str]]
    history: str
    told: list[str]


def shown(base: str, query: str) -> dict[str, str]:
    """The value of each period."""
    answer = ask(base, f"{DATA}{query}", CSV)
    assert answer.status_code == 200, answer.text
    return {row["TIME_PERIOD"]: row["OBS_VALUE"] for row in csv.DictReader(io.StringIO(answer.text))}


def moment(later: float = 0) -> str:
    """This moment, or one that many seconds later, cut to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + later))


def load(folder: Path, env: dict[str, str], value: str) -> None:
    """Revise one observation; loads lie more than a second apart."""
    time.sleep(1.1)
    file = folder / "revision.csv"
    row = f"dataflow,{FLOW},M,M,IR,U,_T,N,B1395,{PERIOD},{value},IX,0,A\n"
    file.write_text(HEAD + row, encoding="utf-8")
    run("data", "load", str(file), "--dataflow", FLOW, env=env)


@pytest.fixture(scope="module")
def pruned(products: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pruned]:
    """The products with three revisions of the consumer prices, pruned while the server answers."""
    folder = tmp_path_factory.mktemp("pruned")
    shutil.copytree(products["SDMX_DATA_DIR"], folder / "data")
    env = environment(folder / "data")
    time.sleep(1.1)
    first, moments = moment(), []
    for value in VALUES:
        load(folder, env, value)
        moments.append(moment(1))
    time.sleep(1.1)
    with serving(env) as base:
        before = [shown(base, f"?asOf={moment}") for moment in moments]
        history = ask(base, f"{DATA}?includeHistory=true", CSV).headers["ETag"]
        ages = ["--before", moments[1], "--dataflow", FLOW]
        dry = run("history", "prune", *ages, "--dry-run", env=env).stdout
        assert shown(base, f"?asOf={moments[0]}") == before[0]
        yield Pruned(base, env, first, moments, before, history, [dry, run("history", "prune", *ages, env=env).stdout])


def test_the_command_tells_what_it_did_and_before_what_it_would_do(pruned: Pruned) -> None:
    dry, done = pruned.told
    assert re.match(
        rf"{re.escape(FLOW)}: history of 2 loads would be pruned: 1 entries in \d+ blocks, [\d,]+ bytes", dry
    )
    assert done.startswith(dry.strip().replace("would be pruned", "pruned"))
    assert re.search(r"\n[\d,]+ bytes lie idle in the database's file; .*--compact", done)
    again = run("history", "prune", "--before", pruned.moments[1], env=pruned.env).stdout
    assert again.startswith("There is no history of states before 20")
    assert "all sound" in run("verify", env=pruned.env).stdout


def test_all_later_moments_stay_as_they_were(pruned: Pruned) -> None:
    assert [shown(pruned.base, f"?asOf={moment}") for moment in pruned.moments] == pruned.before
    assert [state[PERIOD] for state in pruned.before] == list(VALUES)
    assert shown(pruned.base, "") == pruned.before[2]
    assert shown(pruned.base, f"?updatedAfter={pruned.moments[0]}") == {PERIOD: VALUES[2]}
    assert ask(pruned.base, f"{DATA}?updatedAfter={pruned.moments[2]}", CSV).status_code == 204


@pytest.mark.parametrize("accept", [JSON, XML, CSV])
@pytest.mark.parametrize(
    "path",
    [
        f"{DATA}?asOf={{}}",
        f"{DATA}?updatedAfter={{}}",
        f"{DATA}?updatedAfter={{}}&includeHistory=true",
        f"{AVAILABILITY}?updatedAfter={{}}",
    ],
)
def test_an_earlier_moment_is_refused_and_the_earliest_one_named(pruned: Pruned, path: str, accept: str) -> None:
    kind = accept if path.startswith(DATA) else accept.replace(".data+", ".structure+").replace("csv", "json")
    refused = ask(pruned.base, path.format(pruned.first), kind)
    text = refusal(refused, 422)
    [named] = re.findall(r"the earliest moment that can be asked for is (\S+Z)\.", text)
    assert "SCI:CPI(1.0.0)" in text
    assert "150" in refused.text
    answer = ask(pruned.base, path.format(named), kind)
    assert answer.status_code == 200, answer.text


def test_rest_1_5_says_the_same_in_its_own_way(pruned: Pruned) -> None:
    refused = ask(pruned.base, f"{DATA_1_5}?updatedAfter={pruned.first}", XML21, api="v1")
    text = refusal(refused, 403)
    [named] = re.findall(r"the earliest moment that can be asked for is (\S+Z)\.", text)
    assert etree.fromstring(refused.content).find("{*}ErrorMessage").get("code") == "150"
    assert ask(pruned.base, f"{DATA_1_5}?updatedAfter={named}", XML21, api="v1").status_code == 200


def test_before_the_first_load_there_was_nothing_as_ever(pruned: Pruned) -> None:
    assert ask(pruned.base, f"{DATA}?asOf=2001-01-01T00:00:00Z", CSV).status_code == 204
    whole = shown(pruned.base, "?updatedAfter=2001-01-01T00:00:00Z")
    assert whole == shown(pruned.base, "")
    refusal(ask(pruned.base, f"{DATA}?updatedAfter=2001-01-01T00:00:00Z&includeHistory=true", JSON), 422)


def test_a_whole_history_begins_with_the_oldest_state_that_is_left(pruned: Pruned) -> None:
    answer = ask(pruned.base, f"{DATA}?includeHistory=true", CSV)
    assert answer.headers["ETag"] != pruned.history
    rows = [row for row in csv.DictReader(io.StringIO(answer.text)) if row["TIME_PERIOD"] == PERIOD]
    assert [row["OBS_VALUE"] for row in rows] == list(VALUES)
    assert ask(pruned.base, f"{DATA}?includeHistory=true&asOf=2001-01-01T00:00:00Z", CSV).status_code == 204


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        ((), "give either --older-than 400d or --before"),
        (("--older-than", "400d", "--before", "2025-01-01T00:00:00Z"), "give either"),
        (("--older-than", "a year"), "36h, 400d, 52w, 2y"),
        (("--older-than", "999999y"), "longer ago than there are dates"),
        (("--before", "2025"), "not a date and time such as"),
        (("--before", "2999-01-01T00:00:00Z"), "lies in the future"),
        (("--older-than", "1d", "--dataflow", "SCI:NOWHERE(1.0.0)"), "No data was loaded for the dataflow"),
        (("--older-than", "1d", "--dataflow", "CPI"), "write it as 'SCI:CPI(1.0.0)'"),
    ],
)
def test_a_wrong_age_is_explained_and_nothing_goes(pruned: Pruned, options: tuple[str, ...], wrong: str) -> None:
    done = run("history", "prune", *options, env=pruned.env, check=False)
    assert done.returncode == 1
    assert wrong in done.stderr
    assert "Traceback" not in done.stderr


def test_compacting_while_the_server_answers(pruned: Pruned) -> None:
    done = run("history", "prune", "--older-than", "400d", "--compact", env=pruned.env).stdout
    assert "\n0 bytes lie idle" in done
    assert shown(pruned.base, f"?asOf={pruned.moments[1]}") == pruned.before[1]
