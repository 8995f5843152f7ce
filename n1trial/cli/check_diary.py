"""`n1trial check-diary`: a blinded look at a diary, at every visit."""

from __future__ import annotations

from pathlib import Path

import click

from n1trial.cli.echo import say


@click.command("check-diary")
@click.argument("path", metavar="DIARY")
@click.option(
    "--pack", metavar="DIR", type=click.Path(path_type=Path),
    help="Folder of the pack that the diary belongs to; only its blinded files are read.",
)  # fmt: skip
@click.option(
    "--means", "with_means", is_flag=True,
    help="Show the mean score of each week: whoever reads these beside the kits can guess the order.",
)  # fmt: skip
def command(path: str, pack: Path | None, with_means: bool) -> None:
    """Look at a diary without the key, at every visit.

    DIARY is the CSV file of a pack, as far as it has been filled in. Tells faults of the file by line, completeness by
    week, what was written later, deviations from the plan, and whether the stop rule is met: yes or no. No sealed file
    is read, and nothing of what the kits hold is known here. Mean scores are left out unless --means is given.
    """
    from n1trial.pack.visit.blinded_look import look
    from n1trial.pack.visit.terminal import check_in_words

    say(check_in_words(look(path, pack), with_means=with_means), nl=False)
