"""The trade-off as a picture: weeks against the chance to show the effect."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from n1trial.evaluation.verdict import LIKELY, MAY
from n1trial.report.plots import style
from n1trial.report.search import limits_in_words
from n1trial.study.found import Design, Found

SCREENED, FRONT, CHOSEN, LOUD = "#b8b8b8", "#1f4e79", "#c44e00", "#a02c2c"
LEVELS = {LIKELY: "good chance", MAY: "could go either way"}
SOUND = 1.15
"""Times alpha: what the screen expects more false alarms of is not drawn."""


def draw_designs(found: Found) -> Figure:
    """Draw the designs that a search found, over all that it screened.

    Parameters
    ----------
    found : Found

    Returns
    -------
    Figure
        Weeks of the trial along, trials of 100 that show the smallest worthwhile effect up.
    """
    with style():
        figure = Figure(figsize=(7.5, 4.8), layout="constrained")
        ax = figure.subplots()
        _draw_screened(ax, found)
        _draw_left_out(ax, found)
        _draw_levels(ax)
        _draw_front(ax, found)
        _draw_present(ax, found.present)
        ax.set_xlabel("Weeks, run-in included")
        ax.set_ylabel("Trials of 100 that show the effect")
        ax.set_ylim(0, 1)
        ax.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.0f}"))
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.spines[["top", "right"]].set_visible(False)
        ax.set_title(f"{found.scenario.name}: designs of {limits_in_words(found)}", loc="left", fontsize=10)
        legend = figure.legend(loc="outside lower left", ncols=5, frameon=False, fontsize=8)
        for handle in legend.legend_handles:
            if isinstance(handle, PathCollection):
                handle.set_sizes([12])
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
        left, bottom, width, height = (round(float(edge), 4) for edge in ax.get_position().bounds)
        ax.set_position((left, bottom, width, height))
    return figure


def _draw_screened(ax: Axes, found: Found) -> None:
    """Every design that was screened, jittered along within its week so that they can be told apart."""
    alpha = found.scenario.analysis.alpha
    sound = [one for one in found.screened if one.type_1 <= SOUND * alpha]
    if not sound:
        return
    shift = np.random.default_rng(0).uniform(-0.3, 0.3, len(sound))
    weeks = np.array([one.candidate.layout.weeks for one in sound]) + shift
    ax.scatter(
        weeks, [one.power for one in sound], s=2, color=SCREENED, linewidths=0, rasterized=True,
        label="expected by closed forms",
    )  # fmt: skip


def _draw_left_out(ax: Axes, found: Found) -> None:
    """Designs that simulation has shown to raise more false alarms than agreed."""
    if not found.left_out:
        return
    weeks = [seen.candidate.layout.weeks for seen in found.left_out]
    powers = [seen.detect.value or 0.0 for seen in found.left_out]
    ax.plot(weeks, powers, "x", color=LOUD, markersize=3.5, markeredgewidth=0.8, label="left out: false alarms")


def _draw_levels(ax: Axes) -> None:
    for level, words in LEVELS.items():
        ax.axhline(level, color="black", linewidth=0.6, linestyle=(0, (4, 3)))
        ax.annotate(words, (0.005, level), xycoords=("axes fraction", "data"), va="bottom", fontsize=7)


def _draw_front(ax: Axes, found: Found) -> None:
    """The designs to choose between, numbered as on the terminal, with two standard errors to either side."""
    if not found.designs:
        return
    weeks = [design.weeks for design in found.designs]
    powers = [design.detect.value or 0.0 for design in found.designs]
    errors = [2 * (design.detect.mcse or 0.0) for design in found.designs]
    ax.step(weeks, powers, where="post", color=FRONT, linewidth=1)
    ax.errorbar(weeks, powers, errors, fmt="o", color=FRONT, markersize=5, capsize=2, label="to choose between")
    if found.recommended is not None:
        ax.plot(
            weeks[found.recommended], powers[found.recommended], marker="*", markersize=16, color=CHOSEN,
            markeredgecolor="white", linestyle="none", zorder=5, label="recommended",
        )  # fmt: skip
    for number, (week, power) in enumerate(zip(weeks, powers, strict=True), start=1):
        ax.annotate(str(number), (week, power), (-4, 7), textcoords="offset points", ha="right", fontsize=9)


def _draw_present(ax: Axes, present: Design) -> None:
    ax.plot(
        present.weeks, present.detect.value or 0.0, marker="D", markersize=6, color="white", markeredgecolor="black",
        linestyle="none", zorder=4, label="now",
    )  # fmt: skip
