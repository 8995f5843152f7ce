"""Generalized least squares of the daily models in closed form: information, and what enters the estimate."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.daily.stretch_model import SHIFT_RATIOS
from n1trial.arrays import Flags, Floats
from n1trial.evaluation.screening.courses import Courses
from n1trial.evaluation.screening.expected_patient import Noise
from n1trial.evaluation.screening.shifts import mean_covariance, window_sums

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
    companions : tuple of ndarray of float, shape (day, 1)
        Columns that are estimated beside the level: a trend, a placebo response.
    unsteadiness : ndarray of float, shape (day, assignment), or None
        What deviations of the regressor from its mean add to its sum of squares (`Courses.unsteadiness`).
    allows_for_wandering : bool
        Whether the model has slow wandering, by which its standard error holds all that sets stretches apart.
    """

    regressor: Floats
    signal: Floats
    usable: Flags | None
    gap: int
    companions: tuple[Floats, ...] = ()
    unsteadiness: Floats | None = None
    allows_for_wandering: bool = False


class ScreenFit:
    """Generalized least squares for each size of the shifts (the analysis's, and last the true one) and each ending.

    V = R(φ) + τ²ZZ': R is whitened day by day, the shifts of the stretches are swept out, then level and companions.
    Exact without shifts; with them the first day of a stretch is whitened as if the shift before were the same.
    """

    def __init__(self, courses: Courses, days: ModelDays, noise: Noise, entry_days: NDArray[np.int64]) -> None:
        self._courses, self._days, self.seen = courses, days, entry_days
        self._scale, self._correlation = noise.single_process
        self._noise, planned = noise, planned_shift_sd(courses, noise)
        self._shifts = np.append(SHIFT_RATIOS * noise.day_sd, planned)[:, np.newaxis, np.newaxis] ** 2
        self._regressor = self._white(days.regressor)
        level = np.ones((len(days.regressor), 1))
        self._fixed = [self._white(column) for column in (level, *days.companions)]
        one = self._fixed[0]
        self._one = courses.by_stretch(one * one)
        share = self._shifts / (1 + self._shifts * self._one)
        self._share = share
        self._with_one: dict[int, tuple[Floats, Floats]] = {}
        gram = {(i, j): self._product(self._fixed[i], self._fixed[j], share)
                for i in range(len(self._fixed)) for j in range(i + 1)}  # fmt: skip
        self._sweeps = self._orthogonalize(gram)
        squares = courses.by_stretch(self._regressor**2)
        own = self._product(self._regressor, self._regressor, share)
        if days.unsteadiness is not None:
            own = own + np.cumsum(courses.by_stretch(days.unsteadiness), axis=0)[entry_days - 1] / self._scale**2
        self._projections = self._project(self._regressor, share)
        self.information = own - sum(p * p for p in self._projections)
        whole = np.cumsum(squares, axis=0)[entry_days - 1]
        self.tells = (self.information[-1] > TELLS * np.maximum(whole, 1e-300)) & courses.both_seen[entry_days - 1]
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

    def misfit(self) -> Floats | float:
        """Return the variance that shifts of the patient's own life add to the one that planned stretches have."""
        noise, planned = self._noise, self._shifts[-1, 0, 0]
        if noise.shift_days is None or noise.shift_sd == 0:
            return 0.0
        added = []
        for ending, stretches in enumerate(self.seen):
            weights = self._weights(ending, int(stretches))
            lasting = (window_sums(weights, noise.shift_days) ** 2).sum(axis=0)
            added.append(noise.shift_sd**2 * lasting - planned * (self._courses.by_stretch(weights) ** 2).sum(axis=0))
        return np.array(added)

    def _weights(self, ending: int, stretches: int) -> Floats:
        """Return what a point on each day adds to the estimate, the shifts being the true ones; (day, assignment)."""
        ends = np.append(self._courses.stretch_starts, len(self._regressor))
        left = self._regressor.copy()
        basis: list[Floats] = []
        for column, sweep in zip(self._fixed, self._sweeps, strict=True):
            *between, own = (part[-1, ending] for part in sweep)
            basis.append((column - sum(part * other for part, other in zip(between, basis, strict=True))) / own)
        for projection, column in zip(self._projections, basis, strict=True):
            left -= projection[-1, ending] * column
        left[ends[stretches] :] = 0.0
        shared = self._share[-1] * self._courses.by_stretch(left * self._fixed[0])
        left -= self._fixed[0] * np.repeat(shared, np.diff(ends), axis=0)
        weights: Floats = self._unwhite(left) / self.information[-1, ending]
        return weights

    def _unwhite(self, values: Floats) -> Floats:
        """Apply the transpose of `_white`."""
        usable, correlation, gap = self._days.usable, self._correlation, self._days.gap
        scale = self._scale * math.sqrt(1 - correlation**2)
        begins = np.zeros(values.shape, dtype=np.bool_) if usable is None else self._begins & usable
        follows, resumes = np.where(begins, 0.0, values), np.where(begins, values, 0.0)
        weights: Floats = follows / scale
        weights[:-1] -= (correlation / scale) * follows[1:]
        weights[0] += follows[0] / self._scale - follows[0] / scale
        if usable is None:
            return weights
        remembered = correlation**gap
        first = self._is_first_run if remembered > FORGOTTEN else np.zeros_like(usable)
        later = np.where(first, 0.0, resumes) / (self._scale * math.sqrt(1 - remembered**2))
        weights += np.where(first, resumes, 0.0) / self._scale + later
        weights[:-gap] -= remembered * later[gap:]
        return weights

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

    def _orthogonalize(self, gram: dict[tuple[int, int], Floats]) -> list[list[Floats]]:
        """Return the rows of the Cholesky factor of level and companions."""
        rows: list[list[Floats]] = []
        for i in range(len(self._fixed)):
            row: list[Floats] = []
            for j, other in enumerate(rows):
                left = gram[i, j] - sum(mine * its for mine, its in zip(row, other, strict=False))
                row.append(left / other[-1])
            row.append(np.sqrt(gram[i, i] - sum(part**2 for part in row)))
            rows.append(row)
        return rows

    def _project(self, values: Floats, share: Floats) -> list[Floats]:
        """Return coordinates along level and companions."""
        pick = slice(-share.shape[0], None)
        found: list[Floats] = []
        for column, (*between, own) in zip(self._fixed, self._sweeps, strict=True):
            left = self._product(column, values, share)
            left = left - sum(part[pick] * before for part, before in zip(between, found, strict=True))
            found.append(left / own[pick])
        return found


def planned_shift_sd(courses: Courses, noise: Noise) -> float:
    """Return the SD of shifts of planned stretches that set their means as far apart as the true shifts do."""
    if noise.shift_days is None:
        return noise.shift_sd
    starts = courses.stretch_starts.astype(np.float64)
    days = np.full(1, float(courses.layout.period_days + courses.layout.washout_days))
    alike = mean_covariance(days, days, np.abs(np.subtract.outer(starts, starts)), noise.shift_days)
    stretches = len(starts)
    apart = (np.trace(alike) - alike.sum() / stretches) / (stretches - 1)
    return noise.shift_sd * math.sqrt(apart)
