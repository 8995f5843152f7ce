"""The panels of a diary's picture: each draws one aspect of a simulated patient's trial over days or weeks."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray

from n1trial.arrays import Flags
from n1trial.patient.placebo import CANNOT_TELL
from n1trial.simulation.life import Life

DRUG, INK, QUIET, MARKED, BELIEF = "#c6dbef", "#222222", "#777777", "#d55e00", "#0072b2"
WASHOUT, STOPPED = "....", "////"
MEAN = "mean of the days that count"
GUESSES = {
    "right guess": ("s", INK, INK),
    "wrong guess": ("x", MARKED, MARKED),
    "cannot tell": ("D", INK, "white"),
}
"""Marker, color and filling for what became of a guess."""
Label = tuple[float, float, str]
"""Begin, end and name of a stretch on the axis."""
LONGEST_LABEL, INCHES_A_CHARACTER, INCHES_A_LINE = 24, 0.055, 0.11
"""Characters of a label at most; how wide one is above the panel, and how high."""
NARROWEST, WIDEST, INCHES_A_WEEK, INCHES_BESIDE = 11.0, 26.0, 0.14, 1.5
"""Width of the figure in inches: at least, at most, between them by the week, and what of it is beside the panels."""
SHOWN_IN_DAYS = 20
"""Longest trial, in days, whose days are numbered, not its weeks."""


def inches_wide(life: Life) -> float:
    """Return the width of the figure: a long trial gets a wide one."""
    return min(max(NARROWEST, INCHES_BESIDE + INCHES_A_WEEK * len(life.day) / 7), WIDEST)


def days_a_unit(life: Life) -> int:
    """Count days in one unit of the axis: 1 in a short trial, else those of a week."""
    return 1 if len(life.day) <= SHOWN_IN_DAYS else 7


def _inches_a_day(life: Life, width: float) -> float:
    return (width - INCHES_BESIDE) / len(life.day)


def _mark_size(life: Life, width: float, days: float, smallest: float, largest: float) -> float:
    """Return the size in points of a mark that is to be as wide as some days, within limits."""
    return min(max(smallest, 72 * days * _inches_a_day(life, width)), largest)


def short(name: str) -> str:
    """Cut off a name that is too long for a label."""
    return name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 4].rstrip()} ..."


def _time(life: Life) -> NDArray[np.float64]:
    """Return the middle of each day, in units of the axis."""
    return (life.day + 0.5) / days_a_unit(life)


def _spans(life: Life) -> Iterator[tuple[int, float, float]]:
    """Yield period (0 for a washout), begin and end on the axis of every stretch from day 0 until the patient left."""
    kept, unit = life.is_recorded, days_a_unit(life)
    changes = np.flatnonzero(np.diff(life.period[kept], prepend=-1, append=-1))
    for first, after in pairwise(changes.tolist()):
        if life.day[first] >= 0:
            yield int(life.period[first]), life.day[first] / unit, (life.day[after - 1] + 1) / unit


def shade(ax: Axes, life: Life) -> None:
    """Shade what was on the drug, and hatch washouts and what the patient did not stay for."""
    for period, begin, end in _spans(life):
        if period == 0:
            ax.axvspan(begin, end, facecolor="none", edgecolor=QUIET, hatch=WASHOUT, linewidth=0)
        elif _is_on_drug(life, period):
            ax.axvspan(begin, end, facecolor=DRUG, linewidth=0)
        ax.axvline(begin, color=QUIET, linewidth=0.6)
    if life.dropout_day is not None:
        begin, end = life.dropout_day / days_a_unit(life), (life.day[-1] + 1) / days_a_unit(life)
        ax.axvspan(begin, end, facecolor="none", edgecolor=QUIET, hatch=STOPPED, linewidth=0, zorder=3)


def _is_on_drug(life: Life, period: int) -> bool:
    return bool(life.treatment[life.period == period][0] == 1)


def name_periods(ax: Axes, life: Life, width: float) -> None:
    """Write above each stretch what it was: along it where that has room, else upright."""
    _name(ax, life, width, _labels(life), is_upright=are_names_upright(life, width))
    if life.day[0] < 0:
        run_in = (life.day[0] / days_a_unit(life), 0.0, "Run-in")
        _name(ax, life, width, [run_in], is_upright=not _has_room(life, width, run_in))


def are_names_upright(life: Life, width: float) -> bool:
    """Whether the names of periods have no room along them."""
    labels = _labels(life)
    # a period that the patient cut short is not to decide for all
    whole = labels[:-1] if life.dropout_day is not None and len(labels) > 1 else labels
    return not all(_has_room(life, width, label) for label in whole)


def _labels(life: Life) -> list[Label]:
    scenario = life.scenario
    return [
        (begin, end, scenario.treatment.name if _is_on_drug(life, period) else scenario.control.name)
        for period, begin, end in _spans(life)
        if period > 0
    ]


def _has_room(life: Life, width: float, label: Label, is_upright: bool = False) -> bool:
    begin, end, name = label
    needed = INCHES_A_LINE if is_upright else INCHES_A_CHARACTER * len(name)
    return needed <= (end - begin) * days_a_unit(life) * _inches_a_day(life, width)


def _name(ax: Axes, life: Life, width: float, labels: Iterable[Label], is_upright: bool) -> None:
    """Write labels above the panel, but none that has no room."""
    for begin, end, name in labels:
        if _has_room(life, width, (begin, end, name), is_upright):
            ax.text(
                (begin + end) / 2, 1.01, short(name) if is_upright else name, transform=ax.get_xaxis_transform(),
                rotation="vertical" if is_upright else "horizontal", ha="center", va="bottom", fontsize=7,
            )  # fmt: skip


def draw_scores(ax: Axes, life: Life, width: float) -> None:
    """Draw entries, those filled in later set apart, and the mean of the days that count in each period."""
    outcome, time, unit = life.scenario.outcome, _time(life), days_a_unit(life)
    own, size = ~life.is_filled, _mark_size(life, width, 1.3, 1.2, 2.5)
    ax.plot(time, life.score, color=QUIET, linewidth=size / 5)
    for counted in _days_that_count(life):
        held = life.day[counted]
        mean = float(np.mean(life.score[counted]))
        ax.plot([held[0] / unit, (held[-1] + 1) / unit], [mean, mean], color=MARKED, linewidth=2)
    ax.plot(time[own], life.score[own], "o", color=INK, markersize=size)
    ax.plot(time[~own], life.score[~own], "o", color=INK, markersize=size + 1, markerfacecolor="white")
    low, high = outcome.scale
    ax.set_ylim(low - 0.04 * (high - low), high + 0.04 * (high - low))
    ax.ticklabel_format(axis="y", style="plain", useOffset=False)
    ax.set_ylabel(f"{textwrap.fill(outcome.name, 40)}\n({outcome.better} is better)")


def _days_that_count(life: Life) -> Iterator[Flags]:
    """Yield days that the plan's comparison counts, by period; the run-in where it is what is compared with."""
    usable = life.diary.is_usable()[:, 0]
    stretches = [usable & (life.period == period) for period in range(1, int(life.period.max()) + 1)]
    if life.scenario.design.layout == "open-label":
        stretches.append((life.day < 0) & ~np.isnan(life.score))
    return (stretch for stretch in stretches if stretch.any())


