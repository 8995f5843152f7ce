"""How a diary was kept: entries missing at random, with time, on bad days and in gaps; doses taken."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from n1trial.arrays import Floats
from n1trial.diary.file.scores import WEEK_DAYS, Scores
from n1trial.study.calibration.noise import DiaryEntries

SHORTEST_GAP = 3
"""Missing days in a row from which on they may be a gap: a holiday rather than days forgotten one by one."""
UNLIKELY = 0.05
PARTS = 4
"""Parts of a diary, between which the share of missing entries may differ."""
MISSING: Floats = np.concatenate([[0.002, 0.005], np.arange(0.01, 0.3, 0.01), np.arange(0.3, 0.96, 0.05)])
CHANGE_OF_LOG_ODDS: Floats = np.linspace(-3.0, 3.0, 9)
USUAL_CHANGE = 1.5
"""Growth of missingness over the whole diary, in log odds: nodes, and SD of its normal prior."""
WHEN_WORSE: Floats = np.linspace(-1.5, 1.5, 9)
USUAL_WHEN_WORSE = 0.75
"""Log odds of missing per SD worse: nodes, and SD of their normal prior."""
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(7)
FEWEST_MISSING, FEWEST_DAYS = 10, 56
"""From which on it can be asked how missing entries depend on time and on bad days."""
SATURDAY = 5


@dataclass(frozen=True)
class Gaps:
    """Gaps of a diary: how often in 30 days, how long on average, and which days are within one."""

    count: int
    days: int
    lengths: tuple[int, ...]
    is_gap: NDArray[np.bool_]

    def per_month(self, share: float) -> float:
        """Return a quantile of how often they come."""
        return float(stats.gamma.ppf(share, self.count + 0.5)) * 30 / self.days


def gaps(is_missing: NDArray[np.bool_]) -> Gaps:
    """Find gaps: long runs of missing days, where there are more of them than chance would make.

    Parameters
    ----------
    is_missing : ndarray of bool, shape (day,)
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_missing, [False]]).astype(np.int8)))
    runs = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if end - start >= SHORTEST_GAP]
    is_gap = np.zeros(is_missing.size, dtype=np.bool_)
    for start, end in runs:
        is_gap[start:end] = True
    by_chance = sum(_runs_by_chance(part) for part in np.array_split(is_missing, PARTS))
    if not runs or stats.poisson.sf(len(runs) - 1, by_chance) > UNLIKELY:
        return Gaps(0, is_missing.size, (), np.zeros_like(is_gap))
    return Gaps(len(runs), is_missing.size, tuple(int(end - start) for start, end in runs), is_gap)


def _runs_by_chance(is_missing: NDArray[np.bool_]) -> float:
    """Count long runs to expect without gaps, by how often a day is missing after an entry; gaps hardly change it."""
    after_entry = is_missing[1:][~is_missing[:-1]]
    return after_entry.size * float(after_entry.mean()) ** SHORTEST_GAP if after_entry.size else 0.0


@dataclass(frozen=True, eq=False)
class Missingness:
    """Posterior of the chance that an entry is missing: nodes and their probabilities.

    Attributes
    ----------
    missing, growth, when_worse : ndarray of float, shape (node,)
        Chance on day 0 at the usual level; log odds a week; log odds per SD worse.
    weight : ndarray of float, shape (node,)
    """

    missing: Floats
    growth: Floats
    when_worse: Floats
    weight: Floats

    def quantiles(self, name: str, shares: tuple[float, ...]) -> list[float]:
        """Return quantiles of one of them, straight lines between its nodes."""
        values = getattr(self, name)
        nodes = np.unique(values)
        mass = np.array([self.weight[values == node].sum() for node in nodes])
        middle = np.cumsum(mass) - mass / 2
        return [float(np.interp(share, middle, nodes)) for share in shares]


