"""Which code made a figure: results that are kept are used again only by the very same."""

from __future__ import annotations

import sys
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from n1trial import __version__

PACKAGE = Path(__file__).parents[1]
PARTS = (
    "exposure.py", "formulas", "design", "diary", "analysis", "scenario", "patient", "simulation", "evaluation",
    "study/measure.py", "study/record.py",
)  # fmt: skip
"""Modules and rooms that a batch's figures come from."""
LIBRARIES = ("numpy", "scipy", "simpy")
"""What decides on the last digits, and on the order of events, besides."""


@cache
def engine() -> str:
    """Version of what simulates and analyzes: of the package, and a digest of its code and of what it computes with.

    Returns
    -------
    str
        As in ``0.1.0+3f0c5a9d2b1e``. Another text where any module that figures come from reads otherwise, or Python
        (but for its last number), NumPy, SciPy or SimPy is another one.
    """
    digest = sha256()
    for path in sources():
        digest.update(f"{path.relative_to(PACKAGE).as_posix()}\n".encode())
        digest.update("\n".join(path.read_text(encoding="utf-8").splitlines()).encode())
    digest.update(f"Python {sys.version_info.major}.{sys.version_info.minor}".encode())
    for library in LIBRARIES:
        digest.update(f"{library} {version(library)}".encode())
    return f"{__version__}+{digest.hexdigest()[:12]}"


def sources() -> list[Path]:
    """Files of the modules that figures come from, sorted."""
    parts = [PACKAGE / part for part in PARTS]
    return sorted(file for part in parts for file in ([part] if part.is_file() else part.rglob("*.py")))
