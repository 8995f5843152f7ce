"""`n1trial rehearse`: the diary that a simulated patient would bring home."""

from __future__ import annotations

from pathlib import Path

import click

from n1trial.cli.echo import say
from n1trial.cli.numbers import Number, Whole
from n1trial.cli.passphrase import ask
from n1trial.errors import InputError
from n1trial.files.read import read_file
from n1trial.files.write import check_new_file, write_new_file


@click.command("rehearse")
@click.argument("path", metavar="KEY", type=click.Path(path_type=Path))
@click.option("--out", metavar="FILE", required=True, type=click.Path(path_type=Path), help="The diary; a new file.")
@click.option("--seed", metavar="S", type=Whole(0), default=0, show_default=True, help="Which patient.")
@click.option(
    "--effect",
    metavar="E",
    type=Number(),
    help="Full effect of the drug in this patient.  [default: as likely as planned]",
)
def command(path: Path, out: Path, seed: int, effect: float | None) -> None:
    """Let a simulated patient keep the diary of a rehearsal.

    KEY is key.age of a pack that was made with --seed, in its folder. The diary that comes out can be checked and
    analyzed like one that a patient brought home: to practice, and to see what will come.
    """
    from n1trial.pack.log.log import record_if_possible
    from n1trial.pack.make.rehearse import fill_in, live_through
    from n1trial.pack.sealed.files import check_sealed, sealed_content
    from n1trial.pack.sealed.open_key import open_and_log
    from n1trial.pack.trial.commitment import stated_commitment
    from n1trial.pack.trial.moves import newest_papers

    content = sealed_content(path)
    check_sealed(content, path)
    blank = newest_papers(path.parent) / "patient" / "diary.csv"
    if not blank.is_file():
        raise InputError(f"{blank}: is not there, and it is the diary to fill in")
    check_new_file(out, f"--out {out}")
    stated = stated_commitment(path.parent)
    key = open_and_log(content, lambda: ask(False, "the key"), stated, path, path.parent, "rehearse").key
    record_if_possible(path.parent, "rehearse")
    low, high = key.trial.scenario.outcome.scale
    if effect is not None and abs(effect) > high - low:
        raise InputError(f"--effect {effect:g}: must be no larger in size than the width of the scale, {high - low:g}")
    text = fill_in(read_file(blank).decode("utf-8-sig", errors="replace"), key, live_through(key, seed, effect))
    write_new_file(out, text, f"--out {out}")
    say(f"{out}: the diary of simulated patient {seed}, not of a person.")
