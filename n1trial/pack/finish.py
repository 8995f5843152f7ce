"""The end of a blinded trial: the diary is frozen first, the key is opened second, and then it is analyzed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from n1trial.diary.returned import Expected, Returned, read_returned
from n1trial.errors import InputError
from n1trial.pack import freeze
from n1trial.pack.blinded import expected, is_pack, kit_fault, read_trial
from n1trial.pack.completed import completed
from n1trial.pack.conclude import Final, conclude
from n1trial.pack.final_folder import check_unedited, save_final
from n1trial.pack.opened import check_sealed, open_key, sealed_content, stated_commitment
from n1trial.pack.pages import Made
from n1trial.pack.reproduction import reproduce
from n1trial.source import Source, place_of

if TYPE_CHECKING:
    from n1trial.pack.trial import Trial
    from n1trial.scenario.model import Scenario


@dataclass(frozen=True, eq=False)
class Finished:
    """A trial that is over, analyzed and written.

    Attributes
    ----------
    final : Final
    made : Made
    folder : Path
        That holds page, letters and figures.
    log : Path
        That the diary was frozen in.
    """

    final: Final
    made: Made
    folder: Path
    log: Path


def frozen_in(sealed: Path) -> Path:
    """Log beside a sealed key, which diaries are frozen in."""
    return sealed.parent / freeze.ANALYSIS


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
) -> Finished:
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

    Returns
    -------
    Finished

    Raises
    ------
    InputError
        With all faults of the diary, or if something else that was given is no use.
    SealError
        If the key does not open, or is not that of the pack.
    RunError
        If something cannot be written.
    """
    home = sealed.parent if pack is None else pack
    content = sealed_content(sealed)
    check_sealed(content, sealed)
    stated = stated_commitment(home, commitment)
    trial = read_trial(home) if pack is not None or is_pack(home) else None
    digest = freeze.digest_of(diary)
    returned = _read(diary, digest, Expected(kit_fault=kit_fault) if trial is None else expected(trial))
    if trial is not None:
        _results(trial, plan, folder_for)

    log = frozen_in(sealed)
    known_before = freeze.history(sealed.parent, digest)
    frozen_at = freeze.freeze(log, freeze.record(returned, digest, trial, methods))
    opened = open_key(content, ask_passphrase(), stated, sealed, home)
    key = opened.key
    folder = _results(key.trial, plan, folder_for)
    if trial is None or not _is_same(trial, key.trial):
        # Only the key knew what to expect, or the papers are not those that were sealed.
        returned = _read(diary, digest, expected(key.trial))
    freeze.opened(log, digest, stated)
    final = conclude(completed(returned, key), methods or None)
    made = Made(
        stated, digest, frozen_at, known_before, opened.changed, opened.missing, len(key.papers),
        are_deviations_frozen=trial is not None,
        reproduction=reproduce(key.trial.scenario, key.check, key.provenance, key.program, home),
    )  # fmt: skip
    save_final(final, made, folder)
    return Finished(final, made, folder, log)


def _read(diary: Source, digest: str, what: Expected) -> Returned:
    """Read a diary; refuse a file that was written to since its digest was taken."""
    returned = read_returned(diary, what)
    if freeze.digest_of(diary) != digest:
        raise InputError(f"{place_of(diary)}: was changed while it was read; close it in other programs and try again")
    return returned


def _results(trial: Trial, plan: Scenario | None, folder_for: Callable[[str], Path]) -> Path:
    """Folder for the results, where the plan given is that of the trial and no letter of ours was edited."""
    if plan is not None and plan != trial.scenario:
        raise InputError(
            f"--plan: {plan.name} is not the scenario that was sealed ({trial.scenario.name}); what was sealed is "
            "analyzed, so leave --plan out"
        )
    folder = folder_for(f"{trial.scenario.name}-{trial.patient_code}-analysis")
    check_unedited(folder)
    return folder


def _is_same(trial: Trial, sealed: Trial) -> bool:
    return (trial.scenario, trial.start, trial.kits) == (sealed.scenario, sealed.start, sealed.kits)
