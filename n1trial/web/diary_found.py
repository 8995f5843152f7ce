"""What a diary file tells on the page: blind, of its patient, and at the end."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from n1trial.analysis import analyze
from n1trial.diary.read import KNOWN, read_diary
from n1trial.diary.scores import read_scores
from n1trial.diary.sheet import read_sheet
from n1trial.errors import InputError, RunError
from n1trial.files import check_replaceable, check_writable
from n1trial.pack.archive import archive
from n1trial.pack.check import Checked
from n1trial.pack.final_folder import MARK
from n1trial.pack.final_words import ending_in_words
from n1trial.pack.finish import finish
from n1trial.pack.look import look
from n1trial.report.calibration import Patient, patient_of
from n1trial.report.conclusion_parts import Conclusions
from n1trial.report.conclusion_words import conclude
from n1trial.scenario.write import calibrated
from n1trial.study.calibrate import calibrate
from n1trial.web.job import faults_in
from n1trial.web.words import tidy_name, with_names

if TYPE_CHECKING:
    from n1trial.scenario.model import Scenario

Found = TypeVar("Found")

RESULTS = Path("results")
PAGE = "analysis.html"
NO_NAME = "diary.csv"


@dataclass(frozen=True, eq=False)
class Brought:
    """A diary file that was opened on the page.

    Attributes
    ----------
    path : Path
        Where it is kept as long as anybody holds it, under its own name.
    """

    path: Path

    @classmethod
    def under_its_name(cls, path: Path, name: str) -> Brought:
        """Copy an uploaded file to one that has the name which its owner gave it.

        The upload goes when its page is closed, and the end of a trial that is under way then goes on.

        Raises
        ------
        RunError
            If it cannot be copied.
        """
        try:
            folder = tempfile.mkdtemp(prefix="n1trial-diary-")
            brought = cls(Path(folder) / tidy_name(name, NO_NAME))
            weakref.finalize(brought, shutil.rmtree, folder, ignore_errors=True)
            shutil.copyfile(path, brought.path)
        except OSError as error:
            raise RunError(f"{tidy_name(name, NO_NAME)}: cannot be copied ({error.strerror})") from error
        return brought

    @property
    def name(self) -> str:
        """As its owner calls it."""
        return self.path.name

    def told(self, work: Callable[[], Found]) -> Found:
        """Do work on it; faults name it as its owner does."""
        try:
            return work()
        except InputError as error:
            raise InputError(with_names(error.faults, {str(self.path): self.name})) from None


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
    """The diary was frozen, and then its analysis failed."""

    def __reduce__(self) -> tuple[type[FrozenError], tuple[tuple[str, ...]]]:
        return FrozenError, (self.faults,)


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


def checked(brought: Brought, pack: Path | None) -> Checked:
    """Look at a diary without the key, as `n1trial check-diary` does."""
    return brought.told(lambda: look(brought.path, pack))


def names_treatments(brought: Brought) -> bool:
    """Whether a diary says what was given when."""
    return any(brought.told(lambda: read_sheet(brought.path, KNOWN)).columns.get("treatment", []))


def of_its_patient(brought: Brought, scenario: Scenario) -> Calibrated:
    """Make a scenario whose patient behaves like a diary, as `n1trial calibrate` does.

    Raises
    ------
    InputError
        With everything that is wrong with the file, or why it tells too little.
    """
    return brought.told(lambda: _calibrated(brought, scenario))


def _calibrated(brought: Brought, scenario: Scenario) -> Calibrated:
    scores = read_scores(brought.path, scenario.plan(), (scenario.treatment.name, scenario.control.name))
    try:
        found = calibrate(scores, scenario)
    except InputError as error:
        raise InputError(f"{brought.name}: {fault}" for fault in error.faults) from None
    return Calibrated(patient_of(found), found.scenario.name, calibrated(found.scenario), scenario)


def concluded(brought: Brought, scenario: Scenario) -> Concluded:
    """Tell what a diary with its treatments concludes, as `n1trial analyze --plan` does.

    Raises
    ------
    InputError
        With everything that is wrong with the file.
    """
    plan, names = scenario.plan(), (scenario.treatment.name, scenario.control.name)
    diary = brought.told(lambda: read_diary(brought.path, plan, names))
    found = {method: analyze(diary, method) for method in dict.fromkeys((plan.primary, *plan.methods))}
    return Concluded(conclude(diary, found, names, has_plan=True), scenario)


def ended(brought: Brought, pack: Path, key: str, passphrase: str, results: Path = RESULTS) -> Ended:
    """Freeze a diary, open the key and analyze, as `n1trial analyze --key` does.

    Parameters
    ----------
    brought : Brought
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
        return brought.told(lambda: _ended(brought, pack / key, passphrase_asked_for, results))
    except Exception as error:
        if is_frozen:
            raise FrozenError(faults_in(error)) from None
        raise


def _ended(brought: Brought, sealed: Path, ask_passphrase: Callable[[], str], results: Path) -> Ended:
    finished = finish(brought.path, sealed, ask_passphrase, lambda name: _folder(results / name))
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
