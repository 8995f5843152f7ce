"""`n1trial scenarios`: which scenarios come with n1trial."""

from __future__ import annotations

import click

from n1trial.cli.echo import say


@click.command("scenarios")
def command() -> None:
    """List the shipped scenarios."""
    from n1trial.report.words import layout_in_short
    from n1trial.scenario.file.library import shipped_scenarios
    from n1trial.scenario.file.load import load_scenario

    rows = [(each.name, layout_in_short(load_scenario(each.path)), each.title) for each in shipped_scenarios()]
    name_width, layout_width = (max((len(row[column]) for row in rows), default=0) for column in (0, 1))
    for name, layout, title in rows:
        say(f"{name:<{name_width}}  {layout:<{layout_width}}  {title}".rstrip())
