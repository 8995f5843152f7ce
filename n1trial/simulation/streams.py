"""Named streams of random numbers: one a quantity, so that changing one leaves the draws of all others alone."""

from __future__ import annotations

from collections.abc import Callable
from zlib import crc32

import numpy as np

from n1trial.arrays import Floats


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
        key = (crc32(name.encode()), self._batch)
        return np.random.Generator(np.random.SFC64(np.random.SeedSequence(self._seed, spawn_key=key)))

    def uniform(self, name: str) -> Callable[[], Floats]:
        """Return a function that draws a row of numbers uniform over [0, 1), into the same array each time."""
        return self._rows(name, self.generator(name).random)

    def normal(self, name: str) -> Callable[[], Floats]:
        """Return a function that draws a row of standard normal numbers, into the same array each time."""
        return self._rows(name, self.generator(name).standard_normal)

    def _rows(self, name: str, fill: Callable[..., Floats]) -> Callable[[], Floats]:
        row = np.empty(self.width)
        given = row[: self.first]
        kept = self.drawn.setdefault(name, []) if self._record else None

        def draw() -> Floats:
            fill(out=row)
            if kept is not None:
                kept.append(given.copy())
            return given

        return draw
