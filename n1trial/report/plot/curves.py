"""Curves of several designs in one picture: how often each shows an effect, by its size."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture
from matplotlib.lines import Line2D

from n1trial.evaluation.characteristics import Figure
from n1trial.report.plot.diary import style
from n1trial.report.plot.rates import FOOT, QUIET, canvas, number_benefits
from n1trial.report.rates import ends as ends_of

COLORS = ("#1f5f8b", "#a63c06", "#4b7a1a")
Dashes = tuple[float, Sequence[float]]
DASHES: Sequence[Dashes] = ((0, ()), (0, (5, 2)), (0, (1, 1.2)))
MARKERS = ("o", "s", "^")
"""What tells curves apart besides their color."""
HEIGHT, NAME_LINE = 3.7, 0.165
"""Inches: of the picture without names, and of a line of them below it."""
NAME_CHARACTERS = 28
NAME_SIZE = 9.0


def draw_curves(
    curves: Mapping[str, Mapping[float, Figure]], marks: Mapping[float, str], words: Mapping[str, str]
) -> Picture:
    """Draw how often effects are shown by their size, a curve a design, all named below.

    Parameters
    ----------
    curves : mapping of str to mapping of float to Figure
        Shares of trials by benefit in points, in its order from 0 on, where they are false alarms; by name, at most
        three.
    marks : mapping of float to str
        Benefits to mark from top to bottom, each with its label.
    words : mapping of str to str
        Labels: "of_100", "benefit".
    """
    lines = [textwrap.wrap(name, NAME_CHARACTERS) for name in curves]
    below = NAME_LINE * (0.5 + sum(map(len, lines)))
    with style():
        picture, ax = canvas(HEIGHT + below, 0.62, FOOT + below)
        ax.axhline(80, color=QUIET, linewidth=0.8, linestyle=(0, (1, 2)))
        ax.text(0.02, 80, "good chance", transform=ax.get_yaxis_transform(), va="bottom", fontsize=8, color=QUIET)
        for curve, color, dashes, marker in zip(curves.values(), COLORS, DASHES, MARKERS, strict=False):
            _draw(ax, curve, color, dashes, marker)
        number_benefits(ax, [0.0, *(benefit for curve in curves.values() for benefit in curve)], marks, words)
        handles = [
            Line2D([], [], color=color, linestyle=dashes, linewidth=1.5, marker=marker, markersize=5.5)
            for color, dashes, marker in zip(COLORS, DASHES, MARKERS, strict=True)
        ]
        picture.legend(
            handles[: len(lines)], ["\n".join(name) for name in lines], loc="lower left", frameon=False,
            fontsize=NAME_SIZE, handlelength=3.5, borderaxespad=0.1, labelspacing=0.3,
        )  # fmt: skip
    return picture


def _draw(ax: Axes, curve: Mapping[float, Figure], color: str, dashes: Dashes, marker: str) -> None:
    """Draw a curve with its Monte Carlo intervals; hollow where there is no effect."""
    seen = {benefit: figure for benefit, figure in curve.items() if figure.value is not None}
    shares = [100 * (figure.value or 0.0) for figure in seen.values()]
    low, high = zip(*map(ends_of, seen.values()), strict=True)
    ax.plot(list(seen), shares, color=color, linewidth=1.5, linestyle=dashes)
    ax.vlines(list(seen), [100 * end for end in low], [100 * end for end in high], color=color, linewidth=2)
    ax.plot(list(seen), shares, marker, color=color, markersize=5.5)
    ax.plot(0.0, shares[0], marker, color=color, markersize=5.5, markerfacecolor="white")
