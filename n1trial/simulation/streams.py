"""Named streams of random numbers: one a quantity, so that changing one leaves the draws of all others alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import count
from threading import Lock
from zlib import crc32

import numpy as np

from n1trial.arrays import Floats

Draw = Callable[[], Floats]

FEW = 200
"""So few numbers of a row are remembered: cells of one run have the same, and drawing whole rows is half their work."""
REMEMBERED = 64
"""Streams remembered, those used last: some 40 MB at most for a trial of a year."""


class Streams:
    """The random numbers of one batch.

    Parameters
    ----------
    seed : int
        Seed of the whole simulation, 0 or more.
    batch : int
        Which batch of replicates, from 0.
    width : int
        Replicates in a batch: numbers that are drawn at once.
    first : int, optional
        How many of them are given out, the first; all by default. These are the same however many they are.
    record : bool
        Whether every row given out is kept in `drawn`.

    Attributes
    ----------
    drawn : dict of str to list of ndarray
        Rows in the order drawn, by stream; empty unless recorded.
    """

    def __init__(self, seed: int, batch: int, width: int, *, first: int | None = None, record: bool = False) -> None:
        self.width, self.first = width, width if first is None else first
        self.drawn: dict[str, list[Floats]] = {}
        self._seed, self._batch, self._record = seed, batch, record

    def generator(self, name: str) -> np.random.Generator:
        """Return the generator behind a stream, at its start."""
        return _generator(self._seed, self._batch, name)

    def uniform(self, name: str) -> Draw:
        """Return a function that draws a row of numbers uniform over [0, 1); it may overwrite the row before."""
        return self._rows(name, "random")

    def normal(self, name: str) -> Draw:
        """Return a function that draws a row of standard normal numbers; it may overwrite the row before."""
        return self._rows(name, "standard_normal")

    def _rows(self, name: str, law: str) -> Draw:
        if self.first > FEW:
            draw = _fresh(_generator(self._seed, self._batch, name), law, self.width, self.first)
        else:
            draw = iter(_stream(self._seed, self._batch, name, law, self.width, self.first)).__next__
        return _with_record(draw, self.drawn.setdefault(name, [])) if self._record else draw


def _generator(seed: int, batch: int, name: str) -> np.random.Generator:
    key = (crc32(name.encode()), batch)
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=key)))


def _fresh(generator: np.random.Generator, law: str, width: int, first: int) -> Draw:
    """Draw rows into the same array each time, of which the first numbers are given out."""
    fill, row = getattr(generator, law), np.empty(width)
    given = row[:first]

    def draw() -> Floats:
        fill(out=row)
        return given

    return draw


def _with_record(draw: Draw, record: list[Floats]) -> Draw:
    def draw_and_record() -> Floats:
        given = draw()
        record.append(given.copy())
        return given

    return draw_and_record


class _Stream:
    """The first numbers of the rows of a stream, drawn as they are asked for; nobody may change them."""

    def __init__(self, draw: Draw) -> None:
        self._draw, self._rows, self._lock = draw, list[Floats](), Lock()

    def __iter__(self) -> Iterator[Floats]:
        for index in count():
            if index == len(self._rows):
                self._draw_up_to(index)
            yield self._rows[index]

    def _draw_up_to(self, index: int) -> None:
        with self._lock:  # another thread may have drawn this row meanwhile
            if index == len(self._rows):
                row = self._draw().copy()
                row.flags.writeable = False
                self._rows.append(row)


@lru_cache(maxsize=REMEMBERED)
def _stream(seed: int, batch: int, name: str, law: str, width: int, first: int) -> _Stream:
    return _Stream(_fresh(_generator(seed, batch, name), law, width, first))
