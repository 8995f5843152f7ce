"""The commands: `n1trial` on the terminal."""

from __future__ import annotations

import click

from n1trial.cli.echo import say
from n1trial.cli.group import Commands


def _version(ctx: click.Context, param: click.Parameter, is_asked: bool) -> None:  # noqa: ARG001
    """Show versions, and end."""
    if not is_asked or ctx.resilient_parsing:
        return
    from n1trial.provenance import in_words, provenance

    say(in_words(provenance()))
    ctx.exit()


@click.group(
    "n1trial",
    cls=Commands,
    verbs={
        "scenarios": ("scenarios", "List the shipped scenarios."),
        "init": ("init", "Write a commented scenario file to edit."),
        "check": ("check", "Say what a scenario asks for, assumes and gets wrong."),
        "run": ("run", "Simulate a trial and say whether it could give an answer."),
        "report": ("report", "Write the page of a run, one self-contained HTML file."),
        "sweep": ("sweep", "Say which of many designs could give an answer."),
        "search": ("search", "Find designs worth choosing between, within limits."),
        "trace": ("trace", "Follow one simulated patient from day to day."),
        "calibrate": ("calibrate", "Make a scenario whose patient behaves like a diary."),
        "pack": ("pack", "Make the blinded pack of a trial and seal its key."),
        "open-pharmacy": ("open_pharmacy", "Open the pharmacist's papers of a pack."),
        "reissue": ("reissue", "Make dated papers again after a late start or a pause."),
        "check-diary": ("check_diary", "Look at a diary without the key, at every visit."),
        "freeze": ("freeze", "Freeze a diary, and print a receipt."),
        "rehearse": ("rehearse", "Let a simulated patient keep the diary of a rehearsal."),
        "reveal": ("reveal", "Break the code of one kit, or open the key."),
        "analyze": ("analyze", "Analyze a diary as it was planned."),
        "web": ("web", "Plan a trial on a page in a browser, on this machine."),
    },
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_version,
    help="Show the version, the code that makes figures and what it computes with.",
)  # fmt: skip
def main() -> None:
    """Plan a blinded crossover trial in one patient: could it detect an effect?

    To begin with: n1trial scenarios, then n1trial run with one of their names.
    """
