from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from n1trial.errors import InputError
from n1trial.report.trace.folder import diary_columns, diary_rows, save_trace
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.life import Life
from n1trial.simulation.story import story
from tests.simulation.lives import at, lived, quiet_life
from tests.strategies import scenarios


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def saved(life: Life, folder: Path) -> Path:
    return save_trace(life, story(life), folder / "trace")


def test_the_diary_is_a_row_a_planned_day(tmp_path: Path) -> None:
    life = quiet_life(
        design={"run_in_days": 1, "period_days": 2, "washout_days": 1},
        outcome={"step": 0.1},
        secondary=[
            {
                "name": "Sleep", "scale": [0, 10], "better": "higher", "mcid": 1.0, "every_days": 3, "baseline": 6.0,
                "daily_sd": 0.0, "effect": 1.0,
            }
        ],
    )  # fmt: skip
    score = life.diary.score.copy()
    score[[2, 4, 5]] = np.nan
    life = replace(life, diary=replace(life.diary, score=score), is_taken=~at(life, 1), dropout_day=3)
    text = (saved(life, tmp_path) / "diary.csv").read_text(encoding="utf-8")
    assert (
        text
        == """\
day,period,cycle,treatment,score,doses_taken,Sleep
-1,0,0,0,5,,6
0,1,1,1,3,1,
1,1,1,1,,0,
2,0,0,0,5,1,6
3,2,1,0,,,
4,2,1,0,,,
"""
    )


@settings(max_examples=50, deadline=None)
@given(scenario=scenarios(), seed=st.integers(0, 2**32 - 1))
def test_the_diary_holds_what_was_written(scenario: Scenario, seed: int) -> None:
    life = lived(scenario, 0, seed)
    columns = diary_columns(life)
    rows = [dict(zip(columns, row, strict=True)) for row in diary_rows(life)]
    assert [row["day"] for row in rows] == life.day.tolist()
    for name in ("period", "cycle", "treatment"):
        assert [row[name] for row in rows] == getattr(life, name).tolist()
    scores = [float(str(row["score"]) or "nan") for row in rows]
    np.testing.assert_allclose(scores, life.score, rtol=0, atol=0 if scenario.outcome.step == 0 else 1e-9)
    for name, (days, values) in life.secondary.items():
        held = {int(str(row["day"])): float(str(row[name])) for row in rows if row[name] != ""}
        there = ~np.isnan(values)
        assert list(held) == days[there].tolist()
        np.testing.assert_allclose(list(held.values()), values[there], rtol=0, atol=1e-9)


def test_events_are_those_of_the_story(tmp_path: Path) -> None:
    life = quiet_life(design={"run_in_days": 7})
    life = replace(life, hits={"stress, or so": at(life, 1)})
    assert read(saved(life, tmp_path) / "events.csv") == [
        {"day": "-7", "weekday": "Mon", "week": "run-in", "what": "run-in", "text": "run-in begins, without treatment"},
        {
            "day": "0", "weekday": "Mon", "week": "1", "what": "first day",
            "text": "first blinded day, on Drug: round 1, period 1 of 2",
        },
        {"day": "1", "weekday": "Tue", "week": "1", "what": "trigger", "text": "trigger: stress, or so"},
        {
            "day": "4", "weekday": "Fri", "week": "1", "what": "change-over",
            "text": "change-over from Drug to Placebo: round 1, period 2 of 2",
        },
        {"day": "7", "weekday": "Mon", "week": "2", "what": "end", "text": "the trial ends"},
    ]  # fmt: skip


def test_scenario_and_provenance_are_beside_it(tmp_path: Path) -> None:
    life = replace(quiet_life(), seed=4, replicate=9)
    folder = saved(life, tmp_path)
    assert load_scenario(folder / "scenario.toml") == life.scenario
    provenance = json.loads((folder / "trace.json").read_text(encoding="utf-8"))
    assert provenance["scenario"] == "quiet"
    assert (provenance["seed"], provenance["replicate"]) == (4, 9)
    assert (provenance["effect"], provenance["dropout_day"]) == (-2.0, None)


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "trace"
    folder.mkdir()
    (folder / "thesis.txt").write_text("precious", encoding="utf-8")
    with pytest.raises(InputError, match="holds files but no earlier results"):
        saved(quiet_life(), tmp_path)
    assert [path.name for path in folder.iterdir()] == ["thesis.txt"]
