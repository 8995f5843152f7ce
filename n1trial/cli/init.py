"""`n1trial init`: a scenario file to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from n1trial.cli.echo import say
from n1trial.cli.options import load
from n1trial.files.write import write_new_file


@click.command("init")
@click.argument("name")
@click.option(
    "--from", "source", metavar="SCENARIO", default="minimal", show_default=True,
    help="Begin with the values of this scenario, a file or the name of a shipped one.",
)  # fmt: skip
def command(name: str, source: str) -> None:
    """Write a commented scenario file to edit.

    NAME is the new scenario's name: letters, digits and hyphens. It is written to NAME.toml in the current folder,
    with every key explained; a file that is there already is never overwritten.
    """
    from n1trial.scenario.file import library
    from n1trial.scenario.file.write import starter

    text = starter(name, load(source, {}))
    if name in library.paths() and source != name:
        say(f"{name} is a shipped scenario; to begin with its values add --from {name}", err=True)
    path = Path(f"{name}.toml")
    write_new_file(path, text)
    say(
        f"{path} written, with the values of {source}. Edit it, then:\n"
        f"  n1trial check {path}   tells what is wrong with it and what it assumes\n"
        f"  n1trial run {path}     says whether the trial could give an answer"
    )
