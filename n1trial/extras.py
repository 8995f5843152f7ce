"""Commands that install an extra of n1trial, in the way in which n1trial is run."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

PACKAGE = "n1trial"
STARTERS = (PACKAGE, f"{PACKAGE}.exe", "__main__.py")
"""Names of the file that a process of ours was started with."""


def install_command(extra: str) -> str:
    """Compose the command line that installs an extra, or runs the present command with it.

    Parameters
    ----------
    extra : str
        Name of an extra in pyproject.toml, such as ``"web"``.

    Returns
    -------
    str
        A line to copy into a shell. It names what the extra needs, and never n1trial on a package index.

    Examples
    --------
    >>> "typst" in install_command("pdf") or "--extra pdf" in install_command("pdf")
    True
    """
    uv = _uv()
    if uv is not None and _is_run_from_source():
        return _line(uv, "run", "--no-dev", "--extra", extra, PACKAGE, *_arguments())
    needs = requirements(extra)
    if (Path(sys.prefix) / "pipx_metadata.json").is_file():
        return _line("pipx", "inject", PACKAGE, *needs)
    if uv is not None and find_spec("pip") is None:
        return _line(uv, "pip", "install", "--python", sys.executable, *needs)
    return _line(sys.executable, "-m", "pip", "install", *needs)


def requirements(extra: str) -> tuple[str, ...]:
    """List what an extra needs, with lower bounds, from the metadata of the installed package.

    Returns
    -------
    tuple of str
        Such as ``("typst>=0.15",)``; the name of the extra itself where the package is not installed.
    """
    try:
        lines = distribution(PACKAGE).requires or []
    except PackageNotFoundError:
        return (extra,)
    split = [line.partition(";") for line in lines]
    return tuple(need.strip() for need, _, marker in split if marker.replace("'", '"').strip() == f'extra == "{extra}"')


def _is_run_from_source() -> bool:
    """Whether the package is installed in place, and its folder has the environment that this process runs in."""
    try:
        origin = json.loads(distribution(PACKAGE).read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return False
    is_editable = bool(origin.get("dir_info", {}).get("editable"))
    return is_editable and Path(sys.prefix).parent.joinpath("pyproject.toml").is_file()


def _uv() -> str | None:
    """Return the name of uv as this user can type it: what started this process, else what is on the path."""
    started_by, found = os.environ.get("UV"), shutil.which("uv")
    if not started_by or not Path(started_by).is_file():
        return found and "uv"
    if found and Path(found).samefile(started_by):
        return "uv"
    path = Path(started_by)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _arguments() -> list[str]:
    return sys.argv[1:] if Path(sys.argv[0]).name in STARTERS else ["..."]


def _line(*words: str) -> str:
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words).replace("'...'", "...")
