"""Operating characteristics: how often, and by how much, the planned analysis would be right."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Flags
from n1trial.evaluation.tally import Tally

FEWEST_TRIALS = 1000
"""Below this many simulated trials the figures are nothing to go by."""
FEWEST_DETECTIONS = 30
"""Below this many detections what is seen among them is not reported."""

METRICS = (
    "detect", "detect_right", "adopt", "right_decision", "not_estimable", "bias", "rmse", "coverage", "empirical_sd",
    "model_se", "half_width", "type_s", "exaggeration",
)  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """A figure and its Monte Carlo standard error; None where it does not exist.

    Examples
    --------
    >>> from n1trial import Figure
    >>> Figure(0.8, 0.03) - Figure(0.3, 0.04)
    Figure(value=0.5, mcse=0.05)
    """

    value: float | None = None
    mcse: float | None = None

    def __sub__(self, other: Figure) -> Figure:
        """Subtract, with the standard error as if both were independent: common random numbers make it smaller."""
        if self.value is None or other.value is None:
            return Figure()
        return Figure(self.value - other.value, math.hypot(self.mcse or 0.0, other.mcse or 0.0))


NO_FIGURE = Figure()


def rate(count: int, of: int) -> Figure:
    """Return the share of `of` trials, with its binomial standard error.

    Where none or all were counted, that of one more trial each way: such a rate is not known for certain either.
    """
    if of == 0:
        return NO_FIGURE
    known = count / of if 0 < count < of else (count + 1) / (of + 2)
    return Figure(count / of, math.sqrt(known * (1 - known) / of))


@dataclass(frozen=True, eq=False)
class EventCount:
    """Trials of one kind in which something happens.

    Attributes
    ----------
    count, trials : int
    first : ndarray of bool, shape (replicate,)
        Whether it happens in each of the first trials, which are drawn with the same numbers in every kind.
    """

    count: int
    trials: int
    first: Flags

    @property
    def rate(self) -> Figure:
        """Share of all trials."""
        return rate(self.count, self.trials)


def rate_beside(row: EventCount, truth: EventCount) -> Figure:
    """Compute the rate of a row, post-stratified by what happens in the truth's trials with the same numbers.

    Of the trials in which it happens in the truth the row's share is known from the first ones, of the others likewise;
    how many there are of either is known from all trials of the truth. The rate is unbiased, lies between 0 and 1, and
    is the plain one where the row has as many trials as the truth [1]_.

    Parameters
    ----------
    row : EventCount
        `first` holds all its trials.
    truth : EventCount
        With at least as many trials.

    References
    ----------
    .. [1] Cochran. Sampling Techniques, 3rd ed., 1977, section 5A.9.

    Examples
    --------
    Half of ten trials show it in the row, in all of which the truth shows it, too; of a hundred trials the truth shows
    it in more than of the first ten:

    >>> from n1trial.evaluation.characteristics import EventCount, rate_beside
    >>> row = EventCount(5, 10, np.arange(10) < 5)
    >>> round(rate_beside(row, EventCount(60, 100, np.arange(10) < 5)).value, 12)
    0.6
    """
    if row.trials == truth.trials or not _has_both(truth):
        return row.rate
    return _poststratify(row, truth, less=0)


def gain_beside(row: EventCount, truth: EventCount) -> Figure:
    """Compute by how much the rate of a row exceeds the truth's, with the error of the paired difference."""
    share, own = rate_beside(row, truth), truth.rate
    if not _has_both(truth):
        return share - own
    mcse = _poststratify(row, truth, less=1).mcse
    return Figure((share.value or 0.0) - (own.value or 0.0), mcse)


def _has_both(truth: EventCount) -> bool:
    return bool(truth.first.any() and not truth.first.all())


def _poststratify(row: EventCount, truth: EventCount, less: int) -> Figure:
    """Return a row's rate, less that of the truth where `less` is 1."""
    share = truth.rate
    with_it, without = (_share_among(row.first[is_in]) for is_in in (truth.first, ~truth.first))
    weight, inside, outside = share.value or 0.0, (with_it.value or 0.0) - less, without.value or 0.0
    errors = (
        (inside - outside) * (share.mcse or 0.0),
        weight * (with_it.mcse or 0.0),
        (1 - weight) * (without.mcse or 0.0),
    )
    return Figure(weight * inside + (1 - weight) * outside, math.hypot(*errors))


