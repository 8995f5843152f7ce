"""Picture for the page of a run: one simulated patient's diary, and the effect built up under it."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from n1trial.report.plot import panels
from n1trial.report.plot.diary import number_time, style
from n1trial.simulation.life import Life

WIDTH = 7.6
LEFT, RIGHT = 0.11, 0.985
LOWER, UPPER = (0.8, 0.68), (1.7, 1.72)
"""Inches from below, and of height, of both panels."""
NAMES, UPRIGHT_NAMES = 0.5, 1.35
"""Inches above them for the names of periods."""
SHOWN = ("entry", "filled in later", panels.MEAN, "washout", "stopped")


def draw_year(life: Life, words: Mapping[str, str]) -> Figure:
    """Draw the scores of a simulated trial with its periods shaded, and the share of the effect built up.

    Parameters
    ----------
    life : Life
    words : mapping of str to str
        Labels: "score".

    Returns
    -------
    Figure
        The whole trial; `n1trial.report.plot.diary.draw_diary` shows more of it.
    """
    with style():
        height = sum(UPPER) + (UPRIGHT_NAMES if panels.are_names_upright(life, WIDTH) else NAMES)
        figure = Figure(figsize=(WIDTH, height))
        upper, lower = (_panel(figure, life, bottom / height, tall / height) for bottom, tall in (UPPER, LOWER))
        panels.draw_scores(upper, life, WIDTH)
        panels.name_periods(upper, life, WIDTH)
        upper.set_ylabel(words["score"])
        panels.draw_exposure(lower, life)
        number_time(lower, life, WIDTH)
        upper.set_xlim(lower.get_xlim())
        upper.tick_params(axis="x", labelbottom=False)
        figure.align_ylabels([upper, lower])
        names = (f"on {life.scenario.treatment.name}", f"on {life.scenario.control.name}", *SHOWN)
        handles = [handle for handle in panels.legend(life) if handle.get_label() in names]
        for handle in handles[:2]:
            handle.set_label(panels.short(str(handle.get_label())))
        figure.legend(handles=handles, loc="lower left", ncols=4, frameon=False, fontsize=8.5, borderaxespad=0.1)
    return figure


def _panel(figure: Figure, life: Life, bottom: float, height: float) -> Axes:
    ax = figure.add_axes((LEFT, bottom, RIGHT - LEFT, height))
    panels.shade(ax, life)
    ax.spines[["top", "right"]].set_visible(False)
    return ax
