"""`n1trial run`: could this trial give an answer?"""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from n1trial.cli.echo import say, say_json
from n1trial.cli.group import KEPT
from n1trial.cli.numbers import Whole
from n1trial.cli.options import REPLICATES, SEED, load, out_option, results_folder, seed_option, set_option
from n1trial.cli.progress import bar_aside, progress_of_trials
from n1trial.errors import InputError

if TYPE_CHECKING:
    from n1trial.study.run.headline import FirstAnswer
    from n1trial.study.run.result import Result

NARROWEST = 40
"""Fewest characters of a line, however narrow a terminal says that it is."""


@click.command("run")
@click.argument("source", metavar="SCENARIO")
@click.option("--replicates", metavar="N", help="Simulated trials at each truth.  [default: the scenario's]")
@seed_option
@set_option
@click.option(
    "--workers", metavar="N", type=Whole(1),
    help="Processes to use; the results are the same.  [default: all processors]",
)  # fmt: skip
@click.option("--stress", "under_stress", is_flag=True, help="Also put every analysis to departures from the plan.")
@click.option(
    "--overall", "over_all", is_flag=True,
    help="Also draw every number that has a stated range, all at once, 200 times.",
)  # fmt: skip
@click.option(
    "--estimates", is_flag=True, help="Also write the estimates of the first 10,000 trials, as estimates.csv.gz."
)
@out_option("results/NAME")
@click.option("--long", "is_long", is_flag=True, help="Print all that there is to say, instead of a few lines.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of the answer in words.")
@click.pass_context
def command(
    ctx: click.Context,
    source: str,
    replicates: str | None,
    seed: str | None,
    changes: dict[str, str],
    workers: int | None,
    under_stress: bool,
    over_all: bool,
    estimates: bool,
    out: Path | None,
    is_long: bool,
    as_json: bool,
) -> None:
    """Simulate a trial and say whether it could give an answer.

    SCENARIO is a file or the name of a shipped scenario.
    """
    scenario = load(source, changes, {REPLICATES: replicates, SEED: seed})
    from n1trial.report.run.document import MARK
    from n1trial.report.run.result import run
    from n1trial.report.run.stress import why_not_overall
    from n1trial.study.batches import workers as pools

    if over_all and (why := why_not_overall(scenario)):
        raise InputError(f"--overall: {why}")
    if is_long and as_json:
        raise InputError("--long: not with --json, which prints all that there is")
    folder = results_folder(out, scenario.name, MARK)
    with progress_of_trials() as progress:
        result = run(
            scenario,
            workers=workers or pools.available(),
            progress=progress,
            first_answer=_say_first,
            under_stress=under_stress,
            over_all=over_all,
        )
    try:
        if as_json:
            say_json(result.to_json())
        else:
            say(_in_words(result, as_typed(source, changes), changes, is_long), nl=False)
    finally:  # though nobody reads on
        result.save(folder, estimates=estimates)
        ctx.meta[KEPT] = f"the results are in {folder}"
    say(f"Results: {folder}", err=True)


def _in_words(result: Result, arguments: str, changes: dict[str, str], is_long: bool) -> str:
    """Word the answer, in a few lines as wide as the terminal or in all."""
    from n1trial.report.lines import WIDTH
    from n1trial.report.run.terminal.brief import brief_answer
    from n1trial.report.run.terminal.full import answer

    if is_long:
        return answer(result, arguments, changes)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDTH
    return brief_answer(result, changes, max(NARROWEST, min(width, WIDTH)))


def _say_first(first: FirstAnswer) -> None:
    """Say on standard error what the first trials have shown; a bar of progress goes on below."""
    from n1trial.report.run.terminal.full import first_answer

    with bar_aside():
        say(first_answer(first), err=True)


def as_typed(source: str, changes: dict[str, str]) -> str:
    """Word the scenario and its changes, to be typed again."""
    return shlex.join([source, *(part for key, text in changes.items() for part in ("--set", f"{key}={text}"))])
