"""Pictures of a sweep: curves over one key, a map over two, maps side by side over more."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from n1trial.evaluation import characteristics
from n1trial.evaluation.verdict import LIKELY
from n1trial.report.plot.diary import style
from n1trial.report.sweep.maps import MAPS, PLANNED, Panel, draw_maps, facets
from n1trial.report.sweep.panels import FIRST, INK, QUIET, SECOND, Find, head, is_numeric, name_values, of_100
from n1trial.report.words import control_in_words
from n1trial.scenario.file.grid import Axis, Grid
from n1trial.study.sweep.combination import Point

SES = 2.0
"""Monte Carlo standard errors that a bar reaches to either side."""
MOST_PANELS = 60
"""Maps side by side that a picture can hold."""
WIDTH, HEIGHT = 9.5, 7.2
"""Inches of the picture of curves."""

Share = Callable[[Point], characteristics.Figure]


def draw_sweep(grid: Grid, points: Sequence[Point]) -> dict[str, Figure]:
    """Draw a sweep.

    Parameters
    ----------
    grid : Grid
    points : sequence of Point
        In the order of the grid.

    Returns
    -------
    dict of str to Figure
        By name for a file. One key with several values gives curves, two give a map a quantity, all in one picture;
        more keys a picture a quantity, with maps side by side. Empty where there would be too many of them.
    """
    varied = [axis for axis in grid.axes if len(axis.values) > 1] or [grid.axes[0]]
    seen = {repr(point.values): point for point in points}

    def find(values: Mapping[str, object]) -> Point | None:
        return seen.get(repr(tuple(values.get(axis.key, axis.values[0]) for axis in grid.axes)))

    with style():
        if len(varied) == 1:
            return {"sweep": _draw_curves(grid, varied[0], find)}
        shown = [one for one in MAPS if one is not PLANNED or has_planned(points)]
        if len(varied) == 2:
            return {"sweep": draw_maps(grid, varied, [Panel(one, one.title, {}) for one in shown], 3, points, find)}
        if math.prod(len(axis.values) for axis in varied[2:]) > MOST_PANELS:
            return {}
        return {
            f"sweep-{one.name}": draw_maps(
                grid, varied, list(facets(one, varied[2:])), len(varied[2].values), points, find
            )
            for one in shown
        }


def has_planned(points: Sequence[Point]) -> bool:
    """Whether the planned effect is another than the smallest worthwhile one."""
    return any(point.power_planned != point.power for point in points)


def _draw_curves(grid: Grid, axis: Axis, find: Find) -> Figure:
    """Draw four panels over the values of one key."""
    figure = Figure(figsize=(WIDTH, HEIGHT))
    places = [float(value) for value in axis.values] if is_numeric(axis) else [*map(float, range(len(axis.values)))]  # type: ignore[arg-type]
    seen = [(place, find({axis.key: value})) for place, value in zip(places, axis.values, strict=True)]
    found = [(place, point) for place, point in seen if point is not None]
    axes = [figure.add_axes((left, low, 0.395, 0.285)) for low in (0.555, 0.115) for left in (0.07, 0.58)]
    _draw_power(axes[0], axis, found)
    _draw_type_1(axes[1], axis, found)
    worthwhile, nothing = "if the effect is just worthwhile", "if the drug does nothing"
    lines: dict[str, Share] = {worthwhile: lambda point: point.right, nothing: lambda point: point.right_null}
    _draw_shares(axes[2], axis, found, lines)
    _draw_weeks(axes[3], axis, found, control_in_words(grid.base))
    titles = ("Shown, of 100 trials", "False alarms, of 100 trials", "Right decisions, of 100 trials", "Weeks")
    for ax, title in zip(axes, titles, strict=True):
        ax.set_title(title, loc="left", fontsize=10, pad=18)
        ax.legend(frameon=False, fontsize=8, loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=3, borderaxespad=0)
        name_values(ax, "x", axis, places)
        ax.spines[["top", "right"]].set_visible(False)
    head(figure, grid, [f"bars: {SES:g} Monte Carlo standard errors to either side"])
    return figure


Points = Sequence[tuple[float, Point]]
"""Points with their places along the axis."""


def _draw_power(ax: Axes, axis: Axis, points: Points) -> None:
    lines: dict[str, Share] = {"if just worthwhile": lambda point: point.power}
    if has_planned([point for _, point in points]):
        lines["if as planned"] = lambda point: point.power_planned
    _draw_shares(ax, axis, points, lines)
    ax.axhline(100 * LIKELY, color=QUIET, linewidth=1, linestyle=":", label=f"good chance: {100 * LIKELY:g}")


def _draw_type_1(ax: Axes, axis: Axis, points: Points) -> None:
    _draw_shares(ax, axis, points, {"if the drug does nothing": lambda point: point.type_1})
    alphas = [100 * point.alpha for _, point in points]
    ax.plot([place for place, _ in points], alphas, color=QUIET, linewidth=1, linestyle="--", label="allowed")
    ax.set_ylim(0, max(2 * max(alphas), *(1.1 * of_100(point.type_1) for _, point in points)))


def _draw_shares(ax: Axes, axis: Axis, points: Points, lines: Mapping[str, Share]) -> None:
    """Draw one line a share, with its Monte Carlo error; texts as values have no line between them."""
    for (name, of), color, marker in zip(lines.items(), (FIRST, SECOND), "os", strict=False):
        figures, width = [of(point) for _, point in points], 1.2 if is_numeric(axis) else 0
        ax.errorbar(
            [place for place, _ in points], [of_100(figure) for figure in figures],
            yerr=[100 * SES * (figure.mcse or 0.0) for figure in figures],
            color=color, marker=marker, markersize=4, linewidth=width, elinewidth=1, label=name,
        )  # fmt: skip
    ax.set_ylim(0, 100)


def _draw_weeks(ax: Axes, axis: Axis, points: Points, control: str) -> None:
    places = [place for place, _ in points]
    width = 1.2 if is_numeric(axis) else 0
    weeks, most = [point.weeks for _, point in points], [point.weeks_on_control[1] for _, point in points]
    ax.plot(places, weeks, color=INK, marker="D", markersize=4, linewidth=width, label="in all, with the run-in")
    ax.plot(places, most, color=QUIET, marker="v", markersize=4, linewidth=width, label=f"on {control}, at most")
    ax.set_ylim(0, 1.1 * max(weeks))
