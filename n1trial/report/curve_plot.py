"""Curves of several designs in one picture: how often each shows an effect, by its size."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure as Picture

from n1trial.evaluation.characteristics import Figure
from n1trial.report.plots import style
from n1trial.report.rate_plots import FOOT, QUIET, canvas, number_benefits
from n1trial.report.rates import ends as ends_of

COLORS = ("#1f5f8b", "#a63c06", "#4b7a1a")
DASHES: Sequence[object] = ("solid", (0, (5, 2)), (0, (1, 1.2)))
MARKERS = ("o", "s", "^")
"""What tells curves apart besides their color."""
HEIGHT, RIGHT = 3.8, 1.35
"""Inches: of the picture, and of the names on its right."""
NAME_CHARACTERS, NAME_LINES = 14, 3
APART = 8.0
"""Trials of 100 by which names stand apart for each line that they take, at least."""


def draw_curves(
    curves: Mapping[str, Mapping[float, Figure]], marked: Mapping[float, str], words: Mapping[str, str]
) -> Picture:
    """Draw how often effects are shown by their size, a curve a design, named at its end.

    Parameters
    ----------
    curves : mapping of str to mapping of float to Figure
        Shares of trials by benefit in points, in its order from 0 on, where they are false alarms; by name, at most
        three.
    marked : mapping of float to str
        Benefits to mark from top to bottom, each with its label.
    words : mapping of str to str
        Labels: "of_100", "benefit".

    Returns
    -------
    Figure
    """
    with style():
        picture, ax = canvas(HEIGHT, 0.62, FOOT, RIGHT)
        ax.axhline(80, color=QUIET, linewidth=0.8, linestyle=(0, (1, 2)))
        ends = dict[str, float]()
        looks = list(zip(COLORS, DASHES, MARKERS, strict=True))
        for (name, curve), (color, dashes, marker) in zip(curves.items(), looks, strict=False):
            seen = {benefit: figure for benefit, figure in curve.items() if figure.value is not None}
            shares = [100 * (figure.value or 0.0) for figure in seen.values()]
            ax.plot(list(seen), shares, color=color, linewidth=1.5, linestyle=dashes)
            low, high = zip(*map(ends_of, seen.values()), strict=True)
            ax.vlines(list(seen), [100 * end for end in low], [100 * end for end in high], color=color, linewidth=2)
            ax.plot(list(seen), shares, marker, color=color, markersize=5.5)
            ax.plot(0.0, shares[0], marker, color=color, markersize=5.5, markerfacecolor="white")
            ends[name] = shares[-1]
        number_benefits(ax, [0.0, *(benefit for curve in curves.values() for benefit in curve)], marked, words)
        names = {name: "\n".join(textwrap.wrap(name, NAME_CHARACTERS)[:NAME_LINES]) for name in ends}
        for (name, place), (color, dashes, marker) in zip(_apart(ends, names).items(), looks, strict=False):
            ax.plot([1.02, 1.08], [place, place], transform=ax.get_yaxis_transform(), color=color, linestyle=dashes,
                    marker=marker, markersize=5, linewidth=1.5, clip_on=False)  # fmt: skip
            ax.text(1.1, place, names[name], transform=ax.get_yaxis_transform(), va="center", fontsize=8.5, color=color)
        ax.text(0.02, 80, "good chance", transform=ax.get_yaxis_transform(), va="bottom", fontsize=8, color=QUIET)
    return picture


def _apart(ends: Mapping[str, float], names: Mapping[str, str]) -> dict[str, float]:
    """Where names stand: beside the ends of their curves as far as there is room, first from below, then from above."""
    half = {name: APART * (1 + names[name].count("\n")) / 2 for name in ends}
    places, edge = dict(ends), -APART
    for name in sorted(ends, key=lambda name: ends[name]):
        places[name] = max(places[name], edge + half[name])
        edge = places[name] + half[name]
    edge = 100.0 + APART
    for name in sorted(places, key=lambda name: -places[name]):
        places[name] = min(places[name], edge - half[name])
        edge = places[name] - half[name]
    return {name: places[name] for name in ends}
