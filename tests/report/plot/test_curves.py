from __future__ import annotations

import pytest
from matplotlib.axes import Axes

from n1trial.evaluation.characteristics import Figure
from n1trial.report.plot.curves import DASHES, draw_curves
from n1trial.report.plot.diary import as_svg

WORDS = {"of_100": "of 100", "benefit": "Benefit"}
CURVE = {0.0: Figure(0.05, 0.005), 1.0: Figure(0.6, 0.01), 2.0: Figure(0.98, 0.003)}
LOW = {0.0: Figure(0.04), 1.0: Figure(None), 3.0: Figure(0.5)}


def axes_of(*names: str) -> Axes:
    curves = dict(zip(names, (CURVE, LOW, CURVE), strict=False))
    (ax,) = draw_curves(curves, {1.0: "smallest worthwhile"}, WORDS).axes
    return ax


def names_of(ax: Axes) -> list[str]:
    (legend,) = ax.figure.legends
    return [text.get_text() for text in legend.get_texts()]


def test_each_design_has_a_dash_a_marker_and_its_name() -> None:
    ax = axes_of("One", "Two", "Three")
    drawn = [line for line in ax.lines if len(line.get_xdata()) > 1 and line.get_marker() == "None"]  # type: ignore[arg-type]
    curves = [line for line in drawn if line.get_linewidth() == 1.5]
    assert len({str(line._dash_pattern) for line in curves}) == len(DASHES)  # type: ignore[attr-defined]
    assert "smallest worthwhile" in [text.get_text() for text in ax.texts]
    assert names_of(ax) == ["One", "Two", "Three"]
    assert list(curves[0].get_ydata()) == pytest.approx([5, 60, 98])  # type: ignore[arg-type]
    assert list(curves[1].get_xdata()) == [0.0, 3.0]  # type: ignore[arg-type]


def test_the_longest_names_are_whole_and_cover_nothing() -> None:
    ax = axes_of("W" * 40, "A name of forty characters, all told it is, and more that is said of it", "Three")
    picture = ax.figure
    picture.draw_without_rendering()  # type: ignore[union-attr]
    assert names_of(ax)[0].replace("\n", "") == "W" * 40
    assert names_of(ax)[1].replace("\n", " ").endswith("and more that is said of it")
    (legend,) = picture.legends
    within, names, axis = picture.bbox, legend.get_window_extent(), ax.xaxis.label.get_window_extent()
    assert within.x0 <= names.x0 < names.x1 <= within.x1
    assert within.y0 <= names.y0 < names.y1 <= axis.y0


def test_the_same_curves_are_the_same_bytes() -> None:
    one, again = (as_svg(draw_curves({"A $ name": CURVE}, {}, WORDS), "curves", "t", "d") for _ in range(2))
    assert one == again
    assert "A $ name" in one
