from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure

from n1trial.evaluation.characteristics import rate
from n1trial.report.plot.diary import save
from n1trial.report.sweep.pictures import MOST_PANELS, draw_sweep
from n1trial.scenario.file.grid import Changes
from tests.report.sweep_points import grid_of, points_of


def rising(changes: Changes) -> dict[str, Any]:
    cycles = changes["design.cycles"]
    assert isinstance(cycles, int)
    return {"power": cycles / 10, "type_1": 0.05, "weeks": 4.0 * cycles, "weeks_on_control": (cycles, 2.0 * cycles)}


def titles(figure: Figure) -> list[str]:
    return [ax.get_title(loc="left").replace("\n", " ") for ax in figure.axes]


def written(ax: Axes) -> list[str]:
    """Numbers within a map, row by row from below."""
    return [text.get_text() for text in ax.texts]


def told(figure: Figure) -> str:
    return "\n".join(text.get_text() for text in figure.texts)


def line(ax: Axes, label: str) -> tuple[list[float], list[float]]:
    """Places and heights of a line with bars, or of a plain one."""
    bars = [held[0] for held in ax.containers if isinstance(held, ErrorbarContainer) and held.get_label() == label]
    (found,) = bars or [one for one in ax.lines if one.get_label() == label]
    return np.asarray(found.get_xdata()).tolist(), np.asarray(found.get_ydata()).tolist()


def test_one_key_gives_curves() -> None:
    grid = grid_of("design.cycles=2,4,6")
    figures = draw_sweep(grid, points_of(grid, rising))
    assert list(figures) == ["sweep"]
    figure = figures["sweep"]
    assert titles(figure) == [
        "Shown, of 100 trials",
        "False alarms, of 100 trials",
        "Right decisions, of 100 trials",
        "Weeks",
    ]
    shown, false, right, weeks = figure.axes
    assert line(shown, "if just worthwhile") == ([2, 4, 6], [20, 40, 60])
    assert line(false, "if the drug does nothing")[1] == [5, 5, 5]
    assert line(false, "allowed")[1] == [5, 5, 5]
    assert line(right, "if the effect is just worthwhile")[1] == [20, 40, 60]
    assert line(right, "if the drug does nothing")[1] == [95, 95, 95]
    assert line(weeks, "in all, with the run-in")[1] == [8, 16, 24]
    assert line(weeks, "on placebo, at most")[1] == [4, 8, 12]
    assert shown.get_xlabel() == "rounds (design.cycles)"


def test_the_planned_effect_has_a_line_where_it_is_another() -> None:
    grid = grid_of("design.cycles=2,4")
    points = points_of(grid, lambda changes: {**rising(changes), "power_planned": rate(900, 10_000)})
    assert line(draw_sweep(grid, points)["sweep"].axes[0], "if as planned")[1] == [9, 9]


def test_values_that_are_texts_have_no_line_between_them() -> None:
    grid = grid_of("design.randomization=pairs,balanced,alternating")
    figure = draw_sweep(grid, points_of(grid, lambda _: {}))["sweep"]
    ax = figure.axes[0]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["pairs", "balanced", "alternating"]
    (held,) = [one for one in ax.containers if isinstance(one, ErrorbarContainer)]
    assert held[0].get_linewidth() == 0


def test_two_keys_give_a_map_a_quantity() -> None:
    grid = grid_of("design.cycles=2,3,4", "design.period_days=28,56")
    figures = draw_sweep(grid, points_of(grid, rising))
    assert list(figures) == ["sweep"]
    assert titles(figures["sweep"]) == [
        "Shown, of 100 trials, if just worthwhile", "False alarms, of 100 trials, if it does nothing",
        "Weeks, with the run-in", "Right decisions, of 100, if just worthwhile",
        "Right decisions, of 100, if it does nothing",
    ]  # fmt: skip
    power, type_1, weeks, *_ = figures["sweep"].axes
    assert written(power) == ["20", "30", "40"] * 2
    assert written(type_1) == ["5.0"] * 6
    assert written(weeks) == ["8", "12", "16"] * 2
    assert [label.get_text() for label in power.get_yticklabels()] == ["28", "56"]


