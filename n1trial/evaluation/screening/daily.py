"""The daily models in closed form: generalized least squares at the scenario's noise, judged as the analysis would.

The analysis does not know the noise: it averages over the size of the shifts between stretches. So its threshold is
found for what the differences between stretches may look like, and power is averaged over that.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import gammaincinv, ndtr, ndtri

from n1trial.analysis.daily.stretch_model import SHIFT_RATIOS, trapezoid
from n1trial.arrays import Floats
from n1trial.diary.plan import Plan
from n1trial.evaluation.screening.courses import Courses
from n1trial.evaluation.screening.endings import endings
from n1trial.evaluation.screening.expected_patient import ExpectedPatient, Noise
from n1trial.evaluation.screening.least_squares import ModelDays, ScreenFit, planned_shift_sd

LOOKS = 8
"""What the differences between stretches may look like, from small to large, each as likely."""
NEWTON_STEPS = 4


def daily_power(
    courses: Courses, days: ModelDays, patient: ExpectedPatient, plan: Plan, effects: tuple[float, ...]
) -> list[float]:
    """Return the chance that a daily model detects, at each of several full effects, which are positive where better.

    It is averaged over assignments and endings; of the plan only alpha and sides matter.
    """
    seen, chance = endings(courses.layout, patient.hazard)
    fit = ScreenFit(courses, days, patient.noise, seen)
    with np.errstate(all="ignore"):
        sd = 1 / np.sqrt(fit.information[-1])
        threshold = _threshold(courses, fit, 2 + len(days.companions), patient.noise, plan)
    placebo = patient.placebo[:, np.newaxis]
    rise = fit.coefficient(placebo)
    others = patient.response * rise
    if not days.companions and patient.trend:
        others = others + patient.trend * fit.coefficient(np.arange(len(placebo), dtype=np.float64)[:, np.newaxis])
    if patient.belief_gap:
        others = others + patient.belief_gap * patient.response * fit.coefficient(placebo * (courses.on_drug - 0.5))
    kept = fit.coefficient(days.signal) if days.signal is not days.regressor else np.ones(sd.shape)
    wanders = sd**2 + fit.misfit()
    if days.allows_for_wandering:
        threshold = np.maximum(threshold, -ndtri(plan.alpha / plan.sides) * np.sqrt(wanders))
    spread = np.sqrt(wanders + (patient.response_sd * rise) ** 2 + fit.drift(patient.noise.drift_sd))
    found = []
    for effect in effects:
        mean = effect * kept + others
        beyond = ndtr((mean - threshold) / spread)
        if plan.sides == 2:
            beyond = beyond + ndtr((-mean - threshold) / spread)
        detected = np.where(fit.tells, beyond.mean(axis=0), 0.0)
        found.append(float(chance @ detected.mean(axis=-1)))
    return found


def _threshold(courses: Courses, fit: ScreenFit, columns: int, noise: Noise, plan: Plan) -> Floats:
    """Return the size of an estimate from which on the analysis detects; (look, ending, assignment)."""
    days = courses.layout.period_days
    df = np.maximum(fit.seen - columns, 0.0)
    levels = (np.arange(LOOKS) + 0.5) / LOOKS
    analysts = (SHIFT_RATIOS * noise.day_sd) ** 2 + noise.long_run / days
    truly = planned_shift_sd(courses, noise) ** 2 + noise.long_run / days
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
