"""What a diary file tells on the page: blind, of its patient, and at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from n1trial.analysis import analyze
from n1trial.diary.read import KNOWN, read_diary
from n1trial.diary.scores import read_scores
from n1trial.diary.sheet import read_sheet
from n1trial.errors import InputError
from n1trial.files import check_replaceable, check_writable
from n1trial.pack.archive import archive
from n1trial.pack.check import Checked
from n1trial.pack.final_folder import MARK
from n1trial.pack.final_words import ending_in_words
from n1trial.pack.finish import finish
from n1trial.pack.look import look
from n1trial.pack.seal import SealError
from n1trial.report.calibration import Patient, patient_of
from n1trial.report.conclusion_parts import Conclusions
from n1trial.report.conclusion_words import conclude
from n1trial.scenario.write import calibrated
from n1trial.study.calibrate import calibrate
from n1trial.web.job import faults_in
from n1trial.web.words import in_page_words

if TYPE_CHECKING:
    from n1trial.scenario.model import Scenario
    from n1trial.source import MemoryFile

Found = TypeVar("Found")

RESULTS = Path("results")
PAGE = "analysis.html"


@dataclass(frozen=True)
class Calibrated:
    """A scenario whose patient behaves like the diary.

    Attributes
    ----------
    patient : Patient
        What was found.
    name : str
        Of the scenario.
    text : str
        Its file.
    plan : Scenario
        That the patient was put into.
    """

    patient: Patient
    name: str
    text: str
    plan: Scenario


@dataclass(frozen=True)
class Concluded:
    """What a diary with its treatments concludes.

    Attributes
    ----------
    said : Conclusions
    plan : Scenario
        That it was analyzed by.
    """

    said: Conclusions
    plan: Scenario


class FrozenError(InputError):
    """The diary was frozen, and then its analysis failed.

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
class Ended:
    """A blinded trial that is over.

    Attributes
    ----------
    diary : str
        The file that was analyzed, as its owner calls it.
    ending : str
        Which of the three endings it is.
    warnings : tuple of str
        What has to be said first.
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
    page: str
    folder: Path
    files: bytes
    log: Path


def _told(work: Callable[[], Found]) -> Found:
    """Do work on a diary; faults are in words for the page."""
    try:
        return work()
    except InputError as error:
        raise InputError(map(in_page_words, error.faults)) from None


def checked(brought: MemoryFile, pack: Path | None) -> Checked:
    """Look at a diary without the key, as `n1trial check-diary` does."""
    return _told(lambda: look(brought, pack))


def names_treatments(brought: MemoryFile) -> bool:
    """Whether a diary says what was given when."""
    return any(_told(lambda: read_sheet(brought, KNOWN)).columns.get("treatment", []))


def of_its_patient(brought: MemoryFile, scenario: Scenario) -> Calibrated:
    """Make a scenario whose patient behaves like a diary, as `n1trial calibrate` does.

    Raises
    ------
    InputError
        With everything that is wrong with the file, or why it tells too little.
    """
    return _told(lambda: _calibrated(brought, scenario))


def _calibrated(brought: MemoryFile, scenario: Scenario) -> Calibrated:
    scores = read_scores(brought, scenario.plan(), (scenario.treatment.name, scenario.control.name))
    try:
        found = calibrate(scores, scenario)
    except InputError as error:
        raise InputError(f"{brought.name}: {fault}" for fault in error.faults) from None
    return Calibrated(patient_of(found), found.scenario.name, calibrated(found.scenario), scenario)


def concluded(brought: MemoryFile, scenario: Scenario) -> Concluded:
    """Tell what a diary with its treatments concludes, as `n1trial analyze --plan` does.

    Raises
    ------
    InputError
        With everything that is wrong with the file.
    """
    plan, names = scenario.plan(), (scenario.treatment.name, scenario.control.name)
    diary = _told(lambda: read_diary(brought, plan, names))
    found = {method: analyze(diary, method) for method in dict.fromkeys((plan.primary, *plan.methods))}
    return Concluded(conclude(diary, found, names, has_plan=True), scenario)


def ended(brought: MemoryFile, pack: Path, key: str, passphrase: str, results: Path = RESULTS) -> Ended:
    """Freeze a diary, open the key and analyze, as `n1trial analyze --key` does.

    Parameters
    ----------
    brought : MemoryFile
    pack : Path
        Folder of the pack.
    key : str
        Name of the sealed key in it.
    passphrase : str
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
        return _told(lambda: _ended(brought, pack / key, passphrase_asked_for, results))
    except Exception as error:
        if is_frozen:
            is_shut = isinstance(error, SealError) and error.kind == "phrase"
            raise FrozenError(faults_in(error), is_shut=is_shut) from None
        raise


def _ended(brought: MemoryFile, sealed: Path, ask_passphrase: Callable[[], str], results: Path) -> Ended:
    finished = finish(brought, sealed, ask_passphrase, lambda name: _folder(results / name))
    final, made, folder = finished.final, finished.made, results / finished.folder.name
    files = {path.name: path.read_bytes() for path in finished.folder.iterdir()}
    return Ended(
        brought.name,
        ending_in_words(final),
        made.warnings,
        files[PAGE].decode(),
        folder,
        archive(_within(folder.name, files)),
        finished.log,
    )


def _folder(folder: Path) -> Path:
    """Folder for results, where they can be written and nothing else would be lost."""
    check_replaceable(folder, MARK)
    check_writable(folder)
    return folder


def _within(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{name}": content for name, content in files.items()}


def unwritten(seen: Checked) -> str:
    """Say how much of a diary is not written, before its key is opened.

    Parameters
    ----------
    seen : Checked
        Of a diary whose pack is known.

    Returns
    -------
    str
        A sentence or two.
    """
    if seen.trial is None:
        return ""
    days = seen.trial.scenario.layout().days
    written = sum(week.entries for week in seen.weeks)
    last = int(days[-1])
    ahead = last - (int(days[0]) - 1 if seen.reached is None else seen.reached)
    told = f"{len(days) - written} of {len(days)} days have no entry."
    if ahead <= 0:
        return told
    return (
        f"{told} Nothing is written about the last {ahead} days: if the trial is still going on, do not open the key."
        " Who opens it now ends the trial here."
    )
