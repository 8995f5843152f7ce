"""The paired t test in closed form: noncentral t with the exact variance of cycle differences."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import bdtr, binom, nctdtr, stdtrit

from n1trial.arrays import Floats
from n1trial.diary.plan import Plan
from n1trial.evaluation.screening.courses import Courses
from n1trial.evaluation.screening.endings import endings
from n1trial.evaluation.screening.expected_patient import ExpectedPatient
from n1trial.evaluation.screening.shifts import mean_covariance

FARTHEST, STEP = 30.0, 0.05
MOST_DF = 200.0


def t_rejects(noncentrality: Floats, df: float, alpha: float, sides: int, inflation: float = 1.0) -> Floats:
    """Return the chance that Student's t rejects.

    Parameters
    ----------
    noncentrality : ndarray of float, any shape
        Mean of the estimate over its standard deviation; for one side positive in the direction tested.
    df : float
        Above 0; taken to a quarter.
    alpha : float
        Level, above 0 and below 1.
    sides : {1, 2}
    inflation : float
        How many times its standard deviation the test takes the estimate's for, 1 or more; taken to a twentieth.

    Returns
    -------
    ndarray of float
        Of the shape of `noncentrality`, from a table with steps of 0.05.
    """
    grid, chance = _table(max(round(4 * min(df, MOST_DF)), 1) / 4, alpha, sides, round(20 * inflation) / 20)
    found: Floats = np.interp(noncentrality, grid, chance)
    return found


@lru_cache(maxsize=4096)
def _table(df: float, alpha: float, sides: int, inflation: float) -> tuple[Floats, Floats]:
    grid = np.arange(-FARTHEST, FARTHEST + STEP / 2, STEP)
    critical = inflation * stdtrit(df, 1 - alpha / sides)
    above = 1 - nctdtr(df, grid, critical)
    # where one of the tails is nothing, scipy can give NaN
    above = np.where(np.isnan(above), grid > 0, above)
    return grid, above + (above[::-1] if sides == 2 else 0.0)


def paired_power(
    courses: Courses, exposure: Floats, patient: ExpectedPatient, plan: Plan, effects: tuple[float, ...]
) -> list[float]:
    """Return the chance that the paired t test detects, at each of several effects.

    Parameters
    ----------
    courses : Courses
    exposure : ndarray of float, shape (day, assignment)
        Expected exposure.
    patient : ExpectedPatient
    plan : Plan
        Of it: settling-in days, entries that a period needs, alpha and sides.
    effects : tuple of float
        Full effects, positive where better.

    Returns
    -------
    list of float
        Averaged over assignments and endings. Differences of neighboring cycles are taken for independent.
    """
    variance = difference_variance(courses, patient, plan.discard_days)
    nuisance = (patient.response * patient.placebo + patient.trend * np.arange(len(exposure)))[:, np.newaxis]
    gap = patient.belief_gap * patient.response * patient.placebo[:, np.newaxis] * (courses.on_drug - 0.5)
    kept = cycle_differences(courses, exposure, plan.discard_days)
    besides = cycle_differences(courses, nuisance + gap, plan.discard_days)
    pairs, chance = _pairs(courses, patient, plan)
    found = []
    for effect in effects:
        mean = effect * kept + besides
        powers = [_detects(mean[:k], variance[:k], plan) for k in pairs]
        found.append(float(chance @ powers) if pairs else 0.0)
    return found


def difference_variance(courses: Courses, patient: ExpectedPatient, discard_days: int) -> Floats:
    """Return the variance of each cycle's difference between the means of its two periods' settled days.

    Returns
    -------
    ndarray of float, shape (cycle, assignment)
        Period shifts, missing entries and drift included; where shifts follow planned stretches, a random switch makes
        periods reach into those beside their own. In schemes whose cycles need not hold both, as if the two periods
        were neighbors.
    """
    layout, noise = courses.layout, patient.noise
    _, length = courses.spans
    first, second = (np.maximum(length[half::2] - discard_days, 1).astype(np.float64) for half in (0, 1))
    gap = discard_days + layout.washout_days + 1
    variance = noise.mean_variance(first) + noise.mean_variance(second) - 2 * noise.mean_covariance(first, second, gap)
    moved = (length[::2] - layout.period_days).astype(np.float64)
    if noise.shift_days is None:
        before, after = np.clip(moved - layout.washout_days, 0, first), np.clip(-moved - discard_days, 0, second)
        of_shifts = 2 * (1 - before / first - after / second) ** 2
    else:
        of_shifts = _difference_of_life(first, second, gap, noise.shift_days)
    variance += noise.shift_sd**2 * of_shifts
    variance += noise.drift_sd**2 * ((first + second) / 3 + gap - 1)
    return variance


def _difference_of_life(first: Floats, second: Floats, gap: int, shift_days: int) -> Floats:
    """Return the variance, for shifts of the patient's own life with SD 1, of the difference of two means of days."""
    none, apart = np.zeros(first.shape), first + gap - 1
    own = sum(mean_covariance(days, days, none, shift_days) for days in (first, second))
    return own - 2 * mean_covariance(first, second, apart, shift_days)


