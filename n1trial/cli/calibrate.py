"""`n1trial calibrate`: a scenario whose patient behaves like a diary."""

from __future__ import annotations

import json
from pathlib import Path

import click

from n1trial.cli.echo import say, say_json, say_toml
from n1trial.cli.options import load, set_option
from n1trial.errors import InputError
from n1trial.files.write import check_new_file, write_new_file


@click.command("calibrate")
@click.argument("path", metavar="DIARY")
@click.option(
    "--from", "source", metavar="SCENARIO", default="minimal", show_default=True,
    help="Take drug, design and all else that no diary tells from this scenario, a file or a shipped one.",
)  # fmt: skip
@set_option
@click.option(
    "--out", metavar="FILE", type=click.Path(path_type=Path),
    help="Write the scenario to this new file.  [default: standard output]",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print what was found as one JSON document.")
def command(path: str, source: str, changes: dict[str, str], out: Path | None, as_json: bool) -> None:
    """Make a scenario whose patient behaves like a diary.

    DIARY is a CSV file with a header and a row a day: day or date, and score; with kit, or with period, cycle and
    treatment, where the trial has begun. The scenario goes to standard output and what was found to standard error;
    with --out the scenario goes to that file, which must not exist, and what was found to standard output.

    What the diary cannot tell goes out as a range, and n1trial run tells the answer at both ends.
    """
    scenario = load(source, changes)
    if out is not None:
        check_new_file(out)
    from n1trial.diary.file.scores import read_scores
    from n1trial.report.diary.calibration import calibration_in_words
    from n1trial.scenario.file.write import write_calibrated
    from n1trial.study.calibration.calibrate import calibrate

    scores = read_scores(path, scenario.plan(), (scenario.treatment.name, scenario.control.name))
    try:
        found = calibrate(scores, scenario)
    except InputError as error:
        raise InputError(f"{path}: {fault}" for fault in error.faults) from None
    text = write_calibrated(found.scenario)
    if out is not None:
        write_new_file(out, text)
    if as_json:
        say_json(json.dumps(found.to_dict(), indent=2, ensure_ascii=False, allow_nan=False))
    elif out is None:
        say_toml(text)
    say(calibration_in_words(found), nl=False, err=out is None or as_json)
    if out is not None:
        say(f"{out} written; n1trial run {out} says whether such a trial could give an answer", err=True)
