"""`n1trial open-pharmacy`: the pharmacist's papers."""

from __future__ import annotations

from pathlib import Path

import click

from n1trial.cli.echo import say
from n1trial.cli.passphrase import OF_THE_PHARMACY, VARIABLE, ask


@click.command("open-pharmacy")
@click.argument("path", metavar="SEALED", type=click.Path(path_type=Path))
@click.option(
    "--out", metavar="DIR", required=True, type=click.Path(path_type=Path), help="A new folder for the papers."
)
def command(path: Path, out: Path) -> None:
    """Open the pharmacist's papers of a pack.

    SEALED is pharmacy.age. What comes out shows what each kit holds: not for the clinic, and not for the patient.
    The passphrase is asked for, or taken from N1TRIAL_PHARMACY_PASSPHRASE, else from N1TRIAL_PASSPHRASE. Nothing is
    written but papers with the names that a pack gives them.
    """
    from n1trial.files import check_new_folder, write_new_folder
    from n1trial.pack.folder import open_pharmacy
    from n1trial.pack.opened import check_sealed, sealed_content

    content = sealed_content(path)
    check_sealed(content, path)
    check_new_folder(out)
    passphrase = ask(False, "the pharmacy's papers", OF_THE_PHARMACY, VARIABLE)
    files = open_pharmacy(content, passphrase, str(path))
    write_new_folder(out, files, private=".")
    say(f"{len(files)} papers in {out}; they show what each kit holds. Print them, then delete the folder.")
