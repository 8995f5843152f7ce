"""The end of a blinded trial: the diary is frozen first, the key is opened second, and then it is analyzed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from n1trial.diary.file.read_returned import read_returned
from n1trial.diary.file.returned_diary import DiaryFormat, ReturnedDiary
from n1trial.errors import InputError, N1trialError, RunError
from n1trial.files.source import Source, place_of
from n1trial.pack.conclusion.folder import check_unedited, save_final
from n1trial.pack.end.conclude import Final, conclude
from n1trial.pack.end.reproduction import Reproduction, reproduce
from n1trial.pack.end.reproduction_words import failure_in_words
from n1trial.pack.end.shut import check_open
from n1trial.pack.end.trail import Trail
from n1trial.pack.end.trial_diary import join
from n1trial.pack.freeze import freeze
from n1trial.pack.freeze.history import EARLY, History, history
from n1trial.pack.freeze.receipt import Receipt, check_receipt, compare, read_receipt
from n1trial.pack.freeze.values import values_of
from n1trial.pack.log.log import LOG, read_log, record, today
from n1trial.pack.sealed.files import check_sealed, sealed_content
from n1trial.pack.sealed.open_key import OpenKey, open_and_log
from n1trial.pack.trial.commitment import stated_commitment
from n1trial.pack.trial.read import is_pack, read_trial
from n1trial.pack.trial.trial import Trial
from n1trial.pack.visit.diary_format import diary_format, kit_fault
from n1trial.pack.visit.gate import gate
from n1trial.pack.wording import PackFault
from n1trial.scenario.scenario import Scenario

WHAT = "analyze"


@dataclass(frozen=True, eq=False)
class TrialEnd:
    """A trial that is over, analyzed and written."""

    final: Final
    trail: Trail
    folder: Path
    log: Path


@dataclass(frozen=True)
class EndRequest:
    """Statement of whoever ends a trial, besides the names of its files.

    Parameters
    ----------
    by : str or None
        Who it is, as entered and not verified.
    early : str or None
        Why the key is opened before the end; None where it is not to be.
    receipt : str, path, MemoryFile or None
        The receipt that was signed.
    today : date
    """

    by: str | None = None
    early: str | None = None
    receipt: Source | None = None
    today: date = field(default_factory=today)


def finish(
    diary: Source,
    sealed: Path,
    ask_passphrase: Callable[[], str],
    folder_for: Callable[[str], Path],
    *,
    pack: Path | None = None,
    commitment: str | None = None,
    plan: Scenario | None = None,
    methods: Sequence[str] = (),
    request: EndRequest | None = None,
) -> TrialEnd:
    """Analyze the diary of a blinded trial as its sealed plan says, and write page, letters and figures.

    Parameters
    ----------
    diary : str, path or MemoryFile
    sealed : Path
        The sealed key.
    ask_passphrase : callable
        Gives the passphrase of the key; asked for when the diary is read without a fault and frozen, and not before.
    folder_for : callable
        Gives the folder for results of a name, or raises where nothing can be written.
    pack : Path or None
        Folder of the pack; that of the key by default.
    commitment : str or None
        As typed from a paper.
    plan : Scenario or None
        That must be the sealed one.
    methods : sequence of str
        Analyses besides the primary one; those of the plan by default.
    request : EndRequest, optional

    Raises
    ------
    ShutError
        If the trial has not ended, or the diary has entries of days to come, and no reason is given to open it early.
    InputError
        With all faults of the diary, or if something else that was given is no use.
    SealError
        If the key does not open, or is not that of the pack.
    RunError
        If something cannot be written, or the analysis fails after the key has opened.
    """
    request = EndRequest() if request is None else request
    end = _End(diary, sealed, pack, commitment, plan, folder_for, request)
    end.freeze(methods)
    key = end.open(ask_passphrase)
    with end.told_if_it_fails():
        end.reproduction = reproduce(key.key, end.home)
        final = conclude(join(end.returned, key.key), methods or None)
        trail = end.trail(key)
        save_final(final, trail, end.folder)
    return TrialEnd(final, trail, end.folder, end.home / LOG)


@dataclass(eq=False)
class _End:
    """The end of one trial, step by step; what is refused is refused before the key is opened, if it is known then."""

    diary: Source
    sealed: Path
    pack: Path | None
    typed_commitment: str | None
    plan: Scenario | None
    folder_for: Callable[[str], Path]
    request: EndRequest
    reproduction: Reproduction | None = None

    def __post_init__(self) -> None:
        self.home = self.sealed.parent if self.pack is None else self.pack
        self.content = sealed_content(self.sealed)
        check_sealed(self.content, self.sealed)
        self.commitment = stated_commitment(self.home, self.typed_commitment)
        self.receipt = self._receipt()
        self.trial = read_trial(self.home) if self.pack is not None or is_pack(self.home) else None
        self.digest = freeze.digest_of(self.diary)
        what = DiaryFormat(kit_fault=kit_fault) if self.trial is None else diary_format(self.trial)
        self.returned = _read(self.diary, self.digest, what)
        if self.trial is not None:
            self.folder = self._results(self.trial)
            self._check_open(self.trial)

    def freeze(self, methods: Sequence[str]) -> None:
        """Freeze the diary, after a look at what was known before."""
        self.known_before = self._history(None if self.trial is None else values_of(self.returned).digest)
        said = freeze.Declaration(by=self.request.by)
        self.frozen = freeze.freeze(self.home, self.returned, self.digest, self.trial, methods, said)

    def open(self, ask_passphrase: Callable[[], str]) -> OpenKey:
        """Open the key; what the blinded files could not tell is looked at now."""
        by = self.request.by
        opened = open_and_log(self.content, ask_passphrase, self.commitment, self.sealed, self.home, WHAT, by)
        trial = opened.key.trial
        self.folder = self._results(trial)
        if self.trial is None or not _is_same(self.trial, trial):
            # Only the key knew what to expect, or the papers are not those that were sealed.
            self.returned = _read(self.diary, self.digest, diary_format(trial))
        # Blinded files can be edited, so that their word for an end, or for a rehearsal, is not enough.
        self._check_open(trial)
        self.values = values_of(self.returned)
        early = {EARLY: self.request.early} if self.is_early else {}
        record(
            self.home, "open", by, sha256=self.digest, values=self.values.digest, commitment=self.commitment, **early
        )
        return opened

    @contextlib.contextmanager
    def told_if_it_fails(self) -> Iterator[None]:
        """Say in words what holds when the analysis fails after the key has opened, whatever it fails with."""
        try:
            yield
        except N1trialError:
            raise
        except Exception as error:
            raise RunError("\n".join(failure_in_words(error, self.home, self.reproduction))) from error

    def trail(self, key: OpenKey) -> Trail:
        """Return all that page and letters say besides the figures."""
        known = replace(
            self._history(self.values.digest), first_sha256=self.known_before.first_sha256,
            is_changed_after_opening=self.known_before.is_changed_after_opening,
            is_key_shown_before=self.known_before.is_key_shown_before,
        )  # fmt: skip
        log = read_log(self.home)
        receipt = self.receipt
        comparison = None if receipt is None else compare(receipt, self.digest, self.values, self.home)
        return Trail(
            self.commitment, self.digest, self.frozen.line.time.isoformat(timespec="seconds"), known,
            key.changes, key.missing, len(key.key.papers), are_deviations_frozen=self.trial is not None,
            comparison=comparison, head=log.head, lines=len(log.lines),
            reproduction=self.reproduction,
        )  # fmt: skip

    def _history(self, values: str | None) -> History:
        return history((self.home, self.sealed.parent), self.digest, values, self.commitment)

    def _check_open(self, trial: Trial) -> None:
        found = gate(trial, self.home, self.request.today, self.returned)
        self.is_early = check_open(found, self.request.early, self.home, WHAT, self.request.by)

    def _receipt(self) -> Receipt | None:
        if self.request.receipt is None:
            return None
        receipt = read_receipt(self.request.receipt)
        check_receipt(receipt, self.commitment, place_of(self.request.receipt))
        return receipt

    def _results(self, trial: Trial) -> Path:
        """Return the folder for results, where the plan given is that of the trial and no letter of ours was edited."""
        if self.plan is not None and self.plan != trial.scenario:
            raise InputError(PackFault("other_plan", "plan", {"name": self.plan.name, "scenario": trial.scenario.name}))
        folder = self.folder_for(f"{trial.scenario.name}-{trial.patient_code}-analysis")
        check_unedited(folder)
        return folder


def _read(diary: Source, digest: str, what: DiaryFormat) -> ReturnedDiary:
    """Read a diary; refuse a file that was written to since its digest was taken."""
    returned = read_returned(diary, what)
    if freeze.digest_of(diary) != digest:
        raise InputError(f"{place_of(diary)}: was changed while it was read; close it in other programs and try again")
    return returned


def _is_same(trial: Trial, sealed: Trial) -> bool:
    return (trial.scenario, trial.start, trial.kits) == (sealed.scenario, sealed.start, sealed.kits)
