"""Archives of papers: padded when they are sealed, and looked through before anything in them is unpacked."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence

from n1trial.pack.sealed.seal import SealError

Files = dict[str, bytes]
PADDING = "padding.bin"
OLDEST = (1980, 1, 1, 0, 0, 0)
"""The one time stamp of everything in an archive."""
PAPER = re.compile(r"[a-z]+(-[a-z]+)*\.(html|pdf|csv)")
"""Names that papers of the pharmacy have, in packs of every version: no folder, no path, no hidden file."""
NOT_ON_WINDOWS = re.compile(r"(con|prn|aux|nul)\.")
"""Names that are no files there."""
MOST_MEMBERS = 100
MOST_BYTES = 256 * 1024 * 1024
MOST_SHOWN = 5
DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError, ValueError, RuntimeError,
    OverflowError, IndexError, MemoryError,
)  # fmt: skip
"""What a damaged zip may raise, RuntimeError with NotImplementedError."""


def archive(files: Files, size: int | None = None) -> bytes:
    """Put files into one ZIP archive: without times, not compressed, and padded to a size where one is given.

    Raises
    ------
    ValueError
        If they do not fit.
    """
    if size is not None:
        missing = size - len(archive(files | {PADDING: b""}))
        if missing < 0:
            raise ValueError(f"the files do not fit into {size} bytes")
        files = files | {PADDING: bytes(missing)}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as packed:
        for path in sorted(files):
            packed.writestr(zipfile.ZipInfo(path, OLDEST), files[path])
    return held.getvalue()


def papers_in(content: bytes, place: str) -> Files:
    """Read the papers of an archive of the pharmacy, without its padding.

    Parameters
    ----------
    content : bytes
        As `archive` made it.
    place : str
        The sealed file, as the error names it.

    Returns
    -------
    dict of str to bytes
        By name: each a plain file name with the ending of a paper.

    Raises
    ------
    SealError
        If it is none, is damaged, or holds anything that no pack does; nothing was unpacked then.
    """
    if not content.startswith(b"PK"):
        raise SealError(f"{place}: opens, but holds no papers of a pharmacy")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as held:
            members = held.infolist()
            faults = list(_faults(members))
            if not faults:
                return {each.filename: held.read(each) for each in members if each.filename != PADDING}
    except DAMAGED:
        faults = ["its archive is damaged"]
    raise SealError(f"{place}: opens, but {'; '.join(faults)}. Nothing was unpacked.")


def _faults(members: Sequence[zipfile.ZipInfo]) -> Iterator[str]:
    """Say what speaks against an archive, before anything in it is unpacked."""
    if len(members) > MOST_MEMBERS:
        yield f"it holds {len(members):,} files, and no pack more than {MOST_MEMBERS}"
        return
    if sum(each.file_size for each in members) > MOST_BYTES:
        yield f"it holds more than {MOST_BYTES // 1024**2} MB, and no pack does"
    if any(each.flag_bits & 1 or each.compress_type != zipfile.ZIP_STORED for each in members):
        yield "it is packed in another way than a pack is"
    foreign = [name for name in dict.fromkeys(each.filename for each in members) if not is_paper(name)]
    yield from (f"it holds {name[:80]!r}, which no pack has" for name in foreign[:MOST_SHOWN])
    if len(foreign) > MOST_SHOWN:
        yield f"it holds {len(foreign) - MOST_SHOWN} more files that no pack has"
    if any(count > 1 for count in Counter(each.filename for each in members).values()):
        yield "it holds a file twice"


def is_paper(name: str) -> bool:
    """Whether a file of an archive has the name of a paper, or is its padding."""
    return name == PADDING or (PAPER.fullmatch(name) is not None and NOT_ON_WINDOWS.match(name) is None)
