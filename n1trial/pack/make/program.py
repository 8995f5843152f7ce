"""The program that makes a pack, to be kept with it: its own wheel, and what it needs, to the version."""

from __future__ import annotations

import base64
import hashlib
import io
import platform
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.resources import files
from importlib.resources.abc import Traversable

from packaging.markers import default_environment
from packaging.requirements import Requirement

from n1trial import __version__
from n1trial.files.scenarios_folder import scenarios_folder

NAME = "n1trial"
FOLDER = "program"
REQUIREMENTS = "requirements.txt"
WHEEL = f"{NAME}-{__version__}-py3-none-any.whl"
INFO = f"{NAME}-{__version__}.dist-info"
OLDEST = (1980, 1, 1, 0, 0, 0)
"""The one time stamp of everything in the wheel, so that the same files give the same bytes."""
TAGS = "Wheel-Version: 1.0\nGenerator: n1trial\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
LEFT_OUT = re.compile(r"\.(pyc|pyo)$|^__pycache__$|^\.")
METADATA = ("METADATA", "entry_points.txt", "licenses/LICENSE")


@cache
def program_files() -> dict[str, bytes]:
    """Give what brings the program of a pack back: requirements and wheel, by path in the pack.

    Returns
    -------
    dict of str to bytes
        The same bytes wherever the same files are installed.
    """
    return {f"{FOLDER}/{REQUIREMENTS}": requirements().encode(), f"{FOLDER}/{WHEEL}": wheel()}


def requirements() -> str:
    """List what the program needs to run, each with the version that is installed here; no index and no path."""
    lines = sorted(f"{name}=={version}" for name, version in _needs(NAME).items() if name != NAME)
    return "\n".join((f"# n1trial {__version__} made this pack with Python {platform.python_version()}", *lines, ""))


def wheel() -> bytes:
    """Pack the installed n1trial as a wheel, whether it was installed as one or is used from its source."""
    content = dict(_content())
    record = "".join(
        f"{path},sha256={_record_digest(content[path])},{len(content[path])}\n" for path in sorted(content)
    )
    content[f"{INFO}/RECORD"] = f"{record}{INFO}/RECORD,,\n".encode()
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        for path in sorted(content, key=lambda path: (path.startswith(INFO), path)):
            entry = zipfile.ZipInfo(path, OLDEST)
            entry.external_attr = 0o100644 << 16
            packed.writestr(entry, content[path], zipfile.ZIP_DEFLATED, 9)
    return held.getvalue()


def _content() -> Iterator[tuple[str, bytes]]:
    """Yield files of the package, the shipped scenarios among them, and what an installer has to know."""
    yield from _below(files(NAME), NAME)
    yield from _below(scenarios_folder(), f"{NAME}/scenarios")
    yield f"{INFO}/WHEEL", TAGS.encode()
    known = _distribution(NAME)
    for name in METADATA:
        text = known.read_text(name) if known is not None else None
        if text is not None:
            yield f"{INFO}/{name}", text.encode()
    if known is None:  # the source alone, never installed
        yield f"{INFO}/METADATA", f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {__version__}\n".encode()


def _below(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for each in folder.iterdir():
        if LEFT_OUT.search(each.name):
            continue
        if each.is_dir():
            yield from _below(each, f"{path}/{each.name}")
        else:
            yield f"{path}/{each.name}", each.read_bytes()


def _record_digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def _needs(name: str, versions: dict[str, str] | None = None, extras: frozenset[str] = frozenset()) -> dict[str, str]:
    """Find versions of a package and of all that it needs here, directly or through others, by normalized name."""
    versions = {} if versions is None else versions
    known = _distribution(name)
    if known is None:
        return versions
    versions[_normalize(name)] = known.version
    for requirement in map(Requirement, known.requires or ()):
        is_new = _normalize(requirement.name) not in versions or requirement.extras
        if _applies(requirement, extras) and is_new and _normalize(requirement.name) != NAME:
            _needs(requirement.name, versions, frozenset(requirement.extras))
    return versions


def _applies(requirement: Requirement, extras: frozenset[str]) -> bool:
    """Whether a requirement holds on this machine, for some extra that was asked for or for none."""
    here = {name: str(value) for name, value in default_environment().items()}
    marker = requirement.marker
    return marker is None or any(marker.evaluate({**here, "extra": extra}) for extra in ("", *extras))


def _distribution(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _normalize(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
