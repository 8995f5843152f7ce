"""What every panel of a sweep's picture has in common: the quantities, the values along an axis, the heading."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from n1trial.evaluation import characteristics
from n1trial.report.sweep.words import meaning, value_in_words
from n1trial.scenario.file.grid import Axis, Grid
from n1trial.study.sweep.combination import Point

INK, QUIET, FIRST, SECOND = "#222222", "#777777", "#0072b2", "#d55e00"
MOST_NAMED = 24
"""Values whose names are written along an axis."""
CHARACTERS_AN_INCH = 13
"""Of the heading."""

Find = Callable[[Mapping[str, object]], Point | None]
"""Gives the point of some values; None where the combination was left out."""


@dataclass(frozen=True)
class Quantity:
    """Figure that a panel shows of each combination.

    Attributes
    ----------
    name : str
        For files.
    title : str
    of : callable
        Its value; a share as so many of 100.
    highest : float or None
        Where the colors end; None for the highest value there is.
    """

    name: str
    title: str
    of: Callable[[Point], float]
    highest: float | None = 100.0


def of_100(figure: characteristics.Figure) -> float:
    """Return a share as so many of 100; NaN where there is none."""
    return math.nan if figure.value is None else 100 * figure.value


def is_numeric(axis: Axis) -> bool:
    """Whether the values of a key are numbers, so that they have places on an axis."""
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in axis.values)


def name_values(ax: Axes, which: str, axis: Axis, places: list[float]) -> None:
    """Write the values of a key along one side of a panel; not all of them where they are many."""
    step = -(-len(places) // MOST_NAMED)
    names = [value_in_words(value) for value in axis.values[::step]]
    if which == "x":
        is_long = sum(map(len, names)) > 40
        ax.set_xticks(places[::step], names, rotation=30 if is_long else 0, ha="right" if is_long else "center")
        ax.set_xlabel(meaning(axis.key))
    else:
        ax.set_yticks(places[::step], names)
        ax.set_ylabel(meaning(axis.key).replace(" (", "\n("))


def head(figure: Figure, grid: Grid, notes: list[str]) -> None:
    """Write above a picture whose it is, and below it what must be known to read it."""
    width, height = figure.get_size_inches()
    base, characters = grid.base, int(CHARACTERS_AN_INCH * width)
    title = textwrap.shorten(base.title or base.name, characters, placeholder=" ...")
    told = f"{base.simulation.replicates:,} simulated trials a combination and truth; analyzed by {_analysis(grid)}"
    figure.text(0.1 / width, 1 - 0.1 / height, title, ha="left", va="top", fontsize=11)
    figure.text(0.1 / width, 1 - 0.32 / height, told, ha="left", va="top", fontsize=8, color=QUIET)
    if grid.left_out:
        notes = [*notes, f"left out, since they break a rule of the scenario: {len(grid.left_out):,} combinations"]
    figure.text(0.1 / width, 0.06 / height, "; ".join(notes), ha="left", va="bottom", fontsize=8, color=QUIET)


def _analysis(grid: Grid) -> str:
    """Name the method that decides, unless that is varied."""
    is_varied = any(axis.key == "analysis.primary" for axis in grid.axes)
    return "several methods" if is_varied else grid.base.analysis.primary
