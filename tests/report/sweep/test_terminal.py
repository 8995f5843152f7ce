from __future__ import annotations

from dataclasses import replace

from n1trial.evaluation.characteristics import rate
from n1trial.report.sweep.terminal import sweep_answer
from n1trial.report.sweep.words import axes_in_words, meaning, value_in_words
from n1trial.scenario.file.grid import Axis
from tests.report.sweep_points import grid_of, point, points_of


def test_a_row_a_combination_and_which_to_look_at() -> None:
    grid = grid_of("design.cycles=3,5,7")
    points = [
        point((3,), 0.4, 0.05, weeks=14.0), point((5,), 0.82, 0.05, weeks=22.0), point((7,), 0.9, 0.04, weeks=30.0),
    ]  # fmt: skip
    assert sweep_answer(grid, points) == (
        "Fast drug (made up) or Placebo: rounds (design.cycles) 3, 5, 7\n"
        "3 combinations, 10,000 simulated trials of each if the drug lowered the score by 1 point, as many if\n"
        "  it did nothing. Of 100 trials:\n"
        "\n"
        "cycles  weeks  on placebo  shown  false alarms  right: effect/none  verdict\n"
        "     3     14           9     40             5               40/95  Probably no clear answer\n"
        "     5     22           9     82             5               82/95  Good chance of a clear answer\n"
        "     7     30           9     90             4               90/96  Good chance of a clear answer\n"
        "\n"
        "Shows most: design.cycles = 7, 30 weeks: shown in 90 of 100 (give or take 1) trials.\n"
        "The shortest with a good chance of a clear answer (80 of 100 or more): design.cycles = 5, 22 weeks:\n"
        "  shown in 82 of 100 (give or take 1) trials.\n"
        "Combinations that are fewer than 2 of 100 apart may differ by chance alone.\n"
    )


def test_what_cannot_be_relied_on_is_not_recommended() -> None:
    grid = grid_of("design.cycles=3,5")
    told = sweep_answer(grid, [point((3,), 0.4, 0.05), point((5,), 0.99, 0.2)])
    assert "Shows most: design.cycles = 3" in told
    assert "None has a good chance of a clear answer" in told
    assert "Do not rely on this plan: 1 combination of 2." in told
    assert "20!" in told
    assert "! false alarms are more frequent than was asked for, beyond chance." in told
    none = sweep_answer(grid, [point((3,), 0.4, 0.3), point((5,), 0.99, 0.2)])
    assert "Do not rely on this plan, whatever the values" in none
    assert "Shows most" not in none


def test_of_many_combinations_the_best_are_shown() -> None:
    grid = grid_of("design.cycles=2:26:1")
    points = points_of(grid, lambda changes: {"power": int(str(changes["design.cycles"])) / 40})
    told = sweep_answer(grid, points).splitlines()
    table = told[told.index("") + 1 : told.index("", told.index("") + 1)]
    assert [row.split()[0] for row in table[1:]] == [str(cycles) for cycles in range(26, 14, -1)]
    assert "These 12 of 25 show most; the others are in the table." in told


def test_a_planned_effect_that_is_another_has_a_column() -> None:
    grid = grid_of("design.cycles=3,5")
    points = points_of(grid, lambda _: {"power_planned": rate(1234, 10_000)})
    told = sweep_answer(grid, points)
    assert "shown  as planned  false alarms" in told
    assert "   60          12             5" in told


def test_what_was_left_out_and_what_changes_nothing_is_told() -> None:
    grid = grid_of("design.period_days=14,28", "analysis.discard_days=0,14", "conduct.gap_days=2,3", skip_invalid=True)
    told = sweep_answer(grid, points_of(grid, lambda _: {}))
    assert "Left out, since they break a rule of the scenario: 2 combinations." in told
    assert "conduct.gap_days changes nothing beside the other values of the scenario." in told


def test_keys_of_the_same_name_are_told_apart() -> None:
    grid = grid_of("trigger.stress.effect=0.5,1", "treatment.effect=-1,-2", source="b12-8-week")
    assert "trigger.stress.effect  treatment.effect  weeks" in sweep_answer(grid, points_of(grid, lambda _: {}))


def test_keys_and_values_in_words() -> None:
    assert meaning("design.cycles") == "rounds (design.cycles)"
    assert meaning("patient.drift_sd") == "patient.drift_sd"
    assert [value_in_words(value) for value in (3, 0.25, True, "pairs", [], ["trend"], (1, 2), "x" * 40)] == [
        "3", "0.25", "true", "pairs", "none", '["trend"]', "[1, 2]", "x" * 20 + " ..."
    ]  # fmt: skip
    assert axes_in_words([Axis("patient.drift_sd", tuple(range(1, 21)))]) == "patient.drift_sd 1, 2, 3, ..., 20"


def test_of_a_varied_time_course_it_is_said_whether_the_analysis_knows_it() -> None:
    grid = grid_of("treatment.onset_days=1,5")
    told = " ".join(sweep_answer(grid, points_of(grid, lambda _: {})).split())
    assert "Each analysis is planned on the treatment.onset_days of its combination; with" in told
    assumed = replace(grid, base=grid.base.replace(**{"analysis.assumed_onset_days": 2.0}))
    told = " ".join(sweep_answer(assumed, points_of(grid, lambda _: {})).split())
    assert "Each analysis goes on assuming 2 (analysis.assumed_onset_days), whatever treatment.onset_days is." in told
    by_means = replace(grid, base=grid.base.replace(**{"analysis.primary": "paired"}))
    assert "Each analysis" not in sweep_answer(by_means, points_of(grid, lambda _: {}))