def cycle_differences(courses: Courses, values: Floats, discard_days: int) -> Floats:
    """Average settled days of the k-th period on the drug less those of the k-th on control; (cycle, assignment)."""
    start, length = courses.spans
    sums = np.zeros((len(values) + 1, start.shape[1]))
    np.cumsum(np.broadcast_to(values, (len(values), start.shape[1])), axis=0, out=sums[1:])
    settled = np.minimum(start + discard_days, start + length - 1)
    column = np.arange(start.shape[1])
    means = (sums[start + length, column] - sums[settled, column]) / (start + length - settled)
    # the periods on the drug in their order, then those on control
    ranked = np.take_along_axis(means, np.argsort(~courses.assignment.order, axis=0, kind="stable"), axis=0)
    cycles = courses.layout.cycles
    difference: Floats = ranked[:cycles] - ranked[cycles:]
    return difference


def _detects(mean: Floats, variance: Floats, plan: Plan) -> float:
    """Return the chance to detect, averaged over assignments, of cycles' means and variances.

    What differs between cycles for certain, the test takes for noise: its threshold is higher by that.
    """
    pairs = len(mean)
    noise = variance.mean(axis=0)
    inflation = float(np.sqrt(1 + (mean.var(axis=0, ddof=1) / noise).mean()))
    noncentrality = mean.mean(axis=0) * np.sqrt(pairs / noise)
    return float(t_rejects(noncentrality, pairs - 1, plan.alpha, plan.sides, inflation).mean())


def _pairs(courses: Courses, patient: ExpectedPatient, plan: Plan) -> tuple[list[int], Floats]:
    """Return what numbers of pairs may be left, two or more, with their chances: early ends and too few entries."""
    layout, randomization = courses.layout, courses.layout.randomization
    assert randomization is not None
    days = layout.period_days - plan.discard_days + np.array(randomization.switches)
    counts = 1 - bdtr(plan.minimum_days - 1, days, patient.noise.written_share)
    keeps = float((counts * counts[::-1]).mean())
    order = courses.assignment.order
    complete = np.minimum(np.cumsum(order, axis=0), np.cumsum(~order, axis=0))
    chance = np.zeros(layout.cycles + 1)
    for stretches, likely in zip(*endings(layout, patient.hazard), strict=True):
        share = np.bincount(complete[stretches - 1], minlength=layout.cycles + 1) / order.shape[1]
        chance += likely * (_chance_kept(layout.cycles, keeps) @ share)
    pairs = [k for k in range(2, layout.cycles + 1) if chance[k] > 0]
    return pairs, chance[pairs]


@lru_cache(maxsize=4096)
def _chance_kept(most: int, keeps: float) -> Floats:
    """Return the chance that so many pairs are kept (row) of so many that are complete (column)."""
    kept, complete = np.arange(most + 1)[:, np.newaxis], np.arange(most + 1)
    chance: Floats = binom(complete, kept) * keeps**kept * (1 - keeps) ** np.maximum(complete - kept, 0)
    return np.where(kept <= complete, chance, 0.0)
