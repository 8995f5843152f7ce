"""`n1trial check-diary`: a blinded look at a diary, at every visit."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("check-diary")
@click.argument("path", metavar="DIARY")
@click.option(
    "--pack", metavar="DIR", type=click.Path(path_type=Path),
    help="Folder of the pack that the diary belongs to; only its blinded files are read.",
)  # fmt: skip
def command(path: str, pack: Path | None) -> None:
    """Look at a diary without the key, at every visit.

    DIARY is the CSV file of a pack, as far as it has been filled in. Tells faults of the file by line, completeness by
    week, what was written later, deviations from the plan, and whether two weeks were much worse than the run-in. No
    sealed file is read, and nothing of what the kits hold is known here.
    """
    from n1trial.diary.returned import Expected, read_returned
    from n1trial.errors import InputError
    from n1trial.pack.blinded import expected, kit_fault, read_trial
    from n1trial.pack.check import check
    from n1trial.pack.check_words import told

    trial = None
    faults: tuple[str, ...] = ()
    try:
        trial = None if pack is None else read_trial(pack)
    except InputError as error:
        faults = error.faults
    rules = Expected(kit_fault=kit_fault) if trial is None else expected(trial)
    try:
        returned = read_returned(path, rules)
    except InputError as error:
        raise InputError([*faults, *error.faults]) from None
    if faults:
        raise InputError(faults)
    click.echo(told(check(returned, trial)), nl=False)
