"""`n1trial open-pharmacy`: the pharmacist's papers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from n1trial.cli.echo import say
from n1trial.cli.numbers import Day, Whole
from n1trial.cli.options import OUT, by_option
from n1trial.cli.passphrase import OF_THE_PHARMACY, VARIABLE, ask
from n1trial.errors import InputError


@click.command("open-pharmacy")
@click.argument("path", metavar="SEALED", type=click.Path(path_type=Path))
@click.option(
    "--out", metavar="DIR", required=True, type=click.Path(path_type=Path), help="A new folder for the papers."
)
@click.option("--fill", metavar="N", type=Whole(1), help="Print the labels of this fill alone.")
@click.option(
    "--use-by", metavar="DATE", multiple=True, type=Day(),
    help="With --fill: the use-by date to print, as in 2027-12-31. Given twice, for the two substances: the earlier.",
)  # fmt: skip
@click.option(
    "--pack", metavar="DIR", type=click.Path(path_type=Path),
    help="Folder of the pack, whose log tells of dates that moved.  [default: that of SEALED]",
)  # fmt: skip
@by_option
def command(
    path: Path, out: Path, fill: int | None, use_by: tuple[date, ...], pack: Path | None, by: str | None
) -> None:
    """Open the pharmacist's papers of a pack.

    SEALED is pharmacy.age. What comes out shows what each kit holds: not for the clinic, and not for the patient.
    The passphrase is asked for, or taken from N1TRIAL_PHARMACY_PASSPHRASE, else from N1TRIAL_PASSPHRASE. Nothing is
    written but papers with the names that a pack gives them. That they were opened stands in trial.log beside it.

    Where n1trial reissue moved the dates of the pack, labels, contents, fills and logs are printed with the new ones.

    With --fill N the labels of that fill alone come out, and show nothing of what a kit holds. The date of --use-by is
    the same on all of them, never one for each substance: that would tell the kits apart.
    """
    from n1trial.files.folders import check_new_folder, write_new_folder
    from n1trial.pack.log.log import record_if_possible
    from n1trial.pack.make.folder import open_pharmacy
    from n1trial.pack.pharmacy.labels import labels_of_fill
    from n1trial.pack.pharmacy.papers import with_newest_dates
    from n1trial.pack.sealed.files import PHARMACY, check_sealed, sealed_content
    from n1trial.pack.sealed.open_key import log_failure
    from n1trial.pack.sealed.seal import SealError

    if use_by and fill is None:
        raise InputError("--use-by: needs --fill, the number of the fill whose labels are printed")
    content = sealed_content(path)
    check_sealed(content, path, PHARMACY)
    check_new_folder(out, f"--out {out}", OUT)
    passphrase = ask(False, "the pharmacy's papers", OF_THE_PHARMACY, VARIABLE)
    try:
        sealed = open_pharmacy(content, passphrase, str(path))
    except SealError as error:
        log_failure(path.parent, path, error, "open-pharmacy", by)
        raise
    files = with_newest_dates(sealed, path.parent if pack is None else pack)
    labels = None if fill is None else labels_of_fill(files, fill, list(use_by))
    record_if_possible(path.parent, "pharmacy", by, fill=fill, use_by=min(use_by, default=None))
    if labels is not None:
        write_new_folder(out, labels, private=".")
        until = f"use by {min(use_by)}" if use_by else "use-by dates as the pack has them"
        say(f"Labels of fill {fill} in {out}, {until}. They show nothing of what a kit holds.")
        return
    write_new_folder(out, files, private=".")
    say(f"{len(files)} papers in {out}; they show what each kit holds. Print them, then delete the folder.")
