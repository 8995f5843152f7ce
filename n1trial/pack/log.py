"""A log beside the key: what was opened or frozen, when and why; lines are added and never changed."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from n1trial.errors import RunError

REVEALS = "reveals.log"


def append(path: Path, what: str) -> str:
    """Add a line, and make sure that it is on the disk.

    Parameters
    ----------
    path : Path
        Of the log; made if it is not there.
    what : str
        On one line; line breaks become blanks.

    Returns
    -------
    str
        The line, with the time at which it was written.

    Raises
    ------
    RunError
        If it cannot be written.
    """
    line = f"{datetime.now().astimezone().isoformat(timespec='seconds')}  {' '.join(what.split())}"
    try:
        with path.open("a", encoding="utf-8") as log:
            log.write(line + "\n")
            log.flush()
            os.fsync(log.fileno())
    except OSError as error:
        raise RunError(f"{path}: cannot be written ({error.strerror}), and so nothing is shown") from error
    return line
