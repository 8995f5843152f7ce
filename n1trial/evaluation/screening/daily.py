"""The daily models in closed form: generalized least squares at the scenario's noise, judged as the analysis would.

The analysis does not know the noise: it averages over the size of the shifts between stretches. So its threshold is
found for what the differences between stretches may look like, and power is averaged over that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, ndtr, ndtri

from n1trial.analysis.daily.stretch_model import SHIFT_RATIOS, trapezoid
from n1trial.arrays import Flags, Floats
from n1trial.diary.plan import Plan
from n1trial.evaluation.screening.courses import Courses
from n1trial.evaluation.screening.endings import endings
from n1trial.evaluation.screening.expected_patient import ExpectedPatient, Noise

LOOKS = 8
"""What the differences between stretches may look like, from small to large, each as likely."""
NEWTON_STEPS = 4
FORGOTTEN = 1e-9
"""Correlation over a gap below which the days before it say nothing."""
TELLS = 1e-8
"""Share of the regressor's sum of squares that must be left for it to tell anything."""


@dataclass(frozen=True, eq=False)
class ModelDays:
    """Days and settings that a daily model is made of.

    Attributes
    ----------
    regressor : ndarray of float, shape (day, assignment)
        Column whose coefficient is the estimate.
    signal : ndarray of float, shape (day, assignment)
        What a full effect of one point adds to the scores; the regressor itself where the analysis has it right.
    usable : ndarray of bool, shape (day, assignment or 1), or None
        Days that are used; None uses all.
    gap : int
        Days from the last usable one of a period to the first of the next.
    has_trend : bool
        Whether the model has a trend.
    unsteadiness : ndarray of float, shape (day, assignment), or None
        What deviations of the regressor from its mean add to its sum of squares (`Courses.unsteadiness`).
    """

    regressor: Floats
    signal: Floats
    usable: Flags | None
    gap: int
    has_trend: bool
    unsteadiness: Floats | None = None


def daily_power(
    courses: Courses, days: ModelDays, patient: ExpectedPatient, plan: Plan, effects: tuple[float, ...]
) -> list[float]:
    """Return the chance that a daily model detects, at each of several full effects, which are positive where better.

    It is averaged over assignments and endings; of the plan only alpha and sides matter.
    """
    seen, chance = endings(courses.layout, patient.leaving)
    fit = ScreenFit(courses, days, patient.noise, seen)
    with np.errstate(all="ignore"):
        sd = 1 / np.sqrt(fit.information[-1])
        threshold = _threshold(courses, fit, patient.noise, plan)
    placebo = patient.placebo[:, np.newaxis]
    rise = fit.coefficient(placebo)
    others = patient.response * rise
    if not days.has_trend and patient.trend:
        others = others + patient.trend * fit.coefficient(np.arange(len(placebo), dtype=np.float64)[:, np.newaxis])
    if patient.belief_gap:
        others = others + patient.belief_gap * patient.response * fit.coefficient(placebo * (courses.on_drug - 0.5))
    kept = fit.coefficient(days.signal) if days.signal is not days.regressor else np.ones(sd.shape)
    spread = np.sqrt(sd**2 + (patient.response_sd * rise) ** 2 + fit.drift(patient.noise.drift_sd))
    found = []
    for effect in effects:
        mean = effect * kept + others
        beyond = ndtr((mean - threshold) / spread)
        if plan.sides == 2:
            beyond = beyond + ndtr((-mean - threshold) / spread)
        detected = np.where(fit.tells, beyond.mean(axis=0), 0.0)
        found.append(float(chance @ detected.mean(axis=-1)))
    return found