def _share_among(happens: Flags) -> Figure:
    return rate(int(np.count_nonzero(happens)), len(happens))


def mean(total: float, total_2: float, count: int, scale: float = 1.0) -> Figure:
    """Compute a mean from sums of values and of their squares, in units of `scale`."""
    if count < 2:
        return NO_FIGURE
    return Figure(total / count / scale, _sd(total, total_2, count) / math.sqrt(count) / scale)


def characterize(tally: Tally, truth: float | None) -> dict[str, Figure]:
    """Compute the operating characteristics of one method at one truth.

    Parameters
    ----------
    tally : Tally
        Of all replicates.
    truth : float or None
        Full effect in every replicate, on the outcome's scale; None where it was drawn from the prior.

    Returns
    -------
    dict of str to Figure
        One a name in `METRICS`. Rates are over all replicates; bias, rmse, coverage and widths over the estimable,
        against the full effect; type_s and exaggeration over detections. Standard errors as in Morris, White &
        Crowther, Stat Med 2019;38:2074-2102, table 6.
    """
    every, estimable = tally.replicates, tally.estimable
    makers: dict[str, Callable[[], Figure]] = {
        "detect": lambda: rate(tally.detected, every),
        "detect_right": lambda: NO_FIGURE if truth == 0 else rate(tally.detected_right, every),
        "adopt": lambda: rate(tally.adopted, every),
        "right_decision": lambda: rate(tally.decided_right, every),
        "not_estimable": lambda: rate(every - estimable, every),
        "bias": lambda: mean(tally.error, tally.error_2, estimable),
        "rmse": lambda: _root(mean(tally.error_2, tally.error_4, estimable)),
        "coverage": lambda: rate(tally.covered, estimable),
        "empirical_sd": lambda: _spread(tally),
        "model_se": lambda: _root(mean(tally.variance, tally.variance_2, estimable)),
        "half_width": lambda: median(np.concatenate(tally.half_widths)) if tally.half_widths else NO_FIGURE,
        "type_s": lambda: _among_detected(tally, truth, lambda: rate(tally.detected_wrong_sign, tally.detected)),
        "exaggeration": lambda: _among_detected(
            tally, truth, lambda: mean(tally.detected_size, tally.detected_size_2, tally.detected, abs(truth or 1))
        ),
    }
    return {metric: makers[metric]() for metric in METRICS}


def median(values: NDArray[np.float64]) -> Figure:
    """Return the median, with half the width of the order statistics one standard error to either side, if bounded."""
    count = len(values)
    if count < 2:
        return NO_FIGURE
    ordered = np.sort(values)
    reach = math.sqrt(count) / 2
    low, high = max(0, math.floor(count / 2 - reach)), min(count - 1, math.ceil(count / 2 + reach))
    if not np.isfinite(ordered[high]):
        return NO_FIGURE
    return Figure(float(np.median(ordered)), float(ordered[high] - ordered[low]) / 2)


def _among_detected(tally: Tally, truth: float | None, figure: Callable[[], Figure]) -> Figure:
    if not truth or tally.detected < FEWEST_DETECTIONS:
        return NO_FIGURE
    return figure()


def _root(squares: Figure) -> Figure:
    if squares.value is None or squares.mcse is None:
        return NO_FIGURE
    root = math.sqrt(squares.value)
    return Figure(root, squares.mcse / (2 * root) if root > 0 else 0.0)


def _spread(tally: Tally) -> Figure:
    """Return the standard deviation of estimates, its error by their fourth moment, whatever their distribution."""
    count = tally.estimable
    if count < 2:
        return NO_FIGURE
    sd = _sd(tally.estimate, tally.estimate_2, count)
    first, second, third, fourth = (
        total / count for total in (tally.estimate, tally.estimate_2, tally.estimate_3, tally.estimate_4)
    )
    about_mean = fourth - 4 * first * third + 6 * first**2 * second - 3 * first**4
    of_variance = max(0.0, about_mean - sd**4 * (count - 3) / (count - 1)) / count
    return Figure(sd, math.sqrt(of_variance) / (2 * sd) if sd > 0 else 0.0)


def _sd(total: float, total_2: float, count: int) -> float:
    return math.sqrt(max(0.0, (total_2 - total * total / count) / (count - 1)))
