"""Opening the key: is it the one that was committed to, and are the papers those that were handed out?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from n1trial.files.read import read_file
from n1trial.pack.log.chain import LogLine
from n1trial.pack.log.log import read_log, record_if_possible
from n1trial.pack.sealed.key import KIND, Key
from n1trial.pack.sealed.seal import SealError, unseal
from n1trial.pack.trial.commitment import commitment_of, paper_digests
from n1trial.pack.trial.moves import PAPERS, VERSION, with_moved_dates

FILLED_IN = ("patient/diary.csv",)
"""Blinded files that are meant to be written into."""
LATER = re.compile(r"(patient|clinician)/[a-z-]+\.(html|csv|ics)")


@dataclass(frozen=True, eq=False)
class OpenKey:
    """A key that opened.

    Attributes
    ----------
    key : Key
    commitment : str
        Of the key, the same as that of the pack.
    changes, missing : tuple of str
        Blinded papers, by path, that are not as they were handed out, or not there.
    """

    key: Key
    commitment: str
    changes: tuple[str, ...]
    missing: tuple[str, ...]


def open_key(content: bytes, passphrase: str, commitment: str | None, path: Path, folder: Path) -> OpenKey:
    """Open a key and hold it against its commitment and the papers of its pack.

    Parameters
    ----------
    content : bytes
        Of the sealed key.
    passphrase : str
    commitment : str or None
        That the pack was handed out with; None where it is not at hand and nothing can wait for it.
    path : Path
        Of the sealed key, as errors name it.
    folder : Path
        Of the pack.

    Raises
    ------
    SealError
        If it does not open, or is not the key of this pack.
    """
    text = unseal(content, passphrase, str(path))
    if KIND.encode() not in text[:200]:
        raise SealError(f"{path}: opens, but is no key of a pack; the pharmacist's papers need n1trial open-pharmacy")
    own = commitment_of(text)
    if commitment not in (own, None):
        raise SealError(
            f"{path}: opens, but is not the key of this pack: its commitment is another than the one handed out; "
            "either the key or the commitment was changed after sealing",
            "commitment",
        )
    key = Key.from_bytes(text, str(path))
    changed, missing = _changes(folder, key, own)
    dated_key = replace(key, trial=with_moved_dates(key.trial, folder))
    return OpenKey(dated_key, own, (*changed, *_changed_later(folder, own)), missing)


def open_and_log(
    content: bytes,
    ask_passphrase: Callable[[], str],
    commitment: str | None,
    path: Path,
    folder: Path,
    what: str,
    by: str | None = None,
) -> OpenKey:
    """Open a key as `open_key` does; where it does not open, that is written into the log as far as it can be.

    Parameters
    ----------
    content, commitment, path, folder
        As for `open_key`; the folder holds the log.
    ask_passphrase : callable
    what : str
        What it is opened for, as the log says it.
    by : str, optional
        Who opens it, as entered.

    Raises
    ------
    SealError
        If it does not open, or is not the key of this pack.
    """
    try:
        return open_key(content, ask_passphrase(), commitment, path, folder)
    except SealError as error:
        log_failure(folder, path, error, what, by)
        raise


def log_failure(folder: Path, path: Path, error: SealError, what: str, by: str | None = None, **facts: str) -> None:
    """Write into the log that a sealed file did not open, as far as that can be written."""
    record_if_possible(folder, "failure", by, what=what, file=path.name, **facts, why=error.kind)


def _changes(folder: Path, key: Key, commitment: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Find blinded papers that are not as they were handed out, and those that are not there."""
    there = {path: read_file(folder / path) for path in key.papers if (folder / path).is_file()}
    digests = [paper_digests(each, commitment) for each in _as_mailed(there)]
    changed = tuple(
        path for path in there
        if path not in FILLED_IN and key.papers[path] not in [each[path] for each in digests]
    )  # fmt: skip
    return changed, tuple(path for path in key.papers if path not in there)


def _changed_later(folder: Path, commitment: str) -> Iterator[str]:
    """Find papers of later versions that are not as the log has them; those that are not there are left out."""
    for line in read_log(folder).of("reissue"):
        papers = {f"papers-{line.facts.get(VERSION)}/{path}": digest for path, digest in _later_papers(line)}
        there = {path: read_file(folder / path) for path in papers if (folder / path).is_file()}
        digests = [paper_digests(each, commitment) for each in _as_mailed(there)]
        yield from (path for path in there if papers[path] not in [each[path] for each in digests])


def _later_papers(line: LogLine) -> Iterator[tuple[str, str]]:
    """Yield papers of a version, by path, with their digests; not those that are filled in, and none outside."""
    papers = line.facts.get(PAPERS)
    for path, digest in papers.items() if isinstance(papers, dict) else ():
        if LATER.fullmatch(path) and path not in FILLED_IN:
            yield path, digest


def _as_mailed(files: dict[str, bytes]) -> Iterator[dict[str, bytes]]:
    """Yield files as they are, and as before a mail program changed the ends of their lines or added a mark."""
    yield files
    plain = {path: _with_plain_ends(content) for path, content in files.items()}
    yield plain
    yield {path: content.replace(b"\n", b"\r\n") for path, content in plain.items()}


def _with_plain_ends(content: bytes) -> bytes:
    """Return a text with line feeds alone at the ends of its lines, one at its end, and no mark at its beginning."""
    plain = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return plain.rstrip(b"\n") + b"\n"
