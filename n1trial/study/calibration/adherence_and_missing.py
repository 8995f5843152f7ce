"""What a diary says of how it was kept, key by key."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Floats
from n1trial.diary.file.scores import Scores
from n1trial.scenario.scenario import Scenario
from n1trial.study.calibration import conduct
from n1trial.study.calibration.conduct import Gaps, Missingness
from n1trial.study.calibration.finding import HIGH, LOW, MIDDLE, NumberFinding, as_range, as_stated, from_diary
from n1trial.study.calibration.within_patient_noise import NoiseFit
from n1trial.study.calibration.wording import word

MISSING, GROWTH, WHEN_WORSE = "conduct.missing", "conduct.missing_growth_per_week", "conduct.missing_when_worse"
GAPS, GAP_DAYS = "conduct.gaps_per_month", "conduct.gap_days"
ADHERENCE, WEEKEND = "conduct.adherence", "conduct.adherence_weekend_drop"
SHARES = (MIDDLE, LOW, HIGH)
WIDE = 0.2
"""Width of the interval of a share from which on it is unsettled."""
FEWEST_DOSES = 7


def find_keeping(scores: Scores, fit: NoiseFit, scenario: Scenario) -> list[NumberFinding]:
    """Find what a diary says of missing entries and of doses taken.

    Parameters
    ----------
    scores : Scores
        Days after the last entry are left out: the diary was ended, and no entries are missing.
    fit : NoiseFit
        Which tells how bad a day without an entry will have been.
    scenario : Scenario
        States what the diary cannot tell.
    """
    last = np.flatnonzero(scores.is_entry)[-1]
    is_blinded = (scores.day >= 0) & (scores.day <= scores.day[last])
    if is_blinded.sum() >= conduct.FEWEST_DAYS:
        return [*_find_missing(scores, fit, scenario, is_blinded), *_doses(scores, scenario)]
    return [_missing_in_short(scores, scenario, int(last) + 1), *_doses(scores, scenario)]


def _missing_in_short(scores: Scores, scenario: Scenario, days: int) -> NumberFinding:
    """Find missing entries of a run-in or of a few weeks, which are kept better than the months that follow."""
    is_missing, stated = ~scores.is_entry[:days], scenario.conduct.missing
    nothing = np.zeros(days)
    alone = np.zeros(1)
    found = _three(conduct.missingness(is_missing, nothing, nothing, nothing, alone, alone), "missing")
    note = word("short_diary", missing=int(is_missing.sum()), days=days)
    return as_range(MISSING, found, stated, note, (min(found[1], stated), max(found[2], stated)))


def _find_missing(scores: Scores, fit: NoiseFit, scenario: Scenario, at: NDArray[np.bool_]) -> list[NumberFinding]:
    """Find missing entries: in gaps, with time, on bad days, and else."""
    stated, is_missing = scenario.conduct, ~scores.is_entry[at]
    found = conduct.gaps(is_missing)
    counted = ~found.is_gap
    days, week = scores.day[at][counted], scores.day[at][counted] / 7
    worse, unsure = (values[at][counted] for values in _how_bad(scores, fit, scenario))
    missing, lost = is_missing[counted], int(is_missing[counted].sum())
    note = word("outside_gaps", missing=lost, days=days.size)
    findings, growth, when_worse = [], stated.missing_growth_per_week, stated.missing_when_worse
    fixed: list[Floats | None] = [np.array([growth]), np.array([when_worse])]
    if lost >= conduct.FEWEST_MISSING:
        whole = conduct.missingness(missing, week, worse, unsure)
        for place, (key, name, value) in enumerate(
            ((GROWTH, "growth", growth), (WHEN_WORSE, "when_worse", when_worse))
        ):
            three = _three(whole, name)
            is_told = not three[1] <= value <= three[2]
            findings.append(from_diary(key, three, note) if is_told else as_stated(key, value, note, three))
            if is_told:
                fixed[place] = None
    share = _three(conduct.missingness(missing, week, worse, unsure, *fixed), "missing")
    is_told = share[2] - share[1] <= WIDE
    first = from_diary(MISSING, share, note) if is_told else as_range(MISSING, share, stated.missing, note)
    return [first, *findings, *_gaps(found)]


def _gaps(gaps: Gaps) -> list[NumberFinding]:
    often = (
        gaps.count * 30 / gaps.days,
        gaps.per_month(LOW) if gaps.count else 0.0,
        gaps.per_month(HIGH),
    )
    if not gaps.count:
        return [from_diary(GAPS, often, word("no_gap", shortest=conduct.SHORTEST_GAP))]
    length = float(np.mean(gaps.lengths))
    spread = np.exp(1.645 / np.sqrt(gaps.count))
    note = word("gaps", lengths=", ".join(map(str, gaps.lengths)))
    return [
        from_diary(GAPS, often, note),
        from_diary(GAP_DAYS, (length, max(length / spread, 1.0), length * spread), note),
    ]


def _how_bad(scores: Scores, fit: NoiseFit, scenario: Scenario) -> tuple[Floats, Floats]:
    """Say how much worse than baseline each day was, in daily SDs, and how unsure that is where nothing is written."""
    chosen, terms = fit.posterior, np.stack(list(fit.level.terms.values()), axis=1)
    kept_points = sum(fit.level.offsets.values(), np.zeros(scores.day.size))
    weight = chosen.weight
    coefficients = weight @ chosen.coefficients
    sd, daily = float(np.median(fit.sd)), float(np.median(fit.sd * np.sqrt(1 - fit.draws["white"])))
    usual = float(coefficients[0])
    expected = terms @ coefficients
    residual = (fit.entries.score - fit.entries.terms @ coefficients) / sd
    mean, unsure = conduct.foretold(
        scores.day, fit.entries, fit.level.shifts, residual,
        *(float(weight @ values) for values in (chosen.autocorrelation, chosen.white, chosen.shift)),
    )  # fmt: skip
    latent = np.where(scores.is_entry, scores.score, expected + kept_points + sd * mean)
    worse = scenario.sign * (latent - usual) / daily
    return worse, np.where(scores.is_entry, 0.0, unsure * sd / daily)


def _doses(scores: Scores, scenario: Scenario) -> list[NumberFinding]:
    """Find doses taken, where enough is written about them."""
    counted, stated = conduct.doses(scores, scenario.treatment.every_days), scenario.conduct
    if counted.due < FEWEST_DOSES:
        return []
    note = word("doses", taken=counted.count, due=counted.due)
    drop = stated.adherence_weekend_drop
    findings = []
    if min(counted.due_at_weekends, counted.due - counted.due_at_weekends) >= FEWEST_DOSES:
        found = counted.weekend_drop()
        is_told = not found[1] <= drop <= found[2] and found[0] > 0
        findings.append(from_diary(WEEKEND, found, note) if is_told else as_stated(WEEKEND, drop, note, found))
        drop = findings[0].value
    share = counted.due_at_weekends / counted.due
    low, middle, high = (min(counted.share(q) + drop * share, 1.0) for q in (LOW, MIDDLE, HIGH))
    first = (middle, low, high)
    adherence = from_diary(ADHERENCE, first, note) if high - low <= WIDE else as_range(
        ADHERENCE, first, stated.adherence, note)  # fmt: skip
    return [adherence, *findings]


def _three(missingness: Missingness, name: str) -> tuple[float, float, float]:
    middle, low, high = missingness.quantiles(name, SHARES)
    return middle, low, high
