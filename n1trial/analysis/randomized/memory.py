"""What follows from the written days of diaries alone, remembered for the next ones with the same written days."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import blake2b

import numpy as np

from n1trial.arrays import Flags, Floats


class DayMemory:
    """Arrays by written days, up to a size; what was asked for longest ago goes first.

    Parameters
    ----------
    most_bytes : int
        Size of all arrays at most.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes, self._bytes = most_bytes, 0
        self._held: OrderedDict[bytes, tuple[Floats, ...]] = OrderedDict()

    def get(self, is_written: Flags) -> tuple[Floats, ...] | None:
        """Return what was kept for written days, shape (day, replicate); None where nothing was."""
        key = _key(is_written)
        if key in self._held:
            self._held.move_to_end(key)
        return self._held.get(key)

    def keep(self, is_written: Flags, arrays: tuple[Floats, ...]) -> None:
        """Keep arrays for written days, and forget others where there is no room."""
        size = sum(array.nbytes for array in arrays)
        if size > self._most_bytes:
            return
        self._held[_key(is_written)] = arrays
        self._bytes += size
        while self._bytes > self._most_bytes:
            _, oldest = self._held.popitem(last=False)
            self._bytes -= sum(array.nbytes for array in oldest)


def _key(is_written: Flags) -> bytes:
    return blake2b(np.packbits(is_written).tobytes() + str(is_written.shape).encode(), digest_size=16).digest()
