"""`n1trial web`: the planning page, on this machine only."""

from __future__ import annotations

import sys
import webbrowser
from typing import TYPE_CHECKING

import click

from n1trial.cli.echo import say
from n1trial.cli.group import KEPT
from n1trial.cli.numbers import Whole
from n1trial.cli.options import settle_place
from n1trial.errors import InputError
from n1trial.extras import install_command

if TYPE_CHECKING:
    from n1trial.web.server.invitations import Invitations


@click.command("web")
@click.option(
    "--port", metavar="P", type=Whole(0, 65535), default=8757, show_default=True,
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

    The address that is printed opens the page once, within 60 seconds. A browser that was let in is known until it is
    closed. For another one, open the address without its ending (http://127.0.0.1:8757/): a new address is printed.
    """
    try:
        from n1trial.web.diary.unzip import FRESH, PACKS
        from n1trial.web.server.entry import SECONDS
        from n1trial.web.server.serve import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "n1trial":
            raise
        raise InputError(
            f"the page needs Shiny, which is not installed; this installs it: {install_command('web')}"
        ) from None

    def tell(address: str) -> None:
        say(f"{address} opens the planning page once, within {SECONDS:.0f} seconds.", err=True)

    def begin(invitations: Invitations) -> None:
        is_opened = sys.stderr.isatty() if browser is None else browser
        if is_opened:
            _open(invitations)
        say(f"To open it again later, go to {invitations.home}: a new address is then printed here.", err=True)
        say("Ctrl-C ends the page.", err=True)
        invitations.renew()

    settle_place(PACKS / FRESH)
    ctx.meta[KEPT] = "the page is closed"
    serve(port, begin, tell)


def _open(invitations: Invitations) -> None:
    """Open the page in a browser, by an address of its own: other accounts may see what a browser is started with."""
    address = invitations.address()
    if webbrowser.open(address):
        say("The planning page opens in your browser. If it does not, open the address that follows.", err=True)
    else:
        invitations.withdraw(address)
