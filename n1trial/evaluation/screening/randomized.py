"""The randomization test in closed form: a t test in the dimensions that the assignments span, at a level in reach."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import gammaincinv, ndtr, stdtrit

from n1trial.analysis.randomized.working_covariance import AUTOCORRELATION, SHIFT_RATIO
from n1trial.arrays import Floats
from n1trial.diary.plan import Plan
from n1trial.evaluation.screening.courses import Courses
from n1trial.evaluation.screening.endings import endings
from n1trial.evaluation.screening.expected_patient import ExpectedPatient
from n1trial.evaluation.screening.shifts import window_sums

LEAST_DF = 0.5
TELLS = 1e-8
"""Share of the largest sum of squares that an exposure must have left for it to tell anything."""
LOOKS = 16
"""What the mean square of T may come to, from small to large, each as likely."""


def randomization_power(
    courses: Courses,
    exposure: Floats,
    signal: Floats,
    patient: ExpectedPatient,
    plan: Plan,
    effects: tuple[float, ...],
) -> list[float]:
    """Return the chance that the randomization test with the statistic "exposure" detects, at each of several effects.

    Parameters
    ----------
    courses : Courses
    exposure : ndarray of float, shape (day, assignment)
        Exposure that the analysis predicts of each assignment, all doses taken.
    signal : ndarray of float, shape (day, assignment)
        What a full effect of one point adds to the scores.
    patient : ExpectedPatient
    plan : Plan
        Of it: alpha, sides, most assignments.
    effects : tuple of float
        Full effects, positive where better.

    Returns
    -------
    list of float
        Averaged over assignments and endings.

    Notes
    -----
    T less its mean over all assignments is compared with what the others have, as t is with a sphere: where those
    values of a given length spread evenly over ν dimensions, each one-sided test is the t test with ν − 1 degrees of
    freedom. ν is that of Satterthwaite for the mean square over the assignments, found from the covariances of all
    pairs of them. The level is the largest share of whole assignments within alpha, half of it in either direction.
    """
    seen, chance = endings(courses.layout, patient.hazard)
    found = np.zeros(len(effects))
    for stretches, likely in zip(seen, chance, strict=True):
        level = reachable_level(courses, int(stretches), plan)
        days = _days(courses, int(stretches))
        square, weighted = _weigh(courses, exposure[days], patient, int(stretches))
        tells = (square > TELLS * square.max(initial=0)) & courses.both_seen[stretches - 1]
        if level == 0 or not tells.any():
            continue
        unit = weighted / np.sqrt(np.where(tells, square, np.inf))
        unit -= unit.mean(axis=1, keepdims=True)
        spread, fixed = _by_chance(courses, unit, patient)
        size, dimensions = _dimensions(spread, fixed, courses)
        deviation = math.sqrt(float(np.diagonal(spread).mean()))
        threshold = _thresholds(size, max(dimensions - 1, LEAST_DF), level, plan.sides)
        blinded = unit[-(days.stop) :]
        leaked = patient.placebo[days, np.newaxis] * (courses.on_drug[days] - 0.5)
        others = fixed + patient.belief_gap * patient.response * (blinded * leaked).sum(axis=0)
        kept = (blinded * signal[days]).sum(axis=0)
        for index, effect in enumerate(effects):
            mean = effect * kept + others
            power = ndtr((mean - threshold) / deviation)
            if plan.sides == 2:
                power = power + ndtr((-mean - threshold) / deviation)
            found[index] += likely * float(np.where(tells, power, 0.0).mean())
    return found.tolist()


def _days(courses: Courses, stretches: int) -> slice:
    """Return the blinded days of so many stretches."""
    ends = [*courses.stretch_starts[1:].tolist(), courses.layout.treated_days]
    return slice(0, ends[stretches - 1])


def _weigh(courses: Courses, exposure: Floats, patient: ExpectedPatient, stretches: int) -> tuple[Floats, Floats]:
    """Multiply exposures by the test's working covariance, as if stretches were long and days without memory.

    Returns
    -------
    square : ndarray of float, shape (assignment,)
        Squared length of each exposure.
    weighted : ndarray of float, shape (day, assignment)
        With the days of a blinded placebo run-in, which is a stretch of its own, first.
    """
    starts = courses.stretch_starts[:stretches]
    run_in = patient.run_in_placebo.size
    if run_in:
        starts = np.append(0, starts + run_in)
        exposure = np.concatenate([np.zeros((run_in, exposure.shape[1])), exposure])
    days = np.diff(np.append(starts, len(exposure)))[:, np.newaxis]
    level = np.add.reduceat(exposure, starts, axis=0) / days
    memory = (1 + AUTOCORRELATION) / (1 - AUTOCORRELATION) + 1 / patient.noise.written_share - 1
    share = 1 / (1 + SHIFT_RATIO**2 * days / memory)
    middle = (days * share * level).sum(axis=0) / (days * share).sum(axis=0)
    weighted = exposure + np.repeat(share * (level - middle) - level, days[:, 0], axis=0)
    return (exposure * weighted).sum(axis=0), weighted


def _by_chance(courses: Courses, unit: Floats, patient: ExpectedPatient) -> tuple[Floats, Floats]:
    """Return T's covariance over chance, (assignment, assignment), and what is the same in every trial, (assignment,).

    Of exposures of length one, less their mean over the assignments.
    """
    noise, run_in = patient.noise, patient.run_in_placebo
    course = np.concatenate([run_in, patient.placebo])[: len(unit)]
    sums = _shift_sums(courses, unit, noise.shift_days, run_in.size)
    placebo = course @ unit
    spread = noise.long_run * unit.T @ unit + noise.shift_sd**2 * sums.T @ sums
    spread += patient.response_sd**2 * np.outer(placebo, placebo)
    if noise.drift_sd:
        later = np.cumsum(unit[::-1], axis=0)
        spread += noise.drift_sd**2 * later.T @ later
    return spread, patient.response * placebo + patient.trend * (np.arange(len(unit)) @ unit)


def _shift_sums(courses: Courses, unit: Floats, shift_days: int | None, run_in_days: int) -> Floats:
    """Sum over the days that share a shift; the days before the first stretch have none that follows the plan."""
    if shift_days is not None:
        return window_sums(unit, shift_days)
    starts = courses.stretch_starts + run_in_days
    sums: Floats = np.add.reduceat(unit, starts[starts < len(unit)], axis=0)
    return sums


def _thresholds(size: float, df: float, level: float, sides: int) -> Floats:
    """Return the size of T that the test detects from, at each look by its mean square over assignments; (look, 1)."""
    shares = (np.arange(LOOKS) + 0.5) / LOOKS
    square = size * 2 * gammaincinv(df / 2, shares) / df
    thresholds: Floats = stdtrit(df, 1 - level / sides) * np.sqrt(square)
    return thresholds[:, np.newaxis]


def _dimensions(spread: Floats, fixed: Floats, courses: Courses) -> tuple[float, float]:
    """Return the mean square of T over the assignments, and the degrees of freedom that it has.

    Of T's covariance over chance, (assignment, assignment), and of what is added to it in every trial, (assignment,):
    that makes T larger and takes no degrees of freedom.
    """
    randomization = courses.layout.randomization
    assert randomization is not None
    listed, all_of_them = len(spread), float(randomization.assignments)
    terms = spread**2 + 2 * spread * np.outer(fixed, fixed)
    own = float(np.diagonal(terms).mean())
    others = float(terms.sum() - listed * own) / max(listed * (listed - 1), 1)
    # an assignment meets itself once in all, and not once in the few that are looked at
    square = others * (1 - 1 / all_of_them) + own / all_of_them
    variance = float(np.diagonal(spread).mean() + (fixed**2).mean())
    return variance, variance**2 / square


def reachable_level(courses: Courses, stretches: int, plan: Plan) -> float:
    """Return the largest level within alpha that the test can have after so many stretches."""
    layout, randomization = courses.layout, courses.layout.randomization
    assert randomization is not None
    told = stretches / layout.periods
    if randomization.holds_both:
        orders = 2 if randomization.scheme != "pairs" else 2 ** math.ceil(stretches / 2)
        distinct = orders * len(randomization.switches) ** (stretches // 2)
    else:
        distinct = max(round(randomization.orders**told), 1)
    if distinct > plan.max_assignments:
        return plan.alpha
    level = plan.sides * math.floor(plan.alpha * distinct / plan.sides + 1e-9) / distinct
    return float(f"{level:.3g}")
