"""`n1trial analyze --key`: the end of a blinded trial, frozen first and opened second."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from n1trial.cli.group import KEPT
from n1trial.cli.options import results_folder
from n1trial.cli.passphrase import ask
from n1trial.errors import InputError

if TYPE_CHECKING:
    from n1trial.pack.trial import Trial
    from n1trial.scenario.model import Scenario


def analyze_with_key(
    ctx: click.Context,
    path: Path,
    sealed: Path,
    *,
    pack: Path | None,
    commitment: str | None,
    plan: Scenario | None,
    methods: Sequence[str],
    out: Path | None,
    as_json: bool,
) -> None:
    """Analyze the diary of a blinded trial as its sealed plan says.

    Parameters
    ----------
    ctx : click.Context
    path, sealed : Path
        The diary and the sealed key.
    pack : Path or None
        Folder of the pack; that of the key by default.
    commitment : str or None
        As typed from a paper.
    plan : Scenario or None
        That must be the sealed one.
    methods : sequence of str
        Analyses besides the primary one; those of the plan by default.
    out : Path or None
        Folder for the results.
    as_json : bool
        Whether one JSON document is printed instead of words.
    """
    from n1trial.diary.returned import Expected, read_returned
    from n1trial.pack import freeze
    from n1trial.pack.blinded import expected, is_pack, kit_fault, read_trial
    from n1trial.pack.completed import completed
    from n1trial.pack.conclude import conclude
    from n1trial.pack.final_folder import MARK, check_unedited, document, save_final
    from n1trial.pack.final_folder import as_json as in_json
    from n1trial.pack.final_words import told
    from n1trial.pack.opened import check_sealed, open_key, sealed_content, stated_commitment
    from n1trial.pack.pages import Made
    from n1trial.pack.view import view

    folder = sealed.parent if pack is None else pack
    content = sealed_content(sealed)
    check_sealed(content, sealed)
    stated = stated_commitment(folder, commitment)
    trial = read_trial(folder) if pack is not None or is_pack(folder) else None
    digest = freeze.digest_of(path)
    returned = read_returned(path, Expected(kit_fault=kit_fault) if trial is None else expected(trial))
    _check_unchanged(path, digest)
    if trial is not None:
        _check_plan(plan, trial)
        check_unedited(results_folder(out, f"{trial.scenario.name}-{trial.patient_code}-analysis", MARK))

    log = sealed.parent / freeze.ANALYSIS
    known_before = freeze.history(sealed.parent, digest)
    frozen_at = freeze.freeze(log, freeze.record(returned, digest, trial, methods))
    ctx.meta[KEPT] = f"the diary is frozen in {log}"
    opened = open_key(content, ask(False, "the key"), stated, sealed, folder)
    key = opened.key
    _check_plan(plan, key.trial)
    name = f"{key.trial.scenario.name}-{key.trial.patient_code}-analysis"
    results = results_folder(out, name, MARK)
    check_unedited(results)
    if trial is None or not _is_same(trial, key.trial):
        # Only the key knew what to expect, or the papers are not those that were sealed.
        returned = read_returned(path, expected(key.trial))
        _check_unchanged(path, digest)
    freeze.opened(log, digest, stated)
    final = conclude(completed(returned, key), methods or None)
    made = Made(
        stated,
        digest,
        frozen_at,
        known_before,
        opened.changed,
        opened.missing,
        len(key.papers),
        are_deviations_frozen=trial is not None,
    )
    save_final(final, made, results)
    ctx.meta[KEPT] = f"the analysis is in {results}"
    if as_json:
        click.echo(in_json(document(final, made)), nl=False)
        _tell((*made.warnings, *returned.notes))
    else:
        click.echo(told(final, view(final), made), nl=False)
    click.echo(f"Analysis: {results} (frozen in {log})", err=True)


def _tell(sentences: Sequence[str]) -> None:
    for sentence in sentences:
        click.echo(sentence, err=True)


def _check_unchanged(path: Path, digest: str) -> None:
    """Refuse a file that was written to while it was read."""
    from n1trial.pack.freeze import digest_of

    if digest_of(path) != digest:
        raise InputError(f"{path}: was changed while it was read; close it in other programs and try again")


def _check_plan(plan: Scenario | None, trial: Trial) -> None:
    if plan is not None and plan != trial.scenario:
        raise InputError(
            f"--plan: {plan.name} is not the scenario that was sealed ({trial.scenario.name}); what was sealed is "
            "analyzed, so leave --plan out"
        )


def _is_same(trial: Trial, sealed: Trial) -> bool:
    return (trial.scenario, trial.start, trial.kits) == (sealed.scenario, sealed.start, sealed.kits)
