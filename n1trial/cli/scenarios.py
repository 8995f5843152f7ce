"""`n1trial scenarios`: which scenarios come with n1trial."""

from __future__ import annotations

import click


@click.command("scenarios")
def command() -> None:
    """List the shipped scenarios."""
    from n1trial.scenario.library import shipped

    width = max((len(scenario.name) for scenario in shipped()), default=0)
    for scenario in shipped():
        click.echo(f"{scenario.name:<{width}}  {scenario.title}".rstrip())
