"""Two names of a file system exchanged in one step, so that neither is ever missing; where the system can do that."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

AT_FDCWD = -100
"""Linux: a path is relative to the folder that the process is in (fcntl.h)."""
RENAME_EXCHANGE = 2
"""Linux: flag of renameat2 (linux/fs.h)."""
RENAME_SWAP = 2
"""macOS: flag of renamex_np (sys/stdio.h)."""
UNABLE = frozenset(
    {errno.ENOSYS, errno.EINVAL, errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EXDEV}
)
"""How a kernel, a file system or a sandbox says that it does not do this; a plain renaming then says what is wrong."""

Call = Callable[[bytes, bytes], int]


def exchange(one: Path, other: Path) -> bool:
    """Exchange two files or folders of one file system in a single step.

    Parameters
    ----------
    one, other : Path
        Both exist.

    Returns
    -------
    bool
        Whether it was done; False where the system cannot, and nothing has changed then.

    Raises
    ------
    OSError
        If it fails for a reason that holds for any renaming.
    """
    call = _system_call()
    if call is None:
        return False
    sys.audit("os.rename", one, other, -1, -1)  # as Python's own renamings are announced
    if call(os.fsencode(one), os.fsencode(other)) == 0:
        return True
    number = ctypes.get_errno()
    if number in UNABLE:
        return False
    raise OSError(number, os.strerror(number), str(one), None, str(other))


@cache
def _system_call() -> Call | None:
    """Return the call of this system's C library; None where it has none."""
    try:
        if sys.platform == "linux":
            return _of_linux()
        return _of_macos() if sys.platform == "darwin" else None
    except (OSError, AttributeError):  # an older C library
        return None


def _of_linux() -> Call:
    function = ctypes.CDLL(None, use_errno=True).renameat2
    function.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    function.restype = ctypes.c_int
    return lambda one, other: int(function(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE))


def _of_macos() -> Call:
    function = ctypes.CDLL(None, use_errno=True).renamex_np
    function.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_uint)
    function.restype = ctypes.c_int
    return lambda one, other: int(function(one, other, RENAME_SWAP))