class ScreenFit:
    """Generalized least squares for each size of the shifts (the analysis's, and last the true one) and each ending.

    V = R(φ) + τ²ZZ': R is whitened day by day, the shifts of the stretches are swept out, then intercept and trend.
    Exact without shifts; with them the first day of a stretch is whitened as if the shift before were the same.
    """

    def __init__(self, courses: Courses, days: ModelDays, noise: Noise, seen: NDArray[np.int64]) -> None:
        self._courses, self._days, self.seen, self.has_trend = courses, days, seen, days.has_trend
        self._scale, self._correlation = noise.single_process
        self._shifts = np.append(SHIFT_RATIOS * noise.day_sd, noise.shift_sd)[:, np.newaxis, np.newaxis] ** 2
        number = np.arange(len(days.regressor), dtype=np.float64)[:, np.newaxis]
        self._regressor = self._white(days.regressor)
        self._fixed = [self._white(np.ones(number.shape))]
        if days.has_trend:
            self._fixed.append(self._white(number / 7))
        one = self._fixed[0]
        self._one = courses.by_stretch(one * one)
        share = self._shifts / (1 + self._shifts * self._one)
        self._share = share
        self._with_one: dict[int, tuple[Floats, Floats]] = {}
        gram = {(i, j): self._product(self._fixed[i], self._fixed[j], share)
                for i in range(len(self._fixed)) for j in range(i + 1)}  # fmt: skip
        self._sweeps = self._orthogonalized(gram)
        squares = courses.by_stretch(self._regressor**2)
        own = self._product(self._regressor, self._regressor, share)
        if days.unsteadiness is not None:
            own = own + np.cumsum(courses.by_stretch(days.unsteadiness), axis=0)[seen - 1] / self._scale**2
        self._projections = self._project(self._regressor, share)
        self.information = own - sum(p * p for p in self._projections)
        whole = np.cumsum(squares, axis=0)[seen - 1]
        self.tells = (self.information[-1] > TELLS * np.maximum(whole, 1e-300)) & courses.both_seen[seen - 1]
        self.information = np.where(self.tells, self.information, np.nan)

    def coefficient(self, values: Floats) -> Floats:
        """Say what the estimate makes of something that is added to the scores; (ending, assignment)."""
        white, share = self._white(values), self._share[-1:]
        products = self._product(self._regressor, white, share)[0]
        projections = self._project(white, share)
        products = products - sum(p[-1] * q[0] for p, q in zip(self._projections, projections, strict=True))
        coefficient: Floats = products / self.information[-1]
        return coefficient

    def drift(self, drift_sd: float) -> Floats | float:
        """Return the variance that a random walk adds to the estimate, as if each stretch stood at its middle."""
        if drift_sd == 0:
            return 0.0
        starts = np.append(self._courses.stretch_starts, len(self._days.regressor))
        total: Floats | float = 0.0
        for day in (starts[:-1] + starts[1:])[1:] // 2:
            step = np.zeros((len(self._days.regressor), 1))
            step[day:] = 1.0
            total = total + self.coefficient(step) ** 2
        return total * drift_sd**2 * float(np.mean(np.diff(starts)))

    def _white(self, values: Floats) -> Floats:
        """Free values of the autocorrelation, each day divided by its standard deviation; 0 where not usable."""
        usable, correlation = self._days.usable, self._correlation
        scale = self._scale * math.sqrt(1 - correlation**2)
        white: Floats = values / scale
        white[1:] -= (correlation / scale) * values[:-1]
        white[0] = values[0] / self._scale
        if usable is None:
            return white
        remembered = correlation**self._days.gap
        resumed = values / (self._scale * math.sqrt(1 - remembered**2))
        if remembered > FORGOTTEN:
            resumed[self._days.gap :] -= (
                remembered / (1 - remembered**2) ** 0.5 / self._scale * values[: -self._days.gap]
            )
            resumed = np.where(self._is_first_run, values / self._scale, resumed)
        return np.where(self._begins, resumed, white) * usable

    @cached_property
    def _begins(self) -> Flags:
        """Whether a day is usable and the day before is not."""
        assert self._days.usable is not None
        begins = self._days.usable.copy()
        begins[1:] &= ~self._days.usable[:-1]
        return begins

    @cached_property
    def _is_first_run(self) -> Flags:
        """Whether a day is of the first usable ones in a row."""
        first: Flags = np.cumsum(self._begins, axis=0) <= 1
        return first

    def _product(self, one: Floats, other: Floats, share: Floats) -> Floats:
        """Sum products over the days seen, the shifts taken out; (shift, ending, assignment)."""
        sums = self._courses.by_stretch(one * other)
        left = sums - share * self._of_one(one) * self._of_one(other)
        total: Floats = np.cumsum(left, axis=1)[:, self.seen - 1]
        return total

    def _of_one(self, values: Floats) -> Floats:
        """Sum values times the whitened intercept by stretch."""
        if id(values) not in self._with_one:
            self._with_one[id(values)] = (values, self._courses.by_stretch(values * self._fixed[0]))
        return self._with_one[id(values)][1]

    def _orthogonalized(self, gram: dict[tuple[int, int], Floats]) -> tuple[Floats, ...]:
        """Return the Cholesky factor of intercept and trend: l11, and with a trend l21, l22."""
        first = np.sqrt(gram[0, 0])
        if len(self._fixed) == 1:
            return (first,)
        between = gram[1, 0] / first
        return first, between, np.sqrt(gram[1, 1] - between**2)

    def _project(self, values: Floats, share: Floats) -> list[Floats]:
        """Return coordinates along intercept and trend."""
        pick = slice(-share.shape[0], None)
        first = self._product(self._fixed[0], values, share) / self._sweeps[0][pick]
        if len(self._fixed) == 1:
            return [first]
        second = self._product(self._fixed[1], values, share) - self._sweeps[1][pick] * first
        return [first, second / self._sweeps[2][pick]]


