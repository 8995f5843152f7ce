"""A pack that comes back as a zip: looked through, and put into a folder of its own where its logs stay."""

from __future__ import annotations

import io
import os
import re
import threading
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from n1trial.errors import InputError, RunError
from n1trial.files.beside import beside
from n1trial.files.source import MemoryFile
from n1trial.pack.freeze.values import FROZEN
from n1trial.pack.log.log import LOG, join
from n1trial.pack.log.older_logs import ANALYSIS, REVEALS, join_lines
from n1trial.pack.make.folder import PHARMACY_OPEN
from n1trial.pack.make.program import FOLDER as PROGRAM
from n1trial.pack.make.program import REQUIREMENTS
from n1trial.pack.papers.papers import BLINDED
from n1trial.pack.sealed.archive import DAMAGED
from n1trial.pack.sealed.files import CODE_BREAK, KEY, KEY_COPY, PHARMACY
from n1trial.pack.trial.commitment import COMMITMENT, stated_commitment
from n1trial.pack.trial.read import FACTS, KITS, SCENARIO

PACKS = Path("results") / "packs"
"""Where packs are kept, within the folder that the page was started in."""
FRESH = "pack"
"""Place in that folder beside which a zip is unpacked; what a killed page left there is settled at the next start."""
OLDER_LOGS = (ANALYSIS, REVEALS)
LOGS = (LOG, *OLDER_LOGS)
NEEDED = (SCENARIO, KITS, COMMITMENT)
TABLES = ("patient/diary.csv", "patient/calendar.ics", KITS, SCENARIO, FACTS, COMMITMENT)
SEALED = (KEY, KEY_COPY, PHARMACY, CODE_BREAK)
PDFS = tuple(f"{path.removesuffix('.html')}.pdf" for path in BLINDED)
KNOWN = frozenset((*BLINDED, *PDFS, *TABLES, *SEALED, *LOGS))
"""Everything that a pack may hold, besides the program that made it and the values of frozen diaries."""
KEPT = re.compile(rf"{PROGRAM}/({REQUIREMENTS}|[\w.+-]{{1,80}}\.whl)|{FROZEN}/[0-9a-f]{{64}}\.json", re.ASCII)
"""Files of these, which are named by version and by hash: none is ever replaced by another."""
OTHERS = re.compile(rf"{KEPT.pattern}|papers-\d+/(patient|clinician)/[a-z-]+\.(html|pdf|csv|ics)", re.ASCII)
"""These, and dated papers that were made again."""
LEFT_BY_SYSTEMS = re.compile(r"(^|/)(__MACOSX/.*|\.DS_Store|Thumbs\.db|desktop\.ini)$")
"""What an operating system puts into a folder or a zip by itself."""
NO_FOLDERS = ("", ".", "..")
MOST_MEMBERS = 200
MOST_BYTES = 64 * 1024 * 1024
MOST_SHOWN = 10
DIGITS = 12
"""Of the commitment, in the name of a pack's folder."""
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How the zips of all systems are packed."""
_one_at_a_time = threading.Lock()


def unzip_pack(file: MemoryFile, packs: Path = PACKS) -> Path:
    """Put a pack into a folder of its own, and join its logs with those that are there.

    Parameters
    ----------
    file : MemoryFile
        The zip: as the page made it, or of a pack's folder.
    packs : Path
        Folder that holds the folders of packs.

    Returns
    -------
    Path
        ``packs`` and the first digits of the commitment. Papers there are those of this zip; lines of logs and sealed
        files of earlier visits are never lost, and never replaced by others.

    Raises
    ------
    InputError
        With everything that no pack has, or that this one lacks, or sealed files that are not those kept here; nothing
        was written then.
    RunError
        If it cannot be written.
    """
    files = _files(file)
    try:
        packs.mkdir(parents=True, exist_ok=True)
        with _one_at_a_time, beside(packs / FRESH) as fresh:
            return _put_in_place(files, fresh, file.name, packs)
    except OSError as error:
        raise RunError(f"{packs}: cannot be written ({error.strerror})") from error


def sealed_keys(folder: Path) -> tuple[str, ...]:
    """Name the sealed keys that a pack holds."""
    return tuple(name for name in (KEY, KEY_COPY) if (folder / name).is_file())


def _files(file: MemoryFile) -> dict[str, bytes]:
    """Read files of a zip by their path within the pack, after all was looked at."""
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as held:
            members = [each for each in held.infolist() if not each.is_dir()]
            members = [each for each in members if not LEFT_BY_SYSTEMS.search(each.filename)]
            faults = list(_faults(members))
            if not faults:
                return {place: held.read(each) for place, each in _places(members).items()}
    except DAMAGED:
        faults = ["is no zip file, or is damaged"]
    raise InputError(f"{file.name}: {fault}" for fault in faults)


def _faults(members: Sequence[zipfile.ZipInfo]) -> Iterator[str]:
    """Find faults in the members of a zip, before anything is unpacked."""
    if len(members) > MOST_MEMBERS:
        yield f"holds {len(members):,} files, and a pack at most {MOST_MEMBERS}"
        return
    if any(each.flag_bits & 1 for each in members):
        yield "is under a password of its own; zip the folder of the pack without one"
    if any(each.compress_type not in PACKED for each in members):
        yield "is packed in a way that not every system reads; zip the folder of the pack as your system does by itself"
    if sum(each.file_size for each in members) > MOST_BYTES:
        yield f"holds more than {MOST_BYTES // 1024**2} MB, and so is no pack"
    places = _places(members)
    if len(places) < len(members):
        yield "holds a file twice"
    foreign = [place for place in places if place not in KNOWN and not OTHERS.fullmatch(place)]
    shown = (f"{place[:80]!r}" for place in foreign if not place.startswith(f"{PHARMACY_OPEN}/"))
    for number, place in enumerate(shown):
        if number == MOST_SHOWN:
            yield "holds more files that no pack has"
            break
        yield f"holds {place}, which no pack has; take it out"
    if any(place.startswith(f"{PHARMACY_OPEN}/") for place in foreign):
        yield f"holds {PHARMACY_OPEN}/, which shows what each kit holds, and does not belong here; take it out"
    yield from (f"holds no {place}, and a pack has it" for place in NEEDED if place not in places)


def _places(members: Sequence[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Find members by their path within the pack: without the folder that holds them all, if there is one."""
    tops = {each.filename.partition("/")[0] if "/" in each.filename else "" for each in members}
    top = f"{tops.pop()}/" if len(tops) == 1 and tops.isdisjoint(NO_FOLDERS) else ""
    return {each.filename.removeprefix(top): each for each in members}


