"""`n1trial reissue`: dated papers made again after a late start or a pause."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from n1trial.cli.echo import say
from n1trial.cli.numbers import Day
from n1trial.cli.options import by_option, line_of_text


@click.command("reissue")
@click.argument("pack", metavar="PACK", type=click.Path(path_type=Path))
@click.option(
    "--from-date", metavar="DATE", required=True, type=Day(),
    help="Date on which the diary begins, or goes on after a pause, as in 2027-02-01.",
)  # fmt: skip
@click.option(
    "--paused-after", metavar="DATE", type=Day(),
    help="Last date that was kept before the pause. Without it the start moves, and everything with it.",
)  # fmt: skip
@click.option("--reason", metavar="TEXT", required=True, callback=line_of_text, help="Why; kept in the log.")
@by_option
def command(pack: Path, from_date: date, paused_after: date | None, reason: str, by: str | None) -> None:
    """Make dated papers again after a late start or a pause.

    PACK is the folder of the pack; only its blinded files are read, and no passphrase is asked for. Order, codes and
    kits stay as they were drawn. The new papers go into a folder of their own in it, with a number on every page, and
    trial.log says when, why and by whom. check-diary and analyze then go by the newest dates.
    """
    from n1trial.errors import InputError
    from n1trial.pack.visit.reissue import reissue
    from n1trial.pack.visit.reissue_words import reissue_in_words

    if not reason.strip():
        raise InputError("--reason: must say why the dates move")
    say(reissue_in_words(reissue(pack, from_date, paused_after, reason.strip(), by)), nl=False)
