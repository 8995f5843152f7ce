from __future__ import annotations

from itertools import pairwise

import pytest
from matplotlib.axes import Axes

from n1trial.evaluation.characteristics import Figure
from n1trial.report.curve_plot import DASHES, draw_curves
from n1trial.report.plots import as_svg

WORDS = {"of_100": "of 100", "benefit": "Benefit"}
CURVE = {0.0: Figure(0.05, 0.005), 1.0: Figure(0.6, 0.01), 2.0: Figure(0.98, 0.003)}
LOW = {0.0: Figure(0.04), 1.0: Figure(None), 3.0: Figure(0.5)}


def axes_of(*names: str) -> Axes:
    curves = dict(zip(names, (CURVE, LOW, CURVE), strict=False))
    (ax,) = draw_curves(curves, {1.0: "smallest worthwhile"}, WORDS).axes
    return ax


def test_each_design_has_a_dash_a_marker_and_its_name() -> None:
    ax = axes_of("One", "Two", "Three")
    drawn = [line for line in ax.lines if len(line.get_xdata()) > 1 and line.get_marker() == "None"]  # type: ignore[arg-type]
    curves = [line for line in drawn if line.get_linewidth() == 1.5]
    assert len({str(line._dash_pattern) for line in curves}) == len(DASHES)  # type: ignore[attr-defined]
    texts = [text.get_text() for text in ax.texts]
    assert {"One", "Two", "Three", "smallest worthwhile"} <= set(texts)
    assert list(curves[0].get_ydata()) == pytest.approx([5, 60, 98])  # type: ignore[arg-type]
    assert list(curves[1].get_xdata()) == [0.0, 3.0]  # type: ignore[arg-type]


def test_names_of_curves_that_end_at_one_place_keep_apart() -> None:
    ax = axes_of("One", "Two", "A name of its own that is rather long")
    places = sorted(text.get_position()[1] for text in ax.texts if text.get_position()[0] == 1.1)
    assert len(places) == 3
    assert all(above - below >= 8 for below, above in pairwise(places))


def test_the_same_curves_are_the_same_bytes() -> None:
    one, again = (as_svg(draw_curves({"A $ name": CURVE}, {}, WORDS), "curves", "t", "d") for _ in range(2))
    assert one == again
    assert "A $ name" in one
