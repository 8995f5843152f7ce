"""`n1trial check`: what a scenario asks for, what it assumes, and what is wrong with it."""

from __future__ import annotations

import json

import click

from n1trial.cli.echo import say, say_json, say_toml
from n1trial.cli.options import load, set_option


@click.command("check")
@click.argument("source", metavar="[SCENARIO]", required=False)
@set_option
@click.option("--resolved", is_flag=True, help="Print the scenario with every value explicit, as a file.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of scenario files, for an editor.")
@click.pass_context
def command(ctx: click.Context, source: str | None, changes: dict[str, str], resolved: bool, schema: bool) -> None:
    """Say what a scenario asks for, assumes and gets wrong.

    SCENARIO is a file or the name of a shipped scenario; --schema needs none.
    """
    if schema:
        from n1trial.scenario.file.schema import schema as schema_of_files

        if resolved:
            raise click.UsageError("choose one of --resolved and --schema", ctx)
        say_json(json.dumps(schema_of_files(), indent=2, ensure_ascii=False))
        return
    if source is None:
        raise click.UsageError("Missing argument 'SCENARIO'.", ctx)
    scenario = load(source, changes)
    if resolved:
        from n1trial.scenario.file.write import write_resolved as resolved_file

        say_toml(resolved_file(scenario))
    else:
        from n1trial.report.check import account
        from n1trial.study.run.endings.stopping import stopped_by_chance

        say(account(scenario, stopped_by_chance(scenario)), nl=False)
