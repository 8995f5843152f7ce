"""The end of a blinded trial on the page: its diary frozen, its key opened, and everything written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from n1trial.errors import InputError
from n1trial.files.folders import check_replaceable, check_writable
from n1trial.files.source import MemoryFile
from n1trial.pack.conclusion.finish import EndRequest, finish
from n1trial.pack.conclusion.folder import MARK
from n1trial.pack.conclusion.terminal import ending_in_words
from n1trial.pack.freeze.freeze import Declaration
from n1trial.pack.freeze.freeze_diary import FreezeResult, freeze_diary
from n1trial.pack.freeze.history_words import comparison_in_words
from n1trial.pack.log.log import today
from n1trial.pack.make.inputs import first_day
from n1trial.pack.sealed.archive import archive
from n1trial.pack.sealed.seal import SealError
from n1trial.web.shared.job import faults_in

RESULTS = Path("results")
REMEDY = "put it elsewhere, and try again"
"""What can be done where a folder is in the way, for whoever names none."""
PAGE = "analysis.html"


class FrozenError(InputError):
    """Error of an analysis that failed after its diary was frozen.

    Parameters
    ----------
    faults : iterable of str
    is_shut : bool
        Whether the key merely did not open with what was typed.
    """

    def __init__(self, faults: Iterable[str], *, is_shut: bool = False) -> None:
        super().__init__(faults)
        self.is_shut = is_shut

    def __reduce__(self) -> tuple[Callable[..., FrozenError], tuple[tuple[str, ...], bool]]:  # type: ignore[override]
        return _frozen_error, (self.faults, self.is_shut)


def _frozen_error(faults: tuple[str, ...], is_shut: bool) -> FrozenError:
    return FrozenError(faults, is_shut=is_shut)


@dataclass(frozen=True, eq=False)
class PageEnd:
    """A blinded trial that is over.

    Attributes
    ----------
    diary : str
        The file that was analyzed, as its owner calls it.
    ending : str
        Which of the three endings it is.
    warnings : tuple of str
        What has to be said first.
    receipt : str
        Whether the diary is the one of a signed receipt.
    page : str
        HTML, for the clinic: all that is told.
    folder : Path
        That holds page, letters and figures.
    files : bytes
        The same as a zip.
    log : Path
        That the diary was frozen in.
    """

    diary: str
    ending: str
    warnings: tuple[str, ...]
    receipt: str
    page: str
    folder: Path
    files: bytes
    log: Path


def freeze_file(file: MemoryFile, pack: Path, declaration: Declaration, ended: str = "") -> FreezeResult:
    """Freeze a diary for a receipt, as `n1trial freeze` does.

    Parameters
    ----------
    file : MemoryFile
    pack : Path
        Folder of the pack.
    declaration : Declared
    ended : str
        Last day of a trial that ended early, as typed.

    Raises
    ------
    InputError
        With all faults of the diary, or of what was declared; nothing is frozen then.
    RunError
        If it cannot be written.
    """
    last = first_day(ended, "the last day of the trial,") if ended else None
    return freeze_diary(file, pack, replace(declaration, ended=last), today())


def end_trial(
    file: MemoryFile,
    pack: Path,
    key: str,
    passphrase: str,
    request: EndRequest | None = None,
    results: Path = RESULTS,
) -> PageEnd:
    """Freeze a diary, open the key and analyze, as `n1trial analyze --key` does.

    Parameters
    ----------
    file : MemoryFile
    pack : Path
        Folder of the pack.
    key : str
        Name of the sealed key in it.
    passphrase : str
    request : EndRequest, optional
        Who it is, why it is early, and the receipt that was signed.
    results : Path
        Folder that holds results.

    Raises
    ------
    InputError
        With all faults of the diary; the key is not opened then.
    FrozenError
        If it failed after the diary was frozen: the key does not open, or is not that of the pack, or anything else.
    RunError
        If the diary cannot be frozen.
    """
    is_frozen = False

    def passphrase_asked_for() -> str:  # once the diary is frozen, and not before
        nonlocal is_frozen
        is_frozen = True
        return passphrase

    try:
        return _end(file, pack / key, passphrase_asked_for, results, request)
    except Exception as error:
        if is_frozen:
            is_shut = isinstance(error, SealError) and error.kind == "phrase"
            raise FrozenError(faults_in(error), is_shut=is_shut) from None
        raise


def _end(
    file: MemoryFile, sealed: Path, ask_passphrase: Callable[[], str], results: Path, request: EndRequest | None
) -> PageEnd:
    finished = finish(file, sealed, ask_passphrase, lambda name: _folder(results / name), request=request)
    final, trail, folder = finished.final, finished.trail, results / finished.folder.name
    files = {path.name: path.read_bytes() for path in finished.folder.iterdir()}
    return PageEnd(
        file.name,
        ending_in_words(final),
        trail.warnings,
        comparison_in_words(trail.comparison),
        files[PAGE].decode(),
        folder,
        archive(_within(folder.name, files)),
        finished.log,
    )


def _folder(folder: Path) -> Path:
    """Return the folder for results, where they can be written and nothing else would be lost."""
    check_replaceable(folder, MARK, remedy=REMEDY)
    check_writable(folder, REMEDY)
    return folder


def _within(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{name}": content for name, content in files.items()}
