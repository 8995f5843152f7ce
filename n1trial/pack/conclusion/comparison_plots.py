"""Pictures of a finished trial: the rounds, and all analyses beside each other."""

from __future__ import annotations

import textwrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from n1trial.pack.conclusion.context import Table
from n1trial.pack.end.conclude import Final
from n1trial.report.plot.diary import fit_title, style

INK, QUIET = "#222222", "#777777"


def draw_rounds(periods: Table, words: dict[str, str]) -> Figure:
    """Draw the mean on the drug and on control of every round, joined by a line.

    Parameters
    ----------
    periods : list of dict
        Rows of the table of periods (`n1trial.pack.conclusion.context`).
    words : dict of str to str
    """
    means: dict[int, dict[bool, float]] = {}
    for row in periods:
        if row["mean"] is not None:
            means.setdefault(row["round"], {})[row["is_drug"]] = row["mean"]
    with style():
        figure = Figure(figsize=(4.6, 3.2), layout="constrained")
        ax = figure.subplots()
        both = [number for number, held in means.items() if len(held) == 2]
        for number in both:
            ax.plot([0, 1], [means[number][False], means[number][True]], color=QUIET, linewidth=1)
        for held in means.values():
            for is_drug, mean in held.items():
                ax.plot(int(is_drug), mean, "o", color=INK, markerfacecolor=INK if is_drug else "white")
        for side, is_drug, align in ((-0.06, False, "right"), (1.06, True, "left")):
            ends = {number: held[is_drug] for number, held in means.items() if is_drug in held}
            for number, height in _spread(ends, ax).items():
                label = words["round"].format(number=number)
                ax.text(side, height, label, ha=align, va="center", fontsize=8)
        ax.set_xticks([0, 1], [textwrap.fill(words[side], 18) for side in ("on_control", "on_drug")])
        ax.set_xlim(-0.6, 1.6)
        ax.set_ylabel(words["mean"])
        ax.spines[["top", "right"]].set_visible(False)
        fit_title(figure)
    return figure


def draw_analyses(final: Final, rows: Table, words: dict[str, str]) -> Figure:
    """Draw estimates and intervals of all analyses, the planned one first.

    Parameters
    ----------
    final : Final
    rows : list of dict
        Rows of the table of analyses (`n1trial.pack.conclusion.context`); those without an estimate are left out.
    words : dict of str to str
    """
    shown = [row for row in rows if row["estimate"] is not None]
    plan = final.plan
    with style():
        figure = Figure(figsize=(8.5, 0.9 + 0.27 * max(len(shown), 1)), layout="constrained")
        ax = figure.subplots()
        ends = [end for row in shown for end in (row["low"], row["high"], row["estimate"]) if end is not None]
        reach = 1.1 * max([abs(end) for end in ends] + [1.5 * plan.mcid])
        edge = plan.benefit_sign * reach
        ax.axvspan(plan.benefit_sign * plan.mcid, edge, facecolor="#eeeeee", linewidth=0)
        ax.axvline(0, color=INK, linewidth=0.8)
        ax.axvline(plan.benefit_sign * plan.mcid, color=QUIET, linewidth=0.8, linestyle="--")
        for place, row in enumerate(shown):
            low, high = (-reach if row["low"] is None else row["low"]), (reach if row["high"] is None else row["high"])
            is_first = row["role"] == "primary"
            ax.plot([low, high], [place, place], color=INK, linewidth=2.2 if is_first else 1.0)
            for end, mark in ((row["low"], "<"), (row["high"], ">")):
                if end is None:
                    ax.plot(-reach if mark == "<" else reach, place, mark, color=INK, markersize=4, clip_on=False)
            ax.plot(row["estimate"], place, "s" if is_first else "o", color=INK, markersize=7 if is_first else 4,
                    markerfacecolor=INK if row["role"] != "comparison" else "white")  # fmt: skip
        ax.set_yticks(range(len(shown)), [row["label"] for row in shown])
        for label, row in zip(ax.get_yticklabels(), shown, strict=True):
            label.set_fontweight("bold" if row["role"] == "primary" else "normal")
        ax.set_ylim(max(len(shown), 1) - 0.4, -0.6)
        ax.set_xlim(-reach, reach)
        better = words["better_left"] if plan.benefit_sign < 0 else words["better_right"]
        ax.set_xlabel(f"{words['difference']}\n{better}")
        ax.spines[["top", "right"]].set_visible(False)
        fit_title(figure)
    return figure


def _spread(ends: dict[int, float], ax: Axes) -> dict[int, float]:
    """Move heights of labels apart where they would cover each other."""
    low, high = ax.get_ylim()
    apart = 0.055 * (high - low)
    heights: dict[int, float] = {}
    floor = -np.inf
    for number, height in sorted(ends.items(), key=lambda each: each[1]):
        heights[number] = floor = max(height, floor + apart)
    return heights
