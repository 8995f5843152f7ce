"""Remake the example of a whole trial: ``.tools/bin/uv run python docs/example/remake.py``."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

from click.testing import CliRunner

from n1trial.cli import main

HERE = Path(__file__).parent
KEPT = ("returned.csv", "letter-patient.txt", "letter-physician.txt")
"""Files of the example that are kept beside its page."""
ANALYSIS = "results/analysis"
COMMITMENT = re.compile(r"(?:[0-9a-f]{8} ){7}[0-9a-f]{8}")
VERSIONS = re.compile(r"Analyzed with n1trial.*?made the pack\.", re.DOTALL)
NOW = datetime(2027, 11, 20, 10, tzinfo=UTC)
"""Time of every line of the log."""
FIRST_VISITS_LINES = 141
"""Lines of the diary at the visit in week 21: its header and 140 days."""
STEPS = (
    ("The pack", "Made from a seed, so that it can be made again; a real one is not. Passphrases are asked for.",
     "n1trial pack b12-6-to-8-week --start-date 2027-01-04 --out rehearsal --seed 1"),
    ("A simulated patient keeps the diary", "A real one does so on paper, or in `patient/diary.csv`. The simulated "
     "patient is the first of those that the scenario makes: the drug does as much as was planned for.",
     "n1trial rehearse rehearsal/key.age --out returned.csv"),
    ("A visit, blinded", f"After 20 weeks: the first {FIRST_VISITS_LINES - 1} days of that diary.",
     "n1trial check-diary so-far.csv --pack rehearsal"),
    ("Would the key open?", "It can be tried at any time, and nothing of it is shown.",
     "n1trial reveal rehearsal/key.age --check"),
    ("One kit has to be known", "The reason is kept in `rehearsal/trial.log`.",
     'n1trial reveal rehearsal/key.age --kit TY7-YRT --reason "found by a child"'),
    ("The diary is frozen", "Two persons compare the receipt with the diary and sign it, before the key opens.",
     'n1trial freeze returned.csv --pack rehearsal --by "A. Nurse" --out receipt.txt'),
    ("The end", "The key is opened, held against its commitment, the diary against the receipt, and the planned "
     "analysis run.",
     f"n1trial analyze returned.csv --key rehearsal/key.age --receipt receipt.txt --out {ANALYSIS}"),
)  # fmt: skip
"""Title, explanation and command of each step."""
INTRODUCTION = """\
# A whole trial

A simulated patient is taken through the plan that `b12-6-to-8-week` makes: pack, diary, visits, key, analysis, letters.
All of it was printed by the commands shown; `.tools/bin/uv run python docs/example/remake.py` prints it again, and a
test holds this page against it. What differs from machine to machine is left out (`...`): versions of code and
libraries, and the commitment, which covers them. Nobody took anything, and nothing here says whether vitamin B12 helps.
"""
CLOSING = """\
## What came of it

The letters, ready to be edited: [to the physician](letter-physician.txt), [to the patient](letter-patient.txt).
The diary: [returned.csv](returned.csv). `analysis.html` holds every kit and period as pictures.

In this patient the drug truly lowers the score by one point, and the trial does not show it: as `n1trial run` said
beforehand, 84 of 100 such trials would not. That is why the plan is judged before a year is spent on it.
"""


def steps(folder: Path) -> Iterator[tuple[str, str, str, str]]:
    """Take every step in an empty folder: its title, explanation, command and what it printed."""
    with _within(folder):
        for title, explanation, command in STEPS:
            with mock.patch("n1trial.pack.log.log.now", return_value=NOW):
                result = CliRunner().invoke(main, shlex.split(command)[1:])
            if result.exit_code:
                raise RuntimeError(f"{command}: {result.output}")
            yield title, explanation, command, result.stdout
            if Path("returned.csv").is_file() and not Path("so-far.csv").exists():
                lines = Path("returned.csv").read_text(encoding="utf-8").splitlines(keepends=True)
                Path("so-far.csv").write_text("".join(lines[:FIRST_VISITS_LINES]), encoding="utf-8")


def of_any_machine(text: str) -> str:
    """Leave out what differs from machine to machine: versions, and the commitment, which covers them."""
    return COMMITMENT.sub(" ".join(["........"] * 8), VERSIONS.sub("Analyzed with ...", text))


def page(folder: Path) -> str:
    """Text of the example's page, made in an empty folder."""
    parts = [INTRODUCTION]
    for number, (title, explanation, command, printed) in enumerate(steps(folder), start=1):
        shown = "\n".join(f"    {line}".rstrip() for line in of_any_machine(printed).splitlines())
        parts.append(f"## {number}. {title}\n\n{explanation}\n\n```sh\n{command}\n```\n\n{shown}\n")
    return "\n".join([*parts, CLOSING])


def kept(folder: Path) -> dict[str, str]:
    """Texts that the steps left in a folder and that are kept, by name."""
    places = {name: folder / name if (folder / name).is_file() else folder / ANALYSIS / name for name in KEPT}
    return {name: of_any_machine(path.read_text(encoding="utf-8")) for name, path in places.items()}


@contextlib.contextmanager
def _within(folder: Path) -> Iterator[None]:
    """Work in a folder, with a passphrase that nobody is asked for."""
    before, passphrase = Path.cwd(), os.environ.get("N1TRIAL_PASSPHRASE")
    os.environ["N1TRIAL_PASSPHRASE"] = "an example needs no secret"
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        del os.environ["N1TRIAL_PASSPHRASE"]
        if passphrase is not None:
            os.environ["N1TRIAL_PASSPHRASE"] = passphrase


def remake() -> None:
    """Write the page and the files beside it."""
    with tempfile.TemporaryDirectory() as folder:
        (HERE / "README.md").write_text(page(Path(folder)), encoding="utf-8")
        for name, text in kept(Path(folder)).items():
            (HERE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    remake()
