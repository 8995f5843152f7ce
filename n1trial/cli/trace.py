"""`n1trial trace`: what happens to one simulated patient."""

from __future__ import annotations

from pathlib import Path

import click

from n1trial.cli.echo import say
from n1trial.cli.group import KEPT
from n1trial.cli.numbers import Whole
from n1trial.cli.options import SEED, load, out_option, results_folder, seed_option, set_option

LAST_REPLICATE = 10**9


@click.command("trace")
@click.argument("source", metavar="SCENARIO")
@click.option(
    "--replicate", metavar="I", type=Whole(0, LAST_REPLICATE), default=0, show_default=True,
    help="Which simulated patient, counted from 0.",
)  # fmt: skip
@seed_option
@set_option
@out_option("results/NAME-trace-I")
@click.pass_context
def command(
    ctx: click.Context, source: str, replicate: int, seed: str | None, changes: dict[str, str], out: Path | None
) -> None:
    """Follow one simulated patient from day to day.

    Tells what happens, and writes events, diary and a picture into a folder. SCENARIO is a file or the name of a
    shipped scenario; the drug's effect in this patient is one of those that the scenario holds possible.
    """
    scenario = load(source, changes, {SEED: seed})
    from n1trial.report.trace.folder import MARK, save_trace
    from n1trial.report.trace.terminal import story_in_words
    from n1trial.simulation.life import live
    from n1trial.simulation.story import story

    folder = results_folder(out, f"{scenario.name}-trace-{replicate}", MARK)
    life = live(scenario, replicate)
    events = story(life)
    save_trace(life, events, folder)
    ctx.meta[KEPT] = f"the trace is in {folder}"
    say(story_in_words(life, events), nl=False)
    say(f"Trace: {folder}", err=True)
