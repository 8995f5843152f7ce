"""Randomization test: how often would chance, drawing the order anew, have given the scores as large a difference?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.estimates import (
    EVERYTHING,
    FIGURES,
    AnalysisRequest,
    Estimates,
    Status,
    has_too_little_contrast,
)
from n1trial.analysis.randomized.cycle_statistic import CycleStatistic
from n1trial.analysis.randomized.exposure_statistic import ExposureStatistic
from n1trial.analysis.randomized.interval import Crossings
from n1trial.analysis.randomized.reference_set import ReferenceSet, blinded_days, own_assignments, reference_set
from n1trial.analysis.randomized.statistic import TIE, LinearStatistic, Statistic
from n1trial.arrays import Floats
from n1trial.design.layout import Layout
from n1trial.design.randomization import Randomization
from n1trial.diary.diary import Diary
from n1trial.diary.methods import RANDOMIZATION
from n1trial.diary.plan import Plan

MOST_UNTOLD = 100_000
"""Most assignments where the truth is not told, as for a real diary; in simulation there are `Plan.max_assignments`."""

CELLS = 2**17
"""Assignments times replicates held at a time."""

MOST_AT_A_TIME = 128
"""Most replicates at a time, however few the assignments."""


def analyze(diary: Diary, request: AnalysisRequest = EVERYTHING) -> Estimates:
    """Compare the observed assignment with every other that the scheme could have drawn, scores left as they are.

    Parameters
    ----------
    diary : Diary
        Of its plan: the scheme and the statistic; assumed onset and offset for "exposure", `Plan.discard_days` and
        `Plan.minimum_days` for "cycle"; `Plan.max_assignments`.
    request : AnalysisRequest
        Without a truth, as for a real diary, the test goes through up to 100,000 assignments; with one, as in
        simulation, through up to `Plan.max_assignments`.

    Returns
    -------
    Estimates
        Estimand "full effect" for the statistic "exposure", with the median crossing as the estimate; "contrast" for
        "cycle", with the mean cycle difference. A one-sided p-value is the share of assignments whose statistic is as
        far in one direction as the observed one, (1 + as far)/(1 + drawn) where there are too many assignments; the
        two-sided one is twice the smaller of both, 1 at most, so that neither direction claims more than half of alpha.

        `NOT_RANDOMIZED` where the scheme is unknown, leaves nothing to chance, or could not have drawn what the diary
        shows. "exposure": `TOO_FEW_ENTRIES` below three, `ONE_TREATMENT` or `CONFOUNDED` where the written days do not
        tell the exposure from a level, `TOO_FEW_CYCLES` where all that can be drawn is the observed
        assignment and its mirror image. "cycle": `TOO_FEW_CYCLES` as for `paired`. `NO_VARIATION` for both.

    Notes
    -----
    Exact under the hypothesis that no entry would differ, by any path, under another assignment; the assumed onset and
    offset and the working covariance steer its power alone. The effect θ is tested on y − θ·x, x the predicted exposure
    ("exposure") or the treatment ("cycle") of the observed assignment. The interval holds all θ that neither one-sided
    test rejects; it is infinite where they cannot reject. The median crossing is the θ that has as many assignments on
    either side; the slope on the exposure can lie outside its own interval. Nothing is estimated about the scores, so
    `df` is infinite. The test needs no standard error; for those who compare, that of "cycle" is the paired t's, and
    that of "exposure" is the slope's: the root mean square over the assignments of T(y − θ̂x), θ̂ the slope, in the unit
    of the estimate and freed of what fitting θ̂ takes from it.
    """
    layout = diary.plan.layout
    randomization = None if layout is None else layout.randomization
    if layout is None or randomization is None or randomization.assignments == 1:
        return _none(diary, Status.NOT_RANDOMIZED, request)
    if not blinded_days(diary, layout).any():
        return _none(diary, Status.TOO_FEW_ENTRIES, request)
    if diary.replicates == 1:
        # Set beside itself: NumPy would add a single column up in another order than one among others.
        doubled = replace(diary, score=np.repeat(diary.score, 2, axis=1))
        found = _test(doubled, request, layout, randomization)
    else:
        found = _test(diary, request, layout, randomization)
    return _estimates(diary.plan, {name: figure[: diary.replicates] for name, figure in found.items()})


def _test(
    diary: Diary, request: AnalysisRequest, layout: Layout, randomization: Randomization
) -> dict[str, NDArray[Any]]:
    """Test replicates, two or more, in blocks."""
    most = MOST_UNTOLD if request.truth is None else diary.plan.max_assignments
    reference = reference_set(randomization, most)
    statistic = _statistic(diary.plan, layout, reference)
    own = own_assignments(diary, layout, randomization)
    score, unit_effect = _scores(diary, layout, statistic.run_in_days), statistic.unit_effect(own)

    parts = []
    for block in _blocks(diary.replicates, reference.size):
        compared = statistic.compare(score[:, block], unit_effect[:, block], own.part(block))
        parts.append(_conclude(compared, reference, diary.plan, request, block.start))
    found = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    found["status"] = np.where(own.is_admissible, found["status"], Status.NOT_RANDOMIZED)
    return found


@lru_cache(maxsize=4)
def _exposure_statistic(layout: Layout, reference: ReferenceSet, onset_days: float, offset_days: float) -> Statistic:
    return ExposureStatistic(layout, reference.assignment, onset_days, offset_days)


def _statistic(plan: Plan, layout: Layout, reference: ReferenceSet) -> Statistic:
    """Return the statistic that a plan names, ready for the reference set; the batches of a simulation share it."""
    if plan.statistic == "cycle":
        return CycleStatistic(layout, reference.assignment, plan.discard_days, plan.minimum_days)
    return _exposure_statistic(layout, reference, plan.assumed_onset_days, plan.assumed_offset_days)


def _scores(diary: Diary, layout: Layout, run_in_days: int) -> Floats:
    """Return the scores of all days that count, whether or not the diary has them. Shape (day, replicate)."""
    row = diary.day + run_in_days
    counts = (row >= 0) & (row < run_in_days + layout.treated_days)
    score = np.full((run_in_days + layout.treated_days, diary.replicates), np.nan)
    score[row[counts]] = diary.score[counts]
    return score


def _blocks(replicates: int, size: int) -> Iterator[slice]:
    """Yield replicates to test at a time, two or more: what is held of them all should stay near the processor."""
    width = max(2, min(MOST_AT_A_TIME, CELLS // size))
    start = 0
    while start < replicates:
        stop = start + width
        stop = replicates if stop + 1 >= replicates else stop
        yield slice(start, stop)
        start = stop


def _conclude(
    statistic: LinearStatistic, reference: ReferenceSet, plan: Plan, request: AnalysisRequest, first: int
) -> dict[str, NDArray[Any]]:
    """Return the figures of a block of replicates, whether or not they are estimable."""
    added, sign, size = reference.added, plan.benefit_sign, statistic.n.size
    p_against, p_for = (_p_toward(statistic, added, side) for side in (sign, -sign))
    p_below = {0.0: p_against}
    for benefit in (plan.mcid, plan.decision_benefit):
        if benefit not in p_below:
            p_below[benefit] = _p_toward(statistic, added, sign, sign * benefit)

    crossings = Crossings.of(statistic)
    low, high = np.full((2, size), np.nan)
    asked = size if request.intervals is None else min(max(request.intervals - first, 0), size)
    if asked:
        low[:asked], high[:asked] = crossings.first(asked).interval(added, plan.alpha / plan.sides)
    figures = {
        "estimate": statistic.slope if plan.statistic == "cycle" else crossings.median(),
        "standard_error": statistic.standard_error,
        "df": np.full(size, np.inf),
        "ci_low": low,
        "ci_high": high,
        "p_value": np.minimum(1, 2 * np.minimum(p_against, p_for)) if plan.sides == 2 else p_against,
        "p_benefit": 1 - p_against,
        "p_worthwhile": 1 - p_below[plan.mcid],
        "p_decision": 1 - p_below[plan.decision_benefit],
        "status": statistic.status,
        "n": statistic.n,
    }
    if request.truth is not None:
        figures["covers"] = _is_kept(statistic, added, plan, request.truth[first : first + size])
    return figures


def _is_kept(statistic: LinearStatistic, added: int, plan: Plan, effect: Floats) -> NDArray[np.bool_]:
    """Whether each effect is inside the interval: no one-sided test rejects it."""
    kept = [_p_toward(statistic, added, sign, effect) > plan.alpha / plan.sides for sign in (-1, 1)]
    return kept[0] & kept[1]


def _p_toward(statistic: LinearStatistic, added: int, sign: int, effect: Floats | float = 0.0) -> Floats:
    """Return the share of assignments whose statistic is at least as far in one direction as the observed one."""
    listed, own = _less(statistic, effect)
    slack = _slack(statistic, np.abs(own))
    return _share(listed >= own - slack if sign > 0 else listed <= own + slack, added)


def _less(statistic: LinearStatistic, effect: Floats | float) -> tuple[Floats, Floats]:
    """Compute the statistic of scores less an effect, under the listed and under the observed assignments."""
    if isinstance(effect, float) and effect == 0:
        return statistic.score, statistic.own_score
    return statistic.score - effect * statistic.effect, statistic.own_score - effect * statistic.own_effect


def _slack(statistic: LinearStatistic, size: Floats) -> Floats:
    """Return by how much two statistics may differ and yet be equal."""
    return TIE * size + statistic.rounding_error


def _share(counts: NDArray[np.bool_], added: int) -> Floats:
    """Return the share of the assignments that count, the observed one among them."""
    count = np.add.reduce(counts.view(np.int8), axis=0, dtype=np.int32)
    share: Floats = (count + added) / (len(counts) + added)
    return share


def _estimates(plan: Plan, figures: dict[str, NDArray[Any]]) -> Estimates:
    """Return estimates with the figures of estimable replicates alone."""
    estimand = "contrast" if plan.statistic == "cycle" else RANDOMIZATION.estimand
    status = figures["status"].astype(np.int8)
    little = has_too_little_contrast(estimand, figures["standard_error"], plan)
    status[(status <= Status.AT_BOUNDARY) & little] = Status.TOO_LITTLE_CONTRAST
    is_estimable = status <= Status.AT_BOUNDARY
    keeps = is_estimable | (status == Status.NO_VARIATION)
    shown: dict[str, Any] = {
        name: np.where(keeps if name == "estimate" else is_estimable, figures[name], np.nan) for name in FIGURES
    }
    return Estimates(
        RANDOMIZATION.name,
        estimand,
        status=status,
        n=figures["n"],
        covers=figures["covers"] & is_estimable if "covers" in figures else None,
        **shown,
    )


def _none(diary: Diary, status: Status, request: AnalysisRequest) -> Estimates:
    """Return the estimates of a diary of which nothing can be said."""
    found: dict[str, NDArray[Any]] = {name: np.full(diary.replicates, np.nan) for name in FIGURES}
    found |= {"status": np.full(diary.replicates, status), "n": np.zeros(diary.replicates, dtype=np.int64)}
    if request.truth is not None:
        found["covers"] = np.zeros(diary.replicates, dtype=np.bool_)
    return _estimates(diary.plan, found)
