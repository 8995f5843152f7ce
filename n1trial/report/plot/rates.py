"""Pictures of shares of simulated trials: a row each, or by the size of the effect."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from n1trial.evaluation.characteristics import NO_FIGURE, Figure
from n1trial.report.plot.diary import style
from n1trial.report.rates import count, ends

INK, QUIET, SHOWN, ALARM, LIGHT = "#1d2733", "#6a7480", "#1f5f8b", "#a63c06", "#dbe8f2"
WIDTH, LABELS, BESIDE = 4.8, 1.95, 0.42
"""Inches: of a picture, of the labels on its left, and of the numbers on its right."""
LABEL_CHARACTERS = 26
ROW, LINE, HEAD, FOOT, LEGEND = 0.42, 0.16, 0.3, 0.52, 0.25
"""Inches: of a row, of a line of its label, of what is above and below the panel, and of a legend below that."""
FONT_SIZE = 10.0


@dataclass(frozen=True)
class RateRow:
    """A row of a picture.

    Attributes
    ----------
    label : str
    power : Figure
        Share of trials that show the effect.
    alarms : Figure
        Share of false alarms; none by default.
    is_first : bool
        Whether the row is the one to look at.
    note : str
        Said below the label where that is one line.
    """

    label: str
    power: Figure
    alarms: Figure = NO_FIGURE
    is_first: bool = False
    note: str = ""


def draw_rates(
    rows: Sequence[RateRow], words: Mapping[str, str], lines: Mapping[float, str], *, is_barred: bool = False
) -> Picture:
    """Draw shares of trials of 100, a row each: how often an effect is shown, and false alarms.

    Parameters
    ----------
    rows : sequence of RateRow
    words : mapping of str to str
        Labels: "of_100", "shown" and, where there are any, "alarms".
    lines : mapping of float to str
        Shares to mark from top to bottom, each with its label.
    is_barred : bool
        Whether a bar leads from 0 to the share that is shown.
    """
    has_alarms = any(row.alarms.value is not None for row in rows)
    foot = FOOT + (LEGEND if has_alarms else 0.0)
    with style():
        picture, ax = canvas(HEAD + foot + ROW * len(rows), LABELS, foot)
        for share, label in lines.items():
            ax.axvline(100 * share, color=QUIET, linewidth=1, linestyle=(0, (4, 2)), zorder=0)
            ax.text(100 * share, 1.01, label, transform=ax.get_xaxis_transform(), ha=_side(share), va="bottom",
                    fontsize=8.5, color=QUIET)  # fmt: skip
        for place, row in enumerate(rows):
            if is_barred and row.power.value is not None:
                ax.barh(place, 100 * row.power.value, height=0.5, facecolor=LIGHT, edgecolor=SHOWN, linewidth=0.8)
            draw_share(ax, row.alarms, place, ALARM, "D", is_filled=False)
            draw_share(ax, row.power, place, SHOWN, "s" if row.is_first else "o")
            ax.text(1.03, place, count(row.power), transform=ax.get_yaxis_transform(), va="center",
                    fontweight="bold" if row.is_first else "normal")  # fmt: skip
            _label(ax, row, place)
        ax.set_yticks([])
        ax.set_ylim(len(rows) - 0.45, -0.55)
        _number_shares(ax, words["of_100"])
        if has_alarms:
            handles = [_mark("o", SHOWN, SHOWN, words["shown"]), _mark("D", ALARM, "white", words["alarms"])]
            picture.legend(handles=handles, loc="lower left", ncols=2, frameon=False, fontsize=9, borderaxespad=0.1)
    return picture


def draw_power(
    curve: Mapping[float, Figure], alarms: Figure, marks: Mapping[float, str], words: Mapping[str, str]
) -> Picture:
    """Draw how often an effect is shown by its size, with false alarms where there is none.

    Parameters
    ----------
    curve : mapping of float to Figure
        Shares of trials by benefit in points.
    alarms : Figure
        Share of false alarms.
    marks : mapping of float to str
        Benefits to mark from top to bottom, each with its label.
    words : mapping of str to str
        Labels: "of_100", "benefit", "shown", "alarms", "good".
    """
    with style():
        picture, ax = canvas(3.6, 0.62, FOOT + LEGEND)
        ax.axhline(80, color=QUIET, linewidth=0.8, linestyle=(0, (1, 2)))
        ax.text(1.01, 80, words["good"], transform=ax.get_yaxis_transform(), va="center", fontsize=8.5, color=QUIET)
        seen = {benefit: figure for benefit, figure in curve.items() if figure.value is not None}
        ax.plot(list(seen), [100 * (figure.value or 0.0) for figure in seen.values()], color=SHOWN, linewidth=1.4)
        for benefit, figure in seen.items():
            draw_share(ax, figure, benefit, SHOWN, "o", is_upright=True)
        draw_share(ax, alarms, 0.0, ALARM, "D", is_filled=False, is_upright=True)
        number_benefits(ax, [0.0, *seen], marks, words)
        handles = [_mark("o", SHOWN, SHOWN, words["shown"]), _mark("D", ALARM, "white", words["alarms"])]
        picture.legend(handles=handles, loc="lower left", ncols=2, frameon=False, fontsize=9, borderaxespad=0.1)
    return picture


def number_benefits(ax: Axes, benefits: Sequence[float], marks: Mapping[float, str], words: Mapping[str, str]) -> None:
    """Number benefits along and trials of 100 up.

    Parameters
    ----------
    ax : Axes
    benefits : sequence of float
        That are drawn, in points.
    marks : mapping of float to str
        Benefits to mark from top to bottom, each with its label.
    words : mapping of str to str
        Labels: "of_100", "benefit".
    """
    low, high = min(benefits), max(benefits)
    ax.set_xlim(low - 0.04 * (high - low), high + 0.04 * (high - low))
    for benefit, label in marks.items():
        ax.axvline(benefit, color=INK, linewidth=1, linestyle=(0, (4, 2)), zorder=0)
        ax.text(benefit, 1.01, label, transform=ax.get_xaxis_transform(), va="bottom", fontsize=8.5,
                ha=_side_of(benefit, marks, (benefit - low) / (high - low)))  # fmt: skip
    ax.set_ylim(-3, 103)
    ax.set_yticks(range(0, 101, 20))
    ax.set_ylabel(words["of_100"])
    ax.set_xlabel(words["benefit"])
    ax.xaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 2.5, 5, 10]))


def draw_share(
    ax: Axes, figure: Figure, place: float, color: str, marker: str, *, is_filled: bool = True, is_upright: bool = False
) -> None:
    """Mark a share of 100 with its Monte Carlo interval; nothing where there is none."""
    if figure.value is None:
        return
    line, at = [100 * end for end in ends(figure)], 100 * figure.value
    if is_upright:
        ax.plot([place, place], line, color=color, linewidth=2, solid_capstyle="butt")
        ax.plot(place, at, marker, color=color, markersize=5.5, markerfacecolor=color if is_filled else "white")
    else:
        ax.plot(line, [place, place], color=color, linewidth=2, solid_capstyle="butt", clip_on=False)
        ax.plot(at, place, marker, color=color, markersize=6, markerfacecolor=color if is_filled else "white",
                clip_on=False)  # fmt: skip


def canvas(height: float, left: float, foot: float, right: float = BESIDE) -> tuple[Picture, Axes]:
    """Make a picture of fixed margins, in inches: laying it out would take longer than drawing it."""
    mpl.rcParams.update({"font.size": FONT_SIZE, "text.color": INK, "axes.edgecolor": QUIET, "axes.labelcolor": INK})
    picture = Picture(figsize=(WIDTH, height))
    box = (left / WIDTH, foot / height, (WIDTH - left - right) / WIDTH, (height - foot - HEAD) / height)
    ax = picture.add_axes(box)
    ax.spines[["top", "right"]].set_visible(False)
    return picture, ax


def _number_shares(ax: Axes, label: str) -> None:
    ax.set_xlim(0, 100)
    ax.set_xticks(range(0, 101, 20))
    ax.set_xlabel(label)


def _side_of(benefit: float, marks: Mapping[float, str], place: float) -> str:
    """Choose the side of a mark that its label ends on: away from the other mark, but within the panel."""
    is_right = place > 0.7 or (len(marks) > 1 and benefit == min(marks))
    return "right" if is_right and place > 0.2 else "left"


def _side(share: float) -> str:
    return "left" if share < 0.5 else "right"


def _label(ax: Axes, row: RateRow, place: float) -> None:
    """Label a row on two lines at most, each a text of its own: so they end together whatever the reader's font."""
    lines = textwrap.wrap(row.label, LABEL_CHARACTERS, max_lines=2, placeholder=" ...")
    lines += [row.note] if row.note and len(lines) == 1 else []
    for number, line in enumerate(lines):
        height = place + LINE / ROW * (number - (len(lines) - 1) / 2)
        ax.text(-0.05, height, line, transform=ax.get_yaxis_transform(), ha="right", va="center", fontsize=9,
                fontweight="bold" if row.is_first else "normal")  # fmt: skip


def _mark(marker: str, color: str, fill: str, label: str) -> Line2D:
    return Line2D([], [], linestyle="none", marker=marker, color=color, markerfacecolor=fill, markersize=6, label=label)
