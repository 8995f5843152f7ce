"""The randomization test in closed form: a t test in the dimensions that the assignments span, at a level in reach."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import gammaincinv, ndtr, stdtrit

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
    predicted: Floats,
    signal: Floats,
    patient: ExpectedPatient,
    plan: Plan,
    effects: tuple[float, ...],
) -> list[float]:
    """Return the chance that the randomization test with the statistic "exposure" detects, at each of several effects.

    Parameters
    ----------
    courses : Courses
    predicted : ndarray of float, shape (day, assignment)
        Exposure that the analysis predicts of each assignment, all doses taken.
    signal : ndarray of float, shape (day, assignment)
        What a full effect of one point adds to the scores.
    patient : ExpectedPatient
    plan : Plan
        Of it: alpha, sides, most assignments, assumed time constants.
    effects : tuple of float
        Full effects, positive where better.

    Returns
    -------
    list of float
        Averaged over assignments and endings.

    Notes
    -----
    T is compared with its values under all assignments, as t is with a sphere: where those values of a given length
    spread evenly over ν dimensions, the test is the t test with ν − 1 degrees of freedom. ν is that of Satterthwaite
    for the mean square of T over the assignments, found from the covariances of all pairs of them. The level is the
    largest share of whole assignments within alpha.
    """
    seen, chance = endings(courses.layout, patient.leaving)
    gap = patient.belief_gap * patient.response * patient.placebo[:, np.newaxis] * (courses.on_drug - 0.5)
    placebo = np.broadcast_to(patient.placebo[:, np.newaxis], predicted.shape)
    found = np.zeros(len(effects))
    tables = _Tables(courses, predicted, (signal, placebo, gap), patient.noise.shift_days)
    for stretches, likely in zip(seen, chance, strict=True):
        level = reachable_level(courses, int(stretches), plan)
        if level == 0:
            continue
        gram, shifts, (kept, risen, leaked) = tables.at(int(stretches))
        square = np.diagonal(gram)
        tells = (square > TELLS * square.max(initial=0)) & courses.both_seen[stretches - 1]
        if not tells.any():
            continue
        length = np.sqrt(np.where(tells, square, np.inf))
        noise, rise = patient.noise, risen / length
        spread = (noise.long_run * gram + noise.shift_sd**2 * shifts) / np.outer(length, length)
        spread += patient.response_sd**2 * np.outer(rise, rise)
        size, dimensions = _dimensions(spread, patient.response * rise, courses)
        by_chance = math.sqrt(float(np.diagonal(spread).mean()))
        threshold = _thresholds(size, max(dimensions - 1, LEAST_DF), level, plan.sides)
        for index, effect in enumerate(effects):
            mean = (effect * kept + patient.response * risen + leaked) / length
            power = ndtr((mean - threshold) / by_chance)
            if plan.sides == 2:
                power = power + ndtr((-mean - threshold) / by_chance)
            found[index] += likely * float(np.where(tells, power, 0.0).mean())
    return found.tolist()


class _Tables:
    """Sums by stretch, from which those at every ending follow."""

    def __init__(self, courses: Courses, predicted: Floats, others: tuple[Floats, ...], shift_days: int | None) -> None:
        starts = courses.stretch_starts
        self._predicted, self._shift_days = predicted, shift_days
        day = np.arange(len(predicted), dtype=np.float64)[:, np.newaxis]
        pieces = np.split(predicted, starts[1:])
        self._gram = np.cumsum([piece.T @ piece for piece in pieces], axis=0)
        self._sum, self._moment = courses.by_stretch(predicted), courses.by_stretch(day * predicted)
        self._others = [
            tuple(courses.by_stretch(values) for values in (predicted * other, other, day * other)) for other in others
        ]
        bounds = np.append(starts, len(predicted))
        self._days = np.diff(bounds).astype(np.float64)
        self._day_sum = np.add.reduceat(day[:, 0], starts)
        self._day_square = np.add.reduceat(day[:, 0] ** 2, starts)

    def at(self, stretches: int) -> tuple[Floats, Floats, list[Floats]]:
        """Multiply assignments with each other, by shifts of SD 1, and each with the other columns of its own."""
        part = slice(0, stretches)
        days, middle = self._days[part].sum(), self._day_sum[part].sum() / self._days[part].sum()
        square = self._day_square[part].sum() - days * middle**2
        level, slope = self._line(self._sum[part], self._moment[part], days, middle, square)
        gram = self._gram[stretches - 1] - days * np.outer(level, level) - square * np.outer(slope, slope)
        sums = self._shift_sums(stretches, level, slope, middle)
        others = []
        for product, total, moment in self._others:
            other_level, other_slope = self._line(total[part], moment[part], days, middle, square)
            others.append(product[part].sum(axis=0) - days * level * other_level - square * slope * other_slope)
        return gram, sums.T @ sums, others

    def _shift_sums(self, stretches: int, level: Floats, slope: Floats, middle: float) -> Floats:
        """Sum what intercept and trend leave of each assignment over stretches that share a shift."""
        part = slice(0, stretches)
        if self._shift_days is not None:
            days = np.arange(self._days[part].sum())[:, np.newaxis]
            return window_sums(self._predicted[: len(days)] - level - (days - middle) * slope, self._shift_days)
        from_middle = (self._day_sum[part] - middle * self._days[part])[:, np.newaxis]
        freed: Floats = self._sum[part] - self._days[part][:, np.newaxis] * level - from_middle * slope
        return freed

    @staticmethod
    def _line(total: Floats, moment: Floats, days: float, middle: float, square: float) -> tuple[Floats, Floats]:
        """Return the mean, and the slope about the middle day."""
        level = total.sum(axis=0) / days
        return level, (moment.sum(axis=0) - middle * days * level) / square


def _thresholds(size: float, df: float, level: float, sides: int) -> Floats:
    """Return the size of T that the test detects from, at each look by its mean square over assignments; (look, 1)."""
    shares = (np.arange(LOOKS) + 0.5) / LOOKS
    square = size * 2 * gammaincinv(df / 2, shares) / df
    thresholds: Floats = stdtrit(df, 1 - level / sides) * np.sqrt(square)
    return thresholds[:, np.newaxis]


def _dimensions(spread: Floats, fixed: Floats, courses: Courses) -> tuple[float, float]:
    """Return the mean square of T over the assignments, and the degrees of freedom that it has.

    Of T's covariance over chance, (assignment, assignment), and of what the same placebo response adds to it in every
    trial, (assignment,): that makes T larger and takes no degrees of freedom.
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
    at_once = plan.assumed_onset_days == plan.assumed_offset_days == layout.washout_days == 0
    step = 2 if plan.sides == 2 and (at_once or plan.statistic == "cycle") else 1
    level = step * math.floor(plan.alpha * distinct / step + 1e-9) / distinct
    return float(f"{level:.3g}")
