"""`n1trial scenarios`: which scenarios come with n1trial."""

from __future__ import annotations

import click

from n1trial.cli.echo import say


@click.command("scenarios")
def command() -> None:
    """List the shipped scenarios."""
    from n1trial.report.lines import table
    from n1trial.report.words import layout_in_short
    from n1trial.scenario.file.library import shipped_scenarios
    from n1trial.scenario.file.load import load_scenario

    rows = [(each.name, layout_in_short(load_scenario(each.path)), each.title) for each in shipped_scenarios()]
    for line in table(rows, left=range(3)):
        say(line)