def missingness(
    is_missing: NDArray[np.bool_], week: Floats, worse: Floats, unsure: Floats,
    growth: Floats | None = None, when_worse: Floats | None = None,
) -> Missingness:  # fmt: skip
    """Find how the chance of a missing entry goes with time and with bad days.

    Parameters
    ----------
    is_missing : ndarray of bool, shape (day,)
        Days within gaps left out.
    week : ndarray of float, shape (day,)
        Time since day 0.
    worse, unsure : ndarray of float, shape (day,)
        How much worse than usual each day was, in daily SDs, and how unsure that is: SD, 0 on days with an entry.
    growth, when_worse : ndarray of float, optional
        Values to consider; by default all that are believable.
    """
    span = max(float(np.ptp(week)), 1.0)
    growths = CHANGE_OF_LOG_ODDS / span if growth is None else growth
    worses = WHEN_WORSE if when_worse is None else when_worse
    nodes = [grid.ravel() for grid in np.meshgrid(MISSING, growths, worses, indexing="ij")]
    log_weight = np.log(np.gradient(MISSING)).repeat(growths.size * worses.size)
    log_weight -= 0.5 * (nodes[1] * span / USUAL_CHANGE) ** 2 + 0.5 * (nodes[2] / USUAL_WHEN_WORSE) ** 2
    at_start = (MISSING / (1 - MISSING))[:, np.newaxis, np.newaxis, np.newaxis]

    def odds(at: NDArray[np.bool_], worse: Floats) -> Floats:
        """Return odds of a missing entry on some days, shape (missing, growth, when worse, day)."""
        with_time = np.exp(growths[:, np.newaxis, np.newaxis] * week[at])
        found: Floats = at_start * (with_time * np.exp(worses[:, np.newaxis] * worse))
        return found

    written = ~is_missing
    log_weight -= np.log1p(odds(written, worse[written])).sum(axis=-1).ravel()
    chance = np.zeros((log_weight.size, int(is_missing.sum())))
    for node, weight in zip(NODES, WEIGHTS / math.sqrt(2 * math.pi), strict=True):
        at = odds(is_missing, worse[is_missing] + node * unsure[is_missing]).reshape(chance.shape)
        chance += weight * at / (1 + at)
    log_weight += np.log(chance).sum(axis=1)
    weight = np.exp(log_weight - log_weight.max())
    return Missingness(nodes[0], nodes[1], nodes[2], weight / weight.sum())


def foretold(
    day: NDArray[np.int64], diary: DiaryEntries, shifts: Floats, residual: Floats, autocorrelation: float,
    white: float, shift: float,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Say how far each day was from its terms, as far as the entries tell: mean, and SD in SDs within stretches.

    Parameters
    ----------
    day : ndarray of int, shape (day,)
    diary : DiaryEntries
    shifts : ndarray of float, shape (day, column)
        Those of `diary`, on all days.
    residual : ndarray of float, shape (entry,)
        Entries less their terms, in SDs within stretches.
    autocorrelation, white, shift : float
        As of a `NoisePosterior`.

    Returns
    -------
    tuple of ndarray of float, shape (day,)
    """

    def covariance(one: NDArray[np.int64], other: NDArray[np.int64], shared: Floats) -> Floats:
        apart = np.abs(one[:, np.newaxis] - other).astype(np.float64)
        found: Floats = (1 - white) * autocorrelation**apart + shift**2 * shared
        return found

    entries = covariance(diary.day, diary.day, diary.shifts @ diary.shifts.T)
    across = covariance(day, diary.day, shifts @ diary.shifts.T)
    weights = np.linalg.solve(entries + max(white, 1e-6) * np.eye(diary.day.size), across.T).T
    own = (1 - white) + shift**2 * (shifts**2).sum(axis=1)
    variance = own - (weights * across).sum(axis=1)
    return weights @ residual, np.sqrt(np.clip(variance, 0.0, None))


@dataclass(frozen=True)
class Doses:
    """Doses taken and due, by part of the week where it is known."""

    count: int
    due: int
    taken_at_weekends: int
    due_at_weekends: int

    def share(self, quantile: float) -> float:
        """Return a quantile of the share taken."""
        return float(stats.beta.ppf(quantile, self.count + 0.5, self.due - self.count + 0.5))

    def weekend_drop(self) -> tuple[float, float, float]:
        """Say how much lower the share is at weekends: estimate and the ends of 9 in 10."""
        week, due = self.count - self.taken_at_weekends, self.due - self.due_at_weekends
        shares = [
            (count + 0.5) / (of + 1) for count, of in ((week, due), (self.taken_at_weekends, self.due_at_weekends))
        ]
        spread = math.sqrt(
            sum(p * (1 - p) / (of + 2) for p, of in zip(shares, (due, self.due_at_weekends), strict=True))
        )
        drop = shares[0] - shares[1]
        return drop, drop - 1.645 * spread, drop + 1.645 * spread


def doses(scores: Scores, every_days: int) -> Doses:
    """Count the doses that are written about, on blinded days up to the last entry on which one is due."""
    last = scores.day[np.flatnonzero(scores.is_entry)[-1]]
    is_due = (scores.day >= 0) & (scores.day <= last) & (scores.day % every_days == 0) & ~np.isnan(scores.doses)
    weekday = (scores.day + (scores.weekday_of_day_0 or 0)) % WEEK_DAYS
    at_weekends = is_due & (weekday >= SATURDAY) & (scores.weekday_of_day_0 is not None)
    taken = scores.doses == 1
    return Doses(
        int((taken & is_due).sum()), int(is_due.sum()), int((taken & at_weekends).sum()), int(at_weekends.sum())
    )
