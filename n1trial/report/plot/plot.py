"""One picture of a diary, of simulated diaries or of a result."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from n1trial.diary.diary import Diary
from n1trial.errors import InputError
from n1trial.report.plot.diary import style
from n1trial.report.plot.rates import LIGHT, QUIET, RateRow, draw_rates
from n1trial.simulation.simulate import Diaries
from n1trial.study.run.result import Result

WORDS = {"of_100": "of 100 simulated trials", "shown": "effect shown", "alarms": "false alarm"}


def plot(of: Diary | Diaries | Result, replicate: int = 0) -> Figure:
    """Draw a diary, one of several simulated diaries, or the result of a run.

    Parameters
    ----------
    of : Diary, Diaries or Result
        A diary shows each day's score and the mean of each period, shaded where it was on the drug. A result shows
        how often each analysis shows the smallest worthwhile effect, and one where there is none.
    replicate : int
        Which patient of a diary, from 0.

    Returns
    -------
    matplotlib.figure.Figure
        To be shown by a notebook, or written by ``savefig``.

    Raises
    ------
    InputError
        If there is nothing to draw of it, or no such replicate.

    Examples
    --------
    >>> import n1trial
    >>> n1trial.plot(n1trial.simulate("minimal", replicates=1)).axes[0].get_ylabel()
    'Score'
    """
    if isinstance(of, Result):
        rows = [
            RateRow(name, truths["mcid"]["detect"], truths["null"]["detect"], is_first=name == of.primary)
            for name, truths in of.figures.items()
        ]
        alpha = of.scenario.analysis.alpha
        return draw_rates(rows, WORDS, {alpha: f"alpha {alpha:g}"})
    diary = of.observed if isinstance(of, Diaries) else of
    if not isinstance(diary, Diary):
        raise InputError(f"plot: must be given a Diary, Diaries or a Result, and was given {type(of).__name__}")
    if not 0 <= replicate < diary.replicates:
        raise InputError(f"replicate: must be 0 to {diary.replicates - 1}, and is {replicate}")
    with style():
        figure = Figure(figsize=(9, 3.2), layout="constrained")
        _draw(figure.add_subplot(), diary.take(slice(replicate, replicate + 1)))
    return figure


def _draw(ax: Axes, diary: Diary) -> None:
    score, period, usable = diary.score[:, 0], diary.period[:, 0], diary.is_usable()[:, 0]
    for number in range(1, int(period.max(initial=0)) + 1):
        held = period == number
        if not held.any():
            continue
        first, last = int(diary.day[held][0]), int(diary.day[held][-1]) + 1
        if diary.treatment[held, 0][0] == 1:
            ax.axvspan(first, last, color=LIGHT, linewidth=0)
        if (held & usable).any():
            ax.hlines(float(np.mean(score[held & usable])), first, last, color="black")
    ax.plot(diary.day + 0.5, score, ".", color=QUIET)
    ax.set_xlabel("Day; shaded: on the drug")
    ax.set_ylabel("Score")
