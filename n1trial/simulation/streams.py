"""Named streams of random numbers: one a quantity, so that changing one leaves the draws of all others alone."""

from __future__ import annotations

from collections.abc import Callable
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Row = NDArray[np.float64]


class Streams:
    """The random numbers of one batch.

    Parameters
    ----------
    seed : int
        Seed of the whole simulation, 0 or more.
    batch : int
        Which batch of replicates, from 0.
    width : int
        Replicates in a batch.
    keep : bool
        Whether every row drawn is kept in `drawn`.

    Attributes
    ----------
    drawn : dict of str to list of ndarray
        Rows in the order drawn, by stream; empty unless kept.
    """

    def __init__(self, seed: int, batch: int, width: int, *, keep: bool = False) -> None:
        self.width = width
        self.drawn: dict[str, list[Row]] = {}
        self._seed, self._batch, self._keep = seed, batch, keep

    def generator(self, name: str) -> np.random.Generator:
        """Return the generator behind a stream, at its start."""
        key = (crc32(name.encode()), self._batch)
        return np.random.Generator(np.random.SFC64(np.random.SeedSequence(self._seed, spawn_key=key)))

    def uniform(self, name: str) -> Callable[[], Row]:
        """Return a function that draws a full row of numbers uniform over [0, 1), into the same array each time."""
        return self._rows(name, self.generator(name).random)

    def normal(self, name: str) -> Callable[[], Row]:
        """Return a function that draws a full row of standard normal numbers, into the same array each time."""
        return self._rows(name, self.generator(name).standard_normal)

    def _rows(self, name: str, fill: Callable[..., Row]) -> Callable[[], Row]:
        row = np.empty(self.width)
        if not self._keep:
            return lambda: fill(out=row)
        kept = self.drawn.setdefault(name, [])

        def draw() -> Row:
            kept.append(fill(out=row).copy())
            return row

        return draw