def _put_in_place(files: dict[str, bytes], fresh: Path, name: str, packs: Path) -> Path:
    """Write files beside, then put each in its place; what is sealed stays as it is, and logs are joined."""
    _write(fresh / COMMITMENT, files[COMMITMENT])
    commitment = stated_commitment(fresh, place=f"{name}: {COMMITMENT}")
    folder = packs / commitment[:DIGITS]
    if (folder / COMMITMENT).exists() and stated_commitment(folder) != commitment:
        raise InputError(f"{folder}: is the folder of another pack; move it away")
    if faults := list(_replaced_seals(files, folder, name)):
        raise InputError(faults)
    _join_logs(folder, files)
    for place, content in files.items():
        is_kept = place in SEALED or KEPT.fullmatch(place) is not None
        if place in LOGS or (is_kept and (folder / place).exists()):
            continue
        _write(fresh / place, content)
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (fresh / place).replace(folder / place)
    for place in KNOWN.difference(files, LOGS, SEALED):  # a paper of an earlier visit that is not there any more
        (folder / place).unlink(missing_ok=True)
    return folder


def _join_logs(folder: Path, files: Mapping[str, bytes]) -> None:
    """Add what the logs of a zip have beyond those that are kept."""
    folder.mkdir(exist_ok=True)
    join(folder, files.get(LOG, b""))
    for log in OLDER_LOGS:
        join_lines(folder / log, files.get(log, b"").decode("utf-8", errors="replace").splitlines())


def _replaced_seals(files: Mapping[str, bytes], folder: Path, name: str) -> Iterator[str]:
    """Find sealed files of a zip that differ from those kept here."""
    for place in SEALED:
        kept = folder / place
        if place in files and kept.exists() and kept.read_bytes() != files[place]:
            yield (
                f"{name}: its {place} differs from the one of this pack in {kept}, which is kept; if that is not the"
                f" right one, move it away yourself, else take {place} out of the zip"
            )


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
