"""`n1trial freeze`: the diary as it is, with a receipt to be signed before the key opens."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from n1trial.cli.echo import say
from n1trial.cli.group import KEPT
from n1trial.cli.numbers import Day
from n1trial.cli.options import by_option, line_of_text


@click.command("freeze")
@click.argument("path", metavar="DIARY", type=click.Path(path_type=Path))
@click.option(
    "--pack", metavar="DIR", type=click.Path(path_type=Path), required=True,
    help="Folder of the pack that the diary belongs to; no sealed file is opened.",
)  # fmt: skip
@by_option
@click.option(
    "--ended", metavar="DATE", type=Day(),
    help="The trial ended early, on this day, as in 2027-05-23; needs --reason. The key opens from then on.",
)  # fmt: skip
@click.option(
    "--reason", metavar="TEXT", callback=line_of_text,
    help="Why the trial ended early, or why values were corrected since the diary was last frozen.",
)  # fmt: skip
@click.option(
    "--join", "copies", metavar="LOG", multiple=True, type=click.Path(path_type=Path),
    help="Log of a copy of the pack, as the on-call desk has one: its lines are joined first. Any number of times.",
)  # fmt: skip
@click.option(
    "--out", metavar="FILE", type=click.Path(path_type=Path), help="Write the receipt to a new file as well."
)  # fmt: skip
@click.pass_context
def command(
    ctx: click.Context,
    path: Path,
    pack: Path,
    by: str | None,
    ended: date | None,
    reason: str | None,
    copies: tuple[Path, ...],
    out: Path | None,
) -> None:
    """Freeze a diary, and print a receipt.

    DIARY is the CSV file of a pack, filled in. Its values are kept in the folder frozen of the pack, and its hashes go
    into trial.log. Two persons compare the receipt with the diary and sign it before the key opens; analyze --receipt
    then says whether diary and log are still these. Whoever corrects a value after that freezes the diary again, with
    --by and --reason.
    """
    from n1trial.files.write import check_new_file, write_new_file
    from n1trial.pack.freeze.freeze import Declaration
    from n1trial.pack.freeze.freeze_diary import freeze_diary, join_copies
    from n1trial.pack.freeze.receipt_words import receipt_in_words
    from n1trial.pack.log.log import LOG, today

    if out is not None:
        check_new_file(out, f"--out {out}")
    join_copies(pack, copies)
    found = freeze_diary(path, pack, Declaration(by, (reason or "").strip() or None, ended), today())
    ctx.meta[KEPT] = f"the diary is frozen in {pack / LOG}"
    receipt = receipt_in_words(found)
    say(receipt, nl=False)
    if out is not None:
        write_new_file(out, receipt, f"--out {out}")
