"""What may be concluded from a diary: one contract, and a table of the methods that keep it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from n1trial.analysis import ar1, bayes, before_after, exposure, mixed, ols, paired, randomization
from n1trial.analysis.estimates import EVERYTHING, Estimand, Estimates, Request, Status
from n1trial.analysis.overrides import hint, overridden
from n1trial.diary.diary import Diary
from n1trial.errors import InputError

__all__ = ["EVERYTHING", "METHODS", "Estimand", "Estimates", "Method", "Request", "Status", "analyze"]


@dataclass(frozen=True)
class Method:
    """A way to analyze a diary.

    Parameters
    ----------
    name : str
        As in scenario files and results.
    estimand : {"contrast", "full effect", "none"}
        What its estimate is an estimate of.
    analyze : callable
        Takes a `Diary`, its plan included, and a `Request`; returns `Estimates`; a pure function.
    description : str
        What it does, in one sentence.
    """

    name: str
    estimand: Estimand
    analyze: Callable[[Diary, Request], Estimates]
    description: str


METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Method(
            "paired",
            "contrast",
            paired.analyze,
            "Paired t test on the cycles' differences between the mean on the drug and the mean on control.",
        ),
        Method(
            "exposure",
            "full effect",
            exposure.analyze,
            "Daily model whose effect builds up and fades as assumed; Bayesian, with autocorrelation and shifts.",
        ),
        Method(
            "mixed",
            "contrast",
            mixed.analyze,
            "Daily model of drug and control days; Bayesian, with autocorrelation and shifts between periods.",
        ),
        Method(
            "ar1",
            "contrast",
            ar1.analyze,
            "Daily model with autocorrelation by REML; breaks where periods shift.",
        ),
        Method(
            "randomization",
            "full effect",
            randomization.analyze,
            "Exact test over every order and change-over that could have been drawn.",
        ),
        Method(
            "bayes",
            "contrast",
            bayes.analyze,
            "Bayesian analysis of the cycles' differences with a prior of the effect.",
        ),
        Method(
            "ols",
            "contrast",
            ols.analyze,
            "Least squares on days as if they were independent, which they are not: for comparison only.",
        ),
        Method(
            "before_after",
            "none",
            before_after.analyze,
            "Mean of the drug days minus mean of the run-in days: the drug and all else that changed, in one number.",
        ),
    )
}
"""Every method by its name."""


def analyze(
    diary: Diary, method: str | None = None, *, request: Request = EVERYTHING, **overrides: object
) -> Estimates:
    """Analyze a diary, of one patient or of a batch of replicates.

    Parameters
    ----------
    diary : Diary
        The entries and the plan they were kept for.
    method : str, optional
        A name in `METHODS`; by default the plan's primary method.
    request : Request, optional
        How much is asked of methods whose intervals cost more than their test; everything by default.
    **overrides
        Fields of `Plan` that differ from the diary's plan for this analysis: ``discard_days=0``,
        ``terms=("trend",)``, ``alpha=0.1``.

    Returns
    -------
    Estimates
        Arrays of shape (replicate,).

    Raises
    ------
    InputError
        If the method does not exist, or a keyword names no field of `Plan` or has a value outside its range.
    """
    plan = overridden(diary.plan, overrides)
    name = plan.primary if method is None else method
    if name not in METHODS:
        raise InputError(f"method: {name!r} does not exist{hint(name, METHODS)}; there are {', '.join(METHODS)}")
    return METHODS[name].analyze(diary.with_plan(plan), request)
