"""Maps of a sweep: a quantity over two keys, each combination a cell with its number in it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from n1trial.evaluation.verdict import FLAG_FACTOR, is_inflated
from n1trial.report.sweep.panels import INK, QUIET, Find, Quantity, head, name_values, of_100
from n1trial.report.sweep.words import value_in_words
from n1trial.scenario.file.grid import Axis, Grid
from n1trial.study.sweep.combination import Point

CELL_WIDE, CELL_HIGH, NARROWEST, WIDEST, LOWEST, HIGHEST = 0.5, 0.32, 1.6, 5.6, 0.9, 5.0
"""Inches of a cell, and of a whole map at least and at most."""
SMALLEST_WRITTEN = 0.3
"""Inches that a cell must be wide to have its number written in it."""
LEFT, BESIDE, BELOW, ABOVE, GAP_WIDE, GAP_HIGH = 0.85, 0.3, 0.85, 1.1, 0.85, 1.15
"""Inches around the panels and between them."""
TITLE_LETTER = 0.072
"""Inches that a letter of a panel's title takes."""
FLAG = "!"

POWER = Quantity("power", "Shown, of 100 trials,\nif just worthwhile", lambda point: of_100(point.power))
PLANNED = Quantity("power-planned", "Shown, of 100 trials,\nif as planned", lambda point: of_100(point.power_planned))
TYPE_1 = Quantity(
    "type-1", "False alarms, of 100 trials,\nif it does nothing", lambda point: of_100(point.type_1), None
)
RIGHT = Quantity("right-decision", "Right decisions, of 100,\nif just worthwhile", lambda point: of_100(point.right))
RIGHT_NULL = Quantity(
    "right-decision-no-effect", "Right decisions, of 100,\nif it does nothing", lambda point: of_100(point.right_null)
)
WEEKS = Quantity("weeks", "Weeks,\nwith the run-in", lambda point: point.weeks, None)
MAPS = (POWER, TYPE_1, WEEKS, RIGHT, RIGHT_NULL, PLANNED)


@dataclass(frozen=True)
class Panel:
    """One map: what it shows, under which title, at which values of the further keys."""

    quantity: Quantity
    title: str
    fixed: Mapping[str, object]


def facets(quantity: Quantity, others: Sequence[Axis]) -> Iterator[Panel]:
    """Yield a panel for each combination of further keys, the first of them from left to right."""
    backward = list(reversed(others))
    for values in product(*(axis.values for axis in backward)):
        fixed = dict(zip((axis.key for axis in backward), values, strict=True))
        told = [f"{axis.key} = {value_in_words(fixed[axis.key])}" for axis in others]
        yield Panel(quantity, "\n".join(told), fixed)


