"""The panels of a diary's picture: each draws one aspect of a simulated patient's trial over weeks."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray

from n1trial.patient.placebo import CANNOT_TELL
from n1trial.simulation.life import Flags, Life

DRUG, INK, QUIET, MARKED = "#c6dbef", "#222222", "#777777", "#d55e00"
WASHOUT, STOPPED = "....", "////"
GUESSES = {
    "right guess": ("o", INK, INK),
    "wrong guess": ("x", MARKED, MARKED),
    "cannot tell": ("o", INK, "white"),
}
"""Marker, color and filling for what became of a guess."""
LONGEST_LABEL, INCHES_A_CHARACTER, INCHES_WIDE = 24, 0.055, 9.6
"""Characters of a label at most; how wide one is above the panel, and how wide the panel."""


def _weeks(life: Life) -> NDArray[np.float64]:
    """Middle of each day, in weeks."""
    return (life.day + 0.5) / 7


def _spans(life: Life) -> Iterator[tuple[int, float, float]]:
    """Period (0 for a washout), begin and end in weeks of every stretch from day 0 until the patient left."""
    kept = life.is_recorded
    changes = np.flatnonzero(np.diff(life.period[kept], prepend=-1, append=-1))
    for first, after in pairwise(changes.tolist()):
        if life.day[first] >= 0:
            yield int(life.period[first]), life.day[first] / 7, (life.day[after - 1] + 1) / 7


def shade(ax: Axes, life: Life) -> None:
    """Shade what was on the drug, and hatch washouts and what the patient did not stay for."""
    for period, begin, end in _spans(life):
        if period == 0:
            ax.axvspan(begin, end, facecolor="none", edgecolor=QUIET, hatch=WASHOUT, linewidth=0)
        elif _is_on_drug(life, period):
            ax.axvspan(begin, end, facecolor=DRUG, linewidth=0)
        ax.axvline(begin, color=QUIET, linewidth=0.6)
    if life.dropout_day is not None:
        end = (life.day[-1] + 1) / 7
        ax.axvspan(life.dropout_day / 7, end, facecolor="none", edgecolor=QUIET, hatch=STOPPED, linewidth=0, zorder=3)


def _is_on_drug(life: Life, period: int) -> bool:
    return bool(life.treatment[life.period == period][0] == 1)


def name_periods(ax: Axes, life: Life) -> None:
    """Write above each stretch what it was, where all names have room."""
    scenario, inches_a_week = life.scenario, INCHES_WIDE / (len(life.day) / 7)
    names = [
        (
            (begin + end) / 2,
            end - begin,
            scenario.treatment.name if _is_on_drug(life, period) else scenario.control.name,
        )
        for period, begin, end in _spans(life)
        if period > 0
    ]
    for labels in (names, [(life.day[0] / 14, max(-life.day[0] / 7, 0.0), "Run-in")]):
        if all(INCHES_A_CHARACTER * len(name) <= weeks * inches_a_week for _, weeks, name in labels):
            for middle, _, name in labels:
                ax.text(middle, 1.01, name, transform=ax.get_xaxis_transform(), ha="center", va="bottom", fontsize=7)


def draw_scores(ax: Axes, life: Life) -> None:
    """Entries, those filled in later set apart, and the mean of the days that count in each period."""
    outcome, weeks = life.scenario.outcome, _weeks(life)
    own = ~life.is_filled
    ax.plot(weeks, life.score, color=QUIET, linewidth=0.5)
    ax.plot(weeks[own], life.score[own], "o", color=INK, markersize=2.5)
    ax.plot(weeks[~own], life.score[~own], "o", color=INK, markersize=3.5, markerfacecolor="white")
    for counted in _counted(life):
        held = weeks[counted]
        mean = float(np.mean(life.score[counted]))
        ax.plot([held[0], held[-1]], [mean, mean], color=MARKED, linewidth=2)
    low, high = outcome.scale
    ax.set_ylim(low - 0.04 * (high - low), high + 0.04 * (high - low))
    ax.set_ylabel(f"{textwrap.fill(outcome.name, 40)}\n({outcome.better} is better)")


def _counted(life: Life) -> Iterator[Flags]:
    """Days that the plan's comparison counts, by period; the run-in where it is what is compared with."""
    usable = life.diary.is_usable()[:, 0]
    stretches = [usable & (life.period == period) for period in range(1, int(life.period.max()) + 1)]
    if life.scenario.design.layout == "open-label":
        stretches.append((life.day < 0) & ~np.isnan(life.score))
    return (stretch for stretch in stretches if stretch.any())