def draw_exposure(ax: Axes, life: Life) -> None:
    """Return the share of the effect that has built up."""
    kept = life.is_recorded
    ax.plot(_time(life)[kept], life.exposure[kept], color=INK, linewidth=1.2)
    ax.set_ylim(-0.05, 1.05)
    ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    ax.set_ylabel("Effect\nbuilt up")


def draw_belief(ax: Axes, life: Life, width: float) -> None:
    """Draw belief as a line, and guesses: right ones filled, wrong ones crosses."""
    begins = life.day[0] if life.scenario.design.run_in == "placebo" else 0
    shown, time = (life.day >= begins) & life.is_recorded, _time(life)
    ax.plot(time[shown], life.belief[shown], color=BELIEF, linewidth=1.0)
    size = _mark_size(life, width, 5, 2, 4)
    for day, guess in life.guesses.items():
        marker, color, fill = GUESSES[_outcome(life, day, guess)]
        place = 0.5 if guess == CANNOT_TELL else guess
        middle = (day + 0.5) / days_a_unit(life)
        ax.plot(middle, place, marker, color=color, markerfacecolor=fill, markersize=size, clip_on=False)
    ax.set_ylim(-0.15, 1.15)
    names = (life.scenario.control.name, "cannot tell", life.scenario.treatment.name)
    ax.set_yticks([0, 0.5, 1], [short(name) for name in names])
    ax.set_ylabel("The patient\nthinks it is")


