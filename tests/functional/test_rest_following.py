"""Clients that follow the data from afar: what changes and history tell makes, applied, the data that are there."""

from __future__ import annotations

import pytest
from support.applied import from_csv, from_json, from_xml, numbers, plain
from support.asking import DATA_TYPES, ask
from support.live import bootstrapped, run
from support.revised import FLOW, NAME, Revised, load_changes

JSON, _, XML, _, CSV, _ = DATA_TYPES
CHOSEN = "/M.IR.U._T+SERV+CP06.N.B1395".replace("+", ".N.B1395,M.IR.U.")


@pytest.mark.parametrize("start", [0, 1])
def test_a_client_that_applies_the_changes_has_the_data(revised: Revised, start: int) -> None:
    now = numbers(from_csv(revised.rows(CHOSEN)))
    held = revised.rows(f"{CHOSEN}?asOf={revised.moments[start]}")
    asked = f"/data{FLOW}{CHOSEN}?updatedAfter={revised.moments[start]}"
    assert numbers(from_csv([*held, *revised.rows(f"{CHOSEN}?updatedAfter={revised.moments[start]}")])) == now
    changes = plain(from_csv(revised.rows(f"{CHOSEN}?updatedAfter={revised.moments[start]}")))
    assert plain(from_xml(ask(revised.base, asked, XML).content)) == changes
    assert plain(from_json(ask(revised.base, asked, JSON).json())) == changes


@pytest.mark.proves(
    "v2 data: includeHistory=true with updatedAfter",
)
def test_the_history_replays_every_state(revised: Revised) -> None:
    rows = revised.rows(f"{CHOSEN}?includeHistory=true")
    moments = sorted({r["VALID_FROM"] or r["VALID_TO"] for r in rows})
    assert len(moments) == 3
    shapes = {(r["ACTION"], bool(r["VALID_FROM"]), bool(r["VALID_TO"])) for r in rows}
    assert shapes == {("R", True, False), ("D", False, True)}
    for moment, then in zip(moments, revised.moments, strict=True):
        told = [r for r in rows if (r["VALID_FROM"] or r["VALID_TO"]) <= moment]
        assert numbers(from_csv(told)) == numbers(from_csv(revised.rows(f"{CHOSEN}?asOf={then}")))
    asked = f"/data{FLOW}{CHOSEN}?includeHistory=true"
    now = numbers(from_csv(revised.rows(CHOSEN)))
    assert numbers(from_xml(ask(revised.base, asked, XML).content)) == now
    assert numbers(from_json(ask(revised.base, asked, JSON).json())) == now
    later = revised.rows(f"{CHOSEN}?includeHistory=true&updatedAfter={revised.moments[0]}")
    assert later == [r for r in rows if (r["VALID_FROM"] or r["VALID_TO"]) > moments[0]]


def test_pages_of_what_changed_make_the_whole(revised: Revised) -> None:
    for query in (f"updatedAfter={revised.moments[0]}", "includeHistory=true"):
        asked = f"{CHOSEN}?{query}"
        whole = revised.rows(asked)
        pages = [revised.rows(f"{asked}&offset={place}&limit=100") for place in range(0, len(whole) + 100, 100)]
        assert [row for page in pages for row in page] == whole
        assert len([page for page in pages if page]) > 1
        latest = revised.rows(f"{asked}&sort=TIME_PERIOD:desc&limit=1")
        assert latest[0]["TIME_PERIOD"] >= "2018"


def test_a_second_server_is_kept_up_to_date_by_changes(
    revised: Revised, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("replica")
    env = bootstrapped(folder / "data")
    before = ask(revised.base, f"/data{FLOW}?asOf={revised.moments[0]}", CSV).text
    assert run("data", "export", NAME, env=env).stdout.split() == before.split()
    load_changes(folder, env, ask(revised.base, f"/data{FLOW}?updatedAfter={revised.moments[0]}", CSV).text)
    after = ask(revised.base, f"/data{FLOW}", CSV).text
    assert run("data", "export", NAME, env=env).stdout.split() == after.split()
