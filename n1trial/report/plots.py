"""Pictures of a diary: what was written, what was taken, and what lay behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, PercentFormatter

from n1trial.patient.placebo import CANNOT_TELL
from n1trial.simulation.life import Flags, Life

DRUG, INK, QUIET, MARKED = "#c6dbef", "#222222", "#777777", "#d55e00"
SETTINGS = {
    "svg.fonttype": "none",
    "svg.hashsalt": "n1trial",
    "text.parse_math": False,
    "font.size": 9,
    "hatch.linewidth": 0.5,
}
"""Text stays text, the same picture is the same bytes, and a $ in a name is a $."""


def draw_diary(life: Life) -> Figure:
    """Draw a simulated patient's diary over time.

    Parameters
    ----------
    life : Life

    Returns
    -------
    Figure
        From above: scores; share of the effect that has built up; what the patient thinks they take, where that can
        differ; and what else happened, a row each.
    """
    is_blinded = life.scenario.design.layout == "crossover"
    strips = [*_strips(life)]
    heights = [4.0, 1.2, *([1.2] if is_blinded else []), 0.25 * len(strips) + 0.1]
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(11.0, 1.6 + 0.8 * sum(heights)), layout="constrained")
        axes: list[Axes] = list(figure.subplots(len(heights), 1, sharex=True, height_ratios=heights))
        _draw_scores(axes[0], life)
        _draw_exposure(axes[1], life)
        if is_blinded:
            _draw_belief(axes[2], life)
        _draw_strips(axes[-1], strips)
        for ax in axes:
            _shade(ax, life)
            ax.spines[["top", "right"]].set_visible(False)
        axes[-1].set_xlabel("Weeks since the first blinded day" if is_blinded else "Weeks since the first day on it")
        axes[-1].xaxis.set_major_locator(MaxNLocator(nbins=20, integer=True, steps=[1, 2, 4, 5, 10]))
        axes[-1].set_xlim(life.day[0] / 7, (life.day[-1] + 1) / 7)
        figure.suptitle(_title(life), x=0.01, ha="left", fontsize=11)
        figure.legend(handles=_legend(life), loc="outside lower left", ncols=6, frameon=False, fontsize=8)
    return figure


def save(figure: Figure, path: Path) -> None:
    """Save a figure as SVG and as PNG beside each other; the same figure gives the same bytes.

    Parameters
    ----------
    figure : Figure
    path : Path
        Without the ending.
    """
    with mpl.rc_context(SETTINGS):
        figure.savefig(path.with_suffix(".svg"), metadata={"Date": None, "Creator": None})
        figure.savefig(path.with_suffix(".png"), dpi=150, metadata={"Software": None})
