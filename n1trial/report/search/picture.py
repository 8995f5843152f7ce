"""The trade-off as a picture: weeks against the chance to show the effect."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from n1trial.evaluation.verdict import LIKELY, MAY
from n1trial.report.plot.diary import TITLE_CHARACTERS_AN_INCH, fit_title, style
from n1trial.report.plot.rates import ALARM, INK, QUIET, SHOWN
from n1trial.report.search.terminal import distinction, limits_in_words
from n1trial.study.search.result import FinalDesign, SearchResult

SCREENED, LOUD = "#757575", "#a3261c"
WIDTH, HEIGHT = 7.5, 5.0
SMALL = 8.5
DOTS_AN_INCH = 220
"""Of the dots, which are a picture within the picture: thousands of shapes would make it slow."""
LEVELS = (LIKELY, MAY)
BANDS: Mapping[float, str] = {
    (1 + LIKELY) / 2: "good\nchance", (LIKELY + MAY) / 2: "could go\neither way", MAY / 2: "probably\nno clear\nanswer",
}  # fmt: skip
"""What designs between levels are called, by the middle between them."""
FRONT, NOW, LEFT_OUT, EXPECTED = (
    "to choose between", "now", "left out: false alarms", "expected by closed forms",
)  # fmt: skip
SOUND = 1.15
"""Times alpha: what the screen expects more false alarms of is not drawn."""


def draw_designs(result: SearchResult) -> Figure:
    """Draw the designs that a search found, over all that it screened; all told apart without color.

    Returns
    -------
    Figure
        Weeks of the trial along, trials of 100 that show the smallest worthwhile effect up.
    """
    with style():
        figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained", dpi=DOTS_AN_INCH)
        ax = figure.subplots()
        _draw_screened(ax, result)
        _draw_levels(ax)
        _draw_left_out(ax, result)
        _draw_front(ax, result)
        _draw_present(ax, result.present)
        _number(ax)
        title = f"{result.scenario.name}: designs of {limits_in_words(result)}"
        lines = textwrap.wrap(title, int(TITLE_CHARACTERS_AN_INCH * WIDTH))
        ax.set_title("\n".join(lines), loc="left", fontsize=10, pad=8)
        _explain(figure, ax, distinction(result))
        fit_title(figure)
    return figure


def _number(ax: Axes) -> None:
    """Number weeks along and trials up, with room for what stands at 0 and at 100."""
    ax.set_xlabel("Weeks, run-in included")
    ax.set_ylabel("Trials of 100 that show the effect")
    ax.set_ylim(-0.03, 1.06)
    ax.spines["left"].set_bounds(0, 1)
    ax.set_yticks(np.arange(0, 1.01, 0.2))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.0f}"))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.spines[["top", "right"]].set_visible(False)


def _explain(figure: Figure, ax: Axes, color: str) -> None:
    """Say below what each mark is, the most important first."""
    marks = dict(zip(*reversed(ax.get_legend_handles_labels()), strict=True))
    told = [label for label in (FRONT, color, NOW, LEFT_OUT, EXPECTED) if label in marks]
    legend = figure.legend(
        [marks[label] for label in told], told, loc="outside lower left", ncols=len(told), frameon=False,
        fontsize=SMALL, handletextpad=0.3, columnspacing=1.3,
    )  # fmt: skip
    for handle in legend.legend_handles:
        if isinstance(handle, PathCollection):
            handle.set_sizes([16])


def _draw_screened(ax: Axes, result: SearchResult) -> None:
    """Draw every design that was screened, jittered along within its week so that they can be told apart."""
    alpha = result.scenario.analysis.alpha
    sound = [one for one in result.screened if one.type_1 <= SOUND * alpha]
    if not sound:
        return
    shift = np.random.default_rng(0).uniform(-0.3, 0.3, len(sound))
    weeks = np.array([one.candidate.layout.weeks for one in sound]) + shift
    ax.scatter(weeks, [one.power for one in sound], s=6, color=SCREENED, linewidths=0, rasterized=True, label=EXPECTED)


def _draw_left_out(ax: Axes, result: SearchResult) -> None:
    """Draw designs that simulation has shown to raise more false alarms than agreed."""
    if not result.left_out:
        return
    weeks = [seen.candidate.layout.weeks for seen in result.left_out]
    powers = [seen.detect.value or 0.0 for seen in result.left_out]
    for color, width in (("white", 3.5), (LOUD, 1.5)):
        ax.plot(weeks, powers, "x", color=color, markersize=5.5, markeredgewidth=width, label=LEFT_OUT)


def _draw_levels(ax: Axes) -> None:
    """Draw lines between what is called a good chance and what is not, named beside the panel where it is free."""
    for level in LEVELS:
        ax.axhline(level, color=INK, linewidth=0.7, linestyle=(0, (4, 3)))
    for middle, words in BANDS.items():
        ax.annotate(
            words, (1.015, middle), xycoords=("axes fraction", "data"), va="center", fontsize=SMALL, color=QUIET
        )


def _draw_front(ax: Axes, result: SearchResult) -> None:
    """Draw the designs to choose between, numbered as on the terminal, with two standard errors to either side."""
    if not result.designs:
        return
    weeks = [design.weeks for design in result.designs]
    powers = [design.detect.value or 0.0 for design in result.designs]
    errors = [2 * (design.detect.mcse or 0.0) for design in result.designs]
    for color, width in (("white", 3.5), (SHOWN, 1.2)):
        ax.step(weeks, powers, where="post", color=color, linewidth=width)
    ax.errorbar(
        weeks, powers, errors, fmt="o", color=SHOWN, markersize=7, markeredgecolor="white", markeredgewidth=0.8,
        elinewidth=1.6, capsize=3, zorder=4, label=FRONT,
    )  # fmt: skip
    if result.recommended is not None:
        ax.plot(
            weeks[result.recommended], powers[result.recommended], marker="*", markersize=17, color=ALARM,
            markeredgecolor="white", linestyle="none", zorder=5, label=distinction(result),
        )  # fmt: skip
    for number, (week, power) in enumerate(zip(weeks, powers, strict=True), start=1):
        ax.annotate(
            str(number), (week, power), (-8, 5), textcoords="offset points", ha="right", fontsize=10,
            fontweight="bold", zorder=6, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
        )  # fmt: skip


def _draw_present(ax: Axes, present: FinalDesign) -> None:
    """Draw the plan as it is now: a frame behind the designs, so that one that is the same is seen within it."""
    for color, width in (("white", 3.5), (INK, 1.5)):
        ax.plot(
            present.weeks, present.detect.value or 0.0, marker="D", markersize=10, markerfacecolor="none",
            markeredgecolor=color, markeredgewidth=width, linestyle="none", zorder=3, label=NOW,
        )  # fmt: skip
