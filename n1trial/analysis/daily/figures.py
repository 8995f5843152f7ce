"""From the posterior of a daily model to the figures that every analysis gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.daily.t_mixture import TMixture
from n1trial.analysis.estimates import AnalysisRequest, Estimates, Status, has_too_little_contrast
from n1trial.arrays import Floats
from n1trial.diary.methods import Method
from n1trial.diary.plan import Plan


def conclude(
    method: Method,
    plan: Plan,
    request: AnalysisRequest,
    mixture: TMixture,
    status: NDArray[np.int8],
    n: NDArray[np.int64],
    details: Mapping[str, Floats],
) -> Estimates:
    """Conclude from a posterior; figures are NaN where nothing is estimable, too little contrast included.

    Parameters
    ----------
    method : Method
        Whose estimates they are.
    plan : Plan
    request : AnalysisRequest
        Its truth has shape (replicate,).
    mixture : TMixture
        Of the replicates whose status is OK.
    status, n : ndarray of int, shape (replicate,)
    details : mapping of str to ndarray of float, shape (component,)
        Values whose posterior means are details.

    Returns
    -------
    Estimates
    """
    estimable = np.flatnonzero(status == Status.OK)
    mean, sd = mixture.moments()
    little = has_too_little_contrast(method.estimand, sd, plan)
    if little.any():
        status = status.copy()
        status[estimable[little]] = Status.TOO_LITTLE_CONTRAST
        return conclude(method, plan, request, mixture.of(np.flatnonzero(~little)), status, n, details)
    # In a batch all truths are often the same, and no effect or the smallest worthwhile one.
    tails = cache(mixture.tails)
    lower, upper = tails(0.0)
    p_benefit, p_against = (upper, lower) if plan.benefit_sign > 0 else (lower, upper)

    def above(benefit: float) -> Floats:
        return tails(plan.benefit_sign * benefit)[plan.benefit_sign > 0]

    def place(values: Floats) -> Floats:
        return _place(values, estimable, status.size)

    outside = plan.alpha / plan.sides
    wanted = estimable if request.intervals is None else estimable[estimable < request.intervals]
    some = mixture.of(np.arange(wanted.size))
    low, high = (_place(some.quantile(tail), wanted, status.size) for tail in (outside, 1 - outside))
    covers = None
    if request.truth is not None:
        truth = request.truth[estimable]
        is_same = truth.size > 0 and bool((truth == truth[0]).all())
        covers = place(np.minimum(*(tails(float(truth[0])) if is_same else mixture.tails(truth)))) >= outside
    return Estimates(
        method.name,
        method.estimand,
        estimate=place(mean),
        standard_error=place(sd),
        df=place(mixture.df),
        ci_low=low,
        ci_high=high,
        p_value=place(2 * np.minimum(lower, upper) if plan.sides == 2 else p_against),
        p_benefit=place(p_benefit),
        p_worthwhile=place(above(plan.mcid)),
        p_decision=place(above(plan.decision_benefit)),
        status=status,
        n=n,
        covers=covers,
        details={name: place(mixture.average(values)) for name, values in details.items()},
    )


def _place(values: Floats, replicates: NDArray[np.int64], size: int) -> Floats:
    """Place values of some replicates among all, NaN in the others."""
    placed = np.full(size, np.nan)
    placed[replicates] = values
    return placed


def beside(parts: Sequence[Estimates]) -> Estimates:
    """Put estimates of some replicates beside each other to those of all."""
    if len(parts) == 1:
        return parts[0]
    arrays: dict[str, Any] = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts])
        for field in fields(Estimates)
        if isinstance(getattr(parts[0], field.name), np.ndarray)
    }
    details = {name: np.concatenate([part.details[name] for part in parts]) for name in parts[0].details}
    return replace(parts[0], **arrays, details=details)