def draw_maps(
    grid: Grid, axes: Sequence[Axis], panels: Sequence[Panel], columns: int, points: Sequence[Point], find: Find
) -> Figure:
    """Draw maps side by side, the first key from left to right and the second from below."""
    across, up = axes[:2]
    wide = min(max(CELL_WIDE * len(across.values), NARROWEST), WIDEST)
    high = min(max(CELL_HIGH * len(up.values), LOWEST), HIGHEST)
    is_written = min(wide / len(across.values), 1.6 * high / len(up.values)) >= SMALLEST_WRITTEN
    titles = max(panel.title.count("\n") for panel in panels)
    longest = max(len(line) for panel in panels for line in panel.title.split("\n"))
    gap_wide = max(GAP_WIDE + (0.0 if is_written else 0.5), TITLE_LETTER * longest - wide + BESIDE)
    gap_high = GAP_HIGH + 0.14 * max(titles - 1, 0)
    rows, columns = -(-len(panels) // columns), min(columns, len(panels))
    quantities = {panel.quantity for panel in panels}
    above = ABOVE + 0.14 * max(titles - 1, 0) + (0.25 if len(axes) > 2 else 0.0)
    beside = max(BESIDE, TITLE_LETTER * longest - wide + 0.1) + (0.0 if is_written else 0.5)
    width = max(LEFT + columns * wide + (columns - 1) * gap_wide + beside, 6.5)
    height = above + rows * high + (rows - 1) * gap_high + BELOW
    figure = Figure(figsize=(width, height))
    for number, panel in enumerate(panels):
        row, column = divmod(number, columns)
        left = LEFT + column * (wide + gap_wide)
        low = height - above - row * (high + gap_high) - high
        ax = figure.add_axes((left / width, low / height, wide / width, high / height))
        highest = _highest(panel.quantity, points)
        _draw_map(ax, across, up, panel, find, highest, is_written)
        if not is_written:
            _draw_scale(figure, (left + wide + 0.08, low, 0.12, high), highest)
        ax.set_title(panel.title, loc="left", fontsize=9)
        if column:
            ax.set_ylabel("")
        if row < rows - 1 and number + columns < len(panels):
            ax.set_xlabel("")
    if len(axes) > 2:
        title = next(iter(quantities)).title.replace("\n", " ")
        figure.text(0.1 / width, 1 - 0.55 / height, title, ha="left", va="top", fontsize=10)
    is_flagged = (
        is_written and TYPE_1 in quantities and any(is_inflated(one.type_1, one.alpha, FLAG_FACTOR) for one in points)
    )
    head(figure, grid, [f"{FLAG} more false alarms than allowed, beyond chance"] if is_flagged else [])
    return figure


def _draw_map(ax: Axes, across: Axis, up: Axis, panel: Panel, find: Find, highest: float, is_written: bool) -> None:
    """Draw one map; combinations that were left out are hatched."""
    shape = (len(up.values), len(across.values))
    cells = {
        (row, column): find({**panel.fixed, up.key: high, across.key: wide})
        for row, high in enumerate(up.values)
        for column, wide in enumerate(across.values)
    }
    values: NDArray[np.float64] = np.full(shape, np.nan)
    for place, point in cells.items():
        values[place] = math.nan if point is None else panel.quantity.of(point)
    ax.set_facecolor("white")
    ax.patch.set(hatch="////", edgecolor="#bbbbbb")
    colors = colormaps["cividis"]
    ax.pcolormesh(values, cmap=colors, vmin=0.0, vmax=highest, edgecolors="white", linewidth=0.5 if is_written else 0)
    if is_written:
        for (row, column), point in cells.items():
            if point is not None and not math.isnan(values[row, column]):
                color = "white" if values[row, column] < 0.55 * highest else INK
                told = _number(panel.quantity, point, float(values[row, column]))
                ax.text(column + 0.5, row + 0.5, told, ha="center", va="center", fontsize=8, color=color)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    name_values(ax, "x", across, [place + 0.5 for place in range(shape[1])])
    name_values(ax, "y", up, [place + 0.5 for place in range(shape[0])])


def _number(quantity: Quantity, point: Point, value: float) -> str:
    if quantity is TYPE_1:
        return f"{value:.1f}{FLAG if is_inflated(point.type_1, point.alpha, FLAG_FACTOR) else ''}"
    return f"{value:.0f}"


def _highest(quantity: Quantity, points: Sequence[Point]) -> float:
    """Return where the colors of a quantity end: the same in all panels."""
    if quantity.highest is not None:
        return quantity.highest
    highest = max((quantity.of(point) for point in points), default=1.0)
    return max(highest, max(200 * point.alpha for point in points)) if quantity is TYPE_1 else highest


def _draw_scale(figure: Figure, place: tuple[float, float, float, float], highest: float) -> None:
    """Draw the colors beside a map whose cells are too small for numbers."""
    width, height = figure.get_size_inches()
    left, low, wide, high = place
    ax = figure.add_axes((left / width, low / height, wide / width, high / height))
    shades = np.linspace(0.0, highest, 65)
    ax.pcolormesh(
        [0.0, 1.0], shades, ((shades[:-1] + shades[1:]) / 2)[:, np.newaxis], cmap="cividis", vmin=0.0, vmax=highest
    )
    ax.set_xticks([])
    ax.yaxis.tick_right()
    ax.tick_params(labelsize=8, color=QUIET)
    ax.spines[:].set_visible(False)
