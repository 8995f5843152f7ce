"""Generalized least squares on days whose errors follow each other, as AR(1): each day resembles the day before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.estimates import EVERYTHING, AnalysisRequest, Estimates, Status, from_t
from n1trial.analysis.period_means import ROUNDING
from n1trial.analysis.reml.fit import Optimum, maximize
from n1trial.analysis.reml.likelihood import LeastSquares, least_squares
from n1trial.analysis.reml.sums import Sums, gather
from n1trial.arrays import Floats
from n1trial.diary.diary import Diary
from n1trial.diary.methods import AR1


def analyze(diary: Diary, request: AnalysisRequest = EVERYTHING) -> Estimates:
    """Fit treatment and the plan's terms by GLS with AR(1) errors, by REML, entries at their true distance in days.

    The estimate's variance C depends on the variance σ² and the autocorrelation φ of a day with the next, and with
    Satterthwaite's df = 2C²/Var(C), Var(C) by the delta method from the observed REML information of both. In terms
    of the criterion f = −2·log-likelihood and of C with σ² at its best for each φ this is
    1/df = 1/(n − p) + (d log C/dφ)² / (d²f/dφ²); it is held between 1 and n − p. An autocorrelation that ran to 1
    counts as known.

    Parameters
    ----------
    diary : Diary
        Terms of its plan: ``trend``, a straight line in days; ``cycle``, a level for each cycle. Its `df` is
        "satterthwaite" or "residual", n − p.
    request : AnalysisRequest
        Intervals cost little and are found in any case.

    Returns
    -------
    Estimates
        Estimand "contrast". Details: ``autocorrelation``, ``sigma``, the marginal standard deviation on the score's
        scale, and ``log_likelihood``, of REML as R's nlme states it. `TOO_FEW_ENTRIES` where fewer than two degrees
        of freedom are left, `ONE_TREATMENT` or `CONFOUNDED` where the treatment has no coefficient of its own,
        `NO_VARIATION` where least squares leave nothing over, `NOT_CONVERGED` where the likelihood rises toward
        φ = −1, `AT_BOUNDARY` where it rises up to φ = 1: estimate and standard error have limits there, but the
        marginal variance has none, and sigma says no more than that it is large.
    """
    sums = gather(diary)
    independent = least_squares(sums)
    df = sums.n - 2.0 - independent.keep[:-1].sum(axis=0)
    status = _status(sums, independent, df)
    fitted = np.flatnonzero(status == Status.OK)
    optimum = maximize(sums.take(fitted), independent.keep[:, fitted])
    residual_df = df[fitted]
    status[fitted] = np.select(
        [~optimum.is_found, optimum.is_at_limit], [Status.NOT_CONVERGED, Status.AT_BOUNDARY], Status.OK
    )
    if diary.plan.df == "satterthwaite":
        df[fitted] = _satterthwaite(optimum, residual_df)
    estimate, standard_error = independent.estimate, np.full(df.shape, np.nan)
    estimate[fitted] = optimum.profile.estimate
    standard_error[fitted] = np.sqrt(np.exp(optimum.profile.log_variance[0]) / residual_df)
    found = from_t(
        AR1, diary.plan,
        estimate=estimate, standard_error=standard_error, df=df, status=status, n=sums.n,
    )  # fmt: skip
    details = {}
    for name, figure in _details(optimum, residual_df).items():
        details[name] = np.full(df.shape, np.nan)
        details[name][fitted] = np.where(optimum.is_found, figure, np.nan)
    covers = None if request.truth is None else (found.ci_low <= request.truth) & (request.truth <= found.ci_high)
    return replace(found, covers=covers, details=details)


def _status(sums: Sums, independent: LeastSquares, df: Floats) -> NDArray[np.int8]:
    """Whether least squares have a contrast and leave something over."""
    rounding = np.maximum(ROUNDING * independent.spread[-1], sums.n * (ROUNDING * sums.origin) ** 2)
    status = np.select(
        [df < 2, independent.spread[-2] == 0, ~independent.keep[-1], independent.residual <= rounding],
        [Status.TOO_FEW_ENTRIES, Status.ONE_TREATMENT, Status.CONFOUNDED, Status.NO_VARIATION],
        Status.OK,
    )
    return status.astype(np.int8)


def _satterthwaite(optimum: Optimum, residual_df: Floats) -> Floats:
    """Compute the degrees of freedom of the estimate's variance."""
    slope, curvature = optimum.profile.log_variance[1], optimum.profile.criterion[2]
    lost = np.full_like(slope, np.inf)
    np.divide(slope**2, curvature, out=lost, where=curvature > 0)
    lost[optimum.is_at_limit] = 0
    df: Floats = np.maximum(1 / (1 / residual_df + lost), 1)
    return df


def _details(optimum: Optimum, residual_df: Floats) -> dict[str, Floats]:
    """Return further figures of the fit."""
    phi = optimum.autocorrelation
    variance = optimum.profile.residual / (residual_df * (1 - phi) * (1 + phi))
    of_variance = residual_df * (np.log(2 * np.pi) + 1 - np.log(residual_df))
    return {
        "autocorrelation": phi,
        "sigma": np.sqrt(variance),
        "log_likelihood": -(of_variance + optimum.profile.criterion[0]) / 2,
    }
