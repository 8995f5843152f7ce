from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from n1trial.report.diary_panels import DRUG
from n1trial.report.plots import draw_diary, save
from n1trial.simulation.life import Life
from tests.simulation.lives import at, lived, quiet, quiet_life, quiet_openly

PNG = b"\x89PNG\r\n\x1a\n"


def horizontal(line: Line2D) -> NDArray[np.float64]:
    return np.asarray(line.get_xdata(), dtype=float)


def vertical(line: Line2D) -> NDArray[np.float64]:
    return np.asarray(line.get_ydata(), dtype=float)


def shaded(ax: Axes) -> list[tuple[float, float]]:
    """Begin and end, in days, of what is shaded as on the drug."""
    spans = [
        patch for patch in ax.patches if mpl.colors.to_hex(patch.get_facecolor()) == DRUG and patch.get_alpha() is None
    ]
    boxes = [patch.get_extents().transformed(ax.transData.inverted()) for patch in spans]
    return [(round(7 * box.x0, 6), round(7 * box.x1, 6)) for box in boxes]


def panels(figure: Figure) -> list[str]:
    return [ax.get_ylabel().replace("\n", " ") for ax in figure.axes]


def legend(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.legends[0].get_texts()]


def rows(ax: Axes) -> dict[str, list[int]]:
    """Days marked in each row of the lowest panel."""
    names = [label.get_text() for label in ax.get_yticklabels()]
    days = [
        [round(7 * float(week) - 0.5) for week in horizontal(line)] for line in ax.lines if line.get_marker() == "|"
    ]
    return dict(zip(names, days, strict=True))


def eventful() -> Life:
    life = quiet_life(design={"run_in_days": 2, "cycles": 2, "sequence": "ABBA", "washout_days": 1})
    return replace(
        life,
        is_lost=at(life, 1, 6),
        is_filled=at(life, 6),
        is_taken=~at(life, 2),
        hits={"stress": at(life, -1, 3), "caffeine": at(life, 100)},
        guesses={3: 1, 8: 1, 12: -1},
    )


def test_panels_from_above() -> None:
    figure = draw_diary(eventful())
    assert panels(figure) == ["Complaints (lower is better)", "Effect built up", "The patient thinks it is", ""]
    assert figure.axes[-1].get_xlabel() == "Weeks since the first day of treatment"


def test_what_was_on_the_drug_is_shaded_in_every_panel() -> None:
    figure = draw_diary(eventful())
    figure.canvas.draw()
    for ax in figure.axes:
        assert shaded(ax) == [(0, 4), (15, 19)]


def test_the_effect_built_up_is_the_one_that_was_simulated() -> None:
    life = lived(quiet(treatment={"onset_days": 3.0, "offset_days": 5.0}))
    line = draw_diary(life).axes[1].lines[-1]
    np.testing.assert_array_equal(vertical(line), life.exposure)
    np.testing.assert_allclose(horizontal(line), (life.day + 0.5) / 7)


def test_single_days_have_a_row_a_kind_and_what_never_happened_has_none() -> None:
    assert rows(draw_diary(eventful()).axes[-1]) == {"no entry": [1], "dose missed": [2], "stress": [-1, 3]}
    assert len(draw_diary(quiet_life()).axes) == 3


def test_means_are_those_of_the_days_that_count() -> None:
    life = quiet_life(analysis={"discard_days": 1})
    means = [line for line in draw_diary(life).axes[0].lines if line.get_linewidth() == 2]
    assert [set(vertical(line)) for line in means] == [{3.0}, {5.0}]
    np.testing.assert_allclose([horizontal(line) for line in means], np.array([[1.5, 3.5], [5.5, 7.5]]) / 7)


def test_the_legend_explains_what_is_there_and_nothing_else() -> None:
    assert legend(draw_diary(quiet_life())) == ["on Drug", "on Placebo", "entry", "mean of the days that count"]
    assert legend(draw_diary(eventful())) == [
        "on Drug", "on Placebo", "washout", "entry", "filled in later", "mean of the days that count", "right guess",
        "wrong guess", "cannot tell",
    ]  # fmt: skip


def test_nothing_is_drawn_of_a_patient_who_has_left() -> None:
    life = quiet_life()
    score = life.diary.score.copy()
    score[5:] = np.nan
    life = replace(life, dropout_day=5, diary=replace(life.diary, score=score), hits={"stress": at(life, 2, 6)})
    figure = draw_diary(life)
    assert len(horizontal(figure.axes[1].lines[-1])) == 5
    assert rows(figure.axes[-1]) == {"stress": [2]}
    assert "stopped" in legend(figure)
    assert figure.get_suptitle().endswith("; stopped in week 1")


def test_the_open_label_layout_has_nothing_to_guess_and_a_mean_before() -> None:
    figure = draw_diary(lived(quiet_openly()))
    assert panels(figure) == ["Complaints (lower is better)", "Effect built up"]
    means = [line for line in figure.axes[0].lines if line.get_linewidth() == 2]
    assert [set(vertical(line)) for line in means] == [{3.0}, {5.0}]


@pytest.mark.parametrize(
    "name", ["$x^", "a $dollar$ b", "北京", "A very long name indeed, of a drug that nobody knows"]
)
def test_names_are_shown_as_they_are(name: str, tmp_path: Path) -> None:
    life = quiet_life(treatment={"name": name})
    figure = draw_diary(life)
    assert (
        figure.get_suptitle()
        == f"Simulated patient 0 of quiet\n{name} lowers the score by 2 points once its effect has built up"
    )
    save(figure, tmp_path / "diary")
    assert name in (tmp_path / "diary.svg").read_text(encoding="utf-8")


def test_the_same_life_is_the_same_bytes(tmp_path: Path) -> None:
    save(draw_diary(eventful()), tmp_path / "one")
    for _ in range(3):
        draw_diary(eventful())
    with mpl.rc_context({"svg.hashsalt": None, "font.size": 20}):
        save(draw_diary(eventful()), tmp_path / "two")
    for ending in (".svg", ".png"):
        assert (tmp_path / f"one{ending}").read_bytes() == (tmp_path / f"two{ending}").read_bytes()
    assert (tmp_path / "one.png").read_bytes().startswith(PNG)
    svg = (tmp_path / "one.svg").read_text(encoding="utf-8")
    assert "<text" in svg
    assert "dc:date" not in svg