def draw_exposure(ax: Axes, life: Life) -> None:
    """Share of the effect that has built up."""
    kept = life.is_recorded
    ax.plot(_weeks(life)[kept], life.exposure[kept], color=INK, linewidth=1.2)
    ax.set_ylim(-0.05, 1.05)
    ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    ax.set_ylabel("Effect\nbuilt up")


def draw_belief(ax: Axes, life: Life) -> None:
    """Belief and guesses: right ones filled, wrong ones crosses."""
    begins = life.day[0] if life.scenario.design.run_in == "placebo" else 0
    shown, weeks = (life.day >= begins) & life.is_recorded, _weeks(life)
    ax.plot(weeks[shown], life.belief[shown], color=INK, linewidth=1.0)
    for day, guess in life.guesses.items():
        marker, color, fill = GUESSES[_outcome(life, day, guess)]
        place = 0.5 if guess == CANNOT_TELL else guess
        ax.plot((day + 0.5) / 7, place, marker, color=color, markerfacecolor=fill, markersize=4)
    ax.set_ylim(-0.15, 1.15)
    names = (life.scenario.control.name, "cannot tell", life.scenario.treatment.name)
    ax.set_yticks([0, 0.5, 1], [textwrap.shorten(name, LONGEST_LABEL, placeholder=" ...") for name in names])
    ax.set_ylabel("The patient\nthinks it is")


def _outcome(life: Life, day: int, guess: int) -> str:
    """What became of a guess: one of `GUESSES`."""
    if guess == CANNOT_TELL:
        return "cannot tell"
    return "right guess" if guess == life.treatment[np.searchsorted(life.day, day)] else "wrong guess"


def strips(life: Life) -> list[tuple[str, Flags]]:
    """What happened on single days, by name; nothing that never did."""
    strips = [
        ("no entry", life.is_lost & ~life.is_filled),
        ("dose missed", life.is_due & ~life.is_taken),
        *life.hits.items(),
    ]
    return [(name, days & life.is_recorded) for name, days in strips if (days & life.is_recorded).any()]


def draw_strips(ax: Axes, life: Life, strips: list[tuple[str, Flags]]) -> None:
    """Mark single days, a row for each thing that happened."""
    weeks = _weeks(life)
    for row, (_, days) in enumerate(strips):
        ax.plot(weeks[days], np.full(int(days.sum()), row), "|", color=INK, markersize=7, markeredgewidth=0.8)
    ax.set_yticks(range(len(strips)), [textwrap.shorten(name, LONGEST_LABEL, placeholder=" ...") for name, _ in strips])
    ax.set_ylim(len(strips) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)


def legend(life: Life) -> list[Patch | Line2D]:
    """Explain what is in the picture, and nothing else."""
    scenario = life.scenario
    handles: list[Patch | Line2D] = [Patch(facecolor=DRUG, edgecolor=QUIET, label=f"on {scenario.treatment.name}")]
    if scenario.design.layout == "crossover":
        handles.append(Patch(facecolor="white", edgecolor=QUIET, label=f"on {scenario.control.name}"))
        if scenario.design.washout_days:
            handles.append(Patch(facecolor="white", edgecolor=QUIET, hatch=WASHOUT, label="washout"))
    if life.dropout_day is not None:
        handles.append(Patch(facecolor="white", edgecolor=QUIET, hatch=STOPPED, label="stopped"))
    handles.append(_mark("o", INK, INK, "entry"))
    if life.is_filled.any():
        handles.append(_mark("o", INK, "white", "filled in later"))
    handles.append(Line2D([], [], color=MARKED, linewidth=2, label="mean of the days that count"))
    guessed = {_outcome(life, day, guess) for day, guess in life.guesses.items()}
    handles += [_mark(*style, label) for label, style in GUESSES.items() if label in guessed]
    return handles


def _mark(marker: str, color: str, fill: str, label: str) -> Line2D:
    return Line2D([], [], linestyle="none", marker=marker, color=color, markerfacecolor=fill, markersize=4, label=label)
