"""`n1trial web`: the planning page, on this machine only."""

from __future__ import annotations

import sys
import webbrowser

import click

from n1trial.cli.echo import say
from n1trial.cli.group import KEPT
from n1trial.errors import InputError
from n1trial.extras import install_command


@click.command("web")
@click.option(
    "--port", metavar="P", type=click.IntRange(0, 65535), default=8757, show_default=True,
    help="Port of 127.0.0.1; 0 takes one that is free.",
)  # fmt: skip
@click.option(
    "--browser/--no-browser", default=None, help="Open it in a browser.  [default: where a terminal is there]"
)
@click.pass_context
def command(ctx: click.Context, port: int, browser: bool | None) -> None:
    """Plan a trial on a page in a browser, on this machine.

    The page is served on this machine, to this machine alone, until Ctrl-C. It plans, simulates, compares and searches
    designs, makes packs and looks at diaries by the same code as the other commands.
    """
    try:
        from n1trial.web.serve import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "n1trial":
            raise
        raise InputError(
            f"the page needs Shiny, which is not installed; this installs it: {install_command('web')}"
        ) from None

    def tell(address: str) -> None:
        say(f"The planning page is at {address} - Ctrl-C ends it.", err=True)
        if sys.stderr.isatty() if browser is None else browser:
            webbrowser.open(address)

    ctx.meta[KEPT] = "the page is closed"
    serve(port, tell)
