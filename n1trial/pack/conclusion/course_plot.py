"""Picture of a finished trial: every day, kit and period."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, PercentFormatter

from n1trial.analysis.predicted_exposure import predicted_exposure
from n1trial.pack.conclusion.context import Table
from n1trial.pack.end.trial_diary import TrialDiary
from n1trial.report.plot.diary import fit_title, style

ON_DRUG, INK, QUIET, MARKED = "#c6dbef", "#222222", "#777777", "#d55e00"
WIDTH = 10.0
GUESS_PLACES = {1: 1.0, -1: 0.5, 0: 0.0}


def draw_course(trial_diary: TrialDiary, kits: Table, words: dict[str, str]) -> Figure:
    """Draw scores by day, means by kit, the effect built up as assumed, guesses, and what happened on single days.

    Parameters
    ----------
    trial_diary : TrialDiary
    kits : list of dict
        Rows of the table of kits (`n1trial.pack.conclusion.context`).
    words : dict of str to str
        Labels of the picture.
    """
    strips = [(words[name], days) for name, days in _strips(trial_diary) if days.any()]
    heights = [3.2, 2.0, 0.9, 0.8, *([0.2 * len(strips) + 0.1] if strips else [])]
    with style():
        figure = Figure(figsize=(WIDTH, 1.3 + 0.85 * sum(heights)), layout="constrained")
        axes: list[Axes] = list(figure.subplots(len(heights), 1, sharex=True, height_ratios=heights))
        for ax in axes:
            _shade(ax, trial_diary)
            ax.spines[["top", "right"]].set_visible(False)
        _name_periods(axes[0], trial_diary)
        _draw_days(axes[0], trial_diary, words)
        _draw_kits(axes[1], trial_diary, kits, words)
        _draw_exposure(axes[2], trial_diary, words)
        _draw_guesses(axes[3], trial_diary, words)
        if strips:
            _draw_strips(axes[4], trial_diary, strips)
        axes[-1].set_xlabel(words["weeks"])
        axes[-1].xaxis.set_major_locator(MaxNLocator(nbins=22, integer=True, steps=[1, 2, 4, 5, 10]))
        day = trial_diary.as_randomized.day
        axes[-1].set_xlim(day[0] / 7, (day[-1] + 1) / 7)
        figure.align_ylabels(axes)
        figure.legend(handles=_legend(words), loc="outside lower left", ncols=6, frameon=False, fontsize=8)
        fit_title(figure)
    return figure


def _spans(trial_diary: TrialDiary) -> Iterator[tuple[int, bool, float, float]]:
    """Yield the period (0 for a washout), whether on the drug, begin and end in weeks, from day 0 on."""
    diary = trial_diary.as_randomized
    rows = [row for row in range(len(diary.day)) if diary.day[row] >= 0]
    for (period, treatment), run in groupby(
        rows, key=lambda row: (int(diary.period[row, 0]), int(diary.treatment[row, 0]))
    ):
        held = list(run)
        yield period, treatment == 1, diary.day[held[0]] / 7, (diary.day[held[-1]] + 1) / 7


def _shade(ax: Axes, trial_diary: TrialDiary) -> None:
    for period, is_drug, begin, end in _spans(trial_diary):
        if is_drug:
            ax.axvspan(begin, end, facecolor=ON_DRUG, linewidth=0)
        elif period == 0:
            ax.axvspan(begin, end, facecolor="none", edgecolor=QUIET, hatch="....", linewidth=0)
        ax.axvline(begin, color=QUIET, linewidth=0.6)


def _name_periods(ax: Axes, trial_diary: TrialDiary) -> None:
    scenario = trial_diary.key.trial.scenario
    weeks = len(trial_diary.as_randomized.day) / 7
    for period, is_drug, begin, end in _spans(trial_diary):
        if period:
            name = scenario.treatment.name if is_drug else scenario.control.name
            characters = int((end - begin) / weeks * WIDTH * 0.86 / 0.07)
            shown = name if len(name) <= characters else name[: max(characters - 1, 1)] + "."
            ax.text((begin + end) / 2, 1.02, shown, transform=ax.get_xaxis_transform(), ha="center", fontsize=8)


def _draw_days(ax: Axes, trial_diary: TrialDiary, words: dict[str, str]) -> None:
    diary, outcome = trial_diary.as_randomized, trial_diary.key.trial.scenario.outcome
    time, score = (diary.day + 0.5) / 7, diary.score[:, 0]
    late = trial_diary.is_late
    ax.plot(time, score, color=QUIET, linewidth=0.5)
    ax.plot(time[~late], score[~late], "o", color=INK, markersize=2.2)
    ax.plot(time[late], score[late], "o", color=INK, markersize=3.2, markerfacecolor="white", markeredgewidth=0.7)
    usable = diary.is_usable()[:, 0]
    for period in range(1, int(diary.period.max()) + 1):
        counted = usable & (diary.period[:, 0] == period)
        if counted.any():
            held, mean = diary.day[counted], float(score[counted].mean())
            ax.plot([held[0] / 7, (held[-1] + 1) / 7], [mean, mean], color=MARKED, linewidth=2.2)
    low, high = outcome.scale
    ax.set_ylim(low - 0.04 * (high - low), high + 0.04 * (high - low))
    ax.set_ylabel(words["score"])


def _draw_kits(ax: Axes, trial_diary: TrialDiary, kits: Table, words: dict[str, str]) -> None:
    """Draw mean and range of each kit, its number beside it: filled where it held the drug."""
    low, high = trial_diary.key.trial.scenario.outcome.scale
    for row in kits:
        middle = (row["first_day"] + row["last_day"] + 1) / 14
        ax.axvline((row["last_day"] + 1) / 7, color="#dddddd", linewidth=0.4)
        if row["mean"] is None:
            ax.text(middle, low, "–", ha="center", va="bottom", fontsize=7, color=QUIET)
            continue
        ax.plot([middle, middle], [row["least"], row["most"]], color=QUIET, linewidth=0.8)
        ax.plot(middle, row["mean"], "o", color=INK, markersize=4, markerfacecolor=INK if row["is_drug"] else "white")
    step = max(1, -(-len(kits) // 45))
    for row in kits[::step]:
        middle = (row["first_day"] + row["last_day"] + 1) / 14
        ax.text(middle, 1.0, str(row["number"]), transform=ax.get_xaxis_transform(), ha="center", va="bottom",
                fontsize=6)  # fmt: skip
    ax.set_ylim(low - 0.04 * (high - low), high + 0.04 * (high - low))
    ax.set_ylabel(words["kits"])


def _draw_exposure(ax: Axes, trial_diary: TrialDiary, words: dict[str, str]) -> None:
    diary, plan = trial_diary.as_taken, trial_diary.as_randomized.plan
    exposure = predicted_exposure(diary, plan.assumed_onset_days, plan.assumed_offset_days)[:, 0]
    ax.plot((diary.day + 0.5) / 7, exposure, color=INK, linewidth=1.1)
    ax.set_ylim(-0.05, 1.05)
    ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    ax.set_ylabel(words["exposure"])


def _draw_guesses(ax: Axes, trial_diary: TrialDiary, words: dict[str, str]) -> None:
    returned = trial_diary.as_returned
    for guess, place in GUESS_PLACES.items():
        days = returned.day[returned.guess == guess]
        ax.plot((days + 0.5) / 7, np.full(len(days), place), "D" if guess == -1 else "s", color=INK, markersize=3,
                markerfacecolor="white" if guess == -1 else INK)  # fmt: skip
    ax.set_ylim(-0.3, 1.3)
    ax.set_yticks([0, 0.5, 1], [words["guess_control"], words["guess_none"], words["guess_drug"]], fontsize=7)
    ax.set_ylabel(words["guess"])


def _strips(trial_diary: TrialDiary) -> Iterator[tuple[str, np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]]:
    diary = trial_diary.as_randomized
    last = max((int(day) for day in diary.day[~np.isnan(diary.score[:, 0])]), default=int(diary.day[0]))
    yield "no_entry", np.isnan(diary.score[:, 0]) & (diary.day <= last)
    yield "dose_missed", trial_diary.is_missed
    yield "dose_not_said", trial_diary.is_not_said
    yield "other_content", trial_diary.is_other_content


def _draw_strips(
    ax: Axes, trial_diary: TrialDiary, strips: list[tuple[str, np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]]
) -> None:
    time = (trial_diary.as_randomized.day + 0.5) / 7
    for row, (_, days) in enumerate(strips):
        ax.plot(time[days], np.full(int(days.sum()), row), "|", color=INK, markersize=6, markeredgewidth=0.6)
    ax.set_yticks(range(len(strips)), [name for name, _ in strips], fontsize=7)
    ax.set_ylim(len(strips) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)


def _legend(words: dict[str, str]) -> list[Patch | Line2D]:
    def mark(fill: str, label: str) -> Line2D:
        return Line2D([], [], linestyle="none", marker="o", color=INK, markerfacecolor=fill, markersize=4, label=label)

    return [
        Patch(facecolor=ON_DRUG, edgecolor=QUIET, label=words["on_drug"]),
        Patch(facecolor="white", edgecolor=QUIET, label=words["on_control"]),
        mark(INK, words["entry"]),
        mark("white", words["late"]),
        Line2D([], [], color=MARKED, linewidth=2.2, label=words["period_mean"]),
    ]
