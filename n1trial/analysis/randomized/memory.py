"""A memory of arrays that depend on which days of diaries are written, and on no score."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import blake2b
from threading import Lock

import numpy as np

from n1trial.arrays import Flags, Floats


class DayMemory:
    """Arrays by written days, up to a size; what was asked for longest ago goes first. Threads may share one.

    Parameters
    ----------
    most_bytes : int
        Size of all arrays at most.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes, self._bytes = most_bytes, 0
        self._held: OrderedDict[bytes, tuple[Floats, ...]] = OrderedDict()
        self._lock = Lock()

    def get(self, is_written: Flags) -> tuple[Floats, ...] | None:
        """Return what was kept for written days, shape (day, replicate); None where nothing was."""
        key = _key(is_written)
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def keep(self, is_written: Flags, arrays: tuple[Floats, ...]) -> None:
        """Keep arrays for written days, and forget others where there is no room."""
        key, size = _key(is_written), _size(arrays)
        with self._lock:
            if size > self._most_bytes or key in self._held:
                return
            self._held[key] = arrays
            self._bytes += size
            while self._bytes > self._most_bytes:
                self._bytes -= _size(self._held.popitem(last=False)[1])


def _size(arrays: tuple[Floats, ...]) -> int:
    return sum(array.nbytes for array in arrays)


def _key(is_written: Flags) -> bytes:
    return blake2b(np.packbits(is_written).tobytes() + str(is_written.shape).encode(), digest_size=16).digest()
