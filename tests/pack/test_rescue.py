"""What is left if a key is lost: slips and a column of treatments give the same figures as the key would."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from n1trial.analysis.analyze import analyze
from n1trial.diary.file.read import read_diary
from n1trial.pack.end.conclude import conclude
from n1trial.pack.end.trial_diary import join
from n1trial.pack.sealed.allocation import contents
from tests.pack.kept import filled, lived, read, scenario_of


@pytest.mark.parametrize("primary", ["paired", "exposure", "randomization"])
def test_a_diary_typed_from_slips_gives_the_figures_of_the_key(primary: str, tmp_path: Path) -> None:
    scenario = scenario_of(conduct__dropout_per_week=0.0, analysis__primary=primary)
    diaries, key = lived(scenario, 5, -2.0)
    rows = filled(diaries, key.trial)
    final = conclude(join(read(rows, key.trial, tmp_path), key))
    slips, round_days = contents(key.trial, key.allocation), 2 * scenario.design.period_days
    typed: list[tuple[Any, ...]] = []
    before = (0, 0)
    for row in rows:
        held, day = slips.get(row["kit"]), int(row["day"])
        now = (0, 0) if held is None else (day // round_days + 1, int(held))
        period = 0 if held is None else typed[-1][3] + (now != before) if before != (0, 0) else 1
        typed.append((day, row["score"], row["doses_taken"], period, *now))
        before = now
    path = tmp_path / "slips.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("day", "score", "doses_taken", "period", "cycle", "treatment"))
        writer.writerows(typed)
    diary = read_diary(path, scenario.plan())
    for method, found in final.estimates.items():
        again = analyze(diary, method)
        for figure in ("estimate", "ci_low", "ci_high", "p_value"):
            np.testing.assert_array_equal(getattr(again, figure), getattr(found, figure), err_msg=method)
