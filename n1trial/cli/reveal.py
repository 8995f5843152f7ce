"""`n1trial reveal`: what a kit holds, for a reason; or all of it, at the end."""

from __future__ import annotations

from pathlib import Path

import click

from n1trial.cli.echo import say
from n1trial.cli.options import line_of_text
from n1trial.cli.passphrase import ask


@click.command("reveal")
@click.argument("path", metavar="KEY", type=click.Path(path_type=Path))
@click.option("--kit", metavar="CODE", help="Show what this one kit holds.")
@click.option("--reason", metavar="TEXT", callback=line_of_text, help="Why it has to be known; kept in the log.")
@click.option("--all", "is_all", is_flag=True, help="Show everything: the trial is over.")
@click.option(
    "--check", "is_check", is_flag=True, help="Show that the key opens and is the right one, and nothing else."
)
@click.option(
    "--commitment", metavar="HEX", help="As it stands on any blinded paper, where commitment.txt is not there."
)
@click.pass_context
def command(
    ctx: click.Context,
    path: Path,
    kit: str | None,
    reason: str | None,
    is_all: bool,
    is_check: bool,
    commitment: str | None,
) -> None:
    """Break the code of one kit, or open the key.

    KEY is key.age of a pack, or its code-break.age, which opens for one kit by the one-time phrase on that kit's slip.
    What is shown is first written to reveals.log beside it. In an emergency care does not wait for this: treat as if
    the drug were taken.
    """
    if (kit is not None) + is_all + is_check != 1:
        raise click.UsageError("choose one of --kit CODE, --all and --check", ctx)
    if (kit is not None) != bool(reason and reason.strip()):
        raise click.UsageError("--kit needs --reason TEXT, and only --kit does", ctx)
    from n1trial.pack import reveal
    from n1trial.pack.codebreak import broken_code, is_code_break_file
    from n1trial.pack.older_logs import REVEALS, append
    from n1trial.pack.opened import check_sealed, open_key, sealed_content, stated_commitment

    code = reveal.checked_code(kit) if kit is not None else None
    content, log = sealed_content(path), path.parent / REVEALS
    if is_code_break_file(content):
        if commitment is not None:
            raise click.UsageError("--commitment belongs to the key; code-break.age has none", ctx)
        if code is None:
            raise click.UsageError(f"{path.name} holds each kit apart: --kit CODE --reason TEXT", ctx)
        name = broken_code(content, code, ask(False, f"kit {code} (the one-time phrase on its slip)"), str(path))
        append(log, f"kit {code} by its slip. Reason: {reason}")
        say(f"Kit {code} holds {name}.")
        return
    check_sealed(content, path)
    stated = stated_commitment(path.parent, commitment)
    opened = open_key(content, ask(False, "the key"), stated, path, path.parent)
    if code is not None:
        name = reveal.one_kit(opened.key, code)
        append(log, f"kit {code} by the key. Reason: {reason}")
        say(f"Kit {code} holds {name}.")
    elif is_check:
        say(reveal.proof(opened), nl=False)
    else:
        append(log, "all")
        say(reveal.everything(opened), nl=False)
