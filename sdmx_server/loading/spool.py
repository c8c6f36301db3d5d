"""Checked frames wait on disk until everything is checked; keys are remembered by their hash only."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
import polars as pl

from ..batches import Action, Delta
from .levels import ROW, Parts
from .problems import SHOWN, Findings

Key = tuple[str, ...]


class _Table(msgspec.Struct, frozen=True, kw_only=True):
    """A frame on disk: numbered texts as their numbers alone, whose types an empty frame keeps."""

    path: Path
    empty: pl.DataFrame

    def read(self) -> pl.DataFrame:
        frame = pl.read_ipc(self.path)
        coded = [c for c in self.empty.iter_columns() if isinstance(c.dtype, pl.Categorical)]
        return frame.with_columns(pl.col(c.name).cat.to(c.dtype) for c in coded)


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    action: Action
    file: str
    observations: _Table | None
    groups: Mapping[Key, _Table]


class Spool:
    """Parts in the order of arrival, as Arrow files in a temporary folder."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="sdmx-load-", dir=folder))
        self._entries: list[_Entry] = []
        self._hashes: list[np.ndarray[tuple[int], np.dtype[np.uint64]]] = []
        self._owner: list[int] = []  # entry of each array of hashes
        self._groups: dict[Key, list[tuple[int, np.ndarray[tuple[int], np.dtype[np.uint64]]]]] = {}
        self.observations = 0

    def add(self, action: Action, parts: Parts, dimensions: Sequence[str], file: str) -> None:
        """Keep some parts; the keys of merged and replaced observations are remembered."""
        number = len(self._entries)
        observations = None
        if parts.observations is not None:
            observations = self._write(f"{number}.arrow", parts.observations)
            self.observations += len(parts.observations)
            if action is not Action.DELETE:
                self._hashes.append(_hashes(parts.observations, dimensions))
                self._owner.append(number)
        groups = {}
        for index, (key, table) in enumerate(parts.groups.items()):
            groups[key] = self._write(f"{number}-{index}.arrow", table)
            if action is not Action.DELETE:
                hashes = _hashes(table, key)
                self._groups.setdefault(key, []).append((number, hashes))
        self._entries.append(_Entry(action=action, file=file, observations=observations, groups=groups))

    def _write(self, name: str, frame: pl.DataFrame) -> _Table:
        path = self._folder / name
        frame.select(pl.all().to_physical()).write_ipc(path, compression="uncompressed")
        return _Table(path=path, empty=frame.clear())

    def check_duplicates(self, dimensions: Sequence[str], findings: Findings) -> None:
        """Finding duplicate-key. Equal hashes are only a suspicion: the keys themselves are compared then."""
        suspects = _repeated(self._hashes)
        if not len(suspects):
            return
        found: list[pl.DataFrame] = []
        for number, hashes in zip(self._owner, self._hashes, strict=True):
            entry = self._entries[number]
            hit = np.isin(hashes, suspects)
            if hit.any() and entry.observations is not None:
                frame = entry.observations.read().filter(hit)
                found.append(frame.select(*dimensions, ROW, pl.lit(entry.file).alias("#file")))
        together = pl.concat(found).with_row_index("#order")
        repeated = together.filter(pl.struct(dimensions).is_duplicated())
        again = repeated.with_columns(
            pl.col("#file").first().over(dimensions).alias("#first"),
            pl.col(ROW).first().over(dimensions).alias("#first-row"),
            pl.col("#order").min().over(dimensions).alias("#least"),
        ).filter(pl.col("#order") != pl.col("#least"))
        findings.more(len(again) - SHOWN)
        for row in again.head(SHOWN).rows(named=True):
            key = ".".join(row[d] or "" for d in dimensions)
            first = findings.place(row["#first"], row["#first-row"])
            findings.add("duplicate-key", file=row["#file"], row=row[ROW] or None, value=key, first=first)

    def check_groups(self, findings: Findings) -> None:
        """Finding group-conflict between parts; within one part it has been looked for already."""
        for key, arrays in self._groups.items():
            suspects = _repeated([hashes for _, hashes in arrays])
            if not len(suspects):
                continue
            found = []
            for number, hashes in arrays:
                hit = np.isin(hashes, suspects)
                if hit.any():
                    entry = self._entries[number]
                    frame = entry.groups[key].read().filter(hit)
                    found.append(frame.with_columns(pl.lit(entry.file).alias("#file")))
            _compare(pl.concat(found, how="diagonal"), key, findings)

    def deltas(self) -> Iterator[Delta]:
        """What has been kept, in the order of arrival."""
        for entry in self._entries:
            groups = {key: table.read().drop(ROW, strict=False) for key, table in entry.groups.items()}
            observations = None
            if entry.observations is not None:
                observations = entry.observations.read().drop(ROW, strict=False)
            yield Delta(action=entry.action, observations=observations, groups=groups)

    def close(self) -> None:
        """Remove the temporary files."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _hashes(frame: pl.DataFrame, key: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return frame.select(pl.col(key).to_physical()).hash_rows().to_numpy() if key else np.zeros(len(frame), np.uint64)


def _repeated(
    arrays: Sequence[np.ndarray[tuple[int], np.dtype[np.uint64]]],
) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    if not arrays:
        return np.zeros(0, np.uint64)
    hashes = np.sort(np.concatenate(arrays))
    return np.unique(hashes[1:][hashes[1:] == hashes[:-1]])


def _compare(table: pl.DataFrame, key: Key, findings: Findings) -> None:
    attributes = [c for c in table.columns if c not in (*key, ROW, "#file") and not c.endswith("?")]
    by: list[str | pl.Expr] = [*key] or [pl.lit(0).alias("#all")]
    for name in attributes:
        counts = table.group_by(by, maintain_order=True).agg(
            pl.col(name).drop_nulls().unique().alias("#values"), pl.col(ROW).last(), pl.col("#file").last()
        )
        for row in counts.filter(pl.col("#values").list.len() > 1).rows(named=True):
            where = ".".join(row[d] or "" for d in key) or "*"
            values = ", ".join(sorted(map(str, row["#values"]))[:5])
            place = {"file": row["#file"], "row": row[ROW] or None}
            findings.add("group-conflict", **place, column=name, value=where, key=where, values=values)