def _threshold(courses: Courses, fit: ScreenFit, noise: Noise, plan: Plan) -> Floats:
    """Return the size of an estimate from which on the analysis detects; (look, ending, assignment)."""
    columns = 3 if fit.has_trend else 2
    days = courses.layout.period_days
    df = np.maximum(fit.seen - columns, 0.0)
    levels = (np.arange(LOOKS) + 0.5) / LOOKS
    analysts = (SHIFT_RATIOS * noise.day_sd) ** 2 + noise.long_run / days
    truly = noise.shift_sd**2 + noise.long_run / days
    # mean square between stretches over the true one, (look, ending); none is seen without degrees of freedom
    ratio = np.where(df > 0, 2 * gammaincinv(np.maximum(df, 1) / 2, levels[:, np.newaxis]) / np.maximum(df, 1), 1.0)
    fits = -df / 2 * (np.log(analysts)[:, np.newaxis, np.newaxis] + truly * ratio / analysts[:, np.newaxis, np.newaxis])
    weight = trapezoid(SHIFT_RATIOS)[:, np.newaxis, np.newaxis] * np.exp(fits - fits.max(axis=0))
    weight /= weight.sum(axis=0)
    told = fit.tells.sum(axis=1)
    known = np.where(fit.tells, fit.information, 0.0).sum(axis=2) / told
    relative = np.sqrt(known[-1] / known[:-1])[:, np.newaxis]
    outside = plan.alpha / plan.sides
    reach = _mixture_quantile(weight, relative, outside)
    threshold: Floats = reach[:, :, np.newaxis] / np.sqrt(fit.information[-1])
    return threshold


def _mixture_quantile(weight: Floats, sd: Floats, outside: float) -> Floats:
    """Find where a mixture of normal distributions about 0 has so little left beyond; components first."""
    point: Floats = -ndtri(outside) * np.sqrt((weight * sd**2).sum(axis=0))
    for _ in range(NEWTON_STEPS):
        scaled = point / sd
        tail = (weight * ndtr(-scaled)).sum(axis=0)
        density = (weight * np.exp(-(scaled**2) / 2) / sd).sum(axis=0) / math.sqrt(2 * math.pi)
        # on the logarithm of the tail, which is nearly straight
        point = point + tail / density * np.log(tail / outside)
    return point
