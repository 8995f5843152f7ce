"""What a diary tells of the effect at best, all variances and time courses known."""

from __future__ import annotations

import numpy as np
from scipy.linalg import cholesky, solve, solve_triangular

from n1trial.analysis.methods.course import FEWEST_ENTRIES
from n1trial.analysis.predicted_exposure import predicted_exposure
from n1trial.arrays import Flags, Floats, Integers
from n1trial.diary.diary import Diary
from n1trial.evaluation.ceiling.covariance import score_covariance
from n1trial.patient.placebo import placebo_course
from n1trial.scenario.scenario import Scenario

MOST_MULTIPLICATIONS = 200_000
"""Of one product of matrices: more are spread over threads, which wait for each other on a busy machine."""
DEPENDENT = 1e-9
"""Share of its square below which a column says nothing of its own."""


def information(scenario: Scenario, diary: Diary, is_written: Flags) -> Floats:
    """Compute what each diary tells of the effect: the inverse variance of its best unbiased estimate.

    Parameters
    ----------
    scenario : Scenario
        Whose patient kept the diaries; its variances and time courses are known.
    diary : Diary
        Its blinded days are used, and its run-in where that is blinded placebo.
    is_written : ndarray of bool, shape (day, replicate)
        Days whose entry was made, and not made up later.

    Returns
    -------
    ndarray of float, shape (replicate,)
        NaN where there are fewer than six entries, none in a period on the drug or none in one on control, or where
        the effect cannot be told from level and placebo response.
    """
    layout, treatment = scenario.layout(), scenario.treatment
    is_used = diary.day >= (-layout.run_in_days if layout.run_in == "placebo" else 0)
    exposure = predicted_exposure(diary, treatment.onset_days, treatment.offset_days)[is_used]
    day, written = diary.day[is_used], is_written[is_used]
    course = placebo_course(scenario.placebo, day.size)
    grams = np.empty((diary.replicates, 3, 3))
    stretches, which = np.unique(_stretch_of(scenario, diary)[is_used], axis=1, return_inverse=True)
    which = np.broadcast_to(which, diary.replicates)
    exposure = np.broadcast_to(exposure, written.shape)
    for kind, stretch in enumerate(stretches.T):
        group = np.flatnonzero(which == kind)
        root = cholesky(score_covariance(scenario, day, int(diary.day[0]), stretch), lower=True)
        columns = np.column_stack([np.ones(day.size), course, exposure[:, group]])
        grams[group] = _grams(root, columns, written[:, group])
    found = _last_by_itself(grams)
    return np.where(_can_be_analyzed(diary, is_written, is_used), found, np.nan)


def _stretch_of(scenario: Scenario, diary: Diary) -> Integers:
    """Return what shifts follow on each day, −1 for none. Shape (day, replicate or 1)."""
    if scenario.patient.period_shift_follows == "switch":
        period: Integers = np.maximum.accumulate(diary.period, axis=0).astype(np.int64)
        return period - 1
    return scenario.layout().stretch_of_day[:, np.newaxis]


def _can_be_analyzed(diary: Diary, is_written: Flags, is_used: Flags) -> Flags:
    """Whether there are entries enough, and some in periods on either treatment."""
    treatment = np.where(diary.period > 0, diary.treatment, -1)
    has_both = np.all([(is_written & (treatment == each)).any(axis=0) for each in (0, 1)], axis=0)
    can: Flags = has_both & (is_written[is_used].sum(axis=0) >= FEWEST_ENTRIES)
    return can


def _grams(root: Floats, columns: Floats, entries: Flags) -> Floats:
    """Compute products of level, placebo course and exposure, weighted by the inverse covariance of the days written.

    A missing day is a column of its own, which leaves the other days as they are; and what comes after the last
    entry takes no part. So one factor of the covariance serves all diaries.

    Parameters
    ----------
    root : ndarray of float, shape (day, day)
        Lower triangular factor of the covariance.
    columns : ndarray of float, shape (day, 2 + replicate)
        Level, course, and each diary's exposure.
    entries : ndarray of bool, shape (day, replicate)

    Returns
    -------
    ndarray of float, shape (replicate, 3, 3)
    """
    white = solve_triangular(root, np.eye(len(root)), lower=True)
    whitened = white @ columns
    after_last = np.where(entries.any(axis=0), len(entries) - entries[::-1].argmax(axis=0), 0)
    grams = np.empty((entries.shape[1], 3, 3))
    for replicate, end in enumerate(after_last):
        own = whitened[:end, [0, 1, 2 + replicate]]
        grams[replicate] = own.T @ own
        missing = np.flatnonzero(~entries[:end, replicate])
        if missing.size:
            absent = white[:end, missing]
            shared = absent.T @ own
            grams[replicate] -= shared.T @ solve(_square(absent), shared, assume_a="pos")
    return grams


def _square(columns: Floats) -> Floats:
    """Compute the products of columns among themselves, in pieces too small for threads."""
    pieces = -(-columns.size * columns.shape[1] // MOST_MULTIPLICATIONS)
    squares = np.zeros((columns.shape[1], columns.shape[1]))
    for piece in np.array_split(columns, min(pieces, len(columns))):
        squares += piece.T @ piece
    return squares


def _last_by_itself(grams: Floats) -> Floats:
    """Return the square of the last column less what the others hold of it; NaN where nothing is left."""
    squares, left = np.diagonal(grams, axis1=1, axis2=2), grams
    for column in range(grams.shape[1] - 1):
        pivot = left[:, column, column]
        is_own = pivot > DEPENDENT * squares[:, column]
        share = np.where(is_own, 1 / np.where(is_own, pivot, 1.0), 0.0)[:, np.newaxis] * left[:, column]
        left = left - left[:, :, column, np.newaxis] * share[:, np.newaxis]
    last = left[:, -1, -1]
    return np.where(last > DEPENDENT * squares[:, -1], last, np.nan)
