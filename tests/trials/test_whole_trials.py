"""Three trials from `init` to the letters: the flagship that ends early, a night dose, and minutes twice a day."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.pack.conftest import quick as quick  # the fixture
from tests.trials.trial import Row, Trial, noisy

pytestmark = pytest.mark.usefixtures("quick", "one_look", "one_process")
FEW = {"simulation.replicates": 200}


def events(trial: Trial) -> list[str]:
    """Events of the log, in their order."""
    return [json.loads(line)["event"] for line in trial.text("pack/trial.log").splitlines()]


def monday(weeks_ago: int) -> date:
    """Monday some weeks before today."""
    today = date.today()
    return today - timedelta(days=today.weekday(), weeks=weeks_ago)


def test_a_night_dose_with_periods_of_two_weeks(tmp_path: Path) -> None:
    trial = Trial(tmp_path, "night")
    trial.plan(
        "fast-drug-2-week",
        FEW
        | {
            "title": "Does amitriptyline help this patient's pain?",
            "treatment.name": "Amitriptyline",
            "treatment.dose": "10 mg",
            "treatment.route": "by mouth",
            "treatment.abrupt_stop_safe": True,
            "outcome.name": "Pain of the day",
            "outcome.entry": "evening",
            "pack.times_of_day": ["bedtime"],
        },
    )
    assert "night: valid" in trial.command("check", "night.toml")
    assert "Amitriptyline 10 mg" in trial.command("run", "night.toml", "--out", "answer")
    trial.pack(date(2025, 1, 6), "--by", "Dr. Example")
    papers = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "pack").rglob("*.html")}
    assert not [name for name, text in papers.items() if "made up for the example" in text or "No advice on" in text]
    assert "Treat as if Amitriptyline" in papers["wallet-card.html"]

    score = noisy(6, -2.5, 1, 0, 10, 1)

    def entry(row: Row, is_on_drug: bool) -> Row:
        day = int(row["day"])
        taken = "" if not row["kit"] or day % 11 == 4 else "0" if day % 13 == 5 else "1"
        return {"score": score(is_on_drug), "doses_taken": taken}

    trial.keep_diary("so-far.csv", entry, days=90)
    visit = trial.command("check-diary", "so-far.csv", "--pack", "pack")
    assert "NO, it is not met" in visit
    assert "mean" not in visit.split("Week", 1)[1]
    assert "not said" in visit

    trial.keep_diary("returned.csv", entry)
    kit = trial.rows("pack/clinician/kits.csv")[3]["kit"]
    assert trial.kits()[kit] in trial.command("reveal", "pack/key.age", "--kit", kit, "--reason", "a child found it")
    trial.command("freeze", "returned.csv", "--pack", "pack", "--by", "Nurse Example", "--out", "receipt.txt")
    said = trial.command("analyze", "returned.csv", "--key", "pack/key.age", "--receipt", "receipt.txt", "--out", "end")
    assert "A BENEFIT IS SHOWN" in said
    assert "gives the same figures" in said
    assert "is the file of the receipt" in said
    for letter in ("end/letter-patient.txt", "end/letter-physician.txt"):
        assert "Amitriptyline helped" in trial.text(letter)
    assert kit in trial.text("end/letter-physician.txt")
    assert kit not in trial.text("end/letter-patient.txt")
    assert "a child found it" in trial.text("end/deviations.csv")
    assert events(trial) == ["pack", "pharmacy", "kit", "freeze", "freeze", "open"]
    assert "Dr. Example" in trial.text("pack/trial.log")


@pytest.mark.usefixtures("no_pictures")
def test_minutes_of_sleep_with_two_capsules_twice_a_day(tmp_path: Path) -> None:
    trial = Trial(tmp_path, "sleep")
    trial.plan(
        "minimal",
        FEW
        | {
            "treatment.name": "Valerian",
            "treatment.dose": "300 mg",
            "treatment.effect": 40.0,
            "treatment.abrupt_stop_safe": True,
            "outcome.name": "Minutes asleep",
            "outcome.scale": [0, 600],
            "outcome.step": 5,
            "outcome.better": "higher",
            "outcome.mcid": 30,
            "outcome.unit": "minutes",
            "patient.baseline": 330,
            "patient.daily_sd": 45,
            "design.run_in_days": 21,
            "design.period_days": 28,
            "design.cycles": 3,
            "pack.times_of_day": ["morning", "bedtime"],
            "pack.units_per_dose": 2,
        },
    )
    trial.command("check", "sleep.toml")
    trial.command("run", "sleep.toml", "--out", "answer")
    trial.pack(date(2024, 2, 8))  # a Thursday, with 29 February in the run-in
    assert "minutes" in trial.text("pack/patient/diary.html")
    assert "29 Feb" in trial.text("pack/patient/diary.html")

    score = noisy(330, 0, 40, 0, 600, 5)

    def entry(row: Row, is_on_drug: bool) -> Row:
        return {"score": score(is_on_drug), "doses_taken": "2" if row["kit"] else ""}

    trial.keep_diary("returned.csv", entry)
    trial.command("check-diary", "returned.csv", "--pack", "pack", "--means")
    receipt = trial.command("freeze", "returned.csv", "--pack", "pack", "--out", "receipt.txt")
    assert "RECEIPT" in receipt
    # a value is corrected after the receipt was signed
    lines = trial.text("returned.csv").splitlines()
    changed = next(at for at, line in enumerate(lines) if ",300," in line)
    (tmp_path / "corrected.csv").write_text(
        "\n".join([*lines[:changed], lines[changed].replace(",300,", ",305,", 1), *lines[changed + 1 :]]) + "\n",
        encoding="utf-8",
    )
    said = trial.command(
        "analyze", "corrected.csv", "--key", "pack/key.age", "--receipt", "receipt.txt", "--out", "end"
    )
    assert "300" in said
    assert "305" in said
    assert "A BENEFIT IS SHOWN" not in said
    letters = trial.text("end/letter-patient.txt") + trial.text("end/letter-physician.txt")
    assert "Valerian helped" not in letters
    assert "Valerian makes your" not in letters
    assert "points" not in letters
    assert "minutes" in letters


@pytest.mark.usefixtures("no_pictures")
def test_the_flagship_that_ends_early(tmp_path: Path) -> None:
    trial = Trial(tmp_path, "b12")
    trial.plan("b12-6-to-8-week", FEW | {"treatment.abrupt_stop_safe": True})
    trial.command("check", "b12.toml")
    trial.command("run", "b12.toml", "--out", "answer")
    start = monday(weeks_ago=22)
    trial.pack(start)
    days = (date.today() - start).days - 7
    score = noisy(6, 0, 1.2, 0, 10, 1)

    def entry(row: Row, is_on_drug: bool) -> Row:
        return {"score": score(is_on_drug), "doses_taken": "1" if row["kit"] else ""}

    trial.keep_diary("returned.csv", entry, days=days)
    for words in (
        ("analyze", "returned.csv", "--key", "pack/key.age", "--out", "end"),
        ("reveal", "pack/key.age", "--all", "--yes"),
    ):
        trial.command(*words, ends=2)
        assert "freeze" in trial.said[words[0]]
    assert not (tmp_path / "end").exists()

    last = start + timedelta(days=days - 1)
    end = ("--ended", str(last), "--reason", "moved to another town")
    trial.command("freeze", "returned.csv", "--pack", "pack", *end, "--out", "receipt.txt")
    said = trial.command("analyze", "returned.csv", "--key", "pack/key.age", "--receipt", "receipt.txt", "--out", "end")
    assert "NOT CLEAR" in said
    assert "moved to another town" in said + trial.text("end/letter-physician.txt")
    assert "not clear" in trial.text("end/letter-patient.txt").lower()
    assert "Vitamin B12" in trial.command("reveal", "pack/key.age", "--all", "--yes")
    assert events(trial)[-1] == "all"
