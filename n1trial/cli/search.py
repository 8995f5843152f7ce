"""`n1trial search`: which design, of all that a patient would put up with?"""

from __future__ import annotations

from pathlib import Path

import click

from n1trial.cli.echo import say, say_json
from n1trial.cli.group import KEPT
from n1trial.cli.numbers import Number, Whole
from n1trial.cli.options import REPLICATES, SEED, load, out_option, results_folder, seed_option, set_option
from n1trial.cli.progress import progress_bars
from n1trial.study.search.limits import LONGEST_DAYS, LONGEST_WEEKS, Limits


@click.command("search")
@click.argument("source", metavar="SCENARIO")
@click.option(
    "--max-weeks", metavar="W", type=Number(1, LONGEST_WEEKS), required=True,
    help="Longest trial, run-in included.",
)  # fmt: skip
@click.option("--max-period-days", metavar="D", type=Whole(1, LONGEST_DAYS), help="Longest period that may be drawn.")
@click.option(
    "--max-weeks-on-placebo", metavar="W", type=Number(0, LONGEST_WEEKS),
    help="Most weeks on placebo that may be drawn, washouts included.",
)  # fmt: skip
@click.option("--max-entries", metavar="N", type=Whole(1, LONGEST_DAYS), help="Most diary entries, run-in included.")
@click.option(
    "--min-run-in-days", metavar="D", type=Whole(0, LONGEST_DAYS),
    help="Shortest run-in; with 0 designs without one are tried, of which no pack can be made.  [default: 14, or the"
    " scenario's where it is shorter]",
)  # fmt: skip
@set_option
@click.option("--replicates", metavar="N", help="Simulated trials of each design shown.  [default: the scenario's]")
@seed_option
@click.option(
    "--workers", metavar="N", type=Whole(1),
    help="Processes to use; the results are the same.  [default: all processors]",
)  # fmt: skip
@out_option("results/NAME-search")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of the designs in words.")
@click.pass_context
def command(
    ctx: click.Context,
    source: str,
    max_weeks: float,
    max_period_days: int | None,
    max_weeks_on_placebo: float | None,
    max_entries: int | None,
    min_run_in_days: int | None,
    changes: dict[str, str],
    replicates: str | None,
    seed: str | None,
    workers: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Find designs worth choosing between, within limits.

    Run-in, rounds, length of periods, washouts, change-over, randomization, settling-in days and analysis are varied;
    the patient and the drug are the scenario's. Takes some minutes. SCENARIO is a file or the name of a shipped
    scenario.
    """
    scenario = load(source, changes, {REPLICATES: replicates, SEED: seed})
    from n1trial.report.search.document import to_json
    from n1trial.report.search.folder import MARK, save_search
    from n1trial.report.search.terminal import found_in_words
    from n1trial.study.batches import workers as pools
    from n1trial.study.search.candidates import check_searchable
    from n1trial.study.search.search import search

    limits = Limits(max_weeks, max_period_days, max_weeks_on_placebo, max_entries, min_run_in_days)
    check_searchable(scenario, limits)
    folder = results_folder(out, f"{scenario.name}-search", MARK)
    with progress_bars() as announce:
        found = search(scenario, limits, workers=workers or pools.available(), announce=announce)
    save_search(found, folder)
    ctx.meta[KEPT] = f"the results are in {folder}"
    if as_json:
        say_json(to_json(found))
    else:
        options = {"--replicates": replicates, "--seed": seed}
        given = [part for option, value in options.items() if value is not None for part in (option, value)]
        typed = [source, *given, *(part for key, text in changes.items() for part in ("--set", f"{key}={text}"))]
        say(found_in_words(found, typed), nl=False)
    say(f"Results: {folder}", err=True)
