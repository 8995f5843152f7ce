"""Analyzed trials for the tests of the evaluation, made up and not simulated."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from n1trial.analysis.estimates import Estimates, Status, from_t
from n1trial.diary.methods import PAIRED
from n1trial.diary.plan import Plan

Trials = tuple[Estimates, Plan, NDArray[np.float64]]
"""What a method concludes, the plan, and the true effects."""


def plans() -> st.SearchStrategy[Plan]:
    return st.builds(
        Plan,
        better=st.sampled_from(["lower", "higher"]),
        mcid=st.sampled_from([0.5, 1.0]),
        alpha=st.sampled_from([0.05, 0.3]),
        sides=st.sampled_from([1, 2]),
        decision_rule=st.sampled_from(["detected", "probability"]),
        decision_benefit=st.sampled_from([0.0, 0.25, -0.25]),
        decision_threshold=st.sampled_from([0.5, 0.9]),
    )


@st.composite
def trials(draw: st.DrawFn) -> Trials:
    """Draw up to 60 trials, some of them not estimable, at one truth or at many."""
    plan, rng = draw(plans()), np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    replicates = draw(st.integers(1, 60))
    truth = rng.choice([-1.0, -0.25, 0.0, 0.5, 1.0], replicates)
    if draw(st.booleans()):
        truth[:] = draw(st.sampled_from([-1.0, 0.0, 0.5]))
    statuses = [Status.OK, Status.AT_BOUNDARY, Status.TOO_FEW_CYCLES, Status.NO_VARIATION]
    share = draw(st.sampled_from([0.0, 0.2, 0.5]))
    status = rng.choice(statuses, replicates, p=[1 - share, 0, share / 2, share / 2]).astype(np.int8)
    estimates = from_t(
        PAIRED, plan,
        estimate=truth + rng.normal(0, 0.5, replicates), standard_error=rng.uniform(0.1, 1, replicates),
        df=rng.integers(1, 6, replicates).astype(np.float64), status=status, n=np.full(replicates, 84),
    )  # fmt: skip
    return estimates, plan, truth


def some(estimates: Estimates, which: slice) -> Estimates:
    """Estimates of some of the trials."""
    arrays: dict[str, Any] = {name: part for name, part in vars(estimates).items() if isinstance(part, np.ndarray)}
    return replace(estimates, **{name: array[which] for name, array in arrays.items()})
