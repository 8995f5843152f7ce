"""`n1trial pack`: from the plan to blinded papers, a sealed pharmacy sheet and a sealed key."""

from __future__ import annotations

import os
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from n1trial.cli.echo import say
from n1trial.cli.group import KEPT
from n1trial.cli.numbers import Whole
from n1trial.cli.options import OUT, by_option, load, set_option
from n1trial.cli.passphrase import OF_THE_COPY, OF_THE_PHARMACY, VARIABLE, ask
from n1trial.cli.progress import progress_of_trials
from n1trial.errors import InputError

if TYPE_CHECKING:
    from n1trial.pack.make.folder import Passphrases
    from n1trial.pack.trial.characteristics import PlanCharacteristics
    from n1trial.scenario.scenario import Scenario


@click.command("pack")
@click.argument("source", metavar="SCENARIO")
@click.option("--start-date", metavar="D", required=True, help="First day of the diary, as in 2027-01-04.")
@click.option(
    "--out",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path),
    help="A new folder; nothing is written over.",
)
@click.option("--pdf", is_flag=True, help="Write every paper as PDF as well.")
@click.option(
    "--pharmacy-open", is_flag=True,
    help="Leave the pharmacy's papers unsealed: for a pharmacist who runs this and keeps them.",
)  # fmt: skip
@click.option("--second-passphrase", is_flag=True, help="Seal a second copy of the key under another passphrase.")
@click.option("--seed", metavar="S", type=Whole(0), help="A rehearsal that can be made again: NOT for a patient.")
@by_option
@set_option
@click.pass_context
def command(
    ctx: click.Context,
    source: str,
    start_date: str,
    out: Path,
    pdf: bool,
    pharmacy_open: bool,
    second_passphrase: bool,
    seed: int | None,
    by: str | None,
    changes: dict[str, str],
) -> None:
    """Make the blinded pack of a trial and seal its key.

    SCENARIO is a file or the name of a shipped scenario. What the patient and the clinic get is in the folders patient
    and clinician and tells nothing of who gets what when; the pharmacy's papers, the key and the code of each kit are
    sealed. Passphrases are asked for twice, six random words being offered, or taken from N1TRIAL_PASSPHRASE (the
    key's), N1TRIAL_PHARMACY_PASSPHRASE (the pharmacy's; else the same) and N1TRIAL_SECOND_PASSPHRASE. They need 12
    characters and must be hard to guess; those of a rehearsal need not.
    """
    scenario, start = _check(load(source, changes), start_date, out)
    from n1trial.pack.end.check_diary import make_check_diary
    from n1trial.pack.make.assemble import make_pack
    from n1trial.pack.make.folder import write_pack
    from n1trial.pack.make.program import program_files
    from n1trial.pack.make.summary import pack_in_words
    from n1trial.pack.papers.pdf import check_typst, with_pdfs
    from n1trial.pack.sealed import secrets

    if pdf:
        check_typst()
    passphrases = _passphrases(
        is_pharmacy_open=pharmacy_open, has_copy=second_passphrase, is_rehearsal=seed is not None
    )
    planned = _evaluate(scenario)
    pack = make_pack(
        scenario, start, secrets.of_the_system() if seed is None else secrets.of_a_rehearsal(seed), planned,
        is_rehearsal=seed is not None, finish=with_pdfs if pdf else dict, check=make_check_diary(scenario),
        program=program_files(),
    )  # fmt: skip
    write_pack(out, pack, passphrases, by)
    ctx.meta[KEPT] = f"the pack is in {out}"
    say(pack_in_words(pack, planned, out, passphrases), nl=False)
    if start < date.today():
        say(f"Note: the diary begins on {start.isoformat()}, which is in the past.", err=True)


def _check(scenario: Scenario, start_date: str, out: Path) -> tuple[Scenario, date]:
    """Return scenario and first day, after everything that can be wrong was looked at, and told at once."""
    from n1trial.files.folders import check_new_folder
    from n1trial.pack.make.inputs import faults_of, first_day
    from n1trial.pack.make.rules import check_packable, check_use_by

    faults = [
        *faults_of(first_day, start_date),
        *faults_of(check_packable, scenario),
        *faults_of(lambda folder: check_new_folder(folder, f"--out {out}", OUT), out),
    ]
    if faults:
        raise InputError(faults)
    start = first_day(start_date)
    check_use_by(scenario, start)
    return scenario, start


def _passphrases(*, is_pharmacy_open: bool, has_copy: bool, is_rehearsal: bool) -> Passphrases:
    """Ask for the passphrases of everything that is sealed."""
    from n1trial.pack.make.folder import Passphrases
    from n1trial.pack.sealed.passphrases import check_copy

    ask_to_seal = partial(ask, True, is_rehearsal=is_rehearsal)
    key = ask_to_seal("the key", VARIABLE)
    pharmacy = None
    if not is_pharmacy_open:
        is_shared = OF_THE_PHARMACY not in os.environ and VARIABLE in os.environ
        pharmacy = key if is_shared else ask_to_seal("the pharmacy's papers", OF_THE_PHARMACY)
    copy = ask_to_seal("the second copy of the key", OF_THE_COPY) if has_copy else None
    check_copy(key, copy)
    return Passphrases(key, pharmacy, copy)


def _evaluate(scenario: Scenario) -> PlanCharacteristics:
    from n1trial.pack.trial.characteristics import evaluate, trials_to_evaluate
    from n1trial.study.batches import workers

    with progress_of_trials() as progress, workers.executor(workers.available()) as pool:
        advance = progress(trials_to_evaluate(scenario)) if progress is not None else None
        return evaluate(scenario, pool, advance)
