"""Small diaries for the tests of the analyses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from n1trial.design.layout import Layout
from n1trial.design.randomization import Randomization
from n1trial.design.schedule import lay_out
from n1trial.diary.diary import Diary
from n1trial.diary.plan import Plan

PERMISSIVE: dict[str, Any] = {"discard_days": 0, "minimum_days": 1}


def of_periods(
    order: str, scores: Sequence[Sequence[float]], run_in: Sequence[float] = (), cycles: str = "", **plan: Any
) -> Diary:
    """Diary of one patient, period by period.

    `order` has a letter a period, A for the drug; `cycles` a digit a period (by default two periods a cycle).
    """
    cycles = cycles or "".join(str(period // 2 + 1) for period in range(len(order)))
    rows = [(0, 0, 0, -1, score) for score in run_in]
    for period, (letter, cycle, values) in enumerate(zip(order, cycles, scores, strict=True), start=1):
        rows += [(period, int(cycle), int(letter == "A"), day, score) for day, score in enumerate(values)]
    return of_rows(rows, first_day=-len(run_in), **plan)


def of_rows(rows: Sequence[Sequence[float]], first_day: int = 0, **plan: Any) -> Diary:
    """Diary of one patient from rows of period, cycle, treatment, day of period and score."""
    period, cycle, treatment, day_of_period, score = np.array(rows, dtype=np.float64).reshape(-1, 5).T[:, :, np.newaxis]
    return Diary(
        np.arange(len(rows)) + first_day,
        period.astype(np.int8),
        cycle.astype(np.int8),
        treatment.astype(np.int8),
        day_of_period.astype(np.int16),
        score.copy(),
        Plan(**PERMISSIVE | plan),
    )


def side_by_side(*columns: ArrayLike, cycles: int, period_days: int, order: str, **plan: Any) -> Diary:
    """Diary of a batch that shares one calendar and order; a column of scores a replicate."""
    score = np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=1)
    layout = Layout("crossover", 0, "open", cycles, period_days, 0, Randomization("fixed", cycles, sequence=order))
    rng = np.random.default_rng(0)
    assert layout.randomization is not None
    schedule = lay_out(layout, layout.randomization.draw(rng, rng, 1))
    return Diary.of(schedule, score, Plan(layout=layout, **PERMISSIVE | plan))


@cache  # hypothesis looks at a strategy once
def layouts() -> st.SearchStrategy[Layout]:
    """Short crossovers with and without washouts and random switches, and open-label ones."""

    def of(kind: Any, run_in_days: int, cycles: int, period_days: int, washout_days: int, scheme: str) -> Layout:
        if kind == "open-label":
            return Layout(kind, run_in_days, "open", cycles, period_days, 0, None)
        jitter_days = 2 if scheme == "switch" else 0
        randomization = Randomization(
            "pairs" if scheme == "switch" else scheme, cycles, jitter_days=jitter_days, jitter_step_days=1
        )
        return Layout(kind, run_in_days, "open", cycles, period_days, washout_days, randomization)

    return st.builds(
        of,
        st.sampled_from(["crossover", "crossover", "crossover", "open-label"]),
        st.integers(0, 4),
        st.integers(1, 4),
        st.integers(3, 6),
        st.integers(0, 2),
        st.sampled_from(["pairs", "switch", "balanced"]),
    )


@cache
def plans() -> st.SearchStrategy[Plan]:
    """Plans that lack their layout."""
    return st.builds(
        Plan,
        better=st.sampled_from(["lower", "higher"]),
        mcid=st.sampled_from([0.5, 1.0]),
        alpha=st.sampled_from([0.01, 0.05, 0.2]),
        sides=st.sampled_from([1, 2]),
        discard_days=st.integers(0, 2),
        minimum_days=st.integers(1, 3),
        terms=st.sampled_from([(), ("trend",), ("cycle",), ("trend", "cycle")]),
        decision_benefit=st.sampled_from([0.0, 0.25]),
    )


@st.composite
def diaries(draw: st.DrawFn, least_replicates: int = 1) -> Diary:
    """Batches with entries in eighths: varying, of few values or all the same; some, none or nearly all missing."""
    layout = draw(layouts())
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    replicates = draw(st.integers(least_replicates, 5))
    assignment = layout.randomization.draw(rng, rng, replicates) if layout.randomization else None
    schedule = lay_out(layout, assignment)
    spread = draw(st.sampled_from([0.0, 0.1, 1.5]))
    score = 6 + np.round(8 * spread * rng.normal(size=(schedule.day.size, replicates))) / 8
    score[rng.random(score.shape) < draw(st.sampled_from([0.0, 0.15, 0.5, 0.9]))] = np.nan
    return Diary.of(schedule, score, replace(draw(plans()), layout=layout))