def _outcome(life: Life, day: int, guess: int) -> str:
    """Say what became of a guess: one of `GUESSES`."""
    if guess == CANNOT_TELL:
        return "cannot tell"
    return "right guess" if guess == life.treatment[np.searchsorted(life.day, day)] else "wrong guess"


def strips(life: Life) -> list[tuple[str, Flags]]:
    """List what happened on single days, by name; nothing that never did."""
    strips = [
        ("no entry", life.is_lost & ~life.is_filled),
        ("filled in later", life.is_filled),
        ("dose missed", life.is_due & ~life.is_taken),
        *life.hits.items(),
    ]
    return [(name, days & life.is_recorded) for name, days in strips if (days & life.is_recorded).any()]


def draw_strips(ax: Axes, life: Life, strips: list[tuple[str, Flags]], width: float) -> None:
    """Mark single days, a row for each thing that happened."""
    time, thickness = _time(life), _mark_size(life, width, 0.4, 0.3, 0.8)
    for row, (_, days) in enumerate(strips):
        ax.plot(time[days], np.full(int(days.sum()), row), "|", color=INK, markersize=7, markeredgewidth=thickness)
    ax.set_yticks(range(len(strips)), [short(name) for name, _ in strips])
    ax.set_ylim(len(strips) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)


def legend(life: Life) -> list[Patch | Line2D]:
    """Explain what is in the picture, and nothing else."""
    scenario = life.scenario
    begun = {period for period, _, _ in _spans(life)}
    on_drug = {_is_on_drug(life, period) for period in begun if period > 0}
    written = ~np.isnan(life.score)
    guessed = {_outcome(life, day, guess) for day, guess in life.guesses.items()}
    lines: list[tuple[bool, Patch | Line2D]] = [
        (True in on_drug, Patch(facecolor=DRUG, edgecolor=QUIET, label=f"on {scenario.treatment.name}")),
        (False in on_drug, Patch(facecolor="white", edgecolor=QUIET, label=f"on {scenario.control.name}")),
        (0 in begun, Patch(facecolor="white", edgecolor=QUIET, hatch=WASHOUT, label="washout")),
        (life.dropout_day is not None, Patch(facecolor="white", edgecolor=QUIET, hatch=STOPPED, label="stopped")),
        (bool((written & ~life.is_filled).any()), _mark("o", INK, INK, "entry")),
        (bool((written & life.is_filled).any()), _mark("o", INK, "white", "filled in later")),
        (any(True for _ in _days_that_count(life)), Line2D([], [], color=MARKED, linewidth=2, label=MEAN)),
        (scenario.design.layout == "crossover", Line2D([], [], color=BELIEF, label="what the patient believes")),
        *((label in guessed, _mark(*style, label)) for label, style in GUESSES.items()),
    ]
    return [line for is_drawn, line in lines if is_drawn]


def _mark(marker: str, color: str, fill: str, label: str) -> Line2D:
    return Line2D([], [], linestyle="none", marker=marker, color=color, markerfacecolor=fill, markersize=4, label=label)
