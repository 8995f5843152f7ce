"""What an analysis concludes for each replicate: an estimate, how sure it is, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from n1trial.diary.methods import Estimand, Method
from n1trial.diary.plan import Plan

if TYPE_CHECKING:
    import pandas as pd

FIGURES = (
    "estimate", "standard_error", "df", "ci_low", "ci_high", "p_value", "p_benefit", "p_worthwhile", "p_decision",
)  # fmt: skip
"""Figures of every method, one a replicate."""


class Status(IntEnum):
    """Way in which an analysis ended; up to `AT_BOUNDARY` its figures can be used.

    Examples
    --------
    >>> from n1trial import Status
    >>> Status(2).word, Status(2).is_estimable
    ('too_few_cycles', False)
    """

    OK = 0
    AT_BOUNDARY = 1
    TOO_FEW_CYCLES = 2
    TOO_FEW_ENTRIES = 3
    ONE_TREATMENT = 4
    CONFOUNDED = 5
    NO_VARIATION = 6
    NOT_CONVERGED = 7
    NOT_RANDOMIZED = 8
    TOO_LITTLE_CONTRAST = 9

    @property
    def word(self) -> str:
        """The status as files and JSON spell it, such as ``too_few_cycles``."""
        return self.name.lower()

    @property
    def advice(self) -> str:
        """What happened and what can be done about it, in one sentence."""
        return _ADVICE[self]

    @property
    def is_estimable(self) -> bool:
        """Whether there is an estimate with a standard error."""
        return self <= Status.AT_BOUNDARY


_ADVICE = {
    Status.OK: "The analysis ran as planned.",
    Status.AT_BOUNDARY: "The autocorrelation ran to its upper limit, so days hardly differ from each other within a"
    " period: prefer an analysis of period means.",
    Status.TOO_FEW_CYCLES: "Fewer than two rounds have enough entries in a period on each treatment: plan more rounds,"
    " or lower discard_days or minimum_days.",
    Status.TOO_FEW_ENTRIES: "There are not enough usable entries for this analysis: keep more of the diary, lower"
    " discard_days, or leave out terms.",
    Status.ONE_TREATMENT: "Usable entries exist on one of the two treatments only: nothing can be compared.",
    Status.CONFOUNDED: "The treatments cannot be told apart from the trend or the cycles, or exposure to the drug never"
    " changes: leave out terms, and see which doses were taken.",
    Status.NO_VARIATION: "What is left after the difference between treatments does not vary, so no standard error"
    " exists: check that the scores are real and not filled in.",
    Status.NOT_CONVERGED: "The fit did not converge, or the scores are too large to compute with: use a simpler"
    " method or leave out terms.",
    Status.NOT_RANDOMIZED: "The scheme is unknown, leaves nothing to chance, or could not have drawn this order and"
    " these change-overs, so no randomization test exists: state the scheme that was used, or use another method.",
    Status.TOO_LITTLE_CONTRAST: "Exposure to the drug differed too little between the days that were written: the full"
    " effect is unsure by more than the whole scale, so the diary says next to nothing of it. Keep the diary well"
    " beyond the first change-over.",
}


@dataclass(frozen=True, eq=False)
class AnalysisRequest:
    """Extent of what is asked of a method whose intervals cost more than its test.

    Simulation asks for less than a real diary; the other figures are the same either way.

    Attributes
    ----------
    truth : ndarray of float, shape (replicate,), or None
        True effect that intervals are to be held against; fills `Estimates.covers`.
    intervals : int or None
        So many first replicates whose interval is found, NaN in the others; None finds all.
    """

    truth: NDArray[np.float64] | None = None
    intervals: int | None = None


EVERYTHING = AnalysisRequest()


@dataclass(frozen=True, eq=False, repr=False)
class Estimates:
    """Conclusions of one method, for one patient or for a batch of replicates.

    All arrays have shape (replicate,). Where `status` says that there is no estimate the figures are NaN; only
    under `NO_VARIATION` the estimate itself is kept.

    Attributes
    ----------
    method : str
        Name of the method.
    estimand : {"contrast", "full effect", "none"}
        What is estimated: the contrast that this design sees, the full effect (all doses taken, exposure 1), or
        nothing that a trial could be planned for.
    estimate : ndarray of float
        Drug minus control, on the score's scale.
    standard_error, df : ndarray of float
        Of the estimate, on the score's scale; degrees of freedom.
    ci_low, ci_high : ndarray of float
        Ends of the confidence interval, which agrees with the test: 1 − alpha where the plan is two-sided, the
        central 1 − 2·alpha where it is one-sided.
    p_value : ndarray of float
        Two-sided, or one-sided in the direction of benefit, as planned.
    p_benefit, p_worthwhile, p_decision : ndarray of float
        Confidence, 0 to 1, in a benefit above 0, of at least `Plan.mcid`, and above `Plan.decision_benefit`.
    status : ndarray of int8
        A `Status` for each replicate.
    n : ndarray of int
        Entries used.
    covers : ndarray of bool, or None
        Whether each interval holds the true effect, where `AnalysisRequest.truth` gave it to the method and the
        method compared without the ends; None where the ends tell.
    details : dict of str to ndarray of float
        Further figures of a method, such as its autocorrelation.

    Examples
    --------
    >>> import n1trial
    >>> fit = n1trial.analyze(n1trial.simulate("minimal", replicates=5), "paired")
    >>> fit.estimate.shape
    (5,)
    >>> list(fit.to_frame().columns[:3])
    ['estimate', 'standard_error', 'df']
    """

    method: str
    estimand: Estimand
    estimate: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    df: NDArray[np.float64]
    ci_low: NDArray[np.float64]
    ci_high: NDArray[np.float64]
    p_value: NDArray[np.float64]
    p_benefit: NDArray[np.float64]
    p_worthwhile: NDArray[np.float64]
    p_decision: NDArray[np.float64]
    status: NDArray[np.int8]
    n: NDArray[np.int64]
    covers: NDArray[np.bool_] | None = None
    details: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    def __repr__(self) -> str:
        estimable = int(self.is_estimable.sum())
        return f"<Estimates by {self.method} ({self.estimand}): {estimable:,} of {self.replicates:,} with an estimate>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>{self.to_frame().to_html(max_rows=10, na_rep='')}"

    def to_frame(self) -> pd.DataFrame:
        """Give a row a replicate: its figures, its status as a word, the entries used, and details."""
        import pandas as pd

        figures = {name: getattr(self, name) for name in FIGURES}
        words = [Status(status).word for status in self.status]
        return pd.DataFrame({**figures, "status": words, "n": self.n, **self.details})

    def among(self, is_counted: NDArray[np.bool_]) -> Estimates:
        """Return the estimates of some replicates, of shape (replicate,)."""
        arrays = {name: getattr(self, name)[is_counted] for name in (*FIGURES, "status", "n")}
        covers = None if self.covers is None else self.covers[is_counted]
        details = {
            name: values[is_counted] for name, values in self.details.items() if values.shape == is_counted.shape
        }
        return replace(self, covers=covers, details=details, **arrays)

    @property
    def replicates(self) -> int:
        """Number of replicates (1 for one patient)."""
        return int(self.status.size)

    @property
    def is_estimable(self) -> NDArray[np.bool_]:
        """Whether each replicate has an estimate with a standard error. Shape (replicate,)."""
        return self.status <= Status.AT_BOUNDARY


def has_too_little_contrast(estimand: Estimand, standard_error: NDArray[np.float64], plan: Plan) -> NDArray[np.bool_]:
    """Whether full effects are unsure by more than the width of the scale, by their standard errors."""
    low, high = plan.scale
    little: NDArray[np.bool_] = (standard_error > high - low) & (estimand == "full effect")
    return little


def from_t(
    method: Method,
    plan: Plan,
    *,
    estimate: NDArray[np.float64],
    standard_error: NDArray[np.float64],
    df: NDArray[np.float64],
    status: NDArray[np.int8],
    n: NDArray[np.int64],
) -> Estimates:
    """Conclude from an estimate whose error, over its standard error, follows Student's t.

    Parameters
    ----------
    method : Method
        Whose estimates they are.
    plan : Plan
        Says which way is better, the sides, alpha, and the benefits to weigh.
    estimate, standard_error, df : ndarray of float, shape (replicate,)
        Drug minus control, its standard error and degrees of freedom; whatever they hold where `status` says that
        nothing is estimable is not shown.
    status : ndarray of int8, shape (replicate,)
        A `Status` for each replicate.
    n : ndarray of int, shape (replicate,)
        Entries used.

    Returns
    -------
    Estimates
        With p_benefit = F_df(benefit / standard error), benefit counted in the direction that is better, and
        likewise for the other benefits.
    """
    is_estimable = status <= Status.AT_BOUNDARY
    standard_error = np.where(is_estimable, standard_error, np.nan)
    df = np.where(is_estimable, df, np.nan)
    estimate = np.where(is_estimable | (status == Status.NO_VARIATION), estimate, np.nan)

    benefit = plan.benefit_sign * estimate
    tail = stdtr(df, -np.abs(benefit) / standard_error)
    p_against = np.where(benefit > 0, tail, 1 - tail)
    p_benefit = np.where(benefit > 0, 1 - tail, tail)
    p_above = {
        threshold: p_benefit if threshold == 0 else stdtr(df, (benefit - threshold) / standard_error)
        for threshold in (plan.mcid, plan.decision_benefit)
    }
    half_width = _critical(df, plan.alpha / plan.sides) * standard_error
    return Estimates(
        method.name, method.estimand, estimate, standard_error, df,
        ci_low=estimate - half_width, ci_high=estimate + half_width,
        p_value=2 * tail if plan.sides == 2 else p_against,
        p_benefit=p_benefit, p_worthwhile=p_above[plan.mcid], p_decision=p_above[plan.decision_benefit],
        status=status, n=n,
    )  # fmt: skip


def _critical(df: NDArray[np.float64], upper_tail: float) -> NDArray[np.float64]:
    """Find what Student's t exceeds with a probability; replicates share their few degrees of freedom."""
    few, place = np.unique(df, return_inverse=True)
    critical: NDArray[np.float64] = np.asarray(-stdtrit(few, upper_tail), dtype=np.float64)[place]
    return critical