def test_false_alarms_beyond_chance_are_flagged_and_the_flag_explained() -> None:
    grid = grid_of("design.cycles=2,3", "design.period_days=28,56")
    points = points_of(grid, lambda changes: {"type_1": 0.08 if changes["design.cycles"] == 2 else 0.05})
    figure = draw_sweep(grid, points)["sweep"]
    assert written(figure.axes[1]) == ["8.0!", "5.0", "8.0!", "5.0"]
    assert "! more false alarms than allowed, beyond chance" in told(figure)


def test_combinations_that_were_left_out_have_no_number_and_are_told() -> None:
    grid = grid_of("design.period_days=14,28", "analysis.discard_days=0,14", skip_invalid=True)
    assert len(grid.left_out) == 1
    figure = draw_sweep(grid, points_of(grid, lambda _: {}))["sweep"]
    assert written(figure.axes[0]) == ["60", "60", "60"]
    assert "left out, since they break a rule of the scenario: 1 combinations" in told(figure)


def test_more_keys_give_a_picture_a_quantity_with_a_map_for_each_of_their_values() -> None:
    grid = grid_of("design.cycles=2,3", "design.period_days=28,56", "patient.daily_sd=1,2,3", "conduct.missing=0,.1")
    figures = draw_sweep(grid, points_of(grid, rising))
    assert list(figures) == [
        "sweep-power", "sweep-type-1", "sweep-weeks", "sweep-right-decision", "sweep-right-decision-no-effect"
    ]  # fmt: skip
    figure = figures["sweep-power"]
    assert titles(figure) == [
        f"patient.daily_sd = {sd} conduct.missing = {missing}" for missing in (0, 0.1) for sd in (1, 2, 3)
    ]
    assert all(written(ax) == ["20", "30"] * 2 for ax in figure.axes)
    assert "Shown, of 100 trials, if just worthwhile" in told(figure)


def test_a_key_with_one_value_takes_no_room() -> None:
    grid = grid_of("design.period_days=28", "design.cycles=2,3", "conduct.missing=0.1")
    figure = draw_sweep(grid, points_of(grid, rising))["sweep"]
    assert figure.axes[0].get_xlabel() == "rounds (design.cycles)"
    alone = grid_of("design.cycles=2")
    assert line(draw_sweep(alone, points_of(alone, rising))["sweep"].axes[0], "if just worthwhile") == ([2], [20])


def test_a_large_map_has_a_scale_in_place_of_numbers() -> None:
    grid = grid_of("patient.daily_sd=0.5:4:0.1", "patient.baseline=3:7:0.5")
    figure = draw_sweep(grid, points_of(grid, lambda _: {}))["sweep"]
    assert len(figure.axes) == 10
    assert all(written(ax) == [] for ax in figure.axes)
    assert all(any(isinstance(one, QuadMesh) for one in ax.collections) for ax in figure.axes)
    assert len(figure.axes[0].get_xticks()) <= 24


def test_too_many_maps_are_not_drawn() -> None:
    grid = grid_of("design.cycles=2,3", "design.period_days=28,56", f"patient.daily_sd=1:{MOST_PANELS + 1}:1")
    assert draw_sweep(grid, points_of(grid, rising)) == {}


@pytest.mark.parametrize("varied", [["design.cycles=2,4"], ["design.cycles=2,4", "design.period_days=28,56"]])
def test_same_results_same_bytes_and_text_stays_text(tmp_path: Path, varied: list[str]) -> None:
    for name in ("one", "other"):
        grid = grid_of(*varied)
        save(draw_sweep(grid, points_of(grid, rising))["sweep"], tmp_path / name)
    for ending in (".svg", ".png"):
        assert (tmp_path / f"one{ending}").read_bytes() == (tmp_path / f"other{ending}").read_bytes()
    text = (tmp_path / "one.svg").read_text(encoding="utf-8")
    assert ">rounds (design.cycles)</text>" in text
    assert "<dc:date>" not in text
