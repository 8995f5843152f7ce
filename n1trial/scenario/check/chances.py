"""Chances that follow from a scenario without simulating: too few entries in a period, scores beyond the scale."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from n1trial.scenario.model.tables import Tables


def chance_of_too_few(scenario: Tables) -> float:
    """Return the chance that a shortest period has fewer entries than it needs to count.

    Entries are missing as planned: at random, more (or less) with time, and in gaps; what is filled in later counts.
    That more are missing on bad days, and dropout, is left out.

    Parameters
    ----------
    scenario : Tables
        A crossover.

    Returns
    -------
    float
        Of the first or the last period, whichever is worse; 0 to 1.
    """
    layout, analysis = scenario.layout(), scenario.analysis
    days = np.arange(analysis.discard_days, layout.shortest_period_days)
    last = layout.treated_days - layout.shortest_period_days
    return max(_chance_below(analysis.minimum_days, scenario, days + start) for start in (0, last))


def share_beyond(scenario: Tables, effect: float) -> dict[float, float]:
    """Return the share of scores beyond either end of the scale, late in the trial and with an effect fully built up.

    Parameters
    ----------
    scenario : Tables
        Any scenario.
    effect : float
        The effect, in points.

    Returns
    -------
    dict of float to float
        Share, 0 to 1, by end of the scale.
    """
    patient, (low, high) = scenario.patient, scenario.outcome.scale
    belief = 2.0 if scenario.design.layout == "open-label" else 1.0
    response = 0.0 if scenario.placebo.fade_days else belief * scenario.placebo.response
    triggers = sum(trigger.effect * trigger.days_per_week / 7 for trigger in scenario.trigger)
    trend = patient.trend_per_week * scenario.layout().treated_days / 7
    mean = patient.baseline + effect + response + triggers + trend
    sd = math.hypot(patient.daily_sd, patient.diary_sd, patient.period_sd, belief * scenario.placebo.response_sd)
    return {low: _normal_tail(mean - low, sd), high: _normal_tail(high - mean, sd)}


def _chance_below(least: int, scenario: Tables, days: NDArray[np.int64]) -> float:
    """Compute the chance of too few entries on some days, by following how many there are, in a gap and not."""
    conduct = scenario.conduct
    start = conduct.gaps_per_month / 30
    stay = 1 - (1 - start) / conduct.gap_days
    # A gap follows a gap with chance `stay`, and any other day with chance `start`: so much time is spent in gaps.
    within = start / (start + 1 - stay) if start > 0 else 0.0
    written = np.zeros((2, days.size + 1))
    written[0, 0], written[1, 0] = 1 - within, within
    for lost in _chance_lost(scenario, days):
        for is_gap, missing in ((0, lost), (1, 1.0)):
            unwritten = missing * (1 - conduct.backfilled)
            more = written[is_gap, :-1] * (1 - unwritten)
            written[is_gap] *= unwritten
            written[is_gap, 1:] += more
        free, gap = written
        written = np.stack([free * (1 - start) + gap * (1 - stay), free * start + gap * stay])
    return float(written[:, :least].sum())


def _chance_lost(scenario: Tables, days: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the chance that an entry outside of gaps is lost, for each day."""
    conduct = scenario.conduct
    if conduct.missing == 0:
        return np.zeros(days.size)
    odds = math.log(conduct.missing / (1 - conduct.missing)) + conduct.missing_growth_per_week * days / 7
    chance: NDArray[np.float64] = 0.5 * (1 + np.tanh(odds / 2))
    return chance


def _normal_tail(distance: float, sd: float) -> float:
    """Return the chance of falling below the mean by more than a distance."""
    if sd == 0:
        return float(distance < 0)
    return 0.5 * math.erfc(distance / sd / math.sqrt(2))
